"""A text in a picture: no box behind it, only a thin rim around its letters that lifts it from a line."""

from __future__ import annotations

from math import cos, pi, sin

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintEngine, QPainter, QPainterPath, QPen

MARGIN = 3.0
"""Pixels of air left and right of the letters."""

RIM = 1.5
"""Pixels the rim is wide around the letters."""

SHORT = 8.0
"""A line to a point ends so many pixels before it."""

AROUND = tuple((RIM * cos(turn * pi / 4), RIM * sin(turn * pi / 4)) for turn in range(8))
"""Letters that are written at all these places make a rim around those in the middle."""


class Label:
    """Words at a place in pixels; ``ink`` writes them, and the rim has the colour of the ground."""

    def __init__(self, font: QFont) -> None:
        self.text = ""
        self.is_shown = False
        self.rect = QRectF()
        """Where it stands, in pixels from the plotted area's left and top."""
        self._font, self._metrics = font, QFontMetricsF(font)
        self._ink, self._ground = QColor(), QColor()
        self._lines: list[str] = []
        self.size = (0.0, 0.0)
        """Its width and height in pixels."""
        self._lead: QPointF | None = None
        self.write("")

    def colour(self, ink: QColor, ground: QColor) -> None:
        """Write with this ink on a ground of this colour."""
        self._ink, self._ground = ink, ground

    def write(self, text: str, room: float = 0.0) -> None:
        """Say this, in as many lines as it takes where there is only so much ``room``."""
        lines = _broken(text, self._metrics, room - 2 * MARGIN) if room else [text]
        if len(lines) > 1:
            lines = _balanced(lines, self._metrics, room - 2 * MARGIN)
        if lines != self._lines:
            self.text, self._lines = text, lines
            widest = max(map(self._metrics.horizontalAdvance, lines))
            self.size = widest + 2 * MARGIN, len(lines) * self._metrics.lineSpacing()

    def put(self, left: float, top: float) -> None:
        """Stand with its corner at so many pixels."""
        self.rect = QRectF(left, top, *self.size)

    def lead(self, point: tuple[float, float] | None) -> None:
        """Draw a thin line to this place, in pixels, which it names from afar; or none."""
        self._lead = None if point is None else QPointF(*point)

    def paint(self, painter: QPainter) -> None:
        """Draw it in the plotted area, if it stands anywhere."""
        if not self.is_shown:
            return
        corner = self.rect.topLeft().toPoint()
        painter.translate(corner)
        if self._lead is not None:
            self._paint_lead(painter, self._lead - corner)
        painter.setFont(self._font)
        if painter.paintEngine().type() is QPaintEngine.Type.Raster:
            painter.setPen(self._ground)
            for across, down in AROUND:  # many times faster than to stroke outlines
                self._write(painter, across, down)
        else:  # on paper, where a text is to be found once by whoever looks for it
            self._stroke(painter)
        painter.setPen(self._ink)
        self._write(painter)
        painter.translate(-corner)

    def _write(self, painter: QPainter, across: float = 0.0, down: float = 0.0) -> None:
        """Write the lines, so many pixels beside where they belong."""
        for base, line in self._based():
            painter.drawText(QPointF(MARGIN + across, base + down), line)

    def _stroke(self, painter: QPainter) -> None:
        """Draw the rim as the outline of the letters."""
        path = QPainterPath()
        for base, line in self._based():
            path.addText(MARGIN, base, self._font, line)
        rim = QPen(self._ground, 2 * RIM)
        rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, rim)

    def _based(self) -> list[tuple[float, str]]:
        """The lines, with how far down they stand."""
        first, step = self._metrics.ascent(), self._metrics.lineSpacing()
        return [(first + i * step, line) for i, line in enumerate(self._lines)]

    def _paint_lead(self, painter: QPainter, end: QPointF) -> None:
        """From the nearest edge of the text to shortly before the point, which it would cover."""
        width, height = self.size
        line = QLineF(end, QPointF(min(max(end.x(), MARGIN), width - MARGIN), min(max(end.y(), 0.0), height)))
        if line.length() <= SHORT:
            return
        start, end = line.p2(), line.pointAt(SHORT / line.length())
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
    """The words of a text in lines no wider than the room, as far as words allow; a sign stays with what it means."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if len(lines[-1]) > 1 and metrics.horizontalAdvance(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
