"""The temperature that makes the loss smallest: how much of it is over- or underconfidence alone.

Rows are read in log space, z = ln p for probabilities, and become softmax(z / T). With b = 1/T the mean loss
is convex in b and its slope is the mean of E_q[z] - z_label, so its sign says on which side the best T lies.
No T changes a prediction. Losses are those of rows that sum to 1, without a clip, in nats; class and sample
weights and smoothed labels count as in the cross-entropy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.evaluation import Evaluation, Stopped
from lossacc_gui.core.heated import Heated, Unfit
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.wording import number

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
    return look(Heated(evaluation, floor, reached=_stopping(stop)), np.empty(0))[0]


def loss_at(
    evaluation: Evaluation, temperatures: Floats, floor: float = 0.0, stop: Stop | None = None
) -> Floats:
    """The mean loss in nats at ``temperatures`` (m,), 0 and infinity included; NaN where it is undefined."""
    return losses(Heated(evaluation, floor, reached=_stopping(stop)), temperatures)


def losses(heated: Heated, temperatures: Floats) -> Floats:
    """The mean loss of these rows in nats at ``temperatures`` (m,); NaN where it is undefined."""
    try:
        found: Floats = heated.moments(_betas(temperatures))[0]
    except Unfit:
        return np.full(len(temperatures), nan)
    return found


def look(heated: Heated, temperatures: Floats) -> tuple[Temperature, Floats]:
    """The best temperature of these rows, and ``losses`` at ``temperatures`` (m,): about four passes in all."""
    betas = np.concatenate([[1.0, 0.0, inf], _betas(temperatures)])
    try:
        found = heated.moments(betas)
    except Unfit as reason:
        return Temperature(nan, nan, nan, str(reason)), np.full(len(temperatures), nan)
    seen = found[0, 3:]
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
    known = (betas > 0) & np.isfinite(betas)
    beta = _root(heated, betas[known], found[1, known])
    least = float(heated.moments(np.array([beta]))[0, 0])
    if least >= now[0] or abs(beta - 1) < 1e-6:
        return Temperature(1.0, now[0], now[0], "T = 1 is best already"), seen
    side = "over" if beta < 1 else "under"
    told = f"rows are {side}confident: T = {number(1 / beta, 2)} makes the loss smallest"
    return Temperature(1 / beta, now[0], least, told), seen


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


def _root(heated: Heated, betas: Floats, slopes: Floats) -> float:
    """Where the slope is 0: Newton's steps in b, halving the bracket where they leave it.

    ``slopes`` (m,) are known at ``betas`` (m,); they rise with b.
    """
    low = float(betas[slopes <= 0].max(initial=0.0))
    high = float(betas[slopes > 0].min(initial=inf))
    while not low:
        below = high / 8
        low, high = (below, high) if heated.moments(np.array([below]))[1, 0] <= 0 else (0.0, below)
    while high == inf:
        above = low * 8
        low, high = (low, above) if heated.moments(np.array([above]))[1, 0] >= 0 else (above, inf)
    beta = sqrt(low * high)
    while high / low > 1 + PRECISION:
        slope, curve = heated.moments(np.array([beta]))[1:, 0].tolist()
        if slope == 0:
            return beta
        low, high = (low, beta) if slope > 0 else (beta, high)
        step = slope / curve if curve > 0 else inf
        if abs(step) < PRECISION * beta / 2:
            return beta - step
        newton = beta - step
        beta = newton if low < newton < high else sqrt(low * high)
    return beta
