"""What the keyboard points at in a picture: one of the points that can be clicked, or a free place to build at."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lossacc_gui.core.curves.curve import Dots, Drawn, Pick, Role, Text, Upright
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots.pointing import pick_at
from lossacc_gui.ui.plots.scales import Scales

Key = Qt.Key

PAGE = 10
"""Points that Page Up and Page Down leap over, but where arrows go anywhere: there they go from point to point."""

ALONG = {
    Key.Key_Left: -1,
    Key.Key_Up: -1,
    Key.Key_Right: 1,
    Key.Key_Down: 1,
    Key.Key_PageUp: -PAGE,
    Key.Key_PageDown: PAGE,
    Key.Key_Home: -1_000_000,
    Key.Key_End: 1_000_000,
}
"""How many points further keys go."""

FREE = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, 1), Key.Key_Down: (0, -1)}
"""Which way keys go where every place means something."""

STEPS = 50
"""In so many steps a key crosses the picture; with Shift in ten times as many."""

RADIUS = 9.0
"""Of the ring around what is pointed at, in pixels."""


class Cursor:
    """Stands on a ``pick``, or nowhere."""

    def __init__(self, scales: Scales) -> None:
        self.pick: Pick | None = None
        self._scales = scales

    def move(self, drawn: Drawn, key: Qt.Key, *, fine: bool = False) -> bool:
        """Go where a key leads, the first time to what is current; whether it leads anywhere."""
        if drawn.empty or key not in ALONG:
            return False
        if self.pick is None:
            self.pick = self._first(drawn)
        elif drawn.aim is not None and key in FREE:
            self.pick = next(self._free(drawn, *FREE[key], STEPS * (10 if fine else 1)), self.pick)
        else:
            leap = PAGE if drawn.aim is not None and abs(ALONG[key]) == PAGE else 1
            self.pick = self._next(drawn, ALONG[key] // leap)
        return self.pick is not None

    def follow(self, drawn: Drawn) -> None:
        """Stand on the same thing in another picture, if it is there."""
        old = self.pick
        if old is None:
            return
        if old.build is None:
            self.pick = next((pick for pick in drawn.picks if _thing(pick) == _thing(old)), None)
        else:
            self.pick = pick_at(drawn, self._scales, old.x, old.y)

    def leave(self) -> bool:
        """Stand nowhere; whether it stood anywhere."""
        stood, self.pick = self.pick is not None, None
        return stood

    @property
    def place(self) -> QPointF:
        """Where it stands in the whole picture, in pixels."""
        assert self.pick is not None
        return self._scales.seen_at(self.pick.x, self.pick.y)

    def paint(self, painter: QPainter, theme: look.Theme) -> None:
        """Draw a ring around what it stands on, and a cross in it where there is nothing yet."""
        if self.pick is None:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.card, 4.0), (theme.text, 1.5)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(self.place, RADIUS, RADIUS)
        if self.pick.build is not None:
            for arm in (QPointF(RADIUS / 2, 0.0), QPointF(0.0, RADIUS / 2)):
                painter.drawLine(self.place - arm, self.place + arm)

    def _first(self, drawn: Drawn) -> Pick | None:
        """What is current, which is drawn last as a single point; the last pick where nothing is."""
        where = next((place for mark in reversed(drawn.marks) if (place := _single(mark)) is not None), None)
        found = None if where is None else pick_at(drawn, self._scales, *where)
        return found or (drawn.picks[-1] if drawn.picks else None)

    def _next(self, drawn: Drawn, steps: int) -> Pick | None:
        """The pick so many further on: by edits where they are steps, else from left to right."""
        picks = drawn.picks
        if not any(pick.step >= 0 for pick in picks):
            picks = tuple(sorted(picks, key=_along))
        things = [_thing(pick) for pick in picks]
        if not picks or self.pick is None or _thing(self.pick) not in things:
            return picks[-1] if picks else self.pick
        return picks[min(max(things.index(_thing(self.pick)) + steps, 0), len(picks) - 1)]

    def _free(self, drawn: Drawn, right: int, up: int, steps: int) -> Iterator[Pick]:
        """What lies that way, from the nearest on."""
        assert self.pick is not None
        across, tall = (axis.high - axis.low for axis in (drawn.x, drawn.left))
        for n in range(1, steps + 1):
            x, y = self.pick.x + n * right * across / steps, self.pick.y + n * up * tall / steps
            inside = drawn.x.low <= x <= drawn.x.high and drawn.left.low <= y <= drawn.left.high
            found = pick_at(drawn, self._scales, x, y) if inside else None
            if found is not None and (found.x != self.pick.x if right else found.y != self.pick.y):
                yield found


def _thing(pick: Pick) -> tuple[object, ...]:
    """What a pick stands for, wherever it is drawn."""
    return pick.row, pick.column, pick.step, pick.filter, pick.build


def _along(pick: Pick) -> tuple[float, float]:
    return pick.x, pick.y


def _single(mark: object) -> tuple[float, float] | None:
    """Where a mark stands that is for one point alone."""
    match mark:
        case Dots() if len(mark.x) == 1:
            return float(mark.x[0]), float(mark.y[0])
        case Text(role=Role.NOW, key=False):
            return mark.x, mark.y
        case Upright(role=Role.NOW):
            return mark.x, 0.0
    return None
