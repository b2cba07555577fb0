"""The losses of many rows: how many there are of each size, right and wrong."""

from __future__ import annotations

from math import ceil, log10

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.curves.axes import nice_up, ticks, whole_ticks
from lossacc_gui.core.curves.before import Before, before, named
from lossacc_gui.core.curves.curve import Axis, Bars, Drawn, Line, Mark, Pick, Role, Text, Upright, key
from lossacc_gui.core.curves.listed import label_says
from lossacc_gui.core.curves.loss_rows import LossRows, compared_reading, guessing, top
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import share

BINS = 60
"""Bins of the histogram; one more holds the infinite losses."""

FEW = 10
"""On an axis of fewer rows than this, numbers between would be halves of a row."""

STEEP = 100
"""With a bin so many times larger than the smallest, bars are drawn by the logarithm of their count."""


def histogram(scene: Scene, losses: LossRows) -> Drawn:
    """Their picture."""
    then = before(scene)
    low, high = top(scene, losses, then)
    edges = np.linspace(low, high, BINS + 1)
    width = float(edges[1] - edges[0])
    scene.reached(0.4)
    its, x = np.searchsorted(edges[1:-1], losses.loss), edges[:-1] + width / 2
    scene.reached(0.6)
    if losses.infinite:
        its[losses.loss == np.inf], x = BINS, np.append(x, high + 1.5 * width)
    scene.reached(0.7)
    right = np.bincount(its[losses.right], minlength=len(x))
    wrong = np.bincount(its, minlength=len(x)) - right
    scene.reached()
    steep = _is_steep(right + wrong)
    feet, tops = _height(wrong, steep), _height(right + wrong, steep)
    marks: list[Mark] = [
        Bars(x, feet, 0.92 * width, Role.WRONG),
        Bars(x, tops - feet, 0.92 * width, Role.RIGHT, base=feet),
        Upright(losses.guessing, guessing(scene)),
        *_worst(losses),
    ]
    scene.reached(0.8)
    tallest = float(tops.max())
    for name, role, some in _outlined(scene, losses, then):
        scene.reached()
        counts = _counted(some, edges, len(x))
        heights = _height(counts, steep)
        tallest = max(tallest, float(heights.max()))
        if role is Role.BASELINE:  # only where it was otherwise: around all bars it would be a hatching
            heights[counts == right + wrong] = np.nan
        marks += _outline(x, heights, width, role, name)
    here = losses.place_of(scene.row)
    if here >= 0:
        at = int(its[here])
        marks.append(Text(float(x[at]), float(tops[at]), "▾", Role.NOW, (0.5, 1.0)))
    scene.reached(0.9)
    picks: list[Pick] = []
    for i, worst in enumerate(_worst_of_bins(its, losses.loss, len(x)).tolist()):
        if worst >= 0:
            says = f"{right[i]:,} right, {wrong[i]:,} wrong; the worst: {losses.says(worst)}"
            picks.append(Pick(float(x[i]), float(tops[i]), int(losses.rows[worst]), says=says))
    return Drawn(
        _bins_axis(scene, low, high, float(x[-1]) if losses.infinite else None),
        _count_axis(tallest, steep),
        marks=tuple(marks),
        picks=tuple(picks),
        nearest_x=True,
        reading=compared_reading(scene, losses, then),
    )


def _counted(losses: Floats, edges: Floats, bins: int) -> NDArray[np.intp]:
    """How many of these losses (n,) are in each of so many bins (b,); infinite ones are in the last."""
    its = np.searchsorted(edges[1:-1], losses)
    its[losses == np.inf] = bins - 1
    return np.bincount(its, minlength=bins)


def _outlined(scene: Scene, losses: LossRows, then: Before | None) -> list[tuple[str, Role, Floats]]:
    """Rows whose part of the histogram is outlined: those of the current class, and the baseline's."""
    found = []
    mine = losses.loss[scene.predictions.labels[losses.rows] == scene.column]
    if scene.column >= 0 and len(mine):
        found.append((label_says(scene), Role.NOW, mine))
    if then is not None and not then.reason:
        found.append(("baseline", Role.BASELINE, then.loss[~np.isnan(then.loss)]))
    return found


def _outline(x: Floats, heights: Floats, width: float, role: Role, name: str) -> list[Mark]:
    """Stairs over the bins, and what they are. Between bins without a row nothing is drawn."""
    ends = np.column_stack([x - width / 2, x + width / 2]).ravel()
    past, next_ = np.append(0.0, heights[:-1]), np.append(heights[1:], 0.0)
    sides = np.column_stack([np.fmax(past, heights), np.fmax(heights, next_)]).ravel()
    stairs = np.where(sides > 0, np.repeat(heights, 2), np.nan)
    if not np.isfinite(stairs).any():
        return []
    apart = 2 * np.flatnonzero(np.diff(x) > 1.2 * width) + 2  # the infinite ones stand by themselves
    ends, stairs = np.insert(ends, apart, ends[apart - 1]), np.insert(stairs, apart, np.nan)
    then = role is Role.BASELINE
    line = Line(ends, stairs, role, dashed=then, width=1.0, lifted=True)
    return [line, named("┄") if then else key(f"— {name}", role)]


def _worst_of_bins(its: NDArray[np.intp], loss: Floats, bins: int) -> NDArray[np.intp]:
    """The index of the largest of the losses (n,) in each bin (b,), the last of equal ones; -1 where there is none."""
    most = np.full(bins, -np.inf)
    np.maximum.at(most, its, loss)
    found = np.full(bins, -1, np.intp)
    those = np.flatnonzero(loss == most[its])
    found[its[those]] = those
    return found


def _worst(losses: LossRows) -> list[Mark]:
    """Where the worst 1 % of the rows begin, and how much of the loss they carry.

    By weights they are not those right of a line.
    """
    part, at = losses.concentration
    if not 0 < part <= 1 or losses.carried.weight is not None:
        return []
    said = f"worst 1 % ▸ carry {share(part)}"
    return [Upright(at, said, Role.LOSS, at_top=True, short=f"worst 1 %: {share(part)}")]


def _is_steep(counts: NDArray[np.intp]) -> bool:
    some = counts[counts > 0]
    return bool(some.max() > STEEP * some.min())


def _height(counts: NDArray[np.intp], steep: bool) -> Floats:
    """How tall a count is drawn; 0 stays 0 and 1 is seen."""
    return np.log10(1.0 + counts) if steep else counts.astype(np.float64)


def _bins_axis(scene: Scene, low: float, high: float, infinite: float | None) -> Axis:
    """The axis of losses; one tick more where the infinite ones stand."""
    text = f"loss of the row ({scene.convention.base})"
    if infinite is None:
        return Axis(text, low, high, ticks=ticks(low, high))
    # The last number gives way: it would touch the ∞.
    numbers = [tick for tick in ticks(low, high) if tick[0] < high - 0.05 * (high - low)]
    return Axis(text, low, 2 * infinite - high, ticks=(*numbers, (infinite, "∞")))


def _count_axis(tallest: float, steep: bool) -> Axis:
    if not steep:
        high = nice_up(1.05 * tallest)
        return Axis("rows", 0.0, high, ticks=whole_ticks(high) if high < FEW else None)
    powers = range(ceil(tallest) + 1)
    marks = ((0.0, "0"), *((log10(1 + 10**k), f"{10**k:,}") for k in powers))
    return Axis("rows (logarithmic)", 0.0, 1.06 * tallest, ticks=marks)
