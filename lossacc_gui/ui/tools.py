"""The menu bar and the two bars at the top: tools, and the tiles."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton

from lossacc_gui.core.metrics import TILES
from lossacc_gui.scenarios import SCENARIOS
from lossacc_gui.session.document import Document
from lossacc_gui.ui import actions
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.access_keys import give_access_keys
from lossacc_gui.ui.choices import Choice, ChoiceMenu
from lossacc_gui.ui.convention_bar import ConventionBar
from lossacc_gui.ui.layouts import LAYOUTS, grouped
from lossacc_gui.ui.recent_menu import RecentMenu
from lossacc_gui.ui.tiles import Tile
from lossacc_gui.ui.views import View


class Tools:
    """Everything at the top of a window. Made once, after the parts that the actions call."""

    def __init__(self, window: QMainWindow, views: Iterable[View]) -> None:
        self.acts, self.menus = actions.build(window)
        menus = self.menus
        self._stack: QUndoStack | None = None
        for key in ("undo", "redo"):
            self.acts[key].hovered.connect(self._say_what)
        lessons = [Choice(s.key, s.title, s.lesson) for s in SCENARIOS]
        self.scenarios = ChoiceMenu("&Scenarios", lessons, window, single=False)
        self.conventions = ConventionBar(window)
        schemes = [Choice(s, s.value, f"Use the {s.value} colours") for s in look.Scheme]
        self.schemes = ChoiceMenu("Colo&urs", schemes, window)
        self.tiles = [Tile(metrics) for metrics in TILES]
        self.bar = self._fill_tools(window, menus)
        self.layouts = _layouts(window)
        _fill_view_menu(menus[actions.VIEW], {view.what.key: view for view in views})
        menus[actions.VIEW].addMenu(self.layouts.menu)
        menus[actions.VIEW].addMenu(self.schemes.menu)
        self.recents = RecentMenu(window)
        menus[actions.FILE].insertMenu(self.acts["reload"], self.recents.menu)
        window.addToolBarBreak()
        self.numbers = _bar(window, "Numbers", "tiles")
        for tile in self.tiles:
            self.numbers.addWidget(tile)

    def draw(self, document: Document) -> None:
        """Say what can be undone, and which choices are the present ones."""
        self._stack = document.stack
        self.acts["undo"].setEnabled(self._stack.canUndo())
        self.acts["redo"].setEnabled(self._stack.canRedo())
        self.acts["reload"].setEnabled(bool(document.state.source.path))
        self.acts["pin"].setChecked(document.state.baseline is not None)
        name = document.state.source.name
        self.scenarios.show_chosen([s.key for s in SCENARIOS if s.title == name], "")

    def _say_what(self) -> None:
        """Say what would be undone and redone: an action that says it at every edit has the window laid out anew."""
        if self._stack is not None:
            self.acts["undo"].setToolTip(f"Undo: {self._stack.undoText()} (Ctrl+Z)")
            self.acts["redo"].setToolTip(f"Redo: {self._stack.redoText()} (Ctrl+Shift+Z)")

    def set_theme(self, theme: look.Theme) -> None:
        """Draw the sign for "the tool bar goes on", and keep the tiles where the cards below them stand."""
        # A rule of the style sheet for this bar alone would hold only from the second style sheet on.
        room = self.numbers.layout()
        assert room is not None
        room.setContentsMargins(look.SPACING, look.SPACING, 0, look.SPACING)  # Qt adds its spacing at the end
        room.setSpacing(look.SPACING)
        # Qt's own sign is lost between style sheet and palette.
        button = self.bar.findChild(QToolButton, "qt_toolbar_ext_button")
        if isinstance(button, QToolButton):
            button.setIcon(look.more_icon(theme))
            button.setToolTip("More tools; all of them are in the menus too")

    def _fill_tools(self, window: QMainWindow, menus: dict[str, QMenu]) -> QToolBar:
        bar = _bar(window, "Tools", "tools")
        for act in actions.ACTIONS:
            if act.bar:
                bar.addAction(self.acts[act.id])
        bar.addSeparator()
        self.scenarios.add_to(bar, "Lessons to begin with")
        menus[actions.SCENARIOS].addActions(self.scenarios.actions)
        bar.addSeparator()
        self.conventions.add_to(bar, menus[actions.CONVENTION], menus[actions.EDIT])
        return bar


def _bar(window: QMainWindow, title: str, name: str) -> QToolBar:
    bar = QToolBar(title, window)
    bar.setObjectName(name)
    bar.setMovable(False)
    bar.toggleViewAction().setEnabled(False)
    window.addToolBar(bar)
    return bar


def _layouts(window: QMainWindow) -> ChoiceMenu:
    menu = ChoiceMenu("La&yout", [Choice(each.key, each.title, each.tip) for each in LAYOUTS], window)
    for action, layout in zip(menu.actions, LAYOUTS, strict=True):
        action.setShortcut(layout.keys)
        action.setToolTip(f"{layout.tip} ({layout.keys})")
    return menu


def _fill_view_menu(menu: QMenu, views: dict[str, View]) -> None:
    """A submenu a group of views; the first ten have a digit of their own with Alt, more with Alt+Shift."""
    menu.addSeparator()
    for title, keys in grouped(list(views)):
        inner = menu.addMenu(title)
        inner.setToolTipsVisible(True)
        entries = [views[key].dock.action for key in keys]
        give_access_keys(entries)
        inner.addActions(entries)
    for number, view in enumerate(views.values(), 1):
        what, action = view.what, view.dock.action
        shortcut = f"Alt+{number % 10}" if number <= 10 else f"Alt+Shift+{(number - 10) % 10}"
        action.setShortcut(shortcut)
        action.setToolTip(f"Show or hide {what.title} ({shortcut})")
        action.setStatusTip(f"Show or hide {what.title}: {what.hint}")
    menu.addSeparator()
