"""Rows at many temperatures at once: their mean loss, its slope and its curvature in b = 1/T.

Each piece of cells is read and its logarithms are taken once a pass, whatever the number of temperatures; and
where one b is twice another, its powers are the other's squared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import frexp, inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.evaluation import WORKERS, Evaluation
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.weights import row_weights

PIECE_CELLS = 262_144
"""Cells looked at together: they and the copies made of them stay in the cache."""

AT_ONCE = 8
"""So many pieces are given to the threads before their progress is told, and a stop is heard."""

DEEP = -1e150
"""What -∞ is taken to be: its exponential is 0, and its square is still a number."""

Reached = Callable[[float], None]
Indices = NDArray[np.intp]


class Unfit(Exception):
    """No temperature is defined; the text says why."""


@dataclass(frozen=True, eq=False, slots=True)
class Sums:
    """Sums over rows by their weights, which add up to ``mass``: loss, slope and curvature (3, m) at some b,
    and the loss alone (k,) at others."""

    mass: float
    moments: Floats
    losses: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """Some rows: ``z`` (C, n) minus each row's largest, the ``aim`` (n,) of each, and its weight (n,).

    The aim is the label's z or, with smoothed labels, the mean of z by what they give to each class.
    """

    z: Floats
    aim: Floats
    weight: Floats

    def sums(self, betas: Floats, more: Floats) -> Sums:
        """The moments at ``betas`` (m,), and the losses at ``more`` (k,)."""
        moments = np.array([self._moments(beta) for beta in betas.tolist()]).reshape(-1, 3).T
        return Sums(float(self.weight.sum()), moments, self._losses(more))

    def _moments(self, beta: float) -> list[float]:
        """Loss, slope and curvature at b = ``beta``; at infinity, of the limit."""
        share = self._share(beta)
        spread = share.sum(axis=0)
        share *= self.z
        mean = share.sum(axis=0) / spread
        share *= self.z
        square = share.sum(axis=0) / spread
        each = (self._loss(beta, spread), mean - self.aim, square - mean**2)
        return [float((self.weight * one).sum()) for one in each]

    def _losses(self, betas: Floats) -> Floats:
        found = np.empty(len(betas))
        for chain in chains(betas):
            at, share = 0.0, np.empty(0)
            for i in chain:
                beta = float(betas[i])
                if at and 2 * at == beta:
                    share *= share
                else:
                    share = self._share(beta)
                at = beta
                found[i] = float((self.weight * self._loss(beta, share.sum(axis=0))).sum())
        return found

    def _loss(self, beta: float, spread: Floats) -> Floats:
        """Each row's loss where its classes' shares sum to ``spread`` (n,)."""
        # No distance to the top of the row is none at infinity too.
        below = beta * self.aim if isfinite(beta) else np.where(self.aim == 0, 0.0, -inf)
        found: Floats = np.log(spread) - below
        return found

    def _share(self, beta: float) -> Floats:
        """What each class weighs (C, n); at b = 0 one of probability 0 keeps it: the limit, not the value."""
        if 0 < beta < inf:
            powers: Floats = self.z * beta
            return np.exp(powers, out=powers)
        kept = self.z == 0 if beta else self.z > DEEP
        return kept.astype(np.float64)


def chains(betas: Floats) -> list[list[int]]:
    """The indices of all b (m,), those that differ by doubling one after the other, rising."""
    found: dict[float, list[int]] = {}
    for i in np.argsort(betas, kind="stable").tolist():
        found.setdefault(frexp(float(betas[i]))[0], []).append(i)
    return list(found.values())


@dataclass(frozen=True, eq=False, slots=True)
class Heated:
    """The labelled rows of an evaluation whose weight is not 0, or those among ``rows``.

    Probabilities below ``floor`` are taken to be ``floor``. ``reached`` hears the finished share of each pass
    over the rows, in the calling thread, and may raise Stopped.
    """

    evaluation: Evaluation
    floor: float = 0.0
    rows: Indices | None = None
    reached: Reached = field(default=lambda _: None)

    @property
    def count(self) -> int:
        """How many rows there are to go through, labelled or not."""
        return self.evaluation.predictions.rows if self.rows is None else len(self.rows)

    def some(self, every: int) -> Heated:
        """One of so many rows."""
        rows = np.arange(0, self.count, every) if self.rows is None else self.rows[::every]
        return Heated(self.evaluation, self.floor, rows, self.reached)

    def moments(self, betas: Floats) -> Floats:
        """The mean loss in nats, its slope and its curvature (3, m) at these b (m,). Raises Unfit."""
        return self.look(betas, np.empty(0))[0]

    def losses(self, betas: Floats) -> Floats:
        """The mean loss in nats (m,) at these b (m,). Raises Unfit."""
        return self.look(np.empty(0), betas)[1]

    def look(self, betas: Floats, more: Floats) -> tuple[Floats, Floats]:
        """``moments`` at some b and ``losses`` at others, in one pass over the rows. Raises Unfit."""
        mass, moments, losses = 0.0, np.zeros((3, len(betas))), np.zeros(len(more))
        for piece in self._each(betas, more):
            mass += piece.mass
            moments += piece.moments
            losses += piece.losses
        if not mass:
            labels = self.evaluation.predictions.labels
            some = (labels if self.rows is None else labels[self.rows]) != NO_LABEL
            raise Unfit("every labelled row has the weight 0" if some.any() else "no row has a label")
        return moments / mass, losses / mass

    def _each(self, betas: Floats, more: Floats) -> Iterator[Sums]:
        """The sums of each piece of rows, in their order."""
        size = max(1, PIECE_CELLS // self.evaluation.predictions.classes)
        starts = range(0, self.count, size)

        def work(start: int) -> Sums | None:
            piece = self._piece(start, start + size)
            return None if piece is None else piece.sums(betas, more)

        with ThreadPoolExecutor(WORKERS) as pool:  # starts no thread before it is given work
            each = pool.map if len(starts) > 3 else map
            for first in range(0, len(starts), AT_ONCE):
                self.reached(first / len(starts))
                yield from filter(None, each(work, starts[first : first + AT_ONCE]))

    def _piece(self, start: int, end: int) -> Piece | None:
        """The rows of a stretch that count; None where there are none. Raises Unfit."""
        predictions, convention = self.evaluation.predictions, self.evaluation.convention
        rows: Any = np.arange(start, min(end, self.count)) if self.rows is None else self.rows[start:end]
        rows = rows[predictions.labels[rows] != NO_LABEL]
        weight = row_weights(predictions, convention, rows)
        if weight is None:
            weight = np.ones(len(rows))
        rows, weight = rows[weight != 0], weight[weight != 0]
        if not len(rows):
            return None
        label = predictions.labels[rows]
        z: Any = np.ascontiguousarray(predictions.probs[self.evaluation.epoch][rows].T, np.float64)
        self._check(z, label, rows)
        if convention.rows is not Rows.LOGITS:
            with np.errstate(divide="ignore"):
                if self.floor:
                    np.maximum(z, self.floor, out=z)
                np.log(z, out=z)
        z -= z.max(axis=0)
        np.maximum(z, DEEP, out=z)
        aim = z[label, np.arange(len(label))]
        if part := convention.smoothing:
            aim = (1 - part) * aim + part * z.mean(axis=0)
        return Piece(z, aim, weight)

    def _check(self, cells: Floats, label: NDArray[np.int32], rows: Indices) -> None:
        """Raise Unfit when the loss of some row (its cells a column of ``cells``) is undefined or infinite."""
        convention = self.evaluation.convention
        logits = convention.rows is Rows.LOGITS
        mine, low, high = cells[label, np.arange(len(label))], cells.min(axis=0), cells.max(axis=0)
        needed = low if convention.smoothing else mine
        with np.errstate(invalid="ignore"):
            broken = ~(high < inf) | (~(needed > -inf) if logits else ~(low >= 0))
            zero = (needed <= 0) & (not logits and self.floor <= 0)
        whose = "a class" if convention.smoothing else "its label"
        for bad, what in ((broken, "is not finite or is negative"), (zero, f"gives {whose} probability 0")):
            if bad.any():
                row = int(rows[np.flatnonzero(bad)[0]]) + 1
                raise Unfit(f"row {row} {'is not finite' if logits else what}")
