"""What a screen reader is to say without being asked: what an edit did, or why nothing was changed."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

PAUSE_MS = 300
"""Of what changes faster than this, as while a value is dragged, the last is said."""


class Announcer(QTimer):
    """Says for one widget what it shows, once it stands still, to a screen reader if one listens."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget, self._text, self._said = widget, "", ""
        self.setSingleShot(True)
        self.setInterval(PAUSE_MS)
        self.timeout.connect(self._say)

    def show(self, text: str) -> None:
        """Take note of what is shown now."""
        self._text = text
        if text != self._said and QAccessible.isActive():
            self.start()

    def forget(self) -> None:
        """Say the same once more when it is shown again."""
        self._said = ""

    def _say(self) -> None:
        if self._text != self._said and self._widget.isVisible():
            self._said = self._text
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._widget, self._text))
