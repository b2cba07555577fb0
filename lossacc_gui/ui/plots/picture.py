"""A curve laid out for a size: it paints itself on a screen as on paper."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter

from lossacc_gui.core.curves.curve import Drawn
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.frame import Frame
from lossacc_gui.ui.plots.grip import Grip
from lossacc_gui.ui.plots.marks import Marks
from lossacc_gui.ui.plots.scales import Scales

NO_ROOM = 40
"""A plotted area lower or narrower than this, in pixels, has no room for a text."""

AROUND = 16
"""Pixels around the words that stand where there is nothing to draw."""


class Picture:
    """What a ``Drawn`` looks like, in pixels."""

    def __init__(self, theme: look.Theme) -> None:
        self.drawn: Drawn | None = None
        self.theme = theme
        self.scales = Scales()
        self.frame = Frame()
        self.grip = Grip(self.scales, theme)
        self.marks = Marks(self.scales, theme)
        self._size = QSizeF()
        self._calm = False

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self.theme = self.marks.theme = theme
        self.grip.set_theme(theme)
        self._lay_out()

    def resize(self, size: QSizeF) -> None:
        """Take so much room."""
        if size != self._size:
            self._size = size
            self._lay_out()

    def draw(self, drawn: Drawn, *, hold_axes: bool = False) -> bool:
        """Show this; whether anything looks different now. ``hold_axes`` keeps the ranges."""
        old, was_calm = self.drawn, self._calm
        self.drawn, self._calm = drawn, hold_axes
        axes = self.scales.wanted(drawn, hold=hold_axes and not drawn.empty)
        if old is None or axes != self.scales.axes:
            self.scales.axes = axes
            self._lay_out()
            return True
        changed = self.marks.show(drawn.marks, moved=False)
        let_go = was_calm and not hold_axes  # texts that stayed where they were now find their places
        if not (changed or let_go) and (drawn.handle, drawn.empty) == (old.handle, old.empty):
            return False
        self.settle()
        return True

    def move_handle(self, value: float) -> None:
        """Show the handle at this value before the picture that goes with it is there."""
        if self.drawn is not None and self.drawn.handle is not None:
            handle = self.drawn.handle
            self.drawn = replace(self.drawn, handle=replace(handle, x=handle.place(value)))
            self._calm = True
            self.settle()

    def settle(self) -> None:
        """Put the handle and all texts in their places."""
        if self.drawn is None or min(self.scales.size) < NO_ROOM:
            return
        if self.drawn.handle is None and self.marks.are_silent:
            self.grip.hide()
            self.marks.leave([])
            return
        around = self.marks.ground()
        self.grip.show(self.drawn.handle, around, calm=self._calm)
        self.marks.settle(around, calm=self._calm)
        self.marks.leave(around.taken)
        self.grip.leave(around.taken)

    def paint_frame(self, painter: QPainter) -> None:
        """Draw what stands still while the numbers move."""
        if self.scales.axes is not None and self.drawn is not None and not self.drawn.empty:
            self.frame.paint(painter, self.theme, right=self.scales.axes[2] is not None)

    def paint_inside(self, painter: QPainter) -> None:
        """Draw all the rest."""
        if self.drawn is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.drawn.empty:
            painter.setPen(QColor(self.theme.muted))
            painter.setFont(look.font())
            where = QRectF(AROUND, AROUND, self._size.width() - 2 * AROUND, self._size.height() - 2 * AROUND)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.drawn.empty)
            return
        area = self.scales.area
        painter.save()
        painter.setClipRect(area)
        painter.translate(area.topLeft())
        self.marks.paint(painter)
        self.grip.paint(painter)
        self.marks.write(painter)
        self.grip.text.paint(painter)
        painter.restore()

    def _lay_out(self) -> None:
        """Find anew where everything stands."""
        if self.drawn is None or self.scales.axes is None:
            return
        self.frame.lay_out(self.scales.axes, self._size, self.theme)
        self.scales.area = self.frame.area
        self.marks.show(self.drawn.marks, moved=True)
        self.settle()
