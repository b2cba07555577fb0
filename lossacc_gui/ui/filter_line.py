"""What says which rows are listed, when it is not all of them in the file's order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from lossacc_gui.core.listing import CELL, Listing, Sort
from lossacc_gui.core.wording import counted, shortened
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.tiles import FittingLabel

TILES_TIP = (
    "Let the tiles speak of the listed rows only (Ctrl+Alt+M). A pinned baseline is of all rows, so no change "
    "since it is told of these."
)
OFF, ON = ("Show these in tiles", "Into tiles"), ("Tiles show these", "In tiles")
KEYS = {"p_label": "p(label)", "total": "row sum"}


class FilterLine(QFrame):
    """A chip each for the filter and the sorting, with a cross; Reapply when the rows have changed since.

    ``metrics`` belongs to it, and stands where the head puts it.
    """

    filter_cleared = Signal()
    sort_cleared = Signal()
    reapplied = Signal()
    metrics_wanted = Signal()
    """The tiles are to speak of the listed rows, or of all again."""
    drawn = Signal()
    """It says something else, which may need other room."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.filter, self.sort = _Chip("Show all rows again"), _Chip("Go back to the file's order")
        self.reapply = _Button(
            "Numbers have changed since: filter and sort again (Shift+F5)",
            "Reapply",
            "\N{CLOCKWISE OPEN CIRCLE ARROW}",
        )
        self.metrics = _Button(TILES_TIP, *OFF)
        self.metrics.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACING)
        for part in (self.filter, self.sort, self.reapply):
            row.addWidget(part)
        self.filter.cross.clicked.connect(self.filter_cleared)
        self.sort.cross.clicked.connect(self.sort_cleared)
        self.reapply.clicked.connect(self.reapplied)
        self.metrics.clicked.connect(self.metrics_wanted)
        self._listing, self._stale = Listing(), False
        self.hide()
        self.metrics.hide()

    def set_theme(self, theme: look.Theme) -> None:
        """Write in these colours."""
        self._theme = theme
        for chip in (self.filter, self.sort):
            chip.label.show_text(chip.label.wordings, theme.text)

    def draw(self, listing: Listing, names: Sequence[str], *, stale: bool, metrics: bool) -> None:
        """Say what is listed; go out of sight when that is all the rows in the file's order."""
        self._listing, self._stale = listing, stale
        self.setVisible(listing.order is not None)
        self.reapply.setVisible(stale)
        self.metrics.setVisible(listing.shown is not None)
        self.metrics.setChecked(metrics)
        self.metrics.say(*(ON if metrics else OFF))
        if listing.order is not None:
            self.filter.say(*_filtered(listing))
            self.sort.say(*_sorted(listing, names))
        self.drawn.emit()

    @property
    def steps(self) -> list[_Chip | _Button]:
        """What is shown, in the order in which it gives way to what is more telling, a wording each time."""
        listing = self._listing
        if listing.order is None:
            return []
        filtered, by = listing.shown is not None, bool(self.sort.label.wordings[0])
        buttons = [self.metrics] * filtered + [self.reapply] * self._stale
        return [*buttons, *[self.sort] * 2 * by, *[self.filter] * 3 * filtered, *[self.sort] * by]


class Words(FittingLabel):
    """A text that is said in the wording it is told to take."""

    def __init__(self, pixels: int, *, bold: bool = False) -> None:
        super().__init__(pixels, bold=bold)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, *wordings: str) -> None:
        """Take one of these, the longest first, when told which."""
        self.show_text(wordings, self.colour)

    def widths(self) -> list[int]:
        """The room of each wording in pixels."""
        advance = QFontMetrics(self.font()).horizontalAdvance
        return [advance(wording) + 2 if wording else 0 for wording in self.wordings]

    def take(self, which: int) -> None:
        """Say it in this wording."""
        width = self.widths()[which]
        self.setVisible(width > 0)
        self.setFixedWidth(width)


class _Chip(QFrame):
    """A short text with a cross that takes away what it says."""

    def __init__(self, tip: str) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.label, self.cross = Words(look.SMALL_PIXELS), _Button(tip, "✕")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 2, 0)
        row.setSpacing(2)
        row.addWidget(self.label)
        row.addWidget(self.cross)

    def say(self, *wordings: str) -> None:
        """Take one of these when told which; nothing of the chip when there are none."""
        self.setVisible(bool(wordings))
        self.label.say(*(wordings or ("",)))
        self.setToolTip(wordings[0] if wordings else "")

    def widths(self) -> list[int]:
        """The room of the chip with each wording in pixels."""
        around = 8 + 2 + 2 + self.cross.sizeHint().width() + 2  # with its border
        return [width and width + around for width in self.label.widths()]

    def take(self, which: int) -> None:
        """Say it in this wording."""
        self.label.take(which)
        self.setVisible(self.label.widths()[which] > 0)


class _Button(QToolButton):
    """A button with a text, or with a shorter one."""

    def __init__(self, tip: str, *wordings: str) -> None:
        super().__init__()
        self._wordings = wordings
        self.setText(wordings[0])
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setAutoRaise(True)

    def say(self, *wordings: str) -> None:
        """Bear one of these texts, the longer first, from now on."""
        if wordings != self._wordings:
            self._wordings = wordings
            self.setText(wordings[0])

    def widths(self) -> list[int]:
        """The room of the button with each text in pixels."""
        advance = self.fontMetrics().horizontalAdvance
        around = self.sizeHint().width() - advance(self.text())
        return [advance(wording) + around for wording in self._wordings]

    def take(self, which: int) -> None:
        """Bear this text."""
        self.setText(self._wordings[which])


def _filtered(listing: Listing) -> tuple[str, ...]:
    if listing.shown is None:
        return ()
    count = f"{len(listing.shown):,}"
    rows = counted(len(listing.shown), "row")
    whole = f"{count} of {counted(listing.rows, 'row')}"
    return f"{whole}: {listing.text}", f"{rows}: {listing.text}", whole, rows


def _sorted(listing: Listing, names: Sequence[str]) -> tuple[str, ...]:
    if listing.sort is None:
        return () if listing.shown is not None else ("an earlier order", "order")
    what, arrow = sort_words(listing.sort, names), "↓" if listing.sort.descending else "↑"
    return (
        f"by {what} {arrow}",
        f"{what} {arrow}",
        f"{shortened(what, 9)} {arrow}",
        "",
    )  # its heading tells it too


def sort_words(sort: Sort, names: Sequence[str]) -> str:
    """By what rows are sorted, in words."""
    return shortened(names[sort.column]) if sort.key == CELL else KEYS.get(sort.key, sort.key)
