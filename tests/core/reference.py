"""Every number of a row and every metric once more, slowly, in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf, isfinite, isnan, log, nan

import numpy as np

from lossacc_gui.core.convention import Base, Convention, Reduction, Rows
from lossacc_gui.core.predictions import Predictions


@dataclass(frozen=True)
class Row:
    """What is known of a labelled row."""

    loss: float
    hit: bool
    hit_any: bool
    hit_unique: bool
    can: bool
    must: bool
    confidence: float
    brier: float
    rank_low: int
    rank_high: int
    rounded: int


def first_maximum(cells: list[float]) -> int:
    """The first maximal index, where a NaN is larger than anything."""
    best = 0
    for i, cell in enumerate(cells):
        if isnan(cells[best]):
            break
        if isnan(cell) or cell > cells[best]:
            best = i
    return best


def minus_log(p: float) -> float:
    if isnan(p) or p < 0:
        return nan
    if p == inf:
        return -inf
    return -log(p) + 0.0 if p else inf


def divided(a: float, b: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(a) / np.float64(b))


def clipped(p: float, eps: float) -> float:
    return p if isnan(p) else min(max(p, eps), 1 - eps)


def added(cells: list[float]) -> float:
    total = cells[0]
    for cell in cells[1:]:
        total += cell
    return total


def loss(cells: list[float], label: int, convention: Convention, eps: float) -> float:
    if convention.rows is Rows.LOGITS:
        top = nan if any(map(isnan, cells)) else max(cells)
        if not isfinite(top):
            return nan
        return (top - cells[label]) + log(sum(exp(z - top) for z in cells))
    p = cells[label]
    if convention.rows is Rows.NORMALISED:
        if eps and convention.clip_first:
            clear = [clipped(cell, eps) for cell in cells]
            return minus_log(divided(clear[label], added(clear)))
        p = divided(p, added(cells))
    return minus_log(clipped(p, eps) if eps else p)


def probabilities(cells: list[float], convention: Convention) -> list[float]:
    """A row's probabilities as the convention reads them; NaN where there are none."""
    if convention.rows is Rows.AS_TYPED:
        return cells
    if convention.rows is Rows.NORMALISED:
        total = added(cells)
        return [divided(cell, total) for cell in cells]
    top = nan if any(map(isnan, cells)) else max(cells)
    if not isfinite(top):
        return [nan] * len(cells)
    return [exp(z - top) / sum(exp(other - top) for other in cells) for z in cells]


def brier(probs: list[float], label: int) -> float:
    with np.errstate(all="ignore"):
        return float(sum(np.square(np.float64(p - (c == label))) for c, p in enumerate(probs)))


def rounded(probs: list[float], label: int) -> int:
    with np.errstate(all="ignore"):
        return sum(bool(np.rint(p) == (c == label)) for c, p in enumerate(probs))


def possible(cells: list[float], label: int, hit: bool, logits: bool) -> tuple[bool, bool]:
    """Whether moving the other cells, p(label) and the row's sum held, can make a row right or wrong.

    An exact argument: the others are best spread evenly to be beaten and heaped on one to win, and
    a tie goes to the first index.
    """
    if not all(map(isfinite, cells)) or (not logits and min(cells) < 0):
        return hit, hit
    if len(cells) == 2:
        return hit, hit
    top = max(cells)
    mass = [Fraction(exp(z - top)) for z in cells] if logits else [Fraction(cell) for cell in cells]
    own = mass[label]
    rest = sum(mass) - own
    even = rest / (len(cells) - 1)
    if logits and len(set(cells)) == 1:
        even = own
    can_win = own > even or (own == even and label == 0)
    must_win = own > rest or (own == rest and label == 0)
    return can_win, must_win


def rows(predictions: Predictions, convention: Convention) -> list[Row]:
    """Every labelled row of the first epoch."""
    found = []
    eps = convention.eps(predictions.probs.dtype)
    for cells, label in zip(predictions.probs[0].tolist(), predictions.labels.tolist(), strict=True):
        if label < 0:
            continue
        best = first_maximum(cells)
        hit = best == label and not isnan(cells[best])
        others = [cell for i, cell in enumerate(cells) if i != label]
        probs = probabilities(cells, convention)
        can, must = possible(cells, label, hit, convention.rows is Rows.LOGITS)
        found.append(
            Row(
                loss=loss(cells, label, convention, eps),
                hit=hit,
                hit_any=all(cells[label] >= other for other in others),
                hit_unique=all(cells[label] > other for other in others),
                can=can,
                must=must,
                confidence=probs[best],
                brier=brier(probs, label),
                rank_low=sum(not cells[label] >= cell for cell in cells),
                rank_high=sum(not cells[label] > cell for cell in others) + isnan(cells[label]),
                rounded=rounded(probs, label),
            )
        )
    return found


Value = tuple[float, float | None, float | None] | None
"""A metric's value, low and high, or None when it is undefined."""


def _mean(found: list[Row]) -> float | None:
    losses = [row.loss for row in found]
    if not losses or any(map(isnan, losses)) or (inf in losses and -inf in losses):
        return None
    return sum(losses) / len(losses)


def cross_entropy(found: list[Row], convention: Convention) -> Value:
    mean = _mean(found)
    if mean is None:
        return None
    shown = mean if convention.reduction is Reduction.MEAN else mean * len(found)
    return (shown / log(2) if convention.base is Base.BITS else shown), None, None


def accuracy(found: list[Row], _: Convention) -> Value:
    if not found:
        return None
    n = len(found)
    return (
        sum(row.hit for row in found) / n,
        sum(row.hit_unique for row in found) / n,
        sum(row.hit_any for row in found) / n,
    )


def accuracy_possible(found: list[Row], _: Convention) -> Value:
    if not found:
        return None
    n = len(found)
    return (
        sum(row.hit for row in found) / n,
        sum(row.must for row in found) / n,
        sum(row.can for row in found) / n,
    )


def perplexity(found: list[Row], _: Convention) -> Value:
    mean = _mean(found)
    if mean is None:
        return None
    return (exp(mean) if mean < 709 else inf), None, None


METRIC = {
    "cross_entropy": cross_entropy,
    "accuracy": accuracy,
    "accuracy_possible": accuracy_possible,
    "perplexity": perplexity,
}
