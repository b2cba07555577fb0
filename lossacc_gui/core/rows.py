"""From a block of rows to each row's numbers; a row's numbers never depend on its block.

That law is why the kernels look as they do: the way a row is summed is chosen by the number of classes
and the dtype alone, blocks are in C order, and logarithms are always taken of arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntFlag
from math import fsum
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.losses import Read, as_read
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.reductions import Cells, Reduced, reduced, row_sums

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


OF_LABELLED = 6
"""So many flags, the first ones, are of rows with a label only."""


@dataclass(eq=False, slots=True)
class RowStats:
    """One number a row in each column; every column has shape (n,).

    ``loss`` is in nats, float64, and NaN where there is no label; ``p_label`` and ``margin`` (p(label)
    minus the largest other cell; the same in z for logits) are NaN there too. ``total`` is the sum of
    the row's cells. ``prediction`` is the first maximal index of the row as given; a NaN counts as
    maximal, and such a row is never a hit. ``flags`` holds Flag bits.

    Of the row's probabilities (its cells, divided by their sum where the convention normalises, or the
    softmax of logits) ``confidence`` is the largest, ``brier`` the sum over the classes of the squared
    distance from 1 at the label and 0 elsewhere, NaN where there is no label, and ``rounded`` the number of
    them that are 1 at the label and 0 elsewhere once rounded, halves to even. ``rank_low`` is how many
    cells are larger than the label's, ``rank_high`` how many are at least as large, besides itself; a NaN
    counts as larger, and the label's own NaN ranks behind all, at C. The three counts are -1 where there
    is no label. ``label`` is the label these numbers were made with, -1 for none.
    """

    loss: Floats
    p_label: Floats
    margin: Floats
    total: Floats
    prediction: NDArray[np.int32]
    flags: NDArray[np.uint8]
    confidence: Floats
    brier: Floats
    rank_low: NDArray[np.int32]
    rank_high: NDArray[np.int32]
    rounded: NDArray[np.int32]
    label: NDArray[np.int32]

    @classmethod
    def empty(cls, rows: int) -> RowStats:
        """Columns of this length, to be filled by ``put``."""
        loss, p_label, margin, total, confidence, brier = (np.empty(rows) for _ in range(6))
        prediction, low, high, rounded, label = (np.empty(rows, np.int32) for _ in range(5))
        flags = np.empty(rows, np.uint8)
        return cls(
            loss, p_label, margin, total, prediction, flags, confidence, brier, low, high, rounded, label
        )

    def __len__(self) -> int:
        return len(self.loss)

    def __getitem__(self, rows: slice | NDArray[np.intp]) -> RowStats:
        return RowStats(*(column[rows] for column in self.columns))

    def put(self, rows: slice | NDArray[np.intp], new: RowStats) -> None:
        """Write other rows' numbers over these rows."""
        for column, written in zip(self.columns, new.columns, strict=True):
            column[rows] = written

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """Its columns, in the order they are listed in."""
        return _columns(self)

    def has(self, flag: Flag) -> NDArray[np.bool_]:
        """Which rows have this flag, shape (n,)."""
        found: NDArray[np.bool_] = (self.flags & np.uint8(flag)) != 0
        return found


_columns: Callable[[RowStats], tuple[NDArray[Any], ...]] = attrgetter(
    *(column.name for column in fields(RowStats))
)


def sum_tolerance(dtype: np.dtype[Any]) -> float:
    """How far a row of this dtype may sum from 1 unflagged: sqrt(eps) + 1e-8, as scikit-learn warns."""
    return float(np.sqrt(np.finfo(dtype).eps)) + 1e-8


def row_stats(cells: Cells, labels: Labels, convention: Convention) -> RowStats:
    """The numbers of each row of a block: ``cells`` (n, C) in C order, ``labels`` (n,), -1 for none.

    A temperature changes ``loss``, ``p_label``, ``margin`` and what is possible, never who is right.
    """
    logits, counted = convention.rows is Rows.LOGITS, labels >= 0
    every = bool(counted.all())
    label = labels if every else np.where(counted, labels, 0)
    with np.errstate(all="ignore"):
        if convention.single:
            cells = cells.astype(np.float32)
        row = reduced(cells, label, logits)
        read = as_read(cells, label, row, convention)
        flags = _flags(cells, label, counted, row, read, logits)
        loss, p_label = read.loss, read.p_label
        margin = (p_label - read.other) + 0.0  # plus 0.0, so that a tie of 0.0 and -0.0 has one sign
        shares = Shares.of(read.row, read.rows)
        brier = _brier(read.cells, label, read.row, shares)
        rounded = _rounded(read.cells, label, read.row, shares)
    low, high = row.above, row.level - (row.own == row.own)  # itself, unless it is NaN
    if not every:
        for column in (loss, p_label, margin, brier):
            column[~counted] = np.nan
        for count in (low, high, rounded):
            count[~counted] = -1
    for column in (loss, margin, row.total, shares.top, brier):
        if np.isnan(column.max(initial=-np.inf)):
            column[np.isnan(column)] = np.nan  # of its many bit patterns always the same one
    return RowStats(
        loss,
        p_label,
        margin,
        row.total,
        row.prediction.astype(np.int32),
        flags,
        shares.top,
        brier,
        low,
        high,
        rounded,
        labels.astype(np.int32),
    )


def _flags(
    cells: Cells, label: Labels, counted: NDArray[np.bool_], row: Reduced, read: Read, logits: bool
) -> NDArray[np.uint8]:
    """The Flag bits of each row, (n,); ``row`` is of the cells as given, ``read`` as the convention reads them."""
    marks = np.zeros((len(Flag), len(cells)), bool)
    is_counted, hit, hit_any, hit_unique, can, must, sum_off, outside = marks
    is_counted[:] = counted
    np.equal(row.prediction, label, out=hit)
    hit &= row.own == row.top  # which NaN does not
    np.greater_equal(row.own, row.other, out=hit_any)
    np.greater(row.own, row.other, out=hit_unique)
    movable = np.isfinite(row.total)
    if logits:
        np.logical_not(movable, out=outside)
    else:
        movable &= ~row.negative
        np.logical_not(movable & (row.top <= 1), out=outside)
        off = np.abs(row.total - 1)
        np.logical_not(off <= sum_tolerance(cells.dtype), out=sum_off)
    movable &= cells.shape[1] > 2  # p(label) and the sum of two cells leave nothing to move
    if read.softmax is not None:
        movable &= ~np.isnan(read.softmax)  # a row of zeros has no temperature
    enough = _enough(cells, label, hit, row, read)
    np.logical_or(hit, movable & enough, out=can)
    np.logical_and(hit, enough | ~movable, out=must)
    marks[:OF_LABELLED] &= counted
    bits = marks.view(np.uint8)
    bits <<= np.arange(len(Flag), dtype=np.uint8)[:, np.newaxis]
    flags: NDArray[np.uint8] = np.bitwise_or.reduce(bits, axis=0)
    return flags


def _enough(
    cells: Cells, label: Labels, hit: NDArray[np.bool_], row: Reduced, read: Read
) -> NDArray[np.bool_]:
    """Whether p(label) holds against all that is left: heaped on one rival in a hit, else spread over all."""
    classes = cells.shape[1]
    if read.softmax is None:
        excess = _excess(cells, row.own, row.total, np.where(hit, 2.0, classes))
    else:
        excess = np.where(hit, np.log(2.0), np.log(classes)) - read.softmax
    enough: NDArray[np.bool_] = excess > 0
    even = np.flatnonzero(excess == 0)
    enough[even] = label[even] == 0  # of equal cells the first is the prediction
    return enough


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


def _brier(cells: Cells, label: Labels, row: Reduced, shares: Shares) -> Floats:
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
    brier: Floats = others + np.square(1 - shares.label)
    return brier


def _rounded(cells: Cells, label: Labels, row: Reduced, shares: Shares) -> NDArray[np.int32]:
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
