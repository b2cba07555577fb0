"""The marks of a picture: each made into shapes and a text once, and made again when it or its axes change."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from lossacc_gui.core.alike import alike
from lossacc_gui.core.curves.curve import Level, Mark, Role, Text, Upright
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.ground import Ground
from lossacc_gui.ui.plots.label import Label
from lossacc_gui.ui.plots.scales import Scales
from lossacc_gui.ui.plots.shapes import Rule, Shape, shapes_of
from lossacc_gui.ui.plots.texts import Spot, is_sign, settle


@dataclass(slots=True)
class Item:
    """A mark on screen: its shapes, and its text if there is something to be written.

    ``spot`` is where the text stands, None for nowhere.
    """

    mark: Mark
    shapes: list[Shape] = field(default_factory=list)
    text: Label | None = None
    spot: Spot | None = None


class Marks:
    """The marks of one picture, from back to front."""

    def __init__(self, scales: Scales, theme: look.Theme) -> None:
        self.items: list[Item] = []
        self.theme = theme
        self._scales = scales
        self._ground: Ground | None = None

    def show(self, marks: tuple[Mark, ...], *, moved: bool) -> bool:
        """Show these; whether anything looks different now.

        ``moved`` says that axes, size or colours have changed under those that are alike.
        """
        if [type(item.mark) for item in self.items] != [type(mark) for mark in marks]:
            self.items = [Item(mark) for mark in marks]
            moved = True
        changed = moved
        for item, mark in zip(self.items, marks, strict=True):
            if moved:
                item.spot = None
            if moved or not alike(item.mark, mark):
                item.mark = mark
                self._fill(item)
                changed = True
        if changed:
            self._ground = None
        return changed

    def ground(self) -> Ground:
        """What they cover of the plotted area."""
        if self._ground is None:
            self._ground = Ground(self._scales.size)
            self._ground.add([item.mark for item in self.items], self._scales)
        return self._ground.copied()

    @property
    def are_silent(self) -> bool:
        """Whether nothing is written on any of them."""
        return all(item.text is None for item in self.items)

    def settle(self, around: Ground, *, calm: bool) -> None:
        """Find places for all texts. Signs come first, for they mark points, and then those that name one.

        ``calm``, as while something is dragged, leaves a text where a line crosses it.
        """
        for item in sorted(self.items, key=_rank):
            if item.text is not None:
                item.spot = settle(item.mark, item.text, self._scales, around, item.spot, calm=calm)

    def leave(self, texts: list[QRectF]) -> None:
        """Break lines that stand for one number where these texts stand."""
        for item in self.items:
            for shape in item.shapes:
                if isinstance(shape, Rule):
                    shape.leave(texts)

    def paint(self, painter: QPainter) -> None:
        """Draw all but the texts."""
        for item in self.items:
            for shape in item.shapes:
                shape.paint(painter)

    def write(self, painter: QPainter) -> None:
        """Draw the texts, which stand before all lines: those would cross them."""
        for item in self.items:
            if item.text is not None:
                item.text.paint(painter)

    def _fill(self, item: Item) -> None:
        """Make what is drawn of a mark."""
        mark = item.mark
        item.shapes = shapes_of(mark, self._scales, self.theme)
        if not (isinstance(mark, Text | Upright | Level) and mark.text):
            item.text = None
            return
        if item.text is None:
            item.text = Label(look.font(look.SMALL_PIXELS))
        item.text.colour(self._ink(mark.role), QColor(self.theme.card))

    def _ink(self, role: Role) -> QColor:
        """What a text of this role is written in: greys of lines are too faint to be read."""
        grey = role in (Role.PLAIN, Role.FAINT, Role.BASELINE)
        return QColor(self.theme.muted) if grey else QColor(self.theme.of(role))


def _rank(item: Item) -> int:
    """The order in which texts take their places."""
    if is_sign(item.mark):
        return 0
    return 2 if isinstance(item.mark, Text) and item.mark.key else 1
