"""What marks look like in pixels: shapes that know how to paint themselves, made anew when numbers or axes change.

Curves are pyqtgraph's own items. They are painted in place, in pixels and among the other shapes, and not by its
scene, in which a step of a drag took five times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPolygonF

from lossacc_gui.core.curves.curve import Area, Bands, Bars, Dots, Level, Line, Mark, Points, Upright
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.scales import Scales

FAR = 30_000.0
"""Nothing is drawn further off than this: a painter loses its way among larger numbers of pixels."""

EDGE = 0.75
"""A point is on the edge of the plotted area if it is no more pixels away."""

LINE_DOT = 6.0
RING = 1.5
"""Pixels across the dots of a line; and what a ring adds to a dot's radius."""

RIM = 1.0
"""Pixels on each side of a line that is lifted from bars."""

Numbers = NDArray[np.float64]


class Shape(Protocol):
    """Something that paints itself in the plotted area."""

    def paint(self, painter: QPainter) -> None:
        """Draw it."""


@dataclass(slots=True)
class Polyline:
    """A line through points, broken where one is not finite."""

    item: pg.PlotCurveItem

    def paint(self, painter: QPainter) -> None:
        """See Shape."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self.item.paint(painter, None, None)


@dataclass(slots=True)
class Straight:
    """Straight lines that are sharp: from pixel to pixel, without smooth edges."""

    pen: QPen
    lines: list[QLineF]

    def paint(self, painter: QPainter) -> None:
        """See Shape."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self.pen)
        painter.drawLines(self.lines)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


class Rule(Straight):
    """A straight line across the plotted area, with gaps where texts stand."""

    def __init__(self, pen: QPen, line: QLineF) -> None:
        super().__init__(pen, [line])
        self._whole = line

    def leave(self, texts: list[QRectF]) -> None:
        """Leave gaps for these texts, and for no others."""
        self.lines = pieces(self._whole, texts)


@dataclass(slots=True)
class Discs:
    """Round points of one size, perhaps with a ring around each; one on the edge of the area is whole."""

    points: QPolygonF
    radius: float
    colour: QColor
    ring: QColor | None

    def paint(self, painter: QPainter) -> None:
        """See Shape."""
        in_dots = painter.paintEngine().type() is QPaintEngine.Type.Raster
        clipped = painter.hasClipping()
        painter.setClipping(False)
        discs = [] if self.ring is None else [(self.ring, self.radius + RING)]
        for colour, radius in (*discs, (self.colour, self.radius)):
            if in_dots:  # all of them at once
                painter.setPen(QPen(colour, 2 * radius, c=Qt.PenCapStyle.RoundCap))
                painter.drawPoints(self.points)
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for i in range(self.points.count()):
                painter.drawEllipse(self.points.at(i), radius, radius)
        painter.setClipping(clipped)


@dataclass(slots=True)
class Boxes:
    """Filled boxes with sharp edges."""

    rects: list[QRectF]
    colour: QColor

    def paint(self, painter: QPainter) -> None:
        """See Shape."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour)
        painter.drawRects(self.rects)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


@dataclass(slots=True)
class Region:
    """A filled outline."""

    outline: QPolygonF
    colour: QColor

    def paint(self, painter: QPainter) -> None:
        """See Shape."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour)
        painter.drawPolygon(self.outline)


def shapes_of(mark: Mark, scales: Scales, theme: look.Theme) -> list[Shape]:
    """What a mark looks like, from back to front; a text alone has no shape."""
    colour = theme.of(mark.role)
    shapes: list[Shape] = []
    match mark:
        case Line():
            shapes = _line(mark, scales, colour, QColor(theme.card))
        case Dots():
            ring = QColor(theme.card) if mark.ring else None
            points = _points(mark.x, scales.on_left(mark.y, mark.side), scales)
            shapes = [Discs(_inside(points, scales), mark.size / 2, colour, ring)]
        case Bars():
            shapes = [_bars(scales.bars_on_left(mark), scales, colour)]
        case Bands():
            starts, ends = (_points(x, mark.y, scales).tolist() for x in (mark.low, mark.high))
            lines = [QLineF(*start, *end) for start, end in zip(starts, ends, strict=True)]
            shapes = [Straight(_pen(colour, mark.thickness), lines)]
        case Area():
            there, back = _points(mark.x, mark.low, scales), _points(mark.x, mark.high, scales)
            shapes = [Region(_polygon(np.concatenate([there, back[::-1]])), colour)]
        case Upright():
            x = float(scales.pixels(mark.x, 0.0)[0])
            shapes = [Rule(_pen(colour, 1.0, dashed=mark.dashed), QLineF(x, 0.0, x, scales.size[1]))]
        case Level():
            y = float(scales.pixels(0.0, scales.on_left(mark.y, mark.side))[1])
            shapes = [Rule(_pen(colour, 1.0, dashed=mark.dashed), QLineF(0.0, y, scales.size[0], y))]
    return shapes


def pieces(line: QLineF, texts: list[QRectF]) -> list[QLineF]:
    """What is left of a line, upright or level and drawn from its lesser end, without what lies behind texts."""
    upright = line.x1() == line.x2()
    at, start, end = (line.x1(), line.y1(), line.y2()) if upright else (line.y1(), line.x1(), line.x2())
    gaps = []
    for text in texts:
        across, along = (text.left(), text.right()), (text.top(), text.bottom())
        if not upright:
            across, along = along, across
        if across[0] < at < across[1]:
            gaps.append(along)
    left = []
    for low, high in (*sorted(gaps), (end, end)):
        if low > start:
            left.append(QLineF(at, start, at, low) if upright else QLineF(start, at, low, at))
        start = max(start, high)
    return left


def _line(mark: Line, scales: Scales, colour: QColor, ground: QColor) -> list[Shape]:
    points = _points(mark.x, scales.on_left(mark.y, mark.side), scales)
    rim = _pen(ground, mark.width + 2 * RIM) if mark.lifted else None
    pen = _pen(colour, mark.width, dashed=mark.dashed)
    curve = pg.PlotCurveItem(*points.T, pen=pen, shadowPen=rim, connect="finite", antialias=True)
    shapes: list[Shape] = [Polyline(curve)]
    if mark.dots:
        shapes.append(Discs(_inside(points, scales), LINE_DOT / 2, colour, None))
    return shapes


def _bars(bars: Bars, scales: Scales, colour: QColor) -> Boxes:
    feet = np.zeros(len(bars.x)) if bars.base is None else bars.base
    corners = np.hstack(
        [
            _points(bars.x - bars.width / 2, feet, scales),
            _points(bars.x + bars.width / 2, feet + bars.heights, scales),
        ]
    )
    rects = [QRectF(x, min(y, v), u - x, abs(v - y)) for x, y, u, v in corners.tolist()]
    return Boxes(rects, colour)


def _pen(colour: QColor, width: float, *, dashed: bool = False) -> QPen:
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    return QPen(colour, width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)


def _points(x: Points, y: Points, scales: Scales) -> Numbers:
    """Places (n, 2) in pixels; what is infinitely far is not finite, all else near enough to be drawn."""
    with np.errstate(invalid="ignore", over="ignore"):
        across, down = scales.pixels(x, y)
    points = np.column_stack([across, down])
    return np.where(np.isfinite(points), np.clip(points, -FAR, FAR), np.nan)


def _inside(points: Numbers, scales: Scales) -> QPolygonF:
    """Those of some points (n, 2) that lie in the plotted area, or on its edge."""
    seen = (points > -EDGE) & (points < np.array(scales.size) + EDGE)
    return _polygon(points[seen.all(axis=1)])


def _polygon(points: Numbers) -> QPolygonF:
    """Points (n, 2) as Qt's own kind of list; those that are not finite are left out."""
    known = points[~np.isnan(points).any(axis=1)]
    polygon: QPolygonF = pg.functions.arrayToQPolygonF(*known.T) if len(known) else QPolygonF()
    return polygon
