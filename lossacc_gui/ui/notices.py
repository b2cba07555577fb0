"""Lines below the grid that stay until they are answered: each says one thing and offers what to do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lossacc_gui.ui import theme as look


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing to do about a notice."""

    key: str
    text: str
    tip: str


LOW_PIXELS = 760
"""In a window that is lower, the newest notice alone is shown: the grid needs its room."""

DISMISS = Answer("dismiss", "Dismiss", "Take this line away")


class Notices(QWidget):
    """All notices of a window, one below the other; takes no room when there is none."""

    answered = Signal(str, str)
    """The keys of a notice and of the answer to it. The notice is gone by then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(look.SPACING)
        self._shown: dict[str, _Notice] = {}
        self.hide()

    def tell(self, key: str, text: str, *answers: Answer) -> None:
        """Show a notice, in the place of the one with the same key."""
        self.drop(key)
        notice = self._shown[key] = _Notice(key, text, answers, self)
        notice.answered.connect(self._on_answered)
        self._layout.addWidget(notice)
        self._arrange()

    def drop(self, key: str) -> None:
        """Take a notice away, if it is shown."""
        notice = self._shown.pop(key, None)
        if notice is not None:
            notice.hide()
            notice.deleteLater()
        self._arrange()

    def text(self, key: str) -> str:
        """What a notice says; empty when it is not shown."""
        return self._shown[key].text if key in self._shown else ""

    def answer(self, key: str, answer: str) -> None:
        """Answer a notice as its button would."""
        self._on_answered(key, answer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Show all of them, or the newest; answering it shows the one before."""
        low = self.window().height() < LOW_PIXELS
        for place, notice in enumerate(reversed(self._shown.values())):
            notice.setVisible(place == 0 or not low)
        self.setVisible(bool(self._shown))

    def _on_answered(self, key: str, answer: str) -> None:
        self.drop(key)
        self.answered.emit(key, answer)


class _Notice(QFrame):
    """One line of text with its buttons."""

    answered = Signal(str, str)

    def __init__(self, key: str, text: str, answers: tuple[Answer, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._key, self.text = key, text
        self._label = label = QLabel(text)
        label.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.SPACING)
        buttons.addStretch(1)
        for answer in answers:
            button = _Button(answer)
            button.pressed_for.connect(self._on_pressed)
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(label)
        layout.addLayout(buttons)
        self.setAccessibleName(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.contentsRect().width() - 20  # less the margins at both sides
        self._label.setMinimumHeight(self._label.heightForWidth(width))

    def _on_pressed(self, answer: str) -> None:
        self.answered.emit(self._key, answer)


class _Button(QPushButton):
    """A button that knows which answer it stands for."""

    pressed_for = Signal(str)

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.text)
        self._key = answer.key
        self.setToolTip(answer.tip)
        self.setFocusPolicy(
            Qt.FocusPolicy.TabFocus
        )  # it is gone once it is clicked: the keyboard stays where it is
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self.pressed_for.emit(self._key)
