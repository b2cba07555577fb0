"""Named arrays, wherever they lie: which are predictions, labels and class names, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.choices import Ambiguous, Choices, Option, Question, chosen
from lossacc_gui.files.formats import FoundLabels, Loaded
from lossacc_gui.files.names import (
    CLASS_NAME_WORDS,
    PREDICTION_WORDS,
    SAMPLE_WEIGHT_WORDS,
    WEIGHT_WORDS,
    first_of,
    last_part,
    listed,
)
from lossacc_gui.files.npy_header import Header, check_labels, check_predictions
from lossacc_gui.files.pairing import (
    can_be_labels,
    may_be_unnamed,
    may_go_with,
    named_for,
    says_predictions,
)
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import short


class Arrays(Protocol):
    """The arrays of one file. Every method raises Refusal that names the array."""

    names: list[str]
    strangers: list[str]
    """What else is in the file."""

    def header(self, name: str) -> Header:
        """What an array claims to be; nothing of it is read."""

    def read(self, name: str, progress: Progress) -> NDArray[Any]:
        """The array, unless it would fill the memory."""


class Held:
    """Arrays that are in memory already; texts are arrays of objects."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], strangers: Sequence[str] = ()) -> None:
        self._arrays = arrays
        self.names, self.strangers = list(arrays), list(strangers)

    def header(self, name: str) -> Header:
        """What an array is."""
        values = self._arrays[name]
        if not values.size:
            raise Refusal(called(name), f"it is empty, shape {short(values.shape)}", "save at least one row")
        return Header(np.dtype("U1") if values.dtype.kind == "O" else values.dtype, values.shape, False, 0)

    def read(self, name: str, progress: Progress) -> NDArray[Any]:
        """The array."""
        progress.step(1, 1, called(name))
        return self._arrays[name]


def find(arrays: Arrays, progress: Progress, choices: Choices) -> Loaded:
    """Find and read predictions, labels, class names and weights. Raises Refusal, Ambiguous, Stopped."""
    notes: list[str] = []
    probs_name = _choose(arrays, notes, choices)
    with_place(arrays, probs_name)
    probs = arrays.read(probs_name, progress)
    quiet = Progress(stop=progress.stop)
    others = [name for name in arrays.names if name != probs_name]
    label, why = _label(arrays, probs_name, others, choices)
    labels = None if label is None else _labels(arrays, label, quiet)
    named = first_of(CLASS_NAME_WORDS, [name for name in others if name != label])
    found = None if named is None else _class_names(arrays, named, probs, notes, quiet)
    names, values = _names_and_values(found)
    weighed = first_of(WEIGHT_WORDS, [name for name in others if name not in (label, named)])
    weights = None if weighed is None else _weights(arrays, weighed, notes, quiet)
    if left := [name for name in others if name not in (label, named, weighed)] + arrays.strangers:
        notes.append(f"arrays left out: {listed(left)}")
    source = "" if label is None else f"{called(label)}{why}"
    return Loaded(
        probs,
        labels,
        source,
        names,
        tuple(notes),
        class_values=values,
        weights=weights,
        weights_from="" if weighed is None else called(weighed),
        weights_sure=first_of(SAMPLE_WEIGHT_WORDS, [weighed or ""]) is not None,
    )


def find_labels(arrays: Arrays, progress: Progress) -> FoundLabels:
    """Read the array with a label's name, or the only one there is, or that can be labels."""
    label = named_for("", arrays.names)
    if label is None:
        fitting = [name for name in arrays.names if may_be_unnamed(name) and _is_whole(arrays, name)]
        fitting = fitting if len(arrays.names) > 1 else arrays.names
        label = fitting[0] if len(fitting) == 1 else None
    if label is None:
        what = f"no labels among {listed(arrays.names)}" if arrays.names else "it holds no array"
        raise Refusal("archive", what, "call the array of labels 'labels'")
    return _labels(arrays, label, progress)


def _is_whole(arrays: Arrays, name: str) -> bool:
    """Whether an array holds whole numbers or texts, as far as its header says."""
    try:
        return arrays.header(name).dtype.kind in "biuUS"
    except Refusal:
        return False


def called(name: str) -> str:
    """Return how a message calls an array."""
    return f"array {short(name)!r}"


def with_place(arrays: Arrays, name: str) -> None:
    """Check that an array can be predictions. Raises Refusal that names it."""
    header = arrays.header(name)
    try:
        check_predictions(header)
    except Refusal as refusal:
        raise Refusal(called(name), refusal.what, refusal.remedy) from refusal


def _choose(arrays: Arrays, notes: list[str], choices: Choices) -> str:
    """Choose the array that holds the predictions: as decided, by its name, or as the only one it can be."""
    shaped = [name for name in arrays.names if _float_axes(arrays, name) in (2, 3, 4)]
    question = _question(arrays, shaped or [name for name in arrays.names if _float_axes(arrays, name)])
    if (decided := chosen(choices, question)) is not None:
        notes.append(f"predictions from {called(decided)}, as chosen")
        return decided
    known = [name for name in arrays.names if last_part(name) in PREDICTION_WORDS]
    # y_pred is as often the argmax as the probabilities, so of several a matrix of floats is taken.
    if found := [name for name in known if name in shaped]:
        return _by_name(arrays, found)
    if found := [name for name in shaped if says_predictions(name) is not None]:  # train_probs, test_probs
        notes.extend([f"predictions from {called(found[0])}"] if len(found) == 1 else [])
        return _by_name(arrays, found)
    if known:
        return _by_name(arrays, known)
    if len(shaped) == 1:
        notes.append(f"predictions from {called(shaped[0])}, the only matrix of floats")
        return shaped[0]
    scores = [name for name in arrays.names if _float_axes(arrays, name) == 1 and may_be_unnamed(name)]
    if not shaped and len(scores) == 1:  # numpy.savez(file, scores, labels), of two classes
        notes.append(f"predictions from {called(scores[0])}, the only floats")
        return scores[0]
    for name in arrays.names:
        arrays.header(name)  # where none can be read, the reason is what one needs to hear
    among = f" among {listed(arrays.names)}" if arrays.names else ", as there is no array"
    remedy = "call the array of predictions 'pred_probs'"
    if shaped:
        raise Ambiguous("archive", "several matrices of floats" + among, remedy, question)
    raise Refusal("archive", "no matrix of floats" + among, remedy)


def _by_name(arrays: Arrays, names: list[str]) -> str:
    """Choose among arrays that are called as predictions are; of several only 'pred_probs' is sure."""
    floats = [name for name in names if _float_axes(arrays, name)] or names
    sure = [name for name in floats if last_part(name) == PREDICTION_WORDS[0]]
    if len(floats) > 1 and len(sure) != 1:
        what, remedy = f"{listed(floats)} may each be the predictions", "call the one array 'pred_probs'"
        remedy = "call the one array of predictions 'pred_probs'"
        raise Ambiguous("archive", what, remedy, _question(arrays, floats))
    return (sure or floats)[0]


def _question(arrays: Arrays, names: Sequence[str]) -> Question:
    """Which of these arrays holds the predictions; with the labels that would come along, where these differ."""
    labels = [named_for(name, [other for other in arrays.names if other != name]) for name in names]
    differ = len(set(labels)) > 1
    options = []
    for name, label in zip(names, labels, strict=True):
        with_labels = f", labels in {short(label)}" if differ and label is not None else ""
        options.append(Option(name, _described(arrays, name) + with_labels))
    return Question("array", "Which array holds the predictions?", tuple(options))


def _described(arrays: Arrays, name: str) -> str:
    """An array's name, shape and kind of numbers."""
    try:
        header = arrays.header(name)
    except Refusal:
        return short(name)
    return f"{short(name)}: {' × '.join(f'{axis:,}' for axis in header.shape)}, {header.dtype}"


def _float_axes(arrays: Arrays, name: str) -> int:
    """Return how many axes an array of floats has; 0 for any other, and one that cannot be read."""
    try:
        header = arrays.header(name)
    except Refusal:
        return 0
    return len(header.shape) if header.dtype.kind == "f" else 0


def _label(arrays: Arrays, probs: str, others: list[str], choices: Choices) -> tuple[str | None, str]:
    """The array of labels and why it is that: as decided, by its name, or as the only one it can be.

    Raises Ambiguous where several can be the labels.
    """
    options = (Option("", "no labels"), *(Option(name, _described(arrays, name)) for name in others))
    question = Question("label", "Which array holds the labels?", options)
    if (decided := chosen(choices, question)) is not None:
        return decided or None, " in the same file"
    if (named := named_for(probs, others)) is not None:
        return named, " in the same file"
    fitting = [name for name in others if may_go_with(name, probs) and _fits(arrays, name, probs)]
    if len(fitting) > 1:
        what = f"{listed(fitting)} may each be the labels"
        raise Ambiguous("archive", what, "call the array of labels 'labels'", question)
    return (fitting[0] if fitting else None), ", the only one that can be labels"


def _fits(arrays: Arrays, name: str, probs: str) -> bool:
    """Whether what an array holds can be the labels of predictions."""
    try:
        check_labels(arrays.header(name))
        return can_be_labels(arrays.read(name, Progress()), arrays.header(probs).shape)
    except Refusal:
        return False


def _labels(arrays: Arrays, name: str, progress: Progress) -> FoundLabels:
    header = arrays.header(name)
    try:
        check_labels(header)
    except Refusal as refusal:
        raise Refusal(called(name), refusal.what, refusal.remedy) from refusal
    return FoundLabels(arrays.read(name, progress))


def _class_names(
    arrays: Arrays, name: str, probs: NDArray[Any], notes: list[str], progress: Progress
) -> NDArray[Any] | None:
    """Read the class names in an array, when there is one a class."""
    shape, classes = arrays.header(name).shape, max(2, probs.shape[-1] if probs.ndim > 1 else 2)
    if shape not in ((classes,), (classes, 1), (1, classes)):
        notes.append(f"{called(name)} was left out: shape {short(shape)} cannot name {classes} classes")
        return None
    return arrays.read(name, progress).reshape(-1)


def _weights(arrays: Arrays, name: str, notes: list[str], progress: Progress) -> NDArray[Any] | None:
    """Read what may be sample weights, if it can be read at all, or is surely meant as such."""
    try:
        return arrays.read(name, progress)
    except Refusal as refusal:
        if first_of(SAMPLE_WEIGHT_WORDS, [name]) is not None:
            raise
        notes.append(f"{called(name)} was left out: {refusal.what}")
        return None


def _names_and_values(found: NDArray[Any] | None) -> tuple[tuple[str, ...] | None, NDArray[Any] | None]:
    """Class names as texts, and the array itself when it has numbers other than 0, 1 and on."""
    if found is None:
        return None, None
    values = found.tolist()
    names = tuple(v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values)
    return names, found if found.dtype.kind in "iuf" and values != list(range(len(values))) else None
