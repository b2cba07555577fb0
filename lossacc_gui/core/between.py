"""Filters that compare a number with one end of a range or with two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol

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


class _Range(Protocol):
    """From ``low`` to ``high``. The ends belong to it unless they are ``open``."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def low_open(self) -> bool: ...
    @property
    def high_open(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Between:
    """Rows whose number in a column of RowStats lies from ``low`` to ``high``, in nats for losses.

    The ends belong to it unless they are ``open``. What is undefined never lies between.
    """

    column: str
    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False
    by_class = False
    by_row = False

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return _said(self, COLUMNS[self.column], " nats" if self.column == "loss" else "")

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return _holds(self, getattr(evaluation.stats, self.column))


@dataclass(frozen=True, slots=True)
class CellBetween:
    """Rows whose cell of this class, as it is typed, lies from ``low`` to ``high``; see Between."""

    column: int
    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False
    by_class = True
    by_row = False

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return _said(self, shortened(names[self.column]))

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return _holds(self, evaluation.predictions.probs[evaluation.epoch, :, self.column])


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


def _said(of: _Range, what: str, unit: str = "") -> str:
    if of.low == of.high:
        return f"{what} = {brief(of.low)}{unit}"
    over, under = ">" if of.low_open else "≥", "<" if of.high_open else "≤"
    if of.high == inf:
        return f"{what} {over} {brief(of.low)}{unit}"
    if of.low == -inf:
        return f"{what} {under} {brief(of.high)}{unit}"
    left = "<" if of.low_open else "≤"
    return f"{brief(of.low)} {left} {what} {under} {brief(of.high)}{unit}"


def _holds(of: _Range, values: NDArray[np.floating]) -> Mask:
    above = values > of.low if of.low_open else values >= of.low
    below = values < of.high if of.high_open else values <= of.high
    found: Mask = above & below
    return found
