"""Row bars: the classes of the current row, each to be dragged under the edit rule."""

from __future__ import annotations

from dataclasses import replace
from math import floor, isnan, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from lossacc_gui.core.curves.curve import Pick
from lossacc_gui.core.row_bars import Bar, RowBars, row_bars
from lossacc_gui.core.scene import Sets
from lossacc_gui.core.wording import brief, counted
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.painted import PaintedPanel, elided
from lossacc_gui.ui.panels.panel import Panel
from lossacc_gui.ui.plots import Phase

GAP = 8
TALLEST = 48
LOWEST = 13
"""A lane is no lower: names would touch."""
ARROW = 5
STEP = 0.01
"""What an arrow key moves, as a part of the axis; a tenth of it with Shift."""


class RowBarsView(PaintedPanel):
    """Bars from left to right, one a class. Drag one, or choose it with Up and Down and move it with the
    arrows to the side."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.picture: RowBars | None = None
        self.bars: tuple[Bar, ...] = ()
        """Those there is room for."""
        self._names: tuple[str, ...] = ()
        self._longest = 0
        self._value_room = QFontMetrics(self.font()).horizontalAdvance("0.0000 ✓ ") + GAP
        self._held: Bar | None = None
        self._moving = False

    def draw(self, picture: RowBars, *, hold_axes: bool = False) -> None:
        """See PanelView."""
        # Measured once a picture: every bar that is painted asks where the names end.
        metrics = QFontMetrics(look.font(look.SMALL_PIXELS, bold=True))
        self._names = tuple(bar.name for bar in picture.bars)
        self._longest = max(map(metrics.horizontalAdvance, self._names), default=0)
        same = self.picture is not None and self.picture.row == picture.row
        kept = {bar.column for bar in self.bars} if same or hold_axes else set()
        super().draw(picture, hold_axes=hold_axes)
        new = self._chosen()
        old = tuple(bar for bar in picture.bars if bar.column in kept)
        # Of the same row the same bars, so that none moves away from under the hand that chooses one.
        stays = (
            old
            and len(old) == len(new)
            and kept >= {picture.label, picture.prediction, picture.column} - {-1}
        )
        bars = old if stays or (hold_axes and old) else new
        if bars != self.bars:
            self.update()
        self.bars = bars

    def _chosen(self) -> tuple[Bar, ...]:
        """All bars where each has a lane that can be read; else the label, the prediction, the current class
        and the largest, and a line that says how many are left out."""
        picture = self.picture
        if picture is None:
            return ()
        room = (self.height() - 2) // LOWEST
        if len(picture.bars) + (picture.others > 0) <= room:
            return picture.bars
        musts = (picture.label, picture.prediction, picture.column)
        order = sorted(picture.bars, key=lambda bar: (bar.column not in musts, isnan(bar.value), -bar.value))
        kept = {bar.column for bar in order[: max(1, room - 1)]}
        return tuple(bar for bar in picture.bars if bar.column in kept)

    def unchosen(self) -> RowBars | None:
        """See PaintedPanel."""
        return None if self.picture is None else replace(self.picture, column=-1)

    @property
    def needed(self) -> float:
        """See PaintedPanel."""
        bars = 0 if self.picture is None else len(self.picture.bars)
        return TALLEST * max(bars, 1) + LOWEST

    # --- where things are ---

    @property
    def _lane(self) -> float:
        """The height of one bar's lane."""
        return min(TALLEST, (self.height() - 2 - LOWEST * (self._left_out > 0)) / max(len(self.bars), 1))

    @property
    def _left_out(self) -> int:
        """How many classes have no bar."""
        return 0 if self.picture is None else self.picture.others + len(self.picture.bars) - len(self.bars)

    def _name_room(self) -> float:
        return min(self._longest, 0.3 * self.width()) + 2 * GAP

    def x_of(self, value: float) -> float:
        """Where a value stands, in pixels."""
        assert self.picture is not None
        left, right = self._name_room(), self.width() - self._value_room
        share = (value - self.picture.low) / (self.picture.high - self.picture.low)
        return left + min(max(share, 0.0), 1.0) * (right - left)

    def bar_rect(self, index: int, value: float) -> QRectF:
        """The bar of the class at this place, if it had this value."""
        lane = self._lane
        inset = min(3.0, 0.15 * lane)
        zero, end = self.x_of(0.0), self.x_of(value)
        top = 1 + index * lane + inset
        return QRectF(min(zero, end), top, abs(end - zero), lane - 2 * inset)

    # --- painting ---

    def paint(self, painter: QPainter) -> None:
        """See PaintedPanel."""
        assert self.picture is not None
        pixels = max(8, min(look.SMALL_PIXELS, int(self._lane - 1)))
        fonts = [look.font(pixels, bold=bold) for bold in (False, True)]
        for index, bar in enumerate(self.bars):
            self._paint_bar(painter, index, bar, fonts)
        zero, foot = self.x_of(0.0), 2 + self._lane * len(self.bars)
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.drawLine(QPointF(zero, 0), QPointF(zero, foot))
        if self._left_out:
            painter.setFont(self.font())
            painter.setPen(QColor(self.theme.muted))
            said = f"and {counted(self._left_out, 'smaller class')}"
            painter.drawText(QPointF(zero, foot + LOWEST - 3), said)

    def _paint_bar(self, painter: QPainter, index: int, bar: Bar, fonts: list[QFont]) -> None:
        """Paint a class's lane; ``fonts`` are a plain and a bold one."""
        picture, theme = self.picture, self.theme
        assert picture is not None
        lane, top = self._lane, 1 + index * self._lane
        line = QRectF(0, top, self.width(), lane)
        if bar.column == picture.column:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.hover))
            painter.drawRoundedRect(line, 4, 4)
        won, mine = bar.column == picture.prediction, bar.column == picture.label
        colour = theme.faint
        if won and picture.right is not None:
            colour = theme.right if picture.right else theme.wrong
        value = 0.0 if isnan(bar.value) else bar.value
        rect = self.bar_rect(index, value)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRect(rect)
        if mine:
            frame = self.bar_rect(index, picture.high)
            painter.setPen(QPen(QColor(theme.text), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 3, 3)
        if bar.flipped is not None:
            self._paint_arrow(painter, rect.center().y(), self.x_of(value), self.x_of(bar.flipped))
        bold = won or mine
        painter.setFont(fonts[bold])
        painter.setPen(QColor(theme.text if bold else theme.muted))
        self._paint_texts(painter, line, bar)

    def _paint_arrow(self, painter: QPainter, y: float, start: float, end: float) -> None:
        """From where the bar ends to where the smallest flip would take it."""
        for colour, width in ((self.theme.card, 4.0), (self.theme.accent, 1.6)):  # seen on any bar
            painter.setPen(QPen(QColor(colour), width))
            painter.drawLine(QPointF(start, y), QPointF(end, y))
        way = 1 if end > start else -1
        head = [QPointF(end, y), QPointF(end - way * ARROW, y - ARROW), QPointF(end - way * ARROW, y + ARROW)]
        painter.setBrush(QColor(self.theme.accent))
        painter.setPen(QPen(QColor(self.theme.card), 0.5))
        painter.drawPolygon(QPolygonF(head))

    def _paint_texts(self, painter: QPainter, line: QRectF, bar: Bar) -> None:
        picture, theme = self.picture, self.theme
        assert picture is not None
        room = self._name_room() - 2 * GAP
        name = line.adjusted(GAP, 0, 0, 0)
        painter.drawText(
            QRectF(name.left(), line.top(), room + 2, line.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            elided(painter.fontMetrics(), bar.name, room + 2, self._names),
        )
        sign = ""
        if bar.column == picture.prediction and picture.right is not None:
            painter.setPen(QColor(theme.right if picture.right else theme.wrong))
            sign = " ✓" if picture.right else " ✗"
        where = line.adjusted(self.width() - self._value_room + GAP / 2, 0, 0, 0)
        painter.drawText(
            where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, brief(bar.value) + sign
        )

    # --- the hand ---

    def _at(self, y: float) -> Bar | None:
        if self.picture is None or self.picture.empty:
            return None
        index = int((y - 1) // self._lane)
        return self.bars[index] if 0 <= index < len(self.bars) else None

    def _value_at(self, x: float) -> float:
        """The value at this place, inside what the held bar may be; about a thousandth of the axis exact."""
        assert self.picture is not None
        assert self._held is not None
        low, high = self.picture.low, self.picture.high
        left, right = self.x_of(low), self.x_of(high)
        value = round(low + (x - left) / max(right - left, 1) * (high - low), self._digits)
        return min(max(value, self._held.low, low), self._held.high, high)

    @property
    def _digits(self) -> int:
        """The decimals of about a thousandth of the axis."""
        assert self.picture is not None
        width = self.picture.high - self.picture.low
        return 2 if width > 2 else 3 - floor(log10(width))

    def _choose(self, bar: Bar) -> None:
        assert self.picture is not None
        self.picked.emit(Pick(bar.value, 0.0, self.picture.row, column=bar.column))

    def says_at(self, at: QPointF) -> str:
        """See PaintedPanel."""
        bar = self._at(at.y())
        return self._says(bar) if bar is not None else ""

    def read_again(self) -> None:
        """See PanelView. While a bar is moved, its own value."""
        held = next((bar for bar in self.bars if self._held and bar.column == self._held.column), None)
        if held is not None:
            self.pointed.emit(self._says(held))
        else:
            super().read_again()

    @property
    def is_dragged(self) -> bool:
        """See PanelView."""
        return self._moving

    def let_go(self) -> None:
        """See PanelView."""
        if self._moving:
            self._moving = False
            self._held = None
            self.dragged.emit(Sets.CELL.value, Phase.END.value, 0.0)

    # Qt's own names from here on

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._moving:
            self.bars = self._chosen()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        bar = self._at(event.position().y())
        if event.button() is not Qt.MouseButton.LeftButton or bar is None:
            return
        self._choose(bar)
        if bar.fixed:
            self.pointed.emit(f"{bar.name} cannot be moved: {bar.fixed}")
            return
        if event.position().x() >= self._name_room() - GAP:
            self._held, self._moving = bar, True
            self.dragged.emit(Sets.CELL.value, Phase.BEGIN.value, bar.value)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._moving and event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(Sets.CELL.value, Phase.MOVE.value, self._value_at(event.position().x()))
            return
        self.let_go()  # where the release was lost to another window
        bar = self._at(event.position().y())
        movable = bar is not None and not bar.fixed and event.position().x() >= self._name_room() - GAP
        self.setCursor(Qt.CursorShape.SizeHorCursor if movable else Qt.CursorShape.ArrowCursor)
        self.point_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.let_go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, picture = Qt.Key(event.key()), self.picture
        if picture is None or not self.bars:
            event.ignore()
            return
        places = [bar.column for bar in self.bars]
        at = places.index(picture.column) if picture.column in places else 0
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = -1 if key == Qt.Key.Key_Up else 1
            self._choose(self.bars[min(max(at + by, 0), len(places) - 1)])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not self.bars[at].fixed:
            fine = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            self._nudge(self.bars[at], (-1 if key == Qt.Key.Key_Left else 1) * fine)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.isAutoRepeat():
            self.let_go()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.let_go()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.let_go()
        super().hideEvent(event)

    def _nudge(self, bar: Bar, steps: float) -> None:
        assert self.picture is not None
        if not self._moving:
            self._held, self._moving = bar, True
            self.dragged.emit(Sets.CELL.value, Phase.BEGIN.value, bar.value)
        assert self._held is not None
        target = round(bar.value + steps * STEP * (self.picture.high - self.picture.low), self._digits + 1)
        target = min(max(target, self._held.low), self._held.high)
        self.dragged.emit(Sets.CELL.value, Phase.MOVE.value, target)

    def _says(self, bar: Bar) -> str:
        assert self.picture is not None
        said = f"row {self.picture.row + 1}, {bar.name}: {brief(bar.value)}"
        if bar.flipped is not None:
            said += f", {brief(bar.flipped)} after the smallest flip"
        return said + (f" (cannot be moved: {bar.fixed})" if bar.fixed else "")


ROW_BARS = Panel(
    "bars",
    "Row bars",
    "drag a bar · arrow: smallest flip",
    row_bars,
    RowBarsView,
    follows_focus=True,
)
