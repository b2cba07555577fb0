"""What an array in NumPy's own format claims to be, judged before any of it is believed."""

from __future__ import annotations

import ast
import math
import re
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.formats import MAX_CLASSES
from lossacc_gui.files.refusals import short

MAGIC = b"\x93NUMPY"
WHERE = "header"
AGAIN = "save it again with np.save"
UNPICKLE = (
    "if you trust it, save it again: "
    "np.save('pred_probs.npy', np.load(FILE, allow_pickle=True).astype(float))"
)
UNPICKLE_LABELS = (
    "if you trust it, save it again: "
    "np.save('labels.npy', np.asarray(np.load(FILE, allow_pickle=True), dtype=str))"
)
_LONGEST = 10_000  # NumPy's own limit: above it the parser of Python literals is no safe place
_LONGEST_TEXT = 4096
_PLAIN = re.compile(r"[<>|=]?(?:[biuf]\d{1,2}|[SU]\d{1,9}|\?)")


@dataclass(frozen=True, slots=True)
class Header:
    """The claims: number format, axes, order, and where the numbers start."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran: bool
    start: int

    @property
    def nbytes(self) -> int:
        """The bytes the numbers take, as an exact Python integer."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_header(file: BinaryIO, unpickle: str = UNPICKLE) -> Header:
    """Read the header at the start of ``file``, which is left at the first number.

    Raises Refusal for anything but a plain array of numbers or texts; ``unpickle`` is its remedy for objects.
    """
    magic = _exactly(file, 8)
    if magic[:6] != MAGIC:
        raise _not_npy(magic, unpickle)
    if magic[6] not in (1, 2, 3):
        raise Refusal(WHERE, f"version {magic[6]} of the format is unknown", AGAIN)
    layout = "<H" if magic[6] == 1 else "<I"
    width = struct.calcsize(layout)
    length: int = struct.unpack(layout, _exactly(file, width))[0]
    if length > _LONGEST:
        raise Refusal(WHERE, f"it claims to be {length:,} bytes long", AGAIN)
    text = _exactly(file, length).decode("latin-1" if magic[6] < 3 else "utf-8", "replace")
    return _claims(text, 8 + width + length, unpickle)


def check_predictions(header: Header) -> None:
    """Raise Refusal unless the header describes what predictions can be."""
    dtype, shape = header.dtype, header.shape
    if dtype.kind not in "biuf" or dtype.itemsize > 8:
        raise Refusal(
            "array", f"{dtype} is no number format for predictions", "save it as float32 or float64"
        )
    if not 1 <= len(shape) <= 4:
        raise Refusal(
            "array",
            f"{len(shape)} axes, shape {short(shape)}",
            "save it as (rows, classes), (epochs, rows, classes) or (images, height, width, classes)",
        )
    if dtype.kind in "iu" and (len(shape) == 1 or shape[-1] == 1):
        raise Refusal(
            "array",
            f"one {dtype} number a row looks like labels, not like predictions",
            "open the predictions, and name this file as their labels",
        )
    if len(shape) > 1 and shape[-1] > MAX_CLASSES:
        raise Refusal(
            "array",
            f"{short(f'{shape[-1]:,}')} classes, shape {short(shape)}",
            "give rows first, then classes: np.save(file, array.T)",
        )


def check_labels(header: Header) -> None:
    """Raise Refusal unless the header describes what labels can be."""
    if header.dtype.itemsize > (_LONGEST_TEXT if header.dtype.kind in "SU" else 8):
        raise Refusal("labels", f"{header.dtype} is no label", "give class indices or class names")
    if not 1 <= len(header.shape) <= 4:
        raise Refusal("labels", f"shape {short(header.shape)}", "give one label a row, or a one-hot matrix")


def _exactly(file: BinaryIO, count: int) -> bytes:
    found = file.read(count)
    if len(found) < count:
        if not found.startswith(MAGIC[: len(found) or 1]) and count == 8:
            raise _not_npy(found)
        raise Refusal(WHERE, "the file ends inside it", "copy or save the file again: it is truncated")
    return found


def _not_npy(magic: bytes, unpickle: str = UNPICKLE) -> Refusal:
    """Say what a file is that has the suffix only."""
    if not magic:
        return Refusal("file", "it is empty", "save the array again")
    if magic.startswith(b"PK"):
        return Refusal("file", "this is a zip archive, not a .npy array", "rename it to .npz")
    if magic.startswith(b"\x80"):
        return Refusal("file", "this is a pickle, which could run any program when read", unpickle)
    return Refusal("file", "this is not an array in NumPy's format", AGAIN)


def _claims(text: str, start: int, unpickle: str) -> Header:
    """Read the dictionary of the header."""
    try:
        claims = ast.literal_eval(text.strip())
        descr, fortran, shape = claims["descr"], claims["fortran_order"], claims["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError) as error:
        raise Refusal(WHERE, "it cannot be understood", AGAIN) from error
    if not isinstance(fortran, bool) or not isinstance(shape, tuple):
        raise Refusal(WHERE, "it cannot be understood", AGAIN)
    if not all(type(axis) is int and 0 <= axis < 2**62 for axis in shape) or len(shape) > 32:
        raise Refusal(WHERE, f"the shape {short(shape)} is impossible", AGAIN)
    if 0 in shape:
        raise Refusal("array", f"it is empty, shape {short(shape)}", "save at least one row")
    return Header(_dtype(descr, unpickle), shape, fortran and len(shape) > 1, start)


def _dtype(descr: object, unpickle: str) -> np.dtype[Any]:
    """Return the number format, when it is a plain one."""
    if isinstance(descr, list | tuple):
        raise Refusal(
            "array", "it is a table of named fields", "save its numbers as one matrix (rows, classes)"
        )
    kind = descr.lstrip("<>|=")[:1] if isinstance(descr, str) else ""
    if kind == "O":
        raise Refusal("array", "it holds pickled objects, which could run any program when read", unpickle)
    if kind in ("c", "M", "m", "V"):
        raise Refusal(
            "array", f"{descr} is no number format for predictions", "save it as float32 or float64"
        )
    if not isinstance(descr, str) or not _PLAIN.fullmatch(descr):
        raise Refusal(WHERE, f"the number format {short(repr(descr))} is unknown", AGAIN)
    try:
        dtype = np.dtype(descr)
    except (TypeError, ValueError) as error:
        raise Refusal(WHERE, f"the number format {short(repr(descr))} is unknown", AGAIN) from error
    if dtype.itemsize == 0:
        raise Refusal("array", "it holds empty texts", "save it as float32 or float64")
    return dtype
