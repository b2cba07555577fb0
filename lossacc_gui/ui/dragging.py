"""From a handle pulled in any view to what the pull means."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.scene import Sets
from lossacc_gui.session.drag import Drag
from lossacc_gui.ui.plots import Phase
from lossacc_gui.ui.views import View


class Dragging(QObject):
    """Listens to the handles of all views."""

    refused = Signal(str)
    ended = Signal()
    """Nothing is dragged any more: axes may move again."""

    def __init__(self, drag: Drag, views: Iterable[View], parent: QObject) -> None:
        super().__init__(parent)
        self._drag = drag
        for view in views:
            view.dragged.connect(self.on_dragged)

    def on_dragged(self, sets: str, phase: str, value: float) -> None:
        """One phase of a drag of a handle that sets this."""
        try:
            if phase == Phase.BEGIN:
                self._drag.begin(Sets(sets))
            elif phase == Phase.MOVE:
                self._drag.to(value)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
        if phase == Phase.END:
            self._drag.end()
            self.ended.emit()
