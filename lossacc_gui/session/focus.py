"""Where one is looking: never undone, never changes a number."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.rules import Rule


class Focus(QObject):
    """The current cell and the edit rule. ``moved`` tells when any of it changes."""

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.row = 0
        self.column = 0
        self.rule = Rule.ONLY

    def go_to(self, row: int, column: int | None = None) -> None:
        """Look at this cell; the column stays when none is given."""
        column = self.column if column is None else column
        if (row, column) != (self.row, self.column):
            self.row, self.column = row, column
            self.moved.emit()

    def set_rule(self, rule: Rule) -> None:
        """Choose what else moves when a cell moves."""
        if rule is not self.rule:
            self.rule = rule
            self.moved.emit()

    def clamp(self, rows: int, classes: int) -> None:
        """Stay inside a matrix that has become smaller. Says nothing: its change is told anyway."""
        self.row = min(self.row, rows - 1)
        self.column = min(self.column, classes - 1)
