"""The line in which a label is typed, with the classes that fit in a list below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, QStringListModel, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMoveEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QWidget

from lossacc_gui.core.labelling import LabelReader, fitting
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted

MOST_LINES = 9
"""How many classes the list shows without scrolling."""
WIDEST = 360


class LabelEditor(QLineEdit):
    """Takes a class's name, a part of it, or its index; what Return takes is highlighted in the list.

    The list is no popup: the keyboard stays in the line, whose keys move the highlight.
    """

    picked = Signal()
    """A class of the list was clicked."""

    def __init__(self, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._names, self._reader = names, LabelReader(names)
        self._typed = False
        self._list = QListView(self.window())  # over everything in the window, not cut off by the grid
        self._model = QStringListModel(self._list)
        self._list.setObjectName("labels")
        self._list.setAccessibleName("Classes that fit")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFrameShape(QFrame.Shape.Box)
        self._list.setUniformItemSizes(True)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setModel(self._model)
        self._list.hide()
        self._list.clicked.connect(self._on_clicked)
        self.destroyed.connect(self._list.deleteLater)
        self.textEdited.connect(self._on_typed)

    def chosen(self) -> str:
        """What Return takes: the highlighted class where a part of a name was typed, else the text itself."""
        at = self._list.currentIndex()
        return at.data() if self._typed and at.isValid() else self.text()

    def _offer(self, places: list[int], current: int) -> None:
        """List these classes, one of them highlighted, or none for -1."""
        self._model.setStringList([self._names[place] for place in places])
        self._list.setCurrentIndex(self._model.index(current, 0) if current >= 0 else QModelIndex())
        told = f"{counted(len(places), 'class')} to choose from"
        self.setAccessibleDescription(f"{told}: {self._names[places[current]]}" if current >= 0 else told)
        self._place()

    def _on_typed(self, text: str) -> None:
        self._typed = True
        try:
            meant = self._reader(text)
        except Refusal:
            places = fitting(self._names, text)
            self._offer(places, 0 if places else -1)
            return
        if meant == NO_LABEL:
            self._offer(list(range(len(self._names))), -1)
            return
        others = [place for place in fitting(self._names, text) if place != meant]
        self._offer([meant, *others], 0)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.setText(index.data())
        self._typed = False
        self.picked.emit()

    def _place(self) -> None:
        """Put the list under the line, above it where there is no room, wide enough for its names."""
        lines, window = self._model.rowCount(), self.window()
        if not lines or not self.isVisible():
            self._list.hide()
            return
        self._list.setFont(self.font())
        height = self._list.sizeHintForRow(0) * min(lines, MOST_LINES) + 2 * self._list.frameWidth()
        width = self._list.sizeHintForColumn(0) + 2 * self._list.frameWidth() + 24  # its scroll bar, too
        rect = QRect(self.mapTo(window, QPoint(0, self.height())), self.size())
        rect.setSize(rect.size().expandedTo(self.size()))
        rect.setWidth(max(self.width(), min(width, WIDEST)))
        rect.setHeight(height)
        if rect.bottom() > window.height():
            rect.moveBottom(self.mapTo(window, QPoint(0, -1)).y())
        rect.moveRight(min(rect.right(), window.width() - 1))
        self._list.setGeometry(rect)
        self._list.show()
        self._list.raise_()
        self._list.scrollTo(self._list.currentIndex(), QListView.ScrollHint.EnsureVisible)

    def _go(self, by: int) -> None:
        """Move the highlight, and write its class into the line."""
        count, at = self._model.rowCount(), self._list.currentIndex().row()
        if not count:
            return
        row = min(max(at + by, 0), count - 1) if at >= 0 else 0 if by > 0 else count - 1
        self._list.setCurrentIndex(self._model.index(row, 0))
        self.setText(self._list.currentIndex().data())
        self._typed = False
        self.setAccessibleDescription(f"{row + 1:,} of {counted(count, 'class')}")
        self.selectAll()

    # Qt's own names from here on

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -MOST_LINES,
            Qt.Key.Key_PageDown: MOST_LINES,
        }
        if (by := steps.get(Qt.Key(event.key()))) is not None:
            self._go(by)
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        text = self.text()
        self._offer(list(range(len(self._names))), self._names.index(text) if text in self._names else -1)

    def hideEvent(self, event: QHideEvent) -> None:
        self._list.hide()
        super().hideEvent(event)

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._place()
