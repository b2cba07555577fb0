"""NumPy's .npy: read when it fits into a quarter of the memory, else mapped; never unpickled."""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.evaluation import WORKERS
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.disk import open_file, size_of
from lossacc_gui.files.formats import Format, FoundLabels, Loaded
from lossacc_gui.files.npy_header import (
    UNPICKLE,
    UNPICKLE_LABELS,
    Header,
    check_labels,
    check_predictions,
    read_header,
)
from lossacc_gui.files.progress import Progress

BLOCK = 8 << 20  # small enough to stop at once, large enough to cost nothing

SHARED = hasattr(os, "preadv")
"""Whether two workers can read one file, each from its own place."""


def read(path: Path, progress: Progress, memory: int, _choices: Choices) -> Loaded:
    """Read or map one array of predictions; see formats.Read."""
    with open_file(path) as file:
        header, notes = _checked(file, check_predictions)
        if held_bytes(header) <= memory // 4:
            return Loaded(read_array(file, header, progress, path.name), notes=notes)
        if not _as_it_is(header):
            raise Refusal(
                "array",
                f"{header.nbytes / 2**30:,.1f} GiB are too much to convert in memory",
                "save rows by classes, in C order, as float32 or float64: "
                "np.save(file, np.ascontiguousarray(array, np.float32))",
            )
        progress.step(1, 1, path.name)
        said = "too large to be read at once: its cells stay in the file"
        return Loaded(_mapped(file, header), notes=(*notes, said), mapped=True)


def read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
    """Read an array of labels; see formats.ReadLabels."""
    with open_file(path) as file:
        header, _ = _checked(file, check_labels, UNPICKLE_LABELS)
        require_room(header.nbytes, memory)
        return FoundLabels(read_array(file, header, progress, path.name))


def held_bytes(header: Header) -> int:
    """Return the memory the predictions will need: what is no float, one column, or turned, grows."""
    single = len(header.shape) == 1 or header.shape[-1] == 1
    itemsize = header.dtype.itemsize if header.dtype.kind == "f" else 8
    copies = 2 if single or header.fortran or not header.dtype.isnative else 1
    return header.nbytes // header.dtype.itemsize * itemsize * copies


def require_room(nbytes: int, memory: int) -> None:
    """Raise Refusal when that much cannot be read into a quarter of the memory."""
    if nbytes > memory // 4:
        raise Refusal(
            "array",
            f"{nbytes / 2**30:,.1f} GiB are too much to be read into memory",
            "save the predictions alone as .npy, which is mapped instead",
        )


def read_array(
    stream: BinaryIO, header: Header, progress: Progress, what: str, block: int = BLOCK
) -> NDArray[Any]:
    """Read the numbers that follow a header, whose size is already known to be true."""
    axes = header.shape[::-1] if header.fortran else header.shape
    values = np.empty(axes, header.dtype)
    room = values.reshape(-1).view(np.uint8).data
    progress.step(0, len(room), what)
    if SHARED and isinstance(stream, FileIO) and len(room) > 4 * block:
        steps = _read_by_two(stream, room, block)
    else:
        steps = _read_in_turn(stream, room, block)
    for done in steps:
        progress.step(done, len(room), what)
    if header.dtype.kind == "U" and (values.reshape(-1).view(header.dtype.byteorder + "u4") > 0x10FFFF).any():
        raise Refusal("array", "it holds a character no text has", "copy or save the file again")
    return values.T if header.fortran else values  # Predictions.of puts it in C order


def _read_in_turn(stream: BinaryIO, room: memoryview, block: int) -> Iterator[int]:
    """Fill ``room`` block by block; how many bytes are there so far."""
    done = 0
    while done < len(room):
        count = stream.readinto(room[done : done + block])  # type: ignore[attr-defined]
        if not count:
            raise _truncated(len(room), done)
        done += count
        yield done


def _read_by_two(stream: FileIO, room: memoryview, block: int) -> Iterator[int]:
    """The same from a file, by two workers: most of the time goes into memory that is touched first."""
    descriptor, begin = stream.fileno(), stream.tell()

    def fill(start: int) -> int:
        end = min(start + block, len(room))
        while start < end:
            count = os.preadv(descriptor, [room[start:end]], begin + start)
            if not count:
                raise _truncated(len(room), start)
            start += count
        return end

    pool = ThreadPoolExecutor(WORKERS)
    try:
        yield from pool.map(fill, range(0, len(room), block))
    finally:
        pool.shutdown(cancel_futures=True)  # waits for the blocks begun: they are written to ``room``
    stream.seek(begin + len(room))


def _mapped(file: BinaryIO, header: Header) -> NDArray[Any]:
    """Map the cells copy-on-write: an edit stays in memory, the file is never written to."""
    end = header.start + header.nbytes
    if sys.platform == "linux":
        # Without NORESERVE (which Python names from 3.13 on) Linux refuses to map more than its
        # memory for writing, although only cells that are edited will ever need any.
        private = mmap.MAP_PRIVATE | getattr(mmap, "MAP_NORESERVE", 0x4000)
        pages = mmap.mmap(file.fileno(), end, private, mmap.PROT_READ | mmap.PROT_WRITE)
    else:
        pages = mmap.mmap(file.fileno(), end, access=mmap.ACCESS_COPY)
    cells: NDArray[Any] = np.ndarray(header.shape, header.dtype, pages, header.start)
    return cells


def _checked(
    file: BinaryIO, check: Callable[[Header], None], unpickle: str = UNPICKLE
) -> tuple[Header, tuple[str, ...]]:
    """Read the header of a file that is long enough for what it claims, and what was left over."""
    header = read_header(file, unpickle)
    check(header)
    there = size_of(file) - header.start
    if there < header.nbytes:
        raise _truncated(header.nbytes, there)
    rest = there - header.nbytes
    return header, (f"{rest:,} bytes after the array were left out",) if rest else ()


def _truncated(claimed: int, there: int) -> Refusal:
    bytes_claimed = f"{claimed:,}" if claimed < 10**24 else f"more than {10**24:,}"
    return Refusal(
        "array",
        f"it should hold {bytes_claimed} bytes and holds {there:,}",
        "copy or save the file again: it is truncated",
    )


def _as_it_is(header: Header) -> bool:
    """Whether the bytes in the file are the cells as they will be used."""
    dtype = header.dtype
    return (
        dtype.kind == "f"
        and dtype.isnative
        and not header.fortran
        and len(header.shape) > 1
        and header.shape[-1] > 1
        and header.start % dtype.itemsize == 0  # else every pass over it would copy
    )


NPY = Format("npy", "NumPy array", (".npy",), read, read_labels, None)
