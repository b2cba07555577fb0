"""Pictures of single views, for reports: to a file, to the clipboard; and the menu of a view that has them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.session.document import Document
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui import shots
from lossacc_gui.ui.docking import Docking
from lossacc_gui.ui.sheet import COLUMN, SCREEN, Format, Sheet
from lossacc_gui.ui.views import View

ENTRIES = (
    ("save", "&Save picture …", "Save this view and its sentence for a report, light: as PNG, SVG or PDF"),
    ("column", "Save for &one column …", "The same, 85 mm wide; a PNG has 300 dots an inch"),
    (
        "copy",
        "&Copy picture",
        "Put this view and its sentence on the clipboard, light, twice as sharp as on screen",
    ),
    ("alone", "&Whole window", "Give this view the whole window, or put all back"),
    ("float", "&Tear off", "Make this view a window of its own, or put it back"),
    ("hide", "&Hide", "Hide this view; the View menu brings it back"),
)
"""The menu of a view: what, its text, and what it does."""


class Picturing(QObject):
    """What can be done with one view as a whole: with the one that has the keyboard, or by its own menu."""

    said = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        document: Document,
        views: Mapping[str, View],
        docking: Docking,
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document, self._views, self._docking = document, views, docking
        self._settings, self._window = settings, window
        for view in views.values():
            view.dock.menu_wanted.connect(self._on_menu_wanted)

    def save(self) -> None:
        """Ask where to, and save a picture of the view that has the keyboard."""
        if (view := self._view()) is not None:
            self._save(view)

    def save_column(self) -> None:
        """The same, as wide as a column of a journal."""
        if (view := self._view()) is not None:
            self._save(view, COLUMN)

    def copy(self) -> None:
        """Put a picture of the view that has the keyboard on the clipboard."""
        if (view := self._view()) is not None:
            self._copy(view)

    def menu_of(self) -> QMenu:
        """The menu of any view; the data of its entries are what ``do`` takes."""
        menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        for what, text, tip in ENTRIES:
            if what == "alone":
                menu.addSeparator()
            action = menu.addAction(text)
            action.setToolTip(tip)
            action.setStatusTip(tip)
            action.setData(what)
        return menu

    def do(self, key: str, what: str) -> None:
        """What an entry of a view's menu says."""
        view = self._views[key]
        match what:
            case "save":
                self._save(view)
            case "column":
                self._save(view, COLUMN)
            case "copy":
                self._copy(view)
            case "alone":
                view.dock.maximise()
            case "float":
                view.dock.float()
            case "hide":
                view.dock.close()

    def _view(self) -> View | None:
        """The view that has the keyboard; without one nothing happens, and it is said why."""
        key = self._docking.focused
        if not key:
            self.refused.emit("No view has the keyboard: click one, or press F6")
            return None
        return self._views[key]

    def _save(self, view: View, form: Format = SCREEN) -> None:
        folder = Path(self._settings.text("folder", str(Path.home())))
        start = folder / f"{Path(self._document.state.source.name).stem}-{view.what.key}.png"
        path, kind = QFileDialog.getSaveFileName(self._window, "Save picture", str(start), shots.KINDS)
        if not path:
            return
        named = Path(path) if Path(path).suffix else Path(path + _ending(kind))
        try:
            shots.save(self.sheet(view, form), named, form.dots)
            self.said.emit(f"Saved {named}")
        except Refusal as reason:
            self.refused.emit(f"{reason}.")

    def _copy(self, view: View) -> None:
        QGuiApplication.clipboard().setImage(shots.image(self.sheet(view), SCREEN.dots))
        self.said.emit(f"A picture of {view.what.title} is on the clipboard")

    def sheet(self, view: View, form: Format = SCREEN) -> Sheet:
        """What a view shows, as it goes into a report."""
        return Sheet(view, subject(self._document), form)

    def _on_menu_wanted(self, key: str, where: QPoint) -> None:
        menu = self.menu_of()
        chosen = menu.exec(where)
        menu.deleteLater()
        if chosen is not None:
            self.do(key, chosen.data())


def _ending(kind: str) -> str:
    """What a name should end in that has no ending, by the kind chosen in the dialog."""
    return next((ending for ending in shots.ENDINGS if f"*{ending}" in kind), shots.ENDINGS[0])


def subject(document: Document) -> str:
    """What pictures are of: the name of the predictions and their size."""
    state = document.state
    of = f"{state.source.name} · {state.predictions.rows:,} × {state.predictions.classes:,}"
    if state.predictions.epochs > 1:
        of += f" · epoch {document.epoch + 1} of {state.predictions.epochs}"
    return of
