"""What stands in the grid's place when a filter lets no row through: which filter, and how to be rid of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from lossacc_gui.session.focus import Focus


class Nothing(QLabel):
    """Covers the grid while no row is listed; Esc lists all rows again."""

    def __init__(self, focus: Focus, grid: QWidget) -> None:
        super().__init__(grid)
        self._focus = focus
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setMargin(16)
        self.setObjectName("nothing")
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), grid)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.activated.connect(self._on_escape)
        focus.listed.connect(self._on_listed)
        grid.installEventFilter(self)
        self._on_listed()

    def _on_listed(self) -> None:
        listing = self._focus.listing
        nothing = listing.order is not None and not len(listing.order)
        if nothing:
            self.setText(f"No row matches “{listing.text}”.\nEsc clears the filter.")
            self.raise_()
        self.setVisible(nothing)
        self._escape.setEnabled(nothing)  # else the key belongs to editors and selections

    def _on_escape(self) -> None:
        self._focus.set_filter(None)

    # Qt's own names from here on

    def eventFilter(self, grid: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(grid, QWidget):
            self.setGeometry(grid.rect().adjusted(0, 60, 0, 0))  # the headings stay
        return super().eventFilter(grid, event)
