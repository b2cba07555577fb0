"""Which sums of rows are off by more than rounding, counted along with every edit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.change import Change
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.rows import Flag, RowStats, sum_tolerance

ROUNDED = sum_tolerance(np.dtype(np.float32))
"""How far from 1 float32 arithmetic may leave a sum. Most float64 files hold what a float32 model computed, so a
sum as near is flagged, as scikit-learn warns of it, but no reason for alarm."""


class FarSums:
    """``far`` counts the rows that do not sum to 1 by more than ROUNDED."""

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
        now = is_far(stats[rows])
        self.far += int(np.count_nonzero(now)) - int(np.count_nonzero(self._is_far[rows]))
        self._is_far[rows] = now

    def _begin(self, stats: RowStats) -> None:
        self._is_far = is_far(stats)
        self.far = int(np.count_nonzero(self._is_far))


def is_far(stats: RowStats) -> NDArray[np.bool_]:
    """Which of these rows are flagged and farther off than rounding leaves them, (n,); NaN is."""
    far = stats.has(Flag.SUM_OFF)
    flagged = np.flatnonzero(far)  # mostly few: the others are not even looked at
    far[flagged] = ~(np.abs(stats.total[flagged] - 1) <= ROUNDED)
    return far
