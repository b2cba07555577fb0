"""The inside of a dock that holds a curve."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from lossacc_gui.ui.plots.view import CurveView


class Card(QWidget):
    """A curve with the sentence that says what it shows; it takes the place of a dock's inside."""

    def __init__(self, view: CurveView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5, 0, 9, 6)
        layout.addWidget(view)
        self.updating = QLabel("updating …", self)
        self.updating.setObjectName("muted")
        self.updating.hide()

    def set_updating(self, updating: bool) -> None:
        """Mark the picture as one that is being computed anew."""
        self.updating.setVisible(updating)
        self.updating.adjustSize()
        self.updating.move(self.width() - self.updating.width() - 12, 4)

    def paintEvent(self, _: QPaintEvent) -> None:
        """The lower part of a card; the dock's title paints the upper one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self.view.theme.border))
        painter.setBrush(QColor(self.view.theme.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, -20, -0.5, -0.5), 6, 6)
        painter.end()
