"""NumPy's .npz: a zip of named arrays, of which the ones that are ours are found and read."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.steady import steady
from lossacc_gui.files.arrays import called, find, find_labels
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.disk import open_file, size_of
from lossacc_gui.files.formats import Format, FoundLabels, Loaded
from lossacc_gui.files.names import CLASS_NAME_WORDS, LABEL_WORDS, PROJECT
from lossacc_gui.files.npy import BLOCK, held_bytes, read_array
from lossacc_gui.files.npy_header import UNPICKLE, Header, read_header
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import short

_MOST_ARRAYS = 1000
_DIRECTORY = 1 << 20
"""Arrays, and bytes of the table of contents, up to which an archive may hold predictions."""

_AT_ONCE = 1 << 18
"""Bytes unpacked at a time: they are copied once more, which costs little while they are in the cache."""

_RECIPES = {
    **dict.fromkeys(LABEL_WORDS, "save it again as text: np.asarray(labels, dtype=str)"),
    **dict.fromkeys(CLASS_NAME_WORDS, "save it again as text: np.asarray(names, dtype=str)"),
}
"""What to do about arrays of objects, by their names."""

_PLAIN_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    LookupError,
    OverflowError,
    AssertionError,
    RuntimeError,  # which NotImplementedError is, too
)
"""What zipfile raises, somewhere inside, over an archive that is not as it says."""


class _Narrow:
    """A file that gives at most so many bytes at a time, while it is ``narrow``.

    zipfile reads the table of contents in one go, as long as any of its end records says it is.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.narrow = True
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, count: int = -1) -> bytes:
        """Read as any file does."""
        if self.narrow:
            left = size_of(self._file) - self.tell()
            if (left if count < 0 else count) > _DIRECTORY:
                raise _too_many()
        return self._file.read(count)


class Archive:
    """The arrays of an archive: which there are, and one of them at a time, checked before it is read."""

    def __init__(self, file: BinaryIO, memory: int) -> None:
        self._memory = memory
        self._headers: dict[str, Header] = {}
        with _sound("archive"):
            narrow = _Narrow(file)
            self._zip = zipfile.ZipFile(cast("BinaryIO", narrow))
            members = self._zip.infolist()
            if len(members) > _MOST_ARRAYS:
                raise _too_many()
            narrow.narrow = False
        self._members = {m.filename.removesuffix(".npy"): m for m in members if m.filename.endswith(".npy")}
        self.names = [name for name in self._members if not name.startswith(PROJECT)]
        self.strangers = [m.filename for m in members if not m.filename.endswith(".npy")]

    def has(self, name: str) -> bool:
        """Whether there is an array of this name, be it one of ours."""
        return name in self._members

    def header(self, name: str) -> Header:
        """What an array claims to be, when that agrees with the size the archive gives for it."""
        if name not in self._headers:
            self._headers[name] = self._header(name)
        return self._headers[name]

    def _header(self, name: str) -> Header:
        member, where = self._members[name], called(name)
        if member.flag_bits & 1:
            raise Refusal(where, "it is encrypted", "save the archive without a password")
        if member.compress_type not in _PLAIN_WAYS:
            raise Refusal(where, "its compression is unknown", "save it again with np.savez_compressed")
        with _sound(where), self._zip.open(member) as stream:
            header = read_header(cast("BinaryIO", stream), _RECIPES.get(name.strip().lower(), UNPICKLE))
        if header.start + header.nbytes != member.file_size:
            there = member.file_size - header.start
            what = f"its header claims {short(header.nbytes)} bytes, the archive holds {there}"
            raise Refusal(where, what, "copy the archive again, or save it again with np.savez")
        return header

    def read(self, name: str, progress: Progress) -> NDArray[Any]:
        """Read an array, unless it would fill the memory."""
        header, where = self.header(name), called(name)
        if held_bytes(header) > self._memory // 2:
            what = f"{held_bytes(header) / 2**30:,.1f} GiB are too much to be read into memory"
            raise Refusal(where, what, "save the predictions as .npy, which is mapped instead")
        with _sound(where), self._zip.open(self._members[name]) as stream:
            stream.read(header.start)
            return read_array(cast("BinaryIO", stream), header, progress, where, _AT_ONCE)


def read(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    """Find and read predictions, labels and class names; see formats.Read."""
    with open_file(path) as file:
        return find(Archive(file, memory), progress, choices)


def read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
    """Read the array with a label's name, or the only array there is; see formats.ReadLabels."""
    with open_file(path) as file:
        return find_labels(Archive(file, memory), progress)


@contextmanager
def _sound(where: str) -> Iterator[None]:
    """Turn the many errors of a broken archive into one sentence, and say which array it is about."""
    try:
        yield
    except Refusal as refusal:
        raise Refusal(where, refusal.what, refusal.remedy) from refusal
    except _DAMAGE as error:
        what, remedy = "it is damaged, or no zip archive", "copy it again, or save it again with np.savez"
        raise Refusal(where, what, remedy) from error


def _too_many() -> Refusal:
    return Refusal("archive", "more arrays than predictions need", "save only predictions and labels")


def write(file: BinaryIO, predictions: Predictions, progress: Progress, _suffix: str) -> None:
    """Write pred_probs, labels, class_names and sample_weight as plain arrays; see formats.Write."""
    names, quiet = predictions.class_names, Progress(stop=progress.stop)
    if any("\0" in name for name in names):
        raise Refusal("class names", "one holds a NUL character", "give it another name")
    probs = predictions.probs[0] if predictions.epochs == 1 else predictions.probs
    # Stored, not packed: numbers hardly shrink, and saving would take ten times as long.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        put_array(archive, "pred_probs", probs, progress)
        put_array(archive, "labels", predictions.labels.astype(np.int32, copy=False), quiet)
        put_array(archive, "class_names", np.array(names, dtype=np.str_), quiet)
        if predictions.weights is not None:
            put_array(archive, "sample_weight", predictions.weights, quiet)


def put_array(archive: zipfile.ZipFile, name: str, values: NDArray[Any], progress: Progress) -> None:
    """Write one array as np.savez does, block by block. The date is fixed: same numbers, same bytes."""
    values = np.ascontiguousarray(values)
    with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as stream:
        claims = np.lib.format.header_data_from_array_1_0(values)
        np.lib.format.write_array_header_1_0(cast("BinaryIO", stream), claims)
        room = values.reshape(-1).view(np.uint8)
        for start in range(0, len(room), BLOCK):
            progress.step(start, len(room), "saving")
            stream.write(steady(room[start : start + BLOCK]).data)
        progress.step(1, 1, "saving")


NPZ = Format("npz", "NumPy archive", (".npz",), read, read_labels, write)
