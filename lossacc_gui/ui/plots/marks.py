"""Marks as graphics items: made once for each kind of picture, and filled again with every change."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from lossacc_gui.core.curves.curve import Area, Bands, Bars, Dots, Level, Line, Mark, Role, Text, Upright
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.ground import Ground
from lossacc_gui.ui.plots.items import Boxes, Region, Spots
from lossacc_gui.ui.plots.label import Label
from lossacc_gui.ui.plots.scales import Scales
from lossacc_gui.ui.plots.texts import Spot, is_sign, settle

TEXTS = 50
"""Texts stand before all lines, which would cross them, and behind the handle."""


@dataclass(slots=True)
class Item:
    """A mark on screen, and the graphics items it is made of; a text is always the last of them.

    ``spot`` is where the text stands, None for nowhere.
    """

    mark: Mark
    parts: list[Any]
    spot: Spot | None = None

    @property
    def text(self) -> Label | None:
        """The item that writes, if there is something to be written."""
        writes = isinstance(self.mark, Text | Upright | Level) and self.mark.text
        return self.parts[-1] if writes else None


class Marks:
    """The marks of one plot, from back to front."""

    def __init__(self, plot: pg.PlotItem, scales: Scales, theme: look.Theme) -> None:
        self.items: list[Item] = []
        self.theme = theme
        self._plot, self._box, self._scales = plot, plot.getViewBox(), scales
        self._settled = (0.0, 0.0)

    def clear(self) -> None:
        """Show nothing."""
        for item in self.items:
            for part in item.parts:
                self._plot.removeItem(part)
        self.items = []

    def show(self, marks: tuple[Mark, ...], *, moved: bool) -> None:
        """Show these; ``moved`` says that the axes have changed under those that are alike."""
        if [type(item.mark) for item in self.items] != [type(mark) for mark in marks]:
            self.clear()
            self.items = [self._make(mark, z) for z, mark in enumerate(marks)]
            moved = True
        for item, mark in zip(self.items, marks, strict=True):
            if moved:
                item.spot = None
            if moved or not _same(item.mark, mark):
                item.mark = mark
                self._fill(item, mark)

    def ground(self) -> Ground:
        """What they cover of the plotted area."""
        found = Ground(self._scales.size)
        found.add([item.mark for item in self.items], self._scales)
        return found

    def settle(self, around: Ground) -> None:
        """Find places for all texts. Signs come first, for they mark points, and then those that name one."""
        if around.size != self._settled:  # what was a good place is one no more
            self._settled = around.size
            for item in self.items:
                item.spot = None
        written = [item for item in self.items if item.text is not None]
        written.sort(key=_rank)
        for item in written:
            assert item.text is not None
            item.spot = settle(item.mark, item.text, self._scales, around, item.spot)

    def _make(self, mark: Mark, z: int) -> Item:
        """The graphics items a mark of this kind needs, in front of those before it."""
        parts: list[Any]
        match mark:
            case Line():
                parts = [pg.PlotCurveItem(antialias=True, connect="finite"), Spots(self._box)]
            case Dots():
                parts = [Spots(self._box)]
            case Bars():
                parts = [Boxes()]
            case Bands():
                parts = [pg.PlotCurveItem(antialias=False, connect="pairs")]
            case Area():
                parts = [Region(self._box)]
            case Upright() | Level():
                angle = 90 if isinstance(mark, Upright) else 0
                parts = [pg.InfiniteLine(angle=angle), self._label()]
            case Text():
                parts = [self._label()]
        for part in parts:
            part.setZValue(z + (TEXTS if isinstance(part, Label) else 0))
            self._plot.addItem(part, ignoreBounds=True)
        return Item(mark, parts)

    def _label(self) -> Label:
        return Label(self._box, look.font(look.SMALL_PIXELS))

    def _fill(self, item: Item, mark: Mark) -> None:
        """Put a mark's present data into its items."""
        colour = self.theme.of(mark.role)
        parts = item.parts
        match mark:
            case Line():
                style = Qt.PenStyle.DashLine if mark.dashed else Qt.PenStyle.SolidLine
                y = self._scales.on_left(mark.y, mark.side)
                parts[0].setData(mark.x, y, pen=pg.mkPen(colour, width=mark.width, style=style))
                dots = (mark.x, y) if mark.dots else (y[:0], y[:0])
                parts[1].set_spots(*dots, 6, colour, None)
            case Dots():
                y = self._scales.on_left(mark.y, mark.side)
                ring = QColor(self.theme.card) if mark.ring else None
                parts[0].set_spots(mark.x, y, mark.size, colour, ring)
            case Bars():
                parts[0].set_bars(self._scales.bars_on_left(mark), colour)
            case Bands():
                pen = pg.mkPen(colour, width=mark.thickness, cap="flat")
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                ends = np.column_stack([mark.low, mark.high]).ravel()
                parts[0].setData(ends, np.repeat(mark.y, 2), pen=pen)
            case Area():
                parts[0].set_outline(mark, colour)
            case Upright() | Level():
                self._rule(parts, mark, colour)
            case Text():
                parts[0].colour(self._ink(mark.role), QColor(self.theme.card))

    def _rule(self, parts: list[Any], mark: Upright | Level, colour: QColor) -> None:
        """A line across the plot with its text."""
        style = Qt.PenStyle.DashLine if mark.dashed else Qt.PenStyle.SolidLine
        parts[0].setPen(pg.mkPen(colour, width=1, style=style))
        parts[0].setPos(mark.x if isinstance(mark, Upright) else self._scales.on_left(mark.y, mark.side))
        parts[1].colour(self._ink(mark.role), QColor(self.theme.card))
        parts[1].setVisible(bool(mark.text))

    def _ink(self, role: Role) -> QColor:
        """What a text of this role is written in: greys of lines are too faint to be read."""
        grey = role in (Role.PLAIN, Role.FAINT, Role.BASELINE)
        return QColor(self.theme.muted) if grey else QColor(self.theme.of(role))


def _rank(item: Item) -> int:
    """The order in which texts take their places."""
    if is_sign(item.mark):
        return 0
    return 2 if isinstance(item.mark, Text) and item.mark.key else 1


def _same(one: Mark, other: Mark) -> bool:
    """Whether two marks of a kind would be drawn alike."""
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        alike = np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else a == b
        if not alike:
            return False
    return True
