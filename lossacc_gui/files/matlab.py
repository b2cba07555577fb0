"""MATLAB's .mat: up to version 7.2 by SciPy, from 7.3 on it is HDF5 with its axes turned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.arrays import Arrays, called, find, find_labels
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.disk import open_file
from lossacc_gui.files.extras import needed, require_room, sound
from lossacc_gui.files.formats import Format, FoundLabels, Loaded
from lossacc_gui.files.hdf5 import Datasets
from lossacc_gui.files.npy import held_bytes
from lossacc_gui.files.npy_header import Header
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import short

_AGAIN = "save it again in MATLAB: save('file.mat', 'pred_probs', 'labels')"
_NUMBERS = {
    "double": "<f8",
    "single": "<f4",
    "logical": "<u1",
    **{f"{sign}int{bits}": f"<{sign or 'i'}{bits // 8}" for sign in ("", "u") for bits in (8, 16, 32, 64)},
}
_HDF5 = b"\x89HDF\r\n\x1a\n"


class _Variables:
    """The variables of a file up to version 7.2."""

    def __init__(self, file: BinaryIO, memory: int) -> None:
        self._file, self._memory = file, memory
        self._io = needed("scipy.io", "matlab")
        with sound(_AGAIN):
            found = self._io.whosmat(file)
        self._claims = {name: (shape, kind) for name, shape, kind in found}
        self.names = [name for name, _, kind in found if kind in _NUMBERS or kind in ("char", "cell")]
        self.strangers = [name for name in self._claims if name not in self.names]

    def header(self, name: str) -> Header:
        """What a variable claims to be. MATLAB has no axis alone: (N, 1) and (1, N) of texts are N."""
        shape, kind = self._claims[name]
        if 0 in shape:
            raise Refusal(called(name), f"it is empty, shape {short(shape)}", "save at least one row")
        if kind == "char":
            return Header(np.dtype("U1"), tuple(shape[:1]), False, 0)
        if kind == "cell":
            return Header(np.dtype("U1"), (max(shape),), False, 0)
        return Header(np.dtype(_NUMBERS[kind]), tuple(shape), True, 0)

    def read(self, name: str, progress: Progress) -> NDArray[Any]:
        """The variable."""
        header = self.header(name)
        require_room(max(held_bytes(header), 64 * header.shape[0]), self._memory, called(name))
        progress.step(0, 1, called(name))
        with sound(_AGAIN):
            self._file.seek(0)
            read = self._io.loadmat(self._file, variable_names=[name])[name]
            if self._claims[name][1] == "cell":
                read = np.array([_text(cell) for cell in read.ravel()])
            if not isinstance(read, np.ndarray) or read.dtype.kind not in "biufU":
                raise Refusal(called(name), "it holds neither numbers nor texts", _AGAIN)
        progress.step(1, 1, called(name))
        return read


def _text(cell: Any) -> str:
    """One cell of a cell array, which is an array itself."""
    if not isinstance(cell, np.ndarray) or cell.dtype.kind != "U" or cell.size > 1:
        raise Refusal("cell array", "a cell of it is no text", "save class names as a cell array of texts")
    return str(cell.ravel()[0]) if cell.size else ""


def _read(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    with open_file(path) as file, _arrays(file, memory) as arrays:
        return find(arrays, progress, choices)


def _read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
    with open_file(path) as file, _arrays(file, memory) as arrays:
        found = find_labels(arrays, progress)
    return FoundLabels(found.values.T) if found.values.shape[:1] == (1,) else found


@contextmanager
def _arrays(file: BinaryIO, memory: int) -> Iterator[Arrays]:
    """The variables of a file of either version."""
    start = file.read(520)
    file.seek(0)
    if _HDF5 not in (start[:8], start[512:520]):
        yield _Variables(file, memory)
        return
    with sound(_AGAIN), needed("h5py", "matlab").File(file, "r") as opened:
        yield Datasets(opened, memory, turned=True)


MATLAB = Format("matlab", "MATLAB", (".mat",), _read, _read_labels, None, fragile=("scipy.io", "h5py"))
