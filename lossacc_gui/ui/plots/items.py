"""Marks that pyqtgraph draws slowly or not at all, each painted in one go."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from lossacc_gui.core.curves.curve import Area, Bars


class Boxes(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Bars painted in one go; pyqtgraph's own item is slow to change."""

    def __init__(self) -> None:
        super().__init__()
        self._rects: list[QRectF] = []
        self._bounds = QRectF()
        self._colour = QColor()

    def set_bars(self, bars: Bars, colour: QColor) -> None:
        """Show these bars in this colour."""
        self.prepareGeometryChange()
        feet = np.zeros(len(bars.x)) if bars.base is None else bars.base
        self._rects = [
            QRectF(x - bars.width / 2, foot, bars.width, height)
            for x, foot, height in zip(bars.x.tolist(), feet.tolist(), bars.heights.tolist(), strict=True)
        ]
        self._bounds = QRectF()
        for rect in self._rects:
            self._bounds = self._bounds.united(rect.normalized())
        self._colour = colour
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.setBrush(self._colour)
        painter.drawRects(self._rects)


class InView(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Something whose size in pixels has no counterpart in data: it claims the whole view."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__()
        self._box = box

    def boundingRect(self) -> QRectF:
        rect: QRectF = self._box.viewRect()
        return rect

    def viewTransformChanged(self) -> None:
        self.prepareGeometryChange()


class Spots(InView):
    """Round points of one size in pixels, painted in one go."""

    def set_spots(self, x: Any, y: Any, size: float, colour: QColor, ring: QColor | None) -> None:
        """Show points at (x, y), with a ring around each if a colour for it is given."""
        fine = np.isfinite(y) & np.isfinite(x)
        points = zip(x[fine].tolist(), y[fine].tolist(), strict=True)
        self._points = QPolygonF([QPointF(*point) for point in points])
        self._discs = [(ring, size / 2 + 1.5)] if ring is not None else []
        self._discs.append((colour, size / 2))
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        points = painter.transform().map(self._points)
        painter.resetTransform()  # in pixels, where a disc is round
        for colour, radius in self._discs:
            painter.setBrush(colour)
            for i in range(points.count()):
                painter.drawEllipse(points.at(i), radius, radius)


class Region(InView):
    """A filled region."""

    def set_outline(self, area: Area, colour: QColor) -> None:
        """Fill between the two outlines of an area."""
        there = zip(area.x.tolist(), area.low.tolist(), strict=True)
        back = zip(area.x[::-1].tolist(), area.high[::-1].tolist(), strict=True)
        self._outline = QPolygonF([QPointF(*point) for point in (*there, *back)])
        self._colour = colour
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawPolygon(self._outline)
