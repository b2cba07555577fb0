"""The one door through which anything changes, and the one signal that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from lossacc_gui.core.bulk import epoch_of
from lossacc_gui.core.change import Change
from lossacc_gui.core.edits import (
    ALL,
    Edit,
    RenameClass,
    Replace,
    SetConvention,
    Touched,
)
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.page import Page
from lossacc_gui.core.paging import require_page, turned, turns
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.scene import Point
from lossacc_gui.core.state import Source, State
from lossacc_gui.core.tally import Tally
from lossacc_gui.session.counting import Counting
from lossacc_gui.session.ground import firm, is_firm, require_firm
from lossacc_gui.session.holding import HEAVY, hold_within
from lossacc_gui.session.jobs import Job, Jobs, Report, Stop
from lossacc_gui.session.journal import Journal
from lossacc_gui.session.large import LargeEdit
from lossacc_gui.session.step import Step
from lossacc_gui.session.trail import Trail
from lossacc_gui.session.unsaved import forgive, left_behind, needs_saving

JOB_CELLS = 250_000
"""An edit that computes more cells than this becomes a job."""


class Document(QObject):
    """A State, what it means, and the steps that led to it.

    ``edit`` is the only way in; ``changed`` is sent exactly once for each edit, undo, redo or jump.
    """

    changed = Signal(object)
    """A Change."""
    failed = Signal(str)
    """Why an edit that had become a job did not happen."""
    shaken = Signal()
    """Another program has written to the file the cells live in: ``stale`` is true until another is opened."""

    def __init__(self, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.epoch = 0
        self.evaluation = evaluate(state.predictions, state.convention)
        self.stack = QUndoStack(self)
        self.jobs = Jobs(self)
        self.jobs.emptied.connect(self._on_emptied)
        self.counting = Counting(self)
        """Where there are pages: the tally of the others."""
        self.counting.told.connect(self._on_counted)
        self.counting.failed.connect(self.failed)
        self.counting.begin(state, 0)
        self.history = [self._point("start")]
        self.trail = Trail()
        """What is shown of the time before a project was opened."""
        self._last: Change | None = None
        self.revision = 0
        """Counts what was done, undone and redone; who works in the background sees what came meanwhile."""
        self._large: LargeEdit | None = None
        self._gesture: Change | None = None
        self.journal: Journal | None = None
        """Where steps are recorded before they are told, if anywhere."""
        self._collected: list[Change] | None = None
        self.stale = False

    @property
    def step(self) -> int:
        """How many steps have been done and not undone; the index of the present in ``history``."""
        return self.stack.index()

    @property
    def tally(self) -> Tally:
        """The tally of all rows, or where there are pages of all that are counted so far."""
        found = self.evaluation.tally
        return found if self.state.page is None else found + self.counting.rest

    def edit(
        self,
        edit: Edit,
        what: str = "Edit",
        *,
        gesture: int = -1,
        evaluation: Evaluation | None = None,
        clean: bool = False,
        aside: str = "",
        asked: Edit | None = None,
    ) -> bool:
        """Do an edit as one step; False when it would change nothing, or when it became a job.

        Steps of the same ``gesture`` that touch the same cells merge into one, and the change told is
        that from the gesture's beginning. ``evaluation`` is given with an edit whose meaning is already
        computed; ``clean`` says that there is nothing to save after it; ``aside`` is added to what is said
        of it; ``asked`` is what was asked for when this edit is only the result of it. Raises Refusal,
        having changed nothing.
        """
        if not isinstance(edit, Replace):
            self._require_firm()
            require_page(edit, self.state)
        if edit.idle(self.state):
            return False
        in_place = self.state.page is not None and turns(edit)  # a copy would be no part of the whole
        small = in_place or edit.cells(self.state) <= JOB_CELLS
        if evaluation is None and self._collected is None and not small:
            self._begin_large(edit, what, clean=clean, aside=aside)
            return False
        known = None
        if evaluation is not None:
            seen = edit.state if isinstance(edit, Replace) else self.state
            known = (evaluation.epoch, _number(seen), evaluation.stats, evaluation.tally)
        step = Step(self, edit, what, gesture, known)
        step.left = self.state.source.name if clean and self.needs_saving else ""
        before = self.step
        self._last = self._apply(step)  # a refusal leaves the stack as it was
        self.stack.push(step)
        self._write_history(what, before, opened=isinstance(edit, Replace) and self._last.source)
        if clean:
            self.stack.setClean()
        merged = self.step <= before
        if merged:
            step.forget()
        elif step.bytes > HEAVY:
            hold_within(self.stack)
        if (journal := self._recording) is not None:
            journal.edited(asked or edit, what, merged=merged, clean=clean and not self.left_behind)
        self._tell(replace(self._since_gesture(self._last, merged=merged), aside=aside))
        return True

    def _write_history(self, what: str, before: int, *, opened: bool) -> None:
        """Note the step that was done, of which there were ``before``; ``opened`` says that others came."""
        if self.step < before:  # a gesture came back to where it began, and is no step any more
            del self.history[self.step + 1 :]
            return
        if self.step <= self.trail.at:
            self.trail = Trail()
        self.history[self.step :] = [self._point(what, self.history[self.step - 1].opened + opened)]

    def look_at_ground(self) -> bool:
        """Whether the cells are those that were opened; says so once when they are not any more."""
        if not self.stale and not is_firm(self.state):
            self.stale = True
            self.shaken.emit()
        return not self.stale

    def _require_firm(self) -> None:
        if not self.look_at_ground():
            require_firm(self.state)

    def remember(self, past: tuple[Point, ...]) -> None:
        """Show these points before the present one, which opened a project that remembers them."""
        self.trail = Trail(self.step, past)

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
        if not self.look_at_ground():
            self.failed.emit(f"“{self.state.source.name}” was changed by another program: reload it (F5).")
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
        if (journal := self._recording) is not None:
            journal.went(step, clean=self.is_saved and not self.left_behind)
        self._tell(replace(_merged(changes), steps=steps))

    def restart(self, state: State, evaluation: Evaluation | None = None) -> None:
        """Begin anew with another state, as if the document had been made of it; what it means may be given."""
        self.jobs.cancel()
        self._large = None
        self.stack.clear()
        before, convention = self.tally, self.state.convention
        self.revision += 1
        everything = Replace(state)
        inverse, _ = everything.apply(self.state)
        self.epoch = 0
        self.evaluation = evaluation or evaluate(state.predictions, state.convention)
        self.counting.begin(self.state, 0)
        self.history, self.trail = [self._point("start")], Trail()
        after = self.tally
        told = Change(everything, inverse, ALL, None, None, before, after, shape=True, names=True)
        self._tell(replace(told, convention=True, source=True, convention_before=convention))

    @contextmanager
    def as_one_change(self) -> Iterator[None]:
        """Tell all that happens inside as one change at the end, record none of it, and use no job."""
        self._collected = []
        try:
            yield
        finally:
            changes, self._collected = self._collected, None
            if changes:
                first = changes[0]
                self._tell(replace(_merged(changes), edit=first.edit, inverse=first.inverse, undone=True))

    def show_epoch(self, epoch: int) -> None:
        """Evaluate another epoch. Where one looks is no edit: nothing is pushed."""
        predictions, convention, revision = self.state.predictions, self.state.convention, self.revision
        held = replace(self.state)
        if predictions.probs[0].size <= JOB_CELLS or self._collected is not None:
            self._put_epoch(evaluate(predictions, convention, epoch))
            return

        def work(report: Report, stop: Stop) -> Evaluation:
            return evaluate(predictions, convention, epoch, report, firm(held, stop))

        def done(evaluation: Evaluation) -> None:
            if self.revision == revision:
                self._put_epoch(evaluation)
            elif epoch < self.state.predictions.epochs:
                self.show_epoch(epoch)  # the ground has moved: look again

        self._submit("epoch", f"Evaluating epoch {epoch + 1}", work, done)

    def show_page(self, number: int) -> None:
        """Look at another page. Where one looks is no edit: nothing is pushed."""
        page, epoch, revision = self.state.page, self.epoch, self.revision
        if page is None or not 0 <= number < page.count or number == page.number:
            return
        there = turned(self.state, page, number)
        ahead = there.page
        assert ahead is not None
        if there.predictions.probs[0].size <= JOB_CELLS or self._collected is not None:
            self._turn(ahead, evaluate(there.predictions, there.convention, epoch))
            return

        def work(report: Report, stop: Stop) -> Evaluation:
            return evaluate(there.predictions, there.convention, epoch, report, firm(there, stop))

        def done(evaluation: Evaluation) -> None:
            if self.revision == revision and self.epoch == epoch:
                self._turn(ahead, evaluation)
            else:
                self.show_page(number)  # the ground has moved: look again

        self._submit("page", f"Looking at {ahead.title()}", work, done)

    def set_saved(self, source: Source, revision: int) -> None:
        """Say that the file at ``source`` holds the state of this ``revision``, which may have passed."""
        old = self.state.source
        if old.mapped:  # the cells live where they lived; a file that was written over is held on to
            source = replace(source, mapped=True, home=old.home, home_stamp=old.home_stamp)
        self.state.source = source
        clean = self.revision == revision
        if clean:
            self.stack.setClean()
            forgive(self.stack)
        if (journal := self._recording) is not None:
            journal.saved(source, clean=clean and not self.left_behind)

    @property
    def is_saved(self) -> bool:
        """Whether nothing has changed since the last save or load."""
        return self.stack.isClean()

    @property
    def needs_saving(self) -> bool:
        """Whether work would be lost with the present: more than another convention since then."""
        return needs_saving(self.stack)

    @property
    def left_behind(self) -> tuple[tuple[int, str], ...]:
        """Earlier work that was never saved: the step to go back to and its name, newest first."""
        return left_behind(self.stack)

    def close(self, *, done: bool = False) -> None:
        """End background work, and let go of the steps. ``done`` says that nobody will want them back.

        Steps that Python's garbage collector finds are deleted under the stack that still holds them.
        """
        self.jobs.close()
        self.counting.jobs.close()
        self.stack.clear()
        if self.journal is not None:
            if done:
                self.journal.close()
            self.journal.leave()

    @property
    def _recording(self) -> Journal | None:
        """The journal, unless what happens comes from one."""
        return self.journal if self._collected is None else None

    def _tell(self, change: Change) -> None:
        if self._collected is None:
            self.changed.emit(change)
        else:
            self._collected.append(change)

    def swap(self, step: Step) -> None:
        """For the steps of the stack alone: take one back, or do it again."""
        self._last = replace(self._apply(step), undone=True)

    def _since_gesture(self, change: Change, *, merged: bool) -> Change:
        """A change as seen from the beginning of the gesture it belongs to."""
        first = self._gesture if merged else None
        if first is None:
            self._gesture = change
            return change
        return replace(
            change,
            inverse=first.inverse,
            before=first.before,
            tally_before=first.tally_before,
            convention_before=first.convention_before,
        )

    def _put_epoch(self, evaluation: Evaluation) -> None:
        before, self.evaluation = self.tally, evaluation
        self.epoch = evaluation.epoch
        self.counting.begin(self.state, self.epoch)
        if (journal := self._recording) is not None:
            journal.looked(self.epoch)
        self._tell(self._look(before))

    def _look(self, before: Tally) -> Change:
        """What is told when something else is looked at: no edit, but every number may be another."""
        here, nothing = self.history[self.step], SetConvention(self.state.convention)
        self.history[self.step] = self._point(here.what, here.opened)
        return Change(nothing, nothing, ALL, None, None, before, self.tally, undone=True, epoch=True)

    def _turn(self, page: Page, evaluation: Evaluation) -> None:
        """Look at a page whose evaluation is made, and say so."""
        before = self.tally
        self._put_page(page, evaluation)
        if (journal := self._recording) is not None:
            journal.turned(page.number)
        self._tell(replace(self._look(before), shape=True, epoch=False, page=page.title()))

    def _put_page(self, page: Page, evaluation: Evaluation) -> None:
        self.revision += 1
        self.counting.turned(page, self.evaluation, evaluation)
        if self._large is not None:
            self._large.turned = True
        self.state.page, self.state.predictions = page, evaluation.predictions
        self.evaluation = evaluation

    def _on_counted(self) -> None:
        """More rows are counted: the present point of the history is another."""
        here = self.history[self.step]
        self.history[self.step] = self._point(here.what, here.opened)

    def _apply(self, step: Step) -> Change:
        """Swap a step's edit with its inverse and bring the evaluation up to date."""
        # Before as well as after: who copies the cells in another thread sees either that it was too early.
        self.revision += 1
        edit, moved = step.edit, False
        if (epoch := epoch_of(edit)) not in (None, self.epoch):  # undone from another epoch: look there
            self.epoch, moved = epoch, True
            self.evaluation = evaluate(self.state.predictions, self.state.convention, self.epoch)
            self.counting.begin(self.state, self.epoch)
        turned_to = self._follow(step)
        old, source, total = self.evaluation, self.state.source, self.tally
        convention = self.state.convention
        before_stats, number = None, _number(self.state)
        inverse, rows = edit.apply(self.state)
        if rows is None:  # ALL
            self.epoch = min(self.epoch, self.state.predictions.epochs - 1)
            self.evaluation = self._known(step) or evaluate(
                self.state.predictions, self.state.convention, self.epoch
            )
            # Not its predictions: the inverse has those.
            step.known = (old.epoch, number, old.stats, old.tally)
            self.counting.begin(self.state, self.epoch)
        else:
            before_stats = old.stats[rows]
            self.evaluation.convention = self.state.convention
            self.evaluation.refresh(rows)
        step.edit = inverse
        self.revision += 1
        change = Change(
            edit=edit,
            inverse=inverse,
            rows=rows,
            before=before_stats,
            after=None if rows is None else self.evaluation.stats[rows],
            tally_before=total,
            tally_after=self.tally,
            page=turned_to,
            shape=bool(turned_to) or (rows is ALL and not isinstance(edit, SetConvention)),
            names=isinstance(edit, RenameClass) or (rows is ALL and not isinstance(edit, SetConvention)),
            convention=isinstance(edit, SetConvention | Replace),
            source=self.state.source != source,
            convention_before=convention,
            epoch=moved,
        )
        if change.source:
            self.stale = False
        if self._large is not None:
            self._large.hear(change)
        return change

    def _follow(self, step: Step) -> str:
        """Look at the page that a step is about; which it is, in words, if it was another."""
        page = self.state.page
        if page is None or not turns(step.edit):
            return ""
        if step.page is None:  # it is done for the first time, here
            step.page = page.number
        if step.page == page.number:
            return ""
        there = turned(self.state, page, step.page)
        assert there.page is not None
        self._put_page(there.page, evaluate(there.predictions, there.convention, self.epoch))
        return there.page.title()

    def _known(self, step: Step) -> Evaluation | None:
        """The evaluation a step brings along, if it is of the epoch that is shown."""
        if step.known is None or step.known[:2] != (self.epoch, _number(self.state)):
            return None
        epoch, _, stats, tally = step.known
        return Evaluation(self.state.predictions, self.state.convention, epoch, stats, tally)

    def _point(self, what: str, opened: int = 0) -> Point:
        tally, convention = self.tally, self.state.convention
        loss, accuracy = CROSS_ENTROPY.of(tally, convention), ACCURACY.of(tally, convention)
        return Point(
            what,
            float("nan") if loss.value is None else loss.value,
            float("nan") if accuracy.value is None else accuracy.value,
            tally.rows,
            self.state.predictions.classes,
            convention,
            opened,
        )

    def _begin_large(self, edit: Edit, what: str, *, clean: bool, aside: str) -> None:
        """Make the new state and its evaluation beside the present one, then swap it in as one step."""
        running = self._large
        if running is not None and self.jobs.is_busy("edit"):
            overtakes = isinstance(edit, SetConvention) and isinstance(running.edit, SetConvention)
            if not overtakes:
                raise Refusal(
                    "", f"“{running.what}” is still being worked on", "wait for it, or cancel it at the foot"
                )
        large = self._large = LargeEdit(edit, what, clean, aside, replace(self.state), self.epoch)

        def work(report: Report, stop: Stop) -> Evaluation:
            if self.journal is not None:
                self.journal.keep(edit)
            return large.make(report, stop)

        self._submit("edit", what, work, partial(self._end_large, large))

    def _end_large(self, large: LargeEdit, evaluation: Evaluation) -> None:
        """A large edit is made: swap it in, make it again, or drop it, by what came meanwhile."""
        self._large = None
        try:
            if large.lost:
                raise Refusal("", f"“{large.what}” was dropped", large.lost)
            if large.stale(self.epoch):
                self.edit(large.edit, large.what, clean=large.clean, aside=large.aside)
            else:
                swap = large.swap(evaluation, self.state)
                asked = swap if isinstance(swap, SetConvention) else large.edit
                self.edit(
                    swap, large.what, evaluation=evaluation, clean=large.clean, aside=large.aside, asked=asked
                )
        except (Refusal, IndexError) as reason:
            self._on_failed(reason)

    def _submit(
        self, kind: str, title: str, work: Callable[[Report, Stop], Any], done: Callable[[Any], None]
    ) -> None:
        self.jobs.submit(Job(kind, title, work, done, self._on_failed), overtake=True)

    def _on_emptied(self) -> None:
        """A large edit that was cancelled or failed is let go, with the copy it was made on."""
        self._large = None

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, Refusal | IndexError):
            raise error  # a bug: the error dialog says so
        self.failed.emit(str(error))


def _number(state: State) -> int:
    """Which page is looked at; -1 where there are none."""
    return -1 if state.page is None else state.page.number


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
        convention_before=first.convention_before,
        shape=any(change.shape for change in changes),
        names=any(change.names for change in changes),
        convention=any(change.convention for change in changes),
        source=any(change.source for change in changes),
        epoch=any(change.epoch for change in changes),
        page=next((change.page for change in reversed(changes) if change.page), ""),
    )
