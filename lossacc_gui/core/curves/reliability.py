"""Is a confidence of 0.9 right nine times in ten? Confidence against accuracy, with how many rows say so."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.between import Between
from lossacc_gui.core.curves.axes import FIFTHS, nice_up, whole_ticks
from lossacc_gui.core.curves.before import Before, before, compared, named
from lossacc_gui.core.curves.curve import (
    Axis,
    Bars,
    Curve,
    Drawn,
    Line,
    Mark,
    Pick,
    Role,
    Side,
    Upright,
    key,
    nothing,
)
from lossacc_gui.core.curves.listed import Indices, is_heavy, label_says, listed, no_rows, told
from lossacc_gui.core.exact import Sums, exact_ratio
from lossacc_gui.core.metrics.calibration import expected_error
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import are, brief, counted, number, rows, share

SMOOTH_ROWS = 100
"""From this many rows on a curve without bins is drawn as well."""

PLACES = 120
"""So many places along x the smooth curve is computed at."""

FINE = 500
"""Rows are first heaped into so many narrow bins, which the smooth curve cannot tell from single rows."""

BANDWIDTH = 0.04
"""How wide, in confidence, the smooth curve looks to both sides."""

NEAR = 5
"""The smooth curve is drawn where it looks at so many rows at least: of one or two it would be their luck."""

CHANCE = 2.0
"""Up to so many standard errors between confidence and accuracy are what chance does."""

PART = 0.28
"""The share of the height that the tallest bar of counts takes."""


@dataclass(frozen=True, eq=False, slots=True)
class Bins:
    """Bins of equal width (b,), the last with its upper end: rows, rows right, and their mean confidence."""

    edges: Floats
    rows: Indices
    hits: Indices
    confidence: Floats
    error: float
    """The expected calibration error, as the metric has it; NaN without a row."""

    @property
    def accuracy(self) -> Floats:
        """The share right in each bin; NaN where it is empty."""
        with np.errstate(invalid="ignore"):
            found: Floats = self.hits / self.rows
        return found


def binned(confidence: Floats, right: NDArray[np.bool_], bins: int) -> Bins:
    """Rows with these confidences (n,), all within 0 and 1, in so many bins."""
    edges = np.arange(bins + 1) / bins
    its = np.minimum(np.searchsorted(edges, confidence, side="right") - 1, bins - 1)
    count = np.bincount(its, minlength=bins)
    hits = np.bincount(its[right], minlength=bins)
    sums = Sums.of(confidence, its)
    total = np.array([exact_ratio(sums.get(at, 0)) for at in range(bins)])
    error = expected_error(count.tolist(), hits.tolist(), sums) if len(confidence) else nan
    with np.errstate(invalid="ignore"):
        return Bins(edges, count, hits, total / count, error)


def smooth(confidence: Floats, right: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Accuracy along confidence without bins: a mean of the rows nearby, weighted by a bell curve.

    Drawn only where rows are: within a bandwidth of the place there are at least a few.
    """
    its = np.minimum((confidence * FINE).astype(np.intp), FINE - 1)
    count, hits = np.bincount(its, minlength=FINE), np.bincount(its[right], minlength=FINE)
    middle = (np.arange(FINE) + 0.5) / FINE
    x = np.linspace(float(confidence.min()), float(confidence.max()), PLACES)
    weight = np.exp(-(((x[:, np.newaxis] - middle) / BANDWIDTH) ** 2) / 2)
    near = (np.abs(x[:, np.newaxis] - middle) < BANDWIDTH) @ count
    with np.errstate(invalid="ignore"):
        y = np.where(near >= NEAR, (weight @ hits) / (weight @ count), np.nan)
    return x, y


def _draw(scene: Scene) -> Drawn:
    chosen = listed(scene)
    if not len(chosen):
        return no_rows(scene)
    stats = scene.evaluation.stats
    confidence = stats.confidence[chosen]
    known = (confidence >= 0) & (confidence <= 1)
    outside = len(chosen) - int(known.sum())
    chosen, confidence = chosen[known], confidence[known]
    if not len(chosen):
        return nothing("No row has a confidence between 0 and 1: choose how the rows are to be read.")
    scene.reached(0.3)
    right = (stats.flags[chosen] & np.uint8(Flag.HIT)) != 0
    bins = binned(confidence, right, scene.convention.bins)
    filled = np.flatnonzero(bins.rows)
    middle = (bins.edges[:-1] + bins.edges[1:]) / 2
    top = nice_up(float(bins.rows.max()) / PART)
    counts, ends = bins.rows[filled].astype(np.float64), np.array([0.0, 1.0])
    marks: list[Mark] = [
        Bars(middle[filled], counts, 0.94 / len(middle), Role.REACHABLE, side=Side.RIGHT),
        Line(ends, ends, Role.FAINT, dashed=True, width=1.0),
        *_of_class(scene, chosen, confidence, bins),
        _gaps(bins, filled),
    ]
    if scene.switched:
        marks += _smooth_line(confidence, right)
    then = before(scene)
    marks += _then(then, scene.convention.bins)
    marks.append(Line(bins.confidence[filled], bins.accuracy[filled], Role.ACCURACY, dots=True))
    mine = np.flatnonzero(chosen == scene.row)
    if len(mine):
        marks.append(Upright(float(confidence[mine[0]]), f"row {scene.row + 1}", Role.NOW))
    return Drawn(
        Axis("confidence", -0.02, 1.02, ticks=FIFTHS),
        Axis("accuracy", 0.0, 1.04, Role.ACCURACY, FIFTHS),
        Axis("rows", 0.0, 1.04 * top, ticks=whole_ticks(PART * top * 1.05, 3)),
        tuple(marks),
        picks=tuple(_pick(bins, i, float(middle[i])) for i in filled.tolist()),
        nearest_x=True,
        reading=compared(
            told(scene, len(chosen), _reading(bins, outside)), then, _said(then, scene.convention.bins)
        ),
    )


def _smooth_line(confidence: Floats, right: NDArray[np.bool_]) -> list[Mark]:
    """Accuracy along confidence without bins, where there are rows enough for it."""
    if len(confidence) < SMOOTH_ROWS or float(confidence.min()) == float(confidence.max()):
        return []
    x, y = smooth(confidence, right)
    return [Line(x, y, Role.PLAIN, width=1.0, reads="accuracy nearby")] if np.isfinite(y).any() else []


def _of_class(scene: Scene, chosen: Indices, confidence: Floats, bins: Bins) -> list[Mark]:
    """The part of each bar of counts whose label is the current class."""
    mine = scene.predictions.labels[chosen] == scene.column
    if scene.column < 0 or not mine.any():
        return []
    its = binned(confidence[mine], np.zeros(int(mine.sum()), bool), len(bins.rows)).rows
    filled, middle = np.flatnonzero(its), (bins.edges[:-1] + bins.edges[1:]) / 2
    heights = its[filled].astype(np.float64)
    bars = Bars(middle[filled], heights, 0.3 / len(middle), Role.NOW, side=Side.RIGHT)
    return [bars, key(f"▮ {label_says(scene)}", Role.NOW)]


def _old_bins(then: Before | None, bins: int) -> Bins | None:
    """The baseline's rows in bins, where their confidence was kept."""
    if then is None or then.reason:
        return None
    known = (then.confidence >= 0) & (then.confidence <= 1)
    return binned(then.confidence[known], then.right[known], bins) if known.any() else None


def _then(then: Before | None, bins: int) -> list[Mark]:
    """The baseline's line."""
    old = _old_bins(then, bins)
    if old is None:
        return []
    filled = np.flatnonzero(old.rows)
    x, y = old.confidence[filled], old.accuracy[filled]
    return [Line(x, y, Role.BASELINE, dashed=True), named("┄")]


def _said(then: Before | None, bins: int) -> str:
    old = _old_bins(then, bins)
    return "" if old is None else f"At the baseline ECE was {number(old.error)}."


def _gaps(bins: Bins, filled: Indices) -> Line:
    """An upright piece from what each bin claims to what it holds."""
    x = np.repeat(bins.confidence[filled], 3)
    y = np.column_stack(
        [bins.confidence[filled], bins.accuracy[filled], np.full(len(filled), np.nan)]
    ).ravel()
    return Line(x, y, Role.PLAIN, width=1.0)


def _pick(bins: Bins, i: int, x: float) -> Pick:
    low, high = float(bins.edges[i]), float(bins.edges[i + 1])
    last = i == len(bins.rows) - 1
    what = f"confidence {brief(low)} to {brief(high)}: {rows(int(bins.rows[i]))}"
    mean, right = brief(float(bins.confidence[i])), share(float(bins.accuracy[i]))
    return Pick(
        x,
        float(bins.accuracy[i]),
        says=f"{what}, mean {mean}, {right} right; click to list them",
        filter=Between("confidence", low, high, high_open=not last),
    )


def _reading(bins: Bins, outside: int) -> str:
    total = int(bins.rows.sum())
    mean = float(np.nansum(bins.confidence * bins.rows) / total)
    accuracy = float(bins.hits.sum() / total)
    side = "the rows are overconfident" if mean > accuracy else "the rows are underconfident"
    if abs(mean - accuracy) < max(5e-4, CHANCE * _error(bins)):
        side = f"as far as {rows(total)} can tell, as confident as right"
    said = "ECE"
    if outside:  # as the tile says
        has, them = are(outside, "has", "have"), "it" if outside == 1 else "them"
        said = f"ECE undefined: {rows(outside)} {has} a confidence outside 0..1; without {them} it is"
    means = f"mean confidence {share(mean)} at accuracy {share(accuracy)}"
    return f"{said} {number(bins.error)} in {counted(len(bins.rows), 'bin')}: {means}, {side}."


def _error(bins: Bins) -> float:
    """The standard error of accuracy if each row were right as often as it is confident."""
    spread = np.nansum(bins.rows * bins.confidence * (1 - bins.confidence))
    return float(np.sqrt(max(spread, 0.0)) / bins.rows.sum())


RELIABILITY = Curve(
    "reliability",
    "Reliability",
    "click a bin to list its rows",
    _draw,
    is_heavy,
    follows_focus=True,
    switch="smooth line",
)
