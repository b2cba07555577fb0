"""From a block of rows to each row's numbers; a row's numbers never depend on its block.

That law is why the kernels look as they do: the way a row is summed is chosen by the number of classes
and the dtype alone, blocks are in C order, and logarithms are always taken of arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.predictions import Labels

Cells = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]

SHORT_AXIS = 16
"""Up to this many classes a row is summed column by column, which is faster than numpy's own way."""


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
        floats = (np.empty(rows) for _ in range(4))
        return cls(*floats, np.empty(rows, np.int32), np.empty(rows, np.uint8))

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
        return (self.flags & np.uint8(flag)) != 0


def sum_tolerance(dtype: np.dtype[Any]) -> float:
    """How far a row of this dtype may sum from 1 unflagged: sqrt(eps) + 1e-8, as scikit-learn warns."""
    return float(np.sqrt(np.finfo(dtype).eps)) + 1e-8


def row_stats(cells: Cells, labels: Labels, convention: Convention) -> RowStats:
    """The numbers of each row of a block: ``cells`` (n, C) in C order, ``labels`` (n,), -1 for none."""
    here = np.arange(len(cells))
    counted = labels >= 0
    label = np.where(counted, labels, 0)
    with np.errstate(all="ignore"):
        prediction = cells.argmax(axis=1)
        top = cells[here, prediction]
        p_label = cells[here, label].astype(np.float64)
        other = _largest_other(cells, here, label).astype(np.float64)
        total = _row_sums(cells)
        finite = np.isfinite(total)
        if convention.rows is Rows.LOGITS:
            loss = _logit_losses(cells, top.astype(np.float64), p_label)
            movable, outside = finite, ~finite
            sum_off = np.zeros_like(finite)
            above_even, above_half = loss < np.log(cells.shape[1]), loss < np.log(2.0)
            at_half = loss == np.log(2.0)
        else:
            loss = _losses(cells, p_label, total, convention)
            low = cells.min(axis=1)
            movable = finite & (low >= 0)
            outside = ~(movable & (top <= 1))
            sum_off = ~(np.abs(total - 1) <= sum_tolerance(cells.dtype))
            above_even, above_half = p_label * cells.shape[1] > total, 2 * p_label > total
            at_half = 2 * p_label == total
        hit = (prediction == label) & ~np.isnan(top)
        can = hit | (movable & above_even)
        must = hit & (~movable | above_half | (at_half & (label == 0)))
        bits = (counted, hit, p_label >= other, p_label > other, can, must)
        flags = np.zeros(len(cells), np.uint8)
        for bit, true in enumerate(bits):
            flags |= (true & counted).view(np.uint8) << np.uint8(bit)
        flags |= (sum_off.view(np.uint8) << np.uint8(6)) | (outside.view(np.uint8) << np.uint8(7))
        margin = p_label - other
    for column in (loss, p_label, margin):
        column[~counted] = np.nan
    return RowStats(loss, p_label, margin, total, prediction.astype(np.int32), flags)


def _largest_other(cells: Cells, here: NDArray[np.intp], label: Labels) -> Cells:
    """The largest cell of each row besides the label's; NaN where one of those is NaN."""
    others = cells.copy()
    others[here, label] = -np.inf
    largest: Cells = others.max(axis=1)
    return largest


def _row_sums(cells: Cells) -> Floats:
    """Each row's sum in float64, the same bits alone as in a block."""
    if cells.shape[1] > SHORT_AXIS:
        sums: Floats = np.ascontiguousarray(cells, np.float64).sum(axis=1)
        return sums
    total = cells[:, 0].astype(np.float64)
    for column in range(1, cells.shape[1]):
        total += cells[:, column]
    return total


def _losses(cells: Cells, p_label: Floats, total: Floats, convention: Convention) -> Floats:
    """-ln p(label) of rows of probabilities, by the convention's order of clip and division."""
    eps = convention.eps(cells.dtype)
    p = p_label
    if convention.rows is Rows.NORMALISED:
        if eps and convention.clip_first:
            clipped = np.clip(np.ascontiguousarray(cells, np.float64), eps, 1 - eps)
            p, eps = np.clip(p, eps, 1 - eps) / _row_sums(clipped), 0.0
        else:
            p = p / total
    if eps:
        p = np.clip(p, eps, 1 - eps)
    return 0.0 - np.log(p)  # 0.0 minus, so that p = 1 costs 0.0 and not -0.0


def _logit_losses(cells: Cells, top: Floats, z_label: Floats) -> Floats:
    """-ln softmax(z)[label], in the order of operations that keeps it finite and never negative."""
    spread = np.exp(np.ascontiguousarray(cells, np.float64) - top[:, np.newaxis])
    return (top - z_label) + np.log(_row_sums(spread))
