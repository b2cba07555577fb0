"""An edit too large for a frame: made beside the present state in a job, then swapped in as one step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.bulk import MakeRows, SetRows, parts_of, shifts_of
from lossacc_gui.core.change import Change
from lossacc_gui.core.compact import bytes_of
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.edits import Edit, Replace, SetCells, SetConvention, SetLabels, Touched
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.state import State
from lossacc_gui.session.ground import firm
from lossacc_gui.session.jobs import Report, Stop


@dataclass(frozen=True, eq=False, slots=True)
class Swap(Replace):
    """Puts a state in place that was made beside, and keeps the other whole, so that undoing is a swap.

    ``again`` makes the same of the present state, and ``back`` undoes it, where both are small: by them a
    step can be done that no longer keeps a whole state. None where there are no such edits.
    """

    again: Edit | None = None
    back: Edit | None = None

    def apply(self, state: State) -> tuple[Swap, Touched]:
        """See Edit."""
        inverse, rows = Replace.apply(self, state)
        what, shifts, opens = inverse.what, inverse.shifts, inverse.opens
        return Swap(inverse.state, what, shifts, opens, again=self.back, back=self.again), rows


@dataclass(eq=False, slots=True)
class LargeEdit:
    """One edit on its way, and what else happened to the document meanwhile.

    ``state`` is a copy of the document's state at the start; its arrays are the document's own until
    the edit makes new ones.
    """

    edit: Edit
    what: str
    clean: bool
    aside: str
    state: State
    epoch: int
    rows: list[NDArray[np.intp]] = field(default_factory=list)
    reshaped: bool = False
    replaced: bool = False
    reread: bool = False
    turned: bool = False
    inverse: Edit | None = None
    """What undoes it, once it is made."""
    began: Convention = field(init=False)
    """The convention when it began."""

    def __post_init__(self) -> None:
        self.began = self.state.convention

    def make(self, report: Report, stop: Stop) -> Evaluation | None:
        """Do the edit on the copy, in the worker's thread; what it means then, or None where nothing changes."""
        if self.edit.idle(self.state):
            return None
        old = self.state.predictions
        parts = parts_of(self.edit)  # the others make new arrays by themselves
        if any(isinstance(part, SetCells | SetRows | MakeRows) for part in parts):
            self.state.predictions = old = replace(old, probs=old.probs.copy())
        if any(isinstance(part, SetLabels) for part in parts):
            self.state.predictions = replace(old, labels=old.labels.copy())
        self.inverse, _ = self.edit.apply(self.state)
        shown = min(self.epoch, self.state.predictions.epochs - 1)
        stop = firm(self.state, stop)
        return evaluate(self.state.predictions, self.state.convention, shown, report, stop)

    def hear(self, change: Change) -> None:
        """Take note of a change that came while the edit was being made."""
        if change.rows is not None:  # not ALL
            self.rows.append(change.rows)
        elif change.source:
            self.replaced = True
        elif change.shape:
            self.reshaped = True
        else:
            self.reread = True

    @property
    def lost(self) -> str:
        """Why the edit has no place in the present state any more, or nothing."""
        if self.replaced:
            return "other predictions were opened meanwhile"
        if self.reshaped and not isinstance(self.edit, SetConvention):
            return "rows or classes were changed meanwhile"
        return ""

    def stale(self, epoch: int) -> bool:
        """Whether it has to be made again from the present state."""
        touched = bool(self.rows) and not isinstance(self.edit, SetConvention)
        return touched or self.reshaped or self.reread or self.turned or epoch != self.epoch

    def swap(self, evaluation: Evaluation, now: State) -> Edit:
        """The edit that puts the result in the place of ``now``, keeping what is no part of the edit."""
        if isinstance(self.edit, SetConvention):
            asked = self.edit.convention
            evaluation.convention = _with_sums(asked, now.convention, self.began)
            for rows in self.rows:
                evaluation.refresh(rows)
            return SetConvention(evaluation.convention)
        small: tuple[Edit | None, Edit | None] = (None, None)
        if not isinstance(self.edit, Replace):
            small = self._small(now)
            kept = self.state.predictions.probs is now.predictions.probs
            source = replace(now.source, mapped=now.source.mapped and kept)
            # Its own convention: a class that came or went took its weight along.
            same = self.state.baseline == now.baseline  # then it knows by now which rows came or went
            baseline = self.state.baseline if same else now.baseline
            self.state = State(self.state.predictions, self.state.convention, baseline, source)
        opens = isinstance(self.edit, Replace) and self.edit.opens
        return Swap(self.state, self.what, shifts_of(self.edit), opens, *small)

    def _small(self, now: State) -> tuple[Edit, Edit] | tuple[None, None]:
        """The edit and its inverse, where they are small beside the state and lead to the very same.

        They know neither of a file the cells were mapped from, nor of a baseline pinned meanwhile.
        """
        pinned = now.baseline is not None and now.baseline.rows is not None
        if self.inverse is None or now.source.mapped or pinned:
            return None, None
        small = bytes_of(self.edit) + bytes_of(self.inverse) < now.predictions.probs.nbytes // 4
        return (self.edit, self.inverse) if small else (None, None)


SUMMED = ("base", "reduction", "weights", "divisor")
"""What of a convention says how rows become one number, each chosen by itself."""


def _with_sums(asked: Convention, now: Convention, began: Convention) -> Convention:
    """The convention asked for, with each of unit, reduction, weights and divisor that was chosen since."""
    chosen = {name: getattr(now, name) for name in SUMMED if getattr(now, name) != getattr(began, name)}
    return replace(asked, **chosen)
