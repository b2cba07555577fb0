"""The View and Help menus and the pictures: what changes how things look, and never a number."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMainWindow

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui import shots
from lossacc_gui.ui.dialogs import Page, about_html, keys_html

MOST_DECIMALS = 12


class Viewing(QObject):
    """How one window looks, and pictures of it."""

    decimals_changed = Signal(int)
    said = Signal(str)
    refused = Signal(str)

    def __init__(self, settings: Settings, window: QMainWindow) -> None:
        super().__init__(window)
        self._settings, self._window = settings, window
        self.decimals = settings.whole("decimals", 4, 0, MOST_DECIMALS)

    def more_decimals(self) -> None:
        """Show one more decimal."""
        self._set_decimals(self.decimals + 1)

    def fewer_decimals(self) -> None:
        """Show one decimal less."""
        self._set_decimals(self.decimals - 1)

    def full_screen(self) -> None:
        """Fill the screen, or go back."""
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def save_picture(self) -> None:
        """Ask where to, and save a picture of the window."""
        start = Path(self._settings.text("folder", str(Path.home()))) / "lossacc-gui.png"
        path, _ = QFileDialog.getSaveFileName(self._window, "Save picture", str(start), "PNG (*.png)")
        if not path:
            return
        try:
            shots.save_png(shots.png(self._window), Path(path if Path(path).suffix else path + ".png"))
            self.said.emit(f"Saved {path}")
        except Refusal as reason:
            self.refused.emit(f"{reason}.")

    def copy_picture(self) -> None:
        """Put a picture of the window on the clipboard."""
        QGuiApplication.clipboard().setPixmap(shots.png(self._window))
        self.said.emit("A picture of the window is on the clipboard")

    def keys(self) -> None:
        """Show every shortcut."""
        self._show_page("Keys", keys_html())

    def about(self) -> None:
        """Show version, libraries and licence."""
        self._show_page("About lossacc_gui", about_html())

    def _set_decimals(self, decimals: int) -> None:
        self.decimals = min(max(decimals, 0), MOST_DECIMALS)
        self._settings.put("decimals", self.decimals)
        self.decimals_changed.emit(self.decimals)

    def _show_page(self, title: str, html: str) -> None:
        page = Page(title, html, self._window)
        page.exec()
        page.deleteLater()
