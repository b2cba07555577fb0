"""One row's numbers as plain numbers: what an edit takes in, without an array of one for each of them.

An ordinary row is computed here with the very operations that ``row_stats`` has, in their order, so that it has the
bits it has in its block. What is out of the ordinary is left to ``row_stats``: no label, a cell that is negative or
not finite, equal shares that rounding could decide, a convention under which the loss mixes all cells.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.by_rows import INFINITE, aligned, dots
from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.looks import Cells
from lossacc_gui.core.losses import label_loss, softmax_loss
from lossacc_gui.core.reductions import SHORT_AXIS
from lossacc_gui.core.rows import Floats, RowStats, row_stats, sum_tolerance

EPS = float(np.finfo(np.float64).eps)

_tolerance = lru_cache(sum_tolerance)


class Row(NamedTuple):
    """One number of each column of RowStats, in their order."""

    loss: float
    total: float
    prediction: int
    flags: int
    p_label: float
    margin: float
    confidence: float
    brier: float
    rank_low: int
    rank_high: int
    rounded: int
    label: int

    @classmethod
    def at(cls, stats: RowStats, row: int) -> Row:
        """The numbers of a row, by its place in ``stats``."""
        return cls(*[column.item(row) for column in stats.columns])

    def put(self, stats: RowStats, row: int) -> None:
        """Write them over a row's, by its place in ``stats``."""
        for column, number in zip(stats.columns, self, strict=True):
            column[row] = number


class _Reduced(NamedTuple):
    """What Reduced has, of one row; ``others`` (C,) is what ``squares`` is of, with 0 at the label."""

    prediction: int
    top: float
    own: float
    other: float
    total: float
    spread: float
    squares: float
    others: Floats


def row_of(cells: Cells, label: int, convention: Convention) -> Row:
    """The numbers of a row of cells (C,), with the bits that ``row_stats`` gives them; ``label`` is -1 for none."""
    with np.errstate(all="ignore"):
        ordinary = None if label < 0 or convention.mixes else _ordinary(cells, label, convention)
    return ordinary or Row.at(row_stats(cells[np.newaxis], np.array([label], np.int32), convention), 0)


def _ordinary(cells: Cells, label: int, convention: Convention) -> Row | None:
    """The numbers of a row that is ordinary, else None."""
    if convention.single:
        cells = cells.astype(np.float32)
    logits = convention.rows is Rows.LOGITS
    row = _reduced(cells, label, logits)
    if row is None:
        return None
    known = [row.top, row.own, row.other]
    if logits:
        top, own, spread = np.array([[row.top], [row.own], [row.spread]])
        loss = softmax_loss(top, own, spread).item()
        divisor, shares = row.spread, np.exp(np.array(known) - row.top).tolist()
    else:
        own, total = np.array([[row.own], [row.total]])
        loss = label_loss(cells[np.newaxis], own, total, convention).item()
        divisor, shares = 1.0 if convention.rows is Rows.AS_TYPED else row.total, known
    if divisor < 1e-100:  # its square might be 0
        return None
    confidence, p_label, other = [share / divisor for share in shares]
    squares = row.squares / (divisor * divisor)
    flags = _flags(cells, label, row, loss if logits else None)
    if flags is None or not isfinite(squares):
        return None
    low = high = 0
    if not row.own > row.other:
        low, high = _true(cells > cells[label]), _true(cells >= cells[label]) - 1
    few = len(cells) - 1  # of the others round to 0
    if not other <= 0.5:
        few = _true(np.rint(row.others / divisor) == 0) - 1
    return Row(
        loss,
        row.total,
        row.prediction,
        flags,
        row.own,
        (row.own - row.other) + 0.0,
        confidence,
        squares + (1 - p_label) * (1 - p_label),
        low,
        high,
        few + (0.5 < p_label < 1.5),
        label,
    )


def _reduced(cells: Cells, label: int, logits: bool) -> _Reduced | None:
    """What is read off every cell of an ordinary row, else None."""
    exact = aligned(1, len(cells))
    row = exact[0]
    row[:] = cells
    prediction = int(row.argmax())
    top, own, total = row.item(prediction), row.item(label), _added(exact)
    if not (isfinite(total) and total):
        return None
    spread = total
    if logits:
        row[label] = -np.inf
        other = row.max().item()
        row[label] = own
        np.exp(np.subtract(row, top, out=row), out=row)
        spread = _added(exact)
    row[label] = 0.0
    if not logits:
        bits = row.view(np.uint64).max()
        if bits > INFINITE or own < 0:  # something has a sign
            return None
        other = bits.view(np.float64).item()
    return _Reduced(prediction, top, own, other, total, spread, _added(exact, exact), row)


def _added(exact: Floats, times: Floats | None = None) -> float:
    """The sum of a row (1, C), or of its products, in the order of ``looked``."""
    if exact.shape[1] <= SHORT_AXIS:
        return float(np.add.accumulate(exact[0] if times is None else exact[0] * times[0])[-1])
    found = np.empty(1)
    dots(exact, _ones(exact.shape[1]) if times is None else times, found)
    return float(found[0])


@lru_cache(maxsize=4)
def _ones(classes: int) -> Floats:
    return np.ones(classes)


def _true(marks: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(marks))


def _flags(cells: Cells, label: int, row: _Reduced, softmax: float | None) -> int | None:
    """The row's Flag bits; None where rounding could decide what is possible."""
    hit, classes, inside, off = row.prediction == label, len(cells), True, False
    if softmax is None:
        excess = row.own * (2.0 if hit else classes) - row.total
        near = abs(excess) <= row.total * (classes * EPS)
        inside, off = row.top <= 1, not abs(row.total - 1) <= _tolerance(cells.dtype)
    else:
        excess = _log(2 if hit else classes) - softmax
        near = excess == 0
    if near:
        return None
    movable, enough = classes > 2, excess > 0
    can, must = hit or (movable and enough), hit and (enough or not movable)
    marks = (True, hit, row.own >= row.other, row.own > row.other, can, must, off, not inside)
    return sum(mark << place for place, mark in enumerate(marks))


@lru_cache(maxsize=4)
def _log(number: int) -> float:
    found: float = np.log(float(number)).item()
    return found
