"""Files whose cells are used where they lie: whether somebody wrote to them, and what to do if they shrank."""

from __future__ import annotations

import ctypes
import mmap
import sys
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.steady import map_of
from lossacc_gui.files.disk import Stamp

_PAGE_OUT = 21
_FIXED, _ANONYMOUS, _NO_RESERVE = 0x10, 0x20, 0x4000


def written_to(before: Stamp, now: Stamp) -> bool:
    """Whether a file was written to; one that is gone, or another now, was not: a map keeps the old one."""
    return before != now and before[:2] == now[:2] and bool(now)


def keep_readable(cells: NDArray[Any], now: Stamp) -> None:
    """Put zeros where a mapped file has become too short for its cells, so that reading them ends no process.

    ``now`` is the stamp of the file. A page of a map beyond the end of its file is a bus error when it is
    read; the system puts other pages in its place without anybody seeing it half done. Linux only: other
    systems do not let a mapped file shrink, or have no such call.
    """
    pages = map_of(cells)
    if pages is None or not sys.platform.startswith("linux"):
        return
    whole = np.frombuffer(pages, np.uint8)
    end = -(-now[2] // mmap.PAGESIZE) * mmap.PAGESIZE
    if end >= len(whole):
        return
    system = ctypes.CDLL(None, use_errno=True)
    system.mmap.restype = ctypes.c_void_p
    system.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, *(ctypes.c_int,) * 3, ctypes.c_long)
    flags = mmap.MAP_PRIVATE | _FIXED | _ANONYMOUS | _NO_RESERVE
    start = whole.ctypes.data + end
    system.mmap(start, len(whole) - end, mmap.PROT_READ | mmap.PROT_WRITE, flags, -1, 0)


def let_go(cells: NDArray[Any]) -> None:
    """Tell the system that mapped cells are not needed for now: it need not keep them in memory.

    Nothing is lost: what was edited stays, the rest is read from the file again. Linux only.
    """
    pages = map_of(cells)
    if pages is None or not sys.platform.startswith("linux") or not cells.flags.c_contiguous:
        return
    first = cells.ctypes.data - np.frombuffer(pages, np.uint8).ctypes.data
    start = -(-first // mmap.PAGESIZE) * mmap.PAGESIZE
    length = first + cells.nbytes - start
    if length > 0:
        with suppress(OSError):  # kernels before 5.4 cannot
            pages.madvise(_PAGE_OUT, start, length)
