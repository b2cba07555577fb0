"""Notices that the file somebody works on was changed by another program, and offers to reload it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from lossacc_gui import files
from lossacc_gui.session.document import Document
from lossacc_gui.ui.notices import DISMISS, Answer, Notices
from lossacc_gui.ui.opening import Opening

CHANGED = "changed"
LOOK_MS = 1000
"""A look costs one question to the system; watchers of the system itself miss network disks."""

RELOAD = Answer("reload", "Reload", "Read the file again; undo brings back what was here (F5)")


class Watching(QObject):
    """Looks at the file of one window now and then."""

    def __init__(self, document: Document, opening: Opening, notices: Notices) -> None:
        super().__init__(document)
        self._document, self._opening, self._notices = document, opening, notices
        self._seen: tuple[str, files.Stamp] = ("", ())
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        document.shaken.connect(self.look)
        notices.answered.connect(self._on_answered)

    def start(self) -> None:
        """Look once a second from now on."""
        self._timer.start()

    def end(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Look whether the file is as it was when it was read or written, and say so once if it is not."""
        firm = self._document.look_at_ground()
        source = self._document.state.source
        now = files.stamp_of(source.path) if source.path and source.stamp else source.stamp
        if firm and (now == source.stamp or self._document.jobs.is_busy()):
            if now == source.stamp:
                self._notices.drop(CHANGED)
            return
        if self._seen == (source.path, now):
            return
        self._seen = (source.path, now)
        if not firm:
            text = (
                f"“{Path(source.home).name}” was written to by another program: numbers of both versions may "
                "stand here. Save them elsewhere, or reload."
            )
            self._notices.tell(CHANGED, text, RELOAD)
            return
        if not now:
            text = f"“{source.name}” is gone from the disk. What is here can be saved again."
            self._notices.tell(CHANGED, text, DISMISS)
            return
        text = f"“{source.name}” was changed by another program."
        self._notices.tell(CHANGED, text, RELOAD, DISMISS)

    def _on_answered(self, key: str, answer: str) -> None:
        if key == CHANGED and answer == RELOAD.key:
            self._seen = ("", ())  # whoever stays with what is there is told again
            self._opening.reload()
