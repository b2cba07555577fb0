"""Pictures of single views, for reports: to a file, to the clipboard; and the menu of a view that has them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.session.document import Document
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui import shots
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.docking import Docking
from lossacc_gui.ui.plots import CurveView
from lossacc_gui.ui.views import View

SHARPER = 2
"""So many pixels of the picture are one on screen: it is to be printed."""

MARGIN, HEAD = 12, 34
"""Pixels around the view, and above it."""

ENTRIES = (
    ("save", "&Save picture …", "Save a picture of this view as PNG, twice as sharp as on screen"),
    ("copy", "&Copy picture", "Put a picture of this view on the clipboard"),
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

    def _save(self, view: View) -> None:
        folder = Path(self._settings.text("folder", str(Path.home())))
        start = folder / f"{Path(self._document.state.source.name).stem}-{view.what.key}.png"
        path, _ = QFileDialog.getSaveFileName(self._window, "Save picture", str(start), "PNG (*.png)")
        if not path:
            return
        try:
            shots.save_png(self.picture(view), Path(path if Path(path).suffix else path + ".png"))
            self.said.emit(f"Saved {path}")
        except Refusal as reason:
            self.refused.emit(f"{reason}.")

    def _copy(self, view: View) -> None:
        QGuiApplication.clipboard().setImage(shots.with_resolution(self.picture(view)))
        self.said.emit(f"A picture of {view.what.title} is on the clipboard")

    def picture(self, view: View) -> QPixmap:
        """What a view shows, under a line that says what of. A curve is light whatever the window is."""
        widget: QWidget = view.view
        theme, is_curve = view.view.theme, isinstance(widget, CurveView)
        paper = look.LIGHT if is_curve else theme
        width, height = widget.width() + 2 * MARGIN, widget.height() + HEAD + MARGIN
        picture = QPixmap(SHARPER * width, SHARPER * height)
        picture.setDevicePixelRatio(SHARPER)
        picture.fill(QColor(paper.card))
        if is_curve:
            view.view.set_theme(paper)
        try:
            QWidget.render(widget, picture, QPoint(MARGIN, HEAD))
        finally:
            if is_curve:
                view.view.set_theme(theme)
        self._head(picture, view, paper, width)
        return picture

    def _head(self, picture: QPixmap, view: View, paper: look.Theme, width: int) -> None:
        """The line above: the view, and the predictions it is of."""
        painter = QPainter(picture)
        painter.setFont(look.font(bold=True))
        painter.setPen(QColor(paper.text))
        room = QRect(MARGIN, 0, width - 2 * MARGIN, HEAD)
        long = f"{view.what.title} · {subject(self._document)}"
        fits = painter.fontMetrics().horizontalAdvance(long) <= room.width()
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, long if fits else view.what.title)
        painter.end()

    def _on_menu_wanted(self, key: str, where: QPoint) -> None:
        menu = self.menu_of()
        chosen = menu.exec(where)
        menu.deleteLater()
        if chosen is not None:
            self.do(key, chosen.data())


def subject(document: Document) -> str:
    """What pictures are of: the name of the predictions and their size."""
    state = document.state
    of = f"{state.source.name} · {state.predictions.rows:,} × {state.predictions.classes:,}"
    if state.predictions.epochs > 1:
        of += f" · epoch {document.epoch + 1} of {state.predictions.epochs}"
    return of
