"""Ctrl+Z and its like in a field that has nothing of its own to take back: they are meant for the document."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget


class UndoKeys(QObject):
    """Watches the fields of a window; what is typed into a cell is the grid's own business.

    A field claims these keys for itself, and would swallow them where it has nothing to undo. What is typed into
    a box that counts has been done by then, so there the keys are the document's always.
    """

    def __init__(self, undo: QAction, redo: QAction, window: QWidget) -> None:
        super().__init__(window)
        self._undo, self._redo = undo, redo
        boxes = window.findChildren(QAbstractSpinBox)
        lines = [line for line in window.findChildren(QLineEdit) if line.parent() not in boxes]
        fields: Sequence[QWidget] = [*boxes, *lines]
        for field in fields:
            field.installEventFilter(self)

    # Qt's own names from here on

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        keys = QKeySequence(event.keyCombination())
        undoes = keys in self._undo.shortcuts() and not (
            isinstance(field, QLineEdit) and field.isUndoAvailable()
        )
        redoes = keys in self._redo.shortcuts() and not (
            isinstance(field, QLineEdit) and field.isRedoAvailable()
        )
        if undoes or redoes:
            event.ignore()
        return undoes or redoes
