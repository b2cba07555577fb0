"""Where rows went when others came or went."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

GONE = -1
"""Where a row is that is no more."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False, slots=True)
class Shift:
    """Rows that came, or went: ``rows`` (k,), ascending, are their indices in the larger matrix."""

    rows: Rows
    came: bool

    @property
    def back(self) -> Shift:
        """What takes it back."""
        return replace(self, came=not self.came)

    @property
    def gain(self) -> int:
        """How many rows there are more than before."""
        return len(self.rows) if self.came else -len(self.rows)

    def behind(self, row: int) -> int:
        """Where this row is after it, or where it went the next one that stays."""
        if self.came:
            return int(self.of(np.array([row]))[0])
        return row - int(np.searchsorted(self.rows, row))

    def of(self, rows: Rows) -> Rows:
        """Where these rows (n,) are after it, GONE for those that went, now or before."""
        if self.came:  # before the i-th that came stood rows[i] - i of those there were
            places = self.rows - np.arange(len(self.rows))
            alone = len(places) == 1  # as mostly, and in a tenth of the time
            more = rows >= places[0] if alone else np.searchsorted(places, rows, side="right")
            moved: Rows = rows + more
            return moved
        before = np.searchsorted(self.rows, rows)
        went = np.append(self.rows, GONE)[before] == rows
        return np.where(went, GONE, rows - before)


Shifts = tuple[Shift, ...]


def backwards(shifts: Shifts | None) -> Shifts | None:
    """What takes all of them back; None where that is not known of them."""
    return None if shifts is None else tuple(shift.back for shift in reversed(shifts))


def moved(rows: Rows, shifts: Shifts) -> Rows:
    """Where these rows (n,) are after all of them; those that went are left out."""
    for shift in shifts:
        rows = shift.of(rows)
        rows = rows[rows != GONE]
    return rows
