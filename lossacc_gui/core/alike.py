"""Whether two things made of numbers say the same."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np


def alike(one: Any, other: Any) -> bool:
    """Whether two dataclasses of one kind have the same in all fields, arrays number by number, NaN like NaN."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if not (a is b or _equal(a, b)):
            return False
    return True


def _equal(one: Any, other: Any) -> bool:
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return not isinstance(one, np.ndarray) and not isinstance(other, np.ndarray) and bool(one == other)
    if np.array_equal(one, other):  # numbers without NaN are told apart in a third of the time
        return True
    return one.dtype.kind == "f" and np.array_equal(one, other, equal_nan=True)
