"""The line that says which rows are listed, when it is not all of them in the file's order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from lossacc_gui.core.listing import CELL, Listing, Sort
from lossacc_gui.core.wording import shortened
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.tiles import FittingLabel

TILES_TIP = (
    "Let the tiles speak of the listed rows only (Ctrl+Alt+M). A pinned baseline is of all rows, so no change "
    "since it is told of these."
)
KEYS = {"p_label": "p(label)", "total": "row sum"}


class FilterLine(QFrame):
    """A chip each for the filter and the sorting, with a cross; Reapply when the rows have changed since."""

    filter_cleared = Signal()
    sort_cleared = Signal()
    reapplied = Signal()
    metrics_wanted = Signal()
    """The tiles are to speak of the listed rows, or of all again."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.filter, self.sort = _Chip("Show all rows again"), _Chip("Go back to the file's order")
        self.reapply = _button("Reapply", "Numbers have changed since: filter and sort again (Shift+F5)")
        self.metrics = _button("Tiles: these rows", TILES_TIP)
        self.metrics.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(11, 0, 8, 5)
        row.setSpacing(look.SPACING)
        row.addWidget(self.filter)
        row.addWidget(self.sort)
        row.addWidget(self.reapply)
        row.addStretch(1)
        row.addWidget(self.metrics)
        self.filter.cross.clicked.connect(self.filter_cleared)
        self.sort.cross.clicked.connect(self.sort_cleared)
        self.reapply.clicked.connect(self.reapplied)
        self.metrics.clicked.connect(self.metrics_wanted)
        self.hide()

    def set_theme(self, theme: look.Theme) -> None:
        """Write in these colours."""
        self._theme = theme
        for chip in (self.filter, self.sort):
            chip.label.show_text(chip.label.wordings, theme.text)

    def draw(self, listing: Listing, names: Sequence[str], *, stale: bool, metrics: bool) -> None:
        """Say what is listed; go out of sight when that is all the rows in the file's order."""
        self.setVisible(listing.order is not None)
        if listing.order is None:
            return
        self.filter.say(_filtered(listing), self._theme)
        self.sort.say(_sorted(listing, names), self._theme)
        self.reapply.setVisible(stale)
        self.metrics.setVisible(listing.shown is not None)
        self.metrics.setChecked(metrics)


class _Chip(QFrame):
    """A short text with a cross that takes away what it says."""

    def __init__(self, tip: str) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.label, self.cross = _Words(look.SMALL_PIXELS), _button("✕", tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 2, 0)
        row.setSpacing(2)
        row.addWidget(self.label)
        row.addWidget(self.cross)

    def say(self, wordings: tuple[str, ...], theme: look.Theme) -> None:
        """Show the longest of these that fits, or nothing of the chip when there are none."""
        self.setVisible(bool(wordings))
        if wordings:
            self.label.show_text(wordings, theme.text)
            self.label.updateGeometry()
            self.setToolTip(wordings[0])


class _Words(FittingLabel):
    """Takes the room of its longest wording if there is so much."""

    def __init__(self, pixels: int) -> None:
        super().__init__(pixels)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    # Qt's own names from here on

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.wordings[0]) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return super().sizeHint()  # of the shortest wording


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    return button


def _filtered(listing: Listing) -> tuple[str, ...]:
    if listing.shown is None:
        return ()
    count = f"{len(listing.shown):,}"
    whole = f"{count} of {listing.rows:,} rows"
    return f"{whole}: {listing.text}", f"{count} rows: {listing.text}", whole, f"{count} rows"


def _sorted(listing: Listing, names: Sequence[str]) -> tuple[str, ...]:
    if listing.sort is None:
        return () if listing.shown is not None else ("an earlier order", "order")
    what, arrow = sort_words(listing.sort, names), "↓" if listing.sort.descending else "↑"
    return f"by {what} {arrow}", f"{what} {arrow}", f"{shortened(what, 9)} {arrow}"


def sort_words(sort: Sort, names: Sequence[str]) -> str:
    """By what rows are sorted, in words."""
    return shortened(names[sort.column]) if sort.key == CELL else KEYS.get(sort.key, sort.key)
