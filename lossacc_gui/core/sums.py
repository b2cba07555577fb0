"""Which rows do not sum to 1: the one rule behind every count, filter and sentence that says so.

Files are rounded. Most float64 files hold what a float32 model computed, so a sum that float32 arithmetic may
leave is off by rounding only, though Flag.SUM_OFF marks it where scikit-learn would warn: of such rows a text says
that they sum to 1 up to rounding, and counts none. A row without a finite sum is none of them:
no division gives it a sum of 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.change import Change
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.rows import Flag, RowStats, sum_tolerance

ROUNDED = sum_tolerance(np.dtype(np.float32))
"""How far from 1 a sum may be by rounding, 0.00035; float16 cells have their own, wider tolerance."""


def is_off(stats: RowStats) -> NDArray[np.bool_]:
    """Which of these rows do not sum to 1, (n,): rows of probabilities, farther off than rounding."""
    off = stats.has(Flag.SUM_OFF)
    flagged = np.flatnonzero(off)  # mostly few: the others are not even looked at
    far = np.abs(stats.total[flagged] - 1)
    off[flagged] = (far > ROUNDED) & (far < np.inf)
    return off


class OffSums:
    """``off`` counts the rows that do not sum to 1, along with every edit."""

    def __init__(self, stats: RowStats) -> None:
        self._begin(stats)

    def follow(self, change: Change, stats: RowStats) -> None:
        """Take in a change that led to these numbers. Cost: the rows it touched.

        What was counted of them is kept here: a change told of a gesture tells what was before all of it.
        """
        if change.rows is None:  # ALL
            self._begin(stats)
            return
        rows = distinct(change.rows)
        now = is_off(stats[rows])
        self.off += int(np.count_nonzero(now)) - int(np.count_nonzero(self._is_off[rows]))
        self._is_off[rows] = now

    def _begin(self, stats: RowStats) -> None:
        self._is_off = is_off(stats)
        self.off = int(np.count_nonzero(self._is_off))
