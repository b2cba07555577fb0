"""A set of rows as exact sums and counts that add and subtract."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.exact import Counts, Floats, Sums, exact_ratio, exact_sum
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.rows import Flag, RowStats

ROWS, INF, MINUS_INF, NAN = range(4)
"""What is counted of each label: its rows, and those of them whose loss is infinite or NaN."""

PREDICTED, HITS = range(2)
"""What is counted of each class: the rows it is predicted for, and the hits among them."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """Losses times the weight of their row, by label: ``weight`` and ``losses`` are exact sums.

    ``odd`` (3, C) counts those that are infinite, minus infinite and NaN. A row of weight 0 is left out of
    both, whatever its loss is. ``rows`` is how many rows came with a weight.
    """

    rows: int = 0
    weight: Sums = field(default_factory=Sums)
    losses: Sums = field(default_factory=Sums)
    odd: Counts = field(default_factory=Counts)

    def __add__(self, other: Weighted) -> Weighted:
        return Weighted(*map(operator.add, _of_weighted(self), _of_weighted(other)))

    def __sub__(self, other: Weighted) -> Weighted:
        return Weighted(*map(operator.sub, _of_weighted(self), _of_weighted(other)))


@dataclass(frozen=True, slots=True)
class Tally:
    """Exact sums and counts over a set of rows.

    Sums are whole numbers of 2**-1074, of the finite numbers only; infinite and NaN ones are counted
    apart. ``loss`` is in nats. ``rows`` counts labelled rows, and every other field but ``unlabelled``,
    ``sum_off`` and ``outside`` is of these. Integers do not round, so the tally of a whole equals the sum
    of the tallies of its parts with ``==``, in any order and after any edits.

    ``labels`` (4, C) holds ROWS, INF, MINUS_INF and NAN, ``predictions`` (2, C) PREDICTED and HITS, ``losses``
    the losses by label. ``ranks`` (2, C) counts the rows whose label has this rank_low, and this rank_high. ``bins``
    (2, B) counts rows and hits by the bin of their confidence, of which ``confidence`` is the sum; rows
    whose confidence is not within 0..1 are ``unbinned``. ``rounded`` sums up the rounded agreement.

    ``weighted`` is what the cross-entropy is made of where rows have weights, and empty elsewhere.
    """

    rows: int = 0
    unlabelled: int = 0
    loss: int = 0
    loss_inf: int = 0
    loss_minus_inf: int = 0
    loss_nan: int = 0
    hits: int = 0
    hits_any: int = 0
    hits_unique: int = 0
    can_be_right: int = 0
    must_be_right: int = 0
    sum_off: int = 0
    outside: int = 0
    rounded: int = 0
    brier: int = 0
    brier_inf: int = 0
    brier_nan: int = 0
    labels: Counts = field(default_factory=Counts)
    predictions: Counts = field(default_factory=Counts)
    losses: Sums = field(default_factory=Sums)
    ranks: Counts = field(default_factory=Counts)
    bins: Counts = field(default_factory=Counts)
    confidence: Sums = field(default_factory=Sums)
    unbinned: int = 0
    weighted: Weighted = field(default_factory=Weighted)

    @classmethod
    def of(cls, stats: RowStats, classes: int, bins: int, weights: Floats | None = None) -> Tally:
        """The tally of these rows; ``weights`` (n,), 0 or more, or None."""
        with_flag = [int(np.count_nonzero(stats.has(flag))) for flag in Flag]
        rows, total = with_flag[0], len(stats)
        if rows < total:
            counted = np.flatnonzero(stats.has(Flag.COUNTED))
            stats, weights = stats[counted], None if weights is None else weights[counted]
        labels, predictions = np.zeros((4, classes), np.int64), np.empty((2, classes), np.int64)
        labels[ROWS], predictions[HITS] = _counted(stats.label, stats.has(Flag.HIT), classes)
        predictions[PREDICTED] = np.bincount(stats.prediction, minlength=classes)
        losses = _summed(stats.loss, stats.label, labels[INF:])
        loss_inf, loss_minus_inf, loss_nan = labels[INF:].sum(axis=1).tolist()
        finite, brier_nan = np.isfinite(stats.brier), 0
        if not finite.all():
            brier_nan = int(np.count_nonzero(np.isnan(stats.brier)))
        binned, confidence, unbinned = _binned(stats, bins)
        return cls(
            rows=rows,
            unlabelled=total - rows,
            loss=sum(losses.values()),
            loss_inf=loss_inf,
            loss_minus_inf=loss_minus_inf,
            loss_nan=loss_nan,
            hits=with_flag[1],
            hits_any=with_flag[2],
            hits_unique=with_flag[3],
            can_be_right=with_flag[4],
            must_be_right=with_flag[5],
            sum_off=with_flag[6],
            outside=with_flag[7],
            rounded=int(stats.rounded.sum()),
            brier=exact_sum(stats.brier if finite.all() else stats.brier[finite]),
            brier_inf=rows - int(np.count_nonzero(finite)) - brier_nan,
            brier_nan=brier_nan,
            labels=Counts(labels),
            predictions=Counts(predictions),
            losses=losses,
            ranks=Counts(_ranked(stats, classes)),
            bins=Counts(binned),
            confidence=confidence,
            unbinned=unbinned,
            weighted=Weighted() if weights is None else _weighted(stats.loss, stats.label, classes, weights),
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(*map(operator.add, _values(self), _values(other)))

    def __sub__(self, other: Tally) -> Tally:
        return Tally(*map(operator.sub, _values(self), _values(other)))

    @property
    def classes(self) -> int:
        """The number of classes, C; 0 when it is the tally of nothing."""
        return len(self.labels)

    @property
    def loss_defined(self) -> bool:
        """Whether the losses have a sum at all, finite or infinite."""
        return self.rows > 0 and not self.loss_nan and not (self.loss_inf and self.loss_minus_inf)

    @property
    def loss_sum(self) -> float:
        """The sum of the losses in nats, correctly rounded; NaN where there is none."""
        return self._total(1)

    @property
    def loss_mean(self) -> float:
        """The mean loss in nats, correctly rounded, each row counting alike; NaN where there is none."""
        return self._total(self.rows)

    def _total(self, divisor: int) -> float:
        if not self.loss_defined:
            return float("nan")
        if self.loss_inf or self.loss_minus_inf:
            return float("inf") if self.loss_inf else float("-inf")
        return exact_ratio(self.loss, divisor)


_values = operator.attrgetter(*(column.name for column in fields(Tally)))
_of_weighted = operator.attrgetter(*(column.name for column in fields(Weighted)))


def bin_of(confidence: Floats, bins: int) -> NDArray[np.intp]:
    """The bin, 0 to bins - 1, of confidences within 0..1.

    The bin b holds b/bins and what is below (b + 1)/bins, each as float64 has it; the last holds 1, too.
    """
    product = confidence * bins
    found: NDArray[np.intp] = np.minimum(product.astype(np.intp), bins - 1)
    near = np.flatnonzero(np.abs(product - np.rint(product)) < 1e-9)
    if near.size:  # the product is rounded, and may lie in the bin beside
        edges = np.arange(bins + 1) / bins
        edges[-1] = np.inf
        found[near] = np.searchsorted(edges, confidence[near], side="right") - 1
    return found


def _summed(losses: Floats, labels: Labels, odd: NDArray[np.int64]) -> Sums:
    """The finite losses' sums by label; the others are counted in ``odd`` (3, C)."""
    finite = np.isfinite(losses)
    if finite.all():
        return Sums.of(losses, labels)
    for kind, which in enumerate((losses == np.inf, losses == -np.inf, np.isnan(losses))):
        odd[kind] = np.bincount(labels[which], minlength=odd.shape[1])
    return Sums.of(losses[finite], labels[finite])


def _weighted(losses: Floats, labels: Labels, classes: int, weights: Floats) -> Weighted:
    odd = np.zeros((3, classes), np.int64)
    used = weights > 0
    with np.errstate(all="ignore"):
        weighted = _summed((losses * weights)[used], labels[used], odd)
    return Weighted(len(losses), Sums.of(weights, labels), weighted, Counts(odd))


def _counted(groups: NDArray[np.integer[Any]], hit: NDArray[np.bool_], length: int) -> NDArray[np.int64]:
    """How many rows each group has, and how many hits, (2, length)."""
    both = np.bincount(2 * groups.astype(np.intp) + hit, minlength=2 * length).reshape(length, 2).T
    counts = both.copy()
    counts[0] += both[1]
    return counts


def _ranked(stats: RowStats, classes: int) -> NDArray[np.int64]:
    """How many labels have each rank; one that is NaN has none."""
    ranks = np.empty((2, classes), np.int64)
    ranks[:] = np.bincount(stats.rank_low, minlength=classes + 1)[:classes]
    if (stats.rank_low != stats.rank_high).any():
        ranks[1] = np.bincount(stats.rank_high, minlength=classes + 1)[:classes]
    return ranks


def _binned(stats: RowStats, bins: int) -> tuple[NDArray[np.int64], Sums, int]:
    """Rows and hits (2, bins) by confidence, its sum in each bin, and how many rows have no bin."""
    confidence, hit = stats.confidence, stats.has(Flag.HIT)
    inside = (confidence >= 0) & (confidence <= 1)
    if not inside.all():
        confidence, hit = confidence[inside], hit[inside]
    found = bin_of(confidence, bins)
    return _counted(found, hit, bins), Sums.of(confidence, found), len(inside) - len(found)
