"""The cross-entropy of rows that do not all count alike: class weights, sample weights, and the divisor.

Class weights act on the sums by label, so another weight costs O(classes) and rounds once.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention, Divisor, Reduction
from lossacc_gui.core.exact import UNIT_BITS, Counts, Sums, exact_ratio
from lossacc_gui.core.metrics.metric import NO_LABELS, NO_WEIGHT, Reading, no_sum, undefined_loss
from lossacc_gui.core.tally import INF, ROWS, Tally
from lossacc_gui.core.wording import are, counted

Weights = tuple[float, ...] | None
"""One a class; None is 1 for each."""


def is_weighted(tally: Tally, convention: Convention) -> bool:
    """Whether rows count differently by their class or by a weight of their own."""
    return convention.weights is not None or tally.weighted.rows > 0


def weighted_loss(tally: Tally, convention: Convention) -> Reading:
    """The weighted mean or sum of the losses in nats.

    A row or class of weight 0 is left out, so that an infinite loss times 0 poisons nothing.
    """
    if not tally.rows:
        return NO_LABELS
    weights = convention.weights
    if weights is not None and len(weights) != tally.classes:
        return Reading(
            None,
            f"there {are(len(weights))} {counted(len(weights), 'class weight')} and {counted(tally.classes, 'class')}",
        )
    masses = class_masses(tally, convention)
    if not masses.total:
        return NO_WEIGHT
    used = slice(None) if weights is None else np.array(weights) != 0
    inf, minus_inf, nan = _odd(tally)[:, used].sum(axis=1).tolist()
    if nan or (inf and minus_inf):
        return Reading(None, no_sum(inf, minus_inf, nan))
    if inf or minus_inf:
        return Reading(float("inf") if inf else float("-inf"), note=_note(tally, convention))
    losses = tally.weighted.losses if tally.weighted.rows else tally.losses
    total = tally.labels.once(_total, losses, weights)
    return Reading(_divided(total, masses, tally, convention), note=_note(tally, convention))


def mean_loss(tally: Tally, convention: Convention) -> Reading:
    """The cross-entropy as a mean, in nats: what other metrics are made of."""
    if is_weighted(tally, convention):
        return weighted_loss(tally, replace(convention, reduction=Reduction.MEAN))
    return Reading(tally.loss_mean) if tally.loss_defined else undefined_loss(tally)


class Masses(NamedTuple):
    """What the rows of each label count together, exact sums (C,), and all of them; times a ``scale``."""

    each: list[int]
    total: int
    scale: int


def class_masses(tally: Tally, convention: Convention) -> Masses:
    """What the rows of each label count together."""
    return tally.labels.once(_masses, tally.weighted.weight, tally.weighted.rows > 0, convention.weights)


def loss_divisor(tally: Tally, convention: Convention) -> float:
    """What a mean of these rows' losses is divided by."""
    if not is_weighted(tally, convention) or convention.divisor is Divisor.ROWS:
        return float(tally.rows)
    masses = class_masses(tally, convention)
    return exact_ratio(masses.total, masses.scale)


def _total(_: Counts, losses: Sums, weights: Weights) -> int:
    """The sum of the losses by the weights of their classes, times the scale of these."""
    if weights is None:
        return sum(losses.values())
    whole, _scale = _whole(weights)
    return sum(whole[label] * loss for label, loss in losses.items())


def _divided(total: int, masses: Masses, tally: Tally, convention: Convention) -> float:
    """The sum of the losses by what the convention divides by, rounded once."""
    if convention.reduction is Reduction.SUM:
        return exact_ratio(total, masses.scale)
    if convention.divisor is Divisor.ROWS:
        return exact_ratio(total, masses.scale * tally.rows)
    return exact_ratio(total << UNIT_BITS, masses.total)


def _odd(tally: Tally) -> NDArray[np.int64]:
    """How many losses of each class are infinite, minus infinite and NaN, (3, C)."""
    return tally.weighted.odd.array if tally.weighted.rows else tally.labels.array[INF:]


def _masses(labels: Counts, of_rows: Sums, rows_weigh: bool, weights: Weights) -> Masses:
    """By the weights ``of_rows``, summed by label, if ``rows_weigh``, and of classes; in the unit of the losses."""
    whole, scale = _whole(weights or (1.0,) * len(labels))
    if rows_weigh:
        each = [weight * of_rows.get(c, 0) for c, weight in enumerate(whole)]
    else:
        rows: list[int] = labels[ROWS].tolist()
        each = [weight * count << UNIT_BITS for weight, count in zip(whole, rows, strict=True)]
    return Masses(each, sum(each), scale)


def _note(tally: Tally, convention: Convention) -> str:
    kinds = [
        kind
        for kind, used in (("class", convention.weights is not None), ("sample", tally.weighted.rows > 0))
        if used
    ]
    said = f"{' and '.join(kinds)} weights"
    return said if convention.reduction is Reduction.SUM else f"{said}, divided by the {convention.divisor}"


@lru_cache(maxsize=8)
def _whole(weights: tuple[float, ...]) -> tuple[tuple[int, ...], int]:
    """Weights as whole numbers, and what they were multiplied by, a power of two."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    scale = max((bottom for _, bottom in ratios), default=1)
    return tuple(top * (scale // bottom) for top, bottom in ratios), scale
