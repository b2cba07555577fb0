"""What is read off every cell of a block: the part of the work that grows with the classes.

Few classes are turned to columns and reduced column by column; many are reduced row by row. Which way a row
goes depends on the number of classes alone, never on its block.
"""

from __future__ import annotations

from lossacc_gui.core.by_columns import by_columns, sums_by_columns
from lossacc_gui.core.by_rows import by_rows, sums_by_rows
from lossacc_gui.core.looks import Cells, Floats, Look
from lossacc_gui.core.predictions import Labels

SHORT_AXIS = 24
"""Up to this many classes a block is turned to columns, which is faster than numpy's own way."""


def looked(cells: Cells, label: Labels, logits: bool, how: type[Look]) -> Look:
    """What is seen of each row of ``cells`` (n, C), at a Glance or Reduced; ``label`` (n,) is a class everywhere."""
    seen = how.empty(len(cells), logits)
    (by_columns if cells.shape[1] <= SHORT_AXIS else by_rows)(cells, label, logits, seen)
    return seen


def row_sums(cells: Cells, bounds: tuple[float, float] | None = None) -> Floats:
    """Each row's sum, (n,), added in the order in which ``looked`` adds it; of cells clipped to ``bounds``."""
    return (sums_by_columns if cells.shape[1] <= SHORT_AXIS else sums_by_rows)(cells, bounds)
