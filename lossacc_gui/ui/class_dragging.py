"""A class moves when its heading is dragged: an edit like any other, and no order of the header's own."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHeaderView


class ClassDragging(QObject):
    """Lets the headings be dragged, puts each back where it was, and says where it was let go."""

    moved = Signal(int, int)
    """The column that was dragged, and the column in whose place it was let go."""

    def __init__(self, header: QHeaderView) -> None:
        super().__init__(header)
        self._header, self._putting_back = header, False
        header.setSectionsMovable(True)
        header.sectionMoved.connect(self._on_moved)

    def _on_moved(self, _section: int, place: int, goal: int) -> None:
        if self._putting_back:
            return
        self._putting_back = True
        self._header.moveSection(goal, place)
        self._putting_back = False
        self.moved.emit(place, goal)
