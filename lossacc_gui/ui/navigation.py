"""Keys that move in the grid or select, across the seam between its halves."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from lossacc_gui.ui.cells import ROW_HEIGHT
from lossacc_gui.ui.facts import LABEL
from lossacc_gui.ui.grid_half import Half
from lossacc_gui.ui.grid_model import GridModel

Key, Modifier = Qt.Key, Qt.KeyboardModifier
Select = QItemSelectionModel.SelectionFlag


class Navigation(QObject):
    """Listens to the keys of both halves before Qt does, whose selections end at the seam."""

    def __init__(self, model: GridModel, cells: Half, facts: Half, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._cells, self._facts = model, cells, facts
        self._anchor = QPersistentModelIndex()
        self._extending = False
        self._began = QPersistentModelIndex()
        """Where Tab began to go through a row: Return goes back to that column, as in a spreadsheet."""
        for half in (cells, facts):
            half.installEventFilter(self)

    def listen(self) -> None:
        """Begin every selection where the current cell was put without Shift."""
        self._cells.selectionModel().currentChanged.connect(self._on_current)

    def step(self, down: int, right: int) -> None:
        """Go so many rows down, or so many columns to the right of those that can be typed in.

        Over a row's end goes on in the next row. Down from where Tab has gone is down from where it began.
        """
        current, model = self._cells.currentIndex(), self._model
        if not current.isValid():
            return
        row, began, columns = current.row() + down, self._began, self._columns()
        at = self._place(began.column() if down and began.isValid() else current.column())
        if right:
            last = min(model.classes + LABEL, len(columns) - 1)
            at = min(at, last + 1) + right
            if not 0 <= at <= last:
                row, at = row + right, 0 if right > 0 else last
        if down and began.isValid():
            row = min(max(row, 0), model.rowCount() - 1)  # without a next row, back to where it began
        if 0 <= row < model.rowCount():
            began = began if began.isValid() else QPersistentModelIndex(current)
            self._go(row, columns[at])
            self._began = began if right else QPersistentModelIndex()  # going by any other way forgets it

    def select_all(self) -> None:
        """Select every cell, as one range; the current cell stays."""
        model = self._model
        if model.rowCount():
            whole = QItemSelection(
                model.index(0, 0), model.index(model.rowCount() - 1, model.columnCount() - 1)
            )
            self._cells.selectionModel().select(whole, Select.ClearAndSelect)

    def _goal(self, key: int, *, far: bool) -> tuple[int, int] | None:
        """Where a key goes from the current cell: a row, and a place among the columns in sight."""
        model, current, columns = self._model, self._cells.currentIndex(), self._columns()
        row, at = current.row(), self._place(current.column())
        last_row, last = model.rowCount() - 1, len(columns) - 1
        last_class = model.classes - 1
        page = max(1, self._cells.viewport().height() // ROW_HEIGHT - 1)
        right = last_class if at < last_class else last
        left = last_class + 1 if at > last_class + 1 else 0
        goals = {
            Key.Key_Left: (row, left if far else at - 1),
            Key.Key_Right: (row, right if far else at + 1),
            Key.Key_Up: (0 if far else row - 1, at),
            Key.Key_Down: (last_row if far else row + 1, at),
            Key.Key_Home: (0 if far else row, 0),
            Key.Key_End: (last_row, last_class) if far else (row, right),
            Key.Key_PageUp: (row - page, at),
            Key.Key_PageDown: (row + page, at),
        }
        if key not in goals:
            return None
        row, at = goals[Key(key)]
        return min(max(row, 0), last_row), min(max(at, 0), last)

    def _go(self, row: int, column: int, *, extend: bool = False) -> None:
        """Make a cell the current one; ``extend`` selects everything from the anchor to it."""
        model, selection = self._model, self._cells.selectionModel()
        index = model.index(row, column)
        if not extend:
            selection.setCurrentIndex(index, Select.ClearAndSelect)
            return
        anchor = self._anchor if self._anchor.isValid() else QPersistentModelIndex(self._cells.currentIndex())
        rows, columns = sorted((anchor.row(), row)), sorted((anchor.column(), column))
        self._extending = True
        try:
            block = QItemSelection(model.index(rows[0], columns[0]), model.index(rows[1], columns[1]))
            selection.select(block, Select.ClearAndSelect)
            selection.setCurrentIndex(index, Select.NoUpdate)
        finally:
            self._extending = False
        self._anchor = anchor

    def _columns(self) -> list[int]:
        """The columns in sight in either half."""
        model = self._model
        classes = list(range(model.classes))
        facts = range(model.classes, model.columnCount())
        return classes + [column for column in facts if not self._facts.isColumnHidden(column)]

    def _place(self, column: int) -> int:
        columns = self._columns()
        return columns.index(column) if column in columns else len(columns) - 1

    def _pressed(self, event: QKeyEvent) -> bool:
        """Do what a key means; False leaves it to Qt."""
        key, modifiers = event.key(), event.modifiers() & ~Modifier.KeypadModifier
        shift, far = bool(modifiers & Modifier.ShiftModifier), bool(modifiers & Modifier.ControlModifier)
        if modifiers & ~(Modifier.ShiftModifier | Modifier.ControlModifier):
            return False
        if key in (Key.Key_Return, Key.Key_Enter) and not far:
            self.step(-1 if shift else 1, 0)
            return True
        if key in (Key.Key_Tab, Key.Key_Backtab) and not far:
            self.step(0, -1 if shift or key == Key.Key_Backtab else 1)
            return True
        if not self._cells.currentIndex().isValid() or (goal := self._goal(key, far=far)) is None:
            return False
        self._go(goal[0], self._columns()[goal[1]], extend=shift)
        return True

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self._began = QPersistentModelIndex()
        if not self._extending:
            self._anchor = QPersistentModelIndex(current)

    # Qt's own names from here on

    def eventFilter(self, half: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(half, Half):
            editing = half.state() is QAbstractItemView.State.EditingState
            return not editing and self._pressed(event)
        return super().eventFilter(half, event)
