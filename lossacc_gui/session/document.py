"""The one door through which anything changes, and the one signal that says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from lossacc_gui.core.change import Change
from lossacc_gui.core.edits import (
    ALL,
    Edit,
    RenameClass,
    Replace,
    SetCells,
    SetConvention,
    SetLabels,
    Touched,
)
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.scene import Point
from lossacc_gui.core.state import State
from lossacc_gui.session.jobs import Job, Jobs, Report, Stop

JOB_CELLS = 1_000_000
"""An edit that computes more cells than this becomes a job."""


class Document(QObject):
    """A State, what it means, and the steps that led to it.

    ``edit`` is the only way in; ``changed`` is sent exactly once for each edit, undo, redo or jump.
    """

    changed = Signal(object)
    """A Change."""
    failed = Signal(str)
    """Why an edit that had become a job did not happen."""

    def __init__(self, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.epoch = 0
        self.evaluation = evaluate(state.predictions, state.convention)
        self.stack = QUndoStack(self)
        self.jobs = Jobs(self)
        self.history = [self._point("start")]
        self._last: Change | None = None
        self.revision = 0
        """Counts what was done, undone and redone; who works in the background sees what came meanwhile."""
        self._shape_edits = 0
        self._meanwhile: list[NDArray[np.intp]] | None = None

    @property
    def step(self) -> int:
        """How many steps have been done and not undone; the index of the present in ``history``."""
        return self.stack.index()

    def edit(
        self, edit: Edit, what: str = "Edit", *, gesture: int = -1, evaluation: Evaluation | None = None
    ) -> bool:
        """Do an edit as one step; False when it would change nothing, or when it became a job.

        Steps of the same ``gesture`` that touch the same cells merge into one. ``evaluation`` is
        given with an edit whose meaning is already computed. Raises Refusal, having changed nothing.
        """
        if edit.idle(self.state):
            return False
        if evaluation is None and edit.cells(self.state) > JOB_CELLS:
            self._edit_in_job(edit, what)
            return False
        step = _Step(self, edit, what, gesture, evaluation)
        before = self.step
        self._last = self._apply(step)  # a refusal leaves the stack as it was
        self.stack.push(step)
        if self.step < before:  # a gesture came back to where it began, and is no step any more
            del self.history[self.step + 1 :]
        else:
            self.history[self.step :] = [self._point(what)]
        self.changed.emit(self._last)
        return True

    def undo(self) -> None:
        """Take back the last step."""
        self.go_to(self.step - 1)

    def redo(self) -> None:
        """Do the step again that was undone last."""
        self.go_to(self.step + 1)

    def go_to(self, step: int) -> None:
        """Undo or redo until this many steps are done; nothing when there are not so many."""
        if not 0 <= step <= self.stack.count() or step == self.step:
            return
        changes: list[Change] = []
        steps = step - self.step
        while self.step != step:
            if step < self.step:
                self.stack.undo()
            else:
                self.stack.redo()
            assert self._last is not None
            changes.append(self._last)
        self.changed.emit(replace(_merged(changes), steps=steps))

    def show_epoch(self, epoch: int) -> None:
        """Evaluate another epoch. Where one looks is no edit: nothing is pushed."""
        predictions, convention, revision = self.state.predictions, self.state.convention, self.revision
        if predictions.probs[0].size <= JOB_CELLS:
            self._put_epoch(evaluate(predictions, convention, epoch))
            return

        def work(report: Report, stop: Stop) -> Evaluation:
            return evaluate(predictions, convention, epoch, report, stop)

        def done(evaluation: Evaluation) -> None:
            if self.revision == revision:
                self._put_epoch(evaluation)
            elif epoch < self.state.predictions.epochs:
                self.show_epoch(epoch)  # the ground has moved: look again

        self._submit("epoch", f"Evaluating epoch {epoch + 1}", work, done)

    def set_saved(self, source: Any) -> None:
        """Say that the present state is what the file at ``source`` holds."""
        self.state.source = source
        self.stack.setClean()

    @property
    def is_saved(self) -> bool:
        """Whether nothing has changed since the last save or load."""
        return self.stack.isClean()

    def close(self) -> None:
        """End background work, and let go of the steps.

        Steps that Python's garbage collector finds are deleted under the stack that still holds them.
        """
        self.jobs.close()
        self.stack.clear()

    def swap(self, step: _Step) -> None:
        """For the steps of the stack alone: take one back, or do it again."""
        self._last = replace(self._apply(step), undone=True)

    def _put_epoch(self, evaluation: Evaluation) -> None:
        before, self.evaluation = self.evaluation.tally, evaluation
        self.epoch = evaluation.epoch
        nothing = SetConvention(self.state.convention)
        self.changed.emit(Change(nothing, nothing, ALL, None, None, before, evaluation.tally, undone=True))

    def _apply(self, step: _Step) -> Change:
        """Swap a step's edit with its inverse and bring the evaluation up to date."""
        edit, old = step.edit, self.evaluation
        before_stats = None
        inverse, rows = edit.apply(self.state)
        if rows is None:  # ALL
            self.epoch = min(self.epoch, self.state.predictions.epochs - 1)
            self.evaluation = step.evaluation or evaluate(
                self.state.predictions, self.state.convention, self.epoch
            )
            self.evaluation.predictions = self.state.predictions  # undo may have built them anew
            self.epoch = self.evaluation.epoch
            step.evaluation = old
            self._shape_edits += 1
        else:
            before_stats, tally = old.stats[rows], old.tally
            self.evaluation.convention = self.state.convention
            self.evaluation.refresh(rows)
            if self._meanwhile is not None:
                self._meanwhile.append(rows)
        step.edit = inverse
        self.revision += 1
        return Change(
            edit=edit,
            inverse=inverse,
            rows=rows,
            before=before_stats,
            after=None if rows is None else self.evaluation.stats[rows],
            tally_before=old.tally if rows is ALL else tally,
            tally_after=self.evaluation.tally,
            shape=rows is ALL and not isinstance(edit, SetConvention),
            names=isinstance(edit, RenameClass) or (rows is ALL and not isinstance(edit, SetConvention)),
            convention=isinstance(edit, SetConvention | Replace),
            source=isinstance(edit, Replace),
        )

    def _point(self, what: str) -> Point:
        tally, convention = self.evaluation.tally, self.state.convention
        loss, accuracy = CROSS_ENTROPY.of(tally, convention), ACCURACY.of(tally, convention)
        return Point(
            what,
            float("nan") if loss.value is None else loss.value,
            float("nan") if accuracy.value is None else accuracy.value,
            tally.rows,
            self.state.predictions.classes,
            convention,
        )

    def _edit_in_job(self, edit: Edit, what: str) -> None:
        """Make the new state and its evaluation beside the present one, then swap it in as one step."""
        started = self._shape_edits
        self._meanwhile = []
        copy, in_place = replace(self.state), isinstance(edit, SetCells | SetLabels)
        epoch = self.epoch

        def work(report: Report, stop: Stop) -> tuple[State, Evaluation]:
            if in_place:
                old = copy.predictions
                copy.predictions = replace(old, probs=old.probs.copy(), labels=old.labels.copy())
            edit.apply(copy)
            shown = min(epoch, copy.predictions.epochs - 1)
            return copy, evaluate(copy.predictions, copy.convention, shown, report, stop)

        def done(result: tuple[State, Evaluation]) -> None:
            state, evaluation = result
            meanwhile, self._meanwhile = self._meanwhile or [], None
            moved = self._shape_edits != started or self.epoch != epoch
            if moved or (meanwhile and not isinstance(edit, SetConvention)):
                self._edit_again(edit, what)
                return
            for rows in meanwhile:
                evaluation.refresh(rows)
            swap = edit if isinstance(edit, SetConvention) else Replace(state, what)
            self.edit(swap, what, evaluation=evaluation)

        self._submit("edit", what, work, done)

    def _edit_again(self, edit: Edit, what: str) -> None:
        """The ground moved under an edit's job: begin again from the present state, if it still fits."""
        try:
            self.edit(edit, what)
        except (Refusal, IndexError) as reason:
            self._on_failed(reason)

    def _submit(
        self, kind: str, title: str, work: Callable[[Report, Stop], Any], done: Callable[[Any], None]
    ) -> None:
        self.jobs.submit(Job(kind, title, work, done, self._on_failed), overtake=True)

    def _on_failed(self, error: Exception) -> None:
        self._meanwhile = None
        self.failed.emit(str(error) or type(error).__name__)


class _Step(QUndoCommand):
    """One step of the undo stack: holds the edit to do next, which is always the inverse of the last."""

    def __init__(
        self, document: Document, edit: Edit, what: str, gesture: int, evaluation: Evaluation | None
    ) -> None:
        super().__init__(what)
        self.document, self.edit, self.gesture, self.evaluation = document, edit, gesture, evaluation
        self.done = False

    def id(self) -> int:
        return self.gesture

    def redo(self) -> None:
        if not self.done:  # pushing calls redo, and the first time is done already
            self.done = True
            return
        self.document.swap(self)

    def undo(self) -> None:
        self.document.swap(self)

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Keep this older inverse when the newer step touched the same cells."""
        if not isinstance(other, _Step) or not _same_place(self.edit, other.edit):
            return False
        self.setObsolete(self.edit.idle(self.document.state))
        return True


def _same_place(one: Edit, other: Edit) -> bool:
    if isinstance(one, SetCells) and isinstance(other, SetCells):
        return (
            one.epoch == other.epoch
            and np.array_equal(one.rows, other.rows)
            and np.array_equal(one.columns, other.columns)
        )
    return False


def _merged(changes: list[Change]) -> Change:
    """Several steps at once as one change: rows touched by any of them, tallies of the ends."""
    first, last = changes[0], changes[-1]
    if len(changes) == 1:
        return last
    rows: Touched = ALL
    if all(change.rows is not ALL for change in changes):
        rows = np.unique(np.concatenate([change.rows for change in changes if change.rows is not None]))
    return replace(
        last,
        rows=rows,
        before=None,
        after=None,
        tally_before=first.tally_before,
        shape=any(change.shape for change in changes),
        names=any(change.names for change in changes),
        convention=any(change.convention for change in changes),
        source=any(change.source for change in changes),
    )
