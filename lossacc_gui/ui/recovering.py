"""Keeps a window's journal, and offers what windows that were killed left behind."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted
from lossacc_gui.session.document import Document
from lossacc_gui.session.jobs import Job, Report, Stop
from lossacc_gui.session.journal import Journal
from lossacc_gui.session.recovery import Lost, Step, find, load, restore
from lossacc_gui.ui.notices import Answer, Notices
from lossacc_gui.ui.saving import Saving

FOUND, UNWRITTEN = "found", "unwritten"
RESTORE = Answer("restore", "Restore", "Put the steps back as they were; nothing is saved by that")
DISCARD = Answer("discard", "Discard", "Remove what was found for good")
LATER = Answer("later", "Later", "Ask again at the next start")
AGAIN = Answer("again", "Try again", "Begin a new journal with what is here now")


class Recovering(QObject):
    """The journal of one window. Made for a window somebody works in, not for a picture of one."""

    restored = Signal(str)
    """What was put back, in a sentence."""
    refused = Signal(str)
    """Why it was not."""

    def __init__(self, document: Document, saving: Saving, notices: Notices, root: Path) -> None:
        super().__init__(document)
        self._document, self._saving, self._notices, self._root = document, saving, notices, root
        self._found: list[Lost] = []
        self._coming: Lost | None = None
        notices.answered.connect(self._on_answered)
        document.journal = self._journal = Journal(root, document)
        self._journal.failed.connect(self._on_unwritten)
        self._journal.begin(document.state)

    def offer(self) -> None:
        """Look for what was left behind, and offer the newest of it."""
        self._found = find(self._root)
        self._offer_next()

    def end(self) -> None:
        """Leave what was not answered for another time."""
        for lost in (*self._found, *([self._coming] if self._coming else [])):
            lost.release()
        self._found, self._coming = [], None

    def _offer_next(self) -> None:
        if not self._found:
            return
        lost, more = self._found[0], len(self._found) - 1
        when = f"{datetime.fromtimestamp(lost.when):%d %B, %H:%M}"
        names = " and ".join(f"“{name}”" for name in lost.edited or (lost.name,))
        were = "were" if len(lost.edited) > 1 else "was"
        text = f"{names} {were} not closed: {counted(lost.steps, 'unsaved step')}, {when}."
        if more:
            text += f" {more} more after this."
        self._notices.tell(FOUND, text, RESTORE, DISCARD, LATER)

    def _on_answered(self, key: str, answer: str) -> None:
        if key == UNWRITTEN and answer == AGAIN.key:
            self._journal.begin(self._document.state)
        if key != FOUND or not self._found:
            return
        if answer == RESTORE.key and not self._saving.may_discard():
            self._offer_next()  # as it was
            return
        lost = self._found.pop(0)
        if answer == RESTORE.key:
            self._restore(lost)
        elif answer == DISCARD.key:
            lost.discard()
        else:
            lost.release()
        self._offer_next()

    def _restore(self, lost: Lost) -> None:
        def work(report: Report, stop: Stop) -> tuple[Lost, list[Step]]:
            return lost, load(lost, report, stop)

        self._coming = lost
        title = f"Restoring {lost.name}"
        self._document.jobs.submit(Job("open", title, work, self._on_loaded, self._on_failed), overtake=True)

    def _on_loaded(self, result: tuple[Lost, list[Step]]) -> None:
        lost, steps = result
        self._coming = None
        left = restore(self._document, lost, steps)
        said = f"“{lost.name}” is back as it was; it is not saved yet."
        if left or lost.damaged:
            said = f"“{lost.name}” is back as far as it could be read; it is not saved yet."
        if earlier := [f"“{name}”" for name in lost.edited if name != lost.name]:
            said += f" Ctrl+Z goes back to {' and '.join(earlier)}, with unsaved changes."
        self.restored.emit(said)

    def _on_failed(self, error: Exception) -> None:
        if self._coming is not None:
            self._coming.release()
            self._coming = None
        if not isinstance(error, Refusal):
            raise error  # a bug: the error dialog says so
        self.refused.emit(f"{error}.")

    def _on_unwritten(self, why: str) -> None:
        text = f"Edits are not being recorded ({why}). Go on working, and save soon."
        self._notices.tell(UNWRITTEN, text, AGAIN)
