"""Precision and recall at every threshold: of what is called positive, how much is; and how much is found."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.binary import Thresholds
from lossacc_gui.core.curves.axes import FIFTHS
from lossacc_gui.core.curves.before import before, compared, named
from lossacc_gui.core.curves.curve import Axis, Curve, Dots, Drawn, Level, Line, Mark, Role, Text
from lossacc_gui.core.curves.listed import thinned, told
from lossacc_gui.core.curves.two_classes import (
    MOST,
    NOT_KEPT,
    Two,
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
    if old is not None and not old.positive:
        old = None
    base = counts.positive / counts.rows
    marks: list[Mark] = [
        Level(base, f"always {two.name}: {share(base)}", Role.FAINT),
    ]
    if old is not None:
        x, y = _points(old)
        marks += [
            Line(x, y, Role.BASELINE, dashed=True),
            named("┄"),
        ]
    marks.append(curve_line(_points(counts)))
    marks += _point(two, two.score_of(scene.row), Role.NOW, f" row {scene.row + 1} ")
    marks += _point(two, scene.threshold, Role.PLAIN, f" threshold {brief(scene.threshold)} ")
    return Drawn(
        Axis("recall", -0.02, 1.02, ticks=FIFTHS),
        Axis("precision", -0.03, 1.03, ticks=FIFTHS),
        marks=tuple(marks),
        hint=f"{two.name} against the rest",
        reading=compared(
            told(scene, len(two.rows), _reading(scene, two)),
            then,
            NOT_KEPT
            if old is None
            else f"At the baseline average precision was {number(old.average_precision)}.",
        ),
    )


def _points(counts: Thresholds) -> tuple[Floats, Floats]:
    """Recall and precision at every threshold, few enough of them to be drawn."""
    hits, alarms = counts.hits[-2::-1], counts.alarms[-2::-1]  # without the one that calls nothing positive
    x, y = hits / counts.positive, hits / (hits + alarms)
    kept = thinned(x, y, MOST)
    return x[kept], y[kept]


def _point(two: Two, at: float | None, role: Role, name: str) -> list[Mark]:
    """Where a threshold stands on the curve; nowhere when it calls nothing positive."""
    counts = two.counts
    if at is None:
        return []
    i = counts.place(at)
    called = int(counts.hits[i] + counts.alarms[i])
    if not called:
        return []
    x, y = counts.hits[i] / counts.positive, counts.hits[i] / called
    return [
        Dots(np.array([x]), np.array([y]), role, size=9.0),
        Text(float(x), float(y), name, role, (1.0, 0.0)),
    ]


def _reading(scene: Scene, two: Two) -> str:
    counts, name = two.counts, two.name
    i = counts.place(scene.threshold)
    called = int(counts.hits[i] + counts.alarms[i])
    start = f"Average precision {number(counts.average_precision)}"
    if not called:
        return f"{start}. At threshold {brief(scene.threshold)} no row is called {name}."
    return (
        f"{start}. At threshold {brief(scene.threshold)}, {share(counts.hits[i] / called)} of the rows called {name} "
        f"are {name}, and {share(counts.hits[i] / counts.positive)} of {name} is found."
    )


PRECISION_RECALL = Curve("precision", "Precision and recall", "", _draw, is_heavy, follows_focus=True)
