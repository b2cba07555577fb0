"""One cell going through its range under the edit rule: the rows on the way, and where the argmax flips.

Along the sweep every cell is an affine function of the swept one in mass space: the cells themselves
where rows are probabilities, and shares of exp(logsumexp) where they are logits and others give way.
Those that give way keep their proportions, so only the largest of them can ever win: at most three
straight lines (swept, held, largest of the rest) make the upper envelope, and flips need no search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, inf, isfinite, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import DTYPE_EPS, Convention, Rows
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Floats, row_scores
from lossacc_gui.core.rules import Rule, move, span
from lossacc_gui.core.scene import Scene

LOGIT_ROOM = 6.0
"""How far beyond the other logits a logit is swept."""

LOGIT_DEPTH = 8.0
"""How far below the row's kept logsumexp a logit is swept: down to a share of e**-8."""

LOGIT_STOP = 1e-4
"""How far below that end the sweep stops: at the end itself the others would be -∞ for good."""

INNER = 0.02
"""Losses that are infinite at an end are drawn up to what they are this share of the range inside."""

WAY = 64
"""At so many places the lowest loss on the way is looked for."""

FAR = 3.0
"""So many nats above that a finite end is left out as well."""


Ends = tuple[float, float]
"""From where to where something goes."""


@dataclass(frozen=True, slots=True)
class Flip:
    """Where the prediction changes along a sweep: ``before`` it one class, ``after`` it another.

    ``there``, at that very value, cells tie and the first counts: one of the two, or a third.
    """

    at: float
    before: int
    after: int
    there: int


@dataclass(frozen=True, eq=False, slots=True)
class Sweep:
    """One cell's way. ``start`` (C,) is the row from which the rest is scaled, ``value`` the cell now.

    ``total`` is the rule's kept amount that the cell shares with those that give way: a sum of
    probabilities or a logsumexp. ``low`` to ``high`` is the range that is drawn and can be dragged.
    ``dtype`` is what the cells are kept in, which can make a tie of two that nearly do.
    """

    start: Floats
    label: int
    column: int
    rule: Rule
    convention: Convention
    total: float
    low: float
    high: float
    value: float
    dtype: np.dtype[Any]

    @classmethod
    def of(cls, scene: Scene) -> Sweep:
        """The sweep of the current cell. Raises Refusal when the rule cannot hold for it."""
        cells = scene.predictions.probs[scene.evaluation.epoch, scene.row]
        start = cells.astype(np.float64) if scene.origin is None else scene.origin
        label = int(scene.predictions.labels[scene.row])
        # The block is float64 whatever the file is; the clip stays that of the file's own dtype.
        convention = scene.convention
        if convention.clip == DTYPE_EPS:
            convention = replace(convention, clip=convention.eps(cells.dtype))
        _, total = span(start, label, scene.column, scene.rule, convention)
        low, high = _range(start, scene.column, scene.rule, convention.rows is Rows.LOGITS, total)
        if not low < high:
            raise Refusal(
                f"class {scene.column + 1}",
                "this cell and those that would give way are all 0",
                "choose “only this cell”",
            )
        value = float(cells[scene.column])
        return cls(start, label, scene.column, scene.rule, convention, total, low, high, value, cells.dtype)

    @property
    def shares_exp(self) -> bool:
        """Whether masses are shares of exponentials, and not the cells themselves."""
        return self.convention.rows is Rows.LOGITS and self.rule is not Rule.ONLY

    @property
    def rest(self) -> NDArray[np.bool_]:
        """Which cells give way, shape (C,); none under "only this cell"."""
        rest = np.full(len(self.start), self.rule is not Rule.ONLY)
        rest[self.column] = False
        if self.rule is Rule.HOLD:
            rest[self.label] = False
        return rest

    def grid(self, count: int) -> Floats:
        """Places along the range, closer together at its ends, where losses bend most."""
        turn = np.linspace(0.0, np.pi, count)
        places: Floats = self.low + (self.high - self.low) * ((1 - np.cos(turn)) / 2)
        places[-1] = self.high
        return places

    def cells(self, values: Floats) -> Floats:
        """The row at each of the values (T,), shape (T, C)."""
        block = np.repeat(self.start[np.newaxis], len(values), axis=0)
        block[:, self.column] = values
        rest = self.rest
        if not rest.any():
            return block
        others = self.start[rest]
        if self.shares_exp:
            with np.errstate(divide="ignore"):
                left = self.total + np.log1p(-np.exp(values - self.total))
            block[:, rest] = others - _logsumexp(others) + left[:, np.newaxis]
        else:
            left = np.maximum(0.0, self.total - values)
            block[:, rest] = _shares(others) * left[:, np.newaxis]
        return block

    def losses(self, values: Floats) -> Floats:
        """The row's loss in nats at each of the values; NaN without a label."""
        labels = np.full(len(values), self.label, np.int32)
        return row_scores(self.cells(values), labels, self.convention).loss

    def loss_range(self) -> tuple[float, float]:
        """Between what the row's loss moves in nats, leaving out an infinite end. NaN when it has none.

        A row's loss is monotone along a sweep, so its ends say it all; a smoothed one is looked at on the way.
        """
        inset = INNER * (self.high - self.low)
        ends = self.losses(np.array([self.low, self.low + inset, self.high - inset, self.high]))
        # A clip makes the end finite and far away: the picture is the same as without it.
        inner = ends[1:3][np.isfinite(ends[1:3])]
        ends = ends[np.isfinite(ends) & (ends <= inner.max(initial=-np.inf) + FAR)]
        if self.convention.smoothing and len(ends):
            way = self.losses(self.grid(WAY))
            ends = np.append(ends, way[np.isfinite(way)].min(initial=np.inf))
        return (float(ends.min()), float(ends.max())) if len(ends) else (np.nan, np.nan)

    def winner(self, value: float) -> int:
        """The prediction once the cell is edited to exactly this value."""
        cells = move(self.start, self.label, self.column, value, self.rule, self.convention)
        with np.errstate(over="ignore"):
            kept = cells.astype(self.dtype)[np.newaxis]
        return int(row_scores(kept, np.array([self.label], np.int32), self.convention).prediction[0])

    def winners(self) -> tuple[int, tuple[Flip, ...]]:
        """The prediction beyond the low end, and every place inside the range where it changes.

        At an end itself cells may tie: ask ``winner``.
        """
        others = np.delete(self.start, self.column)
        if np.isnan(others).any():  # NaN counts as maximal
            return int(np.isnan(self.start).argmax()), ()
        lines = self._lines()
        low, high = self._mass(self.low), self._mass(self.high)
        crossings = {
            (b[0] - a[0]) / (a[1] - b[1])
            for i, a in enumerate(lines)
            for b in lines[:i]
            if a[1] != b[1] and isfinite(a[0]) and isfinite(b[0])
        }
        inside = sorted(u for u in crossings if low < u < high)
        edges = [low, *inside, high]
        won = [_winner(lines, (a + b) / 2) for a, b in pairwise(edges)]
        flips: list[Flip] = []
        for u, (before, after) in zip(inside, pairwise(won), strict=True):
            if before == after:
                continue
            at = self._round(self._value(u))
            if flips and at <= flips[-1].at:  # but for rounding they are one
                flips[-1] = replace(flips[-1], after=after)
            else:
                flips.append(Flip(at, before, after, self.winner(at)))
        return won[0], tuple(flips)

    def _round(self, value: float) -> float:
        """The number that a crossing means: a cell of the row, or one a person would type, but for rounding."""
        kind = np.finfo(np.float32 if self.convention.single and self.dtype.itemsize > 4 else self.dtype)
        near = 2 * float(kind.eps) * max(1.0, abs(value))
        short = float(f"{value:.{max(int(kind.precision) - 3, 2)}g}")
        meant = min(self.start.tolist(), key=lambda cell: abs(cell - value))
        found = next((number for number in (meant, short) if abs(number - value) <= near), value)
        return found if self.low < found < self.high else value

    def _lines(self) -> list[tuple[float, float, int]]:
        """(mass at 0, mass per mass of the swept cell, class) of every cell that can win."""
        swept = (0.0, 1.0, self.column)
        if self.rule is Rule.ONLY:
            best = _first_largest(self.start, np.arange(len(self.start)) != self.column)
            return [swept, (float(self.start[best]), 0.0, best)]
        best = _first_largest(self.start, self.rest)
        others = self.start[self.rest]
        if self.shares_exp:
            all_of_it, share = 1.0, exp(float(self.start[best]) - _logsumexp(others))
        else:
            all_of_it, share = self.total, float(_shares(others).max())
        lines = [swept, (share * all_of_it, -share, best)]
        if self.rule is Rule.HOLD:
            lines.append((self._mass(float(self.start[self.label])), 0.0, self.label))
        return lines

    def _mass(self, value: float) -> float:
        if not self.shares_exp:
            return value
        return exp(value - self.total) if value - self.total < 700 else inf

    def _value(self, mass: float) -> float:
        return self.total + log(mass) if self.shares_exp else mass


def _range(start: Floats, column: int, rule: Rule, logits: bool, total: float) -> tuple[float, float]:
    """The range that is drawn; of the row's content it uses only what a drag leaves as it is."""
    here = float(start[column])
    if rule is not Rule.ONLY:
        return (min(total - LOGIT_DEPTH, here - 1), total - LOGIT_STOP) if logits else (0.0, total)
    others = np.delete(start, column)
    others = others[np.isfinite(others)] if logits else np.array([0.0, 1.0])
    room = LOGIT_ROOM if logits else 0.0
    low, high = (float(others.min()), float(others.max())) if len(others) else (0.0, 0.0)
    inside = here if isfinite(here) else low
    return min(low - room, inside), max(high + room, inside)


def _winner(lines: list[tuple[float, float, int]], mass: float) -> int:
    """The class with the largest mass; of several, the first."""
    return min(((-(start + slope * mass), index) for start, slope, index in lines))[1]


def _first_largest(cells: Floats, among: NDArray[np.bool_]) -> int:
    return int(np.where(among, cells, -np.inf).argmax()) if among.any() else NO_LABEL


def _shares(others: Floats) -> Floats:
    """What part of the rest each of the others takes; equal parts when they are all 0."""
    total = float(others.sum())
    return others / total if total > 0 else np.full(len(others), 1 / len(others))


def _logsumexp(values: Floats) -> float:
    top = float(values.max())
    return top + log(float(np.exp(values - top).sum()))
