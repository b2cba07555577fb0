"""Keeps a window's journal, and offers what windows that were killed left behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.jobs import Job, Report, Stop
from lossacc_gui.session.journal import Journal
from lossacc_gui.session.recovery import Lost, Restored, find, load, replay, restore
from lossacc_gui.session.ruling import Ruling
from lossacc_gui.ui.notices import Answer, Notices
from lossacc_gui.ui.saving import Saving

FOUND, UNWRITTEN = "found", "unwritten"
RESTORE = Answer("restore", "Restore", "Put the steps back as they were; nothing is saved by that")
DISCARD = Answer("discard", "Discard", "Remove what was found for good")
LATER = Answer("later", "Later", "Ask again at the next start")
AGAIN = Answer("again", "Try again", "Begin a new journal with what is here now")


@dataclass(eq=False, slots=True)
class _Coming:
    """What is being restored: made in the worker's thread, beside a document of this revision."""

    lost: Lost
    revision: int
    restored: Restored | None = None

    def end(self) -> None:
        """Let go of what was made of it."""
        if self.restored is not None:
            self.restored.document.close()


class Recovering(QObject):
    """The journal of one window. Made for a window somebody works in, not for a picture of one."""

    restored = Signal(str)
    """What was put back, in a sentence."""
    refused = Signal(str)
    """Why it was not."""

    def __init__(
        self, document: Document, focus: Focus, ruling: Ruling, saving: Saving, notices: Notices, root: Path
    ) -> None:
        super().__init__(document)
        self._document, self._focus, self._saving, self._notices = document, focus, saving, notices
        self._root, self._ruling = root, ruling
        self._found: list[Lost] = []
        self._coming: _Coming | None = None
        notices.answered.connect(self._on_answered)
        document.jobs.emptied.connect(self._on_emptied)
        document.journal = self._journal = Journal(root, document)
        self._journal.failed.connect(self._on_unwritten)
        self._journal.begin(document.state, document.step, clean=document.is_saved)
        focus.moved.connect(self._on_moved)
        self._on_moved()

    def offer(self) -> None:
        """Look for what was left behind, and offer the newest of it."""
        self._found = find(self._root)
        self._offer_next()

    def end(self) -> None:
        """Leave what was not answered for another time."""
        self._take_back()
        for lost in self._found:
            lost.release()
        self._found = []

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
            document = self._document
            self._journal.begin(document.state, document.step, clean=document.is_saved)
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
        """Do all steps again in the background, beside what is here, which then gives way to them."""
        self._take_back()
        coming = self._coming = _Coming(lost, self._document.revision)
        here = self.thread()

        def work(report: Report, stop: Stop) -> None:
            steps = load(lost, lambda share: report(share / 2), stop)
            coming.restored = replay(steps, lambda share: report((1 + share) / 2), stop)
            coming.restored.document.moveToThread(here)

        title = f"Restoring {lost.name}"
        self._document.jobs.submit(
            Job("open", title, work, self._on_restored, self._on_failed), overtake=True
        )

    def _on_restored(self, _nothing: None) -> None:
        coming, self._coming = self._coming, None
        assert coming is not None
        if self._document.revision != coming.revision and not self._saving.may_discard():
            self._coming = coming  # somebody went on working here meanwhile; what was found is offered again
            return
        lost, found = coming.lost, coming.restored
        assert found is not None
        restore(self._document, lost, found)
        whole = not found.left and not lost.damaged
        said = f"“{lost.name}” is back {'as it was' if whole else 'as far as it could be read'}"
        said += "." if self._document.is_saved else "; it is not saved yet."
        if earlier := [f"“{name}”" for name in lost.edited if name != lost.name]:
            said += f" Ctrl+Z goes back to {' and '.join(earlier)}, with unsaved changes."
        said += " Sorting, filters and the current cell are not brought back."
        self.restored.emit(said)
        self._ruling.restore(found.rules)

    def _on_failed(self, error: Exception) -> None:
        coming, self._coming = self._coming, None
        if coming is not None:
            coming.end()
            coming.lost.release()
        if not isinstance(error, Refusal):
            raise error  # a bug: the error dialog says so
        self.refused.emit(f"{error}.")

    def _on_emptied(self) -> None:
        """What was cancelled is still there: offer it again."""
        if self._take_back():
            self._offer_next()

    def _take_back(self) -> bool:
        """Count what was to be restored, and was not, among what was found; whether there was such."""
        coming, self._coming = self._coming, None
        if coming is None:
            return False
        coming.end()
        self._found.insert(0, coming.lost)
        return True

    def _on_moved(self) -> None:
        self._journal.ruled(self._focus.rule.value)

    def _on_unwritten(self, why: str) -> None:
        text = f"Edits are not being recorded ({why}). Go on working, and save soon."
        self._notices.tell(UNWRITTEN, text, AGAIN)
