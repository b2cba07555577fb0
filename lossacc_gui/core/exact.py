"""Sums of float64 numbers that do not round, and counts, as values that add, subtract and compare.

A float64 is a whole number times a power of two, so a sum of them is one whole number: of UNIT_BITS binary
places. Whole numbers do not mind the order in which they are added, nor being taken away again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNIT_BITS = 1074
"""Numbers are summed as integers in units of 2**-1074, the smallest positive float64."""

SUM_BLOCK = 32_768
"""Numbers summed at a time: exact below 2**23, and several times faster in blocks that fit the cache."""

FEW = 8
"""So few are summed one by one, which is faster than asking numpy."""


class Sums(dict[int, int]):
    """An exact sum for each of some groups; a group that is missing has the sum 0, and none is kept."""

    def __add__(self, other: Sums) -> Sums:
        return self._with(other, 1)

    def __sub__(self, other: Sums) -> Sums:
        return self._with(other, -1)

    def _with(self, other: Sums, sign: int) -> Sums:
        made = Sums(self)
        for group, value in other.items():
            total = made.get(group, 0) + sign * value
            if total:
                made[group] = total
            else:
                made.pop(group, None)
        return made

    @classmethod
    def of(cls, values: Floats, groups: NDArray[np.integer[Any]]) -> Sums:
        """The sum of the finite ``values`` (n,) of each group; ``groups`` (n,) are numbers from 0."""
        made: dict[int, int] = {}
        for group, part in _parts(values, groups):
            made[group] = made.get(group, 0) + part
        return cls({group: total for group, total in made.items() if total})


def _nothing() -> NDArray[np.int64]:
    return np.zeros((0, 0), np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class Counts:
    """Whole numbers that are counted, (k, n); ``Counts()`` is a zero of any shape."""

    array: NDArray[np.int64] = field(default_factory=_nothing)

    def __add__(self, other: Counts) -> Counts:
        if not self.array.size:
            return other
        return Counts(self.array + other.array) if other.array.size else self

    def __sub__(self, other: Counts) -> Counts:
        if not self.array.size:
            return Counts(-other.array)
        return Counts(self.array - other.array) if other.array.size else self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Counts):
            return NotImplemented
        if self.array.size and other.array.size:
            return np.array_equal(self.array, other.array)
        return not (self.array.any() or other.array.any())

    __hash__ = None  # type: ignore[assignment]  # a zero of any shape equals one of another

    def __len__(self) -> int:
        return int(self.array.shape[1])

    def __getitem__(self, row: int) -> NDArray[np.int64]:
        """One row of them, (n,)."""
        found: NDArray[np.int64] = self.array[row] if self.array.size else np.zeros(0, np.int64)
        return found


def exact_sum(values: Floats) -> int:
    """The sum of finite float64 numbers, shape (n,), as an exact integer times 2**-1074."""
    return sum(part for _, part in _parts(values, np.zeros(len(values), np.intp)))


def exact_ratio(total: int, divisor: int = 1) -> float:
    """An exact sum divided by a whole number, rounded once; infinite when it overflows."""
    try:
        return total / (divisor << UNIT_BITS)
    except OverflowError:
        return float("inf") if total > 0 else float("-inf")


def exact(value: float) -> int:
    """A finite number as an exact integer times 2**-1074."""
    numerator, denominator = value.as_integer_ratio()
    return numerator << (UNIT_BITS + 1 - denominator.bit_length())


def _parts(values: Floats, groups: NDArray[np.integer[Any]]) -> Iterator[tuple[int, int]]:
    """Exact sums of some of the numbers of a group, which together are all of them."""
    if len(values) <= FEW:
        yield from zip(groups.tolist(), map(exact, values.tolist()), strict=True)
        return
    for start in range(0, len(values), SUM_BLOCK):
        block = slice(start, start + SUM_BLOCK)
        yield from _block(values[block], groups[block])


def _block(values: Floats, groups: NDArray[np.integer[Any]]) -> Iterator[tuple[int, int]]:
    """Binned by group and octet of exponents, in two halves of 30 bits, so that no bin ever rounds."""
    fraction, exponent = np.frexp(values)
    octet = exponent >> 3
    lowest = int(octet.min())
    octet -= lowest
    width = int(octet.max()) + 1
    mantissa = np.ldexp(fraction, (exponent & 7) + 53).astype(np.int64)  # below 2**60
    bins = groups.astype(np.intp) * width + octet
    names = None
    if int(bins.max()) > 4 * len(bins):  # more bins than there can be numbers in
        names, bins = np.unique(bins, return_inverse=True)
    # As floats, which they fit exactly: bincount's own conversion takes twice as long as the rest.
    high = np.bincount(bins, weights=(mantissa >> 30).astype(np.float64))
    low = np.bincount(bins, weights=(mantissa & 0x3FFFFFFF).astype(np.float64))
    full = np.flatnonzero((high != 0) | (low != 0))
    where = (full if names is None else names[full]).tolist()
    halves = zip(where, high[full].tolist(), low[full].tolist(), strict=True)
    for place, upper, lower in halves:
        group, octave = divmod(place, width)
        part = (int(upper) << 30) + int(lower)
        shift = 8 * (octave + lowest) - 53 + UNIT_BITS
        yield group, part << shift if shift >= 0 else part >> -shift  # subnormals end in zeros: exact
