"""A button at a point of a picture, for what is too much to happen by a stray click."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from lossacc_gui.core.curves.curve import Pick

AWAY = 8
"""Pixels between the point and the button."""


class Target(QToolButton):
    """Stands beside the point that was clicked; a click on it, or Return, takes the pick there."""

    taken = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("updating")
        self.setText("Build here")
        self._pick: Pick | None = None
        self.clicked.connect(self._on_clicked)
        self.hide()

    def show_at(self, point: QPoint, pick: Pick) -> None:
        """Stand beside this point of the parent and offer this."""
        self._pick = pick
        self.setToolTip(pick.says)
        self.setAccessibleName(f"Build here: {pick.says}")
        self.adjustSize()
        parent = self.parentWidget()
        assert parent is not None
        left = min(point.x() + AWAY, parent.width() - self.width() - 4)
        self.move(max(0, left), max(0, point.y() - self.height() - AWAY))
        self.show()
        self.raise_()

    def take(self) -> bool:
        """Take what is offered; whether anything was."""
        if not self.isVisible() or self._pick is None:
            return False
        self.hide()
        self.taken.emit(self._pick)
        return True

    def _on_clicked(self) -> None:
        self.take()


TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
"""The keys that take what is offered."""
