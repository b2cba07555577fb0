"""What is read off every cell of a block: the part of the work that grows with the classes.

Few classes are turned to columns and reduced column by column; many are reduced row by row, in pieces that
fit the cache. Which way a row goes depends on the number of classes alone, never on its block.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import Labels

Cells = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]

SHORT_AXIS = 24
"""Up to this many classes a block is turned to columns, which is faster than numpy's own way."""

PIECE_CELLS = 524_288
"""Cells of longer rows reduced at a time: they and their float64 copy stay in the cache."""

INFINITE = np.array(np.inf).view(np.uint64)
"""The bits of infinity: as whole numbers, those of every number from 0 on are at most as large."""

DOT_CELLS = 8_192
"""Products of a row added in one call: from 10,001 on some libraries share them between cores, and round anew."""


@dataclass(eq=False, slots=True)
class Reduced:
    """One number a row in each column; every column has shape (n,).

    ``prediction`` is the first maximal index, where NaN counts as maximal, and ``top`` its cell. ``own`` is
    the label's cell and ``other`` the largest besides it; in rows with a NaN it is one, or the label's cell
    is. ``spread`` is the sum of exp(cell - top) for logits, else what ``total`` is. ``squares`` is the sum of
    the squares of the cells besides the label's, for logits of exp(cell - top). ``above`` counts the cells
    that are not at most the label's, ``level`` those that are not below it; a NaN is neither.
    """

    prediction: NDArray[np.intp]
    top: Floats
    own: Floats
    other: Floats
    total: Floats
    spread: Floats
    squares: Floats
    above: NDArray[np.int32]
    level: NDArray[np.int32]
    negative: NDArray[np.bool_]

    def __getitem__(self, rows: slice) -> Reduced:
        return Reduced(*(column[rows] for column in _columns(self)))


_columns = attrgetter(*(column.name for column in fields(Reduced)))


def reduced(cells: Cells, label: Labels, logits: bool) -> Reduced:
    """The numbers of each row of ``cells`` (n, C); ``label`` (n,) is a class index everywhere."""
    if cells.shape[1] <= SHORT_AXIS:
        return _by_columns(cells, label, logits)
    return _by_rows(cells, label, logits)


def row_sums(cells: Cells, bounds: tuple[float, float] | None = None) -> Floats:
    """Each row's sum, (n,), added in the order in which ``reduced`` adds it; of cells clipped to ``bounds``."""
    rows, classes = cells.shape
    if classes <= SHORT_AXIS:
        columns = np.array(cells.T, np.float64, order="C")
        return _added(columns if bounds is None else np.clip(columns, *bounds, out=columns))
    sums, ones = np.empty(rows), np.ones(classes)
    size = _piece(rows, classes)
    scratch = aligned(size, classes)
    for start in range(0, rows, size):
        exact = scratch[: min(size, rows - start)]
        np.copyto(exact, cells[start : start + size])
        if bounds is not None:
            np.clip(exact, *bounds, out=exact)
        dots(exact, ones, sums[start : start + size])
    return sums


def _by_rows(cells: Cells, label: Labels, logits: bool) -> Reduced:
    rows, classes = cells.shape
    found, ones, size = _empty(rows), np.ones(classes), _piece(rows, classes)
    scratch, ranking = aligned(size, classes), _Ranking.of(size, classes, cells.dtype)
    every = np.arange(size)
    for start in range(0, rows, size):
        piece = slice(start, start + size)
        part, exact = _fast(cells[piece]), scratch[: min(size, rows - start)]
        here, row, own = every[: len(part)], found[piece], label[piece]
        part.argmax(axis=1, out=row.prediction)
        np.copyto(exact, part)
        row.top[:], row.own[:] = exact[here, row.prediction], exact[here, own]
        dots(exact, ones, row.total)
        if logits:
            exact[here, own] = -np.inf
            exact.max(axis=1, out=row.other)
            exact[here, own] = row.own
            np.exp(np.subtract(exact, row.top[:, np.newaxis], out=exact), out=exact)
            dots(exact, ones, row.spread)
        exact[here, own] = 0.0
        if not logits:
            exact.view(np.uint64).max(axis=1, out=row.other.view(np.uint64))
        dots(exact, exact, row.squares)
    if not logits:
        found.spread = found.total
        _mend_largest(cells, label, found)
    ranking.rank(cells, found)
    return found


def _piece(rows: int, classes: int) -> int:
    """How many rows are reduced at a time."""
    return max(1, min(rows, PIECE_CELLS // classes))


def _mend_largest(cells: Cells, label: Labels, row: Reduced) -> None:
    """Find the largest cell besides the label's where the largest bits are not its, and what is negative.

    As whole numbers, the bits of numbers from 0 are in the order of the numbers, and those of NaN and of
    whatever has a sign come after them: one maximum finds the largest, and that none of them is there.
    """
    row.negative[:] = ~(row.own >= 0)
    every, size = np.flatnonzero(row.other.view(np.uint64) > INFINITE), _piece(*cells.shape)
    for start in range(0, len(every), size):
        odd = every[start : start + size]
        again, own = cells[odd].astype(np.float64), (np.arange(len(odd)), label[odd])
        again[own] = 0.0
        row.negative[odd] |= ~(again.min(axis=1) >= 0)
        again[own] = -np.inf
        row.other[odd] = again.max(axis=1)


def _empty(rows: int) -> Reduced:
    top, own, other, total, spread, squares = (np.empty(rows) for _ in range(6))
    prediction = np.empty(rows, np.intp)
    above, level = (np.empty(rows, np.int32) for _ in range(2))
    return Reduced(prediction, top, own, other, total, spread, squares, above, level, np.zeros(rows, bool))


def aligned(rows: int, classes: int) -> Floats:
    """Memory of (rows, classes) of which every row begins at a multiple of 64 bytes.

    A product that is added up in vectors may round by where in memory it begins; so all begin alike.
    """
    width = -(-classes // 8) * 8
    memory = np.empty(rows * width + 8)
    begin = -(memory.ctypes.data // memory.itemsize) % 8
    return memory[begin : begin + rows * width].reshape(rows, width)[:, :classes]


def dots(exact: Floats, with_: Floats, out: Floats) -> None:
    """The sum of each row times ``with_``, (n, C) or (C,); ``exact`` is of ``aligned``."""
    np.vecdot(exact[:, :DOT_CELLS], with_[..., :DOT_CELLS], out=out)
    for start in range(DOT_CELLS, exact.shape[1], DOT_CELLS):
        some = slice(start, start + DOT_CELLS)
        out += np.vecdot(exact[:, some], with_[..., some])


@dataclass(eq=False, slots=True)
class _Ranking:
    """Counts the cells that are not at most, and not below, a row's own one; with memory for it.

    Fresh memory for each piece costs more than the comparing.
    """

    cells: Cells
    marks: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: int, classes: int, dtype: np.dtype[Any]) -> _Ranking:
        """For pieces of so many rows."""
        return cls(np.empty((rows, classes), dtype), np.zeros((rows, -(-classes // 8) * 8), bool))

    def rank(self, cells: Cells, row: Reduced) -> None:
        """Rank the rows of a block, (n, C), whose other numbers are in ``row``."""
        row.above[:], row.level[:] = 0, 1
        unsure = np.flatnonzero(~(row.own > row.other))  # elsewhere nothing needs to be counted
        for start in range(0, len(unsure), len(self.cells)):
            self._rank(cells, row, unsure[start : start + len(self.cells)])

    def _rank(self, cells: Cells, row: Reduced, rows: NDArray[np.intp]) -> None:
        classes = cells.shape[1]
        marks = self.marks[: len(rows)]
        part = _fast(np.take(cells, rows, axis=0, out=self.cells[: len(rows)], mode="clip"))
        limit = row.own[rows, np.newaxis].astype(part.dtype)
        np.less_equal(part, limit, out=marks[:, :classes])
        row.above[rows] = classes - _true(marks)
        np.less(part, limit, out=marks[:, :classes])
        row.level[rows] = classes - _true(marks)


def _true(marks: NDArray[np.bool_]) -> NDArray[np.intp]:
    """How many of each row are true: eight at a time are added as one word, of which each byte counts."""
    words = marks.view(np.uint64)
    count = np.zeros(len(words), np.intp)
    for start in range(0, words.shape[1], 255):  # so that no byte overflows
        counts = words[:, start : start + 255].sum(axis=1)
        count += counts.view(np.uint8).reshape(-1, 8).sum(axis=1, dtype=np.intp)
    return count


def _by_columns(cells: Cells, label: Labels, logits: bool) -> Reduced:
    rows, classes = cells.shape
    columns = np.array(_fast(cells).T, order="C")  # a copy even of one row: it is written to
    places = label * np.intp(rows) + np.arange(rows)
    own, top = columns.reshape(-1)[places], columns.max(axis=0)
    prediction = _first(columns, top)
    broken = np.flatnonzero(np.isnan(top))
    prediction[broken] = cells[broken].argmax(axis=1)
    negative = ~(columns.min(axis=0) >= 0)
    above, level = classes - _held(columns <= own), classes - _held(columns < own)
    exact = columns.astype(np.float64)
    spread = total = _added(exact)
    columns.reshape(-1)[places] = -np.inf
    other = columns.max(axis=0)
    if logits:
        np.exp(np.subtract(exact, top, out=exact), out=exact)
        spread = _added(exact)
    exact.reshape(-1)[places] = 0.0
    squares = _added(np.square(exact, out=exact))
    top, own, other = (each.astype(np.float64) for each in (top, own, other))
    return Reduced(prediction, top, own, other, total, spread, squares, above, level, negative)


def _fast(cells: Cells) -> Cells:
    """The same numbers in a width that processors compute with."""
    return cells.astype(np.float32) if cells.dtype == np.float16 else cells


def _first(columns: Cells, top: Cells) -> NDArray[np.intp]:
    """The first column that holds the row's maximum; the last where none does, which is a NaN."""
    marks, left = (columns == top).view(np.uint8), np.arange(len(columns), 0, -1, dtype=np.uint8)
    marks *= left[:, np.newaxis]  # a mark counts the columns from its own on: most of all the first
    first: NDArray[np.intp] = len(columns) - marks.max(axis=0).astype(np.intp)
    return first


def _held(marks: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How many of each column's few marks (C, n) are true."""
    count: NDArray[np.int32] = marks.view(np.uint8).sum(axis=0, dtype=np.uint8).astype(np.int32)
    return count


def _added(columns: Floats) -> Floats:
    """The sum of columns (C, n), from the first to the last."""
    if columns.shape[1] == 1:  # of a single row numpy would add halves
        columns = np.add.accumulate(columns, axis=0)[-1:]
    total: Floats = columns.sum(axis=0)
    return total
