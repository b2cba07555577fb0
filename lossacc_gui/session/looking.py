"""Where one looks: at another epoch or page, which is evaluated in a job where it is large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.page import Page
from lossacc_gui.core.paging import turned
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.session.ground import firm
from lossacc_gui.session.jobs import Report, Stop
from lossacc_gui.session.present import Present


class Looked(Protocol):
    """What looking needs of its document."""

    present: Present

    def is_large(self, cells: int) -> bool:
        """Whether so many cells are for a job."""

    def submit(
        self, kind: str, title: str, work: Callable[[Report, Stop], Any], done: Callable[[Any], None]
    ) -> None:
        """Run a job."""

    def look(self, evaluation: Evaluation, page: Page | None = None) -> None:
        """Show what is evaluated: another epoch, or a page."""


class Looking:
    """Evaluates what is to be looked at, and looks at it. That is no edit: nothing is pushed."""

    def __init__(self, document: Looked) -> None:
        self._document = document

    def show_epoch(self, epoch: int) -> None:
        """Look at another epoch."""
        now = self._document.present
        held, revision = replace(now.state), now.revision

        def done(evaluation: Evaluation) -> None:
            if now.revision == revision:
                self._document.look(evaluation)
            elif epoch < now.state.predictions.epochs:
                self.show_epoch(epoch)  # the ground has moved: look again

        work = partial(evaluate, held.predictions, held.convention, epoch)
        self._do("epoch", f"Evaluating epoch {epoch + 1}", held.predictions, work, done)

    def show_page(self, number: int) -> None:
        """Look at another page; nothing where there is none of that number."""
        now = self._document.present
        page, epoch, revision = now.state.page, now.epoch, now.revision
        if page is None or not 0 <= number < page.count or number == page.number:
            return
        there = turned(now.state, page, number)
        ahead = there.page
        assert ahead is not None

        def done(evaluation: Evaluation) -> None:
            if now.revision == revision and now.epoch == epoch:
                self._document.look(evaluation, ahead)
            else:
                self.show_page(number)  # the ground has moved: look again

        work = partial(evaluate, there.predictions, there.convention, epoch)
        self._do("page", f"Looking at {ahead.title()}", there.predictions, work, done)

    def _do(
        self,
        kind: str,
        title: str,
        there: Predictions,
        work: Callable[..., Evaluation],
        done: Callable[[Evaluation], None],
    ) -> None:
        if not self._document.is_large(there.probs[0].size):
            done(work())
            return
        held = replace(self._document.present.state, predictions=there)
        self._document.submit(kind, title, lambda report, stop: work(report, firm(held, stop)), done)
