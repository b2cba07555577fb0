"""A row's probabilities as its convention reads them, and what is made of all of them: Brier score and rounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.looks import Cells, Floats, Reduced
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.reductions import row_sums


@dataclass(eq=False, slots=True)
class Shares:
    """A row's probabilities as the convention reads them: its cells, or exp(cell - top), over ``divisor``.

    ``top``, ``other`` and ``label`` are the largest, the largest besides the label's, and the label's.
    ``divisor`` is None where cells are read as they are.
    """

    divisor: Floats | None
    top: Floats
    other: Floats
    label: Floats
    logits: bool

    @classmethod
    def of(cls, row: Reduced, rows: Rows) -> Shares:
        """The probabilities of these rows."""
        logits = rows is Rows.LOGITS
        if rows is Rows.AS_TYPED:
            return cls(None, row.top, row.other, row.own, logits)
        known = [row.top, row.other, row.own]
        if logits:
            known = [np.exp(cells - row.top) for cells in known]
        top, other, label = (cells / row.spread for cells in known)
        return cls(row.spread, top, other, label, logits)

    def all(self, cells: Cells, row: Reduced, rows: NDArray[np.intp]) -> Floats:
        """Every probability of some of the rows, shape (k, C)."""
        exact = cells[rows].astype(np.float64)
        if self.logits:
            exact = np.exp(exact - row.top[rows, np.newaxis])
        if self.divisor is not None:
            exact /= self.divisor[rows, np.newaxis]
        return exact


def brier(cells: Cells, label: Labels, row: Reduced, shares: Shares) -> Floats:
    """The squared distance of each row's probabilities from its one-hot label."""
    others = row.squares
    lost = ~np.isfinite(others)
    if shares.divisor is not None:
        others = others / np.square(shares.divisor)
        lost = ~np.isfinite(others) | (np.abs(shares.divisor) < 1e-100)
    again = np.flatnonzero(lost)
    if again.size:  # squares too large or too small for a float64, which the probabilities may not be
        exact = shares.all(cells, row, again)
        exact[np.arange(len(again)), label[again]] = 0.0
        others[again] = row_sums(np.square(exact))
    found: Floats = others + np.square(1 - shares.label)
    return found


def rounded(cells: Cells, label: Labels, row: Reduced, shares: Shares) -> NDArray[np.int32]:
    """How many of each row's probabilities round to what its one-hot label has there.

    Where what is left besides the largest of the others is less than a half, none of it rounds to 1, so
    most rows need no second look.
    """
    few = shares.other <= 0.5
    right = (shares.label > 0.5) & (shares.label < 1.5)
    agree = np.add(few, right, dtype=np.int32)
    agree += cells.shape[1] - 2
    again = np.flatnonzero(~few if shares.logits else ~few | row.negative)
    if not shares.logits:
        again = again[~_little_left(row, shares, again)]
    if again.size:
        same = np.rint(shares.all(cells, row, again)) == 0
        same[np.arange(len(again)), label[again]] = right[again]
        agree[again] = same.sum(axis=1)
    return agree


def _little_left(row: Reduced, shares: Shares, which: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether less than a half is left besides the label's cell and the largest other; not told of odd rows."""
    total, other, label = row.total[which], row.other[which], shares.label[which]
    divisor = np.ones(len(which)) if shares.divisor is None else shares.divisor[which]
    rest = (total - other) / divisor - label
    little: NDArray[np.bool_] = (rest < 0.499) & (total < 1e6 * divisor)  # beyond, rounding eats the rest
    return little & ~row.negative[which]
