"""What helps to find a fault, as text: versions, shapes and the end of the log, and nothing of the user's."""

from __future__ import annotations

import platform
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from lossacc_gui import __version__
from lossacc_gui.core.paging import every_row
from lossacc_gui.core.state import State
from lossacc_gui.session.document import Document

LOG_LINES = 60

_KIND = re.compile(r"^([\w.]+)(?=: |$)")
_STACK = re.compile(r'^(Traceback |  File "|    )')
_DATED = re.compile(r"^\d{4}-\d\d-\d\d \d\d:")
_PLACE = re.compile(r'File "[^"]*?([^"/\\]+)"')
_PATH = re.compile(r"(?:[A-Za-z]:)?[/\\](?:[^\s'\"“”:;,]+[/\\])+[^\s'\"“”:;,]*")


def diagnostics(document: Document, log: Sequence[str]) -> str:
    """The text; ``log`` are lines of the log, of which nothing is told that may be the user's."""
    return "\n".join([*_versions(), *_shapes(document), "log:", *(f"  {line}" for line in harmless(log))])


def harmless(lines: Sequence[str]) -> list[str]:
    """Lines of a log without the names of folders and files, and without what an error said of a value."""
    return [shown for line in lines if (shown := _harmless(line))]


def _harmless(line: str) -> str:
    """A line of ours or of a stack without paths; of what an error said, its kind; of anything else, nothing."""
    if _DATED.match(line) or _STACK.match(line):
        return _PATH.sub("<path>", _PLACE.sub(r'File "\1"', line))
    kind = _KIND.match(line)
    return f"{kind[1]}: …" if kind else ""


def _versions() -> list[str]:
    scale = "".join(f", scale {screen.devicePixelRatio():g}" for screen in QGuiApplication.screens())
    return [
        f"lossacc_gui {__version__}, Python {platform.python_version()}, NumPy {np.__version__}",
        f"PySide6 {PySide6.__version__}, Qt {qVersion()} on {QGuiApplication.platformName()}{scale}",
        platform.platform(),
    ]


def _shapes(document: Document) -> list[str]:
    state, journal = document.state, document.journal
    held = every_row(state)
    convention = ", ".join((state.convention.key, *state.convention.extras))
    weights = "" if held.weights is None else ", with sample weights"
    recording = "not recorded" if journal is None else "recorded" if journal.works else "cannot be recorded"
    return [
        f"predictions: {held.epochs} × {held.rows} × {held.classes} {held.probs.dtype}{weights}{_file(state)}",
        f"labelled: {document.evaluation.tally.rows}, epoch {document.epoch + 1}",
        f"convention: {convention}, rows {state.convention.rows}",
        f"steps: {document.step} of {document.stack.count()}, {recording}",
    ]


def _file(state: State) -> str:
    """What kind of file they are from; never its name."""
    kind = "".join(Path(state.source.path).suffixes[-2:]) if state.source.path else "no file"
    kind = kind if re.fullmatch(r"no file|(\.[a-z0-9]{1,8}){1,2}", kind) else "a file"
    mapped = ", mapped" if state.source.mapped else ""
    page = "" if state.page is None else f", page {state.page.number + 1} of {state.page.count}"
    return f" from {kind}{mapped}{page}"
