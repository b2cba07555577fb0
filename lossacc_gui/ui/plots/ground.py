"""What a picture covers, coarsely, so that a text can be told in microseconds what it would hide.

Everything is written into a grid of small cells, which is then summed from the upper left: what any rectangle
covers is four look-ups, whatever the number of points.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from math import inf

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from lossacc_gui.core.curves.curve import Bars, Dots, Level, Line, Mark, Upright
from lossacc_gui.ui.plots.scales import Scales

CELLS = 16_000
"""A grid has about so many cells at most; one is never smaller than ``LEAST`` pixels."""

LEAST = 2.0

SOLID = 1_000
"""What a text costs on a point or a bar: more than any way along lines."""

RULE = 1.0
"""What it costs to cross a line that stands for one number, such as a level, which is broken there; a cell of a
curve costs as much, and a text that crosses one covers many."""

CLEAR = 0.5
"""A text that costs less than this crosses nothing."""

Numbers = NDArray[np.float64]
Cells = NDArray[np.int32]


class Ground:
    """What a plotted area of this ``size``, in pixels, has in it.

    ``uprights`` and ``levels`` are where single lines cross the whole of it; ``taken`` are places of texts.
    """

    def __init__(self, size: tuple[float, float]) -> None:
        self.size = size
        self.cell = max(LEAST, (size[0] * size[1] / CELLS) ** 0.5)
        self.uprights: list[float] = []
        self.levels: list[float] = []
        self.taken: list[QRectF] = []
        self._last = tuple(int(length // self.cell) for length in size)
        # One line and one column of zeros before the first: everything is summed up in place.
        self._ink = np.zeros((self._last[1] + 2, self._last[0] + 2), np.int32)
        self._summed = False

    def add(self, marks: Iterable[Mark], scales: Scales) -> None:
        """Put marks in; regions and strips are pale, and hide nothing."""
        pieces: list[Numbers] = []
        dots: list[Numbers] = []
        for mark in marks:
            match mark:
                case Line() | Dots():
                    x, y = scales.pixels(mark.x, scales.on_left(mark.y, mark.side))
                    if isinstance(mark, Line):
                        pieces.append(np.array([x[:-1], y[:-1], x[1:], y[1:]]))
                    if isinstance(mark, Dots) or mark.dots:
                        dots.append(_corners(x, y, mark.size / 2 + 1.5 if isinstance(mark, Dots) else 3.0))
                case Upright():
                    self.uprights.append(float(scales.pixels(mark.x, 0.0)[0]))
                case Level():
                    self.levels.append(float(scales.pixels(0.0, scales.on_left(mark.y, mark.side))[1]))
                case Bars():
                    self._add_bars(mark, scales)
        if pieces:
            self._write(_along(np.concatenate(pieces, axis=1), self.size, self.cell), 1)
        if dots:
            self._write(np.concatenate(dots, axis=1), SOLID)

    def copied(self) -> Ground:
        """The same; texts and lines that are added to it leave no trace here, and no more marks can be."""
        self._sum_up()
        other = copy(self)
        other.uprights, other.levels, other.taken = [*self.uprights], [*self.levels], [*self.taken]
        return other

    def cost(self, left: Numbers, top: Numbers, size: tuple[float, float]) -> Numbers:
        """What a text of this size would hide at each of the places (n,); infinite outside, and on other texts."""
        self._sum_up()
        right, bottom = left + size[0], top + size[1]
        x0, y0 = self._cells(left, 0), self._cells(top, 1)
        x1, y1 = self._cells(right, 0) + 1, self._cells(bottom, 1) + 1
        ink = self._ink
        found = (ink[y1, x1] - ink[y0, x1] - ink[y1, x0] + ink[y0, x0]).astype(np.float64)
        for x in self.uprights:
            found += RULE * ((left < x) & (x < right))
        for y in self.levels:
            found += RULE * ((top < y) & (y < bottom))
        bad = (left < -1) | (right > self.size[0] + 1) | (top < -1) | (bottom > self.size[1] + 1)
        for rect in self.taken:
            across = (left < rect.right()) & (right > rect.left())
            bad |= across & (top < rect.bottom()) & (bottom > rect.top())
        found[bad] = np.inf
        return found

    def cost_of(self, rect: QRectF) -> float:
        """The same for one place: asked for every text of every picture that is drawn."""
        left, top, right, bottom = rect.left(), rect.top(), rect.right(), rect.bottom()
        if left < -1 or top < -1 or right > self.size[0] + 1 or bottom > self.size[1] + 1:
            return inf
        if any(rect.intersects(other) for other in self.taken):
            return inf
        self._sum_up()
        (x0, x1), (y0, y1) = (
            (max(0, int(start / self.cell)), min(int(end / self.cell), last) + 1)
            for start, end, last in zip((left, top), (right, bottom), self._last, strict=True)
        )
        ink = self._ink
        found = int(ink[y1, x1]) - int(ink[y0, x1]) - int(ink[y1, x0]) + int(ink[y0, x0])
        crossed = sum(left < x < right for x in self.uprights) + sum(top < y < bottom for y in self.levels)
        return found + RULE * crossed

    def _sum_up(self) -> None:
        """Turn cells into sums of everything left of and above their lower right corners."""
        if not self._summed:
            np.cumsum(self._ink, axis=0, out=self._ink)
            np.cumsum(self._ink, axis=1, out=self._ink)
            self._summed = True

    def _add_bars(self, mark: Bars, scales: Scales) -> None:
        bars = scales.bars_on_left(mark)
        feet = np.zeros(len(bars.x)) if bars.base is None else bars.base
        left, low = scales.pixels(bars.x - bars.width / 2, feet)
        right, high = scales.pixels(bars.x + bars.width / 2, feet + bars.heights)
        top, bottom = np.minimum(low, high), np.maximum(low, high)
        sides = [self._cells(side, axis) + 1 for side, axis in ((left, 0), (right, 0), (top, 1), (bottom, 1))]
        for x0, x1, y0, y1 in np.array(sides).T.tolist():
            self._ink[y0 : y1 + 1, x0 : x1 + 1] += SOLID

    def _write(self, points: Numbers, ink: int) -> None:
        """Ink into every cell in which one of the points (2, n) lies."""
        x, y = points
        inside = (x >= 0) & (x <= self.size[0]) & (y >= 0) & (y <= self.size[1])
        self._ink[self._cells(y[inside], 1) + 1, self._cells(x[inside], 0) + 1] += ink

    def _cells(self, at: Numbers, axis: int) -> Cells:
        """The cells of places across (0) or down (1)."""
        found: Cells = (at / self.cell).clip(0, self._last[axis]).astype(np.int32)
        return found


def _corners(x: Numbers, y: Numbers, r: float) -> Numbers:
    """Of points with this radius (2, 4 n): a text that touches one and is larger than it has one of these in it."""
    return np.array(
        [np.concatenate([x - r, x + r, x - r, x + r]), np.concatenate([y - r, y - r, y + r, y + r])]
    )


def _along(pieces: Numbers, size: tuple[float, float], step: float) -> Numbers:
    """Points (2, m), so far apart, along straight pieces (4, n) where they run inside."""
    x, y, u, v = pieces[:, np.isfinite(pieces).all(axis=0)]
    u, v = u - x, v - y
    start, end = np.zeros(len(x)), np.ones(len(x))
    for here, way, length in ((x, u, size[0]), (y, v, size[1])):
        slope = np.where(way == 0, 1e-9, way)
        one, two = -here / slope, (length - here) / slope
        start, end = np.maximum(start, np.minimum(one, two)), np.minimum(end, np.maximum(one, two))
    seen = start < end
    x, y, u, v, start, end = (part[seen] for part in (x, y, u, v, start, end))
    count = (np.maximum(np.abs(u), np.abs(v)) * (end - start) / step).astype(np.intp) + 2
    its = np.repeat(np.arange(len(x)), count)
    nth = np.arange(len(its)) - np.repeat(np.cumsum(count) - count, count)
    t = start[its] + (end - start)[its] * (nth / (count - 1)[its])
    return np.array([x[its] + t * u[its], y[its] + t * v[its]])
