"""The losses of few rows: a bar each, sorted."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.curves.axes import ticks
from lossacc_gui.core.curves.before import Before, before, named
from lossacc_gui.core.curves.curve import Axis, Bars, Dots, Drawn, Level, Line, Mark, Pick, Role, Text, key
from lossacc_gui.core.curves.listed import label_says
from lossacc_gui.core.curves.loss_rows import LossRows, compared_reading, guessing, top
from lossacc_gui.core.scene import Scene

NAMED = 12
"""Up to this many bars the axis has room for the rows' names."""


def bars(scene: Scene, losses: LossRows) -> Drawn:
    """Their picture."""
    then = before(scene)
    low, high = top(scene, losses, then)
    x = np.arange(len(losses), dtype=np.float64)
    heights = np.clip(losses.loss, low, high)
    heights[losses.finite :] = np.minimum(
        heights[losses.finite :], low + 0.86 * (high - low)
    )  # room for ▾ and ∞
    marks: list[Mark] = [
        Bars(x[mine], heights[mine], 0.66, role)
        for role, mine in ((Role.RIGHT, losses.right), (Role.WRONG, ~losses.right))
    ]
    marks += [Text(float(i), high, "∞", Role.LOSS, (0.5, 1.0)) for i in x[losses.finite :][:NAMED]]
    marks.append(Level(losses.guessing, guessing(scene)))
    marks += _then(losses, then, low, high) if then is not None else []
    mine = np.flatnonzero(scene.predictions.labels[losses.rows] == scene.column)
    air = 0.1 * (high - low)
    if len(mine):
        marks.append(Dots(x[mine], np.full(len(mine), low - air / 2), Role.NOW, size=5.0, ring=False))
        marks.append(key(f"• {label_says(scene)}", Role.NOW))
    here = losses.place_of(scene.row)
    if here >= 0:
        marks.append(Text(float(here), max(0.0, float(heights[here])), "▾", Role.NOW, (0.5, 1.0)))
    texts = [f"row {row + 1}" for row in losses.rows.tolist()]
    names = tuple((float(i), text) for i, text in enumerate(texts)) if len(losses) <= NAMED else ()
    picks = (
        Pick(float(i), float(heights[i]), int(losses.rows[i]), says=losses.says(i))
        for i in range(len(losses))
    )
    return Drawn(
        Axis("" if names else "labelled rows, sorted by loss", -0.7, len(losses) - 0.3, ticks=names),
        Axis(
            f"loss of the row ({scene.convention.base})",
            low - (air if len(mine) else 0),
            high + air,
            ticks=ticks(low, high),
        ),
        marks=tuple(marks),
        picks=tuple(picks),
        nearest_x=True,
        reading=compared_reading(scene, losses, then),
    )


def _then(losses: LossRows, then: Before, low: float, high: float) -> list[Mark]:
    """Where the bar of each row ended at the baseline."""
    places = {row: i for i, row in enumerate(losses.rows.tolist())}
    known = [i for i, row in enumerate(then.row.tolist()) if row in places and not np.isnan(then.loss[i])]
    if not known:
        return []
    at = np.array([places[int(then.row[i])] for i in known], np.float64)
    ends = np.clip(then.loss[known], low, high)
    x = np.column_stack([at - 0.42, at + 0.42, np.full(len(at), np.nan)]).ravel()
    return [Line(x, np.repeat(ends, 3), Role.BASELINE, dashed=True), named("┄")]
