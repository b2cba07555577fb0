"""Edits of the shape: rows and classes that come and go. See ``edits``."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.cells import Probs
from lossacc_gui.core.edits import ALL, Touched, checked_name, rounded
from lossacc_gui.core.predictions import NO_LABEL, Labels, Predictions, Weights
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State


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
