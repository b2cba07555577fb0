"""The one door through which anything changes, and the one signal that says so.

How an edit travels, from ``Document.edit`` on:

1. It is refused, found idle, or made a job of where it is large; the job comes back here with what it means.
2. ``Present.swap`` applies it to the state, keeps its inverse in a ``Step``, and brings the evaluation up to date.
3. ``Past`` puts the step on the undo stack, where it may merge with the last of its gesture, and its point into the
   history; ``Saved`` takes note of whether a file holds what is there now.
4. The journal hands it to the system.
5. ``changed`` tells of it, once.

Undo and redo enter by ``go_to``: ``Going`` takes steps back by way of ``swap``, and 2, 4 and 5 are the same.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from lossacc_gui.core.change import Change, as_one
from lossacc_gui.core.edits import ALL, Edit, Replace, SetConvention
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.page import Page
from lossacc_gui.core.paging import require_page, turns
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.scene import Point
from lossacc_gui.core.state import Source, State
from lossacc_gui.core.tally import Tally
from lossacc_gui.session.counting import Counting
from lossacc_gui.session.edit_jobs import EditJobs
from lossacc_gui.session.going import Going
from lossacc_gui.session.ground import is_firm, require_firm
from lossacc_gui.session.holding import HEAVY, hold_within
from lossacc_gui.session.jobs import Job, Jobs, Report, Stop
from lossacc_gui.session.journal import Journal
from lossacc_gui.session.looking import Looking
from lossacc_gui.session.past import Past
from lossacc_gui.session.present import Present, number_of
from lossacc_gui.session.step import Step, take_over
from lossacc_gui.session.unsaved import Saved, Unsaved

JOB_CELLS = 100_000
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

    def __init__(self, state: State, parent: QObject | None = None, *, at_once: bool = False) -> None:
        """``at_once`` is for a document that lives in a worker's thread: no edit becomes a job there."""
        super().__init__(parent)
        self._at_once = at_once
        self.stack = QUndoStack(self)
        self.jobs = Jobs(self)
        self.counting = Counting(self)
        """Where there are pages: the tally of the others."""
        self.counting.told.connect(self._on_counted)
        self.counting.failed.connect(self.failed)
        self.present = Present(state, self.counting)
        self.past = Past(self.stack, self.present)
        self.saves = Saved(state.source)
        self._last: Change | None = None
        near = weakref.proxy(self)  # in a circle only the garbage collector would free it, in any thread
        self._edits, self._looking, self._going = EditJobs(near), Looking(near), Going(near)
        self._gesture: Change | None = None
        self.journal: Journal | None = None
        """Where steps are recorded before they are told, if anywhere."""
        self.stale = False

    @property
    def step(self) -> int:
        """How many steps have been done and not undone; the index of the present in ``history``."""
        return self.stack.index()

    @property
    def history(self) -> list[Point]:
        """What both metrics were at the start and after each step, those that can be redone included."""
        return self.past.points

    @property
    def state(self) -> State:
        """What is there now."""
        return self.present.state

    @property
    def evaluation(self) -> Evaluation:
        """What it means."""
        return self.present.evaluation

    @property
    def epoch(self) -> int:
        """Which epoch is looked at."""
        return self.present.epoch

    @property
    def page(self) -> str:
        """Which rows are looked at, in words, where there are pages of them."""
        return "" if self.state.page is None else self.state.page.title()

    @property
    def revision(self) -> int:
        """See ``Present``."""
        return self.present.revision

    @property
    def tally(self) -> Tally:
        """The tally of all rows, or where there are pages of all that are counted so far."""
        return self.present.tally

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
        that from the gesture's beginning; where they come back to that, it is no step, and what could be redone
        before it can be again. ``evaluation`` is given with an edit whose meaning is already
        computed; ``clean`` says that there is nothing to save after it; ``aside`` is added to what is said
        of it; ``asked`` is what was asked for when this edit is only the result of it. Raises Refusal,
        having changed nothing.
        """
        if not isinstance(edit, Replace):
            self._require_firm()
            require_page(edit, self.state)
        in_place = self.state.page is not None and turns(edit)  # a copy would be no part of the whole
        small = in_place or not self.is_large(edit.cells(self.state))
        if evaluation is None and not small:
            self._edits.begin(edit, what, clean=clean, aside=aside)  # and looks there whether it is idle
            return False
        if evaluation is None and edit.idle(self.state):
            return False
        known = None if evaluation is None else self.present.known(edit, evaluation)
        step = Step(self, edit, what, gesture, known)
        before = self.step
        self._last = self._do(step)  # a refusal leaves the stack as it was
        self.past.push(step)
        opened = isinstance(edit, Replace) and self._last.source
        self.past.write(what, before, self, opened=opened)
        minor, source = isinstance(edit, SetConvention), self.state.source if opened or clean else None
        self.saves.did(self.step, before, clean=clean, minor=minor, opened=source)
        if clean:
            self.stack.setClean()
        merged = self.step <= before
        if merged:
            step.forget()
        elif step.bytes > HEAVY:
            hold_within(self.stack)
        if self.journal is not None:
            self.journal.edited(asked or edit, what, self.step, merged=merged, clean=clean)
        told = replace(self._since_gesture(self._last, merged=merged), aside=aside)
        self.changed.emit(replace(told, goes_on=merged, back=self.step < before))
        return True

    def last_of(self, gesture: int) -> Step | None:
        """The last step, if it is of this gesture and not undone."""
        last = self.stack.command(self.step - 1) if self.step else None
        return last if isinstance(last, Step) and last.gesture == gesture >= 0 else None

    def look_at_ground(self) -> bool:
        """Whether the cells are those that were opened; says so once when they are not any more."""
        if not self.stale and not is_firm(self.state):
            self.stale = True
            self.shaken.emit()
        return not self.stale

    def _require_firm(self) -> None:
        if not self.look_at_ground():
            require_firm(self.state)

    def undo(self) -> None:
        """Take back the last step, or one more than is asked for already."""
        self.go_to(self._going.target - 1)

    def redo(self) -> None:
        """Do the step again that was undone last."""
        self.go_to(self._going.target + 1)

    def go_to(self, step: int) -> None:
        """Undo or redo until this many steps are done, in a job where that takes long.

        Nothing where there are not so many.
        """
        if not 0 <= step <= self.stack.count() or step == self._going.target:
            return
        if not self.look_at_ground():
            self.failed.emit(f"“{self.state.source.name}” was changed by another program: reload it (F5).")
            return
        self._going.go_to(step)

    def restart(self, state: State, evaluation: Evaluation | None = None) -> None:
        """Begin anew with another state, as if the document had been made of it; what it means may be given."""
        self.jobs.cancel()
        self._edits.drop()
        self._going.drop()
        self.stack.clear()
        change = self.present.restart(state, evaluation)
        self.past.begin()
        self.saves.begin(state.source)
        self.changed.emit(change)

    def adopt(self, other: Document) -> None:
        """Take over what another document holds, with the way that led to it; the other is to be closed then."""
        self.jobs.cancel()
        self._edits.drop()
        self._going.drop()
        self.stack.clear()
        change = self.present.restart(other.state, other.evaluation)
        take_over(self.stack, other.stack, self)
        self.past.adopt(other.past)
        self.saves = other.saves
        self._gesture = None
        self.changed.emit(replace(change, epoch=True))

    def show_epoch(self, epoch: int) -> None:
        """Look at another epoch. Where one looks is no edit: nothing is pushed."""
        self._looking.show_epoch(epoch)

    def show_page(self, number: int) -> None:
        """Look at another page. Where one looks is no edit: nothing is pushed."""
        self._looking.show_page(number)

    def set_saved(self, source: Source, revision: int) -> None:
        """Say that the file at ``source`` holds the state of this ``revision``, which may have passed."""
        old = self.state.source
        if old.mapped:  # the cells live where they lived; a file that was written over is held on to
            source = replace(source, mapped=True, home=old.home, home_stamp=old.home_stamp)
        self.state.source = source
        clean = self.revision == revision
        self.saves.saved(self.step, source, clean=clean)
        if clean:
            self.stack.setClean()
        if self.journal is not None:
            self.journal.saved(source, clean=clean)

    @property
    def is_saved(self) -> bool:
        """Whether what is there is what was opened or saved."""
        return self.saves.is_clean(self.step)

    @property
    def needs_saving(self) -> bool:
        """Whether work would be lost with the present: more than another convention."""
        return self.saves.needs_saving(self.step)

    @property
    def left_behind(self) -> tuple[Unsaved, ...]:
        """Earlier work that was never saved, newest first."""
        return self.saves.left_behind(self.step)

    def close(self, *, done: bool = False) -> None:
        """End background work, and let go of the steps. ``done`` says that nobody will want them back.

        Steps that Python's garbage collector finds are deleted under the stack that still holds them.
        """
        self.jobs.close()
        self.counting.jobs.close()
        self.stack.clear()
        self.past.let_go()
        if self.journal is not None:
            if done:
                self.journal.close()
            self.journal.leave()

    # --- for the steps, jobs and looks of this document alone ---

    def swap(self, step: Step) -> None:
        """Take a step back, or do it again."""
        self._last = replace(self._do(step), undone=True)

    def is_large(self, cells: int) -> bool:
        """Whether to compute so many cells is a job."""
        return cells > JOB_CELLS and not self._at_once

    def submit(
        self, kind: str, title: str, work: Callable[[Report, Stop], Any], done: Callable[[Any], None]
    ) -> None:
        """Run a job, which overtakes another of its kind."""
        self.jobs.submit(Job(kind, title, work, done, self.fail), overtake=True)

    def look(self, evaluation: Evaluation, page: Page | None = None) -> None:
        """Show what is evaluated: another epoch, or a page. It is no edit, but every number may be another."""
        before, journal = self.tally, self.journal
        if page is None:
            self.present.show_epoch(evaluation)
            if journal is not None:
                journal.looked(evaluation.epoch)
        else:
            self.present.show_page(page, evaluation)
            self._edits.turn()
            if journal is not None:
                journal.turned(page.number)
        self.past.measure_again()
        nothing, title = SetConvention(self.state.convention), "" if page is None else self.page
        told = Change(nothing, nothing, ALL, None, None, before, self.tally, undone=True)
        self.changed.emit(replace(told, shape=page is not None, epoch=page is None, page=title))

    def turn(self, *, back: bool) -> Change:
        """Take the last step back, or do the next again; nobody is told of it yet."""
        if back:
            self.stack.undo()
        else:
            self.stack.redo()
        assert self._last is not None
        return self._last

    def went(self, changes: list[Change], steps: int) -> None:
        """Record and tell of so many steps that were taken back or done again."""
        self.past.measure_again()  # of the epoch and the page that are looked at by now
        if self.journal is not None:
            self.journal.went(self.step, self.state, clean=self.is_saved)
        self.changed.emit(replace(as_one(changes), steps=steps))

    def fail(self, error: Exception) -> None:
        """Say why what had become a job did not happen."""
        if not isinstance(error, Refusal | IndexError):
            raise error  # a bug: the error dialog says so
        self.failed.emit(str(error))

    def _do(self, step: Step) -> Change:
        if self.journal is not None:
            self.journal.settle()  # it may still write down the cells as they were
        page = number_of(self.state)
        try:
            change = self.present.swap(step)
        finally:  # also when the edit was refused on the page it is about
            if number_of(self.state) != page:
                self._edits.turn()
        if change.source:
            self.stale = False
        self._edits.hear(change)
        return change

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

    def _on_counted(self) -> None:
        self.past.measure_again()
