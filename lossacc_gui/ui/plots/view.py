"""The one widget that draws any curve, and lets the hand into it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lossacc_gui.core.curves.curve import Drawn, Pick, words
from lossacc_gui.core.scene import Sets
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.announcing import Announcer
from lossacc_gui.ui.plots.cursor import Cursor
from lossacc_gui.ui.plots.grip import STEPS
from lossacc_gui.ui.plots.picture import Picture
from lossacc_gui.ui.plots.pointing import GRAB, pick_at, read_off
from lossacc_gui.ui.plots.target import TAKES, Target


class Phase(StrEnum):
    """Where a drag stands."""

    BEGIN = "begin"
    MOVE = "move"
    END = "end"


class CurveView(QWidget):
    """Shows a ``Drawn``; what is dragged or clicked in it is told by signals."""

    dragged = Signal(str, str, float)
    """What the handle sets, a phase of its drag, and the value it should have; the end says no value."""
    picked = Signal(object)
    """The Pick that was clicked."""
    pointed = Signal(str)
    """What is under the pointer, in words; empty when nothing is."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing behind it is painted in vain
        self.picture = Picture(theme)
        self.scales, self.grip, self.marks = self.picture.scales, self.picture.grip, self.picture.marks
        self._paper: QPixmap | None = None
        self._dragging = False
        self._sets = ""
        self._off = 0.0
        self._pointer: QPointF | None = None
        """Where the pointer is in the widget, if it is there."""
        self.chosen, self._announcer = Cursor(self.scales), Announcer(self)
        self.target = Target(self)
        self.target.taken.connect(self.picked)

    @property
    def theme(self) -> look.Theme:
        """The colours it is drawn in."""
        return self.picture.theme

    @property
    def drawn(self) -> Drawn | None:
        """What is shown, if anything is."""
        return self.picture.drawn

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self.picture.set_theme(theme)
        self._repaint_all()

    def draw(self, drawn: Drawn, *, hold_axes: bool = False) -> None:
        """Show this picture. ``hold_axes`` keeps the ranges, as while something is dragged."""
        axes, empty = self.scales.axes, self.drawn is None or self.drawn.empty
        if self.picture.draw(drawn, hold_axes=hold_axes):
            if self.scales.axes != axes or drawn.empty != empty:
                self._paper = None
            self.update()
        self.chosen.follow(drawn)
        self.target.hide()
        self.setAccessibleName(drawn.reading)

    def read_again(self) -> None:
        """Say what the picture, which is another than before, has where the handle or the pointer stands."""
        handle = self.grip.handle
        if self._dragging and handle is not None and self.drawn is not None:
            self.pointed.emit(read_off(self.drawn, handle.x))
        elif self._pointer is not None:
            self.pointed.emit(self._told_at(self._pointer))
        elif self.hasFocus() and self.chosen.pick is not None and self.drawn is not None:
            self.pointed.emit(words(self.drawn, self.chosen.pick))

    def move_handle(self, value: float) -> None:
        """Show the handle at this value before the picture that goes with it is there."""
        self.picture.move_handle(value)
        self.update()

    @property
    def is_dragged(self) -> bool:
        """Whether a hand holds its handle."""
        return self._dragging

    def _repaint_all(self) -> None:
        self._paper = None
        self.update()

    def _on_handle(self, at: QPointF) -> bool:
        handle = self.grip.handle
        if handle is None or self.drawn is None or self.drawn.empty:
            return False
        (here, _), (there, _) = (self.scales.pixels(x, 0.0) for x in (self.scales.under(at)[0], handle.x))
        return bool(abs(here - there) <= GRAB)

    def _pick_at(self, at: QPointF) -> Pick | None:
        """The pick under the pointer, if one is near enough."""
        if self.drawn is None or self.drawn.empty or not self.scales.area.contains(at):
            return None
        return pick_at(self.drawn, self.scales, *self.scales.under(at))

    def _told_at(self, at: QPointF) -> str:
        """What is under the pointer, in words: a pick, or what can be read off the lines."""
        if self.drawn is None or self.drawn.empty or not self.scales.area.contains(at):
            return ""
        pick = self._pick_at(at)
        return read_off(self.drawn, self.scales.under(at)[0]) if pick is None else words(self.drawn, pick)

    def _begin_drag(self) -> None:
        handle = self.grip.handle
        assert handle is not None
        self._dragging, self._sets = True, handle.sets.value
        self.pointed.emit("")  # until there is a picture of what it is dragged to
        self.dragged.emit(self._sets, Phase.BEGIN.value, handle.value(handle.x))

    def _drag_to(self, x: float) -> None:
        handle = self.grip.handle
        if handle is not None:
            if handle.sets is not Sets.CELL:  # a cell may refuse to go there
                self.move_handle(handle.value(x))
            self.dragged.emit(self._sets, Phase.MOVE.value, handle.value(x))

    def let_go(self) -> None:
        """End a drag, whatever the hand does."""
        if self._dragging:
            self._dragging = False
            self.dragged.emit(self._sets, Phase.END.value, 0.0)

    # Qt's own names from here on

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._on_handle(event.position()):
            assert self.grip.handle is not None
            self._off = self.grip.handle.x - self.scales.under(event.position())[0]
            self._begin_drag()
            return
        pick = self._pick_at(event.position())
        if pick is not None and pick.build is not None:  # it replaces everything: not by a stray click
            self.target.show_at(event.position().toPoint(), pick)
        else:
            self.target.hide()
            if pick is not None:
                self.picked.emit(pick)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        pick = self._pick_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and pick is not None and pick.build is not None:
            self.target.show_at(event.position().toPoint(), pick)
            self.target.take()
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = at = event.position()
        if self._dragging and event.buttons() & Qt.MouseButton.LeftButton:
            if self.grip.handle is not None:
                self._drag_to(self.grip.pulled(self.scales.under(at)[0] + self._off))
            return
        self.let_go()  # where the release was lost to a dialog or another window
        self.setCursor(_cursor(self._on_handle(at), self._pick_at(at)))
        self.pointed.emit(self._told_at(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging and event.button() is Qt.MouseButton.LeftButton:
            self.let_go()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.pointed.emit("")
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the handle by a hundredth of its range, with Shift by a tenth of that; where there is
        none, arrows go from point to point. Return does what a click does, and Esc takes it back."""
        key, fine = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape and self._step_back():
            return
        if key in TAKES and self._take():
            return
        steps = STEPS.get(key, 0)
        if not steps or self.grip.handle is None:
            if self.drawn is None or not self.chosen.move(self.drawn, key, fine=fine):
                event.ignore()
                return
            self.target.hide()
            self._tell_cursor()
            return
        target = self.grip.stepped(steps, fine=fine)
        if not self._dragging:
            self._begin_drag()
        self._drag_to(target)

    def _step_back(self) -> bool:
        """Give back what the keyboard has chosen: first the button, then the point; whether there was anything."""
        if self.target.isVisible():
            self.target.hide()
            return True
        if not self.chosen.leave():
            return False
        self.pointed.emit("")
        self.update()
        return True

    def _take(self) -> bool:
        """Do what a click on the chosen point does; whether one is chosen."""
        pick = self.chosen.pick
        if self.target.take():
            return True
        if pick is None:
            return False
        if pick.build is not None:
            self.target.show_at(self.chosen.place.toPoint(), pick)
        else:
            self.picked.emit(pick)
        return True

    def _tell_cursor(self) -> None:
        """Show what the keyboard points at, and say it."""
        assert self.drawn is not None
        assert self.chosen.pick is not None
        told = words(self.drawn, self.chosen.pick)
        self.pointed.emit(told)
        self.setAccessibleDescription(told)
        self._announcer.show(told)
        self.update()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEPS and not event.isAutoRepeat():
            self.let_go()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.let_go()
        self.update()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._pointer = None
        self.let_go()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.picture.resize(QSizeF(self.size()))
        self._repaint_all()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._papered())
        self.picture.paint_inside(painter)
        if self.hasFocus():
            self.chosen.paint(painter, self.theme)
        painter.end()

    def _papered(self) -> QPixmap:
        """The ground with the axes on it: they stand still in a drag, and numbers take long to paint."""
        ratio = self.devicePixelRatio()
        if self._paper is None or self._paper.devicePixelRatio() != ratio:
            self._paper = QPixmap(self.size() * ratio)
            self._paper.setDevicePixelRatio(ratio)
            self._paper.fill(QColor(self.theme.card))
            painter = QPainter(self._paper)
            self.picture.paint_frame(painter)
            painter.end()
        return self._paper


def _cursor(on_handle: bool, pick: Pick | None) -> Qt.CursorShape:
    """What the pointer looks like over a handle, over something to click, and over a place to build at."""
    if on_handle:
        return Qt.CursorShape.SizeHorCursor
    if pick is None:
        return Qt.CursorShape.ArrowCursor
    return Qt.CursorShape.PointingHandCursor if pick.build is None else Qt.CursorShape.CrossCursor
