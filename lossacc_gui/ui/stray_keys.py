"""What is typed while a button or a picture has the keyboard is meant for the grid."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from lossacc_gui.ui.grid import Grid

UNHEARD = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
"""The keys that may be held with a letter or a figure."""


class StrayKeys(QObject):
    """Hands letters and figures that reach the window, since no part of it took them, to the grid."""

    def __init__(self, grid: Grid, window: QWidget) -> None:
        super().__init__(window)
        self._grid = grid
        window.installEventFilter(self)

    # Qt's own names from here on

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        typed, plain = event.text().strip(), event.modifiers() & ~UNHEARD
        cells, holder = self._grid.focusProxy(), QApplication.focusWidget()
        if (
            not typed.isprintable()
            or not typed
            or plain
            or not isinstance(cells, QWidget)
            or not cells.isVisible()
        ):
            return False
        if holder is not None and self._grid.isAncestorOf(holder):
            return False  # it had the choice
        self._grid.take_keyboard()
        QCoreApplication.sendEvent(cells, event)
        return True
