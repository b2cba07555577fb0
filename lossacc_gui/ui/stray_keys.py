"""What is typed while a button or a picture has the keyboard is meant for the grid."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from lossacc_gui.ui.grid import Grid

UNHEARD = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
"""The keys that may be held with a letter or a figure."""


class StrayKeys(QObject):
    """Hands letters and figures that reach the window, since no part of it took them, to the grid.

    And any key that the menu bar gets while none of its menus is meant: left by Esc after a second menu, Qt lets it
    keep the keyboard.
    """

    def __init__(self, grid: Grid, window: QMainWindow) -> None:
        super().__init__(window)
        self._grid, self._bar = grid, window.menuBar()
        window.installEventFilter(self)
        self._bar.installEventFilter(self)

    def _hand(self, event: QKeyEvent) -> bool:
        cells = self._grid.focusProxy()
        if not isinstance(cells, QWidget) or not cells.isVisible():
            return False
        self._grid.take_keyboard()
        QCoreApplication.sendEvent(cells, event)
        return True

    # Qt's own names from here on

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if watched is self._bar:
            return self._bar.hasFocus() and self._bar.activeAction() is None and self._hand(event)
        typed, plain = event.text().strip(), event.modifiers() & ~UNHEARD
        if not typed.isprintable() or not typed or plain:
            return False
        holder = QApplication.focusWidget()
        if holder is not None and self._grid.isAncestorOf(holder):
            return False  # it had the choice
        return self._hand(event)
