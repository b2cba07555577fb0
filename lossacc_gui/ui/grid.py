"""The grid: class columns that scroll, and beside them the facts of each row, which stay in sight."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QWidget

from lossacc_gui.core.change import Change
from lossacc_gui.core.wording import Form
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.cells import CellDelegate
from lossacc_gui.ui.class_dragging import ClassDragging
from lossacc_gui.ui.facts import CHECK
from lossacc_gui.ui.grid_current import GridCurrent
from lossacc_gui.ui.grid_half import Half
from lossacc_gui.ui.grid_model import GridModel
from lossacc_gui.ui.grid_selection import GridSelection
from lossacc_gui.ui.grid_widths import Widths
from lossacc_gui.ui.navigation import Navigation
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
        self._blocks = (self.cells, self.top, self.one_hot, self.facts)
        self._widths = Widths(self.model, self.cells, self.facts, self.top, self.one_hot)
        self.navigation = Navigation(self.model, self.cells, self.facts, self)
        self.delegates: list[CellDelegate] = [self.top.delegate]
        self._join_halves(theme)
        self._join_blocks()
        self._top_keys = TopKeys(self.top, self.facts, self)
        self.selection = GridSelection(self.model, self.cells.selectionModel(), self.top, self)
        self.top.delegate.left.connect(self._step)
        self.one_hot.left.connect(self.take_keyboard)
        self.current = GridCurrent(self.model, focus, self.cells, self.facts, self)
        self.setFocusProxy(self.cells)
        self.nothing = Nothing(focus, self)
        self._lay_out()
        focus.leaving.connect(self.commit)
        self._typing = False
        self.model.modelAboutToBeReset.connect(self._on_about_to_reset)
        self.model.modelReset.connect(self._lay_out)
        self.model.modelReset.connect(self._settle)
        self.current.follow()
        # Before any other widget: who has the window laid out anew makes Qt ask here for headings and cells, and an
        # error over a class that is gone would end the program where Python had called Qt.
        document.changed.connect(self._on_changed)

    def _join_halves(self, theme: look.Theme) -> None:
        """Give both halves the model, one selection, and what is asked of their headings and cells."""
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
        self.cells.horizontalHeader().sectionDoubleClicked.connect(self.rename_wanted)
        self.facts.verticalHeader().hide()
        self.facts.setObjectName("facts")

    def _join_blocks(self) -> None:
        """Put all blocks side by side and let them scroll as one."""
        self.cells.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self.facts.verticalScrollBar()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for block in self._blocks:
            layout.addWidget(block)
            if block is not self.facts:
                block.verticalScrollBar().valueChanged.connect(bar.setValue)
                bar.valueChanged.connect(block.verticalScrollBar().setValue)

    def set_theme(self, theme: look.Theme) -> None:
        """Paint in these colours."""
        for delegate in self.delegates:
            delegate.set_theme(theme)
        self.one_hot.set_theme(theme)
        for block in self._blocks:
            block.viewport().update()

    def _on_changed(self, change: Change) -> None:
        self.model.on_changed(change)
        if self.model.has_checks() == self.facts.isColumnHidden(self.model.classes + CHECK):
            self._lay_out()
        before = change.convention_before
        # Of a convention, widths hang on the kind of cells alone; temperatures are many in one drag.
        read_anew = before is None or before.rows is not self.model.document.state.convention.rows
        if (change.convention and read_anew) or (change.names and not change.shape):
            self._lay_out()
        if change.shape or change.undone:
            self.current.follow(keep=change.undone)
            self.current.show()

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
        block = self._editing()
        if block is not None:
            block.setFocus(Qt.FocusReason.OtherFocusReason)  # leaving an editor commits it
        return block is not None

    def _lay_out(self) -> None:
        self._widths.lay_out(self.size())

    def _on_about_to_reset(self) -> None:
        self._typing = self._editing() is not None

    def _settle(self) -> None:
        """Let every block know at once how far it can be scrolled: one that is told later stays behind."""
        for block in self._blocks:
            block.doItemsLayout()
        if self._typing:  # the editor is gone, with what was refused in it, and had the keyboard
            self.take_keyboard()

    def _editing(self) -> QAbstractItemView | None:
        """The block that has an open editor."""
        blocks = (self.cells, self.top, self.facts)
        return next(
            (block for block in blocks if block.state() == QAbstractItemView.State.EditingState), None
        )

    def _on_handed_over(self, index: QModelIndex) -> None:
        if index.column() < self.model.classes and self.top.top.active:
            self.take_keyboard()
            return
        half = self.cells if index.column() < self.model.classes else self.facts
        half.setFocus(Qt.FocusReason.OtherFocusReason)
        half.scrollTo(index)

    def _step(self, down: int, right: int) -> None:
        """An editor was left by a key."""
        (self._top_keys if self._top_keys.active else self.navigation).step(down, right)

    def _on_scrolled(self) -> None:
        """A block that came into sight shows the rows the others show."""
        for block in (self.cells, self.top, self.one_hot):
            block.verticalScrollBar().setValue(self.facts.verticalScrollBar().value())

    # Qt's own names from here on

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widths.fit(self.size())
        self.current.show_after(event.oldSize().height() - event.size().height())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.ignore()
