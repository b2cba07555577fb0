"""Ctrl+Z and its like in a field that has nothing of its own to take back: they are meant for the document."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget


class UndoKeys(QObject):
    """Watches the fields of a window; what is typed into a cell is the grid's own business.

    A field claims these keys for itself, and would swallow them where it has nothing to undo.
    """

    def __init__(self, undo: QAction, redo: QAction, window: QWidget) -> None:
        super().__init__(window)
        self._undo, self._redo = undo, redo
        fields: Sequence[QWidget] = [*window.findChildren(QLineEdit), *window.findChildren(QAbstractSpinBox)]
        for field in fields:
            field.installEventFilter(self)

    # Qt's own names from here on

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        line = field.lineEdit() if isinstance(field, QAbstractSpinBox) else field
        assert isinstance(line, QLineEdit)
        keys = QKeySequence(event.keyCombination())
        undoes = keys in self._undo.shortcuts() and not line.isUndoAvailable()
        redoes = keys in self._redo.shortcuts() and not line.isRedoAvailable()
        if undoes or redoes:
            event.ignore()
        return undoes or redoes
