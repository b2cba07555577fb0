"""Both metrics after every edit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil, inf, isfinite, isnan, log

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Base, Convention, Reduction
from lossacc_gui.core.curves.axes import SMALL, accuracy_axis, loss_axis, loss_scale, nice_step, no_loss_axis
from lossacc_gui.core.curves.curve import (
    Axis,
    Curve,
    Dots,
    Drawn,
    Line,
    Mark,
    Pick,
    Role,
    Side,
    Text,
    Upright,
    nothing,
)
from lossacc_gui.core.curves.on_the_way import dragged_total
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Point, Scene
from lossacc_gui.core.wording import counted, in_words, number, share, shortened

FILES = 8
"""So many of the predictions opened last are drawn."""

LAST = 250
"""So many of the last steps are all drawn, and as many again of those before them."""

DOTTED = 60
"""Up to this many points each has a dot."""

BRIEF = 8
"""Where there is little room beside it, its name is cut to so many characters."""

RUNS = 12
"""So many of the last runs of steps at ∞ have a sign."""

TURNS = 40
"""So many of the last changes of convention, or of what was opened, have a line."""


def _draw(scene: Scene) -> Drawn:
    history, now = scene.history, scene.step
    if not history:
        return nothing("Nothing has been edited yet: change a cell and its step appears here.")
    steps = _steps(len(history), now)
    loss = np.array([_loss(history[i], scene.convention) for i in steps])
    accuracy = np.array([history[i].accuracy for i in steps])
    if np.isnan(accuracy).all():
        return nothing(
            "No row has had a label so far: give one in the label column, or use File > Open labels."
        )
    left, right = _loss_axis(scene, steps, loss), _accuracy_axis(scene, steps, accuracy)
    beyond = np.isfinite(loss) & ((loss < left.low) | (loss > left.high))  # of others that were opened
    loss = np.where(beyond, np.nan, loss)
    turns = _changes(history, steps)
    marks = list(turns)
    opened = np.array([history[i].opened for i in steps])
    for which in np.flatnonzero(np.diff(opened, prepend=opened[0] - 1))[-FILES:].tolist():
        mine = opened == opened[which]  # predictions of two files are not one line
        past, later = mine & (steps <= now), mine & (steps >= now)
        marks += _lines(steps[past], loss[past], accuracy[past]) if past.any() else []
        if later.sum() > 1:  # steps that can be redone, from the present one on
            marks += _lines(steps[later], loss[later], accuracy[later], dashed=True)
    marks += _infinite(steps, loss, left)
    marks += _now(steps, loss, accuracy, now)
    heights = np.where(np.isfinite(loss), loss, left.high)
    picks = (
        Pick(float(i), float(height), step=i)
        for i, height in zip(steps.tolist(), heights.tolist(), strict=True)
    )
    low, high = float(steps[0]), float(steps[-1])
    if high - low > 8:  # in leaps, so that the axis is not drawn anew with every edit
        leap = nice_step(high - low, 10)
        high = ceil(high / leap) * leap
    air = max(0.5, 0.03 * (high - low))
    whole = tuple((float(i), f"{i:,}") for i in steps.tolist()) if high - low <= 8 else None
    return Drawn(
        Axis("edit", low - air, high + air, ticks=whole),
        left,
        right,
        tuple(marks),
        picks=tuple(picks),
        tell=partial(_says, {i: history[i] for i in steps.tolist()}),
        nearest_x=True,
        reading=_reading(scene, turns, beyond=bool(beyond.any())),
    )


def _steps(count: int, now: int) -> NDArray[np.intp]:
    """Which steps are drawn: the last ones all, earlier ones thinned, the present one always."""
    if count <= 2 * LAST:
        return np.arange(count)
    early = np.linspace(0, count - LAST - 1, LAST).astype(np.intp)
    return distinct(np.concatenate([early, np.arange(count - LAST, count), [min(now, count - 1)]]))


def _loss(point: Point, convention: Convention) -> float:
    """A step's cross-entropy in the present unit and reduction, so that one line can be drawn."""
    loss = point.loss
    if point.convention.base is not convention.base:
        loss = loss * log(2) if convention.base is Base.NATS else loss / log(2)
    if point.convention.reduction is not convention.reduction and point.rows:
        loss = loss / point.rows if convention.reduction is Reduction.MEAN else loss * point.rows
    return loss


def _loss_axis(scene: Scene, steps: NDArray[np.intp], loss: Floats) -> Axis:
    """Around the points of what is looked at; around all of them only where it has no finite one."""
    history, rows = scene.history, scene.evaluation.tally.rows
    dragged = dragged_total(scene)
    here = history[min(scene.step, len(history) - 1)].opened
    known = np.isfinite(loss) & (True if dragged is None else steps != scene.step)
    mine = known & np.array([history[i].opened == here for i in steps])
    shown = loss[mine].tolist()
    shown += [] if dragged is None else [total * loss_scale(scene.convention, rows) for total in dragged]
    if not shown:  # a change of two nats in a row of theirs is seen, not in one of many more here
        shown, rows = loss[known].tolist(), min((history[i].rows for i in steps[known].tolist()), default=0)
    if not shown:
        return no_loss_axis(scene.convention)
    return loss_axis(scene.convention, min(shown), max(shown), rows)


def _accuracy_axis(scene: Scene, steps: NDArray[np.intp], accuracy: Floats) -> Axis:
    """As rows only while all steps have as many rows; a share of all otherwise."""
    counts = {scene.history[i].rows for i in steps.tolist()}
    known = accuracy[np.isfinite(accuracy)]
    if len(counts) != 1 or not len(known):
        return accuracy_axis(0.0, 1.0, 1)
    count = counts.pop()
    return accuracy_axis(float(known.min()) * count, float(known.max()) * count, count)


def _lines(steps: NDArray[np.intp], loss: Floats, accuracy: Floats, dashed: bool = False) -> list[Mark]:
    """Accuracy as steps and cross-entropy as a line with a gap where it is not finite."""
    lines: list[Mark] = []
    width = 1.0 if dashed else 2.0
    if not np.isnan(accuracy).all():
        x, y = _stairs(steps, accuracy)
        lines.append(Line(x, y, Role.ACCURACY, Side.RIGHT, dashed=dashed, width=width))
        alone = _alone(accuracy)
        if alone.any():
            lines.append(
                Dots(steps[alone].astype(np.float64), accuracy[alone], Role.ACCURACY, Side.RIGHT, 6.0)
            )
    if np.isfinite(loss).any():
        seen, dots = np.where(np.isfinite(loss), loss, np.nan), len(steps) <= DOTTED and not dashed
        lines.append(Line(steps.astype(np.float64), seen, Role.LOSS, dots=dots, dashed=dashed, width=width))
    return lines


def _infinite(steps: NDArray[np.intp], loss: Floats, axis: Axis) -> list[Mark]:
    """A sign for each of the last runs of steps at ∞, under a line along the run: one a step would be a garland."""
    there = np.flatnonzero(loss == inf)
    runs = np.split(there, np.flatnonzero(np.diff(there) > 1) + 1) if len(there) else []
    top = axis.high - 0.02 * (axis.high - axis.low)
    marks: list[Mark] = []
    for run in runs[-RUNS:]:
        first, last = float(steps[run[0]]), float(steps[run[-1]])
        marks.append(Text((first + last) / 2, top, "∞", Role.LOSS, (0.5, 0.0)))
        if last > first:
            marks.append(Line(np.array([first, last]), np.array([top, top]), Role.LOSS))
    return marks


def _stairs(steps: NDArray[np.intp], values: Floats) -> tuple[Floats, Floats]:
    """A value holds from its step to the next, unless it is undefined there."""
    x, y = np.repeat(steps.astype(np.float64), 2)[1:], np.repeat(values, 2)[:-1]
    y[1::2][np.isnan(values[1:])] = np.nan
    return x, y


def _alone(values: Floats) -> NDArray[np.bool_]:
    """Which values have no line to either side: one number alone makes none."""
    known = ~np.isnan(values)
    alone: NDArray[np.bool_] = known & np.append(~known[1:], True) & np.append(True, ~known[:-1])
    return alone


def _changes(history: Sequence[Point], steps: NDArray[np.intp]) -> list[Mark]:
    """A dashed line where the convention changed or something else was opened, with its name where there is room;
    the last come first to it."""
    places = [
        i
        for i in range(max(1, int(steps[-LAST:][0])), len(history))
        if (history[i].convention, history[i].opened) != (history[i - 1].convention, history[i - 1].opened)
    ]
    names = {i: _turn(history[i - 1], history[i]) for i in places[-TURNS:][::-1]}
    return [Upright(float(i), name, close=True, short=shortened(name, BRIEF)) for i, name in names.items()]


def _turn(before: Point, after: Point) -> str:
    """What began at a dashed line."""
    return shortened(after.what, 20) if before.opened != after.opened else title(after.convention)


def title(convention: Convention) -> str:
    """A convention in a word or two: its preset's title, and the unit where it is not the usual one."""
    name = convention.title or "own convention"
    extra = [str(Base.BITS)] if convention.base is Base.BITS else []
    extra += [str(Reduction.SUM)] if convention.reduction is Reduction.SUM else []
    return ", ".join([name, *extra])


def _now(steps: NDArray[np.intp], loss: Floats, accuracy: Floats, now: int) -> list[Mark]:
    """The present step on both lines."""
    here = np.flatnonzero(steps == now)
    marks: list[Mark] = []
    for values, side, role in ((accuracy, Side.RIGHT, Role.ACCURACY), (loss, Side.LEFT, Role.LOSS)):
        if len(here) and isfinite(float(values[here[0]])):
            marks.append(Dots(np.array([float(now)]), values[here], role, side, 10.0))
    return marks


def _says(points: dict[int, Point], pick: Pick) -> str:
    point = points[pick.step]
    loss = "undefined" if isnan(point.loss) else number(point.loss)
    return f"edit {pick.step}, {point.what}: cross-entropy {loss}, accuracy {share(point.accuracy)}"


def _reading(scene: Scene, marks: list[Mark], *, beyond: bool) -> str:
    told = _told(scene)
    if marks:
        told += " Where a dashed line stands, the convention changed or something else was opened."
    if beyond:
        told += " Losses of others that are beyond the axis are left out."
    if scene.shown is not None:
        told += " All rows count here: a step keeps its two numbers, not its rows."
    return told


def _told(scene: Scene) -> str:
    step = min(scene.step, len(scene.history) - 1)
    now = scene.history[step]
    # What was opened stands at the beginning of a span of its own.
    begun = next((i for i in range(step, 0, -1) if scene.history[i - 1].opened != now.opened), 0)
    first = scene.history[begun]
    edits = counted(step - begun, "edit")
    if step == begun:
        when = f"With “{shortened(now.what, 30)}”" if begun else "At the start"
        return f"{when}: cross-entropy {in_words(now.loss)}, accuracy {share(now.accuracy)}."
    loss = f"cross-entropy went from {in_words(_loss(first, scene.convention))} to {in_words(now.loss)}"
    went = ""
    if _loss(first, scene.convention) == now.loss:
        loss, went = f"cross-entropy is where it began, {number(now.loss)},", "went "
    accuracy = f"accuracy {went}from {share(first.accuracy)} to {share(now.accuracy)}"
    if first.rows == now.rows > SMALL:  # one row of many is no tenth of a percent
        hits = [round(point.accuracy * point.rows) for point in (first, now)]
        accuracy = f"accuracy {went}from {hits[0]:,} to {hits[1]:,} of {now.rows:,} rows"
    if not isfinite(now.accuracy) and isfinite(first.accuracy):
        accuracy = f"accuracy, {share(first.accuracy)} at first, is undefined"
    if first.accuracy == now.accuracy:
        accuracy = f"accuracy is {share(now.accuracy)} as at the start"
    return f"Over {edits}, {loss} and {accuracy}."


HISTORY = Curve("history", "History", "click a point to return to it", _draw)
