"""The grid with its heading: how large the matrix is, which epoch of it, how to read a cell."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from lossacc_gui.session.document import Document
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.ask_line import AskLine
from lossacc_gui.ui.filter_line import FilterLine
from lossacc_gui.ui.grid import Grid
from lossacc_gui.ui.pager import Pager
from lossacc_gui.ui.tiles import FittingLabel

HINTS = (
    "fill: prediction, ✓ right or ✗ wrong · box: label · bar: value",
    "fill: prediction · box: label",
    "",
)


class GridCard(QFrame):
    """A card around the grid."""

    epoch_chosen = Signal(int)
    """The index of the epoch to look at."""

    def __init__(self, grid: Grid, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._heading, self._hints = QLabel(), FittingLabel(look.SMALL_PIXELS)
        self._epoch = QSpinBox()
        self._epoch.setPrefix("epoch ")
        self._epoch.setToolTip("Which matrix of the stack is shown")
        self._epoch.setAccessibleName("Epoch")
        self.ask_line, self.filter_line = AskLine(), FilterLine(theme)
        self.pager = Pager(grid.model.document)
        head = QHBoxLayout()
        head.setContentsMargins(11, 7, 11, 5)
        head.setSpacing(look.SPACING)
        head.addWidget(self._heading)
        head.addWidget(self._hints, 1)
        head.addWidget(self._epoch)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addLayout(head)
        inside.addWidget(self.pager)
        inside.addWidget(self.ask_line)
        inside.addWidget(self.filter_line)
        inside.addWidget(grid, 1)
        self._epoch.valueChanged.connect(self._on_epoch)
        self._shown = 0
        self.set_theme(theme)

    def set_theme(self, theme: look.Theme) -> None:
        """Write the hints in this theme's colour."""
        self._hints.show_text(HINTS, theme.muted)
        self.filter_line.set_theme(theme)
        self.pager.set_theme(theme)

    def draw(self, document: Document) -> None:
        """Say what the grid holds now."""
        predictions = document.state.predictions
        size = f"{predictions.rows:,} rows × {predictions.classes:,} classes"
        self._heading.setText(f"<b>Predictions</b> &nbsp;{size}")
        self.pager.draw()
        self._shown = document.epoch
        self._epoch.setVisible(predictions.epochs > 1)
        self._epoch.setRange(1, predictions.epochs)
        self._epoch.setSuffix(f" of {predictions.epochs}")
        self._epoch.setValue(document.epoch + 1)

    def _on_epoch(self, epoch: int) -> None:
        if epoch - 1 != self._shown:  # else it only follows the document
            self._shown = epoch - 1
            self.epoch_chosen.emit(epoch - 1)
