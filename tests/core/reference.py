"""Every number of a row and every metric once more, slowly, in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import exp, inf, isfinite, isnan, log, nan
from typing import Any

import numpy as np

from lossacc_gui.core.convention import LOG_CLAMP, Base, Convention, Divisor, Reduction, Rows
from lossacc_gui.core.predictions import Predictions


@dataclass(frozen=True)
class Row:
    """What is known of a labelled row; None where only rounding decides what is possible."""

    loss: float
    hit: bool
    hit_any: bool
    hit_unique: bool
    can: bool | None
    must: bool | None
    confidence: float
    brier: float
    rank_low: int
    rank_high: int
    rounded: int | None
    label: int
    prediction: int
    classes: int
    weight: float | None


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


def clipped(p: float, low: float, high: float) -> float:
    return p if isnan(p) else min(max(p, low), high)


def added(cells: list[float]) -> float:
    total = cells[0]
    for cell in cells[1:]:
        total += cell
    return total


def single(p: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float32(p))


def raised_by_clip(cells: list[float], convention: Convention, dtype: np.dtype[Any]) -> list[float]:
    """A row as a clip leaves it to another temperature than 1."""
    if convention.temperature == 1 or not convention.clips:
        return cells
    return [cell if isnan(cell) else max(cell, convention.eps(dtype)) for cell in cells]


def heated(cells: list[float], convention: Convention) -> list[float]:
    """The row as logits over T."""
    if convention.rows is not Rows.LOGITS:
        cells = [-minus_log(p) for p in cells]
    return [z / convention.temperature for z in cells]


def softmax_loss(cells: list[float], label: int) -> float:
    top = nan if any(map(isnan, cells)) else max(cells)
    if not isfinite(top):
        return nan
    return (top - cells[label]) + log(sum(exp(z - top) for z in cells))


def loss(cells: list[float], label: int, convention: Convention, eps: float) -> float:
    """The loss of a row, where each class has its part of the label."""
    if not convention.smoothing:
        return class_loss(cells, label, convention, eps)
    each = [class_loss(cells, c, convention, eps) for c in range(len(cells))]
    return (1 - convention.smoothing) * each[label] + convention.smoothing / len(cells) * added(each)


def class_loss(cells: list[float], label: int, convention: Convention, eps: float) -> float:
    """What a row would cost if this class were its label."""
    first = convention.rows is Rows.NORMALISED and eps and convention.clip_first
    clamps, rounds = convention.clip == LOG_CLAMP, single if convention.single else float
    low, high = rounds(eps), rounds(1 - rounds(eps)) if eps else 1.0
    if convention.rows is Rows.LOGITS or convention.temperature != 1:
        return softmax_loss(heated(cells, convention), label)
    p = cells[label]
    if first:
        clear = [clipped(cell, low, high) for cell in cells]
        return minus_log(rounds(divided(clear[label], added(clear))))
    if convention.rows is Rows.NORMALISED:
        p = rounds(divided(p, added(cells)))
    if clamps:
        return p if isnan(p) else min(minus_log(p), 100.0)
    return minus_log(clipped(p, low, high) if eps else p)


def possible_when_heated(
    cells: list[float], raised: list[float], label: int, hit: bool, convention: Convention
) -> tuple[bool | None, bool | None]:
    """The same as read at a temperature, ``raised`` by a clip; None where only rounding says."""
    logits = convention.rows is Rows.LOGITS
    if not all(map(isfinite, cells)) or (not logits and min(cells) < 0) or len(cells) == 2:
        return hit, hit
    own = softmax_loss(heated(raised, convention), label)
    if isnan(own):  # a row of zeros
        return hit, hit
    can, must = own < log(len(cells)), own < log(2)
    if max(raised) == min(raised):
        return hit or label == 0, False
    near = [abs(own - end) < 1e-12 for end in (log(len(cells)), log(2))]
    return None if near[0] else can, None if near[1] else must


def probabilities(cells: list[float], convention: Convention) -> list[float]:
    """A row's probabilities as the convention reads them; NaN where there are none."""
    if convention.temperature != 1:
        convention, cells = Convention(Rows.LOGITS), heated(cells, convention)
    if convention.rows is Rows.AS_TYPED:
        return cells
    if convention.rows is Rows.NORMALISED:
        total = added(cells)
        return [divided(cell, total) for cell in cells]
    top = nan if any(map(isnan, cells)) else max(cells)
    if not isfinite(top):
        return [nan] * len(cells)
    return [exp(z - top) / sum(exp(other - top) for other in cells) for z in cells]


def is_near(probs: list[float], parts: int, convention: Convention) -> bool:
    """Whether at a temperature a number is so near a multiple of 1 / parts that rounding decides."""
    inside = [p * parts for p in probs if isfinite(p)]
    return convention.temperature != 1 and any(abs(p - round(p)) < 1e-9 for p in inside)


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
    eps = 0.0 if convention.clip == LOG_CLAMP else convention.eps(predictions.probs.dtype)
    matrix = predictions.probs[0]
    if convention.single:
        with np.errstate(over="ignore"):
            matrix = matrix.astype(np.float32)
    weights = [None] * predictions.rows if predictions.weights is None else predictions.weights.tolist()
    for cells, label, weight in zip(matrix.tolist(), predictions.labels.tolist(), weights, strict=True):
        if label < 0:
            continue
        best = first_maximum(cells)
        hit = best == label and not isnan(cells[best])
        others = [cell for i, cell in enumerate(cells) if i != label]
        raised = raised_by_clip(cells, convention, predictions.probs.dtype)
        can: bool | None
        must: bool | None
        if convention.temperature == 1:
            can, must = possible(cells, label, hit, convention.rows is Rows.LOGITS)
        else:
            can, must = possible_when_heated(cells, raised, label, hit, convention)
        probs = probabilities(raised, convention)
        found.append(
            Row(
                loss=loss(raised, label, convention, eps),
                hit=hit,
                hit_any=all(cells[label] >= other for other in others),
                hit_unique=all(cells[label] > other for other in others),
                can=can,
                must=must,
                confidence=probs[best],
                brier=brier(probs, label),
                rank_low=sum(not cells[label] >= cell for cell in cells),
                rank_high=sum(not cells[label] > cell for cell in others) + isnan(cells[label]),
                rounded=None if is_near(probs, 2, convention) else rounded(probs, label),
                label=label,
                prediction=best,
                classes=len(cells),
                weight=weight,
            )
        )
    return found


Value = tuple[float, float | None, float | None] | None
"""A metric's value, low and high, or None when it is undefined."""

UNSURE = (nan, nan, nan)
"""What only rounding decides."""


def _sum(losses: list[float]) -> float | None:
    return None if any(map(isnan, losses)) or (inf in losses and -inf in losses) else sum(losses)


def _mean(found: list[Row], convention: Convention) -> float | None:
    read = cross_entropy(found, replace(convention, reduction=Reduction.MEAN, base=Base.NATS))
    return None if read is None else read[0]


def _weights(found: list[Row], convention: Convention) -> list[float]:
    return [
        (convention.weights[row.label] if convention.weights else 1.0)
        * (1.0 if row.weight is None else row.weight)
        for row in found
    ]


def cross_entropy(found: list[Row], convention: Convention) -> Value:
    weights = _weights(found, convention)
    if not any(weights):
        return None
    total = _sum([row.loss * weight for row, weight in zip(found, weights, strict=True) if weight])
    if total is None:
        return None
    divisor = len(found) if convention.divisor is Divisor.ROWS else sum(weights)
    shown = total / divisor if convention.reduction is Reduction.MEAN else total
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


def accuracy_possible(found: list[Row], convention: Convention) -> Value:
    if not found or convention.smoothing:
        return None
    if any(None in (row.can, row.must) for row in found):
        return UNSURE
    n = len(found)
    return (
        sum(row.hit for row in found) / n,
        sum(bool(row.must) for row in found) / n,
        sum(bool(row.can) for row in found) / n,
    )


def perplexity(found: list[Row], convention: Convention) -> Value:
    mean = _mean(found, convention)
    if mean is None:
        return None
    return (exp(mean) if mean < 709 else inf), None, None


def top_k(found: list[Row], _: Convention) -> Value:
    if not found:
        return None
    k = 5 if found[0].classes > 5 else 2
    low = sum(row.rank_high < k and row.rank_high < row.classes for row in found) / len(found)
    high = sum(row.rank_low < k and row.rank_low < row.classes for row in found) / len(found)
    return high, low, high


def _over_classes(found: list[Row], top: Callable[[int], float], bottom: Callable[[int], float]) -> Value:
    if not found:
        return None
    shares = [top(c) / bottom(c) for c in range(found[0].classes) if bottom(c)]
    return sum(shares) / len(shares), None, None


def _counts(found: list[Row]) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """Labels, predictions and right rows by class. A NaN at the argmax is predicted, and never right."""
    labels = Counter(row.label for row in found)
    return labels, Counter(row.prediction for row in found), Counter(row.label for row in found if row.hit)


def recall(found: list[Row], _: Convention) -> Value:
    labels, _predictions, right = _counts(found)
    return _over_classes(found, right.__getitem__, labels.__getitem__)


def precision(found: list[Row], _: Convention) -> Value:
    _labels, predictions, right = _counts(found)
    return _over_classes(found, right.__getitem__, predictions.__getitem__)


def f1(found: list[Row], _: Convention) -> Value:
    labels, predictions, right = _counts(found)
    return _over_classes(found, lambda c: 2 * right[c], lambda c: labels[c] + predictions[c])


def rounded_accuracy(found: list[Row], _: Convention) -> Value:
    if not found:
        return None
    agreeing = [row.rounded for row in found if row.rounded is not None]
    if len(agreeing) < len(found):
        return UNSURE
    return sum(agreeing) / sum(row.classes for row in found), None, None


def brier_score(found: list[Row], _: Convention) -> Value:
    if not found or any(isnan(row.brier) for row in found):
        return None
    return sum(row.brier for row in found) / len(found), None, None


def _bins(found: list[Row], bins: int) -> list[tuple[int, float]] | None:
    """How many rows each bin has, and how far their confidence is from their accuracy."""
    if not found or not all(0 <= row.confidence <= 1 for row in found):
        return None
    gaps = []
    for b in range(bins):
        low, high = b / bins, (b + 1) / bins if b < bins - 1 else 2.0
        inside = [row for row in found if low <= row.confidence < high]
        if inside:
            gap = abs(sum(row.confidence for row in inside) - sum(row.hit for row in inside))
            gaps.append((len(inside), gap / len(inside)))
    return gaps


def ece(found: list[Row], convention: Convention) -> Value:
    if is_near([row.confidence for row in found], convention.bins, convention):
        return UNSURE
    gaps = _bins(found, convention.bins)
    return None if gaps is None else (sum(n * gap for n, gap in gaps) / len(found), None, None)


def mce(found: list[Row], convention: Convention) -> Value:
    if is_near([row.confidence for row in found], convention.bins, convention):
        return UNSURE
    gaps = _bins(found, convention.bins)
    return None if gaps is None else (max(gap for _, gap in gaps), None, None)


def matthews(found: list[Row], _: Convention) -> Value:
    """The correlation of one-hot labels and predictions, from its definition."""
    if not found:
        return None
    one_hot = np.eye(found[0].classes)
    labels, predictions = (one_hot[[getattr(row, of) for row in found]] for of in ("label", "prediction"))
    labels, predictions = labels - labels.mean(axis=0), predictions - predictions.mean(axis=0)
    spread = (labels**2).sum() * (predictions**2).sum()
    together = (labels * predictions).sum()
    together -= sum(not row.hit and row.label == row.prediction for row in found)  # NaN is never right
    return (together / np.sqrt(spread), None, None) if spread > 1e-12 else None


def kappa(found: list[Row], _: Convention) -> Value:
    labels, predictions, right = _counts(found)
    n = len(found)
    chance = Fraction(sum(labels[c] * predictions[c] for c in labels), n * n) if n else Fraction(1)
    if chance == 1:
        return None
    return float((Fraction(sum(right.values()), n) - chance) / (1 - chance)), None, None


def _prior(found: list[Row], convention: Convention) -> float:
    """What the shares of the labels cost every row, on the average the cross-entropy takes."""
    weights = _weights(found, convention)
    mass: Counter[int] = Counter()
    for row, weight in zip(found, weights, strict=True):
        mass[row.label] += weight  # type: ignore[assignment]  # a Counter counts floats as well
    lost = [
        -weight * log(mass[row.label] / sum(weights))
        for row, weight in zip(found, weights, strict=True)
        if weight
    ]
    return sum(lost) / (len(found) if convention.divisor is Divisor.ROWS else sum(weights))


def d2(found: list[Row], convention: Convention) -> Value:
    mean = _mean(found, convention)
    if mean is None or not _prior(found, convention):
        return None
    return 1 - mean / _prior(found, convention), None, None


def prior_cross_entropy(found: list[Row], convention: Convention) -> Value:
    if not any(_weights(found, convention)):
        return None
    return _prior(found, convention) / convention.nats, None, None


def prior_accuracy(found: list[Row], _: Convention) -> Value:
    most = max(Counter(row.label for row in found).values(), default=0)
    return (most / len(found), None, None) if found else None


def worst_share(found: list[Row], convention: Convention) -> Value:
    weights = _weights(found, convention)
    losses = sorted(row.loss * weight if weight else 0.0 for row, weight in zip(found, weights, strict=True))
    if not losses or not all(isfinite(value) and value >= 0 for value in losses) or not any(losses):
        return None
    return sum(losses[-((len(losses) + 99) // 100) :]) / sum(losses), None, None


METRIC = {
    "cross_entropy": cross_entropy,
    "accuracy": accuracy,
    "accuracy_possible": accuracy_possible,
    "perplexity": perplexity,
    "brier": brier_score,
    "ece": ece,
    "mce": mce,
    "top_k": top_k,
    "balanced_accuracy": recall,
    "recall": recall,
    "precision": precision,
    "f1": f1,
    "rounded_accuracy": rounded_accuracy,
    "matthews": matthews,
    "kappa": kappa,
    "d2": d2,
    "prior_cross_entropy": prior_cross_entropy,
    "prior_accuracy": prior_accuracy,
    "worst_share": worst_share,
}
