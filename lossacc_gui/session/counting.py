"""Adds up the rows outside the page that is looked at, page by page, while one goes on working."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from lossacc_gui import files
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.page import Page
from lossacc_gui.core.paging import tallies
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State
from lossacc_gui.core.tally import Tally
from lossacc_gui.session.ground import firm
from lossacc_gui.session.jobs import Job, Jobs, Report, Stop

TOLD_MS = 200
"""What has been counted is told no more often than this."""


class Counting(QObject):
    """The tally of all pages but the one that is looked at, as far as it is known.

    A page's rows change only while it is looked at. So a page that was counted stays true until it is
    looked at, which takes it out, and what a worker counted of a page that was looked at since is dropped.
    """

    told = Signal()
    """More is counted, or all."""
    failed = Signal(str)
    """Why counting ended before its time."""
    _arrived = Signal(int, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = Jobs(self)
        self.rest = Tally()
        self._page: Page | None = None
        self._counted: NDArray[np.bool_] = np.empty(0, bool)
        self._run = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOLD_MS)
        self._timer.timeout.connect(self.told)
        self._arrived.connect(self._on_arrived)

    @property
    def done(self) -> bool:
        """Whether every row is counted."""
        return self._page is None or self._left == 0

    @property
    def share(self) -> float:
        """The share of the rows that is counted, 0 to 1; those looked at always are."""
        return 1.0 if self._page is None else 1 - self._left / len(self._counted)

    def begin(self, state: State, epoch: int) -> None:
        """Count anew, under the state's convention; nothing where the state has no pages."""
        self.jobs.cancel()
        self._run += 1
        self.rest, self._page = Tally(), state.page
        if state.page is None:
            return
        self._counted = np.zeros(state.page.count, bool)
        self.go_on(state, epoch)

    def go_on(self, state: State, epoch: int) -> None:
        """Count what is not counted yet."""
        page, run = state.page, self._run
        if page is None or self.done:
            return
        convention, held = state.convention, replace(state)
        left = np.flatnonzero(~self._counted)
        missing = left[left != page.number].tolist()

        def work(report: Report, stop: Stop) -> None:
            each = tallies(page, convention, epoch, missing, firm(held, stop))
            for done, (number, tally) in enumerate(each, 1):
                self._arrived.emit(run, number, tally)
                first = number * page.size
                files.let_go(page.all.probs[epoch, first : first + page.size])
                report(done / len(missing))

        title = f"Counting {page.all.rows:,} rows"
        job = Job("count", title, work, self._on_done, self._on_failed, size=len(missing) * page.size)
        self.jobs.submit(job, overtake=True)

    def turned(self, page: Page, left: Evaluation, entered: Evaluation) -> None:
        """Another page is looked at from now on: what is left is counted as it is now."""
        assert self._page is not None
        self.rest += left.tally
        self._counted[self._page.number] = True
        if self._counted[page.number]:
            self.rest -= entered.tally
            self._counted[page.number] = False
        self._page = page

    @property
    def _left(self) -> int:
        """How many pages are neither counted nor looked at."""
        return int(np.count_nonzero(~self._counted)) - 1

    @Slot(int, int, object)
    def _on_arrived(self, run: int, number: int, tally: Tally) -> None:
        page = self._page
        if run != self._run or page is None or number == page.number or self._counted[number]:
            return
        self.rest += tally
        self._counted[number] = True
        if not self._timer.isActive():
            self._timer.start()

    def _on_done(self, _: Any) -> None:
        self._timer.stop()
        self.told.emit()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, Refusal):
            raise error  # a bug: the error dialog says so
        self.failed.emit(str(error))
