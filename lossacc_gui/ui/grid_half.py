"""One of the two halves of the grid: a table that shows its own columns of what both hold."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QContextMenuEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from lossacc_gui.ui.cells import ROW_HEIGHT, CellDelegate
from lossacc_gui.ui.grid_model import Index

TRIGGERS = (
    QAbstractItemView.EditTrigger.DoubleClicked
    | QAbstractItemView.EditTrigger.EditKeyPressed
    | QAbstractItemView.EditTrigger.AnyKeyPressed
)


class Headings(QHeaderView):
    """The headings of the columns: one line high, whatever they say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setFixedHeight(ROW_HEIGHT)

    def sizeHint(self) -> QSize:
        """Qt would ask for the looks of forty headings, several times whenever a file is opened."""
        return QSize(0, ROW_HEIGHT)


class Half(QTableView):
    """One of the two halves; each shows its own columns of the same model and the same selection."""

    menu_wanted = Signal(object)
    """Where on the screen the menu of the current cell is asked for."""
    heading_menu_wanted = Signal(int, object)
    row_menu_wanted = Signal(int, object)
    """The column or the row, and where on the screen."""
    handed_over = Signal(QModelIndex)
    """The current cell has moved to a column that the other half shows."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setEditTriggers(TRIGGERS)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalHeader(Headings(self))
        vertical, horizontal = self.verticalHeader(), self.horizontalHeader()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(ROW_HEIGHT)
        horizontal.setHighlightSections(False)
        horizontal.setTextElideMode(Qt.TextElideMode.ElideRight)
        horizontal.setMinimumSectionSize(40)
        for header, ask in ((horizontal, self._on_heading), (vertical, self._on_row)):
            header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            header.customContextMenuRequested.connect(ask)
        # What is scrolled is moved on the screen, and only what came into sight is painted.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def _on_heading(self, where: QPoint) -> None:
        header = self.horizontalHeader()
        if (column := header.logicalIndexAt(where)) >= 0:
            self.heading_menu_wanted.emit(column, header.mapToGlobal(where))

    def _on_row(self, where: QPoint) -> None:
        header = self.verticalHeader()
        if (row := header.logicalIndexAt(where)) >= 0:
            self.row_menu_wanted.emit(row, header.mapToGlobal(where))

    def _paint_cells(self, painter: QPainter, part: QRect, delegate: CellDelegate) -> None:
        """The cells in a part of the viewport."""
        model, current, chosen = delegate.model, self.currentIndex(), self.selectionModel().selection()
        first, last = self.rowAt(part.top()), self.rowAt(part.bottom())
        columns = self._columns(part.left(), part.right())
        if first < 0 or not columns:
            return
        left, right = columns[0][1], columns[-1][1] + columns[-1][2] - 1
        for view_row in range(first, (last if last >= 0 else model.rowCount() - 1) + 1):
            look, top = model.look(model.data_row(view_row)), self.rowViewportPosition(view_row)
            spans = [
                (ranged.left(), ranged.right())
                for ranged in (chosen.at(i) for i in range(chosen.count()))
                if ranged.top() <= view_row <= ranged.bottom()
            ]
            for column, x, width in columns:
                rect = QRect(x, top, width, ROW_HEIGHT)
                if any(begin <= column <= end for begin, end in spans):
                    painter.fillRect(rect, delegate.colours["hover"])
                delegate.paint_cell(painter, rect, look, column)
            painter.setPen(delegate.colours["grid"])
            painter.drawLine(left, top + ROW_HEIGHT - 1, right, top + ROW_HEIGHT - 1)
            if view_row == current.row() and not self.isColumnHidden(current.column()):
                painter.setPen(QPen(delegate.colours["accent"], 2))
                painter.drawRect(self.visualRect(current).adjusted(1, 1, -1, -1))

    def _columns(self, left: int, right: int) -> list[tuple[int, int, int]]:
        """The columns between two places of the viewport: which, where each begins, how wide it is."""
        first, last = self.columnAt(left), self.columnAt(right)
        if first < 0:
            return []
        return [
            (column, self.columnViewportPosition(column), self.columnWidth(column))
            for column in range(first, (last if last >= 0 else self.model().columnCount() - 1) + 1)
            if not self.isColumnHidden(column)
        ]

    # Qt's own names from here on

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Step across the seam between the halves as if it were not there."""
        current, model = self.currentIndex(), self.model()
        step = {
            QAbstractItemView.CursorAction.MoveRight: 1,
            QAbstractItemView.CursorAction.MoveNext: 1,
            QAbstractItemView.CursorAction.MoveLeft: -1,
            QAbstractItemView.CursorAction.MovePrevious: -1,
        }.get(action)
        if step and current.isValid() and not modifiers & Qt.KeyboardModifier.ControlModifier:
            row, column = current.row(), current.column() + step
            wraps = action in (
                QAbstractItemView.CursorAction.MoveNext,
                QAbstractItemView.CursorAction.MovePrevious,
            )
            if wraps and not 0 <= column < model.columnCount():
                row, column = row + step, 0 if step > 0 else model.columnCount() - 1
            if 0 <= row < model.rowCount() and 0 <= column < model.columnCount():
                return model.index(row, column)
            return current
        return super().moveCursor(action, modifiers)

    def edit(self, *args: object) -> object:  # type: ignore[override]
        """Open an editor only in a column this half shows."""
        index = args[0]
        if isinstance(index, QModelIndex) and self.isColumnHidden(index.column()):
            # After Tab Qt would go on editing in what is the other half's column, and warns at a False.
            every = QAbstractItemView.EditTrigger.AllEditTriggers
            return args[1] == every if len(args) > 1 else None
        return super().edit(*args)  # type: ignore[call-overload]

    def currentChanged(self, current: Index, previous: Index) -> None:
        hidden = current.isValid() and self.isColumnHidden(current.column())
        if hidden and self.hasFocus():
            self.handed_over.emit(current)
        if not hidden:
            super().currentChanged(current, previous)
        for index in (previous, current):
            if index.isValid():
                self.update(index)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Paint the rows that changed and no others: of more than some columns Qt would paint all there is."""
        told = QAccessible.isActive() or self.state() is QAbstractItemView.State.EditingState
        if told or not (first.isValid() and last.isValid()):
            super().dataChanged(first, last, roles)
            return
        top, end = self.rowViewportPosition(first.row()), self.rowViewportPosition(last.row()) + ROW_HEIGHT
        self.viewport().update(0, top, self.viewport().width(), end - top)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells that came into sight, row by row: Qt would ask a delegate for each, at five times the cost."""
        delegate = self.itemDelegate()
        assert isinstance(delegate, CellDelegate)
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), delegate.colours["card"])
        self._paint_cells(painter, event.rect(), delegate)
        painter.end()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())
