"""What a click in a view leads to: another cell, a filter, a moment of the history, a built matrix, an edit."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.curves.curve import Pick
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.ui.editing import Editing
from lossacc_gui.ui.exploring import Exploring
from lossacc_gui.ui.views import View


class Picking(QObject):
    """Listens to the views."""

    refused = Signal(str)

    def __init__(
        self,
        document: Document,
        focus: Focus,
        views: Iterable[View],
        editing: Editing,
        exploring: Exploring,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._focus, self._exploring = document, focus, exploring
        for view in views:
            view.picked.connect(self._on_picked)
            view.asked.connect(editing.do)
            view.refused.connect(self.refused)

    def _on_picked(self, pick: Pick) -> None:
        if pick.row >= 0:
            self._focus.go_to(pick.row, pick.column if pick.column >= 0 else None)
        elif pick.filter is not None:
            again = pick.filter == self._focus.filter
            self._focus.set_filter(None if again else pick.filter)
        elif pick.step >= 0:
            self._go_to_point(pick.step)
        elif pick.build is not None:
            self._exploring.build_at(*pick.build)

    def _go_to_point(self, point: int) -> None:
        document = self._document
        step = document.past.step_of(point)
        if step is None:
            made = "That step was made before the project was opened"
            self.refused.emit(f"{made}: it is shown, and cannot be undone")
        else:
            document.go_to(step)
