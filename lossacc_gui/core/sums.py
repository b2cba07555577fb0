"""Which sums of rows are off by more than rounding, counted along with every edit."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.change import Change
from lossacc_gui.core.rows import Flag, RowStats, sum_tolerance

ROUNDED = sum_tolerance(np.dtype(np.float32))
"""How far from 1 float32 arithmetic may leave a sum. Most float64 files hold what a float32 model computed, so a
sum as near is flagged, as scikit-learn warns of it, but no reason for alarm."""


class FarSums:
    """``far`` counts the rows that do not sum to 1 by more than ROUNDED."""

    def __init__(self, stats: RowStats) -> None:
        self.far = count_far(stats)

    def follow(self, change: Change, stats: RowStats) -> None:
        """Take in a change that led to these numbers. Cost: the rows it touched."""
        if change.before is None or change.after is None:
            self.far = count_far(stats)
        else:
            self.far += count_far(change.after) - count_far(change.before)


def count_far(stats: RowStats) -> int:
    """How many of these rows are flagged and farther off than rounding leaves them; NaN is."""
    return int(np.count_nonzero(stats.has(Flag.SUM_OFF) & ~(np.abs(stats.total - 1) <= ROUNDED)))
