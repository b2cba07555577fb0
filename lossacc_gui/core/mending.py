"""The edit that puts right what a file meant otherwise; see ``edits`` and ``detective``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.cells import Probs
from lossacc_gui.core.edits import ALL, Replace, Touched, rounded
from lossacc_gui.core.predictions import NO_LABEL, Labels, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State

BLOCK_CELLS = 1_048_576
"""Cells mended at a time."""


class Mending(StrEnum):
    """What is done to all of the predictions."""

    PERCENT = "Percentages divided by 100"
    UNSOFTMAX = "One softmax undone"
    TRANSPOSE = "Rows and classes exchanged"
    LABELS_DOWN = "Labels counted from 0"
    COLUMNS = "Columns put under their classes"


@dataclass(frozen=True, eq=False, slots=True)
class Mend:
    """Mend everything in one way; ``order`` (C,) is for COLUMNS: what stands in ``order[i]`` belongs to i."""

    how: Mending
    order: NDArray[np.intp] | None = None

    def apply(self, state: State) -> tuple[Replace, Touched]:
        """See Edit. Raises Refusal where it does not fit, or where cells live in a file."""
        old = replace(state)
        given = state.predictions
        if self.how is Mending.LABELS_DOWN:
            state.predictions = replace(given, labels=_down(given.labels))
        elif state.source.mapped:
            what = "the cells live in a file that is too large to be copied"
            raise Refusal("", what, "choose the convention that reads them so, or write the file anew")
        elif self.how is Mending.TRANSPOSE:
            state.predictions = _transposed(given)
        elif self.how is Mending.COLUMNS:
            state.predictions = replace(given, probs=self._moved(given))
        else:
            state.predictions = replace(given, probs=self._made(given))
        shifts = None if self.how is Mending.TRANSPOSE else ()
        return Replace(old, f"{self.how.value}, undone", shifts), ALL

    def idle(self, state: State) -> bool:
        """See Edit."""
        return False

    def cells(self, state: State) -> int:
        """See Edit."""
        return state.predictions.probs.size

    def _made(self, given: Predictions) -> Probs:
        """The cells of every row anew, block by block: what is between has float64."""
        new = np.empty_like(given.probs)
        step = max(1, BLOCK_CELLS // given.classes)
        for epoch in range(given.epochs):
            for start in range(0, given.rows, step):
                cells = given.probs[epoch, start : start + step].astype(np.float64)
                made = cells / 100 if self.how is Mending.PERCENT else unsoftmaxed(cells)
                new[epoch, start : start + step] = rounded(made, given)
        return new

    def _moved(self, given: Predictions) -> Probs:
        order = self.order
        if order is None or not np.array_equal(np.sort(order), np.arange(given.classes)):
            raise Refusal("classes", "the order does not name each of them once", "open the file again")
        return np.ascontiguousarray(given.probs[:, :, order])


def unsoftmaxed(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows (n, C), each summing to 1, whose softmax these are: ln p plus what makes the sum 1."""
    with np.errstate(all="ignore"):
        logs = np.log(cells)
        inner: NDArray[np.float64] = logs + (1 - logs.sum(axis=1, keepdims=True)) / cells.shape[1]
    return inner


def _down(labels: Labels) -> Labels:
    counted = labels[labels != NO_LABEL]
    if counted.size and counted.min() < 1:
        raise Refusal("labels", "one of them is 0 already", "they count from 0")
    return np.where(labels == NO_LABEL, NO_LABEL, labels - 1).astype(np.int32)


def _transposed(given: Predictions) -> Predictions:
    """Rows as classes and classes as rows; labels and names were those of the other axis."""
    if given.rows < 2:
        raise Refusal("predictions", "there would be one class only", "give at least two rows")
    probs = np.ascontiguousarray(given.probs.transpose(0, 2, 1))
    return Predictions.of(probs)
