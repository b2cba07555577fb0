"""One row as a table shows it: its numbers, how long its bars are, what is marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, isnan

import numpy as np

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.rows import Flag


@dataclass(frozen=True, eq=False, slots=True)
class RowLook:
    """All that is shown of one row, as Python numbers.

    ``cells`` has C cells, of which only those asked for become Python numbers: of 1,000 classes a screen
    shows twenty. ``loss`` is in nats; see RowStats for the others. ``counted`` says whether the row has a label,
    ``hit`` whether it is right. ``top`` is the largest cell, NaN where there is a NaN, and ``ties`` the number of
    cells as large. ``scale`` is what the exponentials of logits less ``top`` add up to, and 0 for rows that are
    no logits.
    """

    cells: Sequence[float]
    label: int
    prediction: int
    p_label: float
    loss: float
    margin: float
    total: float
    flags: Flag
    counted: bool
    hit: bool
    top: float
    ties: int
    scale: float

    @classmethod
    def of(cls, evaluation: Evaluation, row: int) -> RowLook:
        """A row of the epoch that was evaluated. Cost: its cells."""
        predictions, stats = evaluation.predictions, evaluation.stats
        cells = predictions.probs[evaluation.epoch, row].astype(np.float64)
        top, scale = cells.max(), 0.0
        flags = Flag(int(stats.flags[row]))
        if evaluation.convention.rows is Rows.LOGITS:
            with np.errstate(all="ignore"):
                scale = float(np.exp(cells - top).sum())
        return cls(
            cells.data,
            int(predictions.labels[row]),
            int(stats.prediction[row]),
            float(stats.p_label[row]),
            float(stats.loss[row]),
            float(stats.margin[row]),
            float(stats.total[row]),
            flags,
            Flag.COUNTED in flags,
            Flag.HIT in flags,
            float(top),
            int(np.count_nonzero(cells == top)),
            scale,
        )

    def share(self, column: int) -> float:
        """How long a cell's bar is, 0 to 1; 0 where it cannot be said."""
        cell = self.cells[column]
        if self.scale:
            above = self.top - cell
            return exp(-above) / self.scale if isfinite(self.scale) and not isnan(above) else 0.0
        return 0.0 if isnan(cell) else min(max(cell, 0.0), 1.0)

    def is_tied(self, column: int) -> bool:
        """Whether a cell is the largest together with others."""
        return self.ties > 1 and self.cells[column] == self.top
