"""Predicted numbers as somebody gives them, made an array of three axes."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted

Probs = NDArray[np.floating[Any]]


def three_axes(probs: ArrayLike, notes: list[str]) -> Probs:
    """The numbers given, as (epochs, rows, classes) in C order; see ``Predictions.of``, which they are for.

    What had to be done to them is added to ``notes``. Raises Refusal.
    """
    cells = _numbers(probs, notes)
    if cells.ndim == 1 or (cells.ndim == 2 and cells.shape[1] == 1):
        second = cells.reshape(-1)
        cells = np.stack([1 - second, second], axis=1)
        notes.append(
            "one column was read as two classes: the number is the second class, "
            "what is left to 1 is the first"
        )
    if cells.ndim == 2:
        cells = cells[np.newaxis]
    if cells.ndim != 3:
        raise Refusal(
            "predictions",
            f"{cells.ndim} axes, shape {cells.shape}",
            "give (rows, classes) or (epochs, rows, classes)",
        )
    if cells.shape[0] == 0:
        raise Refusal("predictions", "no epoch", "give at least one matrix")
    if cells.shape[1] == 0:
        raise Refusal("predictions", "no row", "give at least one")
    if cells.shape[2] < 2:
        raise Refusal("predictions", counted(cells.shape[2], "class"), "give at least two classes")
    return np.require(cells, requirements=("C", "W"))  # what cannot be written to could not be edited


def _numbers(probs: ArrayLike, notes: list[str]) -> Probs:
    """The cells as a float array, kept as they are when they already are one."""
    try:
        cells = np.asanyarray(probs)
    except ValueError as error:
        raise Refusal(*_unequal(probs)) from error
    if cells.dtype.kind in "OUST":
        raise Refusal(*_no_number(cells))
    if cells.dtype.kind in "biu":
        notes.append(f"{cells.dtype} numbers were read as float64")
        return cells.astype(np.float64)
    if cells.dtype.kind != "f":
        raise Refusal("predictions", f"{cells.dtype} is no number format", "save them as float32 or float64")
    if cells.dtype.itemsize > 8:
        raise Refusal("predictions", f"{cells.dtype} is wider than float64", "save them as float64")
    if not cells.dtype.isnative:
        return cells.astype(cells.dtype.newbyteorder("="))
    return cells


def _unequal(probs: Any) -> tuple[str, str, str]:
    """Where, what and remedy for rows of different lengths."""
    lengths = [len(row) if isinstance(row, Sized) else 1 for row in probs]
    odd = next((i for i, length in enumerate(lengths) if length != lengths[0]), None)
    remedy = "give every row one number a class"
    if odd is None:  # the difference lies deeper, in one epoch of several
        return "predictions", "the rows differ in length", remedy
    return f"row {odd + 1}", f"{counted(lengths[odd], 'number')}, but {lengths[0]:,} in row 1", remedy


def _no_number(cells: NDArray[Any]) -> tuple[str, str, str]:
    """Where, what and remedy for cells that are texts or anything else but numbers."""
    for place, value in zip(np.ndindex(cells.shape), cells.ravel().tolist(), strict=True):
        if not isinstance(value, (int, float)):
            *_, row, column = (0, 0, *place) if len(place) > 1 else (*place, 0)
            return f"row {row + 1}, column {column + 1}", f"{value!r} is no number", "use numbers only"
    return "predictions", "numbers kept as Python objects", "save them as float32 or float64"
