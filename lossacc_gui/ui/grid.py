"""The grid: class columns that scroll, and beside them the facts of each row, which stay in sight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QWidget

from lossacc_gui.core.change import Change
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.filling import Cells
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import Form
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.cells import ROW_HEIGHT, CellDelegate
from lossacc_gui.ui.class_dragging import ClassDragging
from lossacc_gui.ui.facts import CHECK, LABEL
from lossacc_gui.ui.grid_half import Half
from lossacc_gui.ui.grid_model import GridModel
from lossacc_gui.ui.grid_widths import Widths
from lossacc_gui.ui.navigation import Navigation, selected
from lossacc_gui.ui.nothing import Nothing
from lossacc_gui.ui.one_hot import OneHotModel, OneHotView
from lossacc_gui.ui.row_marks import RowMarks
from lossacc_gui.ui.top_five import TopModel, TopView
from lossacc_gui.ui.top_keys import TopKeys


class Grid(QWidget):
    """Both halves, kept in step."""

    menu_wanted = Signal(object)
    """Where on the screen the menu of the current cell is asked for."""
    heading_menu_wanted = Signal(int, object)
    row_menu_wanted = Signal(int, object)
    """A column or a row of the grid, and where on the screen its menu is asked for."""
    class_moved = Signal(int, int)
    """The class whose heading was dragged, and the class in whose place it was let go."""
    rename_wanted = Signal(int)
    """The class whose name is to be changed."""
    sort_wanted = Signal(int)
    """The column whose heading was clicked."""

    def __init__(
        self, document: Document, focus: Focus, theme: look.Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.focus = focus
        self.model = GridModel(document, focus, self)
        self.cells, self.facts = Half("Predictions", self), Half("Labels and losses", self)
        self.top = TopView(TopModel(self.model, self), theme, self)
        self.one_hot = OneHotView(OneHotModel(self.model, self), theme, self)
        self._widths = Widths(self.model, self.cells, self.facts, self.top, self.one_hot)
        self.navigation = Navigation(self.model, self.cells, self.facts, self)
        self.delegates: list[CellDelegate] = [self.top.delegate]
        for half in (self.cells, self.facts):
            half.setModel(self.model)
            delegate = CellDelegate(self.model, theme, half)
            half.setItemDelegate(delegate)
            delegate.left.connect(self._step)
            self.delegates.append(delegate)
            half.menu_wanted.connect(self.menu_wanted)
            half.heading_menu_wanted.connect(self.heading_menu_wanted)
            half.row_menu_wanted.connect(self.row_menu_wanted)
            half.handed_over.connect(self._on_handed_over)
            half.horizontalHeader().sectionPressed.disconnect()  # a click sorts, and selects no column
            half.horizontalHeader().sectionClicked.connect(self.sort_wanted)
        own = self.facts.selectionModel()
        self.facts.setSelectionModel(self.cells.selectionModel())
        self.navigation.listen()
        own.deleteLater()
        for half in (self.cells, self.facts):
            RowMarks(half)
        ClassDragging(self.cells.horizontalHeader()).moved.connect(self.class_moved)
        self.facts.verticalHeader().hide()
        self.facts.setObjectName("facts")
        self.cells.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self.facts.verticalScrollBar()
        for block in (self.cells, self.top, self.one_hot):
            block.verticalScrollBar().valueChanged.connect(bar.setValue)
            bar.valueChanged.connect(block.verticalScrollBar().setValue)
        self._top_keys = self._listen_to_top()
        self.one_hot.left.connect(self.take_keyboard)
        self.cells.selectionModel().currentChanged.connect(self._on_current)
        self.cells.horizontalHeader().sectionDoubleClicked.connect(self.rename_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for block in (self.cells, self.top, self.one_hot, self.facts):
            layout.addWidget(block)
        self.setFocusProxy(self.cells)
        self.nothing = Nothing(focus, self)
        self._sort = focus.listing.sort
        self._lay_out()
        self.model.modelReset.connect(self._lay_out)
        self.model.modelReset.connect(self._settle)
        focus.moved.connect(self._on_moved)
        focus.listed.connect(self._on_listed)
        self._on_moved()

    def set_theme(self, theme: look.Theme) -> None:
        """Paint in these colours."""
        for delegate in self.delegates:
            delegate.set_theme(theme)
        self.one_hot.set_theme(theme)
        for block in (self.cells, self.top, self.one_hot, self.facts):
            block.viewport().update()

    def on_changed(self, change: Change) -> None:
        """Show what changed."""
        self.model.on_changed(change)
        if self.model.has_checks() == self.facts.isColumnHidden(self.model.classes + CHECK):
            self._lay_out()
        before = change.convention_before
        # Of a convention, widths hang on the kind of cells alone; temperatures are many in one drag.
        read_anew = before is None or before.rows is not self.model.document.state.convention.rows
        if (change.convention and read_anew) or (change.names and not change.shape):
            self._lay_out()
        if change.shape or change.undone:
            self._look(keep=change.undone)
            self.show_current()

    def show_current(self) -> None:
        """Bring the current cell into sight, if there is one."""
        current = self.cells.currentIndex()
        if current.isValid():
            half = self.cells if current.column() < self.model.classes else self.facts
            half.scrollTo(current)

    def set_numbers(self, decimals: int, form: Form) -> None:
        """Show so many decimals, in this form."""
        self.model.set_numbers(decimals, form)
        self._lay_out()

    def toggle_top(self) -> None:
        """Show each row's largest classes in the place of all classes, or all again."""
        shown = not self.top.top.active
        self.top.top.set_active(shown)
        self.cells.setVisible(not shown)
        self.top.setVisible(shown)
        self.setFocusProxy(self.top if shown else self.cells)
        self._lay_out()
        self.take_keyboard()
        self._on_scrolled()

    def toggle_one_hot(self) -> None:
        """Show the labels as a matrix of 0 and 1 beside the predictions, with the keyboard, or hide it."""
        shown = not self.one_hot.labels.active
        self.one_hot.labels.set_active(shown)
        self.one_hot.setVisible(shown)
        self._lay_out()
        if shown:
            self.one_hot.take_keyboard()
        else:
            self.take_keyboard()
        self._on_scrolled()

    def sort_by_column(self) -> None:
        """Sort by the current column, as a click on its heading does."""
        current = self.cells.currentIndex()
        self.sort_wanted.emit(current.column() if current.isValid() else self.focus.column)

    def take_keyboard(self) -> None:
        """Let the keyboard speak to the classes."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def commit(self) -> bool:
        """Take in what stands in an open editor; whether there was one."""
        for half in (self.cells, self.top, self.facts):
            if half.state() == QAbstractItemView.State.EditingState:
                half.setFocus(Qt.FocusReason.OtherFocusReason)  # leaving an editor commits it
                return True
        return False

    def select(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Select a block from one cell of the grid to another, the first of which becomes the current one."""
        index, flag = self.model.index(*first), QItemSelectionModel.SelectionFlag
        self.cells.selectionModel().setCurrentIndex(index, flag.ClearAndSelect)
        if not self.top.top.active:  # where no block can be seen
            self.cells.selectionModel().select(QItemSelection(index, self.model.index(*last)), flag.Select)

    def selected(self) -> list[Cells]:
        """The selected blocks of cells; the current cell when nothing is selected, if it is listed.

        Raises Refusal where they are not the cells one sees selected.
        """
        self.require_seen()
        return selected(self.cells.selectionModel(), self.model)

    def require_seen(self) -> None:
        """Raises Refusal when rows are selected whose five largest classes alone are in sight."""
        chosen = self.cells.selectionModel().selection()
        ranges = [chosen.at(i) for i in range(chosen.count())]
        if self.top.top.active and sum(r.height() for r in ranges) > 1 and ranges[0].left() == 0:
            raise Refusal(
                "five largest classes",
                "they differ from row to row, so no block can be made of them",
                "show all classes with View > Five largest classes",
            )

    def selected_rows(self) -> NDArray[np.intp]:
        """The rows that have a selected cell, ascending; the current one when none is selected, if it is listed."""
        chosen = self.cells.selectionModel().selection()
        parts = [np.arange(chosen.at(i).top(), chosen.at(i).bottom() + 1) for i in range(chosen.count())]
        if parts:
            return np.sort(self.model.data_rows(distinct(np.concatenate(parts))))
        return np.array([self.focus.row] if self.model.view_row(self.focus.row) >= 0 else [], np.intp)

    def _lay_out(self) -> None:
        self._widths.lay_out(self.size())

    def _settle(self) -> None:
        """Let every block know at once how far it can be scrolled: one that is told later stays behind."""
        for block in (self.cells, self.top, self.one_hot, self.facts):
            block.doItemsLayout()

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            column = current.column()
            self.focus.go_to(
                self.model.data_row(current.row()), column if column < self.model.classes else None
            )
            self.focus.at_label = column == self.model.classes + LABEL

    def _on_moved(self) -> None:
        self._look()

    def _look(self, *, keep: bool = False) -> None:
        """Follow the focus, unless the current cell is a fact of the same row.

        ``keep`` leaves a selection that the cell is in.
        """
        if not 0 <= self.focus.row < self.model.document.state.predictions.rows:
            return
        row = self.model.view_row(self.focus.row)
        if row < 0:  # a filter hides it: then no cell is the current one
            self.cells.selectionModel().clear()
            return
        column = min(max(self.focus.column, 0), self.model.classes - 1)
        if self.focus.at_label:
            column = self.model.classes + LABEL
        current = self.cells.currentIndex()
        at_fact = current.isValid() and current.row() == row and current.column() >= self.model.classes
        if (current.row(), current.column()) != (row, column) and not (
            at_fact and column < self.model.classes
        ):
            index, chosen = self.model.index(row, column), self.cells.selectionModel()
            flag = QItemSelectionModel.SelectionFlag
            keep = keep and chosen.isSelected(index)
            chosen.setCurrentIndex(index, flag.Current if keep else flag.ClearAndSelect)
            self.show_current()

    def _on_listed(self) -> None:
        sort, before = self.focus.listing.sort, self._sort
        self._sort = sort
        self.model.list_rows()
        self._on_moved()
        if sort is not None and sort != before and self.model.rowCount():
            # Who sorts wants to see what comes first, and types where the current cell is: so it is in sight.
            self.facts.verticalScrollBar().setValue(0)
            last = self.facts.rowAt(self.facts.viewport().height() - 1)  # -1 where all rows are in sight
            if 0 <= last <= self.model.view_row(self.focus.row):
                self.focus.go_to(self.model.data_row(0))

    def _on_handed_over(self, index: QModelIndex) -> None:
        if index.column() < self.model.classes and self.top.top.active:
            self.take_keyboard()
            return
        half = self.cells if index.column() < self.model.classes else self.facts
        half.setFocus(Qt.FocusReason.OtherFocusReason)
        half.scrollTo(index)

    def _listen_to_top(self) -> TopKeys:
        self.top.selectionModel().selectionChanged.connect(self._on_top_selected)
        self.top.went.connect(self._on_top_went)
        self.top.delegate.left.connect(self._step)
        return TopKeys(self.top, self.facts, self)

    def _step(self, down: int, right: int) -> None:
        """An editor was left by a key."""
        (self._top_keys if self._top_keys.active else self.navigation).step(down, right)

    def _on_top_went(self, row: int, column: int) -> None:
        """The current cell among the largest classes is the grid's, whatever was that before."""
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.cells.selectionModel().setCurrentIndex(self.model.index(row, column), flag)

    def _on_top_selected(self) -> None:
        """Rows selected among the largest classes are selected for every action, of one row its cells."""
        chosen = self.top.selectionModel().selection()
        ranges, cells = [chosen.at(i) for i in range(chosen.count())], QItemSelection()
        one = len({row for each in ranges for row in (each.top(), each.bottom())}) == 1
        for each in ranges:
            if one:
                for column in self.top.top.top(each.top())[each.left() : each.right() + 1]:
                    cells.select(self.model.index(each.top(), column), self.model.index(each.top(), column))
            else:
                cells.select(self.model.index(each.top(), 0), self.model.index(each.bottom(), 0))
        self.cells.selectionModel().select(cells, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _on_scrolled(self) -> None:
        """A block that came into sight shows the rows the others show."""
        for block in (self.cells, self.top, self.one_hot):
            block.verticalScrollBar().setValue(self.facts.verticalScrollBar().value())

    # Qt's own names from here on

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widths.fit(self.size())
        height, current = self.facts.viewport().height(), self.cells.currentIndex()
        end = self.facts.rowViewportPosition(current.row()) + ROW_HEIGHT
        if height < end <= height + event.oldSize().height() - event.size().height():
            self.show_current()  # a notice has come where one types

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.ignore()
