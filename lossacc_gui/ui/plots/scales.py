"""The axes of a picture on screen, and where its numbers lie in pixels."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QFontMetrics

from lossacc_gui.core.curves.axes import ticks
from lossacc_gui.core.curves.curve import Axis, Bars, Drawn, Role, Side
from lossacc_gui.ui import theme as look

Axes = tuple[Axis, Axis, Axis | None]
"""Of x, of the left and of the right side."""


LAST = 12
"""Room at the right for half of the last number of an axis, where no axis stands there."""


class Scales:
    """Shows axes, and maps numbers to places.

    The plot has one scale upwards, that of the left axis; the right axis is read through its own.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        self.axes: Axes | None = None
        self._plot, self._box = plot, plot.getViewBox()
        plot.showAxis("right")
        for side in ("left", "bottom", "right"):
            axis = plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=0, tickTextOffset=5, hideOverlappingLabels=False)
            axis.setTickFont(look.font(look.SMALL_PIXELS))
        plot.getAxis("right").unlinkFromView()

    def set_theme(self, theme: look.Theme) -> None:
        """Draw axes in these colours from the next ``show`` on."""
        for side in ("left", "bottom", "right"):
            axis = self._plot.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))

    def wanted(self, drawn: Drawn, *, hold: bool) -> Axes:
        """The axes of a picture; ``hold`` keeps the present ranges under its texts and ticks."""
        axes = (drawn.x, drawn.left, drawn.right)
        if not hold or self.axes is None:
            return axes
        x, left, right = (_held(new, old) for new, old in zip(axes, self.axes, strict=True))
        assert x is not None
        assert left is not None
        return x, left, right

    def show(self, axes: Axes, theme: look.Theme, width: int, height: int) -> None:
        """Show these axes in a widget of this size."""
        self.axes = axes
        x, left, right = axes
        self._box.setRange(xRange=(x.low, x.high), yRange=(left.low, left.high), padding=0)
        self._plot.showAxis("right", right is not None)
        self._plot.layout.setContentsMargins(1, 1, 1 if right is not None else LAST, 1)
        for side, axis in (("bottom", x), ("left", left), ("right", right)):
            item = self._plot.getAxis(side)
            if axis is None:
                continue
            colour = theme.muted if axis.role is Role.PLAIN else theme.of(axis.role).name()
            room = height - 64 if side != "bottom" else width - 40
            text = _fitting(axis.text, room)
            item.setLabel(text, **{"color": colour, "font-size": f"{look.SMALL_PIXELS}px"})
            item.resizeEvent(None)  # pyqtgraph centres a text by its length only then, and leaves a new one
            item.setTicks([self._ticks(axis, side)])
        if right is not None:
            self._plot.getAxis("right").setRange(right.low, right.high)

    def _ticks(self, axis: Axis, side: str) -> list[tuple[float, str]]:
        """The ticks of an axis that there is room for, none upon another."""
        length = self.size[0] if side == "bottom" else self.size[1]
        font = QFontMetrics(look.font(look.SMALL_PIXELS))
        span = axis.high - axis.low
        if axis.ticks is None:
            about = max(2, int(length / (52 if side == "bottom" else 40)))
            given = ticks(axis.low, axis.high, min(about, 8))
        else:
            given = tuple(tick for tick in axis.ticks if axis.low <= tick[0] <= axis.high)
        sizes = [font.horizontalAdvance(text) if side == "bottom" else font.height() for _, text in given]
        places = [(at - axis.low) / span * length for at, _ in given]
        beyond = self._plot.getAxis("right").width() if self.axes and self.axes[2] else 0.0
        end = length + ((beyond or LAST) + 2.0 if side == "bottom" else 4.0)
        inside = [i for i, (at, size) in enumerate(zip(places, sizes, strict=True)) if at + size / 2 <= end]
        kept = _apart(
            [places[i] for i in inside], [sizes[i] for i in inside], 8.0 if side == "bottom" else 1.0
        )
        return [given[inside[i]] for i in kept]

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
        return float(self._box.width()), float(self._box.height())

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


def _apart(places: list[float], sizes: list[int], gap: float) -> list[int]:
    """Every first, second, third ... of the ticks, whichever stand clear of each other; the last one gives way."""
    if len({round(b - a) for a, b in pairwise(places)}) > 2:  # not even: from the first on, what fits
        kept = [0]
        for i in range(1, len(places)):
            if places[i] - places[kept[-1]] >= (sizes[i] + sizes[kept[-1]]) / 2 + gap:
                kept.append(i)
        return kept
    for every in range(1, len(places) + 1):
        kept = list(range(0, len(places), every))
        clear = all(places[b] - places[a] >= (sizes[a] + sizes[b]) / 2 + gap for a, b in pairwise(kept))
        if clear:
            return kept
    return list(range(len(places)))[:1]


def _held(new: Axis | None, old: Axis | None) -> Axis | None:
    if new is None or old is None:
        return new
    return Axis(new.text, old.low, old.high, new.role, new.ticks, log=new.log)


def _fitting(text: str, room: float) -> str:
    """An axis text, without what stands in brackets where there is no room for it."""
    width = QFontMetrics(look.font(look.SMALL_PIXELS)).horizontalAdvance(text)
    return text if width + 24 <= room else text.split(" (", maxsplit=1)[0]
