"""Where predictions stand between cross-entropy and accuracy, and where they could stand at all."""

from __future__ import annotations

from functools import partial
from math import inf, isfinite, isnan, log

import numpy as np

from lossacc_gui.core.convention import Reduction
from lossacc_gui.core.curves.axes import FIFTHS, SMALL, loss_scale, loss_text, nice_up
from lossacc_gui.core.curves.curve import (
    Area,
    Axis,
    Bands,
    Curve,
    Dots,
    Drawn,
    Line,
    Mark,
    Pick,
    Role,
    Text,
    nothing,
)
from lossacc_gui.core.curves.on_the_way import dragged_total, scale
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.reach import Region, region
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.weights import is_weighted
from lossacc_gui.core.wording import counted, number, rows, share, signed

TRAIL = 50
"""So many of the last steps are drawn."""

DETAIL = 240
"""So many places along x outline a region of many rows."""

HEAVY_ROWS = 100_000
"""Rows that do not sum to 1 are sorted one by one; above this many that takes longer than a frame."""

HEAVY_CELLS = 1_000_000
"""So do more cells than this in rows with odd numbers."""

FAR = 2.0
"""The picture is made at most so many times wider to have the rows listed in it."""

NEAR = 0.015
"""Two dots that are no further apart than this part of the picture are seen as one."""

BEYOND = 0.02
"""An infinite loss is drawn inside of the edge by this part of the width, and has its dot there."""

Place = tuple[float, float]
"""Cross-entropy and accuracy."""


def _draw(scene: Scene) -> Drawn:
    tally = scene.evaluation.tally
    if not tally.rows:
        return nothing("No row has a label yet: give one in the label column, or use File > Open labels.")
    now = _now(scene)
    aside = "" if scene.baseline is None else scene.baseline.aside(scene.convention)
    trail = _trail(scene)
    baseline = _baseline(scene)
    listed, of_listed = _listed(scene)
    low, high = _range(scene, [place for _, place in trail], now, baseline, listed)
    reach = region(scene.evaluation)
    marks: list[Mark] = (
        [Text((low + high) / 2, 0.5, reach.says)] if reach.reason else _reachable(reach, low, high)
    )
    if baseline is not None:
        marks += _of_baseline(baseline, now, (low, high))
    if listed is not None:
        marks += _named(listed, (low, high), "rows listed", Role.PLAIN, (0.0, 0.0))
    picks = _trail_marks(trail, (low, high), marks)
    if isnan(now[0]):
        marks.append(Text((low + high) / 2, 0.5, "cross-entropy is undefined", Role.LOSS))
    else:
        marks.append(_dot(now, (low, high), Role.HERE, 12.0))
        if not isfinite(now[0]) and (baseline is None or not _is_near(baseline, now, (low, high))):
            side = 1.0 if now[0] > 0 else 0.0
            name = f"at {number(now[0])}"
            marks.append(Text(_within(now[0], (low, high)), now[1], name, Role.LOSS, (side, 0.5)))
    return Drawn(
        Axis(loss_text(scene.convention), low, high, Role.LOSS),
        Axis("accuracy", -0.06, 1.06, Role.ACCURACY, FIFTHS),
        marks=tuple(marks),
        picks=picks,
        tell=partial(_says, dict(trail)),
        aim=None if reach.reason or reach.own else partial(_aim, reach),
        hint=reach.says,
        reading=_reading(scene, reach, now) + of_listed + _since(now, baseline, aside),
    )


def _now(scene: Scene) -> Place:
    """The present point; NaN when cross-entropy is undefined."""
    loss = CROSS_ENTROPY.of(scene.evaluation.tally, scene.convention).value
    accuracy = ACCURACY.of(scene.evaluation.tally, scene.convention).value
    assert accuracy is not None  # some row has a label
    return (float("nan") if loss is None else loss), accuracy


def _trail(scene: Scene) -> list[tuple[int, Place]]:
    """The last steps with their points, back to where the shape or the convention last changed."""
    now = scene.history[min(scene.step, len(scene.history) - 1)] if scene.history else None
    opened = now.opened if now is not None else 0
    here = (scene.evaluation.tally.rows, scene.predictions.classes, scene.convention, opened)
    trail: list[tuple[int, Place]] = []
    for step in range(min(scene.step, len(scene.history) - 1), -1, -1):
        point = scene.history[step]
        if (point.rows, point.classes, point.convention, point.opened) != here or len(trail) == TRAIL:
            break
        trail.append((step, (point.loss, point.accuracy)))
    return trail[::-1]


def _baseline(scene: Scene) -> Place | None:
    if scene.baseline is None or scene.page:  # it is of all rows
        return None
    loss = scene.baseline.read(CROSS_ENTROPY, scene.convention).value
    accuracy = scene.baseline.read(ACCURACY, scene.convention).value
    return None if loss is None or accuracy is None else (loss, accuracy)


def _listed(scene: Scene) -> tuple[Place | None, str]:
    """Where the rows of a filter stand by themselves, and the sentence about them."""
    if scene.shown is None:
        return None, ""
    part = scene.evaluation.part
    which = f" ({scene.among})" if scene.among else ""
    start = f" The picture is of all rows; the {rows(len(scene.shown))} listed{which}"
    loss = None if part is None else CROSS_ENTROPY.of(part.tally, scene.convention).value
    accuracy = None if part is None else ACCURACY.of(part.tally, scene.convention).value
    if loss is None or accuracy is None:
        return None, f"{start} are not shown apart."
    return (loss, accuracy), f"{start} have cross-entropy {number(loss)} at accuracy {share(accuracy)}."


def _since(now: Place, baseline: Place | None, aside: str) -> str:
    """How far both numbers are from the baseline's; ``aside`` says by what rule those are, where that is another."""
    if baseline is None or not (isfinite(now[0]) and isfinite(baseline[0])):
        return ""
    loss, points = signed(now[0] - baseline[0]), signed(100 * (now[1] - baseline[1]), 2)
    return f" Since the baseline{aside}: cross-entropy {loss}, accuracy {points} points."


def _range(
    scene: Scene, trail: list[Place], now: Place, baseline: Place | None, listed: Place | None
) -> tuple[float, float]:
    """The range of x: round, and the same all along a drag. The rows listed are a few of many, and may lie beyond."""
    unit = scale(scene)
    dragged = dragged_total(scene)
    if dragged is not None:  # the present point moves: what counts is how far it can
        losses = [loss for loss, _ in trail[:-1]] + [total * unit for total in dragged]
    else:
        losses = [loss for loss, _ in trail] + [now[0]]
    losses += [baseline[0]] if baseline is not None else []
    losses = [loss for loss in losses if isfinite(loss)]
    guessing = log(scene.predictions.classes) * loss_scale(scene.convention, 1)
    if scene.convention.reduction is Reduction.SUM:
        guessing *= scene.evaluation.tally.rows
    high = nice_up(max(1.15 * guessing, 1.1 * max(losses, default=0.0)))
    if listed is not None and high < listed[0] <= FAR * high:
        high = nice_up(1.1 * listed[0])
    lowest = min(losses, default=0.0)
    low = -nice_up(-1.1 * lowest) if lowest < 0 else 0.0
    return low - 0.04 * (high - low), high


def _reachable(reach: Region, low: float, high: float) -> list[Mark]:
    """What can be reached, and the dashed line left of which nothing can."""
    total = reach.rows
    if total <= SMALL:
        k = np.arange(total + 1)
    else:
        k = distinct(np.append(np.linspace(0, total, 400).astype(np.int64), [total - 1, total]))
    lows, highs = reach.bounds(k)
    share_right = k / total
    marks: list[Mark] = []
    if total <= SMALL:
        seen = lows < high
        thickness = 7.0 if total <= 12 else 4.0
        ends = np.clip(highs[seen], low, high)
        marks.append(Bands(share_right[seen], np.maximum(lows[seen], low), ends, thickness))
    else:
        x = distinct(np.append(np.linspace(max(low, float(lows[-1])), high, DETAIL), [highs[-1]]))
        x = x[(x >= lows[-1]) & (x <= high)]
        # Both bounds fall as more rows are right: the fewest and the most that x allows.
        fewest = np.searchsorted(-lows, -x)
        most = np.searchsorted(-highs, -x, side="right") - 1
        if len(x):
            marks.append(Area(x, share_right[fewest], share_right[np.maximum(most, fewest)]))
    marks.append(Line(lows, share_right, Role.FAINT, dashed=True, width=1.0))
    start, edge = max(low, 0.0), float(np.interp(0.12, share_right, lows))
    if edge > start:  # across the dashed line it would be told of what is possible
        marks.append(Text((start + edge) / 2, 0.12, "impossible", Role.FAINT, close=True))
    return marks


def _trail_marks(trail: list[tuple[int, Place]], ends: Place, marks: list[Mark]) -> tuple[Pick, ...]:
    """Draw the trail over the marks so far; its points lead to their steps."""
    known = [(step, _within(loss, ends), loss, right) for step, (loss, right) in trail if not isnan(loss)]
    if len(known) > 1:
        x, y = np.array([place[1] for place in known]), np.array([place[3] for place in known])
        marks.append(Line(x, y, Role.PLAIN, dots=True, width=1.0))
    return tuple(Pick(x, right, step=step) for step, x, _, right in known)


def _says(trail: dict[int, Place], pick: Pick) -> str:
    """What is said of a point of the trail, or of a place to build at."""
    if pick.step < 0:
        return pick.says
    loss, right = trail[pick.step]
    return f"edit {pick.step}: cross-entropy {number(loss)}, accuracy {share(right)}"


def _dot(place: Place, ends: Place, role: Role, size: float) -> Dots:
    return Dots(np.array([_within(place[0], ends)]), np.array([place[1]]), role, size=size)


def _named(place: Place, ends: Place, name: str, role: Role, anchor: Place) -> list[Mark]:
    """A dot with a name; of what lies beyond an end, an arrow there with its number."""
    loss, right = place
    if ends[0] <= loss <= ends[1]:
        return [_dot(place, ends, role, 9.0), Text(loss, right, name, role, anchor)]
    edge, sign, side = (ends[1], "▸", 1.0) if loss > ends[1] else (ends[0], "◂", 0.0)
    told = f"{name} at {number(loss, 2)}"
    return [Text(edge, right, sign, role, (side, 0.5)), Text(edge, right, told, role, (side, 0.5))]


def _of_baseline(place: Place, now: Place, ends: Place) -> list[Mark]:
    """The baseline; where its dot would be hidden by that of now, its name says so."""
    if not _is_near(place, now, ends):
        return _named(place, ends, "baseline", Role.BASELINE, (1.0, 0.0))
    name = "baseline and now" if isfinite(now[0]) else f"baseline and now at {number(now[0])}"
    return [Text(_within(place[0], ends), place[1], name, Role.BASELINE, (1.0, 0.0))]


def _is_near(one: Place, other: Place, ends: Place) -> bool:
    """Whether the dot of one place hides that of the other."""
    across, up = abs(_within(one[0], ends) - _within(other[0], ends)), abs(one[1] - other[1])
    return across <= NEAR * (ends[1] - ends[0]) and up <= NEAR


def _within(loss: float, ends: Place) -> float:
    """Where a loss is drawn: an infinite one near the edge, yet not on it."""
    edge = BEYOND * (ends[1] - ends[0])
    return min(
        max(loss, ends[0] + edge if loss == -inf else ends[0]), ends[1] - edge if loss == inf else ends[1]
    )


def _reading(scene: Scene, reach: Region, now: Place) -> str:
    tally, unit = scene.evaluation.tally, scene.convention.base
    if isnan(now[0]):
        here = f"Cross-entropy is undefined, at accuracy {share(now[1])}"
    elif isfinite(now[0]):
        here = f"Cross-entropy {number(now[0])} {unit} at accuracy {share(now[1])}"
    else:
        here = f"Cross-entropy is {number(now[0])}, at accuracy {share(now[1])}"
    if reach.reason:
        return f"{here}; {reach.says}."
    low, high = (float(end[0]) for end in reach.bounds(np.array([tally.hits])))
    to = "" if high == inf else f" and at most {number(high)}"
    own = f" Bounds go by each row's own {reach.own}." if reach.own and not reach.slight else ""
    return f"{here}; with {tally.hits:,} of {rows(tally.rows)} right it is at least {number(low)}{to}.{own}"


def _aim(reach: Region, loss: float, accuracy: float) -> Pick | None:
    """What a click on a point means: build a matrix that sits there, if there is one."""
    hits = round(accuracy * reach.rows)
    if not 0 <= hits <= reach.rows:
        return None
    low, high = (float(end[0]) for end in reach.bounds(np.array([hits])))
    if not low <= loss <= high:
        return None
    what = f"cross-entropy {number(loss)} with {hits:,} of {counted(reach.rows, 'row')} right"
    says = f"{what}: double-click to build a matrix that has it; Undo brings this one back"
    return Pick(loss, hits / reach.rows, build=(loss, hits), says=says)


def _heavy(scene: Scene) -> bool:
    tally = scene.evaluation.tally
    looked_at = tally.outside * scene.predictions.classes  # each of those rows is looked through
    by_row = tally.sum_off or tally.outside or is_weighted(scene.predictions, scene.convention)
    return looked_at > HEAVY_CELLS or (tally.rows > HEAVY_ROWS and bool(by_row))


PLANE = Curve(
    "plane",
    "Loss–accuracy plane",
    "double-click a point to build a matrix there",
    _draw,
    _heavy,
)
