"""ROC: of the rows of one class and of the others, what share is called that class, at every threshold."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.binary import Thresholds
from lossacc_gui.core.curves.axes import FIFTHS
from lossacc_gui.core.curves.before import before, compared, named
from lossacc_gui.core.curves.curve import Axis, Curve, Dots, Drawn, Line, Mark, Role, Text
from lossacc_gui.core.curves.listed import thinned, told
from lossacc_gui.core.curves.two_classes import (
    MOST,
    NOT_KEPT,
    against_rest,
    curve_line,
    is_heavy,
    needs_both,
    old_counts,
)
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import brief, number, share


def _draw(scene: Scene) -> Drawn:
    two = against_rest(scene)
    if isinstance(two, Drawn):
        return two
    if (empty := needs_both(two)) is not None:
        return empty
    counts = two.counts
    then = before(scene)
    old = old_counts(then)
    if old is not None and not (old.positive and old.negative):
        old = None
    marks: list[Mark] = [
        Line(np.array([0.0, 1.0]), np.array([0.0, 1.0]), Role.FAINT, dashed=True, width=1.0),
    ]
    if old is not None:
        x, y = _points(old)
        marks += [
            Line(x, y, Role.BASELINE, dashed=True),
            named("┄"),
        ]
    marks.append(curve_line(_points(counts)))
    mine = two.score_of(scene.row)
    for at, role, name in (
        (mine, Role.NOW, f" row {scene.row + 1} "),
        (scene.threshold, Role.PLAIN, f" threshold {brief(scene.threshold)} "),
    ):
        if at is not None:
            i = counts.place(at)
            fall, rise = counts.alarms[i] / counts.negative, counts.hits[i] / counts.positive
            marks.append(Dots(np.array([fall]), np.array([rise]), role, size=9.0))
            marks.append(Text(float(fall), float(rise), name, role, (0.0, 0.0)))
    i, name = counts.place(scene.threshold), two.name
    reading = (
        f"Area under the curve {number(counts.area)}: so often does a row of {name} score above one of another class. "
        f"Threshold {brief(scene.threshold)} finds {share(counts.hits[i] / counts.positive)} of them, and takes "
        f"{share(counts.alarms[i] / counts.negative)} of the others for {name}."
    )
    return Drawn(
        Axis("false positive rate", -0.02, 1.02, ticks=FIFTHS),
        Axis("true positive rate (recall)", -0.03, 1.03, ticks=FIFTHS),
        marks=tuple(marks),
        hint=f"{name} against the rest",
        reading=compared(
            told(scene, len(two.rows), reading),
            then,
            NOT_KEPT if old is None else f"At the baseline the area was {number(old.area)}.",
        ),
    )


def _points(counts: Thresholds) -> tuple[Floats, Floats]:
    """Both rates at every threshold, few enough of them to be drawn."""
    x, y = counts.alarms[::-1] / counts.negative, counts.hits[::-1] / counts.positive
    kept = thinned(x + y, y, MOST)  # along the curve, which may rise straight up
    return x[kept], y[kept]


ROC = Curve("roc", "ROC", "", _draw, is_heavy, follows_focus=True)
