"""How labels, wherever they were found, meet the classes a file of predictions speaks of."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.cells import Probs
from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.wording import counted
from lossacc_gui.files.axes import flat
from lossacc_gui.files.cells import is_missing, number
from lossacc_gui.files.choices import Ambiguous, Choices, Option, Question, chosen
from lossacc_gui.files.formats import FoundLabels, Loaded
from lossacc_gui.files.names import listed
from lossacc_gui.files.refusals import on_lines, short

IGNORED = (-100, 255)
"""Labels that PyTorch, and data sets of pixels, give to rows that are not to count."""


def matched(
    loaded: Loaded,
    probs: Probs,
    labels: FoundLabels,
    choices: Choices = Choices(),  # noqa: B008 - frozen, so one for all is safe
) -> Predictions:
    """The predictions with these labels; what had to be decided is in their notes.

    Raises Refusal, and Ambiguous where it takes somebody to decide.
    """
    values, names, note = flat(labels.values, loaded.grid), loaded.class_names, ""
    values, ignored = _without_ignored(values, probs.shape[-1], loaded)
    values = _spelled(values, names)
    if loaded.class_values is not None:
        values, note = _by_value(values, loaded.class_values)
    elif loaded.score_of is not None and values.ndim == 1:
        values, pair, note = _pair(values, loaded.score_of)
        names = pair or names
    elif _run_from_one(values, probs.shape[-1], names):
        counted, note = _counted_from_one(values, probs.shape[-1], choices)
        if counted is None:
            bare = unlabelled(loaded)
            return replace(bare, notes=(note, *bare.notes))
        values = counted
    with on_lines(labels.lines, labels.unit):
        found = Predictions.of(probs, values, names, loaded.weights)
    return replace(found, notes=(*filter(None, (ignored, note)), *found.notes))


def _spelled(values: NDArray[Any], names: tuple[str, ...] | None) -> NDArray[Any]:
    """Labels written as the classes are: an é may be one character there and two here."""
    if names is None or values.dtype.kind != "O" or values.ndim != 1:
        return values
    known = {unicodedata.normalize("NFC", name): name for name in names}
    strange = {text for text in set(values.tolist()) if type(text) is str and not text.isascii()}
    spelled = {text: known.get(unicodedata.normalize("NFC", text), text) for text in strange}
    if all(text == other for text, other in spelled.items()):
        return values
    return np.array([spelled.get(text, text) for text in values.tolist()], dtype=object)


def _without_ignored(values: NDArray[Any], classes: int, loaded: Loaded) -> tuple[NDArray[Any], str]:
    """Labels without those that stand for none where models are trained, and what is said of them."""
    if values.ndim != 1 or not values.size or loaded.class_values is not None:
        return values, ""
    texts = set(values.tolist()) if values.dtype.kind == "O" else set()  # few, of many rows
    for mark in IGNORED:
        if values.dtype.kind == "O":
            if str(mark) not in texts or str(mark) in (loaded.class_names or ()):
                continue
            none = values == str(mark)
        elif values.dtype.kind in "if" or (values.dtype.kind == "u" and mark > 0):
            none = values == mark
        else:
            continue
        if not 0 <= mark < classes and none.any():
            kept = values if values.dtype.kind == "O" else values.astype(np.int32)
            said = f"{counted(int(none.sum()), 'label')} of {mark} read as none, as training ignores it"
            return np.where(none, "" if values.dtype.kind == "O" else NO_LABEL, kept), said
    return values, ""


def _run_from_one(values: NDArray[Any], classes: int, names: tuple[str, ...] | None) -> bool:
    """Whether labels are the numbers 1 to C, which are no indices, and are not the names of classes."""
    if values.dtype.kind in "iu" and values.size and int(values.max()) != classes:
        return False  # without a copy as float64, which of very many pixels would fill the memory
    numbers = _as_numbers(values)
    if numbers is None or (values.dtype.kind == "O" and names and str(classes) in names):
        return False
    found = numbers[~(np.isnan(numbers) | (numbers == -1))]
    return bool(found.size and found.min() >= 1 and found.max() == classes)


def _counted_from_one(
    values: NDArray[Any], classes: int, choices: Choices
) -> tuple[NDArray[Any] | None, str]:
    """Labels 1 to C as indices, if that was decided."""
    options = (
        Option("from 1", f"they count from 1: 1 is the first class, {classes} the last"),
        Option("none", "leave them out: the rows are shown and not counted"),
    )
    question = Question("labels", f"Labels run from 1 to {classes}. What do they mean?", options)
    decided = chosen(choices, question)
    if decided == "none":
        return None, "labels were left out, as chosen"
    if decided is None:
        what = f"they run to {classes}, and the last of {classes} classes is {classes - 1}"
        raise Ambiguous("labels", what, f"count from 0 to {classes - 1}", question)
    numbers = _as_numbers(values)
    assert numbers is not None
    return np.where(numbers == -1, np.nan, numbers) - 1, "labels count from 1, as chosen"


def unlabelled(loaded: Loaded) -> Predictions:
    """The predictions alone. A single score of class 0 is the first class, not the second."""
    first = loaded.class_names is None and loaded.score_of == "0"
    names = ("1", "0") if first else loaded.class_names
    return Predictions.of(loaded.probs, None, names, loaded.weights)


def _pair(values: NDArray[Any], score_of: str) -> tuple[NDArray[Any], tuple[str, str] | None, str]:
    """The labels of two classes, and the names of both when the only column is called like one of them.

    The number given is the second class's, so the class that the column names is put second.
    """
    texts = [_text(value) for value in values.tolist()]
    present = {text for text in texts if not is_missing(text)}
    if score_of in ("0", "1") and present <= {"0", "1"}:
        present = {"0", "1"}
    second = [text for text in present if text.casefold() == score_of.casefold()]
    if len(present) != 2 or len(second) != 1:
        return values, None, ""
    first = next(text for text in present if text != second[0])
    said = f"the number is that of class {short(second[0])!r}, what is left to 1 that of {short(first)!r}"
    return np.array(texts, dtype=object), (first, second[0]), said


def _text(value: object) -> str:
    """One label as text, 1.0 as 1."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    known = number(text)
    return str(int(known)) if known is not None and known.is_integer() else text.strip()


def _by_value(values: NDArray[Any], classes: NDArray[Any]) -> tuple[NDArray[Any], str]:
    """The labels as indices into ``classes``, numbers that are not 0, 1 and on, when all are among them."""
    given = _as_numbers(values)
    called = classes.astype(np.float64)
    if given is None:
        return values, ""
    among = listed([str(value) for value in classes.tolist()])
    missing = np.isnan(given) | ((given == -1) & ~np.isin(-1, called))
    if not np.isin(given[~missing], called).all():
        return (
            values,
            f"labels were read as positions among the classes {among}, since not all are such values",
        )
    order = np.argsort(called)
    found = order[np.searchsorted(called[order], np.where(missing, called[order[0]], given))]
    return np.where(missing, -1, found), f"labels were read as values of the classes {among}"


def _as_numbers(values: NDArray[Any]) -> NDArray[np.float64] | None:
    """One number a row, NaN for a missing label; None for labels that are anything else."""
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        return None
    if values.dtype.kind in "biuf":
        return values.astype(np.float64)
    texts = [value if type(value) is str else _text(value) for value in values.tolist()]
    number_of = {text: _as_number(_text(text)) for text in set(texts)}  # few, of many rows
    return None if None in number_of.values() else np.array([number_of[text] for text in texts], np.float64)


def _as_number(label: str) -> float | None:
    """The number a label is, NaN for one that is missing, or None."""
    return np.nan if is_missing(label) else number(label)
