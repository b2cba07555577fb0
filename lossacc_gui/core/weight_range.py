"""What a weight may be, of a row or of a class."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEAST_WEIGHT, MOST_WEIGHT = 1e-100, 1e100
"""A weight is 0 or within these: a weight times a weight times a loss is a number then."""

WEIGHT_REMEDY = f"use 0, or a number from {LEAST_WEIGHT:g} to {MOST_WEIGHT:g}"


def outside(weights: ArrayLike) -> NDArray[np.intp]:
    """The places (k,) of those of the weights (n,) that are none."""
    given = np.asarray(weights)
    return np.flatnonzero(~((given == 0) | ((given >= LEAST_WEIGHT) & (given <= MOST_WEIGHT))))
