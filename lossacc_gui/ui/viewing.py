"""The View and Help menus and the pictures: what changes how things look, and never a number."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMainWindow

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import Form
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui import shots
from lossacc_gui.ui.dialogs import Page, about_html, keys_html

MOST_DECIMALS = 12


class Viewing(QObject):
    """How one window looks, and pictures of it."""

    numbers_changed = Signal()
    """Other decimals, or another form of numbers."""
    said = Signal(str)
    refused = Signal(str)

    def __init__(self, settings: Settings, window: QMainWindow) -> None:
        super().__init__(window)
        self._settings, self._window = settings, window
        self.decimals = settings.whole("decimals", 4, 0, MOST_DECIMALS)
        self.form = _form(settings.text("numbers", Form.DECIMALS))

    def more_decimals(self) -> None:
        """Show one more decimal."""
        self._set_decimals(self.decimals + 1)

    def fewer_decimals(self) -> None:
        """Show one decimal less."""
        self._set_decimals(self.decimals - 1)

    def as_decimals(self) -> None:
        """Write the grid's numbers with decimals."""
        self._set_form(Form.DECIMALS)

    def as_percent(self) -> None:
        """Write the grid's numbers as percentages."""
        self._set_form(Form.PERCENT)

    def as_scientific(self) -> None:
        """Write the grid's numbers with powers of ten."""
        self._set_form(Form.SCIENTIFIC)

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

    def copy_text(self, text: str) -> None:
        """Put a text on the clipboard."""
        QGuiApplication.clipboard().setText(text)
        self.said.emit("The text is on the clipboard")

    def keys(self) -> None:
        """Show every shortcut."""
        self._show_page("Keys", keys_html())

    def about(self) -> None:
        """Show version, libraries and licence."""
        self._show_page("About lossacc_gui", about_html())

    def _set_decimals(self, decimals: int) -> None:
        self.decimals = min(max(decimals, 0), MOST_DECIMALS)
        self._settings.put("decimals", self.decimals)
        self.numbers_changed.emit()

    def _set_form(self, form: Form) -> None:
        self.form = form
        self._settings.put("numbers", form.value)
        self.numbers_changed.emit()

    def _show_page(self, title: str, html: str) -> None:
        page = Page(title, html, self._window)
        page.exec()
        page.deleteLater()


def _form(name: str) -> Form:
    """A remembered form, or decimals when the settings say something else."""
    return Form(name) if name in tuple(Form) else Form.DECIMALS
