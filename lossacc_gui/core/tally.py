"""A set of rows as exact sums and counts that add and subtract."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields

import numpy as np

from lossacc_gui.core.rows import Flag, Floats, RowStats

UNIT_BITS = 1074
"""Losses are summed as integers in units of 2**-1074, the smallest positive float64."""

SUM_BLOCK = 32_768
"""Rows summed at a time: exact below 2**26, and four times faster in blocks that fit the cache."""


HAS_FLAG = np.array([[combination & flag != 0 for flag in Flag] for combination in range(256)], np.intp)
"""Which of the 256 combinations of flags hold which flag."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Exact sums and counts over a set of rows.

    ``loss`` is the sum of the finite losses, in nats, times 2**1074; infinite and NaN losses are
    counted apart. ``rows`` counts labelled rows only. Integers do not round, so the tally of a whole
    equals the sum of the tallies of its parts with ``==``, in any order and after any edits.
    """

    rows: int = 0
    unlabelled: int = 0
    loss: int = 0
    loss_inf: int = 0
    loss_minus_inf: int = 0
    loss_nan: int = 0
    hits: int = 0
    hits_any: int = 0
    hits_unique: int = 0
    can_be_right: int = 0
    must_be_right: int = 0
    sum_off: int = 0
    outside: int = 0

    @classmethod
    def of(cls, stats: RowStats) -> Tally:
        """The tally of these rows."""
        counted = stats.has(Flag.COUNTED)
        rows = int(np.count_nonzero(counted))
        losses = stats.loss if rows == len(stats) else stats.loss[counted]
        finite = np.isfinite(losses)
        odd = losses[~finite]
        with_flag = (np.bincount(stats.flags, minlength=256) @ HAS_FLAG).tolist()
        return cls(
            rows=rows,
            unlabelled=len(stats) - rows,
            loss=exact_sum(losses if not odd.size else losses[finite]),
            loss_inf=int(np.count_nonzero(odd == np.inf)),
            loss_minus_inf=int(np.count_nonzero(odd == -np.inf)),
            loss_nan=int(np.count_nonzero(np.isnan(odd))),
            hits=with_flag[1],
            hits_any=with_flag[2],
            hits_unique=with_flag[3],
            can_be_right=with_flag[4],
            must_be_right=with_flag[5],
            sum_off=with_flag[6],
            outside=with_flag[7],
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(*map(operator.add, _values(self), _values(other)))

    def __sub__(self, other: Tally) -> Tally:
        return Tally(*map(operator.sub, _values(self), _values(other)))

    @property
    def loss_defined(self) -> bool:
        """Whether the losses have a sum at all, finite or infinite."""
        return self.rows > 0 and not self.loss_nan and not (self.loss_inf and self.loss_minus_inf)

    @property
    def loss_sum(self) -> float:
        """The sum of the losses in nats, correctly rounded; NaN where there is none."""
        return self._total(1)

    @property
    def loss_mean(self) -> float:
        """The mean loss in nats, correctly rounded; NaN where there is none."""
        return self._total(self.rows)

    def _total(self, divisor: int) -> float:
        if not self.loss_defined:
            return float("nan")
        if self.loss_inf or self.loss_minus_inf:
            return float("inf") if self.loss_inf else float("-inf")
        return exact_ratio(self.loss, divisor)


_values = operator.attrgetter(*(field.name for field in fields(Tally)))


def exact_ratio(total: int, divisor: int = 1) -> float:
    """An exact sum divided by a whole number, rounded once; infinite when it overflows."""
    try:
        return total / (divisor << UNIT_BITS)
    except OverflowError:
        return float("inf") if total > 0 else float("-inf")


def exact_sum(values: Floats) -> int:
    """The sum of finite float64 numbers, shape (n,), as an exact integer times 2**-1074."""
    if len(values) <= 8:
        return sum(map(_exact, values.tolist()))
    blocks = range(0, len(values), SUM_BLOCK)
    return sum(_exact_block(values[start : start + SUM_BLOCK]) for start in blocks)


def _exact(value: float) -> int:
    numerator, denominator = value.as_integer_ratio()
    return numerator << (UNIT_BITS + 1 - denominator.bit_length())


def _exact_block(values: Floats) -> int:
    """Each 53-bit mantissa is split in two halves, so that binning them by exponent never rounds."""
    fraction, exponent = np.frexp(values)
    mantissa = np.ldexp(fraction, 53).astype(np.int64)
    lowest = int(exponent.min())
    bins = exponent - lowest
    high = np.bincount(bins, weights=mantissa >> 26)
    low = np.bincount(bins, weights=mantissa & 0x3FFFFFF)
    total = 0
    for i in np.flatnonzero((high != 0) | (low != 0)).tolist():
        part = (int(high[i]) << 26) + int(low[i])
        shift = i + lowest - 53 + UNIT_BITS
        total += part << shift if shift >= 0 else part >> -shift  # subnormals end in zeros: exact
    return total
