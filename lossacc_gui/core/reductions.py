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
    is the sum of exp(cell - top) for logits, else what ``total`` is.
    """

    prediction: NDArray[np.intp]
    top: Floats
    other: Floats
    total: Floats
    spread: Floats
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
    prediction = np.empty(rows, np.intp)
    top, other, total, spread = (np.empty(rows) for _ in range(4))
    negative = np.empty(rows, bool)
    size = max(1, min(rows, PIECE_CELLS // classes))
    scratch = np.empty((size, classes))  # one for all pieces: fresh memory costs more than the sums
    for start in range(0, rows, size):
        piece = slice(start, start + size)
        exact = scratch[: len(cells[piece])]
        here = np.arange(len(exact))
        np.copyto(exact, cells[piece])
        (exact if cells.itemsize == 2 else cells[piece]).argmax(axis=1, out=prediction[piece])
        exact.sum(axis=1, out=total[piece])
        top[piece] = exact[here, prediction[piece]]
        if logits:
            exact -= top[piece, np.newaxis]
            np.exp(exact, out=exact).sum(axis=1, out=spread[piece])
            np.copyto(exact, cells[piece])
        exact[here, label[piece]] = -np.inf
        exact.max(axis=1, out=other[piece])
        negative[piece] = _negative(cells[piece])
    return Reduced(prediction, top, other, total, spread, negative)


def _by_columns(cells: Cells, label: Labels, logits: bool) -> Reduced:
    columns = np.ascontiguousarray(_fast(cells).T)
    top, second = columns[0].copy(), np.full(len(cells), -np.inf, columns.dtype)
    for column in columns[1:]:
        np.maximum(second, np.minimum(top, column), out=second)
        np.maximum(top, column, out=top)
    prediction = _first(columns, top)
    broken = np.flatnonzero(np.isnan(top))
    prediction[broken] = cells[broken].argmax(axis=1)
    other = np.where(prediction == label, second, top).astype(np.float64)
    top = top.astype(np.float64)
    total = _added(columns)
    spread = _added(np.exp(columns - top)) if logits else total
    negative = np.zeros(len(cells), bool)
    negative |= _negative(cells)
    return Reduced(prediction, top, other, total, spread, negative)


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


def _negative(cells: Cells) -> NDArray[np.bool_] | bool:
    """Which rows hold a negative number or a NaN; mostly, one look at all of them says none."""
    return False if cells.min(initial=0) >= 0 else ~(cells.min(axis=1) >= 0)
