"""The menus that open on a cell, on a heading and on a row's number: entries of the menu bar, chosen for the place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QItemSelectionModel, QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from lossacc_gui.ui.actions import COPY_AS, GENERATE
from lossacc_gui.ui.grid import Grid

LINE = ""
"""Stands for a line between entries."""

ROWS = (
    "insert_row",
    "duplicate_rows",
    "delete_rows",
    LINE,
    "set_label",
    "label_predicted",
    "clear_label",
    GENERATE,
)
SHOWN = ("filter_label", "filter_prediction", "filter_none")
ON_CELL = ("cut", "copy", "paste", COPY_AS, LINE, *ROWS, LINE, *SHOWN, "sort", "file_order")
ON_ROW = ("copy", COPY_AS, LINE, *ROWS, LINE, *SHOWN)
ON_CLASS = (
    "sort", "file_order", "filter_class", "filter_none", LINE,
    "class_left", "class_right", LINE, "insert_class", "rename_class", "delete_class",
)  # fmt: skip
ON_FACT = ("sort", "file_order", "filter_none")


class ContextMenus(QObject):
    """Opens them. What is pointed at becomes the current cell first, for the actions speak of that."""

    def __init__(
        self, grid: Grid, acts: Mapping[str, QAction], menus: Mapping[str, QMenu], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._grid, self._window = grid, parent
        self._entries = {**acts, **{title: menu.menuAction() for title, menu in menus.items()}}
        grid.menu_wanted.connect(self._on_cell)
        grid.heading_menu_wanted.connect(self._on_heading)
        grid.row_menu_wanted.connect(self._on_row)

    def _on_cell(self, where: QPoint) -> None:
        self._open(ON_CELL, where)

    def _on_heading(self, column: int, where: QPoint) -> None:
        grid = self._grid
        index = grid.model.index(max(grid.cells.currentIndex().row(), 0), column)
        if index.isValid():
            select = QItemSelectionModel.SelectionFlag.ClearAndSelect
            grid.cells.selectionModel().setCurrentIndex(index, select)
        elif column < grid.model.classes:  # no row is listed
            grid.focus.go_to(grid.focus.row, column)
        self._open(ON_CLASS if column < grid.model.classes else ON_FACT, where)

    def _on_row(self, view_row: int, where: QPoint) -> None:
        grid = self._grid
        if grid.model.data_row(view_row) not in grid.selection.rows():
            grid.cells.selectRow(view_row)
        self._open(ON_ROW, where)

    def _open(self, entries: tuple[str, ...], where: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        for entry in entries:
            if entry == LINE:
                menu.addSeparator()
            else:
                menu.addAction(self._entries[entry])
        menu.exec(where)
        menu.deleteLater()
