"""Chooses which page of very many rows is looked at, and says how many of all are counted."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QToolButton, QWidget

from lossacc_gui.session.document import Document
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.tiles import FittingLabel


class Pager(QWidget):
    """A line that is there only where there are pages."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._says = FittingLabel(look.SMALL_PIXELS)
        self.number = QSpinBox()
        self.number.setKeyboardTracking(False)  # 1,000 is not asked for on the way to it
        self.number.setToolTip("Which of the pages the grid and the views show")
        self.number.setAccessibleName("Page")
        self.count = QToolButton()
        self.count.setText("Count all")
        self.count.setToolTip("Go on counting the rows of the other pages")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(11, 0, 11, 6)
        layout.setSpacing(look.SPACING)
        layout.addWidget(self.number)
        layout.addWidget(self._says, 1)
        layout.addWidget(self.count)
        self.number.valueChanged.connect(self._on_number)
        self.count.clicked.connect(self._on_count)
        document.counting.told.connect(self.draw)
        document.counting.jobs.emptied.connect(self.draw)
        self._shown, self._colour = 0, ""

    def set_theme(self, theme: look.Theme) -> None:
        """Write in this theme's colour."""
        self._colour = theme.muted
        self.draw()

    @property
    def text(self) -> str:
        """What it says beside the number."""
        return self._says.wordings[0]

    def draw(self) -> None:
        """Say which page it is."""
        page, counting = self._document.state.page, self._document.counting
        self.setVisible(page is not None)
        if page is None:
            return
        kind = "image" if page.image and page.size == page.image else "page"
        self._shown = page.number
        self.number.setPrefix(f"{kind} ")
        self.number.setRange(1, page.count)
        self.number.setSuffix(f" of {page.count:,}")
        self.number.setValue(page.number + 1)
        rows = f"{page.all.rows:,} rows"
        told = f"tiles: all {rows}" if counting.done else f"tiles: {counting.share:.0%} of {rows} so far"
        words = (f"grid and views: {page.title()}, numbered from 1", page.title())
        self._says.show_text((*(f"{of} · {told}" for of in words), words[1]), self._colour)
        self.count.setVisible(not counting.done and not counting.jobs.is_busy())

    def _on_number(self, number: int) -> None:
        if number - 1 != self._shown:  # else it only follows the document
            self._shown = number - 1
            self._document.show_page(number - 1)

    def _on_count(self) -> None:
        self._document.counting.go_on(self._document.state, self._document.epoch)
        self.draw()
