"""A view that can be moved, hidden and torn off, with a title that says how to use it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, QMargins, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots import Card
from lossacc_gui.ui.tiles import FittingLabel

FRAMED = (
    Qt.WindowType.Tool
    | Qt.WindowType.CustomizeWindowHint
    | Qt.WindowType.WindowTitleHint
    | Qt.WindowType.WindowCloseButtonHint
)
TORN_OFF_BY = QPoint(40, 48)
"""So far right and down: the title of the view that takes the place stays in sight."""

AROUND = QMargins(4, 4, 8, 32)
"""What a desktop draws around a view that floats, about: a place is that of the corner of the frame."""


class Sign(StrEnum):
    """What is drawn on a small button."""

    ALONE = "alone"
    BACK = "back"
    FLOAT = "float"
    CLOSE = "close"


class _TitleBar(QWidget):
    """Title in bold, hint beside it, and three small buttons."""

    def __init__(self, dock: Dock, title: str, hint: str) -> None:
        super().__init__(dock)
        self._dock = dock
        name = QLabel(title, self)
        name.setObjectName("title")
        name.setFont(look.font(bold=True))
        self.hint = FittingLabel(look.SMALL_PIXELS, self)
        self.hint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_hints((hint,))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 2)
        layout.setSpacing(8)
        layout.addWidget(name)
        layout.addWidget(self.hint, 1)
        layout.setSpacing(4)
        self.alone = _Glyph(dock, f"Give {title} the whole window (Ctrl+Shift+M)", dock.maximise, Sign.ALONE)
        layout.addWidget(self.alone)
        layout.addWidget(_Glyph(dock, f"Tear off {title}, or put it back", dock.float, Sign.FLOAT))
        layout.addWidget(_Glyph(dock, f"Hide {title}; the View menu brings it back", dock.close, Sign.CLOSE))

    def set_hints(self, hints: tuple[str, ...]) -> None:
        """Say the first of these beside the title that there is room for."""
        self.hints = hints
        self.hint.show_text((*hints, ""), self._dock.theme.muted)

    def paintEvent(self, _: QPaintEvent) -> None:
        """The upper part of a card; the dock's inside paints the lower one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = look.edge(self._dock.theme, marked=self._dock.has_keyboard)
        painter.setPen(pen)
        painter.setBrush(QColor(self._dock.theme.card))
        inside = pen.widthF() / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inside, inside, -inside, 20), 6, 6)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.ignore()  # the dock drags itself

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the dock itself would tear off
        self._dock.maximise()


class _Glyph(QToolButton):
    """A small button with a drawn sign: fonts do not agree on the characters for these."""

    def __init__(self, dock: Dock, tip: str, slot: Callable[[], object], sign: Sign) -> None:
        super().__init__(dock)
        self._dock = dock
        self.sign = sign
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(slot)

    def sizeHint(self) -> QSize:
        return QSize(22, 22)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._dock.theme
        if self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.hover))
            painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setPen(QPen(QColor(theme.muted), 1.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle = QRectF(self.rect()).center()
        x, y = middle.x(), middle.y()
        match self.sign:
            case Sign.CLOSE:
                for sign in (1, -1):
                    painter.drawLine(int(x - 3.5), int(y - sign * 3.5), int(x + 3.5), int(y + sign * 3.5))
            case Sign.FLOAT:
                painter.drawRect(QRectF(x - 2, y - 5, 7, 7))
                painter.drawRect(QRectF(x - 5, y - 2, 7, 7))
            case Sign.ALONE:
                painter.drawRect(QRectF(x - 5, y - 5, 10, 10))
                painter.drawLine(int(x - 5), int(y - 3), int(x + 5), int(y - 3))
            case Sign.BACK:
                painter.drawRect(QRectF(x - 5, y - 2, 10, 6))
        painter.end()


class Dock(QDockWidget):
    """One view. Its object name is what a remembered layout knows it by."""

    maximise_wanted = Signal(str)
    """The key of the view that is to have the window to itself, or not any more."""
    escaped = Signal()
    menu_wanted = Signal(str, QPoint)
    """The key, and where on the screen."""
    _dropped = Signal()

    def __init__(self, key: str, title: str, hint: str, theme: look.Theme, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.key = key
        self.setObjectName(f"dock-{key}")
        self.theme = theme
        self._in_sight = False
        self.has_keyboard = False
        self._bar = _TitleBar(self, title, hint)
        self.setTitleBarWidget(self._bar)
        self.setMinimumSize(220, 160)
        self.action = QAction(title, self)
        self.action.setCheckable(True)
        self.action.triggered.connect(self.toggle)
        self.visibilityChanged.connect(self._on_visible)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)
        self._dropped.connect(self._on_dropped, Qt.ConnectionType.QueuedConnection)

    def set_hints(self, *hints: str) -> None:
        """Say something else beside the title: the first of these that there is room for."""
        self._bar.set_hints(hints)

    def set_theme(self, theme: look.Theme) -> None:
        """Write the hint in this theme's colour."""
        self.theme = theme
        self._bar.set_hints(self._bar.hints)
        self._bar.update()

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Show by the edge whether the keyboard speaks to it."""
        has = now is not None and self.isAncestorOf(now)
        if has == self.has_keyboard:
            return
        self.has_keyboard = has
        self._bar.update()
        if isinstance(card := self.widget(), Card):
            card.mark(has)

    def set_alone(self, alone: bool) -> None:
        """Show the sign for going back, or the one for taking the whole window."""
        self._bar.alone.sign = Sign.BACK if alone else Sign.ALONE
        self._bar.alone.update()

    @property
    def is_in_sight(self) -> bool:
        """Whether it can be seen: neither hidden nor behind another tab."""
        return self._in_sight

    def float(self) -> None:
        """Tear off, as a window with a frame that stands clear of the place it came from; or put back."""
        if self.isFloating():
            self.setFloating(False)
            return
        place = self.mapToGlobal(TORN_OFF_BY)
        self.setFloating(True)
        self._frame(place)

    def _frame(self, place: QPoint) -> None:
        """Put a frame around it: by itself a view with a title of its own floats without one."""
        self._take_frame()
        self.move(self._on_screen(place))
        self.raise_()

    def _take_frame(self) -> None:
        """Not by hiding and showing it: a window manager may take the two the wrong way round, and it is gone."""
        self.overrideWindowFlags(FRAMED)
        self.windowHandle().setFlags(FRAMED)

    def frame_again(self) -> None:
        """Put a frame around it where Qt floats it without one, as from a remembered layout."""
        if self.isFloating() and not self.isHidden() and self._is_frameless:
            self._frame(self.pos())

    @property
    def _is_frameless(self) -> bool:
        return bool(self.windowFlags() & Qt.WindowType.FramelessWindowHint)

    def _on_screen(self, place: QPoint) -> QPoint:
        """The same place, or the nearest from which nothing of it lies beyond the screen."""
        screen = QGuiApplication.screenAt(place) or self.screen()
        room = screen.availableGeometry().marginsRemoved(AROUND)
        last = room.bottomRight() - QPoint(self.width(), self.height())
        return QPoint(
            max(room.left(), min(place.x(), last.x())),
            max(room.top(), min(place.y(), last.y())),
        )

    def _on_dropped(self) -> None:
        """Torn off by its title it floats without a frame, until the hand has let it go."""
        if self.isFloating() and self._is_frameless:
            self._take_frame()

    def maximise(self) -> None:
        """Ask for the whole window, or give it back."""
        self.maximise_wanted.emit(self.key)

    def toggle(self) -> None:
        """Hide it when it is seen; show it in front when it is hidden or behind another tab."""
        if self._in_sight:
            self.close()
        else:
            self.show()
            self.raise_()
        self._tick()

    def _on_visible(self, visible: bool) -> None:
        self._in_sight = visible
        self._tick()

    def _tick(self) -> None:
        """The menu ticks what is open: a view behind another tab is, too."""
        self.action.setChecked(not self.isHidden())

    # Qt's own names from here on

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.MouseButtonRelease:  # Qt keeps it from mouseReleaseEvent
            self._dropped.emit()
        return done

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self.key, event.globalPos())  # by itself it lists all docks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)
