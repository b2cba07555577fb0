"""Numbers by the name of their class, one object a row, as in {"cat": 0.7, "dog": 0.3}."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.names import listed
from lossacc_gui.files.refusals import short

_DIGITS = 10
"""Names with as many are no numbers of classes."""

_REMEDY = "give every row the same classes, each with a number or null"


def is_by_class(value: object) -> bool:
    """Whether this is an object of several numbers and nothing else."""
    return isinstance(value, dict) and len(value) > 1 and all(map(_is_number, value.values()))


def by_class(rows: list[Any], unit: str) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """The numbers (N, C) and the names of the classes; numbers where all of them are whole.

    They are in the order of the rows where all agree on one, else sorted. Raises Refusal.
    """
    names = list(rows[0])
    agreed, known = True, set(names)
    for at, row in enumerate(rows, 1):
        _require(row, known, f"{unit} {at}")
        agreed = agreed and list(row) == names
    whole = all(name.isdecimal() and len(name) < _DIGITS for name in names)
    if whole or not agreed:
        names.sort(key=(lambda name: (int(name), name)) if whole else None)
    cells = [[math.nan if row[name] is None else row[name] for name in names] for row in rows]
    called = np.array(list(map(int, names)) if whole else names, dtype=np.int64 if whole else object)
    return np.array(cells, np.float64), called


def _require(row: Any, names: set[str], where: str) -> None:
    """Raise Refusal for a row that has not a number of each class and of no other."""
    if not isinstance(row, dict):
        raise Refusal(where, f"{short(repr(row))} is no object of numbers by class", _REMEDY)
    if row.keys() != names:
        lost, strange = sorted(names - row.keys()), sorted(row.keys() - names)
        what = f"no number of {listed(lost)}" if lost else f"{listed(strange)}, which the first row has not"
        raise Refusal(where, what, _REMEDY)
    for name, value in row.items():
        if not _is_number(value):
            raise Refusal(where, f"{short(repr(value))}, of class {short(name)!r}, is no number", _REMEDY)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
