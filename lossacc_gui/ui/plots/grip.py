"""The line in a picture that the hand drags: where it stands, and what a pull or a key makes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor

from lossacc_gui.core.curves.curve import Handle
from lossacc_gui.core.wording import brief
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.scales import Scales
from lossacc_gui.ui.plots.texts import AIR, Ground

BEHIND, FRONT = 40, 100
"""Before every line and behind every text of the marks; and before everything."""


class Grip:
    """A handle on screen."""

    def __init__(self, plot: pg.PlotItem, scales: Scales) -> None:
        self.handle: Handle | None = None
        self._scales = scales
        self._line = pg.InfiniteLine(angle=90)
        self._text = pg.TextItem(anchor=(0, 0))
        self._text.setFont(look.font(look.TEXT_PIXELS))
        for part, z in ((self._line, BEHIND), (self._text, FRONT)):
            part.setZValue(z)
            plot.addItem(part, ignoreBounds=True)

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self._line.setPen(pg.mkPen(theme.text, width=1.5))
        self._text.setColor(QColor(theme.text))
        self._text.fill = pg.mkBrush(theme.card)

    def show(self, handle: Handle | None) -> Ground:
        """Show a handle or none; what it takes of the picture."""
        self.handle, taken = handle, Ground()
        for part in (self._line, self._text):
            part.setVisible(handle is not None)
        if handle is None or self._scales.axes is None:
            return taken
        self._line.setPos(handle.x)
        self._text.setText(f"{handle.name} {brief(handle.value(handle.x))}".strip())
        size: Any = self._text.textItem.boundingRect()
        width, height = self._scales.size
        x = float(self._scales.pixels(handle.x, 0.0)[0])
        left = x - AIR - size.width() if x > width / 2 else x + AIR
        left = min(max(0.0, left), max(0.0, width - size.width()))
        self._text.setPos(*self._scales.place(left, 0.0))
        taken.taken.append(QRectF(left, 0.0, size.width(), size.height()))
        taken.pieces = np.array([[x, 0.0, x, height]])
        return taken

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
