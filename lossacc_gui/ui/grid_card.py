"""The grid with its head, the pager of very many rows, and the line in which one asks."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from lossacc_gui.session.document import Document
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.ask_line import AskLine
from lossacc_gui.ui.grid import Grid
from lossacc_gui.ui.grid_head import GridHead
from lossacc_gui.ui.pager import Pager


class GridCard(QFrame):
    """A card around the grid. What comes and goes stands at its foot, so that no row moves under the mouse."""

    def __init__(self, grid: Grid, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.head, self.ask_line = GridHead(theme), AskLine()
        self.filter_line, self.epoch_chosen = self.head.filter_line, self.head.epoch_chosen
        self.pager = Pager(grid.model.document)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        for part in (self.head, self.pager):
            inside.addWidget(part)
        inside.addWidget(grid, 1)
        inside.addWidget(self.ask_line)
        self.set_theme(theme)

    def set_theme(self, theme: look.Theme) -> None:
        """Write in this theme's colours."""
        self.head.set_theme(theme)
        self.pager.set_theme(theme)

    def draw(self, document: Document) -> None:
        """Say what the grid holds now."""
        self.head.draw(document)
        self.pager.draw()
