"""What is read off every cell of a block: the part of the work that grows with the classes.

Few classes are turned to columns and reduced column by column; many are reduced row by row, in pieces that
fit the cache. Which way a row goes depends on the number of classes alone, never on its block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import Labels

Cells = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]

SHORT_AXIS = 24
"""Up to this many classes a block is turned to columns, which is faster than numpy's own way."""

PIECE_CELLS = 262_144
"""Cells of longer rows reduced at a time: they and their float64 copy stay in the cache."""


@dataclass(eq=False, slots=True)
class Reduced:
    """One number a row in each column; every column has shape (n,).

    ``prediction`` is the first maximal index, where NaN counts as maximal, and ``top`` its cell. ``other``
    is the largest cell besides the label's; in rows with a NaN it is one, or the label's cell is. ``spread``
    is the sum of exp(cell - top) for logits, else what ``total`` is. ``squares`` is the sum of the squares of
    the cells besides the label's, for logits of exp(cell - top). ``above`` counts the cells that are not at
    most the label's, ``level`` those that are not below it; a NaN is neither.
    """

    prediction: NDArray[np.intp]
    top: Floats
    other: Floats
    total: Floats
    spread: Floats
    squares: Floats
    above: NDArray[np.intp]
    level: NDArray[np.intp]
    negative: NDArray[np.bool_]


def reduced(cells: Cells, label: Labels, logits: bool) -> Reduced:
    """The numbers of each row of ``cells`` (n, C); ``label`` (n,) is a class index everywhere."""
    if cells.shape[1] <= SHORT_AXIS:
        return _by_columns(cells, label, logits)
    return _by_rows(cells, label, logits)


def row_sums(cells: Floats) -> Floats:
    """Each row's sum, added in the order in which ``reduced`` adds it."""
    if cells.shape[1] > SHORT_AXIS:
        sums: Floats = cells.sum(axis=1)
        return sums
    return _added(np.ascontiguousarray(cells.T))


def _by_rows(cells: Cells, label: Labels, logits: bool) -> Reduced:
    rows, classes = cells.shape
    found = _empty(rows)
    size = max(1, min(rows, PIECE_CELLS // classes))
    scratch = np.empty((size, classes))  # one for all pieces: fresh memory costs more than the sums
    marks = np.zeros((size, -(-classes // 8) * 8), bool)
    for start in range(0, rows, size):
        piece = slice(start, start + size)
        exact = scratch[: len(cells[piece])]
        here, own = np.arange(len(exact)), label[piece]
        np.copyto(exact, cells[piece])
        (exact if cells.itemsize == 2 else cells[piece]).argmax(axis=1, out=found.prediction[piece])
        exact.sum(axis=1, out=found.total[piece])
        found.top[piece] = exact[here, found.prediction[piece]]
        exact[here, own] = -np.inf
        exact.max(axis=1, out=found.other[piece])
        _rank(cells[piece], own, marks, found, piece)
        if logits:
            np.copyto(exact, cells[piece])
            exact -= found.top[piece, np.newaxis]
            np.exp(exact, out=exact).sum(axis=1, out=found.spread[piece])
        exact[here, own] = 0.0
        np.square(exact, out=exact).sum(axis=1, out=found.squares[piece])
        found.negative[piece] = _negative(cells[piece])
    if not logits:
        found.spread = found.total
    return found


def _empty(rows: int) -> Reduced:
    top, other, total, spread, squares = (np.empty(rows) for _ in range(5))
    prediction, above, level = (np.empty(rows, np.intp) for _ in range(3))
    return Reduced(prediction, top, other, total, spread, squares, above, level, np.empty(rows, bool))


def _rank(cells: Cells, own: Labels, marks: NDArray[np.bool_], found: Reduced, piece: slice) -> None:
    """How many cells are not at most, and not below, each row's ``own`` one; ``marks`` is scratch.

    Where it is larger than all others nothing needs to be counted.
    """
    classes = cells.shape[1]
    p_label = cells[np.arange(len(cells)), own]
    found.above[piece], found.level[piece] = 0, 1
    rows = np.flatnonzero(~(p_label > found.other[piece]))
    cells, p_label, marks = _fast(cells[rows]), _fast(p_label[rows, np.newaxis]), marks[: len(rows)]
    np.less_equal(cells, p_label, out=marks[:, :classes])
    found.above[piece][rows] = classes - _true(marks)
    np.less(cells, p_label, out=marks[:, :classes])
    found.level[piece][rows] = classes - _true(marks)


def _true(marks: NDArray[np.bool_]) -> NDArray[np.intp]:
    """How many of each row are true: eight at a time are added as one word, of which each byte counts."""
    words = marks.view(np.uint64)
    count = np.zeros(len(words), np.intp)
    for start in range(0, words.shape[1], 255):  # so that no byte overflows
        counts = words[:, start : start + 255].sum(axis=1)
        count += counts.view(np.uint8).reshape(-1, 8).sum(axis=1, dtype=np.intp)
    return count


def _by_columns(cells: Cells, label: Labels, logits: bool) -> Reduced:
    columns = np.array(_fast(cells).T, order="C")  # a copy even of one row: it is written to
    here = np.arange(len(cells))
    own = columns[label, here]
    top, second = columns[0].copy(), np.full(len(cells), -np.inf, columns.dtype)
    at_most, below = np.zeros((2, len(cells)), np.uint8)
    for column in columns[1:]:
        np.maximum(second, np.minimum(top, column), out=second)
        np.maximum(top, column, out=top)
    for column in columns:
        at_most += (column <= own).view(np.uint8)
        below += (column < own).view(np.uint8)
    prediction = _first(columns, top)
    broken = np.flatnonzero(np.isnan(top))
    prediction[broken] = cells[broken].argmax(axis=1)
    other = np.where(prediction == label, second, top).astype(np.float64)
    top = top.astype(np.float64)
    total = _added(columns)
    spread, powers = total, columns
    if logits:
        powers = np.exp(columns - top)
        spread = _added(powers)
    powers[label, here] = 0.0
    negative = np.zeros(len(cells), bool)
    negative |= _negative(cells)
    above, level = (len(columns) - count.astype(np.intp) for count in (at_most, below))
    return Reduced(prediction, top, other, total, spread, _squared(powers), above, level, negative)


def _fast(cells: Cells) -> Cells:
    """The same numbers in a width that processors compute with."""
    return cells.astype(np.float32) if cells.dtype == np.float16 else cells


def _first(columns: Cells, top: Cells) -> NDArray[np.intp]:
    """The first column that holds the row's maximum: the count of those before it. Not for NaN."""
    below: NDArray[np.bool_] = columns[0] < top
    count = below.astype(np.uint8)
    for column in columns[1:-1]:
        below &= column < top
        count += below.view(np.uint8)
    first: NDArray[np.intp] = count.astype(np.intp)
    return first


def _added(columns: Cells) -> Floats:
    """The columns' sum, from the first to the last."""
    total: Floats = columns[0].astype(np.float64)
    for column in columns[1:]:
        total += column
    return total


def _squared(columns: Cells) -> Floats:
    """The sum of the columns' squares, from the first to the last."""
    total: Floats = np.square(columns[0], dtype=np.float64)
    for column in columns[1:]:
        total += np.square(column, dtype=np.float64)
    return total


def _negative(cells: Cells) -> NDArray[np.bool_] | bool:
    """Which rows hold a negative number or a NaN; mostly, one look at all of them says none."""
    return False if cells.min(initial=0) >= 0 else ~(cells.min(axis=1) >= 0)
