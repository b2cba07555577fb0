"""One class against another, or against the rest, at every threshold: accuracy, ROC and precision-recall.

The score of a row is the probability of its second class, as a share of both; the second is predicted where
the score is above the threshold. At 1/2 that is the prediction there is: of two equal cells the first wins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.rows import Floats

Counts = NDArray[np.intp]

BLOCK_CELLS = 131_072
"""Cells looked at together: they stay in the cache."""


@dataclass(frozen=True, eq=False, slots=True)
class Thresholds:
    """Counts at every threshold that matters, ascending.

    ``at`` (m,) are the distinct scores with -inf before them: with the threshold at one of them, rows of
    larger scores are predicted positive. ``hits`` (m,) of those are positive, ``alarms`` (m,) are not.
    """

    at: Floats
    hits: Counts
    alarms: Counts
    positive: int
    negative: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.positive + self.negative

    @property
    def right(self) -> Counts:
        """How many rows are right at each threshold."""
        return self.hits + (self.negative - self.alarms)

    def place(self, threshold: float) -> int:
        """The index whose counts hold at a threshold."""
        return int(np.searchsorted(self.at, threshold, side="right")) - 1

    @property
    def area(self) -> float:
        """The area under the ROC curve: how often a positive row scores above a negative one; NaN for one class."""
        if not self.positive or not self.negative:
            return float("nan")
        hits, alarms = self.hits[::-1].astype(np.float64), self.alarms[::-1].astype(np.float64)
        double = ((hits[1:] + hits[:-1]) * np.diff(alarms)).sum()
        return float(double / 2 / self.positive / self.negative)

    @property
    def average_precision(self) -> float:
        """Precision at each step of recall, averaged by the steps' size; NaN without a positive row."""
        if not self.positive:
            return float("nan")
        hits, alarms = self.hits[::-1], self.alarms[::-1]
        steps, called = np.diff(hits), (hits + alarms)[1:]
        return float((steps * (hits[1:] / called)).sum() / self.positive)


def scores(evaluation: Evaluation, rows: NDArray[np.intp]) -> Floats:
    """The probability of the second class of these rows (k,), NaN where it is none."""
    cells = evaluation.predictions.probs[evaluation.epoch]
    first, second = (cells[rows, column].astype(np.float64) for column in (0, 1))
    convention = evaluation.convention
    with np.errstate(all="ignore"):
        if convention.rows is not Rows.LOGITS:
            score: Floats = second / (first + second)
            bad = (first < 0) | (second < 0)
            if convention.temperature != 1:
                score = 1 / (1 + (first / second) ** (1 / convention.temperature))
        else:
            score = 1 / (1 + np.exp((first - second) / convention.temperature))
            bad = np.zeros(len(rows), bool)
    score[bad] = np.nan
    return score


def scores_against_rest(
    evaluation: Evaluation, rows: NDArray[np.intp], column: int, reached: Callable[[float], None]
) -> Floats:
    """The probability of one class of these rows (k,), as a share of the whole row; NaN where it is none.

    Cost: the rows' cells. ``reached`` hears the finished share.
    """
    cells, convention = evaluation.predictions.probs[evaluation.epoch], evaluation.convention
    score = np.empty(len(rows))
    size = max(1, BLOCK_CELLS // cells.shape[1])
    for start in range(0, len(rows), size):
        reached(start / len(rows))
        block: Any = cells[rows[start : start + size]].astype(np.float64)
        with np.errstate(all="ignore"):
            bad = (block < 0).any(axis=1) & (convention.rows is not Rows.LOGITS)
            if convention.rows is Rows.LOGITS or convention.temperature != 1:
                z = block if convention.rows is Rows.LOGITS else np.log(block)
                block = np.exp((z - z.max(axis=1, keepdims=True)) / convention.temperature)
            found = block[:, column] / block.sum(axis=1)
        score[start : start + size] = np.where(bad, np.nan, found)
    return score


def thresholds(score: Floats, positive: NDArray[np.bool_]) -> Thresholds:
    """The counts at every threshold, of rows with these scores (n,), 0 to 1. O(n log n).

    A float from 0 to 1 has the order of its bits, which leave room for the label: one plain sort, and no
    row needs to be looked up.
    """
    bits = (score + 0.0).view(np.int64)  # plus 0.0, for -0.0 has other bits
    packed = np.sort((bits << 1) | positive)
    ordered, labels = packed >> 1, packed & 1
    last = np.flatnonzero(np.append(np.diff(ordered) != 0, True)) if len(score) else np.empty(0, np.intp)
    found = np.cumsum(labels)
    total = int(found[-1]) if len(score) else 0
    below = found[last]  # positives at or below each distinct score
    hits = np.append(total, total - below)
    alarms = np.append(len(score) - total, (len(score) - total) - (last + 1 - below))
    at = np.append(-np.inf, ordered[last].view(np.float64))
    return Thresholds(at, hits, alarms, total, len(score) - total)
