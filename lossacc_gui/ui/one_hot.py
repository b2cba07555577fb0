"""The labels as a matrix of 0 and 1 beside the predictions."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from lossacc_gui.core.edits import SetLabels
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.ui import theme as look_of
from lossacc_gui.ui.beside import Beside, BesideView
from lossacc_gui.ui.grid_model import ROOT, GridModel, Index

Role = Qt.ItemDataRole


class OneHotModel(Beside):
    """The labels as a matrix of 0 and 1, one column a class."""

    def __init__(self, grid: GridModel, parent: QObject | None = None) -> None:
        self._classes = 0
        super().__init__(grid, parent)

    def choose(self, index: Index) -> bool:
        """Give the row the label of this cell; take it away where it is the label already."""
        if not index.isValid():
            return False
        row, document = self.grid.data_row(index.row()), self.grid.document
        old = int(document.state.predictions.labels[row])
        label = NO_LABEL if old == index.column() else index.column()
        return document.edit(SetLabels(np.array([row]), np.array([label], np.int32)), f"Label row {row + 1}")

    def _refresh(self) -> None:
        self._classes = self.grid.classes if self.active else 0

    # Qt's own names from here on

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self._classes

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter.value
        look = self.look(index.row())
        is_label = look.label == index.column()
        if role == Role.DisplayRole:
            return "1" if is_label else "0" if look.counted else "–"
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            row, words = self.grid.data_row(index.row()) + 1, self.grid.words
            told = "1" if is_label else "0" if look.counted else "none"
            return f"Row {row}, {words.name(index.column())}: {told}{words.said_of(look, index.column())}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self.grid.words.name(section)
        return super().headerData(section, orientation, role)


class OneHotDelegate(QStyledItemDelegate):
    """Paints the 1 so that it is found among the zeros."""

    def __init__(self, theme: look_of.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._plain, self._bold = look_of.font(), look_of.font(bold=True)

    # Qt's own names from here on

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, text, theme = option.rect, index.data(), self.theme
        is_label, current = text == "1", bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.fillRect(rect, QColor(theme.hover if is_label else theme.card))
        painter.setFont(self._bold if is_label else self._plain)
        painter.setPen(QColor(theme.text if is_label else theme.muted))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QColor(theme.grid))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if current:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()


class OneHotView(BesideView):
    """A click, Space or Return on a cell moves the label there."""

    left = Signal()
    """Esc: the keyboard goes back to the classes."""

    def __init__(self, model: OneHotModel, theme: look_of.Theme, parent: QWidget | None = None) -> None:
        super().__init__("Labels as 0 and 1", model, parent)
        self.labels = model
        self.setObjectName("facts")
        self.verticalHeader().hide()
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.delegate = OneHotDelegate(theme, self)
        self.setItemDelegate(self.delegate)
        self.clicked.connect(model.choose)
        model.grid.focus.moved.connect(self.follow)
        model.modelReset.connect(self.follow)

    def set_theme(self, theme: look_of.Theme) -> None:
        """Paint in these colours."""
        self.delegate.theme = theme
        self.viewport().update()

    def take_keyboard(self) -> None:
        """Let the keys move in it, from the current row's label on."""
        grid = self.labels.grid
        row = grid.view_row(grid.focus.row)
        if row >= 0:
            label = int(grid.document.state.predictions.labels[grid.focus.row])
            self.setCurrentIndex(self.labels.index(row, max(label, 0)))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self) -> None:
        """Bring the label of the current row into sight."""
        grid = self.labels.grid
        row = grid.focus.row
        labels = grid.document.state.predictions.labels
        if self.labels.columnCount() and row < len(labels) and labels[row] != NO_LABEL:
            bar = self.horizontalScrollBar()
            left, width = self.columnViewportPosition(int(labels[row])), self.columnWidth(int(labels[row]))
            if left < 0 or left + width > self.viewport().width():
                bar.setValue(bar.value() + left - (self.viewport().width() - width) // 2)

    # Qt's own names from here on

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys and not event.modifiers():
            self.labels.choose(self.currentIndex())
            return
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)
