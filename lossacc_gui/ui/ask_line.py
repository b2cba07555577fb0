"""The line below the grid in which one types what to look for, where to go, or what to filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from lossacc_gui.core.filter_text import HELP
from lossacc_gui.ui import theme as look


@dataclass(frozen=True, slots=True)
class Question:
    """What the line asks for. ``completes`` offers the names of the classes, ``stays`` keeps it open."""

    title: str
    example: str
    tip: str
    completes: bool = False
    stays: bool = False


FIND = Question(
    "Find",
    "0.5, >0.9 or a class",
    "A value in a cell, or the next row labelled with a class · Return and F3 go on, Shift+F3 back",
    stays=True,
)
ROW = Question("Go to row", "1", "A row's number, counted from 1 in the file's order")
CLASS = Question(
    "Go to class", "a name, or an index from 0", "The class whose column is wanted", completes=True
)
FILTER = Question("Filter", "wrong, label 2, loss>2", f"Conditions that all have to hold: {HELP}")


class AskLine(QFrame):
    """Asks one question at a time; Return answers it, Esc closes it."""

    answered = Signal(object, str)
    """A Question and what was typed."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("askline")
        self.question = FIND
        self._last: dict[str, str] = {}
        self._title, self._said = QLabel(), QLabel()
        self.line = QLineEdit()
        self.line.setClearButtonEnabled(True)
        self.line.setMinimumWidth(140)
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.line.setCompleter(self._completer)
        close = QToolButton()
        close.setText("✕")
        close.setToolTip("Close this line (Esc)")
        close.setAutoRaise(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(11, 5, 8, 5)
        row.setSpacing(look.SPACING)
        row.addWidget(self._title)
        row.addWidget(self.line, 1)
        row.addWidget(self._said)
        row.addWidget(close)
        self.line.returnPressed.connect(self._on_return)
        close.clicked.connect(self.close_line)
        self.hide()

    def ask(self, question: Question, names: Sequence[str]) -> None:
        """Open the line with what was typed last time, ready to be typed over."""
        self.question = question
        self._title.setText(question.title)
        self._said.clear()
        self.line.setPlaceholderText(question.example)
        self.line.setToolTip(question.tip)
        self.line.setAccessibleName(question.title)
        self._names.setStringList(list(names) if question.completes else [])
        self.line.setText(self._last.get(question.title, ""))
        self.line.selectAll()
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def say(self, text: str) -> None:
        """Say beside the line what came of it."""
        self._said.setText(text)

    def close_line(self) -> None:
        """Close it, and let the grid have the keyboard again."""
        self.hide()
        self.closed.emit()

    def last(self, question: Question) -> str:
        """What was typed last for this question."""
        return self._last.get(question.title, "")

    def _on_return(self) -> None:
        self._last[self.question.title] = self.line.text()
        self.answered.emit(self.question, self.line.text())

    # Qt's own names from here on

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_line()
            return
        super().keyPressEvent(event)
