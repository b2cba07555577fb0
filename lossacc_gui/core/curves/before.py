"""The baseline's rows beside the present ones: what the curves draw of them in grey, and say of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.curves.axes import per_nat
from lossacc_gui.core.curves.curve import Role, Text, key
from lossacc_gui.core.curves.listed import Indices
from lossacc_gui.core.pinned import NEW, PinnedRows
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import number


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, eq=False, slots=True)
class Before:
    """The baseline's labelled rows, (n,) each, read by the present rule; or the ``reason`` why they are not.

    With a filter, those that are listed now. ``at`` are their indices in the baseline, ``row`` the present
    rows they are, or NEW; ``loss`` is in the shown unit; ``confidence``, ``margin`` and ``score`` (of two
    classes) are NaN where nobody kept them.
    """

    reason: str = ""
    at: Indices = field(default_factory=lambda: np.empty(0, np.intp))
    row: Indices = field(default_factory=lambda: np.empty(0, np.intp))
    label: Labels = field(default_factory=lambda: np.empty(0, np.int32))
    right: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    loss: Floats = field(default_factory=_none)
    confidence: Floats = field(default_factory=_none)
    margin: Floats = field(default_factory=_none)
    score: Floats = field(default_factory=_none)

    def __len__(self) -> int:
        return len(self.at)

    @property
    def accuracy(self) -> float:
        """The share of these rows that were right; NaN of none."""
        return float(self.right.mean()) if len(self) else float("nan")


def before(scene: Scene) -> Before | None:
    """The baseline's rows; None where none is pinned. Cost: all rows."""
    if scene.baseline is None:
        return None
    pinned = scene.baseline.rows
    read = None if pinned is None else pinned.read_as(scene.baseline.convention, scene.convention)
    if pinned is None or read is None:
        return Before(
            "its rows were not kept"
            if pinned is None
            else "it was pinned under another convention, and it has too many cells for them to be kept"
        )
    total = len(scene.evaluation.stats)
    places = pinned.matched(total)
    if places is None and scene.shown is not None:
        return Before("nobody knows which of its rows are listed")
    scene.reached()
    row = np.full(len(pinned), NEW)
    if places is not None:
        there = np.flatnonzero(places != NEW)
        row[places[there]] = there
    chosen = (read.flags & np.uint8(Flag.COUNTED)) != 0
    if scene.shown is not None:
        listed = np.zeros(total + 1, bool)  # the last for those that are no more
        listed[scene.shown] = True
        chosen &= listed[row]
    scene.reached()
    at = np.flatnonzero(chosen)
    if not len(at):
        return Before(
            "none of its rows with a label is listed" if scene.shown is not None else "none had a label"
        )
    return _of(scene, read, at, row[at])


def _of(scene: Scene, read: PinnedRows, at: Indices, row: Indices) -> Before:
    """The rows at these places of the baseline; looked after between their columns, for there may be millions."""
    right = (read.flags[at] & np.uint8(Flag.HIT)) != 0
    shown = []
    for one in (read.confidence, read.margin, read.score):
        scene.reached()
        shown.append(np.full(len(at), np.nan) if one is None else one[at].astype(np.float64))
    scene.reached()
    return Before("", at, row, read.labels[at], right, read.loss[at] * per_nat(scene.convention), *shown)


def compared(reading: str, then: Before | None, said: str) -> str:
    """A reading, and after it what was so at the baseline."""
    if then is None:
        return reading
    return (
        f"{reading} {said}".rstrip()
        if not then.reason
        else f"{reading} The baseline is not drawn: {then.reason}."
    )


def since(was: float | None, now: float) -> str:
    """A number at the baseline and now: "0.4321, now 0.3210"."""
    return f"{number(was)}, as now," if was == now else f"{number(was)}, now {number(now)},"


def named(sign: str) -> Text:
    """What grey lines "┄" or grey points "•" are."""
    return key(f"{sign} baseline", Role.BASELINE)
