"""Where one is in the grid: the current cell and the focus, each of which follows the other."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject

from lossacc_gui.session.focus import Focus
from lossacc_gui.ui.cells import ROW_HEIGHT
from lossacc_gui.ui.facts import LABEL
from lossacc_gui.ui.grid_half import Half
from lossacc_gui.ui.grid_model import GridModel

Select = QItemSelectionModel.SelectionFlag


class GridCurrent(QObject):
    """Keeps the current cell of both halves, and keeps it in sight."""

    def __init__(self, model: GridModel, focus: Focus, cells: Half, facts: Half, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._focus, self._cells, self._facts = model, focus, cells, facts
        self._sort = focus.listing.sort
        cells.selectionModel().currentChanged.connect(self._on_current)
        focus.moved.connect(self.follow)
        focus.listed.connect(self._on_listed)

    def show(self) -> None:
        """Bring the current cell into sight, if there is one."""
        current = self._cells.currentIndex()
        if current.isValid():
            half = self._cells if current.column() < self._model.classes else self._facts
            half.scrollTo(current)

    def show_after(self, lost: int) -> None:
        """Bring it into sight again when the grid has lost so many pixels at its foot, and with them this cell."""
        height, current = self._facts.viewport().height(), self._cells.currentIndex()
        end = self._facts.rowViewportPosition(current.row()) + ROW_HEIGHT
        if height < end <= height + lost:
            self.show()

    def follow(self, *, keep: bool = False) -> None:
        """Go where the focus is, unless the current cell is a fact of the same row.

        ``keep`` leaves a selection that the cell is in.
        """
        focus, model, chosen = self._focus, self._model, self._cells.selectionModel()
        if not 0 <= focus.row < model.document.state.predictions.rows:
            return
        row = model.view_row(focus.row)
        if row < 0:  # a filter hides it: then no cell is the current one
            chosen.clear()
            return
        column = min(max(focus.column, 0), model.classes - 1)
        if focus.at_label:
            column = model.classes + LABEL
        current = self._cells.currentIndex()
        at_fact = current.isValid() and current.row() == row and current.column() >= model.classes
        if (current.row(), current.column()) != (row, column) and not (at_fact and column < model.classes):
            index = model.index(row, column)
            keep = keep and chosen.isSelected(index)
            chosen.setCurrentIndex(index, Select.Current if keep else Select.ClearAndSelect)
            self.show()

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            column, classes = current.column(), self._model.classes
            self._focus.go_to(self._model.data_row(current.row()), column if column < classes else None)
            self._focus.at_label = column == classes + LABEL

    def _on_listed(self) -> None:
        sort, before = self._focus.listing.sort, self._sort
        self._sort = sort
        self._model.list_rows()
        self.follow()
        if sort is not None and sort != before and self._model.rowCount():
            # Who sorts wants to see what comes first, and types where the current cell is: so it is in sight.
            self._facts.verticalScrollBar().setValue(0)
            last = self._facts.rowAt(self._facts.viewport().height() - 1)  # -1 where all rows are in sight
            if 0 <= last <= self._model.view_row(self._focus.row):
                self._focus.go_to(self._model.data_row(0))
