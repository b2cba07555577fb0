"""One view as it goes into a report: its title, what it shows, and under it the sentence that says so.

A sheet is light whatever the window is, and leaves out what is only chosen in the window, such as the current
row. It paints itself on any device, as shapes and letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Protocol

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from lossacc_gui.core.wording import are, counted
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.painted import PaintedPanel
from lossacc_gui.ui.panels.table import TablePanel
from lossacc_gui.ui.plots import CurveView, Picture
from lossacc_gui.ui.views import View

MM = 96 / 25.4
"""Pixels a millimetre of a sheet: it is laid out as a screen is."""

MARGIN = 12.0
GAP = 6.0
"""Pixels around what is on the sheet, and between its parts."""

HEAD_PAD = 3
"""Pixels beside the text of a heading, as beside those under it."""

WRAP = Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class Format:
    """How large a sheet is, and how many dots an inch a picture of it in dots has.

    ``width`` and ``height`` in pixels, of which 96 are an inch. Without a width the view is as large as it is on
    screen; without a height it has the shape of a picture in a journal.
    """

    dots: float
    width: float | None = None
    height: float | None = None


SCREEN = Format(192)
COLUMN = Format(300, 85 * MM)
"""As wide as a column of a journal."""


def of_pixels(size: tuple[int, int]) -> Format:
    """A sheet of so many pixels, one dot each."""
    return Format(96, *size)


SCREENFUL = 800
"""So high a table is while it is found how high it has to be."""

PAGE = 240 * MM
"""So high a table is at most."""

SHAPE = 0.75
"""The height of a view on a sheet of a given width, as a part of its width."""


class _Body(Protocol):
    """What a view shows."""

    def needs(self, width: float) -> float:
        """How high it is at most, so wide."""

    def paint(self, painter: QPainter, size: QSizeF) -> None:
        """Draw it from (0, 0) on."""


class Sheet:
    """A view laid out for a report; ``size`` in pixels, of which 96 are an inch.

    ``chosen`` keeps the marks of the current row and class, which somebody chose for the report.
    """

    def __init__(
        self,
        view: View,
        subject: str,
        form: Format = SCREEN,
        theme: look.Theme = look.LIGHT,
        *,
        chosen: bool = False,
    ) -> None:
        self._theme, self._body = theme, _body(view, theme, chosen=chosen)
        shown: QWidget = view.view
        width = shown.width() if form.width is None else form.width - 2 * MARGIN
        title = f"{view.what.title} · {subject}"
        self._bold, self._plain = look.font(bold=True), look.font(look.SMALL_PIXELS)
        says = [view.card.reading.toolTip(), getattr(shown, "aside", "")]
        if QFontMetricsF(self._bold).horizontalAdvance(title) > width:
            title = view.what.title
            says.insert(0, f"{subject}:" if any(says) else subject)
        self._title, self._caption = title, " ".join(filter(None, says))
        top = MARGIN + QFontMetricsF(self._bold).height() + GAP
        below = self._measured(width)
        height = shown.height() if form.width is None else SHAPE * width
        if isinstance(self._body, _Table):  # half a table would pass for a whole one
            height = PAGE
        if form.height is not None:
            height = max(1.0, form.height - top - GAP - below.height() - MARGIN)
        height = min(height, self._body.needs(width))
        if isinstance(self._body, _Table) and (cut := self._body.cut(height)):
            before, said = below.height(), self._caption
            self._caption = f"{said} {cut}".strip()
            below = self._measured(width)
            if form.height is not None and below.height() > before:  # the longer caption takes a line away
                height = max(1.0, height - (below.height() - before))
                self._caption = f"{said} {self._body.cut(height)}".strip()
        self._inside = QRectF(MARGIN, top, width, height)
        self._below = QRectF(MARGIN, top + height + GAP, width, below.height())
        whole = self._below.bottom() + MARGIN if form.height is None else form.height
        self.size = QSizeF(width + 2 * MARGIN, whole)

    def _measured(self, width: float) -> QRectF:
        """How much room the caption takes."""
        return QFontMetricsF(self._plain).boundingRect(QRectF(0, 0, width, 10_000), WRAP, self._caption)

    @property
    def title(self) -> str:
        """What is written above."""
        return self._title

    @property
    def caption(self) -> str:
        """What is written below."""
        return self._caption

    def paint(self, painter: QPainter) -> None:
        """Draw it from (0, 0) on."""
        painter.fillRect(QRectF(0, 0, self.size.width(), self.size.height()), QColor(self._theme.card))
        painter.setFont(self._bold)
        painter.setPen(QColor(self._theme.text))
        head = QRectF(MARGIN, MARGIN, self._inside.width(), self._inside.top() - MARGIN)
        painter.drawText(head, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, self._title)
        painter.save()
        painter.setClipRect(self._inside)
        painter.translate(self._inside.topLeft())
        self._body.paint(painter, self._inside.size())
        painter.restore()
        painter.setFont(self._plain)
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(self._below, WRAP, self._caption)


def _body(view: View, theme: look.Theme, *, chosen: bool) -> _Body:
    shown = view.view
    if isinstance(shown, CurveView):
        return _Curve(shown, theme, chosen=chosen)
    twin = shown.twin(theme)
    if isinstance(twin, TablePanel) and shown.picture is not None and shown.picture.empty:
        return _Words(shown.picture.empty, theme)
    return _Panel(twin) if isinstance(twin, PaintedPanel) else _Table(twin, theme)


class _Curve:
    def __init__(self, view: CurveView, theme: look.Theme, *, chosen: bool) -> None:
        self._picture = Picture(theme)
        if view.drawn is not None:
            self._picture.draw(view.drawn if chosen else view.drawn.unchosen())

    def needs(self, _: float) -> float:
        """See _Body."""
        return inf

    def paint(self, painter: QPainter, size: QSizeF) -> None:
        """See _Body."""
        self._picture.resize(size)
        self._picture.paint_frame(painter)
        self._picture.paint_inside(painter)


class _Panel:
    def __init__(self, twin: PaintedPanel) -> None:
        self._twin = twin

    def needs(self, _: float) -> float:
        """See _Body."""
        return self._twin.needed

    def paint(self, painter: QPainter, size: QSizeF) -> None:
        """See _Body."""
        twin = self._twin
        twin.resize(int(size.width()), int(size.height() + twin.over))
        if twin.picture is not None:
            twin.draw(twin.picture)  # by the room there is
        painter.translate(0, -twin.over)
        twin.paint_all(painter)


class _Words:
    """What is said where a table has no lines."""

    def __init__(self, text: str, theme: look.Theme) -> None:
        self._text, self._theme = text, theme
        self._font = look.font()

    def needs(self, width: float) -> float:
        """See _Body."""
        return QFontMetricsF(self._font).boundingRect(QRectF(0, 0, width, 10_000), WRAP, self._text).height()

    def paint(self, painter: QPainter, size: QSizeF) -> None:
        """See _Body."""
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QRectF(QPointF(), size), WRAP, self._text)


class _Table:
    def __init__(self, twin: TablePanel, theme: look.Theme) -> None:
        self._twin, self._table = twin, twin.table
        self._theme = theme
        look.wear(twin, theme)
        twin.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        for set_policy in (
            self._table.setHorizontalScrollBarPolicy,
            self._table.setVerticalScrollBarPolicy,
        ):
            set_policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def needs(self, width: float) -> float:
        """See _Body."""
        self._twin.resize(int(width), SCREENFUL)
        self._twin.show()
        self._twin.hide()
        return float(self._table.horizontalHeader().height() + self._table.verticalHeader().length() + 2)

    def cut(self, height: float) -> str:
        """Which of the lines are seen so high, in a sentence; nothing when all are."""
        lines, seen = self._twin.model.rowCount(), len(self._ends(height))
        if seen == lines:
            return ""
        first, more = counted(seen, "line"), lines - seen
        return f"Here {are(seen)} the first {first}, and {more:,} more {are(more)} left out."

    def _ends(self, height: float) -> list[int]:
        """How far down the lines end that are whole, so high."""
        head = self._table.horizontalHeader().height()
        rows = range(self._twin.model.rowCount())
        ends = [head + self._table.rowViewportPosition(row) + self._table.rowHeight(row) for row in rows]
        return [end for end in ends if end <= height]

    def paint(self, painter: QPainter, size: QSizeF) -> None:
        """See _Body."""
        table = self._table
        head, lines = table.horizontalHeader(), self._ends(size.height())
        shown = [at for at in range(len(self._twin.model.columns)) if not table.isColumnHidden(at)]
        painter.setPen(QColor(self._theme.border))
        painter.drawLine(QLineF(0.0, head.height() - 0.5, size.width(), head.height() - 0.5))
        for at in shown:
            left, width = table.columnViewportPosition(at), table.columnWidth(at)
            self._paint_heading(painter, at, QRect(left, 0, width, head.height()))
            for row, end in enumerate(lines):
                tall = table.rowHeight(row)
                self._paint_cell(painter, row, at, QRect(left, end - tall, width, tall))

    def _paint_heading(self, painter: QPainter, column: int, where: QRect) -> None:
        heading = partial(self._twin.model.headerData, column, Qt.Orientation.Horizontal)
        painter.setFont(look.font(look.SMALL_PIXELS))
        painter.setPen(QColor(self._theme.muted))
        inside = where.adjusted(HEAD_PAD, 0, -HEAD_PAD, 0)
        painter.drawText(inside, heading(Qt.ItemDataRole.TextAlignmentRole), heading())

    def _paint_cell(self, painter: QPainter, row: int, column: int, where: QRect) -> None:
        """As on screen, by the table's own delegate: letters stay letters."""
        option = QStyleOptionViewItem()
        self._table.initViewItemOption(option)
        option.rect = where
        option.state = QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Active
        self._table.itemDelegate().paint(painter, option, self._twin.model.index(row, column))
