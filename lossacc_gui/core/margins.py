"""What a row's margin is to the eye: a difference of its probabilities, or of z / T."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.rows import Floats


def margins(margin: Floats, total: Floats, convention: Convention) -> Floats:
    """The margins of rows as they are read, from those of RowStats and the rows' sums, (n,) each.

    Where rows are divided by their sum, they are shares of it.
    """
    if convention.rows is not Rows.NORMALISED or convention.temperature != 1:
        return margin
    with np.errstate(divide="ignore", invalid="ignore"):
        shares: Floats = margin / total
    return shares
