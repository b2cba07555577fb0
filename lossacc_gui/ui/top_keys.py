"""Keys across the seam between the five largest classes and the label beside them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from lossacc_gui.ui.facts import LABEL
from lossacc_gui.ui.grid_half import Half
from lossacc_gui.ui.top_five import TopView

Key = Qt.Key


class TopKeys(QObject):
    """Listens to both tables while the largest classes are shown. A place is a rank, or behind the last the label."""

    def __init__(self, top: TopView, facts: Half, parent: QObject) -> None:
        super().__init__(parent)
        self._top, self._facts = top, facts
        self._began = -1
        """The place where Tab began to go through a row, -1 where it did not: Return goes back to it."""
        for table in (top, facts):
            table.installEventFilter(self)  # before what listens already
            table.selectionModel().currentChanged.connect(self._forget)

    def step(self, down: int, right: int) -> None:
        """Go so many rows down, or places to the right, as ``Navigation.step`` does."""
        row, place = self._row(), self._place()
        began = place if self._began < 0 else self._began
        last, rows = self._top.top.columnCount(), self._top.top.rowCount()
        if right:
            place += right
            if not 0 <= place <= last:
                row, place = row + right, 0 if right > 0 else last
        else:
            row, place = row + down, began
            row = min(max(row, 0), rows - 1) if self._began >= 0 else row
        if 0 <= row < rows:
            self._go(row, place)
            self._began = began if right else -1

    @property
    def active(self) -> bool:
        """Whether the largest classes are shown."""
        return self._top.top.active

    def _row(self) -> int:
        return (self._facts if self._at_fact() else self._top).currentIndex().row()

    def _place(self) -> int:
        return self._top.top.columnCount() if self._at_fact() else max(self._top.currentIndex().column(), 0)

    def _at_fact(self) -> bool:
        return self._facts.currentIndex().column() >= self._top.top.grid.classes

    def _go(self, row: int, place: int) -> None:
        top, grid = self._top.top, self._top.top.grid
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        if place < top.columnCount():
            self._top.setFocus(Qt.FocusReason.OtherFocusReason)
            self._top.look_at(row, place)
            return
        index = grid.index(row, grid.classes + LABEL)
        self._facts.setFocus(Qt.FocusReason.OtherFocusReason)
        self._facts.selectionModel().setCurrentIndex(index, flag)
        self._facts.scrollTo(index)

    def _pressed(self, table: QObject, event: QKeyEvent) -> bool:
        """Do what a key means; False leaves it to who listens next."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        if modifiers and not shift:
            return False
        at_label = self._facts.currentIndex().column() == self._top.top.grid.classes + LABEL
        ours = table is self._top or at_label
        if key in (Key.Key_Return, Key.Key_Enter) and ours:
            self.step(-1 if shift else 1, 0)
        elif key in (Key.Key_Tab, Key.Key_Backtab) and ours:
            self.step(0, -1 if shift or key == Key.Key_Backtab else 1)
        elif key == Key.Key_Right and not shift and table is self._top and self._is_last():
            self._go(self._row(), self._place() + 1)
        elif key == Key.Key_Left and not shift and table is self._facts and at_label:
            self._go(self._row(), self._top.top.columnCount() - 1)
        elif key == Key.Key_Home and not shift and table is self._facts:
            self._go(self._row(), 0)
        else:
            return False
        return True

    def _is_last(self) -> bool:
        return self._top.currentIndex().column() == self._top.top.columnCount() - 1

    def _forget(self) -> None:
        self._began = -1

    # Qt's own names from here on

    def eventFilter(self, table: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or not self.active:
            return False
        assert isinstance(table, QAbstractItemView)
        return table.state() is not QAbstractItemView.State.EditingState and self._pressed(table, event)
