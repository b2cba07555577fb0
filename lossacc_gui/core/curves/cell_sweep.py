"""Cross-entropy bends and accuracy steps while the current cell goes through its range."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from math import isfinite, isnan
from operator import attrgetter
from typing import cast

import numpy as np

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.curves.axes import SMALL, accuracy_axis, loss_axis, no_loss_axis
from lossacc_gui.core.curves.curve import (
    Axis,
    Curve,
    Dots,
    Drawn,
    Handle,
    Line,
    Mark,
    Role,
    Side,
    Text,
    Upright,
    nothing,
)
from lossacc_gui.core.curves.listed import narrowed, no_rows, told
from lossacc_gui.core.curves.on_the_way import other_rows, own_weight, rest_loss, scale
from lossacc_gui.core.curves.sweep import Flip, Sweep
from lossacc_gui.core.naming import called
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.wording import brief, in_words, number, share

BLOCK = 96_000
"""Cells computed for one picture: about two milliseconds."""

ROOM = 0.24
"""The share of the plot's width a flip's text needs beside its line."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many rows are right at one value, or between two without the values themselves."""

    low: float
    high: float
    hits: int


def _draw(scene: Scene) -> Drawn:
    """The picture; while a cell is dragged all of it but the handle is what it was at the first step."""
    if scene.origin is None or scene.held is None or scene.shown is not None:
        return _drawn(scene)
    key = (_drawn, scene.row, scene.column, scene.rule)
    if key not in scene.held:
        scene.held[key] = _drawn(scene)
    drawn = cast("Drawn", scene.held[key])
    if drawn.handle is None:
        return drawn
    now = float(scene.predictions.probs[scene.evaluation.epoch, scene.row, scene.column])
    at = min(max(now, drawn.handle.low), drawn.handle.high)
    return replace(drawn, handle=replace(drawn.handle, x=at))


def _drawn(scene: Scene) -> Drawn:
    if scene.row < 0 or scene.column < 0:
        return nothing("Choose a cell in the grid: its whole range is drawn here.")
    whole = scene
    scene, all_rows = narrowed(scene)
    if not scene.evaluation.tally.rows:
        return no_rows(whole)
    try:
        sweep = Sweep.of(scene)
    except Refusal as reason:
        return _held(whole) or nothing(f"{_place(scene)}: {reason.what}. You can {reason.remedy}.")
    others = other_rows(scene)
    values = _values(sweep)
    entropy = _entropy(scene, sweep, others, values)
    first, flips = sweep.winners()
    left, loss_says = _loss_axis(scene, sweep, others, entropy)
    right = _hits_axis(scene, sweep, others)
    stretches = _stretches(sweep, others, first, flips)
    marks: list[Mark] = _steps(scene, stretches)
    if np.isfinite(entropy).any():
        marks.append(
            Line(values, np.where(np.isfinite(entropy), entropy, np.nan), Role.LOSS, reads="cross-entropy")
        )
    else:
        middle = (sweep.low + sweep.high) / 2
        marks.append(Text(middle, left.low + 0.84 * (left.high - left.low), loss_says, Role.LOSS))
    marks += _flip_marks(scene, sweep, flips)
    reading = (
        f"{_place(scene)} from {brief(sweep.low)} to {brief(sweep.high)}: {loss_says}; "
        f"{_accuracy_says(scene, stretches)}."
    )
    if sweep.label < 0:
        reading = f"Row {scene.row + 1} has no label, so neither metric depends on it. {reading}"
    return Drawn(
        Axis(_x_text(scene, sweep), sweep.low, sweep.high),
        left,
        right,
        tuple(marks),
        _handle(sweep),
        reading=f"{reading} {all_rows}" if all_rows else told(whole, scene.evaluation.tally.rows, reading),
    )


def _held(scene: Scene) -> Drawn | None:
    """What the label's own cell would do if p(label) were not held, to look at and not to drag; else None."""
    if scene.rule is not Rule.HOLD or scene.convention.mixes:
        return None
    if scene.column != scene.predictions.labels[scene.row]:
        return None
    drawn = _drawn(replace(scene, rule=Rule.RESCALE))
    if drawn.empty or drawn.handle is None:
        return None
    now = Upright(drawn.handle.x, role=Role.NOW, dashed=False)
    says = f"“{Rule.HOLD}” keeps the label's own cell; “{Rule.RESCALE}” would do this."
    return replace(drawn, marks=(*drawn.marks, now), handle=None, reading=f"{says} {drawn.reading}")


def _values(sweep: Sweep) -> Floats:
    """Where the sweep is computed: along the range, and where the cell is now."""
    count = max(32, min(160, BLOCK // len(sweep.start)))
    grid = sweep.grid(count)
    return np.sort(np.append(grid, sweep.value)) if _inside(sweep) else grid


def _inside(sweep: Sweep) -> bool:
    return sweep.low <= sweep.value <= sweep.high


def _entropy(scene: Scene, sweep: Sweep, others: Tally, values: Floats) -> Floats:
    """Cross-entropy at the values, in the convention's unit; the other rows come in exactly."""
    rest = rest_loss(scene, others)
    if not isfinite(rest):
        return np.full(len(values), np.nan)
    own = np.zeros(len(values))
    if sweep.label >= 0 and (weight := own_weight(scene)):  # an infinite loss times 0 is left out
        own = weight * sweep.losses(values)
    entropy: Floats = (rest + own) * scale(scene)
    return entropy


def _loss_axis(scene: Scene, sweep: Sweep, others: Tally, entropy: Floats) -> tuple[Axis, str]:
    """The left axis, and in words how cross-entropy goes."""
    rows = scene.evaluation.tally.rows
    low, high = (0.0, 0.0) if sweep.label < 0 else sweep.loss_range()
    if not np.isfinite(entropy).any() or not isfinite(low):
        return no_loss_axis(scene.convention), _no_entropy(others)
    rest, weight, unit_loss = rest_loss(scene, others), own_weight(scene), scale(scene)
    low, high = (rest + weight * low) * unit_loss, (rest + weight * high) * unit_loss
    axis = loss_axis(scene.convention, low, high, rows)
    unit = scene.convention.base
    first, last = float(entropy[0]), float(entropy[-1])
    if np.nanmax(entropy) - np.nanmin(entropy) <= 1e-12 * max(1.0, abs(low)):
        return axis, f"cross-entropy stays at {number(first)} {unit}"
    outside = ", beyond what is drawn" if max(first, last) > axis.high else ""
    least = float(np.nanmin(entropy))
    if least < min(first, last) - 1e-9 * max(1.0, abs(least)):  # smoothed labels have a best value inside
        outside = f", by way of {number(least)}{outside}"
    return axis, f"cross-entropy ({unit}) goes from {in_words(first)} to {in_words(last)}{outside}"


def _no_entropy(others: Tally) -> str:
    """Why cross-entropy has no finite value wherever the cell stands."""
    if others.loss_nan or (others.loss_inf and others.loss_minus_inf):
        return "cross-entropy is undefined because of other rows"
    if others.loss_inf:
        several = f"{others.loss_inf:,} other rows give their"
        return f"cross-entropy is ∞: {'another row gives its' if others.loss_inf == 1 else several} label 0"
    if others.loss_minus_inf:
        return "cross-entropy is −∞ because of other rows"
    return "cross-entropy is not finite for this row"


def _right(sweep: Sweep, winner: int) -> int:
    """Whether the row is right while this class wins; NaN is never right."""
    return int(winner == sweep.label and not (winner != sweep.column and np.isnan(sweep.start[winner])))


def _hits_axis(scene: Scene, sweep: Sweep, others: Tally) -> Axis:
    return accuracy_axis(others.hits, others.hits + (sweep.label >= 0), scene.evaluation.tally.rows)


def _stretches(sweep: Sweep, others: Tally, first: int, flips: tuple[Flip, ...]) -> list[Stretch]:
    """Accuracy all along: at the low end, beyond it, at each flip, beyond it, and so on to the high end."""
    places = [sweep.low, *(flip.at for flip in flips), sweep.high]
    at = [sweep.winner(sweep.low), *(flip.there for flip in flips), sweep.winner(sweep.high)]
    beyond = [first, *(flip.after for flip in flips)]
    found = []
    for i, winner in enumerate(at):
        found.append(Stretch(places[i], places[i], others.hits + _right(sweep, winner)))
        if i < len(beyond):
            found.append(Stretch(places[i], places[i + 1], others.hits + _right(sweep, beyond[i])))
    return found


def _steps(scene: Scene, stretches: list[Stretch]) -> list[Mark]:
    """Accuracy along the sweep, its steps exactly at the flips; a dot says what holds at a step itself."""
    rows = scene.evaluation.tally.rows
    inside, points = stretches[1::2], stretches[::2]
    ends = [
        point
        for point, beside in ((points[0], inside[0]), (points[-1], inside[-1]))
        if point.hits != beside.hits
    ]
    drawn = sorted([*inside, *ends], key=attrgetter("low", "high"))
    around = zip(points, [inside[0], *inside], [*inside, inside[-1]], strict=True)
    dots = [point for point, left, right in around if not left.hits == point.hits == right.hits]
    marks: list[Mark] = [
        Line(
            np.array([place for stretch in drawn for place in (stretch.low, stretch.high)]),
            np.repeat([stretch.hits for stretch in drawn], 2) / rows,
            Role.ACCURACY,
            Side.RIGHT,
            reads="accuracy",
        )
    ]
    if dots:
        x, hits = np.array([dot.low for dot in dots]), np.array([dot.hits for dot in dots])
        marks.append(Dots(x, hits / rows, Role.ACCURACY, Side.RIGHT, 6.0))
    return marks


def _accuracy_says(scene: Scene, stretches: list[Stretch]) -> str:
    """In words how accuracy goes; flips between two wrong classes change nothing and are left out."""
    rows, texts = scene.evaluation.tally.rows, []
    for hits, group in groupby(stretches, attrgetter("hits")):
        run = list(group)
        start, end = run[0], run[-1]
        place = brief(start.low)
        if start.low == end.high:
            where = f" at {place}"
        elif start is stretches[0]:
            where = ""
        else:
            where = f" from {place} on" if start.low == start.high else f" above {place}"
        # One row in 10,000 is no tenth of a percent: say the rows instead.
        said = share(hits / rows) if rows <= SMALL else f"{hits:,} of {rows:,} rows"
        texts.append(f"{said}{where}")
    return f"accuracy {'stays at' if len(texts) == 1 else 'is'} " + ", ".join(texts)


def _flip_marks(scene: Scene, sweep: Sweep, flips: tuple[Flip, ...]) -> list[Mark]:
    """A dashed line at every flip; the outer ones say who wins beyond them where there is room."""
    marks: list[Mark] = []
    width = sweep.high - sweep.low
    for i, flip in enumerate(flips):
        before = flip is flips[0] and flip.at - sweep.low > ROOM * width
        after = i == len(flips) - 1 and sweep.high - flip.at > ROOM * width
        if before:
            marks.append(_upright(scene, sweep, flip.at, flip.before, "left"))
        if after:
            marks.append(_upright(scene, sweep, flip.at, flip.after, "right"))
        if not (before or after):
            marks.append(Upright(flip.at, "", _role(sweep, flip.after)))
    return marks


def _upright(scene: Scene, sweep: Sweep, at: float, winner: int, align: str) -> Upright:
    name = called(scene.predictions.class_names, winner, 12)
    text = f"◂ {name} wins" if align == "left" else f"{name} wins ▸"
    short = f"◂ {name}" if align == "left" else f"{name} ▸"
    return Upright(at, text, _role(sweep, winner), at_top=False, align=align, fixed=True, short=short)


def _role(sweep: Sweep, winner: int) -> Role:
    if sweep.label < 0:
        return Role.PLAIN
    return Role.RIGHT if _right(sweep, winner) else Role.WRONG


def _handle(sweep: Sweep) -> Handle | None:
    """The line to drag; none while the cell holds no finite number."""
    if isnan(sweep.value) or not isfinite(sweep.value):
        return None
    at = min(max(sweep.value, sweep.low), sweep.high)
    return Handle(at, sweep.low, sweep.high, "now")


def _place(scene: Scene) -> str:
    return f"Row {scene.row + 1}, {called(scene.predictions.class_names, scene.column)}"


def _x_text(scene: Scene, sweep: Sweep) -> str:
    """What the x axis says: the cell, and what gives way or holds meanwhile."""
    names = scene.predictions.class_names
    cell = called(names, sweep.column, 16)
    if scene.convention.rows is Rows.LOGITS:
        cell = f"z({cell})"
    place = f"row {scene.row + 1} · {cell}"
    if sweep.rule is Rule.ONLY:
        return f"{place} (only this cell)"
    giving = np.flatnonzero(sweep.rest)
    alone = len(giving) == 1
    rest = f"{called(names, giving[0], 16)} takes the rest" if alone else "the others scale"
    held = f", {called(names, sweep.label, 16)} holds" if sweep.rule is Rule.HOLD else ""
    return f"{place} ({rest}{held})"


CELL_SWEEP = Curve("sweep", "Cell sweep", "drag the line to edit the cell", _draw, follows_focus=True)
