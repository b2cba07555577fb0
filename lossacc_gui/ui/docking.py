"""Where the docks stand: the named layouts, one view alone, and what of it is remembered."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QTabBar, QTabWidget, QToolButton, QWidget

from lossacc_gui.session.settings import LAYOUT_VERSION, Settings
from lossacc_gui.ui.dock import Dock
from lossacc_gui.ui.dock_shares import DockShares
from lossacc_gui.ui.layouts import LAYOUTS, Layout
from lossacc_gui.ui.views import View

LEAST_WIDTH = 480
RIGHT = Qt.DockWidgetArea.RightDockWidgetArea


class Docking(QObject):
    """Arranges the views of one window; none of it changes a number."""

    arranged = Signal(str)
    """The key of the layout that was chosen."""

    def __init__(
        self, window: QMainWindow, views: dict[str, View], grid: QWidget, settings: Settings
    ) -> None:
        super().__init__(window)
        self._grid = grid
        self._window, self._views, self._settings = window, views, settings
        self._docks = {key: view.dock for key, view in views.items()}
        known = {layout.key: layout for layout in LAYOUTS}
        self.layout = known.get(settings.text("arrangement", ""), LAYOUTS[0])
        self._shares = DockShares(window, self._docks)
        self._before: QByteArray | None = None  # all places, while one view has the window to itself
        window.setDockNestingEnabled(True)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for dock in self._docks.values():
            dock.maximise_wanted.connect(self.toggle_alone)
            dock.escaped.connect(self.leave_alone)

    # --- layouts ---

    def choose(self, key: str) -> None:
        """Arrange by a named layout."""
        self.layout = next(layout for layout in LAYOUTS if layout.key == key)
        self._settings.put("arrangement", key)
        self.reset()

    def reset(self) -> None:
        """Put every view back in its place of the present layout."""
        self.leave_alone()
        size = self._window.size()
        self.arrange()
        self._window.resize(size)
        self.share_space()
        self.arranged.emit(self.layout.key)

    def arrange(self) -> None:
        """Put the docks in their places: columns at the right, stacks of tabs in them."""
        docks, window = self._docks, self._window
        self._shares.forget()
        for dock in docks.values():  # taken out first: all of them in one column would make the window grow
            dock.setFloating(False)
            window.removeDockWidget(dock)
        columns = self._columns()
        heads = [column[0][0] for column in columns]
        window.addDockWidget(RIGHT, heads[0])
        for left, right in pairwise(heads):
            window.splitDockWidget(left, right, Qt.Orientation.Horizontal)
        for column in columns:
            for upper, lower in pairwise(column):
                window.splitDockWidget(upper[0], lower[0], Qt.Orientation.Vertical)
        stacks = [stack for column in columns for stack in column]
        for stack in stacks:  # after all splits: to split a tab is to add another
            for dock in stack[1:]:
                window.tabifyDockWidget(stack[0], dock)
                dock.show()
        named = {dock for stack in stacks for dock in stack}
        for number, dock in enumerate(dock for dock in docks.values() if dock not in named):
            window.tabifyDockWidget(stacks[number % len(stacks)][0], dock)
            dock.close()
        for stack in stacks:
            stack[0].show()

    def share_space(self) -> None:
        """Give the views their share of the width, all columns alike, and in each column the same height."""
        columns, window = self._columns(), self._window
        width = max(LEAST_WIDTH, int(window.width() * self.layout.share))
        heads = [column[0][0] for column in columns]
        window.resizeDocks(heads, [width // len(heads)] * len(heads), Qt.Orientation.Horizontal)
        for column in columns:
            fronts = [stack[0] for stack in column]
            height = window.height() // len(fronts)
            window.resizeDocks(fronts, [height] * len(fronts), Qt.Orientation.Vertical)
            for front in fronts:
                front.raise_()  # of a window that is not shown yet, Qt forgets which tab is in front

        self._shares.note_soon()
        self._name_scrolling()

    def _name_scrolling(self) -> None:
        """Say what the buttons do that Qt puts beside tabs for which there is no room."""
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for bar in self._window.findChildren(QTabBar, options=direct):
            for button in bar.findChildren(QToolButton):
                button.setToolTip("More views in this place")

    def _columns(self) -> list[list[list[Dock]]]:
        return [
            [[self._docks[key] for key in stack] for stack in column]
            for column in known(self.layout, self._docks)
        ]

    # --- one view alone ---

    @property
    def is_alone(self) -> bool:
        """Whether one view has the window to itself."""
        return self._before is not None

    def toggle_alone(self, key: str = "") -> None:
        """Give a view the window to itself, or put everything back. Without a key: the grid."""
        if self._before is not None:
            self.leave_alone()
            return
        self._before = self._window.saveState(LAYOUT_VERSION)
        for other, dock in self._docks.items():
            if other != key:
                dock.hide()
        if key:
            self._window.centralWidget().hide()
            dock = self._docks[key]
            dock.setFloating(False)
            dock.show()
            dock.set_alone(True)
            self._views[key].view.setFocus()

    def leave_alone(self) -> None:
        """Put everything back where it was before one view had the window to itself."""
        before, self._before = self._before, None
        if before is None:
            return
        self._window.centralWidget().show()
        for dock in self._docks.values():
            dock.set_alone(False)
        self._window.restoreState(before, LAYOUT_VERSION)
        self.frame_torn_off()

    def frame_torn_off(self) -> None:
        """See to it that every view that floats has a frame and is on the screen."""
        for dock in self._docks.values():
            dock.frame_again()

    def maximise(self) -> None:
        """Give what has the keyboard, a view or the grid, the window to itself; again to go back."""
        self.toggle_alone(self.focused)

    # --- the keyboard ---

    def next_view(self) -> None:
        """Take the keyboard to the next view on screen, and after the last one to the grid."""
        self._step(1)

    def previous_view(self) -> None:
        """Take the keyboard to the view before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        places = [""] + [key for key, view in self._views.items() if view.in_sight]
        now = self.focused
        at = places.index(now) if now in places else 0
        self._focus(places[(at + by) % len(places)])

    def _focus(self, key: str) -> None:
        if key:
            self._docks[key].activateWindow()
            self._views[key].view.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self._window.activateWindow()
        self._grid.setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def focused(self) -> str:
        """The key of the view that has the keyboard, or nothing."""
        widget = QApplication.focusWidget()
        while widget is not None:
            if isinstance(widget, Dock):
                return widget.key
            widget = widget.parentWidget()
        return ""

    # --- what is remembered ---

    def remember(self) -> None:
        """Put the places into the settings, as they are when no view is alone."""
        self._settings.put("layout", self._before or self._window.saveState(LAYOUT_VERSION))

    def restore(self) -> bool:
        """Take the places of the last time; whether there were any."""
        layout = self._settings.bytes("layout")
        restored = not layout.isEmpty() and self._window.restoreState(layout, LAYOUT_VERSION)
        self._shares.note_soon()
        self._name_scrolling()
        return restored


def known(layout: Layout, keys: Iterable[str]) -> list[list[list[str]]]:
    """The columns of a layout with the views there are; no stack and no column is empty."""
    there = set(keys)
    stacks = ([[key for key in stack if key in there] for stack in column] for column in layout.columns)
    columns = [[stack for stack in column if stack] for column in stacks]
    return [column for column in columns if column]
