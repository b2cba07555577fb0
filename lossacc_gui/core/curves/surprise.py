"""Every row on the curve of its loss: -ln p(label), with right and wrong rows apart in two lanes below."""

from __future__ import annotations

from functools import partial
from math import isnan

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.curves.axes import per_nat
from lossacc_gui.core.curves.before import Before, before, compared, since
from lossacc_gui.core.curves.carried import Carried
from lossacc_gui.core.curves.curve import Axis, Curve, Dots, Drawn, Line, Mark, Pick, Role, Text
from lossacc_gui.core.curves.listed import (
    Indices,
    is_heavy,
    listed,
    loss_ends,
    loss_ticks,
    mean,
    no_rows,
    spread,
    tell,
    told,
)
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.naming import called
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import all_of, are, number, rows, share

DETAIL = 110
"""So many points draw the curve, and so many places along a lane hold a mark."""

MOST = 250
"""So many right rows are drawn at most, and as many wrong ones."""

LOWEST = 150
NAME = 16
"""Pixels that a picture in a small dock is tall, and that the name of a lane takes."""


def _draw(scene: Scene) -> Drawn:
    chosen = listed(scene)
    if not len(chosen):
        return no_rows(scene)
    stats = scene.evaluation.stats
    loss = stats.loss[chosen] * per_nat(scene.convention)
    known = ~np.isnan(loss)
    unknown = len(chosen) - int(known.sum())
    chosen, loss = chosen[known], loss[known]
    if not len(chosen):
        return nothing_defined()
    right = (stats.flags[chosen] & np.uint8(Flag.HIT)) != 0
    then = before(scene)
    low, high = loss_ends(scene, chosen, loss, then.loss if then is not None else None)
    scene.reached(0.3)
    carried = Carried.of(scene, chosen, loss)
    p = _probability(scene, loss)
    end = max(1.0, float(_probability(scene, np.array(low))))
    tall = high - low
    marks: list[Mark] = [_curve(scene, low, high, end)]
    picks: list[Pick] = []
    for role, mine in ((Role.RIGHT, right), (Role.WRONG, ~right)):
        scene.reached(0.5)
        marks += _dots(chosen[mine], p[mine], loss[mine], (end, low, high), role, picks)
    scene.reached(0.8)
    lanes = _lanes(scene, chosen, p, right, then)
    apart = _apart(len(lanes))
    names: list[tuple[float, str]] = []
    for at, (name, lane, role) in enumerate(lanes, 1):
        y = low - at * apart * tall
        marks += _lane(lane, y, end, role)
        names.insert(0, (y, name))
    marks += here(chosen, np.minimum(p, end), np.clip(loss, low, high), scene.row)
    return Drawn(
        Axis(_x_text(scene), -0.02 * end, 1.02 * end),
        Axis(
            f"loss of the row ({scene.convention.base})",
            low - (apart * len(lanes) + 0.06) * tall,
            high + 0.05 * tall,
            Role.LOSS,
            (*names, *loss_ticks(low, high, loss)),
        ),
        marks=tuple(marks),
        picks=tuple(picks),
        tell=partial(tell, scene),
        lane=next((name for name, _, role in lanes if role is Role.NOW), ""),
        reading=compared(
            told(scene, len(chosen), carried.told(_reading(carried, right)) + left_out(unknown)),
            then,
            _cost_then(then, loss, carried),
        ),
    )


def _cost_then(then: Before | None, loss: Floats, carried: Carried) -> str:
    """What a row cost at the baseline, beside what it costs now."""
    alike = "" if carried.weight is None else ", each row counting alike"
    cost = since(mean(then.loss) if then else None, mean(loss))
    return f"At the baseline a row cost {cost} on average{alike}."


def _apart(lanes: int) -> float:
    """How far below 0, and below one another, so many lanes lie, as a share of the height: their names fit."""
    return 1.11 * NAME / (LOWEST - NAME * lanes)


def _lanes(
    scene: Scene, chosen: Indices, p: Floats, right: NDArray[np.bool_], then: Before | None
) -> list[tuple[str, Floats, Role]]:
    """What each lane below is called, the places along x of its rows, and their role."""
    lanes = [("right", p[right], Role.RIGHT), ("wrong", p[~right], Role.WRONG)]
    mine = scene.predictions.labels[chosen] == scene.column
    if scene.column >= 0 and mine.any():
        name = called(scene.predictions.class_names, scene.column, 10)
        lanes.append((name, p[mine], Role.NOW))
    if then is not None and not then.reason:
        lanes.append(("baseline", _probability(scene, then.loss[~np.isnan(then.loss)]), Role.BASELINE))
    return lanes


def left_out(count: int, what: str = "loss") -> str:
    """What is said of rows without a loss, or without something else, which stand nowhere."""
    return f" {rows(count)} without a defined {what} {are(count)} left out." if count else ""


def nothing_defined() -> Drawn:
    """What is said where rows are listed and none has a loss."""
    text = "No row has a defined loss: look for cells that are no numbers or are negative."
    return Drawn(Axis("", 0.0, 1.0), Axis("", 0.0, 1.0), empty=text, reading=text)


def _x_text(scene: Scene) -> str:
    """What the place along x is: with smoothing or a clip the loss is no longer that of p(label) alone."""
    convention = scene.convention
    plain = convention.rows is Rows.AS_TYPED and not convention.clip and not convention.smoothing
    return (
        "p(label)" if plain and convention.temperature == 1 else "p(label) as the loss reads it: exp(−loss)"
    )


def _probability(scene: Scene, loss: Floats) -> Floats:
    """exp(-loss) of losses as shown; the largest cells end where float64 does."""
    found: Floats = np.exp(np.minimum(-loss / per_nat(scene.convention), 600.0))
    return found


def _curve(scene: Scene, low: float, high: float, end: float) -> Line:
    loss = np.linspace(high, low, DETAIL)
    p = _probability(scene, loss)
    return Line(np.minimum(p, end), loss, Role.FAINT, width=1.0, reads="loss")


def _lane(p: Floats, height: float, end: float, role: Role) -> list[Mark]:
    """A mark wherever rows are along x."""
    if not len(p):
        return []
    place = distinct(np.minimum((np.minimum(p, end) * (DETAIL / end)).astype(np.intp), DETAIL - 1))
    x = (place + 0.5) * (end / DETAIL)
    return [Dots(x, np.full(len(x), height), role, size=4.0, ring=False)]


def _dots(
    chosen: Indices,
    p: Floats,
    loss: Floats,
    ends: tuple[float, float, float],
    role: Role,
    picks: list[Pick],
) -> list[Mark]:
    """The rows on the curve; infinite losses stand at its upper end."""
    if not len(chosen):
        return []
    end, low, high = ends
    x, y = np.minimum(p, end), np.clip(loss, low, high)
    some = spread(x, y, (0.0, end, low, high), MOST)
    for i, count in zip(some.chosen.tolist(), some.count.tolist(), strict=True):
        more = f"; {count - 1:,} more like it" if count > 1 else ""
        picks.append(Pick(float(x[i]), float(y[i]), int(chosen[i]), says=more))
    return [Dots(x[some.chosen], y[some.chosen], role, size=7.0, ring=False)]


def here(chosen: Indices, x: Floats, y: Floats, row: int) -> list[Mark]:
    """The current row's point with its name, where it is one of those drawn."""
    at = np.flatnonzero(chosen == row)
    if not len(at):
        return []
    return [
        Dots(x[at], y[at], Role.NOW, size=10.0),
        Text(float(x[at[0]]), float(y[at[0]]), f" row {row + 1} ", Role.NOW, (0.0, 1.0)),
    ]


def _reading(carried: Carried, right: NDArray[np.bool_]) -> str:
    wrong = int((~right).sum())
    if not wrong:
        which = all_of(len(right), "row").capitalize()
        return f"{which} {are(len(right))} right, at a mean loss of {number(carried.mean())}."
    if not right.any():
        return f"No row is right; the mean loss is {number(carried.mean())}."
    part = carried.share(~right)
    carry = (
        f" {wrong:,} of {rows(len(right))} {are(wrong)} wrong and {are(wrong, 'carries', 'carry')} "
        f"{share(part)} of the loss."
        if not isnan(part)
        else ""
    )
    return (
        f"A right row costs {number(carried.mean(right))} on average, "
        f"a wrong one {number(carried.mean(~right))}.{carry}"
    )


SURPRISE = Curve("surprise", "Surprise", "click a row to go to it", _draw, is_heavy, follows_focus=True)
