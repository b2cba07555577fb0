"""Rows at many temperatures at once: their mean loss, its slope and its curvature in b = 1/T.

Each block of cells is read and its logarithms are taken once, whatever the number of temperatures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.weights import row_weights

BLOCK_CELLS = 131_072
"""Cells looked at together: they and the copies made of them stay in the cache."""

DEEP = -1e150
"""What -∞ is taken to be: its exponential is 0, and its square is still a number."""

Reached = Callable[[float], None]


class Unfit(Exception):
    """No temperature is defined; the text says why."""


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """Some rows: ``z`` (C, n) minus each row's largest, the ``aim`` (n,) of each, and its weight (n,).

    The aim is the label's z or, with smoothed labels, the mean of z by what they give to each class.
    """

    z: Floats
    aim: Floats
    weight: Floats

    def moments(self, beta: float) -> Floats:
        """The weighted sums (3,) of loss, slope and curvature at b = ``beta``; at infinity, of the limit."""
        share = self._share(beta)
        spread = share.sum(axis=0)
        share *= self.z
        mean = share.sum(axis=0) / spread
        share *= self.z
        square = share.sum(axis=0) / spread
        loss = np.log(spread) - _times(beta, self.aim)
        each = (loss, mean - self.aim, square - mean**2)
        return np.array([float((self.weight * one).sum()) for one in each])

    def _share(self, beta: float) -> Floats:
        """What each class weighs (C, n); at b = 0 one of probability 0 keeps it: the limit, not the value."""
        if 0 < beta < inf:
            powers: Floats = np.exp(beta * self.z)
            return powers
        kept = self.z == 0 if beta else self.z > DEEP
        return kept.astype(np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Heated:
    """The labelled rows of an evaluation whose weight is not 0, or those among ``rows``.

    Probabilities below ``floor`` are taken to be ``floor``. ``reached`` hears the finished share of each pass
    over the rows, and may raise Stopped.
    """

    evaluation: Evaluation
    floor: float = 0.0
    rows: NDArray[np.intp] | None = None
    reached: Reached = field(default=lambda _: None)

    def moments(self, betas: Floats) -> Floats:
        """The mean loss in nats, its slope and its curvature (3, m) at these b (m,). Raises Unfit."""
        sums, mass = np.zeros((3, len(betas))), 0.0
        for block in self._blocks():
            mass += float(block.weight.sum())
            for at, beta in enumerate(betas.tolist()):
                sums[:, at] += block.moments(beta)
        if not mass:
            labels = self.evaluation.predictions.labels
            some = (labels if self.rows is None else labels[self.rows]) != NO_LABEL
            raise Unfit("every labelled row has the weight 0" if some.any() else "no row has a label")
        found: Floats = sums / mass
        return found

    def _blocks(self) -> Iterator[Block]:
        predictions = self.evaluation.predictions
        total = predictions.rows if self.rows is None else len(self.rows)
        size = max(1, BLOCK_CELLS // predictions.classes)
        for start in range(0, total, size):
            self.reached(start / total)
            end = min(start + size, total)
            rows = np.arange(start, end) if self.rows is None else self.rows[start:end]
            rows = rows[predictions.labels[rows] != NO_LABEL]
            weight = row_weights(predictions, self.evaluation.convention, rows)
            if weight is None:
                weight = np.ones(len(rows))
            if weight.any():
                yield self._block(rows[weight != 0], weight[weight != 0])

    def _block(self, rows: NDArray[np.intp], weight: Floats) -> Block:
        predictions, convention = self.evaluation.predictions, self.evaluation.convention
        label = predictions.labels[rows]
        z: Any = np.ascontiguousarray(predictions.probs[self.evaluation.epoch][rows].T, np.float64)
        self._check(z, label, rows)
        if convention.rows is not Rows.LOGITS:
            with np.errstate(divide="ignore"):
                z = np.log(np.maximum(z, self.floor) if self.floor else z)
        z -= z.max(axis=0)
        np.maximum(z, DEEP, out=z)
        aim = z[label, np.arange(len(label))]
        if part := convention.smoothing:
            aim = (1 - part) * aim + part * z.mean(axis=0)
        return Block(z, aim, weight)

    def _check(self, cells: Floats, label: NDArray[np.int32], rows: NDArray[np.intp]) -> None:
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


def _times(beta: float, aim: Floats) -> Floats:
    """``beta`` times the distance to the top of the row; no distance is none at infinity too."""
    return beta * aim if isfinite(beta) else np.where(aim == 0, 0.0, -inf)
