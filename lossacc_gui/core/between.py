"""Filters that compare a number with one end of a range or with two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.wording import brief, shortened

Mask = NDArray[np.bool_]

COLUMNS = {
    "loss": "loss",
    "margin": "margin",
    "p_label": "p(label)",
    "confidence": "confidence",
    "total": "row sum",
}
"""The columns of RowStats that hold a number one can compare, and what they are called."""


@dataclass(frozen=True, slots=True)
class Between:
    """Rows whose number ``of`` a column of RowStats, or of a class as its cell is typed, lies from ``low`` to ``high``.

    Losses are in nats. The ends belong to it unless they are ``open``. What is undefined never lies between.
    """

    of: str | int
    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False
    by_row = False

    @property
    def by_class(self) -> bool:
        """See Filter."""
        return isinstance(self.of, int)

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        what = shortened(names[self.of]) if isinstance(self.of, int) else COLUMNS[self.of]
        unit = " nats" if self.of == "loss" else ""
        if self.low == self.high:
            return f"{what} = {brief(self.low)}{unit}"
        over, under = ">" if self.low_open else "≥", "<" if self.high_open else "≤"
        if self.high == inf:
            return f"{what} {over} {brief(self.low)}{unit}"
        if self.low == -inf:
            return f"{what} {under} {brief(self.high)}{unit}"
        left = "<" if self.low_open else "≤"
        return f"{brief(self.low)} {left} {what} {under} {brief(self.high)}{unit}"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        if isinstance(self.of, int):
            values = evaluation.predictions.probs[evaluation.epoch, :, self.of]
        else:
            values = getattr(evaluation.stats, self.of)
        above = values > self.low if self.low_open else values >= self.low
        below = values < self.high if self.high_open else values <= self.high
        found: Mask = above & below
        return found


@dataclass(frozen=True, slots=True)
class RowsBetween:
    """Rows by their numbers, from 1, both ends among them."""

    first: int
    last: int
    by_class = False
    by_row = True

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return f"row {self.first:,}" if self.first == self.last else f"rows {self.first:,}–{self.last:,}"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        found = np.zeros(len(evaluation.stats), bool)
        found[self.first - 1 : self.last] = True
        return found
