"""Rows of few classes, turned to columns and looked at column by column, which is faster than numpy's own way.

All is done in place, in pieces that stay in the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.looks import Cells, Floats, Glance, Reduced, bits, piece_rows
from lossacc_gui.core.predictions import Labels

PIECE_CELLS = 327_680
"""Cells turned at a time: fewer than of long rows, since each is gone through a dozen times."""


def by_columns(cells: Cells, label: Labels, logits: bool, seen: Glance) -> None:
    """Fill the columns (n,) of ``seen`` by the cells (n, C)."""
    rows, classes = cells.shape
    size = piece_rows(rows, classes, PIECE_CELLS)
    scratch = _Scratch.of(size * classes, cells.dtype)
    for start in range(0, rows, size):
        piece = slice(start, start + size)
        _fill(cells[piece], label[piece], logits, seen[piece], scratch)


@dataclass(eq=False, slots=True)
class _Scratch:
    """Memory for the columns of a piece, which fresh memory for each would cost more than."""

    columns: Cells
    exact: Floats
    marks: NDArray[np.bool_]

    @classmethod
    def of(cls, cells: int, dtype: np.dtype[Any]) -> _Scratch:
        """For so many cells."""
        return cls(
            np.empty(cells, np.promote_types(dtype, np.float32)), np.empty(cells), np.empty(cells, bool)
        )

    def shaped(self, classes: int, rows: int) -> tuple[Cells, Floats, NDArray[np.bool_]]:
        """Each as (C, n), without gaps."""
        cells = classes * rows
        shape = classes, rows
        return (
            self.columns[:cells].reshape(shape),
            self.exact[:cells].reshape(shape),
            self.marks[:cells].reshape(shape),
        )


def _fill(cells: Cells, label: Labels, logits: bool, row: Glance, scratch: _Scratch) -> None:
    rows, classes = cells.shape
    columns, exact, marks = scratch.shaped(classes, rows)
    np.copyto(columns, cells.T)
    places = label * np.intp(rows)
    places += np.arange(rows)
    own, top = columns.reshape(-1)[places], _top(columns, logits, row)
    row.own[:], row.top[:] = own, top
    row.prediction[:] = _first(columns, top, marks)
    broken = np.flatnonzero(np.isnan(top))
    if broken.size:
        row.prediction[broken] = cells[broken].argmax(axis=1)
    np.copyto(exact, columns)
    _add(exact, row.total)
    if isinstance(row, Reduced):
        np.subtract(classes, _held(np.less_equal(columns, own, out=marks)), out=row.above)
        np.subtract(classes, _held(np.less(columns, own, out=marks)), out=row.level)
        columns.reshape(-1)[places] = -np.inf
        row.other[:] = columns.max(axis=0)
    if logits:
        np.exp(np.subtract(exact, row.top, out=exact), out=exact)
        _add(exact, row.spread)
    if isinstance(row, Reduced):
        exact.reshape(-1)[places] = 0.0
        _add(np.square(exact, out=exact), row.squares)


def sums_by_columns(cells: Cells, bounds: tuple[float, float] | None) -> Floats:
    """Each row's sum, (n,), added from the first class to the last; of cells clipped to ``bounds``."""
    columns = np.array(cells.T, np.float64, order="C")
    if bounds is not None:
        np.clip(columns, *bounds, out=columns)
    sums = np.empty(len(cells))
    _add(columns, sums)
    return sums


def _top(columns: Cells, logits: bool, row: Glance) -> Cells:
    """Each row's largest cell, (n,), and whether one is not from 0 on."""
    if not logits:
        top: Cells = bits(columns).max(axis=0).view(columns.dtype)
        if (top <= np.inf).all() and not np.signbit(top).any():
            return top
        row.negative[:] = ~(columns.min(axis=0) >= 0)
    largest: Cells = columns.max(axis=0)
    return largest


def _first(columns: Cells, top: Cells, marks: NDArray[np.bool_]) -> NDArray[np.unsignedinteger[Any]]:
    """The first column that holds the row's maximum; the last where none does, which is a NaN."""
    left = np.arange(len(columns), 0, -1, dtype=np.uint8)
    counted = np.equal(columns, top, out=marks).view(np.uint8)
    counted *= left[:, np.newaxis]  # a mark counts the columns from its own on: most of all the first
    first: NDArray[np.unsignedinteger[Any]] = len(columns) - counted.max(axis=0)
    return first


def _held(marks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """How many of each column's few marks (C, n) are true."""
    count: NDArray[np.uint8] = marks.view(np.uint8).sum(axis=0, dtype=np.uint8)
    return count


def _add(columns: Floats, out: Floats) -> None:
    """The sum of columns (C, n), from the first to the last."""
    if columns.shape[1] == 1:  # of a single row numpy would add halves
        columns = np.add.accumulate(columns, axis=0)[-1:]
    columns.sum(axis=0, out=out)
