"""Says below the grid what looks odd about a file that was opened, and puts it right when asked."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from lossacc_gui.core.change import Change
from lossacc_gui.core.detective import Finding, findings
from lossacc_gui.core.edits import ALL
from lossacc_gui.session.document import JOB_CELLS, Document
from lossacc_gui.session.jobs import Job, Jobs, Report, Stop
from lossacc_gui.ui.editing import Editing
from lossacc_gui.ui.grid import Grid
from lossacc_gui.ui.notices import DISMISS, LOW_PIXELS, Answer, Notices
from lossacc_gui.ui.opening import Opening

AT_ONCE = 2
"""Findings shown together, one in a low window; the grid needs its room."""

LOOK_MS = 400
"""After an edit one looks again when so long no other has come."""

LOOK_CELLS = JOB_CELLS // 2
"""Looking through more cells than this is a job."""

FIX, MORE = "fix", "more"


class Detecting(QObject):
    """The findings of one window. Looks again after each edit.

    What only an edit of some cells has made odd is not told: who types a row cell by cell has its sum off until the
    last of them, and a line that came and went would move the grid each time. The grid's check column says it.
    """

    def __init__(
        self, document: Document, editing: Editing, notices: Notices, grid: Grid, jobs: Jobs
    ) -> None:
        super().__init__(document)
        self._document, self._editing, self._notices = document, editing, notices
        self._grid, self._jobs = grid, jobs
        self._found: tuple[Finding, ...] = ()
        self._dismissed: set[str] = set()
        self._held: set[str] = set()
        """The keys of what was odd before anybody typed."""
        self._typed = False
        self._told: list[tuple[str, str, int]] = []
        self._watching = self._all = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        document.changed.connect(self._on_changed)
        notices.answered.connect(self._on_answered)

    def listen(self, opening: Opening) -> None:
        """Look at each file that is opened from now on."""
        opening.opened.connect(self._on_opened)

    def _on_opened(self) -> None:
        self._watching, self._all, self._typed = True, False, False
        self._dismissed.clear()
        self._look()

    def _on_changed(self, change: Change) -> None:
        if change.source:  # a lesson or a new matrix; a file is looked at when it says that it is open
            self._watching = False
            self._show(())
        elif self._watching and (change.rows is ALL or change.convention):
            self._typed = False
            if self._takes_long:  # what was found is of what is no more
                self._hide()
            self._look()
        elif self._watching:
            self._typed = True
            self._timer.start()

    @property
    def _takes_long(self) -> bool:
        return bool(self._document.state.predictions.probs[0].size > LOOK_CELLS)

    def _look(self) -> None:
        self._timer.stop()
        if not self._watching:
            return
        evaluation = self._document.evaluation
        if not self._takes_long:
            self._show(findings(evaluation))
            return

        def work(_report: Report, stop: Stop) -> tuple[Finding, ...]:
            return findings(evaluation, stop)

        done = partial(self._on_looked, self._document.revision)
        self._jobs.submit(Job("detect", "Looking for oddities", work, done, self._on_failed), overtake=True)

    def _on_looked(self, revision: int, found: tuple[Finding, ...]) -> None:
        if not self._watching:
            return
        if revision == self._document.revision:
            self._show(found)
        else:  # edited meanwhile: what was seen may be of neither state
            self._timer.start()

    def _on_failed(self, error: Exception) -> None:
        raise error  # a bug: the error dialog says so

    def _show(self, found: tuple[Finding, ...]) -> None:
        if not self._typed:
            self._held = {one.key for one in found}
        self._found = found
        waiting = [one for one in found if one.key in self._held - self._dismissed]
        low = self._notices.window().height() < LOW_PIXELS
        shown = waiting if self._all else waiting[: 1 if low else AT_ONCE]
        page = self._document.state.page  # nobody has looked at the others
        where = f"In {page.title()}: " if page else ""
        told = [(_key(one), where + one.text, len(waiting)) for one in shown]
        if told == self._told:  # nothing flickers while one edits
            return
        self._hide()
        self._told = told
        for one in shown:
            answers = [Answer(FIX, one.does, "Do this as one step; it can be undone")] if one.edit else []
            if one is shown[-1] and (left := len(waiting) - len(shown)):
                answers.append(Answer(MORE, f"{left} more", "Show all that looks odd"))
            self._notices.tell(_key(one), where + one.text, *answers, DISMISS)

    def _hide(self) -> None:
        for key, *_ in self._told:
            self._notices.drop(key)
        self._told = []

    def _on_answered(self, key: str, answer: str) -> None:
        for one in self._found:
            if _key(one) != key:
                continue
            self._told = [told for told in self._told if told[0] != key]  # the answer took its notice away
            if answer == MORE:
                self._all = True
            elif answer == DISMISS.key:
                self._dismissed.add(one.key)
            self._show(self._found)
            if answer == FIX and one.edit is not None:
                self._editing.do(one.edit(self._document.state.convention), one.does)
            self._grid.take_keyboard()
            return


def _key(one: Finding) -> str:
    return f"finding {one.key}"
