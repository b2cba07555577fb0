"""Class by class: how many rows, how many of them right, and how much of the loss they carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.curves.listed import told
from lossacc_gui.core.naming import called
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.weights import row_weights
from lossacc_gui.core.wording import all_of, in_words, share

HEAVY_ROWS = 100_000


@dataclass(frozen=True, eq=False, slots=True)
class ClassTable:
    """One entry a class in each column, (C,).

    ``rows`` counts labels, ``predicted`` predictions of labelled rows, ``right`` both. ``recall``,
    ``precision`` and ``mean_loss`` (in the convention's unit, without weights) are NaN where there is
    nothing to divide by. ``share`` is the part of the whole loss, by the rows' weights; NaN where the whole
    is not a finite number above 0. ``label`` is the current row's label, ``column`` the current class.
    """

    names: tuple[str, ...]
    rows: NDArray[np.int64]
    predicted: NDArray[np.int64]
    right: NDArray[np.int64]
    recall: Floats
    precision: Floats
    mean_loss: Floats
    share: Floats
    weights: Floats
    convention: Convention
    label: int = NO_LABEL
    column: int = -1
    filtered: bool = False
    reading: str = ""
    hint: str = ""
    empty: str = ""


def class_table(scene: Scene) -> ClassTable:
    """The classes of the rows that are shown. Cost: the rows."""
    predictions, stats, shown = scene.predictions, scene.evaluation.stats, scene.shown
    where = np.flatnonzero(predictions.labels != NO_LABEL)
    if shown is not None:
        where = shown[predictions.labels[shown] != NO_LABEL]
    scene.reached(0.2)
    label, guess, loss = predictions.labels[where], stats.prediction[where], stats.loss[where]
    classes, convention = predictions.classes, scene.convention
    rows = np.bincount(label, minlength=classes)
    predicted = np.bincount(guess, minlength=classes)
    hit = (stats.flags[where] & np.uint8(Flag.HIT)) != 0  # a prediction that is no number is never right
    right = np.bincount(label[hit], minlength=classes)
    scene.reached(0.7)
    with np.errstate(invalid="ignore", divide="ignore"):
        sums = np.bincount(label, weights=loss, minlength=classes) / convention.nats
        recall, precision, mean_loss = right / rows, right / predicted, sums / rows
        weights = np.ones(classes) if convention.weights is None else np.array(convention.weights)
        own = row_weights(predictions, convention, where)
        if own is not None:  # a weight of 0 silences an infinite loss too
            loss = np.where(own > 0, loss * own, 0.0)
        weighted = np.bincount(label, weights=loss, minlength=classes)
        total = float(weighted.sum())
        part = weighted / total if 0 < total < np.inf else np.full(classes, np.nan)
    here = int(predictions.labels[scene.row]) if scene.row >= 0 else NO_LABEL
    return ClassTable(
        predictions.class_names,
        rows,
        predicted,
        right,
        recall,
        precision,
        mean_loss,
        part,
        weights,
        convention,
        here,
        scene.column,
        shown is not None,
        told(scene, len(label), _reading(predictions.class_names, rows, recall, mean_loss, part)),
    )


def heavy(scene: Scene) -> bool:
    """Whether it takes longer than a frame."""
    return len(scene.evaluation.stats) > HEAVY_ROWS


def balanced(rows: NDArray[np.int64]) -> tuple[float, ...]:
    """Weights that give each class with rows the same say: all rows / (such classes x the class's rows).

    A class without rows gets 1, which weighs nothing.
    """
    there = int(np.count_nonzero(rows))
    total = int(rows.sum())
    return tuple(total / (there * n) if n else 1.0 for n in rows.tolist())


def _reading(
    names: tuple[str, ...], rows: NDArray[np.int64], recall: Floats, mean_loss: Floats, part: Floats
) -> str:
    there = np.flatnonzero(rows)
    if not len(there):
        return "No row that is shown has a label."
    low = int(there[recall[there].argmin()])
    said = f"{called(names, low, 24)} has the lowest recall, {share(float(recall[low]))}"
    if len(there) > 1 and (recall[there] == recall[low]).all():
        said = f"{all_of(len(there), 'class').capitalize()} have recall {share(float(recall[low]))}"
        low = -1
    if np.isfinite(part).all():
        most = int(part.argmax())
        if most == low:
            return f"{_capital(said)}, and the largest part of the loss, {share(float(part[most]))}."
        whose = called(names, most, 24)
        return f"{_capital(said)}; {whose} carries the largest part of the loss, {share(float(part[most]))}."
    odd = int(there[np.argmax(~np.isfinite(mean_loss[there]))])
    if not np.isfinite(mean_loss[odd]):
        return f"{_capital(said)}; the mean loss of {called(names, odd, 24)} is {in_words(float(mean_loss[odd]))}."
    return f"{_capital(said)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("class ") else text
