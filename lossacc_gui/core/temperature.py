"""The temperature that makes the loss smallest: how much of it is over- or underconfidence alone.

Rows are read in log space, z = ln p for probabilities, and become softmax(z / T). With b = 1/T the mean loss
is convex in b and its slope is the mean of E_q[z] - z_label, so its sign says on which side the best T lies.
No T changes a prediction. Losses are those of rows that sum to 1, in nats, of probabilities that were raised to a
floor, if there is one, before; class and sample weights and smoothed labels count as in the cross-entropy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import copysign, inf, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.heated import Heated, Unfit
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.wording import number

NEAR = 3e-5
"""A Newton step smaller than this share of b is the last: its error is of the order of its square."""

CLOSED = 1e-12
"""Nor is there anything to be found in a bracket so narrow, as a share of itself."""

FARTHEST = 8.0
"""No step goes farther than to so many times b, or to so small a part of it."""

SAMPLE = 16
"""One of so many rows says about where the best T is, before all are asked."""

MANY_ROWS = 20_000
"""Of fewer rows all are asked at once."""

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


def best_temperature(evaluation: Evaluation, floor: float = 0.0, stop: Stop | None = None) -> Temperature:
    """The best temperature of the labelled rows; probabilities below ``floor`` are taken to be ``floor``.

    Raises Stopped when ``stop`` says so.
    """
    return look(Heated(evaluation, floor, reached=_stopping(stop)), np.empty(0))[0]


def losses(heated: Heated, temperatures: Floats) -> Floats:
    """The mean loss of these rows in nats at ``temperatures`` (m,); NaN where it is undefined."""
    try:
        return heated.losses(_betas(temperatures))
    except Unfit:
        return np.full(len(temperatures), nan)


def look(heated: Heated, temperatures: Floats) -> tuple[Temperature, Floats]:
    """The best temperature of these rows, and ``losses`` at ``temperatures`` (m,): about two passes in all."""
    try:
        betas = np.array([1.0, 0.0, inf, _rough(heated)])
        found, seen = heated.look(betas, _betas(temperatures))
    except Unfit as reason:
        return Temperature(nan, nan, nan, str(reason)), np.full(len(temperatures), nan)
    now, start, end = (found[:2, i].tolist() for i in range(3))
    if start[1] == 0 == end[1]:
        says = "every row is even over its classes: no T changes anything"
        return Temperature(1.0, now[0], now[0], says), seen
    if end[1] <= 0:
        what = "every row is right" if end[0] == 0 else "no row is wrong but for ties"
        return Temperature(0.0, now[0], end[0], f"{what}: the smaller T, the smaller the loss"), seen
    if start[1] >= 0:
        says = "no better than guessing: the larger T, the smaller the loss"
        return Temperature(inf, now[0], start[0], says), seen
    beta, least = _lowest(heated, betas[[0, 3]], found[:, [0, 3]])
    if least >= now[0] or abs(beta - 1) < 1e-6:
        return Temperature(1.0, now[0], now[0], "T = 1 is best already"), seen
    side = "over" if beta < 1 else "under"
    told = f"rows are {side}confident: T = {number(1 / beta, 2)} makes the loss smallest"
    return Temperature(1 / beta, now[0], least, told), seen


def _rough(heated: Heated) -> float:
    """About where the best 1/T is, by some of many rows; 1 where they do not say."""
    if heated.count < MANY_ROWS:
        return 1.0
    best = look(heated.some(SAMPLE), np.empty(0))[0].best  # NaN where some of these rows are unfit
    return 1 / best if 0 < best < inf else 1.0


def _betas(temperatures: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        betas: Floats = 1 / np.asarray(temperatures, np.float64)
    return betas


def _stopping(stop: Stop | None) -> Callable[[float], None]:
    """What a pass over the rows calls: it raises Stopped when ``stop`` says so."""

    def reached(_: float) -> None:
        if stop is not None and stop():
            raise Stopped

    return reached


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


def _lowest(heated: Heated, betas: Floats, known: Floats) -> tuple[float, float]:
    """The b where the slope is 0, and the loss there: Newton's steps, kept inside a bracket.

    ``known`` (3, m) are the moments at ``betas`` (m,). Slopes rise with b, below 0 at 0 and above it at infinity.
    """
    low, high = 0.0, inf
    for beta, slope in zip(betas.tolist(), known[1].tolist(), strict=True):
        low, high = (max(low, beta), high) if slope <= 0 else (low, min(high, beta))
    nearest = int(np.abs(known[1]).argmin())
    beta, (loss, slope, curve) = float(betas[nearest]), known[:, nearest].tolist()
    last = inf
    while slope:
        step = slope / curve if curve > 0 else copysign(inf, slope)
        if abs(step) <= NEAR * beta or (low and high / low <= 1 + CLOSED):
            return beta - step, loss - slope * step + curve * step**2 / 2
        slow, last = abs(step) > last / 2, abs(step)
        beta = _next(beta, copysign(inf, step) if slow else step, low, high)
        loss, slope, curve = heated.moments(np.array([beta]))[:, 0].tolist()
        low, high = (beta, high) if slope <= 0 else (low, beta)
    return beta, loss


def _next(beta: float, step: float, low: float, high: float) -> float:
    """Where a step down leads, or one up where it is below 0: inside the bracket, else to the middle of it."""
    new = beta - step
    if step > 0:
        return (new if new > low else sqrt(low * beta)) if low else max(new, beta / FARTHEST)
    return (new if new < high else sqrt(beta * high)) if high < inf else min(new, beta * FARTHEST)
