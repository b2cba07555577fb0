"""Means over the classes: of the share of each class's rows that are hits."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.exact import Counts, Floats
from lossacc_gui.core.metrics.metric import NO_LABELS, Reading
from lossacc_gui.core.tally import HITS, PREDICTED, ROWS, Tally
from lossacc_gui.core.wording import counted

OF_LABELS, OF_PREDICTIONS, OF_BOTH = range(3)
"""Of which rows a class's hits are a share: of its label, predicted to be it, or the mean number of both."""


def class_shares(tally: Tally, which: int) -> Floats:
    """Each class's hits over its rows, (C,); NaN where it has none."""
    with np.errstate(invalid="ignore"):
        shares: Floats = tally.predictions[HITS] / _rows(tally.predictions, tally.labels)[which]
    return shares


def class_mean(tally: Tally, left_out: str, which: int) -> Reading:
    """The mean of the classes that have such rows; ``left_out`` says what the others lack."""
    if not tally.rows:
        return NO_LABELS
    mean, missing = tally.predictions.once(_means, tally.labels)[which]
    return Reading(mean, note=f"{counted(missing, 'class')} {left_out} left out" if missing else "")


def _rows(predictions: Counts, labels: Counts) -> Floats:
    """How many rows each class has, (3, C), by OF_LABELS, OF_PREDICTIONS and OF_BOTH."""
    rows = np.empty((3, len(labels)))
    rows[OF_LABELS], rows[OF_PREDICTIONS] = labels[ROWS], predictions[PREDICTED]
    np.divide(rows[OF_LABELS] + rows[OF_PREDICTIONS], 2, out=rows[OF_BOTH])
    return rows


def _means(predictions: Counts, labels: Counts) -> list[tuple[float, int]]:
    """The mean share of the classes that have rows, and how many have none, for each kind of rows."""
    rows = _rows(predictions, labels)
    having = [int(np.count_nonzero(kind)) for kind in rows]
    sums = (predictions[HITS] / np.maximum(rows, 0.5)).sum(axis=1).tolist()  # who has no row has no hit
    return [(total / some, len(labels) - some) for total, some in zip(sums, having, strict=True)]


def products(predictions: Counts, labels: Counts) -> tuple[int, int, int]:
    """The labels' numbers of rows times themselves, the predictions' times themselves, and one times the other."""
    rows, predicted = labels[ROWS], predictions[PREDICTED]
    pairs = ((rows, rows), (predicted, predicted), (rows, predicted))
    of_labels, of_predictions, of_both = (int(np.dot(*pair)) for pair in pairs)
    return of_labels, of_predictions, of_both
