"""What is read off every cell of a row: at a glance, or looked at more closely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]

PIECE_CELLS = 524_288
"""Cells looked at together: they and their float64 copy stay in the cache."""


@dataclass(eq=False, slots=True)
class Glance:
    """What a row's loss, prediction, sum and range need; every column has shape (n,).

    ``prediction`` is the first maximal index, where NaN counts as maximal, and ``top`` its cell. ``own`` is
    the label's cell, ``total`` the sum of the row. ``spread`` is the sum of exp(cell - top) for logits, else
    what ``total`` is. ``negative`` says whether a cell is not at least 0; it is never so for logits.
    """

    prediction: NDArray[np.intp]
    top: Floats
    own: Floats
    total: Floats
    spread: Floats
    negative: NDArray[np.bool_]

    @classmethod
    def empty(cls, rows: int, logits: bool) -> Self:
        """Columns of this length, to be filled."""
        found = cls(*(np.empty(rows, _TYPES.get(column.name, np.float64)) for column in fields(cls)))
        found.negative[:] = False
        if not logits:
            found.spread = found.total
        return found

    def __getitem__(self, rows: slice) -> Self:
        return type(self)(*(getattr(self, column.name)[rows] for column in fields(self)))


@dataclass(eq=False, slots=True)
class Reduced(Glance):
    """And what margin, ranks and squared distance need.

    ``other`` is the largest cell besides the label's; in rows with a NaN it is one, or the label's cell is.
    ``squares`` is the sum of the squares of the cells besides the label's, for logits of exp(cell - top).
    ``above`` counts the cells that are not at most the label's, ``level`` those that are not below it; a NaN
    is neither.
    """

    other: Floats
    squares: Floats
    above: NDArray[np.int32]
    level: NDArray[np.int32]


Look = TypeVar("Look", bound=Glance)
"""How closely rows are looked at."""

_TYPES: dict[str, Callable[..., Any]] = {
    "prediction": np.intp,
    "negative": np.bool_,
    "above": np.int32,
    "level": np.int32,
}


def fast(cells: Cells) -> Cells:
    """The same numbers in a width that processors compute with."""
    return cells.astype(np.float32) if cells.dtype == np.float16 else cells


def bits(cells: Cells) -> NDArray[np.unsignedinteger[Any]]:
    """The bits of float32 or float64 cells, as whole numbers, which are in the order of numbers from 0 on.

    Those of a NaN, and of whatever has a sign, are larger than those of all numbers from 0 to infinity: one
    maximum finds the largest, and that none of them is there.
    """
    found: NDArray[np.unsignedinteger[Any]] = cells.view(f"u{cells.itemsize}")
    return found


def piece_rows(rows: int, classes: int, most: int = PIECE_CELLS) -> int:
    """How many of so many rows are looked at together: at most so many cells, but one row."""
    return max(1, min(rows, most // classes))
