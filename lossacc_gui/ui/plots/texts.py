"""Where the texts of a picture stand: inside it, never on one another, and off its lines where they can.

Each text has a few places it may take, best first. It takes the first that touches nothing; else the one
that covers least, as long as it covers no other text; else it is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from lossacc_gui.core.curves.curve import Bars, Dots, Level, Line, Mark, Text, Upright
from lossacc_gui.ui.plots.scales import Scales

AIR = 2.0
"""Pixels between a text and the line it belongs to."""

BESIDE = 5.0
"""Pixels between a name and the point it names."""

STEPS = 6
"""So many heights beside an upright line are tried from its end on."""

SIGN = 3
"""A text of so few characters is a sign that marks its point: it stands there whatever happens."""

Numbers = NDArray[np.float64]
Rects = NDArray[np.float64]
"""(n, 4): left, top, right, bottom, in pixels."""


@dataclass(slots=True)
class Ground:
    """What texts should not cover: straight pieces of lines (n, 4) and boxes (n, 4); and texts, never."""

    pieces: Numbers = field(default_factory=lambda: np.empty((0, 4)))
    boxes: Rects = field(default_factory=lambda: np.empty((0, 4)))
    taken: list[QRectF] = field(default_factory=list)

    def cost(self, rect: QRectF) -> int:
        """How many things a rectangle would cover."""
        left, top, right, bottom = rect.left(), rect.top(), rect.right(), rect.bottom()
        covered = _crossings(self.pieces, left, top, right, bottom)
        b = self.boxes
        return covered + int(
            ((b[:, 0] < right) & (b[:, 2] > left) & (b[:, 1] < bottom) & (b[:, 3] > top)).sum()
        )

    def is_free(self, rect: QRectF) -> bool:
        """Whether no text stands there."""
        return not any(rect.intersects(other) for other in self.taken)


def ground(marks: list[Mark], scales: Scales) -> Ground:
    """What the marks of a picture cover."""
    pieces: list[Numbers] = []
    boxes: list[Rects] = []
    width, height = scales.size
    for mark in marks:
        match mark:
            case Line():
                x, y = scales.pixels(mark.x, scales.on_left(mark.y, mark.side))
                pieces.append(np.column_stack([x[:-1], y[:-1], x[1:], y[1:]]))
            case Upright():
                x, _ = scales.pixels(mark.x, 0.0)
                pieces.append(np.array([[x, 0.0, x, height]]))
            case Level():
                _, y = scales.pixels(0.0, scales.on_left(mark.y, mark.side))
                pieces.append(np.array([[0.0, y, width, y]]))
            case Dots():
                x, y = scales.pixels(mark.x, scales.on_left(mark.y, mark.side))
                r = mark.size / 2
                boxes.append(np.column_stack([x - r, y - r, x + r, y + r]))
            case Bars():
                bars = scales.bars_on_left(mark)
                feet = np.zeros(len(bars.x)) if bars.base is None else bars.base
                left, low = scales.pixels(bars.x - bars.width / 2, feet)
                right, high = scales.pixels(bars.x + bars.width / 2, feet + bars.heights)
                boxes.append(np.column_stack([left, np.minimum(low, high), right, np.maximum(low, high)]))
    found = Ground()
    if pieces:
        found.pieces = np.concatenate(pieces)
        found.pieces = found.pieces[np.isfinite(found.pieces).all(axis=1)]
    if boxes:
        found.boxes = np.concatenate(boxes)
    return found


def settle(mark: Mark, item: Any, scales: Scales, around: Ground) -> None:
    """Give a mark's text item the best of its places, or hide it."""
    size = item.textItem.boundingRect()
    wide, tall = size.width(), size.height()
    area = QRectF(0, 0, *scales.size)
    best, least = None, np.inf
    for left, top in _places(mark, scales, wide, tall):
        rect = QRectF(left, top, wide, tall)
        if not area.adjusted(-1, -1, 1, 1).contains(rect) or not around.is_free(rect):
            continue
        cost = around.cost(rect)
        if cost < least:
            best, least = rect, cost
        if not cost:
            break
        if isinstance(mark, Upright) and mark.close:
            best = None
    if best is None and isinstance(mark, Text) and len(mark.text.strip()) <= SIGN:
        best = QRectF(*next(iter(_places(mark, scales, wide, tall))), wide, tall)
    item.setVisible(best is not None)
    if best is not None:
        around.taken.append(best)
        item.setAnchor((0, 0))
        item.setPos(*scales.place(best.left(), best.top()))


def _places(mark: Mark, scales: Scales, wide: float, tall: float) -> list[tuple[float, float]]:
    """Left and top, in pixels, of the places a text may take, best first."""
    width, height = scales.size
    match mark:
        case Text():
            x, y = (float(v) for v in scales.pixels(mark.x, mark.y))
            across, down = mark.anchor
            # A name stands clear of the point it names; a sign is the point.
            off = 0.0 if len(mark.text.strip()) <= SIGN else BESIDE
            anchors = [(across, down), (across, 1 - down), (1 - across, down), (1 - across, 1 - down)]
            room = (max(0.0, width - wide), max(0.0, height - tall))
            shifts = [0.0]
            if mark.anchor == (0.5, 0.5):  # a word about the whole picture: any height will do
                shifts += [sign * k * tall for k in range(1, STEPS) for sign in (-1, 1)]
            return [
                (
                    min(max(0.0, x - a * wide + off * (1 - 2 * a)), room[0]),
                    min(max(0.0, y - d * tall + off * (1 - 2 * d) + shift), room[1]),
                )
                for shift in shifts
                for a, d in anchors
            ]
        case Upright():
            x = float(scales.pixels(mark.x, 0.0)[0])
            sides = [x + AIR, x - AIR - wide]
            steps = int(height // max(tall, 1.0)) if mark.close else STEPS
            ends = [k * tall if mark.at_top else height - (k + 1) * tall for k in range(steps)]
            if mark.align == "left":
                sides.reverse()
            if mark.fixed:  # an arrow that points to the other side would lie
                if mark.align == "right":
                    sides = [sides[0], *(left for left in ((x + width - wide) / 2, width - wide) if left > x)]
                else:
                    sides = [sides[0], *(left for left in ((x - wide) / 2, 0.0) if left + wide < x)]
            return [(side, top) for top in ends for side in sides]
        case Level():
            y = float(scales.pixels(0.0, scales.on_left(mark.y, mark.side))[1])
            lefts = [0.0, width - wide, (width - wide) / 2]
            return [(left, top) for left in lefts for top in (y - tall, y)]
    return []


def _crossings(pieces: Numbers, left: float, top: float, right: float, bottom: float) -> int:
    """How many straight pieces meet a rectangle: their clipped parts are not empty."""
    if not len(pieces):
        return 0
    x, y, u, v = pieces.T
    near = (
        (np.minimum(x, u) < right)
        & (np.maximum(x, u) > left)
        & (np.minimum(y, v) < bottom)
        & (np.maximum(y, v) > top)
    )
    if not near.any():
        return 0
    x, y, u, v = pieces[near].T
    # Of the pieces whose boxes meet, those that pass by have all corners on one side.
    sides = [(u - x) * (b - y) - (v - y) * (a - x) for a in (left, right) for b in (top, bottom)]
    low, high = np.minimum.reduce(sides), np.maximum.reduce(sides)
    return int(((low <= 0) & (high >= 0)).sum())
