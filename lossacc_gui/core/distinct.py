"""The distinct numbers of an array, without what ``numpy.unique`` loads for it first."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """Each value of an array of any shape once, sorted, (k,); there must be no NaN.

    ``numpy.unique`` looks whether an array is masked and loads ``numpy.ma`` to know: more than a frame, once, in
    the midst of somebody's first edit.
    """
    found = np.sort(values, axis=None)
    first = np.ones(len(found), bool)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    once: NDArray[Any] = found[first]
    return once
