"""A log that stays small, in the program's own folder."""

from __future__ import annotations

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QStandardPaths

NAME = "lossacc-gui.log"
MOST_BYTES, KEPT = 500_000, 2
"""A log of this size is put aside, and so many of those are kept."""

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _Quiet(RotatingFileHandler):
    """Leaves out a line that cannot be written: a full disk is no reason to say more."""

    def handleError(self, _record: logging.LogRecord) -> None:
        """As logging asks for it."""


def path_of_log() -> Path:
    """Where the log is, whether there is one yet or not."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(place) / NAME


def start_log(path: Path) -> logging.Handler | None:
    """Write what the program logs there from now on; None where nothing can be written."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _Quiet(path, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8")
        handler.setFormatter(logging.Formatter(LINE))
        program = logging.getLogger("lossacc_gui")
        program.setLevel(logging.INFO)
        program.addHandler(handler)
        return handler
    return None


def end_log(handler: logging.Handler | None) -> None:
    """Write no more."""
    if handler is not None:
        logging.getLogger("lossacc_gui").removeHandler(handler)
        handler.close()


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a log; none where there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    except OSError:
        return []
