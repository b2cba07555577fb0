"""The colours of a window: those of the system, or light or dark for good."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from lossacc_gui.session.settings import Settings
from lossacc_gui.ui import theme as look


class Dressing(QObject):
    """Holds the present theme, gives the application another and remembers the choice."""

    dressed = Signal(object)
    """Everything is to be painted in this theme."""

    def __init__(self, settings: Settings, scheme: look.Scheme, parent: QObject) -> None:
        super().__init__(parent)
        self._settings, self.scheme = settings, scheme
        self.theme = look.theme_for(scheme)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system)

    def choose(self, name: str) -> None:
        """Use the colours of this scheme from now on."""
        self.scheme = look.Scheme(name)
        self._settings.put("theme", self.scheme.value)
        self.theme = look.theme_for(self.scheme)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        look.dress(app, self.theme)
        self.dressed.emit(self.theme)

    def _on_system(self) -> None:
        if self.scheme is look.Scheme.SYSTEM:
            self.choose(self.scheme.value)
