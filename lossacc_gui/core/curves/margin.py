"""Each row's margin against its loss: the loss may lie anywhere in a band, accuracy asks for the sign only."""

from __future__ import annotations

from functools import partial
from math import log

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.curves.axes import nice_up, per_nat
from lossacc_gui.core.curves.before import Before, before, compared, named
from lossacc_gui.core.curves.curve import Area, Axis, Curve, Dots, Drawn, Line, Mark, Pick, Role, Upright, key
from lossacc_gui.core.curves.listed import (
    Indices,
    is_heavy,
    label_says,
    listed,
    loss_ends,
    loss_ticks,
    no_rows,
    spread,
    tell,
    told,
)
from lossacc_gui.core.curves.surprise import here, left_out, nothing_defined
from lossacc_gui.core.margins import margins
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.sums import is_off
from lossacc_gui.core.wording import rows, share

DETAIL = 240
"""So many places along x outline the band."""

MOST = 450
"""So many right rows are drawn at most, and as many wrong ones."""

FEW = 60
"""So many of the rows of the current class are marked at most."""


def band(margin: Floats, classes: int, convention: Convention, eps: float = 0.0) -> tuple[Floats, Floats]:
    """The lowest and highest loss in nats of a row with this margin (m,).

    Probabilities sum to 1 and have the margin as a difference of shares, within -1 and 1; logits have it
    in z / T. What lies below ``eps`` is clipped.
    """
    with np.errstate(divide="ignore", over="ignore"):
        if convention.rows is Rows.LOGITS:
            return np.logaddexp(0.0, -margin), np.logaddexp(0.0, log(classes - 1) - margin)
        most, least = (1 + margin) / 2, np.maximum(((classes - 1) * margin + 1) / classes, 0.0)
        if eps:
            most, least = np.clip(most, eps, 1 - eps), np.clip(least, eps, 1 - eps)
        return 0.0 - np.log(most), 0.0 - np.log(least)


def _draw(scene: Scene) -> Drawn:
    chosen = listed(scene)
    if not len(chosen):
        return no_rows(scene)
    stats = scene.evaluation.stats
    margin = margins(stats.margin[chosen], stats.total[chosen], scene.convention)
    loss = stats.loss[chosen] * per_nat(scene.convention)
    scene.reached(0.3)
    known = ~np.isnan(loss) & np.isfinite(margin)
    unknown = len(chosen) - int(known.sum())
    lack = "loss" if int(np.isnan(loss).sum()) == unknown else "loss or margin"
    chosen, margin, loss = chosen[known], margin[known], loss[known]
    if not len(chosen):
        return nothing_defined()
    scene.reached(0.4)
    then = before(scene)
    low, high = loss_ends(scene, chosen, loss, then.loss if then is not None else None)
    reach = _reach(scene, chosen, margin)
    scene.reached()
    box = (-reach, reach, low, high)
    marks, picks = _ground(scene, chosen, reach, high), list[Pick]()
    scene.reached()
    right = (stats.flags[chosen] & np.uint8(Flag.HIT)) != 0
    y = np.clip(loss, low, high)
    scene.reached()
    marks += _then(then, box)
    scene.reached(0.5)
    for role, mine in ((Role.RIGHT, right), (Role.WRONG, ~right)):
        if mine.any():
            scene.reached(0.6)
            marks += _dots(chosen[mine], margin[mine], y[mine], box, role, picks)
    scene.reached(0.9)
    marks += _of_class(scene, chosen, margin, y, box)
    marks += here(chosen, margin, y, scene.row)
    air, unit = 0.04 * (high - low), scene.convention.base
    ticks = loss_ticks(low, high, loss)
    return Drawn(
        Axis(_x_text(scene), -1.04 * reach, 1.04 * reach),
        Axis(f"loss of the row ({unit})", low - air, high + air, Role.LOSS, ticks),
        marks=tuple(marks),
        picks=tuple(picks),
        tell=partial(tell, scene),
        reading=compared(
            told(scene, len(chosen), _reading(scene, chosen, margin, right) + left_out(unknown, lack)),
            then,
            f"At the baseline {share(then.accuracy if then else None)} were right.",
        ),
    )


def outside_band(scene: Scene, chosen: Indices) -> tuple[int, str]:
    """How many rows have a margin and a loss that do not bound each other, and why."""
    stats, convention = scene.evaluation.stats, scene.convention
    if convention.smoothing:
        return len(chosen), "labels are smoothed"
    unfit = (stats.flags[chosen] & np.uint8(Flag.OUTSIDE)) != 0
    divided = convention.rows is Rows.NORMALISED and not convention.clip_first
    if convention.rows is Rows.LOGITS or convention.temperature != 1 or divided:
        off = np.zeros(len(chosen), bool)
    else:
        off = is_off(stats)[chosen] & ~unfit  # by less they lie beside the band by less than a picture shows
    count = int(unfit.sum() + off.sum())
    one = count == 1
    odd = f"{'is' if one else 'are'} negative, not finite or larger than 1" if unfit.any() else ""
    sums = f"{'does' if one else 'do'} not sum to 1" if off.any() else ""
    return count, f"{rows(count)} {' or '.join(filter(None, (odd, sums)))}" if count else ""


def _reach(scene: Scene, chosen: Indices, margin: Floats) -> float:
    """How far x goes to both sides."""
    if scene.convention.rows is not Rows.LOGITS:
        others = margin[chosen != scene.row] if scene.dragged else margin
        return max(
            1.0, nice_up(float(np.abs(others).max(initial=0.5))) if np.abs(others).max(initial=0) > 1 else 1.0
        )
    return nice_up(max(1.0, 1.05 * float(np.abs(margin).max())))


def _ground(scene: Scene, chosen: Indices, reach: float, high: float) -> list[Mark]:
    """What the rows stand on: the band, or why there is none, and the line that accuracy asks for."""
    apart, why = outside_band(scene, chosen)
    return [
        _band(scene, reach, high) if apart < len(chosen) else key(f"no band here: {why}", Role.PLAIN),
        Upright(0.0, "right ▸", Role.RIGHT, align="right", fixed=True),
        Upright(0.0, "◂ wrong", Role.WRONG, align="left", fixed=True),
        Upright(0.0),
    ]


def _band(scene: Scene, reach: float, high: float) -> Area | Line:
    """The band; of two classes it is a line: there the margin says it all."""
    x = np.linspace(-reach, reach, DETAIL + 1)
    if scene.convention.rows is not Rows.LOGITS:
        x = np.linspace(-1.0, 1.0, DETAIL + 1)
    convention = scene.convention
    eps = convention.eps(scene.predictions.probs.dtype) if convention.clips else 0.0
    least, most = band(x, scene.predictions.classes, convention, eps)
    unit, top = per_nat(convention), high * 1.1
    if scene.predictions.classes == 2:
        seen = least * unit <= top
        return Line(x[seen], least[seen] * unit, Role.FAINT, width=1.0)
    return Area(x, np.minimum(least * unit, top), np.minimum(most * unit, top))


def _dots(
    chosen: Indices,
    x: Floats,
    y: Floats,
    box: tuple[float, float, float, float],
    role: Role,
    picks: list[Pick],
) -> list[Mark]:
    some = spread(x, y, box, MOST)
    for i, count in zip(some.chosen.tolist(), some.count.tolist(), strict=True):
        more = f"; {count - 1:,} more like it" if count > 1 else ""
        picks.append(Pick(float(x[i]), float(y[i]), int(chosen[i]), says=more))
    return [Dots(x[some.chosen], y[some.chosen], role, size=6.0, ring=False)]


def _then(then: Before | None, box: tuple[float, float, float, float]) -> list[Mark]:
    """The baseline's rows as grey points."""
    if then is None or then.reason:
        return []
    known = ~np.isnan(then.loss) & np.isfinite(then.margin)
    if not known.any():
        return []
    x, y = np.clip(then.margin[known], *box[:2]), np.clip(then.loss[known], *box[2:])
    some = spread(x, y, box, MOST // 3).chosen
    return [Dots(x[some], y[some], Role.BASELINE, size=5.0, ring=False), named("•")]


def _of_class(
    scene: Scene, chosen: Indices, x: Floats, y: Floats, box: tuple[float, float, float, float]
) -> list[Mark]:
    """A small mark on the rows whose label is the current class."""
    mine = np.flatnonzero(scene.predictions.labels[chosen] == scene.column)
    if not len(mine):
        return []
    some = mine[spread(x[mine], y[mine], box, FEW).chosen]  # more would hide right and wrong
    dots = Dots(x[some], y[some], Role.NOW, size=2.5, ring=False)
    return [dots, key(f"• {label_says(scene)}", Role.NOW)]


def _x_text(scene: Scene) -> str:
    convention = scene.convention
    if convention.rows is Rows.LOGITS:
        return "margin: z(label) minus the largest other z" + (
            ", over T" if convention.temperature != 1 else ""
        )
    return "margin: p(label) minus the largest other"


def _reading(scene: Scene, chosen: Indices, margin: Floats, right: NDArray[np.bool_]) -> str:
    count, hits = len(chosen), int(right.sum())
    have = "has its label in front and is right" if hits == 1 else "have their label in front and are right"
    text = f"{hits:,} of {rows(count)} ({share(hits / count)}) {have}"
    ties = int((margin == 0).sum())
    if ties:
        text += (
            f"; {rows(ties)} with margin 0 {'is' if ties == 1 else 'are'} decided by the order of the classes"
        )
    apart, why = outside_band(scene, chosen)
    near = int((np.abs(margin) < 0.1).sum())
    if apart == count:
        text += f"; no band here: {why}"
    elif scene.convention.rows is not Rows.LOGITS and near:
        text += f"; {rows(near)} within 0.1 of the other side"
    return f"{text}. {why.capitalize()} and may lie beside the band." if 0 < apart < count else f"{text}."


MARGIN = Curve("margin", "Loss and margin", "click a row to go to it", _draw, is_heavy, follows_focus=True)
