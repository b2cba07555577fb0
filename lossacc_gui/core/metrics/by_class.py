"""Means over the classes: of the share of each class's rows that are hits."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.exact import Floats
from lossacc_gui.core.metrics.metric import NO_LABELS, Reading
from lossacc_gui.core.tally import HITS, Tally
from lossacc_gui.core.wording import counted


def class_shares(tally: Tally, *kinds: int) -> Floats:
    """Each class's hits over its rows, (C,); NaN where it has none. Of several kinds of rows, over their mean."""
    rows = sum(tally.by_class[kind] for kind in kinds)
    with np.errstate(invalid="ignore"):
        shares: Floats = len(kinds) * tally.by_class[HITS] / rows
    return shares


def class_mean(tally: Tally, left_out: str, *kinds: int) -> Reading:
    """The mean of the classes that have such rows; ``left_out`` says what the others lack."""
    if not tally.rows:
        return NO_LABELS
    shares = class_shares(tally, *kinds)
    none = np.isnan(shares)
    missing = int(np.count_nonzero(none))
    if not missing:
        return Reading(float(shares.mean()))
    note = f"{counted(missing, 'class')} {left_out} left out"
    return Reading(float(shares[~none].mean()), note=note)
