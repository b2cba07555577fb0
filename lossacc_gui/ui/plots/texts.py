"""Where the texts of a picture stand: inside it, never on one another, never on a point or a bar.

Each text has places it may take, best first. It takes the one that hides least; if each would hide a point or
a bar, it is shortened, and then not shown: what it says is also in the sentence under the view. The name of a
point may stand far from it, with a thin line to it. A text stays where it stood as long as that place is good, so
nothing jumps about while something is dragged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from lossacc_gui.core.curves.curve import Level, Mark, Text, Upright
from lossacc_gui.ui.plots.ground import CLEAR, RULE, SOLID, Ground
from lossacc_gui.ui.plots.label import Label
from lossacc_gui.ui.plots.scales import Scales

AIR = 1.0
"""Pixels between a text and the line it belongs to; the letters have their own."""

BESIDE = 7.0
"""Pixels between a name and the middle of the point it names."""

SIGN = 3
"""A text of so few characters is a sign that marks its point: it stands there whatever happens."""

GAPS = ((0, BESIDE), (0, 2 * BESIDE), (1.4, 2 * BESIDE))
"""How far from its point a name may be: heights of itself, and pixels."""

EDGE = 2.0
"""So many pixels outside a point is still seen."""

RELUCTANCE, LAST = 0.02, 0.9 * RULE
"""What going to the next place costs, and to the last at most: a text goes anywhere rather than cross something, and
stays where all is empty."""

LONG = 80.0
"""A text wider than so many pixels may be broken in two, and twice as wide a one in three,"""

BROKEN = 0.65
"""with lines at most so long as a part of what it was."""

WAYS = ((1.0, 0.5), (0.0, 0.5), (0.5, 0.0), (0.5, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0), (0.0, 1.0))
"""Which part of a name is nearest to its point: it stands left, right, below, above, and across a corner."""

AWAY = 0.005
"""What each pixel costs between a point and a name that stands further away than the places around it."""

Places = NDArray[np.float64]
"""(3, n): left and top in pixels of the places a text may take, and how little it likes them."""

Size = tuple[float, float]
"""Width and height in pixels; or how far right and down."""

Words = Text | Upright | Level
"""What has a text."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a ``text`` stands, in lines no longer than ``room``: so many pixels ``right`` of and ``down`` from what
    it belongs to; ``far`` from it or not."""

    text: str
    room: float
    right: float
    down: float
    far: bool


def settle(
    mark: Mark,
    label: Label,
    scales: Scales,
    around: Ground,
    last: Spot | None = None,
    *,
    calm: bool = False,
) -> Spot | None:
    """Give a mark's text the best of its places, or hide it; where it stands, None for nowhere.

    ``last`` is where it stood; there it stays where nothing is, and if ``calm`` where a single line crosses it.
    """
    assert isinstance(mark, Words)
    label.write(mark.text, room=around.size[0] if last is None else last.room)
    origin = _origin(mark, scales)
    if _is_out_of_sight(mark, origin, around):
        label.is_shown = False
        return last
    spot = last
    good = min(_most(mark), RULE + CLEAR if calm else CLEAR)
    if last is None or last.text != mark.text or _cost(label, origin, around, last) >= good:
        spot = _sought(mark, label, origin, around)
    label.is_shown = spot is not None
    if spot is not None:
        stand(label, around, origin[0] + spot.right, origin[1] + spot.down)
        label.lead(origin if spot.far else None)
    return spot


def _is_out_of_sight(mark: Words, origin: Size, around: Ground) -> bool:
    """Whether it names a point that axes which stand still, as in a drag, have left outside."""
    inside = all(-EDGE <= at <= length + EDGE for at, length in zip(origin, around.size, strict=True))
    return not inside and isinstance(mark, Text) and _is_name(mark)


def _cost(label: Label, origin: Size, around: Ground, spot: Spot) -> float:
    """What a text would hide there."""
    return around.cost_of(QRectF(origin[0] + spot.right, origin[1] + spot.down, *label.size))


def _sought(mark: Words, label: Label, origin: Size, around: Ground) -> Spot | None:
    """The best place for a text, or for one of the forms it has where there is less room."""
    best, least = None, _most(mark)
    for text, room in _forms(mark, label, around.size[0]):
        label.write(text, room)
        places = _places(mark, origin, around, label.size)
        cost = around.cost(places[0], places[1], label.size)
        at = int((cost + places[2]).argmin())
        if cost[at] < least or is_sign(mark):
            far = isinstance(mark, Text) and _is_name(mark) and at >= 2 * len(WAYS)
            left, top = places[:2, at].tolist()
            best, least = Spot(text, room, left - origin[0], top - origin[1], far), float(cost[at])
        if least < CLEAR:
            break
    if best is not None:
        label.write(best.text, best.room)
    return best


def _forms(mark: Words, label: Label, whole: float) -> Iterator[tuple[str, float]]:
    """What may be written, and in lines of what length: all in one, in more, or a short form."""
    yield mark.text, whole
    label.write(mark.text, whole)
    wide = label.size[0]
    if " " in mark.text and wide > LONG and not (isinstance(mark, Text) and _is_name(mark)):
        yield mark.text, BROKEN * wide
        if wide > 2 * LONG:
            yield mark.text, BROKEN**2 * wide
    if mark.short:
        yield mark.short, whole


def stand(label: Label, around: Ground, left: float, top: float) -> None:
    """Put a text at so many pixels, where others then see it."""
    label.put(left, top)
    around.taken.append(label.rect)


def is_sign(mark: Mark) -> bool:
    """Whether it is a text that is itself the mark of a point."""
    return isinstance(mark, Text) and len(mark.text.strip()) <= SIGN


def _is_name(mark: Text) -> bool:
    """Whether it is the name of a point."""
    return not (mark.key or is_sign(mark) or mark.anchor == (0.5, 0.5))


def _most(mark: Mark) -> float:
    """What a text may cost at most."""
    return CLEAR if isinstance(mark, Upright | Text) and mark.close else SOLID


def _origin(mark: Words, scales: Scales) -> Size:
    """Where the thing is that a text belongs to, in pixels."""
    match mark:
        case Upright():
            return float(scales.pixels(mark.x, 0.0)[0]), 0.0
        case Level():
            return 0.0, float(scales.pixels(0.0, scales.on_left(mark.y, mark.side))[1])
        case Text() if not mark.key:
            x, y = scales.pixels(mark.x, mark.y)
            return float(x), float(y)
    return 0.0, 0.0


def _places(mark: Words, origin: Size, around: Ground, size: Size) -> Places:
    x, y = origin
    match mark:
        case Upright():
            return _liked(_beside(mark, x, around.size, size))
        case Level():
            return _liked(_along(y, around.size, size))
        case Text():
            if mark.key:
                return _liked([*_corners(around.size, size), *_scattered(around.size, size)])
            if is_sign(mark):
                return _inside([(x - mark.anchor[0] * size[0], y - mark.anchor[1] * size[1])], around, size)
            if mark.anchor == (0.5, 0.5):
                found = _about(x, y, around, size)
                return _liked(found[::3]) if mark.close else _inside(found, around, size)
            return _named(x, y, mark.anchor, around, size)


def _liked(places: list[tuple[float, float]]) -> Places:
    """Places in the order in which they are liked."""
    return np.vstack([np.array(places).T, np.minimum(RELUCTANCE * np.arange(len(places)), LAST)])


def _named(x: float, y: float, anchor: tuple[float, float], around: Ground, size: Size) -> Places:
    """Close to a point on all sides of it, then a little further away; then wherever it is empty."""
    ways = sorted(WAYS, key=lambda way: abs(way[0] - anchor[0]) + abs(way[1] - anchor[1]))
    places = []
    for lines, away in GAPS:
        off = away + lines * size[1] + around.cell
        for across, down in ways:
            # Across a corner it is as far away as on a side.
            gap = off if 0.5 in (across, down) else 0.7 * off
            places.append(
                (x - across * size[0] + gap * (1 - 2 * across), y - down * size[1] + gap * (1 - 2 * down))
            )
    near, far = _liked(places), np.array(list(_scattered(around.size, size))).T
    distance = np.hypot(far[0] + size[0] / 2 - x, far[1] + size[1] / 2 - y)
    return np.hstack([near, np.vstack([far, near[2, -1] + AWAY * distance])])


def _about(x: float, y: float, around: Ground, size: Size) -> list[tuple[float, float]]:
    """A word about a region or the whole picture: in its middle, at any height; and there at both sides."""
    middle, top, step = x - size[0] / 2, y - size[1] / 2, size[1] / 2
    heights = [
        top,
        *(top + sign * k * step for k in range(1, int(around.size[1] / step)) for sign in (-1, 1)),
    ]
    return [(left, height) for height in heights for left in (middle, 0.0, around.size[0])]


def _inside(places: list[tuple[float, float]], around: Ground, size: Size) -> Places:
    """The same places, moved into the picture."""
    found = _liked(places)
    for i in (0, 1):
        np.clip(found[i], 0.0, max(0.0, around.size[i] - size[i]), out=found[i])
    return found


def _beside(mark: Upright, x: float, whole: Size, size: Size) -> list[tuple[float, float]]:
    """Left or right of an upright line, from its end on."""
    (width, height), (wide, tall) = whole, size
    sides = [x + AIR, x - AIR - wide]
    if mark.align == "left":
        sides.reverse()
    if mark.fixed:  # an arrow that points to the other side would lie
        if mark.align == "right":
            sides = [sides[0], *(left for left in ((x + width - wide) / 2, width - wide) if left > x)]
        else:
            sides = [sides[0], *(left for left in ((x - wide) / 2, 0.0) if left + wide < x)]
    tops = np.arange(0.0, max(height - tall, 0.0) + 0.5, tall / 2)
    if not mark.at_top:
        tops = height - tall - tops
    return [(side, top) for top in tops.tolist() for side in sides]


def _along(y: float, whole: Size, size: Size) -> list[tuple[float, float]]:
    """Above or below a level line, from its left end on; its right end comes second."""
    room = max(0.0, whole[0] - size[0])
    lefts = [0.0, room, *np.linspace(0.0, room, 14)[1:-1].tolist()]
    return list(product(lefts, (y - size[1] - AIR, y + AIR)))


def _corners(whole: Size, size: Size) -> list[tuple[float, float]]:
    """In the corners, one below or above another."""
    across, down = max(0.0, whole[0] - size[0]), max(0.0, whole[1] - size[1])
    corners = ((across, 0.0), (0.0, 0.0), (across, down), (0.0, down))
    return [(left, abs(top - k * size[1])) for left, top in corners for k in range(4)]


def _scattered(whole: Size, size: Size) -> Iterator[tuple[float, float]]:
    """All over the picture."""
    across, down = (max(0.0, length - own) for length, own in zip(whole, size, strict=True))
    return product(np.linspace(0.0, across, 9).tolist(), np.linspace(0.0, down, 9).tolist())
