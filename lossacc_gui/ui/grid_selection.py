"""What is selected in the grid, in rows of the predictions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QObject

from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.filling import Cells
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.ui.grid_model import GridModel
from lossacc_gui.ui.top_five import TopView

Select = QItemSelectionModel.SelectionFlag


class GridSelection(QObject):
    """One selection of both halves; what is selected among the five largest classes is taken into it."""

    def __init__(
        self, model: GridModel, selection: QItemSelectionModel, top: TopView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._model, self._selection, self._top = model, selection, top
        top.selectionModel().selectionChanged.connect(self._on_top_selected)
        top.went.connect(self._on_top_went)

    def select(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Select a block from one cell of the grid to another, the first of which becomes the current one."""
        index = self._model.index(*first)
        self._selection.setCurrentIndex(index, Select.ClearAndSelect)
        if not self._top.top.active:  # where no block can be seen
            self._selection.select(QItemSelection(index, self._model.index(*last)), Select.Select)

    def blocks(self) -> list[Cells]:
        """The selected blocks of cells; the current cell when nothing is selected, if it is listed.

        Raises Refusal where they are not the cells one sees selected.
        """
        self.require_seen()
        ranges, current = self._ranges(), self._selection.currentIndex()
        if not ranges and current.isValid():
            ranges = [QItemSelectionRange(current)]
        return [
            Cells(self._model.data_rows(np.arange(each.top(), each.bottom() + 1)), each.left(), each.right())
            for each in ranges
        ]

    def require_seen(self) -> None:
        """Raises Refusal when rows are selected whose five largest classes alone are in sight."""
        ranges = self._ranges()
        if self._top.top.active and sum(each.height() for each in ranges) > 1 and ranges[0].left() == 0:
            raise Refusal(
                "five largest classes",
                "they differ from row to row, so no block can be made of them",
                "show all classes with View > Five largest classes",
            )

    def rows(self) -> NDArray[np.intp]:
        """The rows that have a selected cell, ascending; the current one when none is selected, if it is listed."""
        parts = [np.arange(each.top(), each.bottom() + 1) for each in self._ranges()]
        if parts:
            return np.sort(self._model.data_rows(distinct(np.concatenate(parts))))
        row = self._model.focus.row
        return np.array([row] if self._model.view_row(row) >= 0 else [], np.intp)

    def _ranges(self) -> list[QItemSelectionRange]:
        chosen = self._selection.selection()
        return [chosen.at(i) for i in range(chosen.count())]

    def _on_top_went(self, row: int, column: int) -> None:
        """The current cell among the largest classes is the grid's, whatever was that before."""
        self._selection.setCurrentIndex(self._model.index(row, column), Select.ClearAndSelect)

    def _on_top_selected(self) -> None:
        """Rows selected among the largest classes are selected for every action, of one row its cells."""
        chosen, model = self._top.selectionModel().selection(), self._model
        ranges, cells = [chosen.at(i) for i in range(chosen.count())], QItemSelection()
        one = len({row for each in ranges for row in (each.top(), each.bottom())}) == 1
        for each in ranges:
            if one:
                for column in self._top.top.top(each.top())[each.left() : each.right() + 1]:
                    cells.select(model.index(each.top(), column), model.index(each.top(), column))
            else:
                cells.select(model.index(each.top(), 0), model.index(each.bottom(), 0))
        self._selection.select(cells, Select.ClearAndSelect)
