"""What the width of a file's numbers makes of one that was typed."""

from __future__ import annotations

from math import isfinite

import numpy as np

from lossacc_gui.core.bulk import parts_of
from lossacc_gui.core.change import Change
from lossacc_gui.core.edits import SetCells, rounded
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.wording import number

TYPED_SIGNS = 10
"""A number written with at most so many signs is taken to be typed, and not computed from others."""

LOOKED_AT = 1_000
"""Of a block that was pasted, so many numbers are looked at."""


def kept_as(change: Change, predictions: Predictions) -> str:
    """ "0.1 is kept as 0.1000000015", of the first number a change sets that is kept as another; else nothing.

    Of the cells of one row the first is the one that was typed, and the others follow from it.
    """
    if predictions.probs.dtype == np.float64 or change.undone:
        return ""
    for edit in parts_of(change.edit):
        if not isinstance(edit, SetCells):
            continue
        one_row = bool((edit.rows[:LOOKED_AT] == edit.rows[:1]).all())
        values = edit.values[: 1 if one_row else LOOKED_AT]
        for typed, stored in zip(values.tolist(), rounded(values, predictions).tolist(), strict=True):
            if typed != stored and isfinite(typed) and len(f"{typed!r}") <= TYPED_SIGNS:
                kept = f"{stored:.10g}" if isfinite(stored) else number(stored)
                return f"{typed:g} is kept as {kept}"
    return ""
