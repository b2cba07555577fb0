"""From a block of rows to each row's numbers; a row's numbers never depend on its block.

That law is why the kernels look as they do: the way a row is summed is chosen by the number of classes
and the dtype alone, blocks are in C order, and logarithms are always taken of arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntFlag
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.reductions import Cells, reduced, row_sums

Floats = NDArray[np.float64]


class Flag(IntFlag):
    """What is true of one row; eight bits."""

    COUNTED = 1
    """It has a label."""
    HIT = 2
    """The prediction, the first maximal cell, is the label."""
    HIT_ANY = 4
    """The label's cell is maximal, alone or tied."""
    HIT_UNIQUE = 8
    """The label's cell is the only maximal one."""
    CAN_BE_RIGHT = 16
    """With p(label) and the row's sum held, moving the other cells can make it right, or it is."""
    MUST_BE_RIGHT = 32
    """With p(label) and the row's sum held, no move of the other cells makes it wrong."""
    SUM_OFF = 64
    """Cells read as probabilities that do not sum to 1 within the tolerance scikit-learn has."""
    OUTSIDE = 128
    """A cell is not finite or, read as a probability, outside 0..1."""


@dataclass(eq=False, slots=True)
class RowStats:
    """One number a row in each column; every column has shape (n,).

    ``loss`` is in nats, float64, and NaN where there is no label; ``p_label`` and ``margin`` (p(label)
    minus the largest other cell; the same in z for logits) are NaN there too. ``total`` is the sum of
    the row's cells. ``prediction`` is the first maximal index of the row as given; a NaN counts as
    maximal, and such a row is never a hit. ``flags`` holds Flag bits.
    """

    loss: Floats
    p_label: Floats
    margin: Floats
    total: Floats
    prediction: NDArray[np.int32]
    flags: NDArray[np.uint8]

    @classmethod
    def empty(cls, rows: int) -> RowStats:
        """Columns of this length, to be filled by ``put``."""
        loss, p_label, margin, total = (np.empty(rows) for _ in range(4))
        return cls(loss, p_label, margin, total, np.empty(rows, np.int32), np.empty(rows, np.uint8))

    def __len__(self) -> int:
        return len(self.loss)

    def __getitem__(self, rows: slice | NDArray[np.intp]) -> RowStats:
        return RowStats(*(getattr(self, column.name)[rows] for column in fields(self)))

    def put(self, rows: slice | NDArray[np.intp], new: RowStats) -> None:
        """Write other rows' numbers over these rows."""
        for column in fields(self):
            getattr(self, column.name)[rows] = getattr(new, column.name)

    def has(self, flag: Flag) -> NDArray[np.bool_]:
        """Which rows have this flag, shape (n,)."""
        found: NDArray[np.bool_] = (self.flags & np.uint8(flag)) != 0
        return found


def sum_tolerance(dtype: np.dtype[Any]) -> float:
    """How far a row of this dtype may sum from 1 unflagged: sqrt(eps) + 1e-8, as scikit-learn warns."""
    return float(np.sqrt(np.finfo(dtype).eps)) + 1e-8


def row_stats(cells: Cells, labels: Labels, convention: Convention) -> RowStats:
    """The numbers of each row of a block: ``cells`` (n, C) in C order, ``labels`` (n,), -1 for none."""
    classes, logits = cells.shape[1], convention.rows is Rows.LOGITS
    counted = labels >= 0
    label = np.where(counted, labels, 0)
    with np.errstate(all="ignore"):
        row = reduced(cells, label, logits)
        p_label = cells.reshape(-1).take(np.arange(len(cells)) * classes + label).astype(np.float64)
        hit = (row.prediction == label) & ~np.isnan(row.top)
        movable = np.isfinite(row.total)
        if logits:
            loss = (row.top - p_label) + np.log(row.spread)  # this order is finite and never negative
            outside, sum_off = ~movable, np.zeros_like(movable)
            excess = np.where(hit, np.log(2.0), np.log(classes)) - loss
        else:
            loss = _losses(cells, p_label, row.total, convention)
            movable &= ~row.negative
            outside = ~(movable & (row.top <= 1))
            sum_off = ~(np.abs(row.total - 1) <= sum_tolerance(cells.dtype))
            excess = _excess(cells, p_label, row.total, np.where(hit, 2.0, classes))
        movable &= classes > 2  # p(label) and the sum of two cells leave nothing to move
        # Is p(label) enough against all that is left, heaped on one rival or spread evenly over all?
        enough = (excess > 0) | ((excess == 0) & (label == 0))
        can, must = hit | (movable & enough), hit & (enough | ~movable)
        flags = np.zeros(len(cells), np.uint8)
        for bit, true in enumerate((counted, hit, p_label >= row.other, p_label > row.other, can, must)):
            flags |= (true & counted).view(np.uint8) << np.uint8(bit)
        flags |= (sum_off.view(np.uint8) << np.uint8(6)) | (outside.view(np.uint8) << np.uint8(7))
        margin = (p_label - row.other) + 0.0  # plus 0.0, so that a tie of 0.0 and -0.0 has one sign
    for column in (loss, p_label, margin):
        column[~counted] = np.nan
    for column in (loss, margin, row.total):
        column[np.isnan(column)] = np.nan  # of its many bit patterns always the same one
    return RowStats(loss, p_label, margin, row.total, row.prediction.astype(np.int32), flags)


def _excess(cells: Cells, p_label: Floats, total: Floats, parts: Floats) -> Floats:
    """p(label) times ``parts`` minus the row's sum, with the sign it has before rounding.

    Rows that lie so near 0 that rounding could decide, such as (0.1, ... 0.1), are looked at again: they
    are even, or added up exactly.
    """
    excess = p_label * parts - total
    near = np.flatnonzero(np.abs(excess) <= total * (cells.shape[1] * np.finfo(np.float64).eps))
    if near.size:
        even = (cells[near] == cells[near, :1]).all(axis=1)
        excess[near[even]] = 0.0
        for row in near[~even].tolist():
            excess[row] = -fsum([*cells[row].tolist(), *[-p_label[row]] * int(parts[row])])
    return excess


def _losses(cells: Cells, p_label: Floats, total: Floats, convention: Convention) -> Floats:
    """-ln p(label) of rows of probabilities, by the convention's order of clip and division."""
    eps = convention.eps(cells.dtype)
    p = p_label
    if convention.rows is Rows.NORMALISED:
        if eps and convention.clip_first:
            clipped = np.clip(cells.astype(np.float64), eps, 1 - eps)
            p, eps = np.clip(p, eps, 1 - eps) / row_sums(clipped), 0.0
        else:
            p = p / total
    if eps:
        p = np.clip(p, eps, 1 - eps)
    return 0.0 - np.log(p)  # 0.0 minus, so that p = 1 costs 0.0 and not -0.0
