"""The files opened or saved last, remembered between runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from lossacc_gui.session.settings import Settings

MOST = 9
_KEY = "recent"


@dataclass(frozen=True, slots=True)
class Recent:
    """A file, the file its labels came from, if that is another, and the answers it was read by."""

    path: str
    labels: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def recents(settings: Settings) -> list[Recent]:
    """The files, the last one first; whatever the settings file says."""
    try:
        found = json.loads(settings.text(_KEY, "[]"))
    except (ValueError, RecursionError):
        return []
    entries = found if isinstance(found, list) else []
    return [recent for entry in entries if (recent := _recent(entry)) is not None][:MOST]


def remember(settings: Settings, recent: Recent) -> None:
    """Put a file at the head of the list, once."""
    others = [other for other in recents(settings) if other.path != recent.path]
    kept = [recent, *others][:MOST]
    settings.put(_KEY, json.dumps([[one.path, one.labels, *map(list, one.choices)] for one in kept]))


def _recent(entry: Any) -> Recent | None:
    """An entry: path, labels and any number of answers, each a pair; None for anything else."""
    if not isinstance(entry, list) or not _are_texts(entry[:2], 2):
        return None
    if not all(isinstance(pair, list) and _are_texts(pair, 2) for pair in entry[2:]):
        return None
    return Recent(entry[0], entry[1], tuple((key, value) for key, value in entry[2:]))


def _are_texts(values: list[Any], count: int) -> bool:
    return len(values) == count and all(isinstance(value, str) for value in values)
