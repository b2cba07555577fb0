"""The numbers and labels everything else is computed from, and the only place that checks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lossacc_gui.core.cells import Probs, three_axes
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.weight_range import WEIGHT_REMEDY, outside
from lossacc_gui.core.wording import counted

Labels = NDArray[np.int32]
Weights = NDArray[np.float64]

NO_LABEL = -1
MISSING = ("", "-1", "nan", "none", "null", "na", "n/a", "?")
"""Texts, compared in lower case, that stand for a row without a label."""


@dataclass(eq=False, slots=True)
class Predictions:
    """Predicted numbers and true labels.

    ``probs`` has shape (E, N, C): epochs, rows, classes; float16, float32 or float64 in C order, so
    that a row's sum does not depend on the rows around it. Depending on the convention its cells are
    read as probabilities or as logits. ``labels`` has shape (N,); -1 is a row without a label, which
    is shown and not counted. ``notes`` says aloud what ``of`` had to do to the input. ``weights``, shape
    (N,), each 0 or from 1e-100 to 1e100, say how much each row counts in the cross-entropy and
    in what is computed of it, and nowhere else; None is 1 for every row.
    """

    probs: Probs
    labels: Labels
    class_names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    weights: Weights | None = None

    @property
    def epochs(self) -> int:
        """The number of epochs, E."""
        return int(self.probs.shape[0])

    @property
    def rows(self) -> int:
        """The number of rows, N."""
        return int(self.probs.shape[1])

    @property
    def classes(self) -> int:
        """The number of classes, C."""
        return int(self.probs.shape[2])

    @classmethod
    def of(
        cls,
        probs: ArrayLike,
        labels: ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        weights: ArrayLike | None = None,
    ) -> Predictions:
        """Check everything once and give predictions that need no further check.

        ``probs`` may be (E, N, C), (N, C), or (N,) or (N, 1) for two classes: the second class gets
        the number given and the first one what is left to 1. A float array that is already in C order
        is kept, not copied. ``labels`` may be whole numbers 0..C-1, class names, or a one-hot (N, C)
        matrix of 0 and 1; None, an empty text, NaN and -1 mean "no label".

        NaN, infinities and values outside 0..1 are admitted: people type them, and the metrics say
        what they do. Raises Refusal, naming row, column, value and remedy, for anything else.
        """
        notes: list[str] = []
        cells = three_axes(probs, notes)
        _, rows, classes = cells.shape
        codes, names_seen = _labels(labels, rows, classes, class_names)
        names = _names(class_names, classes, names_seen)
        return cls(cells, codes, names, tuple(notes), _weights(weights, rows))


def _labels(
    labels: ArrayLike | None, rows: int, classes: int, class_names: Sequence[str] | None
) -> tuple[Labels, tuple[str, ...] | None]:
    """Labels as codes, and the class names their texts gave when nobody else named the classes."""
    if labels is None:
        return np.full(rows, NO_LABEL, np.int32), None
    try:
        given = np.asarray(labels)
    except ValueError as error:
        raise Refusal("labels", "they differ in length", "give one label a row") from error
    if given.ndim == 2 and given.shape[1] == 1:
        given = given[:, 0]
    if given.ndim not in (1, 2):
        raise Refusal("labels", f"shape {given.shape}", "give one label a row, or a one-hot matrix")
    if given.shape[0] != rows:
        what = f"{counted(given.shape[0], 'label')} for {counted(rows, 'row')}"
        raise Refusal("labels", what, "give as many labels as rows; an empty one is allowed")
    if given.ndim == 2:
        return _one_hot(given, classes), None
    if given.dtype.kind in "OUST":
        return _texts(given, classes, class_names)
    return _codes(given, classes), None


def _codes(given: NDArray[Any], classes: int, written: NDArray[Any] | None = None) -> Labels:
    """Labels given as numbers, ``written`` by the user as these texts, checked to be whole and in range."""
    written = given if written is None else written
    if given.dtype.kind not in "biuf":
        raise Refusal("labels", f"{given.dtype} is no label", "give class indices or class names")
    if given.dtype.kind == "f":
        given = np.where(np.isnan(given), NO_LABEL, given)
        broken = np.flatnonzero(~(given == np.floor(given)))
        if broken.size:
            raise _bad_label(broken[0], written[broken[0]], "is not a whole number", classes)
    outside = np.flatnonzero((given < NO_LABEL) | (given >= classes))
    if outside.size:
        raise _bad_label(outside[0], written[outside[0]], "is no class", classes)
    return given.astype(np.int32)


def _weights(given: ArrayLike | None, rows: int) -> Weights | None:
    """Sample weights, one a row; weights of 1 and no weights are not the same: one says so."""
    if given is None:
        return None
    try:
        weights = np.array(given, np.float64)
    except (ValueError, TypeError) as error:
        raise Refusal("weights", "not all are numbers", "give one number a row") from error
    if weights.ndim == 2 and weights.shape[1] == 1:
        weights = weights[:, 0]
    if weights.shape != (rows,):
        raise Refusal("weights", f"shape {weights.shape} for {counted(rows, 'row')}", "give one number a row")
    bad = outside(weights)
    if bad.size:
        raise Refusal(f"row {bad[0] + 1}, weight", f"{weights[bad[0]]:g}", WEIGHT_REMEDY)
    return weights


def _bad_label(row: int, value: object, what: str, classes: int) -> Refusal:
    return Refusal(
        f"row {row + 1}, label",
        f"{value} {what}",
        f"use 0 to {classes - 1}, a class name, or leave it empty for no label",
    )


def _one_hot(given: NDArray[Any], classes: int) -> Labels:
    """The label of each row of a one-hot matrix; a row of zeros has none."""
    if given.shape[1] != classes:
        raise Refusal(
            "labels",
            f"one-hot with {given.shape[1]} columns for {classes} classes",
            "give one column a class",
        )
    if given.dtype.kind not in "biuf":
        raise Refusal("labels", f"a one-hot matrix of {given.dtype}", "give 0 and 1")
    bad = np.argwhere((given != 0) & (given != 1))
    if bad.size:
        row, column = bad[0]
        raise Refusal(
            f"row {row + 1}, column {column + 1}, label",
            f"{given[row, column].item()} in a one-hot matrix",
            "use 0 and 1, or give one label a row",
        )
    ones = (given == 1).sum(axis=1)
    many = np.flatnonzero(ones > 1)
    if many.size:
        raise Refusal(
            f"row {many[0] + 1}, label", f"{ones[many[0]]} ones in a one-hot row", "mark one class only"
        )
    return np.where(ones == 1, given.argmax(axis=1), NO_LABEL).astype(np.int32)


def _texts(
    given: NDArray[Any], classes: int, class_names: Sequence[str] | None
) -> tuple[Labels, tuple[str, ...] | None]:
    """Labels given as texts: class names if they are, else indices, else names in scikit-learn's order."""
    texts = [value.strip() if type(value) is str else _text(value) for value in given.tolist()]
    present = sorted(text for text in set(texts) if text.lower() not in MISSING)  # few, of many rows
    names: tuple[str, ...] | None = None
    if class_names is not None and (
        codes_of := {str(name).strip(): i for i, name in enumerate(class_names)}
    ).keys() >= set(present):
        pass
    elif all(_is_whole(text) for text in present):
        number_of = {text: float(text) for text in present}
        numbers = np.array([number_of.get(text, NO_LABEL) for text in texts], np.float64)
        return _codes(numbers, classes, np.array(texts, dtype=object)), None
    elif class_names is not None:
        stranger = next(i for i, t in enumerate(texts) if t.lower() not in MISSING and t not in codes_of)
        raise Refusal(
            f"row {stranger + 1}, label",
            f"{texts[stranger]!r} is none of the {classes} classes",
            f"use one of {', '.join(map(str, class_names[:5]))}{', ...' if classes > 5 else ''}",
        )
    elif len(present) == classes:
        names = tuple(present)
        codes_of = {name: i for i, name in enumerate(names)}
    else:
        raise Refusal(
            "labels",
            f"{counted(len(present), 'different name')} for {counted(classes, 'class')}",
            "name the classes, or give class indices",
        )
    return np.array([codes_of.get(text, NO_LABEL) for text in texts], np.int32), names


def _text(value: object) -> str:
    """One label as text; None and NaN are empty."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return value.decode("utf-8", "replace").strip() if isinstance(value, bytes) else str(value).strip()


def _is_whole(text: str) -> bool:
    try:
        return float(text).is_integer()
    except ValueError:
        return False


def _names(given: Sequence[str] | None, classes: int, seen: tuple[str, ...] | None) -> tuple[str, ...]:
    """Class names: the given ones, those the labels brought, or 0..C-1."""
    if given is None:
        return seen if seen is not None else tuple(str(i) for i in range(classes))
    names = tuple(str(name).strip() for name in given)
    if len(names) != classes:
        raise Refusal(
            "class names",
            f"{counted(len(names), 'name')} for {counted(classes, 'class')}",
            "give one name a class",
        )
    taken: set[str] = set()
    for i, name in enumerate(names):
        if not name:
            raise Refusal(f"class {i + 1}", "the name is empty", "give every class a name")
        if name in taken:
            raise Refusal(
                f"class {i + 1}", f"the name {name!r} is taken", "give every class a name of its own"
            )
        taken.add(name)
    return names
