"""Ranges, ticks and texts of axes: round, steady, and never so narrow that rounding looks like news."""

from __future__ import annotations

from math import ceil, floor, log10

from lossacc_gui.core.convention import Base, Convention, Reduction
from lossacc_gui.core.curves.curve import Axis, Role

SMALL = 24
"""Up to this many rows one row is a visible step on an accuracy axis from 0 to 1."""

LEAST_NATS = 2.0
"""The least change in one row's loss that a loss axis has room for."""

FIFTHS = tuple((k / 5, f"{k / 5:.1f}") for k in range(6))
"""Ticks of an axis of shares."""

ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def per_nat(convention: Convention) -> float:
    """What one nat of loss is in the convention's unit."""
    return 1 / convention.nats


def loss_scale(convention: Convention, rows: int) -> float:
    """What one nat in one row adds to cross-entropy as the convention shows it."""
    scale = per_nat(convention)
    return scale / max(rows, 1) if convention.reduction is Reduction.MEAN else scale


def loss_text(convention: Convention) -> str:
    """What an axis of cross-entropy says, with its unit."""
    summed = ", sum" if convention.reduction is Reduction.SUM else ""
    return f"cross-entropy ({convention.base}{summed})"


def logarithm(classes: int, convention: Convention) -> str:
    """The loss of guessing, in words: ln 3, or log₂ 3 in bits."""
    return f"{'log₂' if convention.base is Base.BITS else 'ln'} {classes:,}"


def nice_step(span: float, about: int = 5) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides a span into about so many parts."""
    power = 10.0 ** floor(log10(span / about))
    return next((k * power for k in (1.0, 2.0, 5.0) if k * power * about >= span), 10.0 * power)


def nice_up(value: float) -> float:
    """The next round number that is not below a positive one."""
    power = 10.0 ** floor(log10(value))
    return next((k * power for k in ROUND if k * power >= value), 10.0 * power)


def padded(low: float, high: float, least: float) -> tuple[float, float]:
    """A range around what is drawn, at least ``least`` wide, with a tenth of air, ending on round numbers."""
    middle = (low + high) / 2
    half = max(0.6 * (high - low), least / 2, 1e-9 * abs(middle))
    step = nice_step(2 * half, 10)
    return floor((middle - half) / step) * step, ceil((middle + half) / step) * step


def ticks(low: float, high: float, about: int = 5) -> tuple[tuple[float, str], ...]:
    """Round numbers inside a range, with their texts: for an axis that adds a tick of its own."""
    step = nice_step(high - low, about)
    decimals = max(0, -floor(log10(step)))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple((k * step, f"{k * step:,.{decimals}f}") for k in range(first, last + 1))


def whole_ticks(high: float, about: int = 5) -> tuple[tuple[float, str], ...]:
    """Round counts from 0 to ``high``: there is no half a row."""
    return tuple((at, f"{at:,.0f}") for at, _ in ticks(0.0, high, about) if at == int(at))


def accuracy_axis(low: float, high: float, rows: int) -> Axis:
    """An accuracy axis: 0 to 1, or with many rows what lies around ``low`` to ``high`` hits, in rows.

    With 10,000 rows one row is a ten-thousandth of the axis; only a narrow range shows its step.
    """
    if rows <= SMALL:
        return Axis("accuracy", -0.04, 1.04, Role.ACCURACY, FIFTHS)
    # Above the middle, where a cross-entropy that stands still is drawn: two level lines would be one.
    bottom, top = max(low - 3.5, -0.5), min(high + 1.5, rows + 0.5)
    step = max(1, round(nice_step(top - bottom)))
    marks = range(ceil(bottom / step) * step, floor(top) + 1, step)
    return Axis(
        f"rows right (of {rows:,})",
        bottom / rows,
        top / rows,
        Role.ACCURACY,
        tuple((k / rows, f"{k:,}") for k in marks),
    )


def loss_axis(convention: Convention, low: float, high: float, rows: int) -> Axis:
    """An axis of cross-entropy around what is drawn.

    It is at least as tall as a change of two nats in one row's loss, so that flat looks flat.
    """
    low, high = padded(low, high, LEAST_NATS * loss_scale(convention, rows))
    return Axis(loss_text(convention), low, high, Role.LOSS, ticks(low, high))


def no_loss_axis(convention: Convention) -> Axis:
    """The axis where cross-entropy has no finite value to be read."""
    return Axis(loss_text(convention), 0.0, 1.0, Role.LOSS, ())
