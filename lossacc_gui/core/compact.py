"""Edits of a few cells in a few bytes: what a history of a hundred thousand steps is made of."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from mmap import mmap
from typing import Any

import numpy as np

from lossacc_gui.core.edits import Edit, SetCells

FEW = 8
"""Up to this many cells an edit's three arrays take more memory than the numbers in them."""

_WHOLE = np.dtype(np.int64)

Kept = Edit | bytes


def kept(edit: Edit) -> Kept:
    """An edit as it is to be kept: small ones as bytes, others as they are."""
    if not isinstance(edit, SetCells) or len(edit.rows) > FEW:
        return edit
    whole = np.concatenate([[edit.epoch], edit.rows, edit.columns]).astype(_WHOLE)
    return edit.values.dtype.char.encode() + whole.tobytes() + edit.values.tobytes()


def given_back(edit: Kept) -> Edit:
    """The edit that was kept."""
    if not isinstance(edit, bytes):
        return edit
    dtype = np.dtype(edit[:1].decode())
    count = (len(edit) - 1 - _WHOLE.itemsize) // (2 * _WHOLE.itemsize + dtype.itemsize)
    whole = np.frombuffer(edit, _WHOLE, 2 * count + 1, 1)
    values = np.frombuffer(edit, dtype, count, 1 + whole.nbytes)
    return SetCells(whole[1 : count + 1], whole[count + 1 :], values, int(whole[0]))


def bytes_of(value: Any) -> int:
    """How many bytes of memory the arrays of an edit or a state hold, those of its parts included."""
    if isinstance(value, np.ndarray):
        return 0 if _is_mapped(value) else value.nbytes
    if isinstance(value, tuple):
        return sum(map(bytes_of, value))
    if is_dataclass(value):
        return sum(bytes_of(getattr(value, field.name)) for field in fields(value))
    return 0


def _is_mapped(array: Any) -> bool:
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(array, mmap)
