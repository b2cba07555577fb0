"""Which rows have a selected cell, as the headings beside and above the cells are to know it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QTableView


class RowMarks(QItemSelectionModel):
    """The selection of a table in its first column alone.

    A heading asks whether all cells of its row or column are selected, which Qt finds out cell by cell: of
    20,000 x 1,000 it takes seconds. Of one column the answer is known at once. Cost: the selected blocks.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table.model(), table)
        self._chosen = table.selectionModel()
        self._chosen.selectionChanged.connect(self._on_selected)
        table.verticalHeader().setSelectionModel(self)
        table.horizontalHeader().setSelectionModel(QItemSelectionModel(table.model(), table))  # marks none

    def _on_selected(self) -> None:
        blocks, rows, model = self._chosen.selection(), QItemSelection(), self.model()
        for block in (blocks.at(i) for i in range(blocks.count())):
            rows.select(model.index(block.top(), 0), model.index(block.bottom(), 0))
        self.select(rows, QItemSelectionModel.SelectionFlag.ClearAndSelect)
