"""The measuring behind the detective: samples, shifts, permutations, equal rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.mending import unsoftmaxed
from lossacc_gui.core.predictions import NO_LABEL

ROWS, CELLS = 2_000, 1_000_000
"""Rows, and cells, of a sample."""

NEAR = 1e-2
"""How far a sum may be from what it seems to be: float16 and files of few digits are rounded."""

BETTER = 0.2
"""By how much accuracy has to rise before other labels are believed."""

SURE = 0.9
"""What softmax undone has to reach somewhere: an untrained model's even rows could be anything."""

MOST_CLASSES = 1_000
BLOCK_CELLS = 4_194_304


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Rows taken evenly from all, in float64: (n, C)."""

    cells: NDArray[np.float64]

    @classmethod
    def of(cls, evaluation: Evaluation) -> Sample:
        """Rows of the epoch that was evaluated; those with a cell that is not finite say nothing."""
        cells = evaluation.predictions.probs[evaluation.epoch]
        most = max(1, min(ROWS, CELLS // cells.shape[1]))
        taken = cells[:: -(-len(cells) // most)].astype(np.float64)
        return cls(taken[np.isfinite(taken).all(axis=1)])

    @property
    def low(self) -> float:
        """The lowest cell."""
        return float(self.cells.min()) if self.cells.size else 0.0

    @property
    def high(self) -> float:
        """The highest cell."""
        return float(self.cells.max()) if self.cells.size else 0.0

    @property
    def totals(self) -> NDArray[np.float64]:
        """The rows' sums."""
        with np.errstate(over="ignore"):
            found: NDArray[np.float64] = self.cells.sum(axis=1)
        return found

    @property
    def exponentials(self) -> NDArray[np.float64]:
        """The sums of the rows' exponentials."""
        with np.errstate(over="ignore"):
            found: NDArray[np.float64] = np.exp(self.cells).sum(axis=1)
        return found

    @property
    def negative(self) -> NDArray[np.bool_]:
        """Which rows have a negative cell."""
        found: NDArray[np.bool_] = np.any(self.cells < 0, axis=1)
        return found

    def share_near(self, values: NDArray[np.float64], what: float) -> float:
        """The share of values that are about so large."""
        return float((np.abs(values - what) < NEAR).mean()) if values.size else 1.0

    def all_near(self, values: NDArray[np.float64], what: float) -> bool:
        """Whether there are values, and all are about so large."""
        return values.size > 0 and bool((np.abs(values - what) < NEAR).all())


def unfinite(evaluation: Evaluation, scores: bool) -> NDArray[np.intp]:
    """The rows (k,) with a NaN or an infinite cell; of scores −∞ is none. Looks at those without a finite sum."""
    rows = np.flatnonzero(~np.isfinite(evaluation.stats.total))
    odd, size = np.zeros(len(rows), bool), max(1, BLOCK_CELLS // evaluation.predictions.classes)
    for start in range(0, len(rows), size):  # it may be all of them, and a copy of all cells
        cells = evaluation.predictions.probs[evaluation.epoch, rows[start : start + size]]
        bad = np.isnan(cells) | (cells == np.inf) if scores else ~np.isfinite(cells)
        odd[start : start + size] = bad.any(axis=1)
    found: NDArray[np.intp] = rows[odd]
    return found


def softmaxed_twice(evaluation: Evaluation) -> float | None:
    """The largest cell there would be with one softmax undone, when every row would be a distribution.

    With two classes that says little, so it has to go to the very end of the range. None otherwise.
    """
    cells = evaluation.predictions.probs[evaluation.epoch]
    tolerance = 1e-6 + 32 * float(np.finfo(cells.dtype).eps)
    largest, step = 0.0, max(1, BLOCK_CELLS // cells.shape[1])
    for start in range(0, len(cells), step):
        inner = unsoftmaxed(cells[start : start + step].astype(np.float64))
        if not (inner.min() >= -tolerance):  # NaN is no distribution
            return None
        largest = max(largest, float(inner.max()))
    if cells.shape[1] == 2 and (len(cells) < 50 or largest < 0.99):
        return None
    return min(largest, 1.0) if largest >= SURE else None


@dataclass(frozen=True, slots=True, eq=False)
class Better:
    """What accuracy is, what it would be, and the order of the columns that would do it."""

    now: float
    would: float
    order: NDArray[np.intp]


def _judged(evaluation: Evaluation) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Labels and predictions of the rows that have a label."""
    labels = evaluation.predictions.labels
    counted = labels != NO_LABEL
    return labels[counted], evaluation.stats.prediction[counted]


def counted_from_one(evaluation: Evaluation) -> Better | None:
    """Whether labels one lower fit far better: no label is 0, and the first class is predicted."""
    labels, predicted = _judged(evaluation)
    classes = evaluation.predictions.classes
    if len(labels) < 5 or labels.min() != 1 or not (predicted == 0).any():
        return None
    now, would = float((predicted == labels).mean()), float((predicted == labels - 1).mean())
    if would < now + BETTER or would < 2 / classes:
        return None
    return Better(now, would, np.arange(classes))


def permuted(evaluation: Evaluation) -> Better | None:
    """Whether labels fit far better when each class has the column that most of its rows predict."""
    labels, predicted = _judged(evaluation)
    classes = evaluation.predictions.classes
    if classes > MOST_CLASSES or len(labels) < max(20, 3 * classes):
        return None
    now = float((predicted == labels).mean())
    if now > 1 - BETTER:
        return None
    counts = np.bincount(labels.astype(np.int64) * classes + predicted, minlength=classes**2)
    order = _matched(counts.reshape(classes, classes))
    would = float(counts.reshape(classes, classes)[np.arange(classes), order].sum() / len(labels))
    return Better(now, would, order) if would >= max(now + BETTER, 0.5) else None


def _matched(counts: NDArray[Any]) -> NDArray[np.intp]:
    """One column a class, the largest counts first; classes that are left keep their own, or the next free."""
    classes = len(counts)
    order, taken = np.full(classes, -1, np.intp), np.zeros(classes, bool)
    flat = np.flatnonzero(counts)
    for place in flat[np.argsort(-counts.reshape(-1)[flat], kind="stable")].tolist():
        label, column = divmod(place, classes)
        if order[label] < 0 and not taken[column]:
            order[label], taken[column] = column, True
    for label in np.flatnonzero(order < 0).tolist():
        if not taken[label]:
            order[label], taken[label] = label, True
    order[order < 0] = np.flatnonzero(~taken)
    return order


@dataclass(frozen=True, slots=True, eq=False)
class Twins:
    """Rows equal to another with a different label; in so many groups; how many of them must be wrong."""

    rows: NDArray[np.intp]
    groups: int
    lost: int


def twins(evaluation: Evaluation) -> Twins | None:
    """Equal rows with different labels. None also where most rows are equal to others, as rounded ones are,
    and of rows that are sure of one class, as many a network is."""
    labels = evaluation.predictions.labels
    cells = evaluation.predictions.probs[evaluation.epoch]
    marks = _marks(cells)
    unique, group, size = np.unique(marks, return_inverse=True, return_counts=True)
    if len(unique) < len(marks) / 2 or len(unique) == len(marks):
        return None
    shared = np.flatnonzero((size[group] > 1) & (labels != NO_LABEL))
    shared = shared[cells[shared].max(axis=1) < 1 - 1e-6]
    pairs = np.unique(np.stack([group[shared], labels[shared]]), axis=1, return_counts=True)
    (groups, _), each = pairs
    mixed = np.flatnonzero(np.bincount(groups, minlength=len(unique)) > 1)
    if not mixed.size:
        return None
    rows = shared[np.isin(group[shared], mixed)]
    most = np.zeros(len(unique), np.int64)
    np.maximum.at(most, groups, each)
    return Twins(rows, len(mixed), len(rows) - int(most[mixed].sum()))


def _marks(cells: NDArray[Any]) -> NDArray[np.uint64]:
    """A number a row, equal for rows of equal bytes and for hardly any others."""
    whole = np.dtype(f"u{cells.dtype.itemsize}")
    with np.errstate(over="ignore"):
        factors = np.random.default_rng(0).integers(1, 2**63, cells.shape[1], np.uint64) * np.uint64(
            2
        ) + np.uint64(1)
        marks = np.empty(len(cells), np.uint64)
        step = max(1, BLOCK_CELLS // 4 // cells.shape[1])
        for start in range(0, len(cells), step):
            block = np.ascontiguousarray(cells[start : start + step]).view(whole).astype(np.uint64)
            block ^= block >> np.uint64(29)
            marks[start : start + step] = (block * factors).sum(axis=1, dtype=np.uint64)
    return marks
