"""Sums of float64 numbers that do not round, and counts, as values that add, subtract and compare.

A float64 is a whole number times a power of two, so a sum of them is one whole number: of UNIT_BITS binary
places. Whole numbers do not mind the order in which they are added, nor being taken away again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import ldexp
from operator import is_not
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Found = TypeVar("Found")

UNIT_BITS = 1074
"""Numbers are summed as integers in units of 2**-1074, the smallest positive float64."""

SUM_BITS = 17
SUM_BLOCK = 1 << SUM_BITS
"""Numbers summed at a time: few enough to stay in the cache, and to leave room for 36 bits of each."""

TOP_MOST = 1023 - SUM_BITS
"""Numbers below 2**TOP_MOST can be summed in blocks: none overflows."""

FEW = 8
"""So few are summed one by one, which is faster than asking numpy."""


class Sums(dict[int, int]):
    """An exact sum for each of some groups; a group that is missing has the sum 0, and none is kept."""

    def __add__(self, other: Sums) -> Sums:
        return self._with(other.items())

    def __sub__(self, other: Sums) -> Sums:
        return self._with((group, -value) for group, value in other.items())

    def exchanged(self, old: Iterable[tuple[int, int]], new: Iterable[tuple[int, int]]) -> Sums:
        """With some parts, each a group and what it adds, taken out and others put in."""
        return self._with([*((group, -value) for group, value in old), *new])

    def _with(self, parts: Iterable[tuple[int, int]]) -> Sums:
        made = Sums(self)
        for group, value in parts:
            total = made.get(group, 0) + value
            if total:
                made[group] = total
            else:
                made.pop(group, None)
        return made

    @classmethod
    def of(cls, values: Floats, groups: NDArray[np.integer[Any]]) -> Sums:
        """The sum of the finite ``values`` (n,) of each group; ``groups`` (n,) are numbers from 0."""
        made: dict[int, int] = {}
        for found, parts, shift in _parts(values, groups):
            for group, part in zip(found, parts, strict=True):
                made[group] = made.get(group, 0) + (part << shift if shift >= 0 else part >> -shift)
        return cls({group: total for group, total in made.items() if total})


def _nothing() -> NDArray[np.int64]:
    return np.zeros((0, 0), np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class Counts:
    """Whole numbers that are counted, (k, n); ``Counts()`` is a zero of any shape."""

    array: NDArray[np.int64] = field(default_factory=_nothing)
    _read: dict[Callable[..., Any], tuple[Any, tuple[Any, ...]]] = field(
        default_factory=dict, init=False, repr=False
    )

    def once(self, read: Callable[..., Found], *others: object) -> Found:
        """What a function reads off these counts and ``others``: they never change, so it is asked once.

        It is shared by what needs the same, and by every tally that an edit leaves these very objects in.
        """
        known = self._read.get(read)
        if known is None or any(map(is_not, known[1], others)):
            known = self._read[read] = read(self, *others), others
        found: Found = known[0]
        return found

    def __add__(self, other: Counts) -> Counts:
        if not self.array.size:
            return other
        return Counts(self.array + other.array) if other.array.size else self

    def __sub__(self, other: Counts) -> Counts:
        if not self.array.size:
            return Counts(-other.array)
        return Counts(self.array - other.array) if other.array.size else self

    def exchanged(self, old: Iterable[tuple[int, int]], new: Iterable[tuple[int, int]]) -> Counts:
        """With 1 less at some places, each a row and a column of ``array``, and 1 more at others."""
        array = self.array.copy()
        for places, one in ((old, -1), (new, 1)):
            for place in places:
                array[place] += one
        return Counts(array)

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
    if len(values) <= FEW:
        return sum(map(exact, values.tolist()))
    return sum(
        exact(float(upper.sum())) for block in _blocks(len(values)) for _, upper, _ in _layers(values[block])
    )


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


def _parts(values: Floats, groups: NDArray[np.integer[Any]]) -> Iterator[tuple[list[int], list[int], int]]:
    """Groups, and exact sums of some of the numbers of each, shifted to the left by so many bits.

    Shifted to the right, an exact sum loses nothing either. Together they are the sums of all numbers.
    """
    if len(values) <= FEW:
        yield groups.tolist(), list(map(exact, values.tolist())), 0
        return
    for block in _blocks(len(values)):
        own = groups[block].astype(np.intp)
        for which, upper, unit in _layers(values[block]):
            sums = np.bincount(own[which], weights=upper)
            found = np.flatnonzero(sums)
            yield found.tolist(), np.ldexp(sums[found], -unit).astype(np.int64).tolist(), unit + UNIT_BITS


def _blocks(length: int) -> Iterator[slice]:
    return (slice(start, start + SUM_BLOCK) for start in range(0, length, SUM_BLOCK))


def _layers(values: Floats) -> Iterator[tuple[slice | NDArray[np.intp], Floats, int]]:
    """Which of the finite ``values`` (n,), and the upper bits of each: few enough that their sum has room.

    They are whole multiples of a power of two, the last one told, and their sum is below 2**53 of it. All layers
    together are the values, and no sum within one is rounded. Adding a number so large that it has no lower bits,
    and taking it away again, is what cuts them off.
    """
    which: slice | NDArray[np.intp] = slice(None)
    while values.size:
        top = int(np.frexp(max(values.max(), -values.min()))[1])
        if top > TOP_MOST:
            few = np.abs(values) >= 2.0**TOP_MOST
            for one in np.flatnonzero(few).tolist():  # so large that the sum of some might overflow
                yield np.array([one]), values[one : one + 1], int(np.frexp(values[one])[1]) - 53
            which, values = np.flatnonzero(~few), values[~few]
            continue
        anchor = ldexp(1.5, top + SUM_BITS)
        upper = values + anchor
        upper -= anchor
        yield which, upper, top + SUM_BITS - 52
        values = values - upper
        if 2 * np.count_nonzero(values) < len(values):  # else a 0 is added sooner than left out
            left = np.flatnonzero(values)
            which, values = left if isinstance(which, slice) else which[left], values[left]
