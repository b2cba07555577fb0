"""The temperature that makes the loss smallest: how much of it is over- or underconfidence alone.

Rows are read in log space, z = ln p for probabilities, and become softmax(z / T). With b = 1/T the mean loss
is convex in b and its slope is the mean of E_q[z] - z_label, so its sign says on which side the best T lies.
No T changes a prediction. Losses are those of rows that sum to 1, without a clip, in nats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf, isfinite, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.evaluation import Evaluation, Stopped
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.wording import number

BLOCK_CELLS = 262_144
"""Cells looked at together: they and the copies made of them stay in the cache."""

PRECISION = 1e-10
"""How narrow, as a share of itself, the bracket of the best 1/T gets."""

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Temperature:
    """The best temperature of a set of rows.

    ``best`` is T: 0 and infinity are limits, NaN is none at all. ``loss`` is the mean loss at T = 1 and
    ``least`` the one at the best T, in nats; ``reason`` says what the end means, or why there is none.
    """

    best: float
    loss: float
    least: float
    reason: str

    @property
    def removable(self) -> float:
        """The share of the loss that temperature alone removes; NaN where there is none."""
        return 1 - self.least / self.loss if self.loss > 0 else 0.0 if self.loss == 0 else nan


def best_temperature(evaluation: Evaluation, floor: float = 0.0, stop: Stop | None = None) -> Temperature:
    """The best temperature of the labelled rows; probabilities below ``floor`` are taken to be ``floor``.

    Raises Stopped when ``stop`` says so.
    """
    if reason := _unfit(evaluation, floor):
        return Temperature(nan, nan, nan, reason)

    def at(beta: float) -> tuple[float, float, float]:
        return _moments(evaluation, beta, floor, stop)

    now = at(1.0)[0]
    start, end = at(0.0), at(inf)
    if start[1] == 0 == end[1]:
        return Temperature(1.0, now, now, "every row is even over its classes: no T changes anything")
    if end[1] <= 0:
        what = "every row is right" if end[0] == 0 else "no row is wrong but for ties"
        return Temperature(0.0, now, end[0], f"{what}: the smaller T, the smaller the loss")
    if start[1] >= 0:
        return Temperature(inf, now, start[0], "no better than guessing: the larger T, the smaller the loss")
    beta = _root(at)
    least = at(beta)[0]
    if least >= now or abs(beta - 1) < 1e-6:
        return Temperature(1.0, now, now, "T = 1 is best already")
    side = "over" if beta < 1 else "under"
    told = f"rows are {side}confident: T = {number(1 / beta, 2)} makes the loss smallest"
    return Temperature(1 / beta, now, least, told)


def loss_at(
    evaluation: Evaluation, temperatures: Floats, floor: float = 0.0, stop: Stop | None = None
) -> Floats:
    """The mean loss in nats at ``temperatures`` (m,), 0 and infinity included; NaN where it is undefined."""
    if _unfit(evaluation, floor):
        return np.full(len(temperatures), nan)
    with np.errstate(divide="ignore"):
        betas = (1 / np.asarray(temperatures, np.float64)).tolist()
    return np.array([_moments(evaluation, beta, floor, stop)[0] for beta in betas])


def tempered(cells: NDArray[np.floating[Any]], temperature: float, rows: Rows) -> NDArray[np.floating[Any]]:
    """The rows ``cells`` (n, C) sharpened (T < 1) or softened (T > 1), in their dtype, 0 < T < infinity.

    Probabilities keep each row's sum; rows that are not finite, or negative, or sum to 0 stay as they are. A
    prediction that rounding would give to another class is held by one step of the dtype.
    """
    exact = cells.astype(np.float64)
    with np.errstate(all="ignore"):
        if rows is Rows.LOGITS:
            moved = exact / temperature
        else:
            total = exact.sum(axis=1, keepdims=True)
            power = np.exp((np.log(exact) - np.log(exact.max(axis=1, keepdims=True))) / temperature)
            moved = power / power.sum(axis=1, keepdims=True) * total
        new = moved.astype(cells.dtype)
        kept = ~np.isfinite(new).all(axis=1) | ~np.isfinite(exact).all(axis=1)
        if rows is not Rows.LOGITS:
            kept |= (exact < 0).any(axis=1)
    new[kept] = cells[kept]
    prediction = cells.argmax(axis=1)
    lost = np.flatnonzero(new.argmax(axis=1) != prediction)
    new[lost, prediction[lost]] = np.nextafter(new[lost].max(axis=1), np.inf, dtype=cells.dtype)
    return new


def _root(at: Callable[[float], tuple[float, float, float]]) -> float:
    """Where the slope is 0: Newton's steps in ln b, halving the bracket where they leave it."""
    low, high = 1.0, 1.0
    while at(low)[1] > 0:
        low /= 8
    while at(high)[1] < 0:
        high *= 8
    beta = sqrt(low * high)
    while high / low > 1 + PRECISION:
        _, slope, curve = at(beta)
        if slope == 0:
            return beta
        low, high = (low, beta) if slope > 0 else (beta, high)
        step = slope / curve if curve > 0 else inf
        if abs(step) < PRECISION * beta / 2:
            return beta - step
        newton = beta - step
        beta = newton if low < newton < high else sqrt(low * high)
    return beta


def _moments(
    evaluation: Evaluation, beta: float, floor: float, stop: Stop | None
) -> tuple[float, float, float]:
    """The mean loss at b = ``beta``, its slope and its curvature; at infinity, of the limit."""
    loss = slope = curve = 0.0
    count = 0
    for z, label in _blocks(evaluation, floor):
        if stop is not None and stop():
            raise Stopped
        here = np.arange(len(z))
        count += len(z)
        with np.errstate(all="ignore"):
            # At b = 0 a class that has probability 0 keeps it: the limit, not the value.
            weight = np.where(z > -inf, np.exp(beta * z), 0.0) if isfinite(beta) else (z == 0) * 1.0
        spread = weight.sum(axis=1)
        seen = np.where(weight > 0, z, 0.0)
        mean = (weight * seen).sum(axis=1) / spread
        away = z[here, label]
        loss += float((np.log(spread) - _times(beta, away)).sum())
        slope += float((mean - away).sum())
        curve += float(((weight * (seen - mean[:, np.newaxis]) ** 2).sum(axis=1) / spread).sum())
    return loss / count, slope / count, curve / count


def _times(beta: float, away: Floats) -> Floats:
    """``beta`` times the label's distance to the top of its row; no distance is none at infinity too."""
    return np.where(away == 0, 0.0, beta * away) if isfinite(beta) else np.where(away == 0, 0.0, -inf)


def _blocks(evaluation: Evaluation, floor: float) -> Iterator[tuple[Floats, NDArray[np.int32]]]:
    """Blocks of labelled rows: z minus each row's largest z, (n, C), and the labels (n,)."""
    predictions = evaluation.predictions
    cells = predictions.probs[evaluation.epoch]
    size = max(1, BLOCK_CELLS // predictions.classes)
    for start in range(0, predictions.rows, size):
        label = predictions.labels[start : start + size]
        counted = label >= 0
        z = cells[start : start + size][counted].astype(np.float64)
        if not len(z):
            continue
        if evaluation.convention.rows is not Rows.LOGITS:
            with np.errstate(divide="ignore", invalid="ignore"):
                z = np.log(np.maximum(z, floor) if floor else z)
        with np.errstate(invalid="ignore"):
            yield z - z.max(axis=1, keepdims=True), label[counted]


def _unfit(evaluation: Evaluation, floor: float) -> str:
    """Why no temperature is defined, or nothing."""
    predictions, logits = evaluation.predictions, evaluation.convention.rows is Rows.LOGITS
    cells, labels = predictions.probs[evaluation.epoch], predictions.labels
    if not (labels >= 0).any():
        return "no row has a label"
    size = max(1, BLOCK_CELLS // predictions.classes)
    for start in range(0, len(cells), size):
        block, label = cells[start : start + size], labels[start : start + size]
        mine = block[np.arange(len(block)), label]
        low, high = block.min(axis=1), block.max(axis=1)
        with np.errstate(invalid="ignore"):
            broken = ~(high < inf) | (~(mine > -inf) if logits else ~(low >= 0))
            zero = (mine <= 0) & (not logits and floor <= 0)
        for bad, what in ((broken, "is not finite or is negative"), (zero, "gives its label probability 0")):
            rows = np.flatnonzero(bad & (label >= 0))
            if rows.size:
                return f"row {start + int(rows[0]) + 1} {what if not logits else 'is not finite'}"
    return ""
