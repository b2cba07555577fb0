"""What panels that paint themselves have in common."""

from __future__ import annotations

from math import inf
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lossacc_gui.core.alike import alike
from lossacc_gui.core.naming import cut
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.panel import PanelView

LEAST_CUT = 5
"""A name is cut to so many characters at least; where there is less room it only begins."""


class PaintedPanel(PanelView):
    """A panel drawn by ``paint`` from its ``picture``; says what it shows, and what to do where it is empty."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.picture: Any = None
        self._pointer: QPointF | None = None
        self.setFont(look.font(look.SMALL_PIXELS))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing behind it is painted in vain
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def draw(self, picture: Any, *, hold_axes: bool = False) -> None:
        """See PanelView."""
        if self.picture is None or not alike(self.picture, picture):
            self.update()
        self.picture = picture
        self.setAccessibleName(picture.reading)

    def says_at(self, at: QPointF) -> str:
        """What there is at this place, in words."""
        raise NotImplementedError

    def point_at(self, at: QPointF) -> None:
        """The pointer is here: say what there is, and again what there is then in every new picture."""
        self._pointer = at
        self.pointed.emit(self.says_at(at))

    def read_again(self) -> None:
        """See PanelView."""
        if self._pointer is not None:
            self.pointed.emit(self.says_at(self._pointer))

    def paint(self, painter: QPainter) -> None:
        """Draw the picture, of which there is one that is not empty."""
        raise NotImplementedError

    def paint_all(self, painter: QPainter) -> None:
        """Draw the picture, or what is said where it is empty; not the ground."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        if self.picture is not None and self.picture.empty:
            painter.setPen(QColor(self.theme.muted))
            where = self.rect().adjusted(16, 16, -16, -16)
            painter.drawText(
                where, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.picture.empty
            )
        elif self.picture is not None:
            self.paint(painter)

    # --- for a report ---

    over = 0
    """So many pixels at the top belong to buttons, and are left out of a report."""

    @property
    def needed(self) -> float:
        """How high it is at most, in pixels."""
        return inf

    # Qt's own names from here on

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.card))
        self.paint_all(painter)
        painter.end()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.pointed.emit("")
        super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._pointer = None
        super().hideEvent(event)


def elided(metrics: QFontMetrics, name: str, room: float, names: tuple[str, ...] = ()) -> str:
    """A name cut where there is no room for all of it, so that it is like no other of ``names`` if that can be; the
    pointer reads all of it off."""
    if metrics.horizontalAdvance(name) <= room:
        return name
    low, high, best = LEAST_CUT, len(name), ""
    while (
        low < high
    ):  # the most characters that fit; those of an ending may be wider, so all that is tried is kept
        most = (low + high) // 2
        tried = cut(name, most, names)
        if metrics.horizontalAdvance(tried) <= room:
            low, best = most + 1, tried
        else:
            high = most
    return best or metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(room))
