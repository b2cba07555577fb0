"""What can be changed, as values that know their inverse.

``apply`` changes the state in place and gives back the inverse and the rows whose numbers may differ
now, or ALL. It raises Refusal, having changed nothing, when the edit does not fit. Rows and classes that come
and go are in ``shape_edits``, whole rows and several edits as one in ``bulk``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.cells import Probs
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.predictions import NO_LABEL, Labels, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.shifts import Shifts, backwards
from lossacc_gui.core.state import Baseline, State

Touched = NDArray[np.intp] | None
ALL: Touched = None
"""Every row may have changed, or the shape has."""

NONE: NDArray[np.intp] = np.empty(0, np.intp)
"""No row's numbers have changed."""

COMPARED = 65_536
"""Cells compared at a time with what is there."""


class Edit(Protocol):
    """One change that is asked for."""

    def apply(self, state: State) -> tuple[Edit, Touched]:
        """Change the state; the inverse edit and the rows touched."""

    def idle(self, state: State) -> bool:
        """Whether applying would change nothing."""

    def cells(self, state: State) -> int:
        """How many cells have to be computed or copied: what decides whether it needs a job."""


@dataclass(frozen=True, eq=False, slots=True)
class SetCells:
    """Put ``values`` (k,) into the cells (``rows``[i], ``columns``[i]) of one epoch."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: NDArray[np.floating[Any]]
    epoch: int = 0

    def apply(self, state: State) -> tuple[SetCells, NDArray[np.intp]]:
        """See Edit."""
        matrix = state.predictions.probs[self.epoch]
        old = matrix[self.rows, self.columns]
        matrix[self.rows, self.columns] = self.stored(state)
        one = len(self.rows) > 0 and (self.rows == self.rows[0]).all()
        return replace(self, values=old), self.rows[:1] if one else distinct(self.rows)

    def idle(self, state: State) -> bool:
        """See Edit. Compared by bits, so that NaN equals NaN, and block by block: mostly the first differs."""
        held, matrix = state.predictions, state.predictions.probs[self.epoch]
        blocks = (slice(at, at + COMPARED) for at in range(0, len(self.rows), COMPARED))
        return all(
            matrix[self.rows[part], self.columns[part]].tobytes()
            == rounded(self.values[part], held).tobytes()
            for part in blocks
        )

    def cells(self, state: State) -> int:
        """See Edit. Each row it touches is computed whole; rows that come back later are counted again."""
        rows = min(1, len(self.rows)) + int(np.count_nonzero(np.diff(self.rows)))
        return rows * state.predictions.classes

    def stored(self, state: State) -> Probs:
        """The values as the predictions' own dtype rounds them."""
        return rounded(self.values, state.predictions)


@dataclass(frozen=True, eq=False, slots=True)
class SetLabels:
    """Give ``rows`` (k,) these ``labels`` (k,); -1 takes the label away."""

    rows: NDArray[np.intp]
    labels: Labels

    def apply(self, state: State) -> tuple[SetLabels, NDArray[np.intp]]:
        """See Edit."""
        predictions = state.predictions
        bad = np.flatnonzero((self.labels < NO_LABEL) | (self.labels >= predictions.classes))
        if bad.size:
            raise Refusal(
                f"row {self.rows[bad[0]] + 1}, label",
                f"{self.labels[bad[0]]} is no class",
                f"use 0 to {predictions.classes - 1}, or -1 for no label",
            )
        old = predictions.labels[self.rows]
        predictions.labels[self.rows] = self.labels
        return SetLabels(self.rows, old), self.rows

    def idle(self, state: State) -> bool:
        """See Edit."""
        return bool(np.array_equal(state.predictions.labels[self.rows], self.labels))

    def cells(self, state: State) -> int:
        """See Edit."""
        return len(self.rows) * state.predictions.classes


@dataclass(frozen=True, eq=False, slots=True)
class RenameClass:
    """Give the class ``column`` another name."""

    column: int
    name: str

    def apply(self, state: State) -> tuple[RenameClass, Touched]:
        """See Edit."""
        names = list(state.predictions.class_names)
        old = names.pop(self.column)
        names.insert(self.column, checked_name(self.name, names))
        state.predictions.class_names = tuple(names)
        return RenameClass(self.column, old), NONE

    def idle(self, state: State) -> bool:
        """See Edit."""
        return state.predictions.class_names[self.column] == self.name.strip()

    def cells(self, state: State) -> int:
        """See Edit."""
        return 0


@dataclass(frozen=True, eq=False, slots=True)
class SetConvention:
    """Read the rows under another convention."""

    convention: Convention

    def apply(self, state: State) -> tuple[SetConvention, Touched]:
        """See Edit. Unit, reduction and class weights act on the tally: no row's loss changes with them."""
        check_weights(self.convention, state.predictions)
        old, state.convention = state.convention, self.convention
        return SetConvention(old), NONE if self.convention.same_rows(old) else ALL

    def idle(self, state: State) -> bool:
        """See Edit."""
        return state.convention == self.convention

    def cells(self, state: State) -> int:
        """See Edit."""
        return 0 if self.convention.same_rows(state.convention) else state.predictions.probs[0].size


@dataclass(frozen=True, eq=False, slots=True)
class SetBaseline:
    """Pin numbers to compare with, or none."""

    baseline: Baseline | None

    def apply(self, state: State) -> tuple[SetBaseline, Touched]:
        """See Edit."""
        old, state.baseline = state.baseline, self.baseline
        return SetBaseline(old), NONE

    def idle(self, state: State) -> bool:
        """See Edit."""
        return state.baseline == self.baseline

    def cells(self, state: State) -> int:
        """See Edit."""
        return 0


@dataclass(frozen=True, eq=False, slots=True)
class Replace:
    """Put another state in the present one's place. ``what`` names the step.

    The parts of the present state are kept whole in the inverse, so undoing a load is a swap. ``shifts`` say
    which rows came and went where the others are those there were, in their order; else None. ``opens`` says
    that other work begins with it, even where its source is called the same, as all that is new is.
    """

    state: State
    what: str = "Replace everything"
    shifts: Shifts | None = None
    opens: bool = False

    def apply(self, state: State) -> tuple[Replace, Touched]:
        """See Edit."""
        old = replace(state)
        new = self.state
        check_weights(new.convention, new.predictions)
        state.predictions, state.convention = new.predictions, new.convention
        state.baseline, state.source, state.page = new.baseline, new.source, new.page
        return Replace(old, self.what, backwards(self.shifts), self.opens), ALL

    def idle(self, state: State) -> bool:
        """See Edit."""
        return False

    def cells(self, state: State) -> int:
        """See Edit."""
        return int(self.state.predictions.probs[0].size)


def rounded(values: NDArray[np.floating[Any]], predictions: Predictions) -> Probs:
    """Values as the predictions' own dtype rounds them; what is too large for it becomes infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return values.astype(predictions.probs.dtype)


def check_weights(convention: Convention, predictions: Predictions) -> None:
    """Raises Refusal when there are class weights and not as many as classes."""
    if convention.weights is not None and len(convention.weights) != predictions.classes:
        raise Refusal(
            "class weights",
            f"there are {len(convention.weights)}, and {predictions.classes} classes",
            "give one weight for each class",
        )


def checked_name(name: str, taken: tuple[str, ...] | list[str]) -> str:
    """A class name without blanks around it. Raises Refusal when it is empty or taken."""
    name = name.strip()
    if not name:
        raise Refusal("class name", "it is empty", "type a name")
    if name in taken:
        raise Refusal("class name", f"{name!r} is taken", "give every class a name of its own")
    return name
