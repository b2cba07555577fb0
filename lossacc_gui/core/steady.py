"""Cells that lie in a mapped file, read so that no other program can end this one by cutting the file short.

A page of a map beyond the end of its file is a bus error to whoever reads it. Asked to copy it, the system says
so instead, and takes no longer than any copy.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.refusal import Refusal

STEADY_CELLS = 4_194_304
"""At most so many mapped cells are copied at a time: the copy is to stay small beside the memory."""

_BAD_ADDRESS = 14


class _Room(ctypes.Structure):
    _fields_ = (("start", ctypes.c_void_p), ("length", ctypes.c_size_t))


def map_of(cells: NDArray[Any]) -> mmap.mmap | None:
    """The map that cells are views of, if they are."""
    found: Any = cells
    while isinstance(found, np.ndarray):
        found = found.base
    return found if isinstance(found, mmap.mmap) else None


def steady(cells: NDArray[Any]) -> NDArray[Any]:
    """The cells, as a copy where they lie in a mapped file; as they are where the system cannot do it.

    Raises Refusal where the file has become too short for them. Cost: a copy of mapped cells, nothing of others.
    """
    if map_of(cells) is None or not cells.flags.c_contiguous or (read := _reader()) is None:
        return cells
    copy = np.empty(cells.shape, cells.dtype)
    here, there = _Room(copy.ctypes.data, copy.nbytes), _Room(cells.ctypes.data, cells.nbytes)
    copied = read(os.getpid(), ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    if copied == cells.nbytes:
        return copy
    if copied >= 0 or ctypes.get_errno() == _BAD_ADDRESS:
        what = "another program has cut the file short while it was read"
        raise Refusal("", what, "open it again; predictions are best written beside and renamed")
    return cells  # not allowed here, as in some containers


@cache
def _reader() -> Callable[..., int] | None:
    """The call that copies from a process's memory, here this one's."""
    if not sys.platform.startswith("linux"):
        return None
    read = getattr(ctypes.CDLL(None, use_errno=True), "process_vm_readv", None)
    if read is not None:
        read.restype = ctypes.c_ssize_t
        read.argtypes = (ctypes.c_int, *(ctypes.c_void_p, ctypes.c_ulong) * 2, ctypes.c_ulong)
    return read
