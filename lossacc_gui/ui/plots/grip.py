"""The line in a picture that the hand drags: where it stands, and what a pull or a key makes of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lossacc_gui.core.curves.curve import Handle
from lossacc_gui.core.wording import brief
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.ground import CLEAR, Ground, Numbers
from lossacc_gui.ui.plots.label import Label
from lossacc_gui.ui.plots.scales import Scales
from lossacc_gui.ui.plots.shapes import pieces
from lossacc_gui.ui.plots.texts import AIR, stand

FOOT = 0.5 * CLEAR
"""What it costs to stand at the foot: nothing that is crossed costs so little."""


class Grip:
    """A handle on screen: before every line of the marks and behind their texts, with its own in front."""

    def __init__(self, scales: Scales, theme: look.Theme) -> None:
        self.handle: Handle | None = None
        self.text = Label(look.font(look.TEXT_PIXELS))
        self._scales = scales
        self._line = QLineF()
        self.pieces: list[QLineF] = []
        """What is drawn of it: it has gaps where texts stand."""
        self._is_short = False
        self._side = 0
        """0 where the text stands right of the line, 1 left of it; 2 and 3 the same at its foot."""
        self.set_theme(theme)

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self._pen = QPen(QColor(theme.text), 1.5)
        self.text.colour(QColor(theme.text), QColor(theme.card))

    def show(self, handle: Handle | None, around: Ground, *, calm: bool = False) -> None:
        """Show a handle or none, and put it in the ground that other texts keep clear of.

        ``calm``, as while it is dragged, leaves it its name, or without one, where a line crosses it.
        """
        if handle is None:
            self.hide()
            return
        self.handle, self.text.is_shown = handle, True
        x = float(self._scales.pixels(handle.x, 0.0)[0])
        self._line = QLineF(x, 0.0, x, around.size[1])
        self.pieces = [self._line]
        self._settle(x, around, calm=calm)

    def hide(self) -> None:
        """Show none."""
        self.handle, self.text.is_shown = None, False

    def paint(self, painter: QPainter) -> None:
        """Draw the line; the text is painted apart."""
        if self.handle is not None:
            painter.setPen(self._pen)
            painter.drawLines(self.pieces)

    def leave(self, texts: list[QRectF]) -> None:
        """Leave gaps in the line for these texts."""
        self.pieces = pieces(self._line, texts)

    def _settle(self, x: float, around: Ground, *, calm: bool) -> None:
        """Write at an end of the line, on the side that hides less; from there only when another is better.

        Where its name is in the way, the number stands there alone. While it is dragged it stays at its end.
        """
        assert self.handle is not None
        value = brief(self.handle.value(self.handle.x))
        named = f"{self.handle.name} {value}".strip()
        cost = self._sides(named, x, around)[1]
        if not calm or np.isinf(cost).all():
            self._is_short = bool(cost.min() >= CLEAR and self._sides(value, x, around)[1].min() < cost.min())
        places, cost = self._sides(value if self._is_short else named, x, around)
        cost[2:] += FOOT
        if calm:
            cost[self._side ^ 2], cost[self._side ^ 3] = np.inf, np.inf
        if cost[self._side] > cost.min():
            self._side = int(cost.argmin())
        around.uprights.append(x)
        left, top = places[:, self._side].tolist()
        left = min(max(0.0, left), max(0.0, around.size[0] - self.text.size[0]))
        stand(self.text, around, left, top)

    def _sides(self, text: str, x: float, around: Ground) -> tuple[Numbers, Numbers]:
        """Where a text may stand, its left and top (2, 4), and what it would hide there (4,)."""
        self.text.write(text)
        wide, tall = self.text.size
        lefts, foot = (x + AIR, x - AIR - wide), max(0.0, around.size[1] - tall)
        places = np.array([[*lefts, *lefts], [0.0, 0.0, foot, foot]])
        return places, around.cost(places[0], places[1], self.text.size)

    def pulled(self, x: float) -> float:
        """Where a handle pulled to x stands: inside its range, on a number the hand can mean."""
        assert self.handle is not None
        return _rounded(self.handle, x, self.handle.high - self.handle.low)

    def stepped(self, steps: int, *, fine: bool) -> float:
        """Where keys move it: a hundredth of its range a step, or a tenth of that."""
        handle = self.handle
        assert handle is not None
        share = 0.1 if fine else 1.0
        span = handle.high - handle.low
        return _rounded(handle, handle.x + steps * share * _nice_step(span), span * share)


STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
"""What keys move a handle, and which way."""


def _rounded(handle: Handle, x: float, span: float) -> float:
    """A place inside the handle's range, whose value has about three digits over this span."""
    if x <= handle.low or x >= handle.high:
        return min(max(x, handle.low), handle.high)
    if handle.log:
        value = handle.value(x)
        x = float(np.log10(round(value, 3 - int(np.floor(np.log10(value))))))
    else:
        decimals = 3 - int(np.floor(np.log10(span))) - 1 if span > 0 else 3
        x = round(x, max(0, decimals))
    return min(max(x, handle.low), handle.high)


def _nice_step(span: float) -> float:
    """A hundredth of a span, as 1, 2 or 5 times a power of ten."""
    rough = span / 100
    power = 10.0 ** np.floor(np.log10(rough)) if rough > 0 else 1.0
    return float(min((1, 2, 5, 10), key=lambda step: abs(step * power - rough)) * power)
