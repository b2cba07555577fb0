"""Labels that lie in a file of their own: named by the user, or found beside the predictions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.disk import physical_memory
from lossacc_gui.files.formats import FoundLabels, Loaded
from lossacc_gui.files.matching import matched
from lossacc_gui.files.names import LABEL_WORDS, replace_word
from lossacc_gui.files.packed import bare_name, ending
from lossacc_gui.files.pairing import says_predictions
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import FileRefusal, about, short
from lossacc_gui.files.registry import FORMATS, format_of
from lossacc_gui.files.trial import try_first


def open_labels(
    path: str | os.PathLike[str],
    predictions: Predictions,
    progress: Progress = Progress(),  # noqa: B008 - frozen, so one for all is safe
    choices: Choices = Choices(),  # noqa: B008 - frozen, so one for all is safe
) -> NDArray[np.int32]:
    """The labels in a file, as codes for these predictions' rows and class names.

    Raises FileRefusal, naming the file, when they do not fit, with a question where they may count from 1;
    Stopped when the user wants no more of it.
    """
    file = Path(path)
    labels = read_labels(file, progress, physical_memory())
    loaded = Loaded(predictions.probs, class_names=predictions.class_names)
    with about(file):
        return matched(loaded, predictions.probs, labels, choices).labels


def read_labels(file: Path, progress: Progress, memory: int) -> FoundLabels:
    """The labels in a file as they are there. Raises FileRefusal, Stopped."""
    with about(file):
        known = format_of(file)
        if known.fragile:
            try_first([file], progress, memory, Choices(), labels=True)
        return known.read_labels(file, progress, memory)


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What was found beside a file of predictions: the predictions with labels, if any fitted, and
    what is to be said about it."""

    predictions: Predictions | None = None
    path: Path | None = None
    notes: tuple[str, ...] = ()


def labels_beside(
    file: Path, bare: Predictions, loaded: Loaded, progress: Progress, memory: int, choices: Choices
) -> Beside:
    """Labels for ``bare`` from the first file beside it whose name asks for it and that fits.

    A file that does not fit is no reason to refuse the predictions: nobody asked for it.
    """
    notes = []
    for candidate in candidates(file):
        try:
            labels = read_labels(candidate, progress, memory)
            with about(candidate):
                fitting = matched(loaded, bare.probs, labels, choices)
        except Refusal as refusal:
            if isinstance(refusal, FileRefusal) and refusal.question and refusal.question.key == "labels":
                raise  # it fits, once it is known what its labels count from
            name, why = short(candidate.name, 80), refusal.what
            if refusal.where != "labels":
                why = f"{refusal.where}: {why}"
            notes.append(f"the labels in {name}, beside it, were not used: {why}")
            continue
        notes += [f"labels from {short(candidate.name, 80)}, beside it", *fitting.notes]
        return Beside(fitting, candidate, tuple(notes))
    return Beside(notes=tuple(notes))


def candidates(file: Path) -> Iterator[Path]:
    """The files beside ``file`` that may hold its labels, the likeliest first.

    ``mnist_pred_probs.npy`` asks for ``mnist_labels``, ``mnist_y_true`` ...; every file for its name
    with ``_labels``; each of them first with the suffix of the predictions, then with any other.
    """
    if file.is_dir():
        file = file / "probs.npy"  # whose labels would lie in the folder, too
    own, bare = ending(file), bare_name(file)
    suffixes = [own, *(s for known in FORMATS for s in known.suffixes if s != own)]
    of_what = "_".join(says_predictions(bare) or ())  # y_test for test_probs
    turned = [name for word in LABEL_WORDS for name in (f"{word}_{of_what}", f"{of_what}_{word}")]
    for stem in dict.fromkeys([*replace_word(bare), f"{bare}_labels", *(turned if of_what else ())]):
        for suffix in suffixes:
            candidate = file.with_name(stem + suffix)
            with suppress(OSError):  # a name that grew too long is no file
                if candidate.is_file():
                    yield candidate
