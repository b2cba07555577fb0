"""From a block of rows to each row's numbers; a row's numbers never depend on its block.

That law is why the kernels look as they do: the way a row is summed is chosen by the number of classes
and the dtype alone, blocks are in C order, and logarithms are always taken of arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntFlag
from operator import attrgetter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.looks import Cells, Glance, Look, Reduced
from lossacc_gui.core.losses import Read, as_read
from lossacc_gui.core.possible import enough
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.reductions import looked
from lossacc_gui.core.shares import Shares, brier, rounded

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
class Scores:
    """The numbers that are asked for most, one a row in each column; every column has shape (n,).

    ``loss`` is in nats, float64, and NaN where there is no label. ``total`` is the sum of the row's cells.
    ``prediction`` is the first maximal index of the row as given; a NaN counts as maximal, and such a row is
    never a hit. ``flags`` holds Flag bits; of scores alone only COUNTED, HIT, SUM_OFF and OUTSIDE.
    """

    loss: Floats
    total: Floats
    prediction: NDArray[np.int32]
    flags: NDArray[np.uint8]

    @classmethod
    def empty(cls, rows: int) -> Self:
        """Columns of this length, to be filled by ``put``."""
        return cls(*(np.empty(rows, _TYPES.get(column.name, np.float64)) for column in fields(cls)))

    def __len__(self) -> int:
        return len(self.loss)

    def __getitem__(self, rows: slice | NDArray[np.intp]) -> Self:
        return type(self)(*(column[rows] for column in self.columns))

    def put(self, rows: slice | NDArray[np.intp], new: Self) -> None:
        """Write other rows' numbers over these rows."""
        for column, written in zip(self.columns, new.columns, strict=True):
            column[rows] = written

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """Its columns, in the order they are listed in."""
        return _COLUMNS[type(self)](self)

    def has(self, flag: Flag) -> NDArray[np.bool_]:
        """Which rows have this flag, shape (n,)."""
        found: NDArray[np.bool_] = (self.flags & np.uint8(flag)) != 0
        return found


@dataclass(eq=False, slots=True)
class RowStats(Scores):
    """And the others: all numbers of each row.

    ``p_label`` and ``margin`` (p(label) minus the largest other cell; the same in z for logits) are NaN where
    there is no label.

    Of the row's probabilities (its cells, divided by their sum where the convention normalises, or the
    softmax of logits) ``confidence`` is the largest, ``brier`` the sum over the classes of the squared
    distance from 1 at the label and 0 elsewhere, NaN where there is no label, and ``rounded`` the number of
    them that are 1 at the label and 0 elsewhere once rounded, halves to even. ``rank_low`` is how many
    cells are larger than the label's, ``rank_high`` how many are at least as large, besides itself; a NaN
    counts as larger, and the label's own NaN ranks behind all, at C. The three counts are -1 where there
    is no label. ``label`` is the label these numbers were made with, -1 for none.
    """

    p_label: Floats
    margin: Floats
    confidence: Floats
    brier: Floats
    rank_low: NDArray[np.int32]
    rank_high: NDArray[np.int32]
    rounded: NDArray[np.int32]
    label: NDArray[np.int32]


_TYPES: dict[str, type[np.generic]] = {
    "prediction": np.int32,
    "flags": np.uint8,
    "rank_low": np.int32,
    "rank_high": np.int32,
    "rounded": np.int32,
    "label": np.int32,
}


_COLUMNS: dict[type[Scores], Callable[[Scores], tuple[NDArray[Any], ...]]] = {
    kind: attrgetter(*(column.name for column in fields(kind))) for kind in (Scores, RowStats)
}


def sum_tolerance(dtype: np.dtype[Any]) -> float:
    """How far a row of this dtype may sum from 1 unflagged: sqrt(eps) + 1e-8, as scikit-learn warns."""
    return float(np.sqrt(np.finfo(dtype).eps)) + 1e-8


def row_scores(cells: Cells, labels: Labels, convention: Convention) -> Scores:
    """Loss, sum, prediction, hit and range of each row of a block: those of ``row_stats``, for half the work.

    ``cells`` (n, C) in C order, ``labels`` (n,), -1 for none.
    """
    with np.errstate(all="ignore"):
        block = _Block.of(cells, labels, convention)
        row, read = block.looked_at(Glance)
        return block.scores(row, read.loss, block.marks(row))


def row_stats(cells: Cells, labels: Labels, convention: Convention) -> RowStats:
    """The numbers of each row of a block: ``cells`` (n, C) in C order, ``labels`` (n,), -1 for none.

    A temperature changes ``loss``, ``p_label``, ``margin`` and what is possible, never who is right.
    """
    with np.errstate(all="ignore"):
        block = _Block.of(cells, labels, convention)
        row, read = block.looked_at(Reduced)
        marks = block.marks(row)
        _mark_rivals(marks, block, row, read)
        p_label = read.p_label
        margin = p_label - read.as_given(read.row.other)
        margin += 0.0  # so that a tie of 0.0 and -0.0 has one sign
        shares = Shares.of(read.row, read.rows)
        squared = brier(read.cells, block.label, read.row, shares)
        agree = rounded(read.cells, block.label, read.row, shares)
        scores = block.scores(row, read.loss, marks)
    high = np.subtract(row.level, row.own == row.own, dtype=np.int32)  # without itself, unless it is NaN
    for column in (p_label, margin, squared):
        block.clear(column, np.nan)
    for count in (row.above, high, agree):
        block.clear(count, -1)
    return RowStats(
        scores.loss,
        scores.total,
        scores.prediction,
        scores.flags,
        p_label,
        _one_nan(margin),
        _one_nan(shares.top),
        _one_nan(squared),
        row.above,
        high,
        agree,
        labels.astype(np.int32),
    )


@dataclass(eq=False, slots=True)
class _Block:
    """Rows to be looked at: ``label`` (n,) is a class everywhere, ``unlabelled`` which have none, or None."""

    cells: Cells
    label: Labels
    unlabelled: NDArray[np.bool_] | None
    convention: Convention

    @classmethod
    def of(cls, cells: Cells, labels: Labels, convention: Convention) -> _Block:
        """These rows, in the width that the convention computes in."""
        if convention.single:
            cells = cells.astype(np.float32)
        unlabelled = labels < 0
        if unlabelled.any():
            return cls(cells, np.maximum(labels, 0), unlabelled, convention)
        return cls(cells, labels, None, convention)

    def looked_at(self, how: type[Look]) -> tuple[Look, Read[Look]]:
        """The rows as they are given, and as the convention reads them."""
        row = looked(self.cells, self.label, self.convention.rows is Rows.LOGITS, how)
        return row, as_read(self.cells, self.label, row, self.convention)

    def marks(self, row: Glance) -> NDArray[np.bool_]:
        """Which rows have each Flag, (8, n): those of scores; the others have none yet."""
        marks = np.zeros((len(Flag), len(self.cells)), bool)
        counted, hit, *_, sum_off, outside = marks
        np.equal(row.prediction, self.label, out=hit)
        hit &= row.own == row.top  # which NaN does not
        counted[:] = True
        self.clear(hit, False)
        self.clear(counted, False)
        np.isfinite(row.total, out=outside)
        if self.convention.rows is not Rows.LOGITS:
            outside &= row.top <= 1
            outside &= ~row.negative
            off = np.abs(row.total - 1)
            np.logical_not(off <= sum_tolerance(self.cells.dtype), out=sum_off)
        np.logical_not(outside, out=outside)
        return marks

    def scores(self, row: Glance, loss: Floats, marks: NDArray[np.bool_]) -> Scores:
        """The scores of the rows; ``marks`` (8, n) are made flags of."""
        self.clear(loss, np.nan)
        flags = marks.view(np.uint8)
        flags *= _EACH_FLAG
        return Scores(
            _one_nan(loss),
            _one_nan(row.total),
            row.prediction.astype(np.int32),
            np.bitwise_or.reduce(flags, axis=0),
        )

    def clear(self, column: NDArray[Any], value: float) -> None:
        """Write the value in rows without a label."""
        if self.unlabelled is not None:
            column[self.unlabelled] = value


def _mark_rivals(marks: NDArray[np.bool_], block: _Block, row: Reduced, read: Read[Reduced]) -> None:
    """Mark, of all rows with a label, what depends on the other cells."""
    _, hit, hit_any, hit_unique, can, must, *_ = marks
    np.greater_equal(row.own, row.other, out=hit_any)
    np.greater(row.own, row.other, out=hit_unique)
    movable = np.isfinite(row.total)
    movable &= ~row.negative
    movable &= block.cells.shape[1] > 2  # p(label) and the sum of two cells leave nothing to move
    if read.softmax is not None:
        movable &= ~np.isnan(read.softmax)  # a row of zeros has no temperature
    holds = enough(block.cells, block.label, hit, row, read)
    np.logical_or(hit, movable & holds, out=can)
    np.logical_and(hit, holds | ~movable, out=must)
    for mark in (hit_any, hit_unique, can, must):
        block.clear(mark, False)


_EACH_FLAG = np.array([[flag] for flag in Flag], np.uint8)


def _one_nan(column: Floats) -> Floats:
    """The column, with one of the many bit patterns that NaN has."""
    if np.isnan(column.max(initial=-np.inf)):
        column[np.isnan(column)] = np.nan
    return column
