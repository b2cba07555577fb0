"""A smooth line through points: it never goes beyond two neighbours, so a valley has no deeper point than its own."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.rows import Floats


def smoothed(x: Floats, y: Floats, count: int) -> tuple[Floats, Floats]:
    """A line through ascending points (n,), finite, with places between them where they are fewer than ``count``:
    a cubic from point to point, with slopes that are harmonic means of those on both sides (Fritsch and Butland).
    Numbers so large that a slope overflows are left as they are.
    """
    if not 2 < len(x) < count:
        return x, y
    with np.errstate(all="ignore"):
        found = _smoothed(x, y, count)
    return found if np.isfinite(found[1]).all() else (x, y)


def _smoothed(x: Floats, y: Floats, count: int) -> tuple[Floats, Floats]:
    slope = _slopes(np.diff(x), np.diff(y))
    at = distinct(np.concatenate([x, np.linspace(x[0], x[-1], count)]))
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    h = x[i + 1] - x[i]
    t = (at - x[i]) / h
    near, far = (1 + 2 * t) * (1 - t) ** 2, t**2 * (3 - 2 * t)
    bends = t * (1 - t) ** 2 * slope[i] - t**2 * (1 - t) * slope[i + 1]
    return at, near * y[i] + far * y[i + 1] + h * bends


def _slopes(width: Floats, rise: Floats) -> Floats:
    """The slope at each point (n + 1,), given the parts between them (n,); level where the line turns."""
    part = rise / width
    left, right = part[:-1], part[1:]
    one, two = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    goes_on = left * right > 0
    safe = (np.where(goes_on, left, 1.0), np.where(goes_on, right, 1.0))
    inner = np.where(goes_on, (one + two) / (one / safe[0] + two / safe[1]), 0.0)
    return np.concatenate([part[:1], inner, part[-1:]])
