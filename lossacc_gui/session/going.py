"""Undo and redo: at once where a step's numbers are at hand, else when a job has made them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from PySide6.QtGui import QUndoStack

from lossacc_gui.core.bulk import epoch_of
from lossacc_gui.core.change import Change
from lossacc_gui.core.edits import Replace, SetConvention
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.paging import turns
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State
from lossacc_gui.session.ground import firm
from lossacc_gui.session.holding import HEAVY, hold_within
from lossacc_gui.session.jobs import Jobs, Report, Stop
from lossacc_gui.session.large import LargeEdit, Swap
from lossacc_gui.session.present import Present
from lossacc_gui.session.step import Step

KIND = "go"


class Gone(Protocol):
    """What going needs of its document."""

    present: Present
    jobs: Jobs
    stack: QUndoStack

    def is_large(self, cells: int) -> bool:
        """Whether so many cells are for a job."""

    def submit(
        self, kind: str, title: str, work: Callable[[Report, Stop], Any], done: Callable[[Any], None]
    ) -> None:
        """Run a job."""

    def look(self, evaluation: Evaluation) -> None:
        """Show what is evaluated: another epoch."""

    def turn(self, *, back: bool) -> Change:
        """Take the last step back, or do the next again."""

    def went(self, changes: list[Change], steps: int) -> None:
        """Tell of so many steps at once."""

    def fail(self, error: Exception) -> None:
        """Say why it did not happen."""


class Going:
    """Walks through the steps of one document. The one job there is prepares the next step."""

    def __init__(self, document: Gone) -> None:
        self._document = document
        self._target: int | None = None
        document.jobs.emptied.connect(self.drop)

    @property
    def target(self) -> int:
        """How many steps will be done when all that is asked for has happened."""
        return self._document.stack.index() if self._target is None else self._target

    def go_to(self, step: int) -> None:
        """Undo or redo until this many steps are done. What is on its way to there goes on."""
        here = self._document.stack.index()
        if self._target is not None and (self._target < here) == (step < here) and step != here:
            self._target = step
            return
        if self._target is not None:
            self._document.jobs.drop(KIND)
            self._target = None
        self._walk(step)

    def drop(self) -> None:
        """Stay where it is: the job was cancelled."""
        self._target = None

    def _walk(self, target: int) -> None:
        """Go as far as it goes at once, and make ready what comes then."""
        document, changes, here = self._document, [], self._document.stack.index()
        prepare = None
        while document.stack.index() != target and prepare is None:
            back = target < document.stack.index()
            step = document.stack.command(document.stack.index() - back)
            assert isinstance(step, Step)
            prepare = self._work(step)
            if prepare is None:
                changes.append(document.turn(back=back))
        if changes:
            document.went(changes, document.stack.index() - here)
        if prepare is not None:
            self._target = target
            document.submit(KIND, f"{'Undo' if back else 'Redo'}: {step.text()}", *prepare)

    def _work(self, step: Step) -> tuple[Callable[[Report, Stop], Any], Callable[[Any], None]] | None:
        """What has to be made before a step, in a job, and what to do with it; None where nothing has."""
        now, edit, large = self._document.present, step.edit, self._document.is_large
        state = now.state
        if state.page is not None and turns(edit):
            return None  # it is of one page, and done there: a copy would be no part of the whole
        if (
            (epoch := epoch_of(edit)) is not None
            and epoch != now.epoch
            and large(state.predictions.probs[0].size)
        ):
            return partial(_evaluated, replace(state), epoch), partial(self._on_looked, now.revision)
        if now.knows(step) or not large(edit.cells(state)):
            return None
        if isinstance(edit, Replace | SetConvention):
            there = edit.state if isinstance(edit, Replace) else replace(state, convention=edit.convention)
            shown = min(now.epoch, there.predictions.epochs - 1)
            return partial(_evaluated, replace(there), shown), partial(
                self._on_made, now.revision, step, None
            )
        made = LargeEdit(edit, step.text(), False, "", replace(state), now.epoch)
        return made.make, partial(self._on_made, now.revision, step, made)

    def _on_looked(self, revision: int, evaluation: Evaluation) -> None:
        """The epoch that the next step is about is evaluated: look at it, and go on."""
        if self._is_due(revision):
            self._document.look(evaluation)
            self._go_on()

    def _on_made(
        self, revision: int, step: Step, made: LargeEdit | None, evaluation: Evaluation | None
    ) -> None:
        """What the next step leads to is made: give it to the step, and go on."""
        if not self._is_due(revision):
            return
        assert evaluation is not None  # a step that changed nothing is none
        if made is not None:
            swap = made.swap(evaluation, self._document.present.state)
            assert isinstance(swap, Swap)
            step.edit = replace(swap, again=made.edit, back=made.inverse)  # by which it was light before
        step.known = self._document.present.known(step.edit, evaluation)
        self._go_on()
        if step.bytes > HEAVY:
            hold_within(self._document.stack)

    def _is_due(self, revision: int) -> bool:
        if self._document.present.revision == revision:
            return True
        self._target = None
        self._document.fail(Refusal("", "Undo was dropped: the predictions changed meanwhile", "do it again"))
        return False

    def _go_on(self) -> None:
        target, self._target = self._target, None
        if target is not None:
            self._walk(target)


def _evaluated(state: State, epoch: int, report: Report, stop: Stop) -> Evaluation:
    return evaluate(state.predictions, state.convention, epoch, report, firm(state, stop))
