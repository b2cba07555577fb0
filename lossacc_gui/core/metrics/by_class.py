"""Means over the classes: of the share of each class's rows that are hits."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.exact import Counts, Floats
from lossacc_gui.core.metrics.metric import NO_LABELS, Reading
from lossacc_gui.core.tally import HITS, LABELS, PREDICTIONS, Tally
from lossacc_gui.core.wording import counted

OF_LABELS, OF_PREDICTIONS, OF_BOTH = range(3)
"""Of which rows a class's hits are a share: of its label, predicted to be it, or the mean number of both."""


def class_shares(tally: Tally, which: int) -> Floats:
    """Each class's hits over its rows, (C,); NaN where it has none."""
    with np.errstate(invalid="ignore"):
        shares: Floats = tally.by_class[HITS] / _rows(tally.by_class)[which]
    return shares


def class_mean(tally: Tally, left_out: str, which: int) -> Reading:
    """The mean of the classes that have such rows; ``left_out`` says what the others lack."""
    if not tally.rows:
        return NO_LABELS
    mean, missing = tally.by_class.once(_means)[which]
    return Reading(mean, note=f"{counted(missing, 'class')} {left_out} left out" if missing else "")


def _rows(counts: Counts) -> Floats:
    """How many rows each class has, (3, C), by OF_LABELS, OF_PREDICTIONS and OF_BOTH."""
    rows = np.empty((3, len(counts)))
    rows[:OF_BOTH] = counts.array[LABELS], counts.array[PREDICTIONS]
    np.divide(rows[OF_LABELS] + rows[OF_PREDICTIONS], 2, out=rows[OF_BOTH])
    return rows


def _means(counts: Counts) -> list[tuple[float, int]]:
    """The mean share of the classes that have rows, and how many have none, for each kind of rows."""
    rows = _rows(counts)
    none = rows == 0
    sums, missing = (counts[HITS] / (rows + none)).sum(axis=1), none.sum(axis=1)  # who has no row has no hit
    pairs = zip(sums.tolist(), missing.tolist(), strict=True)
    return [(total / (len(counts) - lacking), lacking) for total, lacking in pairs]


def products(counts: Counts) -> tuple[int, int, int]:
    """The labels' numbers of rows times themselves, the predictions' times themselves, and one times the other."""
    labels, predictions = counts[LABELS], counts[PREDICTIONS]
    pairs = ((labels, labels), (predictions, predictions), (labels, predictions))
    of_labels, of_predictions, of_both = (int(np.dot(*pair)) for pair in pairs)
    return of_labels, of_predictions, of_both
