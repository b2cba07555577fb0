"""File > Recent: the files opened last, each with a digit of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from lossacc_gui.session.recents import MOST, Recent


class RecentMenu(QObject):
    """The menu and its keys, Ctrl+1 to Ctrl+9."""

    chosen = Signal(object)
    """The Recent to open."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.menu = QMenu("&Recent", window)
        self.menu.setToolTipsVisible(True)
        self.actions = [self._action(number) for number in range(1, MOST + 1)]
        self.menu.triggered.connect(self._on_triggered)
        self.show([])

    def show(self, recents: Sequence[Recent]) -> None:
        """Offer these files."""
        self.menu.setEnabled(bool(recents))
        for number, action in enumerate(self.actions):
            there = number < len(recents)
            action.setVisible(there)
            action.setEnabled(there)
            if there:
                recent = recents[number]
                action.setData(recent)
                name = Path(recent.path).name.replace("&", "&&")
                action.setText(f"&{number + 1}  {name}")
                action.setToolTip(f"{recent.path} (Ctrl+{number + 1})")
                action.setStatusTip(f"Open {recent.path}")

    def _action(self, number: int) -> QAction:
        action = QAction(f"&{number}  Recent file", self)  # the menu's own would not outlive a look into it
        self.menu.addAction(action)
        action.setShortcut(f"Ctrl+{number}")
        action.setStatusTip("Open a file again")
        return action

    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())
