"""Which rows the loss comes from: sorted bars for few rows, a histogram for many."""

from __future__ import annotations

from math import ceil, isfinite, log, log10

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.curves.axes import logarithm, nice_up, per_nat, ticks
from lossacc_gui.core.curves.before import Before, before, compared, named
from lossacc_gui.core.curves.curve import (
    Axis,
    Bars,
    Curve,
    Dots,
    Drawn,
    Level,
    Line,
    Mark,
    Pick,
    Role,
    Text,
    Upright,
    nothing,
)
from lossacc_gui.core.curves.listed import is_heavy, label_says, listed, mean, no_rows, told
from lossacc_gui.core.curves.sweep import dragged_losses
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import number, rows, share

BARS = 60
"""Up to this many labelled rows each has a bar of its own."""

NAMED = 12
"""Up to this many bars the axis has room for the rows' names."""

BINS = 60
"""Bins of the histogram; one more holds the infinite losses."""

HUNDRED = 100
"""From so many rows on the worst 1 % are spoken of."""

STEEP = 100
"""With a bin so many times larger than the smallest, bars are drawn by the logarithm of their count."""


class _Losses:
    """The labelled rows that have a loss, in the convention's unit; few of them sorted by it."""

    def __init__(self, scene: Scene) -> None:
        stats = scene.evaluation.stats
        labelled = listed(scene)
        scene.reached(0.1)
        losses = stats.loss[labelled] * per_nat(scene.convention)
        defined = ~np.isnan(losses)
        order = np.flatnonzero(defined)
        if len(losses) <= BARS:
            order = order[np.argsort(losses[order], kind="stable")]
        self.undefined = len(losses) - len(order)
        self.rows: NDArray[np.intp] = labelled[order]
        self.loss: Floats = losses[order]
        self.right: NDArray[np.bool_] = (stats.flags[self.rows] & np.uint8(Flag.HIT)) != 0
        self.finite = int(np.count_nonzero(self.loss < np.inf))
        self.guessing = log(scene.predictions.classes) * per_nat(scene.convention)
        scene.reached(0.3)

    def __len__(self) -> int:
        return len(self.loss)

    @property
    def infinite(self) -> int:
        """How many rows have an infinite loss."""
        return len(self) - self.finite

    @property
    def concentration(self) -> tuple[float, float]:
        """The share of the loss the worst 1 % of the rows carry, and the least loss among them.

        NaN where fewer than a hundred rows have one, or some loss is infinite or negative.
        """
        first, total = len(self) - ceil(len(self) / HUNDRED), float(self.loss.sum())
        if len(self) < HUNDRED or not isfinite(total) or total <= 0 or self.loss.min() < 0:
            return float("nan"), float("nan")
        parted = np.partition(self.loss, first)
        return float(parted[first:].sum()) / total, float(parted[first])

    def place_of(self, row: int) -> int:
        """The index of a row among these; -1 when it has no loss."""
        found = np.flatnonzero(self.rows == row)
        return int(found[0]) if len(found) else -1


def _draw(scene: Scene) -> Drawn:
    if not scene.evaluation.tally.rows:
        return nothing("No row has a label yet: give one in the label column, or use File > Open labels.")
    losses = _Losses(scene)
    if not len(losses) + losses.undefined:
        return no_rows(scene)
    if not len(losses):
        return nothing("No row has a defined loss: look for cells that are no numbers or are negative.")
    return _bars(scene, losses) if len(losses) + losses.undefined <= BARS else _histogram(scene, losses)


def _top(scene: Scene, losses: _Losses, then: Before | None) -> tuple[float, float]:
    """The range of losses that is drawn: round, and the same all along a drag."""
    shown = [losses.guessing]
    dragged = dragged_losses(scene)
    if dragged is None:
        others = losses.loss[np.isfinite(losses.loss)]
    else:
        others = losses.loss[np.isfinite(losses.loss) & (losses.rows != scene.row)]
        shown += [loss * per_nat(scene.convention) for loss in dragged]
    if then is not None:
        others = np.append(others, then.loss[np.isfinite(then.loss)])
    shown += [float(others.min()), float(others.max())] if len(others) else []
    low = min(shown)
    return (-nice_up(-low) if low < 0 else 0.0), nice_up(max(1.02 * max(shown), 1e-3))


def _bars(scene: Scene, losses: _Losses) -> Drawn:
    then = before(scene)
    low, high = _top(scene, losses, then)
    x = np.arange(len(losses), dtype=np.float64)
    heights = np.clip(losses.loss, low, high)
    heights[losses.finite :] = np.minimum(heights[losses.finite :], low + 0.92 * (high - low))  # room for ∞
    marks: list[Mark] = [
        Bars(x[mine], heights[mine], 0.66, role)
        for role, mine in ((Role.RIGHT, losses.right), (Role.WRONG, ~losses.right))
    ]
    marks += [Text(float(i), high, "∞", Role.LOSS, (0.5, 0.0)) for i in x[losses.finite :][:NAMED]]
    marks.append(Level(losses.guessing, _guessing(scene)))
    marks += _then_bars(losses, then, low, high) if then is not None else []
    mine = np.flatnonzero(scene.predictions.labels[losses.rows] == scene.column)
    air = 0.06 * (high - low)
    if len(mine):
        marks.append(Dots(x[mine], np.full(len(mine), low - air / 2), Role.NOW, size=5.0, ring=False))
        marks.append(Text(float(x[mine[0]]), low - air / 2, label_says(scene), Role.NOW, (0.0, 1.0)))
    here = losses.place_of(scene.row)
    if here >= 0:
        marks.append(Text(float(here), max(0.0, float(heights[here])), "▾", Role.NOW, (0.5, 1.0)))
    names = [f"row {row + 1}" for row in losses.rows.tolist()]
    named = tuple((float(i), name) for i, name in enumerate(names)) if len(losses) <= NAMED else ()
    picks = (
        Pick(float(i), float(heights[i]), int(losses.rows[i]), says=_says(losses, i))
        for i in range(len(losses))
    )
    return Drawn(
        Axis("" if named else "labelled rows, sorted by loss", -0.7, len(losses) - 0.3, ticks=named),
        Axis(
            f"loss of the row ({scene.convention.base})",
            low - (air if len(mine) else 0),
            high + air,
            ticks=ticks(low, high),
        ),
        marks=tuple(marks),
        picks=tuple(picks),
        nearest_x=True,
        reading=_compared(scene, losses, then),
    )


def _histogram(scene: Scene, losses: _Losses) -> Drawn:
    then = before(scene)
    low, high = _top(scene, losses, then)
    edges = np.linspace(low, high, BINS + 1)
    width = float(edges[1] - edges[0])
    its, x = np.searchsorted(edges[1:-1], losses.loss), edges[:-1] + width / 2
    if losses.infinite:
        its[losses.loss == np.inf], x = BINS, np.append(x, high + 1.5 * width)
    scene.reached(0.7)
    right = np.bincount(its[losses.right], minlength=len(x))
    wrong = np.bincount(its, minlength=len(x)) - right
    steep = _is_steep(right + wrong)
    feet, tops = _height(wrong, steep), _height(right + wrong, steep)
    marks: list[Mark] = [
        Bars(x, feet, 0.92 * width, Role.WRONG),
        Bars(x, tops - feet, 0.92 * width, Role.RIGHT, base=feet),
        Upright(losses.guessing, _guessing(scene)),
        *_worst(losses),
    ]
    tallest = float(tops.max())
    for name, role, some in _outlined(scene, losses, then):
        bins = np.searchsorted(edges[1:-1], some)
        bins[some == np.inf] = len(x) - 1
        heights = _height(np.bincount(bins, minlength=len(x)), steep)
        tallest = max(tallest, float(heights.max()))
        marks += _outline(x, heights, width, role, name)
    here = losses.place_of(scene.row)
    if here >= 0:
        at = int(its[here])
        marks.append(Text(float(x[at]), float(tops[at]), "▾", Role.NOW, (0.5, 1.0)))
    worst = _worst_of_bins(its, losses.loss, len(x))
    picks = (
        Pick(
            float(x[i]),
            float(tops[i]),
            int(losses.rows[worst[i]]),
            says=f"{right[i]:,} right, {wrong[i]:,} wrong; the worst: {_says(losses, int(worst[i]))}",
        )
        for i in np.flatnonzero(worst >= 0).tolist()
    )
    return Drawn(
        _bins_axis(scene, low, high, float(x[-1]) if losses.infinite else None),
        _count_axis(tallest, steep),
        marks=tuple(marks),
        picks=tuple(picks),
        nearest_x=True,
        reading=_compared(scene, losses, then),
    )


def _compared(scene: Scene, losses: _Losses, then: Before | None) -> str:
    """The sentence, with the mean loss at the baseline and now."""
    means = f"{number(mean(then.loss) if then is not None else None)}, now {number(mean(losses.loss))}"
    reading = told(scene, len(losses.rows), _reading(losses))
    return compared(reading, then, f"At the baseline the mean loss was {means}.")


def _then_bars(losses: _Losses, then: Before, low: float, high: float) -> list[Mark]:
    """Where the bar of each row ended at the baseline."""
    places = {row: i for i, row in enumerate(losses.rows.tolist())}
    known = [i for i, row in enumerate(then.row.tolist()) if row in places and not np.isnan(then.loss[i])]
    if not known:
        return []
    at = np.array([places[int(then.row[i])] for i in known], np.float64)
    ends = np.clip(then.loss[known], low, high)
    x = np.column_stack([at - 0.42, at + 0.42, np.full(len(at), np.nan)]).ravel()
    top = int(ends.argmax())
    line = Line(x, np.repeat(ends, 3), Role.BASELINE, dashed=True)
    return [line, named(float(at[top]), float(ends[top]))]


def _outlined(scene: Scene, losses: _Losses, then: Before | None) -> list[tuple[str, Role, Floats]]:
    """Rows whose part of the histogram is outlined: those of the current class, and the baseline's."""
    found = []
    mine = losses.loss[scene.predictions.labels[losses.rows] == scene.column]
    if scene.column >= 0 and len(mine):
        found.append((label_says(scene), Role.NOW, mine))
    if then is not None and not then.reason:
        found.append(("baseline", Role.BASELINE, then.loss[~np.isnan(then.loss)]))
    return found


def _outline(x: Floats, heights: Floats, width: float, role: Role, name: str) -> list[Mark]:
    """Stairs over the bins, with their name at the highest."""
    ends = np.column_stack([x - width / 2, x + width / 2]).ravel()
    top = int(heights.argmax())
    line = Line(ends, np.repeat(heights, 2), role, dashed=role is Role.BASELINE, width=1.0)
    return [line, Text(float(x[top]), float(heights[top]), name, role, (0.0, 1.0))]


def _worst_of_bins(its: NDArray[np.intp], loss: Floats, bins: int) -> NDArray[np.intp]:
    """The index of the largest of the losses (n,) in each bin (b,), the last of equal ones; -1 where there is none."""
    most = np.full(bins, -np.inf)
    np.maximum.at(most, its, loss)
    found = np.full(bins, -1, np.intp)
    those = np.flatnonzero(loss == most[its])
    found[its[those]] = those
    return found


def _worst(losses: _Losses) -> list[Mark]:
    """Where the worst 1 % of the rows begin, and how much of the loss they carry."""
    part, at = losses.concentration
    if not 0 < part <= 1:
        return []
    return [Upright(at, f"worst 1 % ▸ {share(part)} of the loss", Role.LOSS, at_top=True)]


def _guessing(scene: Scene) -> str:
    return f"guessing: {logarithm(scene.predictions.classes, scene.convention)}"


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
        return Axis("rows", 0.0, nice_up(1.05 * tallest))
    powers = range(ceil(tallest) + 1)
    marks = ((0.0, "0"), *((log10(1 + 10**k), f"{10**k:,}") for k in powers))
    return Axis("rows (logarithmic)", 0.0, 1.06 * tallest, ticks=marks)


def _says(losses: _Losses, i: int) -> str:
    right = "right" if losses.right[i] else "wrong"
    return f"row {int(losses.rows[i]) + 1}: loss {number(float(losses.loss[i]))}, {right}"


def _reading(losses: _Losses) -> str:
    """How the loss is spread over the rows, in a sentence."""
    undefined = f" {rows(losses.undefined).capitalize()} without a defined loss." if losses.undefined else ""
    if losses.infinite:
        worst = losses.rows[losses.loss == np.inf]
        if len(worst) == 1:
            return f"The loss of row {int(worst[0]) + 1} is infinite, and with it the whole.{undefined}"
        return f"The losses of {rows(len(worst))} are infinite, and with them the whole.{undefined}"
    total = float(losses.loss.sum())
    if not isfinite(total) or total <= 0 or losses.loss.min() < 0:
        low, high = number(float(losses.loss.min())), number(float(losses.loss.max()))
        return f"Losses go from {low} to {high}.{undefined}"
    if len(losses) < HUNDRED:
        last = int(len(losses) - 1 - losses.loss[::-1].argmax())
        part = share(float(losses.loss[last]) / total)
        return f"The worst row, row {int(losses.rows[last]) + 1}, carries {part} of the loss.{undefined}"
    part = share(losses.concentration[0])
    return f"The worst 1 % of rows carry {part} of the loss.{undefined}"


ROW_LOSSES = Curve(
    "losses",
    "Row losses",
    "click a bar to see its worst row",
    _draw,
    is_heavy,
    follows_focus=True,
)
