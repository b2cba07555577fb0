"""Keeps each view's share of the window: when the window changes its size, and when a view comes back.

Qt gives all new room to the grid, and a view that is shown again the least it can live with.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QTabBar

from lossacc_gui.ui.dock import Dock

Kind = QEvent.Type


class DockShares(QObject):
    """Remembers the shares as they were arranged, last by hand, and gives them back.

    What a window that was too small for them made of them is not remembered.
    """

    _give_wanted = Signal()
    _note_wanted = Signal()

    def __init__(self, window: QMainWindow, docks: dict[str, Dock]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._shares: dict[str, tuple[float, float]] = {}
        later = Qt.ConnectionType.QueuedConnection  # when Qt has laid out, and before it paints
        self._give_wanted.connect(self.give, later)
        self._note_wanted.connect(self.note, later)
        window.installEventFilter(self)
        for dock in docks.values():
            dock.installEventFilter(self)
            dock.topLevelChanged.connect(self._on_torn)

    def forget(self) -> None:
        """Give no shares until new ones are noted: the views are being arranged anew."""
        self._shares.clear()

    def note_soon(self) -> None:
        """Remember the sizes there are once they are laid out."""
        self._note_wanted.emit()

    def note(self) -> None:
        """Remember the sizes there are; tabs of one place share them."""
        for dock in self._placed():
            tabs = self._window.tabifiedDockWidgets(dock)
            height = dock.height() + (self._bar_height() if tabs else 0)  # Qt counts the tabs to the place
            share = dock.width() / self._window.width(), height / self._window.height()
            for tab in (dock, *tabs):
                self._shares[tab.objectName()] = share

    def give(self) -> None:
        """Give every view in sight its share of the window as it is now."""
        docks = [dock for dock in self._placed() if dock.objectName() in self._shares]
        shares = [self._shares[dock.objectName()] for dock in docks]
        widths = [round(width * self._window.width()) for width, _ in shares]
        heights = [round(height * self._window.height()) for _, height in shares]
        self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)
        self._window.resizeDocks(docks, heights, Qt.Orientation.Vertical)

    def _placed(self) -> list[Dock]:
        """The views in sight beside the grid; none while one of them has the window to itself."""
        if not self._window.isVisible() or not self._window.centralWidget().isVisible():
            return []
        return [dock for dock in self._docks.values() if dock.is_in_sight and not dock.isFloating()]

    def _bar_height(self) -> int:
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        bars = self._window.findChildren(QTabBar, options=direct)
        return max((bar.sizeHint().height() for bar in bars), default=0)

    def _on_torn(self) -> None:
        self._give_wanted.emit()

    # Qt's own names from here on

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        at_window = watched is self._window
        if event.type() == (Kind.Resize if at_window else Kind.Show):
            self._give_wanted.emit()
        elif (
            at_window and event.type() == Kind.MouseButtonRelease
        ):  # of a line between views that was dragged
            self.note_soon()
        return super().eventFilter(watched, event)
