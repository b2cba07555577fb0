"""Rows of many classes, looked at row by row, in pieces that stay in the cache."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.looks import Cells, Floats, Glance, Reduced, bits, fast, piece_rows
from lossacc_gui.core.predictions import Labels

DOT_CELLS = 8_192
"""Products of a row added in one call: from 10,001 on some libraries share them between cores, and round anew."""

INFINITE = np.array(np.inf).view(np.uint64)
"""The bits of infinity: as whole numbers, those of every number from 0 on are at most as large."""


def by_rows(cells: Cells, label: Labels, logits: bool, seen: Glance) -> None:
    """Fill the columns (n,) of ``seen`` by the cells (n, C).

    In the loop over the pieces is only what cannot wait: each call for a few numbers may have to wait for the
    interpreter, which other workers want as well.
    """
    rows, classes = cells.shape
    every, size = np.arange(rows), piece_rows(rows, classes)
    scratch, ones = aligned(size, classes), np.ones(classes)
    by_bits = not logits and not isinstance(seen, Reduced)  # else the others' bits tell what is odd, too
    for start in range(0, rows, size):
        piece = slice(start, start + size)
        part, exact = fast(cells[piece]), scratch[: min(size, rows - start)]
        (bits(part) if by_bits else part).argmax(axis=1, out=seen.prediction[piece])
        np.copyto(exact, part)
        dots(exact, ones, seen.total[piece])
        own = every[: len(part)], label[piece]
        if logits:
            _powers(exact, own, seen, piece, ones)
        elif isinstance(seen, Reduced):
            exact[own] = 0.0
            bits(exact).max(axis=1, out=bits(seen.other[piece]))
            dots(exact, exact, seen.squares[piece])
    seen.own[:], seen.top[:] = cells[every, label], cells[every, seen.prediction]
    if not logits:
        _mend(cells, label, seen)
    if isinstance(seen, Reduced):
        _rank(cells, seen)


def sums_by_rows(cells: Cells, bounds: tuple[float, float] | None) -> Floats:
    """Each row's sum, (n,), in the order in which ``by_rows`` adds; of cells clipped to ``bounds``."""
    rows, classes = cells.shape
    sums, ones, size = np.empty(rows), np.ones(classes), piece_rows(rows, classes)
    scratch = aligned(size, classes)
    for start in range(0, rows, size):
        exact = scratch[: min(size, rows - start)]
        np.copyto(exact, cells[start : start + size])
        if bounds is not None:
            np.clip(exact, *bounds, out=exact)
        dots(exact, ones, sums[start : start + size])
    return sums


def _powers(
    exact: Floats, own: tuple[NDArray[np.intp], Labels], seen: Glance, piece: slice, ones: Floats
) -> None:
    """Fill in what is made of the powers of a piece of logits, which ``exact`` (n, C) becomes."""
    top = exact[own[0], seen.prediction[piece], np.newaxis]
    if isinstance(seen, Reduced):
        label = exact[own]
        exact[own] = -np.inf
        exact.max(axis=1, out=seen.other[piece])
        exact[own] = label
    np.exp(np.subtract(exact, top, out=exact), out=exact)
    dots(exact, ones, seen.spread[piece])
    if isinstance(seen, Reduced):
        exact[own] = 0.0
        dots(exact, exact, seen.squares[piece])


def _mend(cells: Cells, label: Labels, seen: Glance) -> None:
    """Look again at rows with a NaN or a sign, whose largest bits are not the largest cell's."""
    largest, size = bits(seen.top), piece_rows(*cells.shape)
    if isinstance(seen, Reduced):
        largest = np.maximum(np.maximum(largest, bits(seen.own)), bits(seen.other))
    every = np.flatnonzero(largest > INFINITE)
    for start in range(0, len(every), size):
        odd = every[start : start + size]
        again, here = fast(cells[odd]), np.arange(len(odd))
        prediction = again.argmax(axis=1)
        seen.prediction[odd], seen.top[odd] = prediction, again[here, prediction]
        seen.negative[odd] = ~(again.min(axis=1) >= 0)
        if isinstance(seen, Reduced):
            again[here, label[odd]] = -np.inf
            seen.other[odd] = again.max(axis=1)


def _rank(cells: Cells, seen: Reduced) -> None:
    """Count the cells of each row that are not at most, and not below, the label's."""
    seen.above[:], seen.level[:] = 0, 1
    classes, size = cells.shape[1], piece_rows(*cells.shape)
    unsure = np.flatnonzero(~(seen.own > seen.other))  # elsewhere nothing needs to be counted
    if not unsure.size:
        return
    parts = np.empty((size, classes), cells.dtype)
    all_marks = np.zeros((size, -(-classes // 8) * 8), bool)
    for start in range(0, len(unsure), size):
        rows = unsure[start : start + size]
        part = fast(np.take(cells, rows, axis=0, out=parts[: len(rows)], mode="clip"))
        limit, marks = seen.own[rows, np.newaxis].astype(part.dtype), all_marks[: len(rows)]
        np.less_equal(part, limit, out=marks[:, :classes])
        seen.above[rows] = classes - _true(marks)
        np.less(part, limit, out=marks[:, :classes])
        seen.level[rows] = classes - _true(marks)


def _true(marks: NDArray[np.bool_]) -> NDArray[np.intp]:
    """How many of each row are true: eight at a time are added as one word, of which each byte counts."""
    words = marks.view(np.uint64)
    count = np.zeros(len(words), np.intp)
    for start in range(0, words.shape[1], 255):  # so that no byte overflows
        counts = words[:, start : start + 255].sum(axis=1)
        count += counts.view(np.uint8).reshape(-1, 8).sum(axis=1, dtype=np.intp)
    return count


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
