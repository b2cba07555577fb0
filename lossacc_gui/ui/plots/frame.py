"""The axes of a picture: their lines, numbers and names, and the room they leave for what is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lossacc_gui.core.curves.axes import ticks
from lossacc_gui.core.curves.curve import Axis, Role
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.scales import Axes

ABOVE = 5.0
"""Room at the top for half of a number."""

LAST = 12.0
"""Room at the right for half of the last number of an axis, where no axis stands there."""

OFF = 5.0
"""Between an axis and its numbers."""

EDGE = 2.0
"""Between the name of an axis and the edge of the picture."""

Align = Qt.AlignmentFlag
Tick = tuple[float, str]
"""Where, in pixels from the start of its axis, and what is written there."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text beside an axis: where, in what colour, and by how many degrees it is turned around its middle."""

    text: str
    rect: QRectF
    colour: QColor
    align: Qt.AlignmentFlag
    turned: int = 0


class Frame:
    """Axes laid out for a size."""

    def __init__(self) -> None:
        self.area = QRectF()
        self.numbers: list[Written] = []
        self.names: list[Written] = []
        self._font = look.font(look.SMALL_PIXELS)

    def lay_out(self, axes: Axes, size: QSizeF, theme: look.Theme) -> None:
        """Find room for all of it in a picture of this size; what is left is ``area``."""
        x, left, right = axes
        font = QFontMetricsF(self._font)
        line = font.height()
        bottom = size.height() - (OFF + 2 * line + EDGE)
        height = max(bottom - ABOVE, 1.0)
        sides = [_ticks_up(axis, height, font) if axis is not None else [] for axis in (left, right)]
        wide = [max((font.horizontalAdvance(text) for _, text in side), default=0.0) for side in sides]
        start = EDGE + line + wide[0] + 2 * OFF
        after = LAST if right is None else EDGE + line + wide[1] + 2 * OFF
        width = max(size.width() - start - after, 1.0)
        self.area = area = QRectF(start, ABOVE, width, height)
        colour = QColor(theme.muted)
        self.numbers, self.names = [], []
        for at, text in _ticks_across(x, width, after, font):
            half = font.horizontalAdvance(text) / 2 + 1
            rect = QRectF(start + at - half, bottom + OFF - 1, 2 * half, line)
            self.numbers.append(Written(text, rect, colour, Align.AlignCenter))
        for at, text in sides[0]:
            rect = QRectF(start - OFF - wide[0], bottom - at - line / 2, wide[0], line)
            self.numbers.append(Written(text, rect, colour, Align.AlignRight | Align.AlignVCenter))
        for at, text in sides[1]:
            rect = QRectF(area.right() + OFF, bottom - at - line / 2, wide[1], line)
            self.numbers.append(Written(text, rect, colour, Align.AlignLeft | Align.AlignVCenter))
        self._name(x, QPointF(area.center().x(), size.height() - EDGE - line / 2), width, theme)
        self._name(left, QPointF(EDGE + line / 2, area.center().y()), height, theme, turned=-90)
        if right is not None:
            middle = QPointF(size.width() - EDGE - line / 2, area.center().y())
            self._name(right, middle, height, theme, turned=-90)

    def paint(self, painter: QPainter, theme: look.Theme, *, right: bool) -> None:
        """Draw it; ``right`` says that there is an axis on that side."""
        area = self.area
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        if right:
            painter.drawLine(area.topRight(), area.bottomRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for written in (*self.numbers, *self.names):
            painter.setPen(written.colour)
            if not written.turned:
                painter.drawText(written.rect, written.align, written.text)
                continue
            painter.save()
            painter.translate(written.rect.center())
            painter.rotate(written.turned)
            lying = QRectF(0, 0, written.rect.height(), written.rect.width())
            lying.moveCenter(QPointF(0, 0))
            painter.drawText(lying, written.align, written.text)
            painter.restore()

    def _name(self, axis: Axis, middle: QPointF, room: float, theme: look.Theme, turned: int = 0) -> None:
        """What an axis says, around a point."""
        font = QFontMetricsF(self._font)
        text = _fitting(axis.text, room, font)
        size = QSizeF(font.horizontalAdvance(text) + 2, font.height())
        rect = QRectF(QPointF(0, 0), size.transposed() if turned else size)
        rect.moveCenter(middle)
        colour = QColor(theme.muted) if axis.role is Role.PLAIN else theme.of(axis.role)
        self.names.append(Written(text, rect, colour, Align.AlignCenter, turned))


def _ticks_across(axis: Axis, length: float, after: float, font: QFontMetricsF) -> list[Tick]:
    given = _given(axis, length, 52)
    sizes = [font.horizontalAdvance(text) for _, text in given]
    return _kept(given, sizes, length + after, 8.0)


def _ticks_up(axis: Axis, length: float, font: QFontMetricsF) -> list[Tick]:
    given = _given(axis, length, 40)
    return _kept(given, [font.height()] * len(given), length + ABOVE + 3.0, 1.0)


def _given(axis: Axis, length: float, each: int) -> list[Tick]:
    """The ticks of an axis that has about ``each`` pixels for each of its own."""
    span = max(axis.high - axis.low, 1e-300)
    if axis.ticks is None:
        ours = ticks(axis.low, axis.high, min(max(2, int(length / each)), 8))
    else:
        ours = tuple(tick for tick in axis.ticks if axis.low <= tick[0] <= axis.high)
    return [((at - axis.low) / span * length, text) for at, text in ours]


def _kept(given: list[Tick], sizes: list[float], end: float, gap: float) -> list[Tick]:
    """Those that there is room for, none upon another and none beyond the end."""
    inside = [i for i, (at, _) in enumerate(given) if at + sizes[i] / 2 <= end]
    kept = _apart([given[i][0] for i in inside], [sizes[i] for i in inside], gap)
    return [given[inside[i]] for i in kept]


def _apart(places: list[float], sizes: list[float], gap: float) -> list[int]:
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


def _fitting(text: str, room: float, font: QFontMetricsF) -> str:
    """An axis text, without what stands in brackets, then without what explains it, where there is no room."""
    plain = text.split(" (", maxsplit=1)[0]
    shorter = (text, plain, plain.split(": ", maxsplit=1)[0], plain.split(", ", maxsplit=1)[0])
    return next((said for said in shorter if font.horizontalAdvance(said) <= room), shorter[2])
