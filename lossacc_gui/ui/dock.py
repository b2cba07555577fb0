"""A view that can be moved, hidden and torn off, with a title that says how to use it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from lossacc_gui.ui import theme as look
from lossacc_gui.ui.tiles import FittingLabel


class _TitleBar(QWidget):
    """Title in bold, hint beside it, and two small buttons."""

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
        layout.addWidget(_Glyph(dock, f"Tear off {title}, or put it back", dock.float, cross=False))
        layout.addWidget(_Glyph(dock, f"Hide {title}; the View menu brings it back", dock.close, cross=True))

    def set_hints(self, hints: tuple[str, ...]) -> None:
        """Say the first of these beside the title that there is room for."""
        self.hints = hints
        self.hint.show_text((*hints, ""), self._dock.theme.muted)

    def paintEvent(self, _: QPaintEvent) -> None:
        """The upper part of a card; the dock's inside paints the lower one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._dock.theme.border))
        painter.setBrush(QColor(self._dock.theme.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, 20), 6, 6)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.ignore()  # the dock drags itself

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()


class _Glyph(QToolButton):
    """A small button with a drawn sign: fonts do not agree on the characters for these."""

    def __init__(self, dock: Dock, tip: str, slot: Callable[[], object], *, cross: bool) -> None:
        super().__init__(dock)
        self._dock, self._cross = dock, cross
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
        if self._cross:
            arm = 3.5
            for sign in (1, -1):
                painter.drawLine(
                    int(middle.x() - arm),
                    int(middle.y() - sign * arm),
                    int(middle.x() + arm),
                    int(middle.y() + sign * arm),
                )
        else:
            painter.drawRect(QRectF(middle.x() - 2, middle.y() - 5, 7, 7))
            painter.drawRect(QRectF(middle.x() - 5, middle.y() - 2, 7, 7))
        painter.end()


class Dock(QDockWidget):
    """One view. Its object name is what a remembered layout knows it by."""

    def __init__(self, key: str, title: str, hint: str, theme: look.Theme, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(f"dock-{key}")
        self.theme = theme
        self.setTitleBarWidget(_TitleBar(self, title, hint))
        self.setMinimumSize(220, 160)

    def set_hints(self, *hints: str) -> None:
        """Say something else beside the title: the first of these that there is room for."""
        bar = self.titleBarWidget()
        if isinstance(bar, _TitleBar):
            bar.set_hints(hints)

    def set_theme(self, theme: look.Theme) -> None:
        """Write the hint in this theme's colour."""
        self.theme = theme
        bar = self.titleBarWidget()
        if isinstance(bar, _TitleBar):
            bar.set_hints(bar.hints)
            bar.update()

    def float(self) -> None:
        """Tear off, or put back."""
        self.setFloating(not self.isFloating())
