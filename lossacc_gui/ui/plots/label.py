"""A text in a picture: no box behind it, only a thin rim around its letters that lifts it from a line."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from lossacc_gui.ui.plots.items import InView

MARGIN = 3.0
"""Pixels of air left and right of the letters."""

RIM = 3.0
"""Pixels the rim is wide, half of it under the letters."""


class Label(InView):
    """Words at a place in pixels; ``ink`` writes them, and the rim has the colour of the ground."""

    def __init__(self, box: pg.ViewBox, font: QFont) -> None:
        super().__init__(box)
        self.text = ""
        self.rect = QRectF()
        """Where it stands, in pixels from the plotted area's left and top."""
        self._font, self._metrics = font, QFontMetricsF(font)
        self._ink, self._ground = QColor(), QColor()
        self._lines: list[str] = []
        self._path = QPainterPath()
        self._at = QPointF()
        self._lead: QPointF | None = None
        self.write("")

    def colour(self, ink: QColor, ground: QColor) -> None:
        """Write with this ink on a ground of this colour."""
        self._ink, self._ground = ink, ground
        self.update()

    def write(self, text: str, room: float = 0.0) -> None:
        """Say this, in as many lines as it takes where there is only so much ``room``."""
        lines = _broken(text, self._metrics, room - 2 * MARGIN) if room else [text]
        if len(lines) > 1:
            lines = _balanced(lines, self._metrics, room - 2 * MARGIN)
        if lines != self._lines:
            self.text, self._lines = text, lines
            self._path = QPainterPath()
            for i, line in enumerate(lines):
                self._path.addText(
                    MARGIN, self._metrics.ascent() + i * self._metrics.lineSpacing(), self._font, line
                )
            self.update()

    @property
    def size(self) -> tuple[float, float]:
        """Its width and height in pixels."""
        widest = max(map(self._metrics.horizontalAdvance, self._lines))
        return widest + 2 * MARGIN, len(self._lines) * self._metrics.lineSpacing()

    def put(self, left: float, top: float, at: tuple[float, float]) -> None:
        """Stand with its corner at so many pixels, which is the point ``at`` of the picture."""
        self.rect = QRectF(left, top, *self.size)
        self._at = QPointF(*at)
        self.update()

    def lead(self, point: tuple[float, float] | None) -> None:
        """Draw a thin line to this point of the picture, which it names from afar; or none."""
        self._lead = None if point is None else QPointF(*point)
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        at = painter.transform().map(self._at)
        lead = None if self._lead is None else painter.transform().map(self._lead)
        painter.resetTransform()  # in pixels
        painter.translate(round(at.x()), round(at.y()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if lead is not None:
            self._paint_lead(painter, lead - QPointF(round(at.x()), round(at.y())))
        rim = QPen(self._ground, RIM)
        rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(self._path, rim)
        painter.setPen(self._ink)
        painter.setFont(self._font)
        for i, line in enumerate(self._lines):
            painter.drawText(QPointF(MARGIN, self._metrics.ascent() + i * self._metrics.lineSpacing()), line)

    def _paint_lead(self, painter: QPainter, end: QPointF) -> None:
        """From the nearest edge of the text."""
        width, height = self.size
        start = QPointF(min(max(end.x(), MARGIN), width - MARGIN), min(max(end.y(), 0.0), height))
        for colour, thick in ((self._ground, 3.0), (self._ink, 1.0)):
            painter.setPen(QPen(colour, thick))
            painter.drawLine(start, end)


def _balanced(lines: list[str], metrics: QFontMetricsF, room: float) -> list[str]:
    """The same words in as many lines of about one length, so that none is left with a single word."""
    text, narrow = " ".join(lines), room / len(lines)
    while narrow < room:
        tried = _broken(text, metrics, narrow)
        if len(tried) <= len(lines):
            return tried
        narrow += room / 40
    return lines


def _broken(text: str, metrics: QFontMetricsF, room: float) -> list[str]:
    """The words of a text in lines no wider than the room, as far as words allow."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and metrics.horizontalAdvance(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
