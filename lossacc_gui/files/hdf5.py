"""HDF5: the data sets of a file, wherever in its groups they lie."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.arrays import called, find, find_labels
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.disk import open_file, physical_memory
from lossacc_gui.files.extras import needed, require_room, sound
from lossacc_gui.files.formats import Format, FoundLabels, Loaded
from lossacc_gui.files.npy import BLOCK, held_bytes
from lossacc_gui.files.npy_header import Header
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import short

AGAIN = "copy it again, or save it again with h5py"
_MOST = 1000


class Datasets:
    """The data sets of an open h5py file. ``turned``: MATLAB's, whose axes lie the other way round."""

    def __init__(self, file: Any, memory: int, *, turned: bool = False) -> None:
        self._memory, self._turned = memory, turned
        self._sets: dict[str, Any] = {}
        self.strangers: list[str] = []
        dataset = needed("h5py", "hdf5").Dataset

        def visit(name: str, node: Any) -> bool | None:
            if isinstance(node, dataset):
                if node.external or node.is_virtual:  # its numbers are in other files, perhaps anybody's
                    self.strangers.append(name)
                else:
                    self._sets[name] = node
            return True if len(self._sets) > _MOST else None

        file.visititems(visit)
        if len(self._sets) > _MOST:
            raise Refusal("file", "more data sets than predictions need", "save predictions and labels only")
        self.names = list(self._sets)

    def header(self, name: str) -> Header:
        """What a data set claims to be."""
        found, where = self._sets[name], called(name)
        with sound(AGAIN):
            shape, dtype, text = (
                found.shape,
                found.dtype,
                needed("h5py", "hdf5").check_string_dtype(found.dtype),
            )
        if not shape or 0 in shape:
            raise Refusal(where, f"it is empty, shape {short(shape)}", "save at least one row")
        if text is None and dtype.kind not in "biufS":
            remedy = "save it as plain numbers or texts"
            raise Refusal(where, f"it holds {short(dtype)}, neither numbers nor texts", remedy)
        axes = tuple(reversed(shape)) if self._turned else tuple(shape)
        return Header(dtype if text is None else np.dtype("S1"), axes, self._turned, 0)

    def read(self, name: str, progress: Progress) -> NDArray[Any]:
        """The data set, block by block along its first axis."""
        header, found = self.header(name), self._sets[name]
        texts = header.dtype.kind == "S"
        size = max(header.nbytes, found.size * 64) if texts else held_bytes(header)
        require_room(size, self._memory, called(name))
        with sound(AGAIN):
            values = np.empty(found.shape, object if texts else found.dtype)
            step = max(1, BLOCK // max(1, found.dtype.itemsize * found.size // len(found)))
            for start in range(0, len(found), step):
                progress.step(start, len(found), called(name))
                values[start : start + step] = found[start : start + step]
        progress.step(1, 1, called(name))
        return values.T if self._turned else values


def _read(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    h5py = needed("h5py", "hdf5")
    with open_file(path) as file, sound(AGAIN), h5py.File(file, "r") as opened:
        return find(Datasets(opened, memory), progress, choices)


def _read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
    h5py = needed("h5py", "hdf5")
    with open_file(path) as file, sound(AGAIN), h5py.File(file, "r") as opened:
        return find_labels(Datasets(opened, memory), progress)


def _write(file: BinaryIO, predictions: Predictions, progress: Progress, _suffix: str) -> None:
    """Write pred_probs, labels, class_names and sample_weight as data sets; see formats.Write."""
    h5py = needed("h5py", "hdf5")
    names = predictions.class_names
    if any("\0" in name or any("\ud800" <= c <= "\udfff" for c in name) for name in names):
        raise Refusal("class names", "one holds a character no text has", "give it another name")
    probs = predictions.probs[0] if predictions.epochs == 1 else predictions.probs
    require_room(2 * probs.nbytes, physical_memory(), "predictions")
    # Made in memory: the library would go on after a full disk, and say something else at the end.
    made = io.BytesIO()
    with h5py.File(made, "w") as archive:
        archive["pred_probs"] = probs
        archive["labels"] = predictions.labels
        archive["class_names"] = np.array(names, dtype=object)
        if predictions.weights is not None:
            archive["sample_weight"] = predictions.weights
    room = memoryview(made.getvalue())  # what was made, not a copy; unlike getbuffer, it outlives a failure
    for start in range(0, len(room), BLOCK):
        progress.step(start, len(room), "saving")
        file.write(room[start : start + BLOCK])
    progress.step(1, 1, "saving")


HDF5 = Format("hdf5", "HDF5", (".h5", ".hdf5"), _read, _read_labels, _write, fragile=("h5py",))
