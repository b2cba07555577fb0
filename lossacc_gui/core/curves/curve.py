"""What a curve is: data that one widget draws, with no notion of pixels, colours or windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.filtering import Filter
from lossacc_gui.core.scene import Scene, Sets

Points = NDArray[np.floating[Any]]


class Role(StrEnum):
    """What something stands for; the theme gives each its colour."""

    LOSS = "loss"
    ACCURACY = "accuracy"
    RIGHT = "right"
    WRONG = "wrong"
    PLAIN = "plain"
    FAINT = "faint"
    REACHABLE = "reachable"
    BASELINE = "baseline"
    HERE = "here"
    """Where the predictions are now."""
    NOW = "now"
    """What is chosen: the current row, the current class."""


class Side(StrEnum):
    """The axis a mark is read on."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis with what it says, its unit in the text, and its range.

    ``ticks`` are given where numbers would not say it: (position, text). ``log`` says that positions are
    the decimal logarithms of what they stand for; such an axis has ticks.
    """

    text: str
    low: float
    high: float
    role: Role = Role.PLAIN
    ticks: tuple[tuple[float, str], ...] | None = None
    log: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """A line through points; NaN breaks it. ``dots`` also marks the points.

    ``reads`` is what its height is called where the pointer reads it off; empty where it is not read. ``lifted``
    gives it a rim in the colour of the ground, so that it is seen on bars.
    """

    x: Points
    y: Points
    role: Role
    side: Side = Side.LEFT
    dots: bool = False
    dashed: bool = False
    width: float = 2.0
    reads: str = ""
    lifted: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Dots:
    """Points of one role; ``size`` in pixels. ``ring`` draws a ring around each, to lift it from a line."""

    x: Points
    y: Points
    role: Role
    side: Side = Side.LEFT
    size: float = 7.0
    ring: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Bars:
    """Upright bars from 0: centres ``x``, ``heights``, one ``width``; ``base`` lifts their feet (n,)."""

    x: Points
    heights: Points
    width: float
    role: Role
    base: Points | None = None
    side: Side = Side.LEFT


@dataclass(frozen=True, eq=False, slots=True)
class Bands:
    """Thick horizontal strips: from ``low`` to ``high`` at ``y``, ``thickness`` in pixels."""

    y: Points
    low: Points
    high: Points
    thickness: float
    role: Role = Role.REACHABLE


@dataclass(frozen=True, eq=False, slots=True)
class Area:
    """A filled region between two outlines over the same ``x``."""

    x: Points
    low: Points
    high: Points
    role: Role = Role.REACHABLE


@dataclass(frozen=True, slots=True)
class Upright:
    """A vertical line across the plot, with a text at its top or at its foot.

    ``align`` says on which side of the line the text stands, "left" or "right", where there is room;
    ``fixed`` says that it can only stand there. ``close`` says that the text is left out where it would cover
    a line, or cross another upright one and seem to be that one's. ``short`` is written where there is no room.
    """

    x: float
    text: str = ""
    role: Role = Role.PLAIN
    dashed: bool = True
    at_top: bool = True
    align: str = "right"
    fixed: bool = False
    close: bool = False
    short: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line across the plot with a text on it."""

    y: float
    text: str = ""
    role: Role = Role.PLAIN
    side: Side = Side.LEFT
    dashed: bool = True
    short: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text at a point of the plot. ``anchor`` is the part of the text at the point: (0..1, 0..1)
    from its left and its top; one anchored in its middle may slip up or down. ``key`` says that the text
    explains a sign or a colour by itself, as "• labelled cat" does, and may stand anywhere. ``close`` says that it
    may only slip up and down, and is left out where it would cover a line.
    """

    x: float
    y: float
    text: str
    role: Role = Role.PLAIN
    anchor: tuple[float, float] = (0.5, 0.5)
    key: bool = False
    close: bool = False
    short: str = ""


Mark = Line | Dots | Bars | Bands | Area | Upright | Level | Text


@dataclass(frozen=True, slots=True)
class Handle:
    """A vertical line the user drags along x between ``low`` and ``high``; it stands at ``x``.

    ``name`` stands beside it, in front of its value. ``log`` as for an axis.
    """

    x: float
    low: float
    high: float
    name: str
    sets: Sets = Sets.CELL
    log: bool = False

    def value(self, x: float) -> float:
        """What the handle sets when it stands at x."""
        return float(f"{10.0**x:.12g}") if self.log else x

    def place(self, value: float) -> float:
        """Where it stands for a value: inside its range."""
        return min(max(log10(value) if self.log else value, self.low), self.high)


@dataclass(frozen=True, slots=True)
class Pick:
    """What a click at or near (x, y) means: go to a row, and to a class of it, or to a step of the history,
    where -1 is none; show only the rows of a filter; or ``build`` a matrix with this cross-entropy, as shown,
    and so many rows right."""

    x: float
    y: float
    row: int = -1
    step: int = -1
    filter: Filter | None = None
    says: str = ""
    column: int = -1
    build: tuple[float, int] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """One picture: axes, marks from back to front, what can be dragged and clicked.

    ``reading`` is the one sentence that says what is to be seen, for screen readers and for the hint
    under the pointer. ``empty`` says what to do next where there is nothing to draw. Marks number a
    dozen at most and hold at most about 1,000 points each. ``nearest_x`` says that a click means the
    pick nearest in x, as with bars, and not the nearest point. ``aim`` says what a click at any (x, y) means
    that is near no pick. ``tell`` gives the words of a pick where there are too many for each to bring its own.
    ``lane`` is the tick that names what is chosen, if one does.
    """

    x: Axis
    left: Axis
    right: Axis | None = None
    marks: tuple[Mark, ...] = ()
    handle: Handle | None = None
    picks: tuple[Pick, ...] = ()
    nearest_x: bool = False
    aim: Callable[[float, float], Pick | None] | None = None
    tell: Callable[[Pick], str] | None = None
    hint: str = ""
    reading: str = ""
    empty: str = ""
    lane: str = ""

    def unchosen(self) -> Drawn:
        """The same without what is only chosen in the window: what a report shows."""
        left = self.left
        if self.lane and left.ticks is not None:
            left = replace(left, ticks=tuple(tick for tick in left.ticks if tick[1] != self.lane))
        marks = tuple(mark for mark in self.marks if mark.role is not Role.NOW)
        return replace(self, left=left, marks=marks)


def words(drawn: Drawn, pick: Pick) -> str:
    """What is said of a pick of this picture."""
    return pick.says if drawn.tell is None else drawn.tell(pick)


def key(text: str, role: Role, short: str = "") -> Text:
    """A text that explains the sign it begins with, in that sign's colour."""
    return Text(0.0, 0.0, text, role, key=True, short=short)


def nothing(text: str) -> Drawn:
    """A picture that only says what to do next."""
    return Drawn(Axis("", 0.0, 1.0), Axis("", 0.0, 1.0), empty=text, reading=text)


@dataclass(frozen=True, slots=True)
class Curve:
    """A view: ``draw`` makes its picture from a scene.

    ``hint`` says how to use it by hand. ``heavy`` tells, from the scene, whether drawing takes longer
    than a frame and belongs into a job. ``follows_focus`` says that the picture changes when only the
    current cell or the edit rule does. ``switch`` names a part of the picture that can be left out
    (``Scene.switched``); empty where there is none.
    """

    key: str
    title: str
    hint: str
    draw: Callable[[Scene], Drawn]
    heavy: Callable[[Scene], bool] = field(default=lambda _: False)
    follows_focus: bool = False
    switch: str = ""
