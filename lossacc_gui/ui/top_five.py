"""Each row's five largest classes in the place of all of them, for matrices of many classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from lossacc_gui.ui import theme as look_of
from lossacc_gui.ui.beside import Beside, BesideView
from lossacc_gui.ui.cells import PADDING, CellDelegate, elided
from lossacc_gui.ui.grid_model import ROOT, GridModel, Index

Role = Qt.ItemDataRole

TOP = 5
"""How many of a row's classes are shown, largest first."""

RANKS = ("largest", "2nd", "3rd", "4th", "5th")


class TopModel(Beside):
    """Each row's largest classes: name and value. An edit goes to the class that stands there."""

    def __init__(self, grid: GridModel, parent: QObject | None = None) -> None:
        self._tops: dict[int, list[int]] = {}
        super().__init__(grid, parent)

    def top(self, view_row: int) -> list[int]:
        """The largest classes of a row: NaN counts as largest, and of equals the first comes first."""
        if view_row not in self._tops:
            cells = np.array(self.look(view_row).cells)
            order = np.argsort(-np.where(np.isnan(cells), np.inf, cells), kind="stable")
            self._tops[view_row] = order[: self.columnCount()].tolist()
        return self._tops[view_row]

    def _refresh(self) -> None:
        self._tops.clear()

    # Qt's own names from here on

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else min(TOP, self.grid.classes)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.top(index.row())[index.column()]
        cell = self.grid.index(index.row(), column)
        if role == Role.DisplayRole:
            return f"{self.grid.words.name(column)}  {self.grid.data(cell, role)}"
        return self.grid.data(cell, role)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if not index.isValid():
            return False
        cell = self.grid.index(index.row(), self.top(index.row())[index.column()])
        return self.grid.setData(cell, value, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return RANKS[section]
        return super().headerData(section, orientation, role)


class TopDelegate(CellDelegate):
    """Paints a cell as the grid does, with the class's name in front of its value."""

    def __init__(self, top: TopModel, theme: look_of.Theme, parent: QWidget) -> None:
        super().__init__(top.grid, theme, parent)
        self._top = top

    def cell(self, index: Index) -> Index:
        """See CellDelegate: the class that stands there."""
        return self.model.index(index.row(), self._top.top(index.row())[index.column()])

    # Qt's own names from here on

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, column, look = (
            option.rect,
            self._top.top(index.row())[index.column()],
            self._top.look(index.row()),
        )
        painter.save()
        painter.fillRect(
            rect, self.colours["hover" if option.state & QStyle.StateFlag.State_Selected else "card"]
        )
        self.paint_value(painter, rect, look, column)
        inner = rect.adjusted(PADDING, 0, -PADDING, 0)
        taken = painter.fontMetrics().horizontalAdvance(self.text_for(look, column, inner.width()))
        painter.setPen(self.colours["muted"])
        painter.setFont(self.plain)
        name = elided(self.model.words.name(column), painter.fontMetrics(), inner.width() - taken - PADDING)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(self.colours["grid"])
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        focus = self.model.focus
        here = (self.model.data_row(index.row()), column) == (focus.row, focus.column)
        if here and not focus.at_label:
            painter.setPen(QPen(self.colours["accent"], 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()


class TopView(BesideView):
    """The grid's current cell follows its own, and it the focus."""

    went = Signal(int, int)
    """The row of the grid and the class that its current cell shows."""

    def __init__(self, model: TopModel, theme: look_of.Theme, parent: QWidget | None = None) -> None:
        super().__init__("Largest classes", model, parent)
        self.top = model
        self._following = False
        self.delegate = TopDelegate(model, theme, self)
        self.setItemDelegate(self.delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        model.grid.focus.moved.connect(self.follow)
        model.modelReset.connect(self.follow)
        model.dataChanged.connect(self.follow)

    def follow(self) -> None:
        """Stand where the focus is: on its class, or in another row on the largest where that is not shown.

        What is done next is done to the cell that is seen. A class that was gone to in the same row, or that
        fell out of the largest, is left alone.
        """
        grid = self.top.grid
        if not self.top.rowCount() or grid.focus.row >= grid.document.state.predictions.rows:
            return
        row = grid.view_row(grid.focus.row)
        if row < 0:
            self.selectionModel().clear()
            return
        shown = self.top.top(row)
        if grid.focus.column not in shown and self.currentIndex().row() == row:
            return
        rank = shown.index(grid.focus.column) if grid.focus.column in shown else 0
        index = self.top.index(row, rank)
        if index != self.currentIndex():
            self._following = True
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._following = False
            self.scrollTo(index)
        if grid.focus.column not in shown and not grid.focus.at_label:
            grid.focus.go_to(grid.focus.row, shown[rank])

    def look_at(self, row: int, rank: int) -> None:
        """Make this cell the current one, also where it is that already and the label was looked at since."""
        index = self.top.index(row, rank)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.went.emit(row, self.top.top(row)[rank])
        self.scrollTo(index)

    # Qt's own names from here on

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self._following:
            self.went.emit(current.row(), self.top.top(current.row())[current.column()])
        self.viewport().update()
