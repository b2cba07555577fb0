"""The ranges of a picture's axes, and where its numbers lie in pixels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from lossacc_gui.core.curves.curve import Axis, Bars, Drawn, Side

Axes = tuple[Axis, Axis, Axis | None]
"""Of x, of the left and of the right side."""


class Scales:
    """Maps numbers to places in the plotted area.

    A picture has one scale upwards, that of the left axis; the right axis is read through its own.
    """

    def __init__(self) -> None:
        self.axes: Axes | None = None
        self.area = QRectF()
        """The plotted area inside the picture, in pixels."""

    def wanted(self, drawn: Drawn, *, hold: bool) -> Axes:
        """The axes of a picture; ``hold`` keeps the present ranges under its texts and ticks."""
        axes = (drawn.x, drawn.left, drawn.right)
        if not hold or self.axes is None:
            return axes
        x, left, right = (_held(new, old) for new, old in zip(axes, self.axes, strict=True))
        assert x is not None
        assert left is not None
        return x, left, right

    def on_left(self, values: Any, side: Side) -> Any:
        """Heights of either side on the scale of the left one."""
        left, right = self.axes[1:] if self.axes else (None, None)
        if side is Side.LEFT or left is None or right is None or right.high == right.low:
            return values
        return left.low + (values - right.low) * ((left.high - left.low) / (right.high - right.low))

    def bars_on_left(self, bars: Bars) -> Bars:
        """Bars of either side on the scale of the left one."""
        if bars.side is Side.LEFT:
            return bars
        feet = np.zeros(len(bars.x)) if bars.base is None else bars.base
        low, high = self.on_left(feet, bars.side), self.on_left(feet + bars.heights, bars.side)
        return replace(bars, base=low, heights=high - low, side=Side.LEFT)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the plotted area in pixels."""
        return self.area.width(), self.area.height()

    def pixels(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Where points on the left scale lie, in pixels from the plotted area's left and top."""
        assert self.axes is not None
        across, up, _ = self.axes
        width, height = self.size
        return (
            (np.asarray(x) - across.low) * (width / max(across.high - across.low, 1e-300)),
            (up.high - np.asarray(y)) * (height / max(up.high - up.low, 1e-300)),
        )

    def place(self, right: float, down: float) -> tuple[float, float]:
        """The point on the left scale at so many pixels from the plotted area's left and top."""
        assert self.axes is not None
        across, up, _ = self.axes
        width, height = self.size
        return (
            across.low + right * (across.high - across.low) / max(width, 1.0),
            up.high - down * (up.high - up.low) / max(height, 1.0),
        )

    def seen_at(self, x: float, y: float) -> QPointF:
        """Where a point on the left scale lies in the whole picture, in pixels."""
        across, down = self.pixels(x, y)
        return self.area.topLeft() + QPointF(float(across), float(down))

    def under(self, point: QPointF) -> tuple[float, float]:
        """The point on the left scale that lies at a place of the whole picture."""
        inside = point - self.area.topLeft()
        return self.place(inside.x(), inside.y())


def _held(new: Axis | None, old: Axis | None) -> Axis | None:
    if new is None or old is None:
        return new
    # The numbers of a larger range would be too few for this one, and as wide as it never had any.
    same = (new.low, new.high) == (old.low, old.high)
    return Axis(new.text, old.low, old.high, new.role, new.ticks if same else old.ticks, log=new.log)
