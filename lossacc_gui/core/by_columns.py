"""Rows of few classes, turned to columns and looked at column by column, which is faster than numpy's own way.

All is done in place, in pieces that stay in the cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.looks import Cells, Floats, Glance, Reduced, bits, fast
from lossacc_gui.core.predictions import Labels


def by_columns(cells: Cells, label: Labels, logits: bool, row: Glance) -> None:
    """Fill the columns of ``row`` (n,) by the cells (n, C)."""
    classes, rows = cells.shape[1], len(cells)
    columns = np.array(fast(cells).T, order="C")  # a copy even of one row: it is written to
    marks = np.empty((classes, rows), bool)
    places = label * np.intp(rows) + np.arange(rows)
    row.own[:] = own = columns.reshape(-1)[places]
    top = _top(columns, logits, row)
    row.top[:] = top
    row.prediction[:] = _first(columns, top, marks)
    broken = np.flatnonzero(np.isnan(top))
    if broken.size:
        row.prediction[broken] = cells[broken].argmax(axis=1)
    exact = columns.astype(np.float64)
    _add(exact, row.total)
    if isinstance(row, Reduced):
        row.above[:] = classes - _held(np.less_equal(columns, own, out=marks))
        row.level[:] = classes - _held(np.less(columns, own, out=marks))
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
