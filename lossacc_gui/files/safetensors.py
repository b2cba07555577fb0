"""Hugging Face's .safetensors: a header of JSON and plain numbers, read here without any library."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.arrays import called, find, find_labels
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.disk import open_file, size_of
from lossacc_gui.files.extras import require_room, sound
from lossacc_gui.files.formats import Format, FoundLabels, Loaded
from lossacc_gui.files.npy import held_bytes, read_array
from lossacc_gui.files.npy_header import Header
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import short

_AGAIN = "save it again with safetensors.numpy.save_file"
_LONGEST = 1 << 20
"""Bytes of the header up to which a file may hold predictions; a thousand arrays need a tenth of it."""

_KINDS = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",  # the upper half of a float32
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "<i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "<u1",
    "BOOL": "<?",
}


class _Tensors:
    """The arrays of a file, each checked against its size before it is read."""

    def __init__(self, file: BinaryIO, memory: int) -> None:
        self._file, self._memory = file, memory
        self._start, self._claims = _header(file)
        self.names = [name for name, claim in self._claims.items() if claim.get("dtype") in _KINDS]
        self.strangers = [name for name in self._claims if name not in self.names]

    def header(self, name: str) -> Header:
        """What an array claims to be, when the file is as long as that."""
        claim, where = self._claims[name], called(name)
        shape, offsets = claim.get("shape"), claim.get("data_offsets")
        if not (_are_sizes(shape) and _are_sizes(offsets) and len(offsets) == 2):
            raise Refusal(where, "its shape or place cannot be understood", _AGAIN)
        if 0 in shape:
            raise Refusal(where, f"it is empty, shape {short(tuple(shape))}", "save at least one row")
        dtype = np.dtype(_KINDS[claim["dtype"]])
        start, end = offsets
        if math.prod(shape) * dtype.itemsize != end - start or self._start + end > size_of(self._file):
            remedy = "copy or save the file again: it is truncated"
            raise Refusal(where, f"shape {short(tuple(shape))} and the bytes there are differ", remedy)
        wide = np.dtype("<f4") if claim["dtype"] == "BF16" else dtype
        return Header(wide, tuple(shape), False, self._start + start)

    def read(self, name: str, progress: Progress) -> NDArray[Any]:
        """The array; bfloat16 as float32, which holds it exactly."""
        header = self.header(name)
        require_room(held_bytes(header), self._memory, called(name))
        self._file.seek(header.start)
        if self._claims[name]["dtype"] != "BF16":
            return read_array(self._file, header, progress, called(name))
        halves = read_array(
            self._file, Header(np.dtype("<u2"), header.shape, False, 0), progress, called(name)
        )
        whole: NDArray[Any] = (halves.astype(np.uint32) << np.uint32(16)).view(np.float32)
        return whole


def _header(file: BinaryIO) -> tuple[int, dict[str, Any]]:
    """Where the numbers start, and the claims by name."""
    size = file.read(8)
    length = struct.unpack("<Q", size)[0] if len(size) == 8 else 0
    if not 2 <= length <= min(_LONGEST, size_of(file) - 8):
        raise Refusal("header", "it is missing, or too long to be one", _AGAIN)
    with sound(_AGAIN):
        claims = json.loads(file.read(length))
        claims.pop("__metadata__", None)
        if not all(isinstance(claim, dict) for claim in claims.values()):
            raise ValueError
    return 8 + length, claims


def _are_sizes(values: object) -> bool:
    return isinstance(values, list) and all(type(value) is int and 0 <= value < 2**62 for value in values)


def _read(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    with open_file(path) as file:
        return find(_Tensors(file, memory), progress, choices)


def _read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
    with open_file(path) as file:
        return find_labels(_Tensors(file, memory), progress)


SAFETENSORS = Format("safetensors", "Safetensors", (".safetensors",), _read, _read_labels, None)
