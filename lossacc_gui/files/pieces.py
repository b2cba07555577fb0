"""Predictions in several files: parts of one matrix, or a folder with one file an epoch."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.extras import require_room
from lossacc_gui.files.formats import Loaded
from lossacc_gui.files.packed import bare_name, ending
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import about, short
from lossacc_gui.files.registry import FORMATS, format_of
from lossacc_gui.files.trial import try_first

_PART = re.compile(r"(.+)\.part(\d{1,6})_of_(\d{1,6})")
_NUMBERED = re.compile(r"(.*?)(\d{1,9})")
_MOST = 10_000
"""Files, in a folder or of one matrix, that are looked at."""


def load(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    """What a file holds, with the files that belong to it; of a folder the epochs in it.

    Raises Refusal, Ambiguous, OSError, Stopped.
    """
    if path.is_dir():
        return _joined(_epochs(path), 0, progress, memory, choices)
    if found := _PART.fullmatch(bare_name(path)):
        return _joined(_parts(path, found), 1, progress, memory, choices)
    known = format_of(path)
    if known.fragile:
        try_first([path], progress, memory, choices)
    return known.read(path, progress, memory, choices)


def together(paths: list[Path]) -> Path | None:
    """What several files are as one: the first of all the parts of a matrix, or the folder of all its epochs."""
    first = paths[0]
    if found := _PART.fullmatch(bare_name(first)):
        return first if set(_parts(first, found)) == set(paths) else None
    try:
        epochs = _epochs(first.parent)
    except Refusal:
        return None
    return first.parent if set(epochs) == set(paths) else None


def whole_name(path: Path) -> Path:
    """The name a file would have if it were not one part of several: where its labels are looked for."""
    found = None if path.is_dir() else _PART.fullmatch(bare_name(path))
    return path.with_name(found[1] + ending(path)) if found else path


def _parts(path: Path, found: re.Match[str]) -> list[Path]:
    """All the parts, counted from 1 or from 0. Raises Refusal when one is not there."""
    count = int(found[3])
    if not 0 < count <= _MOST:
        raise Refusal("file name", f"part of {count:,}", "join the parts with np.concatenate")
    width = len(found[2])
    names = [f"{found[1]}.part{i:0{width}}_of_{found[3]}{ending(path)}" for i in range(count + 1)]
    first = 0 if (path.with_name(names[0])).is_file() else 1
    parts = [path.with_name(name) for name in names[first : first + count]]
    for part in parts:
        if not part.is_file():
            raise Refusal(
                "file name", f"{short(part.name, 80)} is not beside it", "put all parts in one folder"
            )
    return parts


def _epochs(folder: Path) -> list[Path]:
    """The numbered files of a folder, of the one kind there are most of, by number."""
    known = {suffix for kind in FORMATS for suffix in kind.suffixes}
    series: dict[tuple[str, str], list[tuple[int, Path]]] = {}
    for path in islice(folder.iterdir(), _MOST):
        found = _NUMBERED.fullmatch(bare_name(path))
        if found and ending(path) in known and path.is_file():
            series.setdefault((found[1], ending(path)), []).append((int(found[2]), path))
    if not series:
        remedy = "choose a file in it, or a folder with one file an epoch, such as epoch_001.npy"
        raise Refusal("file", "this is a folder, and has no numbered files", remedy)
    most = max(len(paths) for paths in series.values())
    return [path for _, path in sorted(next(paths for paths in series.values() if len(paths) == most))]


def _joined(paths: list[Path], axis: int, progress: Progress, memory: int, choices: Choices) -> Loaded:
    """The matrices of all files as one: ``axis`` 0 stacks them as epochs, 1 puts rows after rows."""
    held: list[NDArray[Any]] = []
    first: Loaded | None = None
    labels, weights = [], []
    if format_of(paths[0]).fragile:
        try_first(paths, progress, memory, choices)
    for at, path in enumerate(paths):
        step = Progress(_share(progress, at, len(paths)), progress.stop)
        with about(path):
            loaded = format_of(path).read(path, step, memory, choices)
            first = first or loaded
            probs = loaded.probs[np.newaxis] if loaded.probs.ndim == 2 else loaded.probs
            _require_alike(probs, held, axis)
            require_room(probs.nbytes * len(paths) * 2, memory, "files")
        held.append(probs)
        labels.append(loaded.labels)
        weights.append(loaded.weights)
    assert first is not None
    joined = np.concatenate(held, axis=axis)
    kind = "epochs" if axis == 0 else "parts"
    said = f"{counted(len(paths), kind[:-1])}, {short(paths[0].name)} to {short(paths[-1].name)}"
    notes = (said, *(note for note in first.notes if axis))
    known = first.labels if axis == 0 else None
    found = Loaded(
        joined[0] if len(joined) == 1 else joined, known, "the first file", first.class_names, notes
    )
    found = replace(found, weights=first.weights if axis == 0 else _all_rows(weights))
    found = replace(
        found, weights_from=f"{first.weights_from} of the {kind}", weights_sure=first.weights_sure
    )
    if axis == 1 and all(part is not None and part.values.ndim == 1 for part in labels):
        values = np.concatenate([part.values for part in labels if part is not None])
        found = replace(found, labels=replace(labels[0], values=values, lines=None), labels_from="the parts")  # type: ignore[type-var]
    return found


def _all_rows(parts: list[NDArray[Any] | None]) -> NDArray[Any] | None:
    """One weight a row over all parts, where each part has that."""
    known = [part for part in parts if part is not None and part.ndim == 1]
    return np.concatenate(known) if len(known) == len(parts) else None


def _share(progress: Progress, at: int, count: int) -> Any:
    def report(fraction: float, what: str) -> None:
        progress.report((at + fraction) / count, what)

    return report


def _require_alike(probs: NDArray[Any], held: list[NDArray[Any]], axis: int) -> None:
    """Raise Refusal for a matrix that cannot be joined with the others."""
    if probs.ndim != 3 or (axis == 0 and len(probs) > 1):
        raise Refusal("array", f"shape {short(probs.shape)}", "save one matrix (rows, classes) a file")
    if held:
        one, other = list(held[0].shape), list(probs.shape)
        if axis == 1:
            del one[1], other[1]
        if one != other:
            what = f"shape {short(probs.shape[1:])}, but {short(held[0].shape[1:])} in the first file"
            raise Refusal("array", what, "save files of one shape")
