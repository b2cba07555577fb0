"""Two classes: accuracy steps as the threshold moves, and cross-entropy does not know that there is one."""

from __future__ import annotations

from math import isfinite

import numpy as np

from lossacc_gui.core.binary import Thresholds
from lossacc_gui.core.curves.axes import FIFTHS, accuracy_axis, loss_axis, loss_scale, no_loss_axis
from lossacc_gui.core.curves.before import before, compared, named
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
    Upright,
    key,
)
from lossacc_gui.core.curves.listed import is_heavy, label_says, thinned, told
from lossacc_gui.core.curves.on_the_way import dragged_total
from lossacc_gui.core.curves.two_classes import MOST, Two, old_counts, two_classes
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Scene, Sets
from lossacc_gui.core.wording import are, brief, in_words, rows, share

ACCURACIES = 24
"""Up to this many rows the axis of accuracy goes from 0 to 1."""


LANE = 110
"""So many places along the foot hold a mark."""


def _draw(scene: Scene) -> Drawn:
    two = two_classes(scene)
    if isinstance(two, Drawn):
        return two
    counts = two.counts
    x, right = _stairs(counts)
    then = before(scene)
    old = old_counts(then)
    scene.reached(0.8)
    loss = CROSS_ENTROPY.of(scene.evaluation.tally, scene.convention).value
    left = no_loss_axis(scene.convention)
    marks: list[Mark] = [] if old is None else _then(old)
    marks.append(Line(x, right / counts.rows, Role.ACCURACY, Side.RIGHT, reads="accuracy"))
    if loss is not None and isfinite(loss):
        scale = loss_scale(scene.convention, scene.evaluation.tally.rows)
        ends = [total * scale for total in dragged_total(scene) or ()] or [loss]
        left = loss_axis(scene.convention, min(ends), max(ends), scene.evaluation.tally.rows)
        marks.append(Line(np.array([0.0, 1.0]), np.array([loss, loss]), Role.LOSS, reads="cross-entropy"))
    marks += _of_class(scene, two, left)
    mine = two.score_of(scene.row)
    if mine is not None:
        marks.append(Upright(mine, f"row {scene.row + 1}", Role.NOW, at_top=False))
    best, low, high = _best(two)
    if counts.rows > 1:
        marks.append(
            Upright((low + high) / 2, f"best {share(best / counts.rows)}", Role.ACCURACY, at_top=False)
        )
    at = min(max(scene.threshold, 0.0), 1.0)
    return Drawn(
        Axis(
            f"threshold: {two.name} is predicted above it",
            -0.01,
            1.01,
            ticks=FIFTHS,
        ),
        left,
        _axis(right, counts.rows),
        tuple(marks),
        Handle(at, 0.0, 1.0, "threshold", Sets.THRESHOLD),
        reading=compared(
            told(scene, len(two.rows), _reading(scene, two, best, low, high)), then, _said(scene, old)
        ),
    )


def _of_class(scene: Scene, two: Two, left: Axis) -> list[Mark]:
    """Along the foot, wherever rows are whose label is the current class."""
    mine = two.score[scene.predictions.labels[two.rows] == scene.column]
    if scene.column < 0 or not len(mine):
        return []
    place = distinct(np.minimum((mine * LANE).astype(np.intp), LANE - 1))
    x, foot = (place + 0.5) / LANE, left.low + 0.03 * (left.high - left.low)
    dots = Dots(x, np.full(len(x), foot), Role.NOW, size=4.0, ring=False)
    return [dots, key(f"• {label_says(scene)}", Role.NOW)]


def _axis(right: Floats, count: int) -> Axis:
    """An accuracy axis that shows all the steps."""
    return accuracy_axis(0.0, 1.0, 1) if count <= ACCURACIES else _share_axis(float(right.min()) / count)


def _share_axis(least: float) -> Axis:
    low = max(0.0, np.floor(least * 10 - 0.5) / 10)
    step = 0.2 if low < 0.6 else 0.1
    ticks = tuple((k * step, f"{k * step:.1f}") for k in range(round(1 / step) + 1) if k * step >= low - 1e-9)
    return Axis("accuracy", low - 0.03, 1.03, Role.ACCURACY, ticks)


def _then(old: Thresholds) -> list[Mark]:
    """The baseline's accuracy, in grey."""
    x, right = _stairs(old)
    return [Line(x, right / old.rows, Role.BASELINE, Side.RIGHT, dashed=True), named("┄")]


def _said(scene: Scene, old: Thresholds | None) -> str:
    if old is None:
        return ""
    was = int(old.right[old.place(scene.threshold)])
    return f"At the baseline (grey) it was {was:,} of {old.rows:,}."


def _stairs(counts: Thresholds) -> tuple[Floats, Floats]:
    """Rows right along the threshold from 0 to 1, as stairs."""
    at, right = counts.at, counts.right.astype(np.float64)
    edges = np.clip(np.append(at[1:], 1.0), 0.0, 1.0)
    starts = np.append(0.0, edges[:-1])
    x, y = np.column_stack([starts, edges]).ravel(), np.repeat(right, 2)
    kept = thinned(x, y, MOST)
    return x[kept], y[kept]


def _best(two: Two) -> tuple[int, float, float]:
    """The most rows right at any threshold, and from where to where the first stretch of it goes."""
    right = two.counts.right
    first = int(right.argmax())
    ends = np.append(np.clip(two.counts.at, 0.0, 1.0), 1.0)
    return int(right[first]), float(ends[first]), float(ends[first + 1])


def _reading(scene: Scene, two: Two, best: int, low: float, high: float) -> str:
    counts = two.counts
    now = int(counts.right[counts.place(scene.threshold)])
    loss = CROSS_ENTROPY.of(scene.evaluation.tally, scene.convention).value
    flat = f"cross-entropy is {in_words(loss)} wherever it stands"
    here = f"At threshold {brief(scene.threshold)}, {now:,} of {rows(counts.rows)} {are(now)} right"
    if best == now:
        return f"{here}, the most there can be; {flat}."
    start, end = brief(low), brief(high)
    where = f"at {start}" if start == end else f"from {start} to {end}"
    return f"{here}; {where} it would be {best:,}; {flat}."


THRESHOLD = Curve(
    "threshold", "Threshold", "drag the line: a look, no edit", _draw, is_heavy, follows_focus=True
)
