"""Cross-entropy against temperature while accuracy stands still: what over- and underconfidence cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil, floor, inf, isfinite, isnan, log10

import numpy as np

from lossacc_gui.core.convention import Divisor, Reduction
from lossacc_gui.core.curves.axes import accuracy_axis, loss_axis, no_loss_axis
from lossacc_gui.core.curves.before import Before, before, compared, named
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
)
from lossacc_gui.core.curves.listed import Indices, listed, no_rows, told
from lossacc_gui.core.curves.smoothed import smoothed
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.heated import Heated
from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.metrics.weighting import is_weighted, loss_divisor
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Scene, Sets
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.temperature import Temperature, look, losses
from lossacc_gui.core.wording import number, share

WIDEST = (0.01, 100.0)
"""Temperatures beyond these are not drawn."""

FEW_CELLS = 4_000
"""More cells than this take longer than a frame at all the temperatures."""

MANY_CELLS = 4_000_000
"""From this many cells on fewer temperatures are computed."""

STEPS, FEW_STEPS = 8, 3
"""In so many steps temperatures double."""

SMOOTH = 50
"""Where fewer temperatures are computed, the line between them is drawn at so many places: it has no kinks."""

TALL = 2.5
"""The picture is so many times taller than the loss at T = 1 or at the best T; the line may leave it."""


def _draw(scene: Scene) -> Drawn:
    chosen = listed(scene)
    if not len(chosen):
        return no_rows(scene)
    tally = scene.evaluation.tally if scene.shown is None else scene.evaluation.tally_of(chosen)
    best, places, loss = _looked(scene, None if scene.shown is None else chosen, tally)
    low, high = _range(best)
    accuracy = ACCURACY.of(tally, scene.convention).value
    assert accuracy is not None
    seen = np.isfinite(loss)
    left = _loss_axis(scene, places, loss, tally.rows)
    then = before(scene)
    old, said = _then(scene, then, low, high)
    marks: list[Mark] = [
        *old,
        Line(np.array([low, high]), np.array([accuracy] * 2), Role.ACCURACY, Side.RIGHT, reads="accuracy"),
    ]
    if seen.any():
        x, y = smoothed(places, loss, SMOOTH) if seen.all() else (places, np.where(seen, loss, np.nan))
        marks.append(Line(x, y, Role.LOSS, reads="cross-entropy"))
    else:
        why = f"no finite cross-entropy: {best.reason}"
        marks.append(Text((low + high) / 2, left.low + 0.74 * (left.high - left.low), why, Role.LOSS))
    marks += _best_marks(best, places, loss)
    now = scene.convention.temperature
    return Drawn(
        Axis("temperature T (z / T)", low, high, ticks=_ticks(low, high), log=True),
        left,
        accuracy_axis(tally.hits, tally.hits, tally.rows),
        tuple(marks),
        Handle(min(max(log10(now), low), high), low, high, "T =", Sets.TEMPERATURE, log=True),
        reading=compared(told(scene, len(chosen), _reading(scene, best, places, loss, accuracy)), then, said),
    )


def _then(scene: Scene, then: Before | None, low: float, high: float) -> tuple[list[Mark], str]:
    """The baseline's line, in grey, and what is said of it."""
    pinned = scene.baseline.rows if scene.baseline is not None else None
    if then is None or then.reason or pinned is None:
        return [], ""
    weighted = scene.predictions.weights is not None
    lost = weighted != (pinned.weights is not None) or pinned.names != scene.predictions.class_names
    evaluation = None if lost else pinned.evaluated(scene.convention)
    if evaluation is None:
        why = "rows' weights or classes are others" if lost else "cells are too many to be kept"
        return [], f"The baseline is not drawn: its {why}."
    tally = evaluation.tally_of(then.at)
    heated = Heated(evaluation, _floor(scene), then.at)
    places = np.linspace(low, high, 33)
    loss = losses(heated, 10.0**places) * _unit(scene, tally)
    if not np.isfinite(loss).all():
        return [], "At the baseline it was not finite."
    now = log10(scene.convention.temperature)
    marks: list[Mark] = [
        Line(places, loss, Role.BASELINE, dashed=True),
        named("┄"),
    ]
    return marks, f"At the baseline this T made it {number(float(np.interp(now, places, loss)))}."


def _floor(scene: Scene) -> float:
    """What probabilities are at least."""
    convention = scene.convention
    return convention.eps(scene.predictions.probs.dtype) if convention.clips else 0.0


class _Passes:
    """Makes one progress of passes over the rows, of which nobody knows how many there will be."""

    def __init__(self, reached: Callable[[float], None]) -> None:
        self._reached, self._passes = reached, -1

    def __call__(self, share: float) -> None:
        self._passes += share == 0
        self._reached(1 - 0.25**self._passes * (1 - 0.75 * share))


def _looked(scene: Scene, rows: Indices | None, tally: Tally) -> tuple[Temperature, Floats, Floats]:
    """The best temperature, and places (m,) as decimal logarithms with their cross-entropy as it is shown."""
    convention = scene.convention
    heated = Heated(scene.evaluation, _floor(scene), rows, _Passes(scene.reached))
    few = scene.predictions.probs[0].size > MANY_CELLS
    now = min(max(convention.temperature, 0.1), 10.0)
    temperatures = distinct(np.concatenate([_ladder(-1.0, 1.0, few=few), [0.1, 1.0, 10.0, now]]))
    best, loss = look(heated, temperatures)
    low, high = _range(best)
    if 0 < best.best < inf and low <= log10(best.best) <= high:
        at = int(np.searchsorted(temperatures, best.best))
        temperatures, loss = np.insert(temperatures, at, best.best), np.insert(loss, at, best.least)
    if (low, high) != (-1.0, 1.0):
        beyond = np.append(_ladder(low, high, few=few), [10.0**low, 10.0**high])
        beyond = beyond[(beyond < 0.1) | (beyond > 10.0)]
        temperatures, loss = np.append(temperatures, beyond), np.append(loss, losses(heated, beyond))
        order = np.argsort(temperatures)
        temperatures, loss = temperatures[order], loss[order]
    places = np.clip(np.log10(temperatures), low, high)
    return best, places, loss * _unit(scene, tally)


def _ladder(low: float, high: float, *, few: bool) -> Floats:
    """Temperatures between two decimal logarithms, by steps of which a whole number doubles: those cost least."""
    steps = FEW_STEPS if few else STEPS
    first, last = ceil(low / log10(2) * steps), floor(high / log10(2) * steps)
    # Not 2 ** (k / steps): the doubled ones are to be doubles to the last bit.
    return np.array([2.0 ** ((k % steps) / steps) * 2.0 ** (k // steps) for k in range(first, last + 1)])


def _unit(scene: Scene, tally: Tally) -> float:
    """What a mean loss of one nat, by the rows' weights, is in cross-entropy as the convention shows it."""
    convention = scene.convention
    if not is_weighted(tally, convention):
        return (tally.rows if convention.reduction is Reduction.SUM else 1) / convention.nats
    mass = loss_divisor(tally, replace(convention, divisor=Divisor.WEIGHTS))
    divisor = loss_divisor(tally, convention) if convention.reduction is Reduction.MEAN else 1.0
    return mass / divisor / convention.nats if divisor else float("nan")


def _range(best: Temperature) -> tuple[float, float]:
    """From where to where T goes, as decimal logarithms; what is now does not move it."""
    low, high = -1.0, 1.0
    if 0 < best.best < inf:
        low, high = min(low, log10(best.best) - 0.5), max(high, log10(best.best) + 0.5)
    return max(low, log10(WIDEST[0])), min(high, log10(WIDEST[1]))


def _loss_axis(scene: Scene, places: Floats, loss: Floats, count: int) -> Axis:
    shown = loss[np.isfinite(loss)]
    if not len(shown):
        return no_loss_axis(scene.convention)
    least, one = float(shown.min()), float(np.interp(0.0, places, loss))
    top = TALL * max(abs(least), abs(one) if isfinite(one) else 0.0)
    return loss_axis(scene.convention, least, min(float(shown.max()), max(top, least)), count)


def _best_marks(best: Temperature, places: Floats, loss: Floats) -> list[Mark]:
    if not 0 < best.best < inf:
        return []
    x = log10(best.best)
    at = int(np.abs(places - x).argmin())
    T = number(best.best, 2)
    marks: list[Mark] = [Upright(x, f"best T = {T}", Role.LOSS, at_top=False, short=f"best {T}")]
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
    if isnan(best.best):
        return f"No temperature is best: {best.reason}; {stays}."
    if best.best == 0:
        return f"T towards 0 is best: {best.reason}; {stays}."
    if best.best == inf:
        return f"T towards ∞ is best: {best.reason}; {stays}."
    now, least = (float(np.interp(log10(T), places, loss)) for T in (scene.convention.temperature, best.best))
    part = max(0.0, 1 - least / now) if isfinite(now) and now > 0 else float("nan")
    if part < 5e-7 or now == least:
        return f"T = {number(best.best, 2)} is best already; {stays}."
    gain = "" if isnan(part) else f"{share(part)} of your loss can go without changing one prediction: "
    side = "over" if best.best > scene.convention.temperature else "under"
    return f"{gain}T = {number(best.best, 2)} makes it {number(least)}, because the rows are {side}confident; {stays}."


def _heavy(scene: Scene) -> bool:
    return int(scene.predictions.probs[0].size) > FEW_CELLS


TEMPERATURE = Curve("temperature", "Temperature", "drag T", _draw, _heavy)
