"""The rows a picture is made of: labelled, and let through by the filter; few enough of them to be drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.curves.axes import nice_up, per_nat, ticks
from lossacc_gui.core.curves.curve import Drawn, Pick, nothing
from lossacc_gui.core.curves.on_the_way import dragged_losses
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.naming import called
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.weights import row_weights
from lossacc_gui.core.wording import are, brief, counted, number

HEAVY_ROWS = 5_000
"""Looking through more rows than this takes more than its part of a frame, with several views in sight."""

FINEST = 256
"""Points closer than so many parts of the picture's width or height are one point."""

Indices = NDArray[np.intp]


def listed(scene: Scene) -> Indices:
    """The labelled rows that are listed, ascending."""
    scene.reached(0.0)
    counted = scene.evaluation.stats.has(Flag.COUNTED)
    if scene.shown is None:
        return np.flatnonzero(counted)
    return scene.shown[counted[scene.shown]]


def no_rows(scene: Scene) -> Drawn:
    """What is said where ``listed`` is empty."""
    if scene.evaluation.tally.rows:
        return nothing("No row of the filter has a label: choose another filter, or show all rows.")
    return nothing("No row has a label yet: give one in the label column, or use File > Open labels.")


def told(scene: Scene, count: int, reading: str) -> str:
    """A reading of so many rows, with what they are where a filter hides others."""
    if scene.shown is None:
        return reading
    which = f" ({scene.among})" if scene.among else ""
    return f"{count:,} of {counted(scene.evaluation.tally.rows, 'row')} {are(count)} listed{which}: {reading}"


def narrowed(scene: Scene) -> tuple[Scene, str]:
    """The scene with the tally of the listed rows alone; or as it is, and why all rows count in it."""
    part = scene.evaluation.part
    if scene.shown is None:
        return scene, ""
    if part is None or len(part.rows) != len(scene.evaluation.stats):
        return scene, "All rows count here until the listed ones are added up."
    if scene.row >= 0 and not part.rows[scene.row]:
        return scene, f"All rows count here, because row {scene.row + 1} is not one of those listed."
    return replace(scene, evaluation=replace(scene.evaluation, tally=part.tally)), ""


def says(scene: Scene, row: int) -> str:
    """A row with its label and its prediction, in words."""
    names, stats = scene.predictions.class_names, scene.evaluation.stats
    label, prediction = int(scene.predictions.labels[row]), int(stats.prediction[row])
    right = bool(stats.flags[row] & Flag.HIT)
    shown = called(names, label).removeprefix("class ")
    other = "right" if right else f"predicted {called(names, prediction).removeprefix('class ')}"
    loss = float(stats.loss[row]) * per_nat(scene.convention)
    weights = row_weights(scene.predictions, scene.convention, np.array([row]))
    weight = "" if weights is None else f", weight {brief(float(weights[0]))}"
    return f"row {row + 1}: label {shown}, {other}, loss {number(loss)}{weight}"


def tell(scene: Scene, pick: Pick) -> str:
    """The words of a pick that stands for a row; its own say how many others are at the same place."""
    return says(scene, pick.row) + pick.says


def label_says(scene: Scene) -> str:
    """The current class as a label: "labelled cat", "labelled 7"."""
    return f"labelled {called(scene.predictions.class_names, scene.column, 16).removeprefix('class ')}"


def loss_ends(scene: Scene, rows: Indices, loss: Floats, then: Floats | None = None) -> tuple[float, float]:
    """The range of these rows' losses (in the shown unit): round, and the same all along a drag.

    ``then`` are losses of the baseline, which are drawn too.
    """
    unit = per_nat(scene.convention)
    shown = [log(scene.predictions.classes) * unit]
    dragged = dragged_losses(scene)
    finite = loss[np.isfinite(loss) if dragged is None else np.isfinite(loss) & (rows != scene.row)]
    shown += [float(finite.min()), float(finite.max())] if len(finite) else []
    shown += [] if dragged is None else [end * unit for end in dragged]
    known = np.empty(0) if then is None else then[np.isfinite(then)]
    shown += [float(known.min()), float(known.max())] if len(known) else []
    low = min(shown)
    return (-nice_up(-low) if low < 0 else 0.0), nice_up(max(1.02 * max(shown), 1e-3))


def loss_ticks(low: float, high: float, loss: Floats) -> tuple[tuple[float, str], ...]:
    """The numbers of an axis of these losses; infinite ones stand at its upper end, which then says so."""
    numbers = ticks(low, high)
    if not (loss == np.inf).any():
        return numbers
    # The last number gives way: it would touch the ∞.
    return (*(tick for tick in numbers if tick[0] < high - 0.1 * (high - low)), (high, "∞"))


@dataclass(frozen=True, eq=False, slots=True)
class Spread:
    """Points that stand for all: ``chosen`` (m,) indices, ``count`` (m,) how many each stands for."""

    chosen: Indices
    count: Indices


def spread(x: Floats, y: Floats, box: tuple[float, float, float, float], most: int) -> Spread:
    """At most about so many of the points (n,), one for each place of the picture that has any.

    ``box`` is left, right, bottom, top. No place with a point is left empty, so an outlier is never lost; the
    picture is divided less finely where places are too many. The last point at a place stands for it.
    """
    chosen, count = np.arange(len(x)), None
    if len(x) <= most // 4:
        return Spread(chosen, np.ones(len(x), np.intp))
    fine, all_x, all_y = FINEST, x, y
    while True:
        place = _place(x, box[0], box[1], fine) * fine + _place(y, box[2], box[3], fine)
        total = np.bincount(place, weights=count)
        last = np.full(len(total), -1, np.intp)
        last[place] = chosen
        taken = np.flatnonzero(total)
        chosen, count = last[taken], total[taken].astype(np.intp)
        if fine <= 8 or len(taken) <= most:
            return Spread(chosen, count)
        # From here on those that stand for others are looked at alone: there are few of them.
        x, y = all_x[chosen], all_y[chosen]
        fine = fine * 3 // 4


def _place(values: Floats, low: float, high: float, parts: int) -> Indices:
    scaled = (np.clip(values, low, high) - low) * (parts / max(high - low, 1e-300))
    return np.minimum(scaled.astype(np.intp), parts - 1)


def thinned(x: Floats, y: Floats, most: int) -> Indices:
    """Which points of a line (n,), x ascending, to draw: per stretch of x its ends, its lowest and highest."""
    if len(x) <= most:
        return np.arange(len(x))
    width = (x[-1] - x[0]) or 1.0
    stretch = np.minimum(((x - x[0]) * ((most // 4) / width)).astype(np.intp), most // 4 - 1)
    starts = np.flatnonzero(np.diff(stretch, prepend=-1))
    ends = np.append(starts[1:], len(x)) - 1
    order = np.lexsort((y, stretch))  # within a stretch from its lowest to its highest
    return distinct(np.concatenate([starts, ends, order[starts], order[ends]]))


def is_heavy(scene: Scene) -> bool:
    """Whether looking through the rows takes longer than a frame."""
    return scene.evaluation.tally.rows > HEAVY_ROWS


def mean(values: Floats) -> float:
    """The mean of numbers; NaN of none, and of both infinities."""
    with np.errstate(invalid="ignore"):
        return float(values.mean()) if len(values) else float("nan")
