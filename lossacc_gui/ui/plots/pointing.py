"""What lies under the pointer: something to be clicked, or a value to be read off."""

from __future__ import annotations

from math import isnan

import numpy as np

from lossacc_gui.core.curves.curve import Axis, Drawn, Line, Pick, Side
from lossacc_gui.core.wording import number
from lossacc_gui.ui.plots.scales import Scales

GRAB = 8
"""How near, in pixels, the pointer has to be to a handle or a point."""


def pick_at(drawn: Drawn, scales: Scales, x: float, y: float) -> Pick | None:
    """The pick at a point of the picture, if one is near enough."""
    if not drawn.picks:
        return drawn.aim(x, y) if drawn.aim else None
    here, there = scales.pixels(x, y), scales.pixels(*np.array([(p.x, p.y) for p in drawn.picks]).T)
    across, up = np.abs(there[0] - here[0]), np.abs(there[1] - here[1])
    if drawn.nearest_x:
        return drawn.picks[int(across.argmin())]
    distance = np.hypot(across, up)
    nearest = int(distance.argmin())
    if distance[nearest] <= 2 * GRAB:
        return drawn.picks[nearest]
    return drawn.aim(x, y) if drawn.aim else None


def read_off(drawn: Drawn, x: float) -> str:
    """What the solid lines of a picture say at x: "T 2.0000: cross-entropy 0.0345, accuracy 0.9720"."""
    said = []
    for mark in drawn.marks:
        axis = drawn.right if isinstance(mark, Line) and mark.side is Side.RIGHT else drawn.left
        if not isinstance(mark, Line) or not mark.reads or axis is None or len(mark.x) < 2:
            continue
        if (np.diff(mark.x) >= 0).all() and mark.x[0] <= x <= mark.x[-1]:
            value = float(np.interp(x, mark.x, mark.y))
            if isnan(value):  # a gap in the line
                continue
            said.append(f"{mark.reads} {_value(axis, value)}")
    return f"{_name(drawn.x)} {_value(drawn.x, x)}: {', '.join(said)}" if said else ""


def _value(axis: Axis, at: float) -> str:
    return number(10.0**at if axis.log else at)


def _name(axis: Axis) -> str:
    return axis.text.split(" (", maxsplit=1)[0]
