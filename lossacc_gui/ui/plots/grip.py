"""The line in a picture that the hand drags: where it stands, and what a pull or a key makes of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lossacc_gui.core.curves.curve import Handle
from lossacc_gui.core.wording import brief
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.ground import Ground
from lossacc_gui.ui.plots.label import Label
from lossacc_gui.ui.plots.scales import Scales
from lossacc_gui.ui.plots.texts import AIR, stand


class Grip:
    """A handle on screen: before every line of the marks and behind their texts, with its own in front."""

    def __init__(self, scales: Scales, theme: look.Theme) -> None:
        self.handle: Handle | None = None
        self.text = Label(look.font(look.TEXT_PIXELS))
        self._scales = scales
        self._line = QLineF()
        self._side = 0
        """0 where the text stands right of the line, 1 left of it."""
        self.set_theme(theme)

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self._pen = QPen(QColor(theme.text), 1.5)
        self.text.colour(QColor(theme.text), QColor(theme.card))

    def show(self, handle: Handle | None, around: Ground) -> None:
        """Show a handle or none, and put it in the ground that other texts keep clear of."""
        if handle is None:
            self.hide()
            return
        self.handle, self.text.is_shown = handle, True
        x = float(self._scales.pixels(handle.x, 0.0)[0])
        self._line = QLineF(x, 0.0, x, around.size[1])
        self.text.write(f"{handle.name} {brief(handle.value(handle.x))}".strip())
        self._settle(x, around)

    def hide(self) -> None:
        """Show none."""
        self.handle, self.text.is_shown = None, False

    def paint(self, painter: QPainter) -> None:
        """Draw the line; the text is painted apart."""
        if self.handle is not None:
            painter.setPen(self._pen)
            painter.drawLine(self._line)

    def _settle(self, x: float, around: Ground) -> None:
        """Write at the line's upper end, on the side that hides less; from there only when the other is better."""
        wide = self.text.size[0]
        lefts = np.array([x + AIR, x - AIR - wide])
        cost = around.cost(lefts, np.zeros(2), self.text.size)
        if cost[self._side] > cost[1 - self._side]:
            self._side = 1 - self._side
        around.uprights.append(x)
        left = min(max(0.0, float(lefts[self._side])), max(0.0, around.size[0] - wide))
        stand(self.text, around, left, 0.0)

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
