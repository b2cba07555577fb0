"""Changing a value without typing: keys with Alt, the wheel with Alt, or a hand that pulls across a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QTableView

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stepping import Stepper, Stride
from lossacc_gui.core.wording import number
from lossacc_gui.session.drag import Drag

if TYPE_CHECKING:
    from lossacc_gui.ui.grid import Grid

Kind, Key, Modifier, Button = QEvent.Type, Qt.Key, Qt.KeyboardModifier, Qt.MouseButton

NOTCH = 120
"""What Qt calls one notch of a wheel; finer wheels send parts of it."""

ACROSS = 100
"""How many steps a pull across the whole of a cell makes: its bar follows the hand from 0 to 1."""


class Scrubbing(QObject):
    """Steps and pulls of the grid's cells. All until Alt or the button is let go is one step of the history."""

    refused = Signal(str)
    """Why a value was not changed."""
    said = Signal(str)
    ended = Signal()
    """The hand has let go: axes may move again."""

    def __init__(self, drag: Drag, grid: Grid, parent: QObject) -> None:
        super().__init__(parent)
        self._drag, self._grid = drag, grid
        self._stepper: Stepper | None = None
        self._pulled: QPoint | None = None
        """Where the hand that pulls was last, in the viewport of ``_view``."""
        self._view: QTableView = grid.cells
        self._at: tuple[QTableView, int, int] | None = None
        """The cell the wheel was turned over: in its row's five largest it may come to stand elsewhere."""
        self._turned = 0
        self._views: dict[QObject, QTableView] = {
            view.viewport(): view for view in (grid.cells, grid.top, grid.facts)
        }
        for viewport in self._views:
            viewport.installEventFilter(self)

    def up(self) -> None:
        """Raise the current cell by one step."""
        self._act(1, Stride.PLAIN)

    def down(self) -> None:
        """Lower it by one step."""
        self._act(-1, Stride.PLAIN)

    def up_far(self) -> None:
        """Raise it by a coarse step."""
        self._act(1, Stride.COARSE)

    def down_far(self) -> None:
        """Lower it by a coarse step."""
        self._act(-1, Stride.COARSE)

    def up_finely(self) -> None:
        """Raise it by a fine step."""
        self._act(1, Stride.FINE)

    def down_finely(self) -> None:
        """Lower it by a fine step."""
        self._act(-1, Stride.FINE)

    def _act(self, steps: int, step: Stride) -> None:
        """A step by key, or from the menu, where there is no Alt that will be let go."""
        self._step(steps, step)
        if not QApplication.keyboardModifiers() & Modifier.AltModifier:
            self.end()

    def _step(self, steps: int, step: Stride) -> None:
        """So many steps of the current cell; goes on with the gesture under way when it is the same cell's."""
        try:
            self._require_cell()
            stepper = self._going("Step")
            self._drag.to(stepper.by(steps, step))
        except Refusal as reason:
            self._refuse(reason)
            return
        if stepper.at_end:
            self.said.emit(f"{number(stepper.value)} is as far as “{self._drag.focus.rule}” lets it go")

    def _going(self, what: str) -> Stepper:
        """The way of the current cell, begun anew unless it is under way. Raises Refusal."""
        drag = self._drag
        if self._stepper is not None and drag.holds_focus:
            return self._stepper
        self.end()
        self._grid.commit()
        focus, document = drag.focus, drag.document
        stepper = Stepper.of(document.state, document.epoch, focus.row, focus.column, focus.rule)
        drag.begin(what=f"{what} row {focus.row + 1}, {self._grid.model.words.name(focus.column)}")
        self._stepper = stepper
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)  # whoever has the keyboard: Alt is let go there
        return stepper

    def end(self) -> None:
        """Close the step, if one is open."""
        if self._stepper is None:
            return
        self._stepper, self._turned = None, 0
        if self._pulled is not None:
            self._pulled = None
            self._view.viewport().unsetCursor()
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        self._drag.end()
        self.ended.emit()

    def _take_back(self) -> None:
        """Put the cell back to where the gesture began."""
        self._drag.take_back()
        self.end()

    def _refuse(self, reason: Refusal) -> None:
        self.end()
        self.refused.emit(f"Row {self._drag.focus.row + 1}: {reason.what}: {reason.remedy}.")

    def _require_cell(self) -> None:
        """Raises Refusal unless the current cell is a class's and in the list."""
        grid, focus = self._grid, self._drag.focus
        if grid.model.view_row(focus.row) < 0:
            raise Refusal("", "the filter hides the current row", "choose a cell of the list")
        if grid.cells.currentIndex().column() >= grid.model.classes:
            raise Refusal("", "only the cells of classes go up and down by steps", "go to one of them first")

    def _look_at(self, view: QTableView, index: QModelIndex) -> bool:
        """Make a cell the current one; False where there is no class's cell."""
        grid = self._grid
        if not index.isValid() or view is grid.facts:
            return False
        column = grid.top.top.top(index.row())[index.column()] if view is grid.top else index.column()
        self._drag.focus.go_to(grid.model.data_row(index.row()), column)
        if view is grid.cells:  # the focus may have been there while a fact was the current cell
            grid.cells.setCurrentIndex(index)
        view.setFocus(Qt.FocusReason.MouseFocusReason)
        return True

    def _turn(self, view: QTableView, event: QWheelEvent) -> None:
        index = view.indexAt(event.position().toPoint())
        at = view, index.row(), index.column()
        if at != self._at:
            self._turned = 0
        elsewhere = self._stepper is None or not self._drag.holds_focus or at != self._at
        if elsewhere and not self._look_at(view, index):
            return
        self._at = at
        turned = event.angleDelta()
        self._turned += turned.y() or turned.x()  # with Alt, X11 turns the wheel aside
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        if notches:
            self._step(notches, _step_of(event.modifiers()))

    def _take(self, view: QTableView, where: QPoint) -> None:
        """A hand takes hold of a cell."""
        self.end()
        if not self._look_at(view, view.indexAt(where)):
            return
        try:
            self._going("Drag")
        except Refusal as reason:
            self._refuse(reason)
            return
        self._pulled, self._view = where, view
        view.viewport().setCursor(Qt.CursorShape.SizeHorCursor)

    def _pull(self, event: QMouseEvent) -> None:
        where, stepper = event.position().toPoint(), self._stepper
        if self._pulled is None or stepper is None or not self._drag.holds_focus:
            self.end()
            return
        step = _step_of(event.modifiers())
        width = max(self._view.columnWidth(self._view.currentIndex().column()), 1)
        amount = (where.x() - self._pulled.x()) / width * ACROSS * float(step.value)
        self._pulled = where
        try:
            self._drag.to(stepper.pulled(amount, step))
        except Refusal as reason:
            self._refuse(reason)

    # Qt's own names from here on

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == Kind.KeyRelease and isinstance(event, QKeyEvent) and event.key() == Key.Key_Alt:
            if self._pulled is None and self._stepper is not None:
                self.end()
                return True  # else Alt, let go after a wheel, opens the menu bar
        elif kind == Kind.KeyPress and isinstance(event, QKeyEvent) and event.key() == Key.Key_Escape:
            if self._stepper is not None:
                self._take_back()
                return True
        elif kind == Kind.WindowDeactivate:
            self.end()
        elif isinstance(event, QMouseEvent | QWheelEvent) and (view := self._views.get(watched)) is not None:
            return self._handled(view, event)
        return super().eventFilter(watched, event)

    def _handled(self, view: QTableView, event: QMouseEvent | QWheelEvent) -> bool:
        """Do what a mouse means here; False leaves it to Qt."""
        alt = bool(event.modifiers() & Modifier.AltModifier)
        if isinstance(event, QWheelEvent):
            if alt:
                self._turn(view, event)
            return alt
        kind = event.type()
        if kind == Kind.MouseButtonPress:
            takes = event.button() is Button.MiddleButton or (alt and event.button() is Button.LeftButton)
            if takes:
                self._take(view, event.position().toPoint())
            return takes
        if self._pulled is None:
            return False
        if kind == Kind.MouseMove:
            self._pull(event)
        elif kind == Kind.MouseButtonRelease:
            self.end()
        return True


def _step_of(modifiers: Qt.KeyboardModifier) -> Stride:
    if modifiers & Modifier.ShiftModifier:
        return Stride.COARSE
    return Stride.FINE if modifiers & Modifier.ControlModifier else Stride.PLAIN
