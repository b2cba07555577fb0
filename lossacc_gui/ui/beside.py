"""What stands beside the class columns or in their place: tables whose rows are the grid's rows."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from lossacc_gui.core.row_look import RowLook
from lossacc_gui.ui.cells import ROW_HEIGHT
from lossacc_gui.ui.grid_model import ROOT, GridModel, Index

Role = Qt.ItemDataRole


class Beside(QAbstractTableModel):
    """Follows the grid's model row by row. It computes nothing until it is in sight."""

    def __init__(self, grid: GridModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.grid = grid
        self._rows = 0
        self.active = False
        grid.modelReset.connect(self._on_reset)
        grid.dataChanged.connect(self._on_data)
        grid.headerDataChanged.connect(self._on_names)

    def set_active(self, active: bool) -> None:
        """Follow the grid, or be empty."""
        self.active = active
        self._on_reset()

    def look(self, view_row: int) -> RowLook:
        """What the grid shows of this row of the grid."""
        return self.grid.look(self.grid.data_row(view_row))

    def _on_reset(self) -> None:
        self.beginResetModel()
        self._rows = self.grid.rowCount() if self.active else 0
        self._refresh()
        self.endResetModel()

    def _refresh(self) -> None:
        """Let go of what was kept of the rows, or take in new columns; part of a reset."""

    def _on_data(self, first: QModelIndex, last: QModelIndex) -> None:
        self._refresh()
        if last.row() < self._rows:
            self.dataChanged.emit(self.index(first.row(), 0), self.index(last.row(), self.columnCount() - 1))

    def _on_names(self) -> None:
        if self.columnCount():
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    # Qt's own names from here on

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self._rows

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return self.grid.headerData(section, orientation, role)
        return None


class BesideView(QTableView):
    """A table as plain as the grid's halves, without a bar of its own for the rows."""

    def __init__(self, name: str, model: Beside, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        vertical, horizontal = self.verticalHeader(), self.horizontalHeader()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(ROW_HEIGHT)
        horizontal.setHighlightSections(False)
        horizontal.setFixedHeight(ROW_HEIGHT)
        horizontal.setMinimumSectionSize(24)
        horizontal.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.hide()
