"""How a journal lies on the disk: entries with a checksum each, and files of cells beside them.

    a line with name and version
    entry: length, CRC-32 of what follows · length of the JSON · JSON · the arrays' bytes

Arrays that are large, or that a file of the user's holds, are pointed at instead. A torn last entry, and
whatever follows a damaged one, is not there.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui import files
from lossacc_gui.core.record import BadRecord
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import Source

KIND = b"lossacc_gui journal "
MAGIC = KIND + b"2\n"
NAME = "journal"
"""The file of entries in the folder of one journal."""

_HEAD = struct.Struct("<QI")
_LENGTH = struct.Struct("<Q")

Array = NDArray[Any]
Place = dict[str, Any]
"""Where an array is: dtype and shape, and the file beside (``cells``) or of the user's (``file``)."""


def place_of(array: Array, **where: Any) -> Place:
    """Describe an array whose bytes follow in the entry, or are ``where``."""
    return {"dtype": array.dtype.str, "shape": list(array.shape), **where}


def place_in(source: Source, array: Array, *, labels: bool) -> Place:
    """Say that the file at this source holds an array, as its cells or its labels, and how to know that it still does."""
    choices = [list(choice) for choice in source.choices]
    where: dict[str, Any] = {"file": source.path, "labels": source.labels_path, "choices": choices}
    if labels:
        return place_of(array, **where, part="labels", crc=checksum_of(array))
    if source.mapped:  # as large as the memory and more: its stamp has to do
        return place_of(array, **where, stamp=list(source.stamp))
    return place_of(array, **where, crc=checksum_of(array))


def packed(head: dict[str, Any], arrays: Sequence[Array], places: Sequence[Place]) -> bytes:
    """One entry. Arrays whose place says where they are leave no bytes in it."""
    text = json.dumps({**head, "arrays": list(places)}).encode()
    inline = [
        array.tobytes()
        for array, place in zip(arrays, places, strict=True)
        if not {"cells", "file"} & {*place}
    ]
    body = b"".join([_LENGTH.pack(len(text)), text, *inline])
    return _HEAD.pack(len(body), zlib.crc32(body)) + body


def write_all(descriptor: int, content: bytes | memoryview) -> None:
    """Hand all of it to the system."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def write_cells(path: Path, array: Array) -> Place:
    """Write an array into a file of its own and force it to the disk; its place. Raises OSError."""
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        write_all(descriptor, flat)
        os.fsync(descriptor)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    return place_of(array, cells=path.name, crc=zlib.crc32(flat))


def read_heads(path: Path) -> Iterator[tuple[dict[str, Any], bytes, int]]:
    """Every whole entry: its JSON, its arrays' bytes, and where it ends. Raises OSError, and BadRecord where
    another version of the program wrote it."""
    with path.open("rb") as file:
        begins = file.read(len(MAGIC))
        if begins != MAGIC:
            if begins.startswith(KIND) and not MAGIC.startswith(begins):
                raise BadRecord("another version of the program wrote it")
            return  # nothing is in it
        size = os.fstat(file.fileno()).st_size
        while len(head := file.read(_HEAD.size)) == _HEAD.size:
            length, checksum = _HEAD.unpack(head)
            if length > size - file.tell() or length < _LENGTH.size:
                return
            body = file.read(length)
            if zlib.crc32(body) != checksum:
                return
            start = _LENGTH.size + _LENGTH.unpack_from(body)[0]
            yield json.loads(body[_LENGTH.size : start]), body[start:], file.tell()


def read_arrays(folder: Path, places: Sequence[Place], inline: bytes) -> list[Array]:
    """The arrays of an entry. Raises Refusal when a file they were in is gone or holds others now."""
    arrays, start = [], 0
    for place in places:
        dtype, shape = np.dtype(place["dtype"]), tuple(place["shape"])
        if "file" in place:
            arrays.append(_of_users_file(place, dtype, shape))
        elif "cells" in place:
            arrays.append(_of_file_beside(folder, place, dtype, shape))
        else:
            array = np.empty(shape, dtype)
            room = array.reshape(-1).view(np.uint8)
            room[:] = np.frombuffer(inline, np.uint8)[start : start + room.size] if room.size else 0
            arrays.append(array)
            start += room.size
    return arrays


def _of_file_beside(folder: Path, place: Place, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    path = folder / Path(place["cells"]).name
    cells = np.fromfile(path, np.uint8)
    if zlib.crc32(cells.data) != place["crc"]:
        raise BadRecord(f"{path.name} is damaged")
    return cells.view(dtype).reshape(shape)


def _of_users_file(place: Place, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    """Cells that are still what they were when the user opened the file they are in."""
    path = place["file"]
    changed = Refusal(
        path, "it has changed since it was opened", "put the old file back, and start the program again"
    )
    stamp = place.get("stamp")
    if stamp is not None and files.stamp_of(path) != tuple(stamp):
        raise changed
    choices = files.Choices(tuple((key, value) for key, value in place.get("choices", ())))
    held = files.open_predictions(path, place["labels"] or None, choices=choices).predictions
    cells: Array = held.labels if place.get("part") == "labels" else held.probs
    if cells.dtype != dtype or cells.shape != shape:
        raise changed
    if "crc" in place and checksum_of(cells) != place["crc"]:
        raise changed
    return cells


def checksum_of(cells: Array) -> int:
    """The CRC-32 of an array's bytes."""
    return zlib.crc32(np.ascontiguousarray(cells).reshape(-1).view(np.uint8).data)


def remove(folder: Path) -> None:
    """Remove a journal, first the file without which the rest is nothing."""
    with suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
