"""The head of the grid: what it holds, which of it is listed, which epoch; one line that is always as high."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from lossacc_gui.core.wording import counted
from lossacc_gui.session.document import Document
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.filter_line import FilterLine, Words
from lossacc_gui.ui.tiles import FittingLabel

HEIGHT = 36
"""Fixed, for chips come and go, and the rows below stay where the mouse is."""

SIDE = 11
HINTS = (
    "fill: prediction, ✓ right or ✗ wrong · box: label · bar: value",
    "fill: prediction · box: label",
    "",
)


class Part(Protocol):
    """Something in the head that can be said in more words or in less."""

    def widths(self) -> list[int]:
        """The room of each wording in pixels, the longest first; 0 where it is left out."""

    def take(self, which: int) -> None:
        """Say it in this wording."""


def fit(steps: Sequence[Part], room: int, gap: int) -> None:
    """Let each part take the longest wording with which all fit into ``room`` pixels, a ``gap`` between them.

    While they do not fit, the part of the next step gives way by one wording, if it has a shorter one.
    """
    taken = dict.fromkeys(steps, 0)
    widths = {part: part.widths() for part in taken}
    for part in steps:
        used = [widths[each][which] for each, which in taken.items() if widths[each][which]]
        if sum(used) + gap * len(used[1:]) <= room:
            break
        taken[part] = min(taken[part] + 1, len(widths[part]) - 1)
    for part, which in taken.items():
        part.take(which)


class GridHead(QWidget):
    """Says what the grid holds; the chips of the filter and the order push no row aside."""

    epoch_chosen = Signal(int)
    """The index of the epoch to look at."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._size = Words(look.TEXT_PIXELS, bold=True), Words(look.TEXT_PIXELS)
        self._hints = FittingLabel(look.SMALL_PIXELS)
        self.filter_line = FilterLine(theme)
        self.epoch = _Epoch()
        self.epoch.setToolTip("Which matrix of the stack is shown")
        self.epoch.setAccessibleName("Epoch")
        self._shown = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE, 0, SIDE, 0)
        row.setSpacing(look.SPACING)
        for part in (self._title, self._size, self.filter_line):
            row.addWidget(part)
        row.addWidget(self._hints, 1)
        row.addWidget(self.filter_line.metrics)
        row.addWidget(self.epoch)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.epoch.valueChanged.connect(self._on_epoch)
        self.filter_line.drawn.connect(self._arrange)
        self.set_theme(theme)

    def set_theme(self, theme: look.Theme) -> None:
        """Write in these colours."""
        for label in (self._title, self._size):
            label.show_text(label.wordings, theme.text)
        self._hints.show_text(HINTS, theme.muted)
        self.filter_line.set_theme(theme)

    def draw(self, document: Document) -> None:
        """Say what the grid holds now."""
        predictions = document.state.predictions
        rows, classes = f"{predictions.rows:,}", f"{predictions.classes:,}"
        self._title.say("Predictions", "")
        self._size.say(
            f"{counted(predictions.rows, 'row')} × {counted(predictions.classes, 'class')}",
            f"{rows} × {classes}",
            "",
        )
        self._shown = document.epoch
        self.epoch.setVisible(predictions.epochs > 1)
        self.epoch.setRange(1, predictions.epochs)
        self.epoch.setSuffix(f" of {predictions.epochs}")
        self.epoch.setValue(document.epoch + 1)
        self._arrange()

    def _arrange(self) -> None:
        """Let all that is to be said be said in the room there is, the least telling in fewer words."""
        room = self.width() - 2 * SIDE - look.SPACING  # the hints, which get what is left, have a gap too
        epoch = [] if self.epoch.isHidden() else [self.epoch]
        fit([self._size, self._size, *epoch, self._title, *self.filter_line.steps], room, look.SPACING)

    def _on_epoch(self, epoch: int) -> None:
        if epoch - 1 != self._shown:  # else it only follows the document
            self._shown = epoch - 1
            self.epoch_chosen.emit(epoch - 1)

    # Qt's own names from here on

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._arrange()


class _Epoch(QSpinBox):
    """Says what it counts where there is room."""

    prefixes = ("epoch ", "")

    def widths(self) -> list[int]:
        """See Part."""
        prefix, found = self.prefix(), []
        for each in self.prefixes:
            self.setPrefix(each)
            found.append(self.sizeHint().width())
        self.setPrefix(prefix)
        return found

    def take(self, which: int) -> None:
        """See Part."""
        self.setPrefix(self.prefixes[which])
