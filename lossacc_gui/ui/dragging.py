"""From a handle pulled in any view to what the pull means; Esc takes the pull back."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.scene import Sets
from lossacc_gui.session.drag import Drag
from lossacc_gui.ui.plots import Phase
from lossacc_gui.ui.views import View

KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
"""A key comes as a shortcut that may be overridden first, and then to whoever has the keyboard."""


class Dragging(QObject):
    """Listens to the handles of all views."""

    refused = Signal(str)
    ended = Signal()
    """Nothing is dragged any more: axes may move again."""

    def __init__(self, drag: Drag, views: Iterable[View], parent: QObject) -> None:
        super().__init__(parent)
        self._drag, self._views = drag, tuple(views)
        for view in self._views:
            view.dragged.connect(self.on_dragged)

    def on_dragged(self, sets: str, phase: str, value: float) -> None:
        """One phase of a drag of a handle that sets this."""
        try:
            if phase == Phase.BEGIN:
                self._drag.begin(Sets(sets))
                _application().installEventFilter(self)  # whoever has the keyboard: Esc is pressed there
            elif phase == Phase.MOVE:
                self._drag.to(value)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
        if phase == Phase.END:
            _application().removeEventFilter(self)
            self._drag.end()
            self.ended.emit()

    def take_back(self) -> None:
        """Put back what is dragged, as if nothing had been done, whatever the hand does from here on."""
        self._drag.take_back()
        for view in self._views:
            if view.in_sight:
                view.view.let_go()

    # Qt's own names from here on

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in KEYS or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress:
            self.take_back()
        event.accept()
        return True


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
