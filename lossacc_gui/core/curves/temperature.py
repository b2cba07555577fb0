"""Cross-entropy against temperature while accuracy stands still: what over- and underconfidence cost."""

from __future__ import annotations

from math import inf, isfinite, isnan, log10

import numpy as np

from lossacc_gui.core.curves.axes import accuracy_axis, loss_axis, loss_scale, no_loss_axis
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
from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Scene, Sets
from lossacc_gui.core.temperature import Temperature, best_temperature, loss_at
from lossacc_gui.core.wording import number, share

WIDEST = (0.01, 100.0)
"""Temperatures beyond these are not drawn."""

FEW_CELLS = 4_000
"""More cells than this take longer than a frame at all the temperatures."""

MANY_CELLS = 4_000_000
"""From this many cells on fewer temperatures are computed."""

TALL = 2.5
"""The picture is so many times taller than the loss at T = 1 or at the best T; the line may leave it."""


def _draw(scene: Scene) -> Drawn:
    tally = scene.evaluation.tally
    if not tally.rows:
        return nothing("No row has a label yet: give one in the label column, or use File > Open labels.")
    convention = scene.convention
    floor = convention.eps(scene.predictions.probs.dtype) if convention.clips else 0.0
    best = best_temperature(scene.evaluation, floor, scene.stop)
    low, high = _range(best)
    places = _places(scene, low, high, best)
    loss = _losses(scene, places, floor)
    accuracy = ACCURACY.of(tally, convention).value
    assert accuracy is not None
    seen = np.isfinite(loss)
    left = _loss_axis(scene, places, loss)
    marks: list[Mark] = [
        Line(np.array([low, high]), np.array([accuracy] * 2), Role.ACCURACY, Side.RIGHT, reads="accuracy")
    ]
    if seen.any():
        marks.append(Line(places, np.where(seen, loss, np.nan), Role.LOSS, reads="cross-entropy"))
    else:
        marks.append(
            Text(
                (low + high) / 2,
                (left.low + left.high) / 2,
                f"no finite cross-entropy: {best.reason}",
                Role.LOSS,
            )
        )
    marks += _best_marks(best, places, loss)
    now = convention.temperature
    return Drawn(
        Axis("temperature T (z / T)", low, high, ticks=_ticks(low, high), log=True),
        left,
        accuracy_axis(tally.hits, tally.hits, tally.rows),
        tuple(marks),
        Handle(min(max(log10(now), low), high), low, high, "T =", Sets.TEMPERATURE, log=True),
        reading=_reading(scene, best, places, loss, accuracy),
    )


def _range(best: Temperature) -> tuple[float, float]:
    """From where to where T goes, as decimal logarithms; what is now does not move it."""
    low, high = -1.0, 1.0
    if 0 < best.best < inf:
        low, high = min(low, log10(best.best) - 0.5), max(high, log10(best.best) + 0.5)
    return max(low, log10(WIDEST[0])), min(high, log10(WIDEST[1]))


def _places(scene: Scene, low: float, high: float, best: Temperature) -> Floats:
    """Where the loss is computed: evenly, at T = 1, now, and at the best."""
    cells = scene.predictions.probs[0].size
    count = 49 if cells <= MANY_CELLS else 17
    special = [0.0, log10(scene.convention.temperature)]
    special += [log10(best.best)] if 0 < best.best < inf else []
    inside = [x for x in special if low <= x <= high]
    places: Floats = np.unique(np.concatenate([np.linspace(low, high, count), inside]))
    return places


def _losses(scene: Scene, places: Floats, floor: float) -> Floats:
    """Cross-entropy at these temperatures (m,), given as decimal logarithms, in the shown unit; NaN where undefined."""
    unit = loss_scale(scene.convention, scene.evaluation.tally.rows) * scene.evaluation.tally.rows
    return loss_at(scene.evaluation, 10.0**places, floor, scene.stop) * unit


def _loss_axis(scene: Scene, places: Floats, loss: Floats) -> Axis:
    shown = loss[np.isfinite(loss)]
    if not len(shown):
        return no_loss_axis(scene.convention)
    least, one = float(shown.min()), float(np.interp(0.0, places, loss))
    top = TALL * max(abs(least), abs(one) if isfinite(one) else 0.0)
    return loss_axis(
        scene.convention, least, min(float(shown.max()), max(top, least)), scene.evaluation.tally.rows
    )


def _best_marks(best: Temperature, places: Floats, loss: Floats) -> list[Mark]:
    if not 0 < best.best < inf:
        return []
    x = log10(best.best)
    at = int(np.abs(places - x).argmin())
    marks: list[Mark] = [Upright(x, f"best T = {number(best.best, 2)}", Role.LOSS, at_top=False)]
    if isfinite(float(loss[at])):
        marks.append(Dots(places[at : at + 1], loss[at : at + 1], Role.LOSS, size=9.0))
    return marks


def _ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    """1, 2 and 5 times each power of ten."""
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    values = [k * 10.0**power for power in powers for k in (1, 2, 5)]
    return tuple((log10(v), f"{v:g}") for v in values if low - 1e-9 <= log10(v) <= high + 1e-9)


def _reading(scene: Scene, best: Temperature, places: Floats, loss: Floats, accuracy: float) -> str:
    stays = f"accuracy is {share(accuracy)} at every T"
    if scene.convention.smoothing or scene.convention.weights:
        stays += "; label smoothing and class weights are left out here"
    if isnan(best.best):
        return f"No temperature is best: {best.reason}; {stays}."
    if best.best == 0:
        return f"T towards 0 is best: {best.reason}; {stays}."
    if best.best == inf:
        return f"T towards ∞ is best: {best.reason}; {stays}."
    now, least = (float(np.interp(log10(T), places, loss)) for T in (scene.convention.temperature, best.best))
    part = max(0.0, 1 - least / now) if isfinite(now) and now > 0 else float("nan")
    if part < 5e-7:
        return f"T = {number(best.best, 2)} is best already; {stays}."
    gain = "" if isnan(part) else f"{share(part)} of your loss can go without changing one prediction: "
    side = "over" if best.best > scene.convention.temperature else "under"
    return f"{gain}T = {number(best.best, 2)} makes it {number(least)}, for the rows are {side}confident; {stays}."


def _heavy(scene: Scene) -> bool:
    return int(scene.predictions.probs[0].size) > FEW_CELLS


TEMPERATURE = Curve("temperature", "Temperature", "drag T", _draw, _heavy)
