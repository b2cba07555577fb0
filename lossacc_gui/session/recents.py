"""The files opened or saved last, remembered between runs."""

from __future__ import annotations

import json
from dataclasses import dataclass

from lossacc_gui.session.settings import Settings

MOST = 9
_KEY = "recent"


@dataclass(frozen=True, slots=True)
class Recent:
    """A file, and the file its labels came from, if that is another."""

    path: str
    labels: str = ""


def recents(settings: Settings) -> list[Recent]:
    """The files, the last one first; whatever the settings file says."""
    try:
        found = json.loads(settings.text(_KEY, "[]"))
    except (ValueError, RecursionError):
        return []
    pairs = found if isinstance(found, list) else []
    return [
        Recent(*pair)
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
    ][:MOST]


def remember(settings: Settings, path: str, labels: str = "") -> None:
    """Put a file at the head of the list, once."""
    others = [recent for recent in recents(settings) if recent.path != path]
    kept = [Recent(path, labels), *others][:MOST]
    settings.put(_KEY, json.dumps([[recent.path, recent.labels] for recent in kept]))
