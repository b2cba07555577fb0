"""What can be changed, as values that know their inverse.

``apply`` changes the state in place and gives back the inverse and the rows whose numbers may differ
now, or ALL. It raises Refusal, having changed nothing, when the edit does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.predictions import NO_LABEL, Labels, Predictions, Probs, Weights
from lossacc_gui.core.refusal import Refusal
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
        touched = (
            self.rows[:1] if len(self.rows) and (self.rows == self.rows[0]).all() else np.unique(self.rows)
        )
        return replace(self, values=old), touched

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
class InsertRows:
    """Insert rows that will stand at the indices ``rows`` (k,), ascending, of the larger matrix.

    ``probs`` has shape (E, k, C), ``labels`` (k,), ``weights`` (k,): None is 1 each where rows have weights.
    ``pinned`` (k,) says which rows of the baseline come back, where they do.
    """

    rows: NDArray[np.intp]
    probs: Probs
    labels: Labels
    weights: Weights | None = None
    pinned: NDArray[np.intp] | None = None

    def apply(self, state: State) -> tuple[DeleteRows, Touched]:
        """See Edit."""
        old, baseline = state.predictions, state.baseline
        if baseline is not None and baseline.rows is not None:
            longer = baseline.rows.inserted(self.rows, old.rows + len(self.rows), self.pinned)
            state.baseline = replace(baseline, rows=longer)
        kept = np.ones(old.rows + len(self.rows), bool)
        kept[self.rows] = False
        probs = np.empty((old.epochs, len(kept), old.classes), old.probs.dtype)
        labels = np.empty(len(kept), np.int32)
        probs[:, kept], probs[:, ~kept] = old.probs, rounded(self.probs, old)
        labels[kept], labels[~kept] = old.labels, self.labels
        weights = old.weights
        if old.weights is not None:
            weights = np.ones(len(kept))
            weights[kept] = old.weights
            if self.weights is not None:
                weights[~kept] = self.weights
        state.predictions = Predictions(probs, labels, old.class_names, weights=weights)
        return DeleteRows(self.rows), ALL

    def idle(self, state: State) -> bool:
        """See Edit."""
        return len(self.rows) == 0

    def cells(self, state: State) -> int:
        """See Edit."""
        return state.predictions.probs.size + self.probs.size


@dataclass(frozen=True, eq=False, slots=True)
class DeleteRows:
    """Delete these ``rows`` (k,), ascending. One row has to stay."""

    rows: NDArray[np.intp]

    def apply(self, state: State) -> tuple[InsertRows, Touched]:
        """See Edit."""
        old = state.predictions
        if len(self.rows) >= old.rows:
            raise Refusal("rows", "no row would be left", "keep one, or make a new matrix with File > New")
        kept = np.ones(old.rows, bool)
        kept[self.rows] = False
        gone, weights = None, old.weights
        if weights is not None:
            gone, weights = weights[~kept], weights[kept]
        baseline, pinned = state.baseline, None
        if baseline is not None and baseline.rows is not None:
            left, pinned = baseline.rows.without(self.rows, old.rows)
            state.baseline = replace(baseline, rows=left)
        inverse = InsertRows(self.rows, old.probs[:, ~kept], old.labels[~kept], gone, pinned)
        probs = np.ascontiguousarray(old.probs[:, kept])
        state.predictions = Predictions(probs, old.labels[kept], old.class_names, weights=weights)
        return inverse, ALL

    def idle(self, state: State) -> bool:
        """See Edit."""
        return len(self.rows) == 0

    def cells(self, state: State) -> int:
        """See Edit."""
        return state.predictions.probs.size


@dataclass(frozen=True, eq=False, slots=True)
class InsertClass:
    """Insert a class before ``column`` with its cells ``probs`` (E, N).

    ``labelled`` rows, which have had no label, get its label. ``weight`` is what it gets where classes
    have weights: 1, what a class without a weight has, unless it comes back with its own.
    """

    column: int
    name: str
    probs: Probs
    labelled: NDArray[np.intp]
    weight: float = 1.0

    def apply(self, state: State) -> tuple[DeleteClass, Touched]:
        """See Edit."""
        old = state.predictions
        names = list(old.class_names)
        names.insert(self.column, checked_name(self.name, old.class_names))
        taken = self.labelled[old.labels[self.labelled] != NO_LABEL]
        if taken.size:  # deleting the class again could not give their labels back
            raise Refusal(f"row {taken[0] + 1}, label", "the row has one", "take the label away first")
        probs = np.insert(old.probs, self.column, rounded(self.probs, old), axis=2)
        labels = old.labels + (old.labels >= self.column).astype(np.int32)
        labels[self.labelled] = self.column
        if (weights := state.convention.weights) is not None:
            weights = (*weights[: self.column], self.weight, *weights[self.column :])
            state.convention = replace(state.convention, weights=weights)
        state.predictions = Predictions(
            np.ascontiguousarray(probs), labels, tuple(names), weights=old.weights
        )
        return DeleteClass(self.column), ALL

    def idle(self, state: State) -> bool:
        """See Edit."""
        return False

    def cells(self, state: State) -> int:
        """See Edit."""
        return state.predictions.probs.size + self.probs.size


@dataclass(frozen=True, eq=False, slots=True)
class DeleteClass:
    """Delete the class ``column``, and its weight if it has one; its rows lose their label.

    Two classes have to stay, and one whose weight is not 0.
    """

    column: int

    def apply(self, state: State) -> tuple[InsertClass, Touched]:
        """See Edit."""
        old = state.predictions
        if old.classes <= 2:
            raise Refusal("classes", "fewer than two would be left", "keep at least two classes")
        weight, convention = 1.0, state.convention
        if (weights := convention.weights) is not None:
            weight, rest = weights[self.column], weights[: self.column] + weights[self.column + 1 :]
            convention = replace(convention, weights=rest)  # refuses when only zeros are left
        labelled = np.flatnonzero(old.labels == self.column)
        inverse = InsertClass(
            self.column, old.class_names[self.column], old.probs[:, :, self.column].copy(), labelled, weight
        )
        labels = old.labels - (old.labels > self.column).astype(np.int32)
        labels[labelled] = NO_LABEL
        names = old.class_names[: self.column] + old.class_names[self.column + 1 :]
        probs = np.ascontiguousarray(np.delete(old.probs, self.column, axis=2))
        state.predictions = Predictions(probs, labels, names, weights=old.weights)
        state.convention = convention
        return inverse, ALL

    def idle(self, state: State) -> bool:
        """See Edit."""
        return False

    def cells(self, state: State) -> int:
        """See Edit."""
        return state.predictions.probs.size


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

    The parts of the present state are kept whole in the inverse, so undoing a load is a swap.
    """

    state: State
    what: str = "Replace everything"

    def apply(self, state: State) -> tuple[Replace, Touched]:
        """See Edit."""
        old = replace(state)
        new = self.state
        check_weights(new.convention, new.predictions)
        state.predictions, state.convention = new.predictions, new.convention
        state.baseline, state.source, state.page = new.baseline, new.source, new.page
        return Replace(old, self.what), ALL

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
