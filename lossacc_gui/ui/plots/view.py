"""The one widget that draws any curve, and lets the hand into it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from lossacc_gui.core.curves.curve import (
    Area,
    Axis,
    Bands,
    Bars,
    Dots,
    Drawn,
    Level,
    Line,
    Mark,
    Pick,
    Role,
    Side,
    Text,
    Upright,
)
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.items import Boxes, Region, Spots

GRAB = 8
"""How near, in pixels, the pointer has to be to a handle or a point."""


class Phase(StrEnum):
    """Where a drag stands."""

    BEGIN = "begin"
    MOVE = "move"
    END = "end"


@dataclass(slots=True)
class _Item:
    """A mark on screen, and the graphics items it is made of."""

    mark: Mark
    parts: list[Any]


class CurveView(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Draws a ``Drawn``; what is dragged or clicked in it is told by signals."""

    dragged = Signal(str, float)
    """A phase of a drag, and where the handle should go; the end of a drag says nothing of where."""
    picked = Signal(object)
    """The Pick that was clicked."""
    pointed = Signal(str)
    """What is under the pointer, in words; empty when nothing is."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None, enableMenu=False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.drawn: Drawn | None = None
        self._items: list[_Item] = []
        self._axes: tuple[Axis, Axis, Axis | None] | None = None
        self._dragging = False
        self._grip = 0.0
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(False, False)
        plot.disableAutoRange()
        plot.getViewBox().setDefaultPadding(0)
        self._box = plot.getViewBox()
        self._handle = pg.InfiniteLine(angle=90)
        self._handle.setZValue(20)
        self._handle_text = pg.TextItem(anchor=(0, 0))
        self._handle_text.setZValue(21)
        for part in (self._handle, self._handle_text):
            plot.addItem(part, ignoreBounds=True)
        plot.showAxis("right")
        for side in ("left", "bottom", "right"):
            axis = plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setTickDensity(1.0 if side == "bottom" else 0.7)
            axis.setStyle(tickLength=-4, tickTextOffset=5, hideOverlappingLabels=True)
            axis.setTickFont(look.font(look.SMALL_PIXELS))
        # The right axis is read through its own scale: marks of that side are mapped to the left one.
        plot.getAxis("right").unlinkFromView()
        self._empty = QLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setMargin(16)
        self._empty.hide()
        self.set_theme(theme)

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self.theme = theme
        plot = self.getPlotItem()
        self.setBackground(theme.card)
        for side in ("left", "bottom", "right"):
            axis = plot.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
        self._handle.setPen(pg.mkPen(theme.text, width=1.5))
        self._handle_text.setColor(QColor(theme.text))
        self._handle_text.fill = pg.mkBrush(theme.card)
        self._empty.setStyleSheet(f"color: {theme.muted}; background: {theme.card};")
        drawn, self.drawn = self.drawn, None
        self._clear()
        if drawn is not None:
            self.draw(drawn)

    def draw(self, drawn: Drawn, *, hold_axes: bool = False) -> None:
        """Show this picture. ``hold_axes`` keeps the ranges, as while something is dragged."""
        axes = (drawn.x, drawn.left, drawn.right)
        if hold_axes and self._axes is not None and not drawn.empty:
            axes = self._held(axes)
        moved = self.drawn is None or axes != self._axes
        if moved:
            self._set_axes(*axes)
        self._axes, self.drawn = axes, drawn
        self.setAccessibleName(drawn.reading)
        if drawn.empty != self._empty.text():
            self._empty.setText(drawn.empty)
            self._empty.setGeometry(self.rect())
        self._empty.setVisible(bool(drawn.empty))
        kinds = [type(mark) for mark in drawn.marks]
        if [type(item.mark) for item in self._items] != kinds:
            self._clear()
            self._items = [self._make(mark, z) for z, mark in enumerate(drawn.marks)]
            moved = True
        for item, mark in zip(self._items, drawn.marks, strict=True):
            if moved or not _same(item.mark, mark):
                item.mark = mark
                self._update(item, mark)
        self._draw_handle()

    def _held(self, axes: tuple[Axis, Axis, Axis | None]) -> tuple[Axis, Axis, Axis | None]:
        """New texts and ticks on the old ranges."""
        assert self._axes is not None
        held = [
            new if new is None or old is None else Axis(new.text, old.low, old.high, new.role, new.ticks)
            for new, old in zip(axes, self._axes, strict=True)
        ]
        return held[0], held[1], held[2]  # type: ignore[return-value]

    def _set_axes(self, x: Axis, left: Axis, right: Axis | None) -> None:
        plot = self.getPlotItem()
        self._box.setRange(xRange=(x.low, x.high), yRange=(left.low, left.high), padding=0)
        plot.showAxis("right", right is not None)
        for side, axis in (("bottom", x), ("left", left), ("right", right)):
            item = plot.getAxis(side)
            if axis is None:
                continue
            colour = self.theme.muted if axis.role is Role.PLAIN else self.theme.of(axis.role).name()
            room = self.height() - 64 if side != "bottom" else self.width() - 40
            text = _fitting(axis.text, room)
            item.setLabel(text, **{"color": colour, "font-size": f"{look.SMALL_PIXELS}px"})
            item.setTicks(None if axis.ticks is None else [list(axis.ticks)])
            item.setStyle(tickLength=-4 if axis.ticks is None else 0)
        if right is not None:
            plot.getAxis("right").setRange(right.low, right.high)

    def _y(self, values: Any, side: Side) -> Any:
        """Heights of either side on the scale of the left one."""
        left, right = self._axes[1:] if self._axes else (None, None)
        if side is Side.LEFT or left is None or right is None or right.high == right.low:
            return values
        return left.low + (values - right.low) * ((left.high - left.low) / (right.high - right.low))

    def _clear(self) -> None:
        for item in self._items:
            for part in item.parts:
                self.getPlotItem().removeItem(part)
        self._items = []

    def _make(self, mark: Mark, z: int) -> _Item:
        """The graphics items a mark of this kind needs, in front of those before it."""
        parts: list[Any]
        match mark:
            case Line():
                parts = [pg.PlotCurveItem(antialias=True, connect="finite"), Spots(self._box)]
            case Dots():
                parts = [Spots(self._box)]
            case Bars():
                parts = [Boxes()]
            case Bands():
                parts = [pg.PlotCurveItem(antialias=False, connect="pairs")]
            case Area():
                parts = [Region(self._box)]
            case Upright() | Level():
                angle = 90 if isinstance(mark, Upright) else 0
                parts = [pg.InfiniteLine(angle=angle), pg.TextItem()]
            case Text():
                parts = [pg.TextItem()]
        for part in parts:
            part.setZValue(z)
            self.getPlotItem().addItem(part, ignoreBounds=True)
            if isinstance(part, pg.TextItem):
                part.setFont(look.font(look.SMALL_PIXELS))
        return _Item(mark, parts)

    def _update(self, item: _Item, mark: Mark) -> None:
        """Put a mark's present data into its items."""
        colour = self.theme.of(mark.role)
        parts = item.parts
        match mark:
            case Line():
                style = Qt.PenStyle.DashLine if mark.dashed else Qt.PenStyle.SolidLine
                pen = pg.mkPen(colour, width=mark.width, style=style)
                y = self._y(mark.y, mark.side)
                parts[0].setData(mark.x, y, pen=pen)
                dots = (mark.x, y) if mark.dots else (y[:0], y[:0])
                parts[1].set_spots(*dots, 6, colour, None)
            case Dots():
                y = self._y(mark.y, mark.side)
                parts[0].set_spots(mark.x, y, mark.size, colour, QColor(self.theme.card))
            case Bars():
                parts[0].set_bars(mark, colour)
            case Bands():
                pen = pg.mkPen(colour, width=mark.thickness, cap="flat")
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                ends = np.column_stack([mark.low, mark.high]).ravel()
                parts[0].setData(ends, np.repeat(mark.y, 2), pen=pen)
            case Area():
                parts[0].set_outline(mark, colour)
            case Upright() | Level():
                self._update_ruler(parts, mark, colour)
            case Text():
                self._write(parts[0], mark.text, colour)
                parts[0].fill = pg.mkBrush(self.theme.card if len(mark.text) > 3 else None)
                parts[0].setAnchor(mark.anchor)
                parts[0].setPos(mark.x, mark.y)

    def _write(self, item: Any, text: str, colour: QColor) -> None:
        """Set a text, broken into lines where the plot is narrower than it."""
        room = self._box.width() - 8
        item.setText(text, colour)
        item.textItem.setTextWidth(-1)
        if room > 40 and item.textItem.boundingRect().width() > room:
            item.textItem.setTextWidth(room)
        item.updateTextPos()

    def _update_ruler(self, parts: list[Any], mark: Upright | Level, colour: QColor) -> None:
        """A line across the plot with its text kept inside."""
        assert self._axes is not None
        x, left, _ = self._axes
        style = Qt.PenStyle.DashLine if mark.dashed else Qt.PenStyle.SolidLine
        parts[0].setPen(pg.mkPen(colour, width=1, style=style))
        ink = QColor(self.theme.muted) if mark.role in (Role.PLAIN, Role.FAINT) else colour
        parts[1].setText(mark.text, ink)
        if isinstance(mark, Level):
            y = self._y(mark.y, mark.side)
            parts[0].setPos(y)
            parts[1].setAnchor((0, 1 if y < left.low + 0.9 * (left.high - left.low) else 0))
            parts[1].setPos(x.low, y)
            return
        parts[0].setPos(mark.x)
        across = (mark.x - x.low) / max(x.high - x.low, 1e-300)
        side = "right" if across < 0.15 else "left" if across > 0.85 else mark.align
        parts[1].setAnchor((0 if side == "right" else 1, 0 if mark.at_top else 1))
        parts[1].setPos(mark.x, left.high if mark.at_top else left.low)
        room = self._box.width() * min(1 - across if side == "right" else across, self._gap(mark, side) / 2)
        parts[1].setVisible(parts[1].boundingRect().width() <= room)  # rather no text than half of one

    def _gap(self, mark: Upright, side: str) -> float:
        """How far the next line with a text at that height is, as a share of the width."""
        assert self._axes is not None
        assert self.drawn is not None
        others = [
            abs(other.x - mark.x)
            for other in self.drawn.marks
            if isinstance(other, Upright) and other.at_top == mark.at_top
            if (other.x > mark.x if side == "right" else other.x < mark.x)
        ]
        return min(others, default=np.inf) / max(self._axes[0].high - self._axes[0].low, 1e-300)

    def _draw_handle(self) -> None:
        assert self._axes is not None
        assert self.drawn is not None
        handle, x = self.drawn.handle, self._axes[0]
        for part in (self._handle, self._handle_text):
            part.setVisible(handle is not None)
        if handle is not None:
            self._handle.setPos(handle.x)
            self._handle_text.setText(handle.text)
            right_half = handle.x > (x.low + x.high) / 2
            self._handle_text.setAnchor((1 if right_half else 0, 0))
            self._handle_text.setPos(handle.x, self._axes[1].high)

    def _at(self, event: QMouseEvent) -> tuple[QPointF, tuple[float, float]]:
        """Where the pointer is in the picture, and how many pixels a unit of x and y has."""
        point = self._box.mapSceneToView(self.mapToScene(event.position().toPoint()))
        width, height = self._box.viewPixelSize()
        return point, (1 / width if width else 0.0, 1 / height if height else 0.0)

    def _on_handle(self, event: QMouseEvent) -> bool:
        if self.drawn is None or self.drawn.handle is None or self.drawn.empty:
            return False
        point, (per_x, _) = self._at(event)
        return abs(point.x() - self.drawn.handle.x) * per_x <= GRAB

    def _pick_at(self, event: QMouseEvent) -> Pick | None:
        """The pick under the pointer, if one is near enough."""
        if self.drawn is None or not self.drawn.picks or self.drawn.empty:
            return None
        point, (per_x, per_y) = self._at(event)
        if not self._box.viewRect().contains(point):
            return None
        picks = self.drawn.picks
        across = np.abs(np.array([pick.x for pick in picks]) - point.x()) * per_x
        if self.drawn.nearest_x:
            return picks[int(across.argmin())]
        up = np.abs(np.array([pick.y for pick in picks]) - point.y()) * per_y
        distance = np.hypot(across, up)
        nearest = int(distance.argmin())
        return picks[nearest] if distance[nearest] <= 2 * GRAB else None

    def _end_drag(self) -> None:
        if self._dragging:
            self._dragging = False
            self.dragged.emit(Phase.END.value, 0.0)

    def _drag_to(self, event: QMouseEvent) -> None:
        assert self.drawn is not None
        handle = self.drawn.handle
        if handle is None:
            return
        value = min(max(self._at(event)[0].x() + self._grip, handle.low), handle.high)
        if value not in (handle.low, handle.high):
            value = _round_for(value, handle.high - handle.low)
        self.dragged.emit(Phase.MOVE.value, value)

    # Qt's own names from here on

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._on_handle(event):
            assert self.drawn is not None
            assert self.drawn.handle is not None
            self._dragging = True
            self._grip = self.drawn.handle.x - self._at(event)[0].x()
            self.dragged.emit(Phase.BEGIN.value, self.drawn.handle.x)
        elif (pick := self._pick_at(event)) is not None:
            self.picked.emit(pick)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event)
            return
        self._end_drag()  # where the release was lost to a dialog or another window
        pick = self._pick_at(event)
        on_handle = self._on_handle(event)
        shape = Qt.CursorShape.SizeHorCursor if on_handle else Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape if on_handle or pick else Qt.CursorShape.ArrowCursor)
        self.pointed.emit(pick.says if pick else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging and event.button() is Qt.MouseButton.LeftButton:
            self._end_drag()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit("")
        super().leaveEvent(event)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the handle by a hundredth of its range, with Shift by a tenth of that."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        handle = self.drawn.handle if self.drawn else None
        if not step or handle is None:
            event.ignore()
            return
        fine = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        span = handle.high - handle.low
        target = handle.x + step * fine * _nice_step(span)
        target = min(max(_round_for(target, span * fine), handle.low), handle.high)
        if not self._dragging:
            self._dragging = True
            self.dragged.emit(Phase.BEGIN.value, handle.x)
        self.dragged.emit(Phase.MOVE.value, target)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.isAutoRepeat():
            self._end_drag()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._end_drag()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._end_drag()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_empty"):
            self._empty.setGeometry(self.rect())
        drawn, axes = getattr(self, "drawn", None), getattr(self, "_axes", None)
        if drawn is not None and axes is not None:
            self._set_axes(*axes)  # more room, more ticks; less room, broken lines
            for item, mark in zip(self._items, drawn.marks, strict=True):
                if isinstance(mark, Text | Upright):
                    self._update(item, mark)


def _same(one: Mark, other: Mark) -> bool:
    """Whether two marks of a kind would be drawn alike."""
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        alike = np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else a == b
        if not alike:
            return False
    return True


def _fitting(text: str, room: float) -> str:
    """An axis text, without what stands in brackets where there is no room for it."""
    width = QFontMetrics(look.font(look.SMALL_PIXELS)).horizontalAdvance(text)
    return text if width + 24 <= room else text.split(" (", maxsplit=1)[0]


def _nice_step(span: float) -> float:
    """A hundredth of a span, as 1, 2 or 5 times a power of ten."""
    rough = span / 100
    power = 10.0 ** np.floor(np.log10(rough)) if rough > 0 else 1.0
    return float(min((1, 2, 5, 10), key=lambda step: abs(step * power - rough)) * power)


def _round_for(value: float, span: float) -> float:
    """A value rounded to what the hand can mean over this span: about a thousandth of it."""
    decimals = 3 - int(np.floor(np.log10(span))) - 1 if span > 0 else 3
    return round(value, max(0, decimals))
