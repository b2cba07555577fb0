"""Edits and states as plain records, for a journal or a project file: nothing is ever pickled.

A record is made of None, bool, int, float, str, lists and dicts, as JSON has them; arrays stand beside
it in a list. Only the classes named here can be written or made again.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core import bulk, edits, mending, recipes, shape_edits
from lossacc_gui.core import convention as conventions
from lossacc_gui.core.exact import Counts, Sums
from lossacc_gui.core.page import Page
from lossacc_gui.core.pinned import PinnedRows
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rows import RowStats
from lossacc_gui.core.scene import Point
from lossacc_gui.core.state import Baseline, Source, State
from lossacc_gui.core.tally import Tally, Weighted

Plain = Any
"""None, bool, int, float, str, or lists and dicts of these."""

Arrays = list[NDArray[Any]]

EDITS: tuple[type, ...] = (
    edits.SetCells,
    edits.SetLabels,
    shape_edits.InsertRows,
    shape_edits.DeleteRows,
    shape_edits.InsertClass,
    shape_edits.DeleteClass,
    edits.RenameClass,
    edits.SetConvention,
    edits.SetBaseline,
    edits.Replace,
    bulk.SetRows,
    bulk.MakeRows,
    bulk.ReorderClasses,
    bulk.Together,
    mending.Mend,
)
"""Every edit there is: one that is not here could not be given back after a crash."""

RECIPES: tuple[type, ...] = (
    recipes.Even,
    recipes.Dirichlet,
    recipes.Temper,
    recipes.Noise,
    recipes.Normalise,
)
"""Every way to make rows anew."""

PARTS: tuple[type, ...] = (
    State,
    Page,
    Predictions,
    Source,
    Baseline,
    PinnedRows,
    Tally,
    Weighted,
    Counts,
    Sums,
    RowStats,
    Point,
    conventions.Convention,
    conventions.Rows,
    conventions.Base,
    conventions.Reduction,
    conventions.Divisor,
    mending.Mending,
)
"""What edits and projects are made of."""

_KNOWN = {kind.__name__: kind for kind in (*EDITS, *RECIPES, *PARTS)}
_FAMILIES = {edits.Edit: EDITS, recipes.Recipe: RECIPES}
_KINDS_OF_NUMBERS = "biufU"


class BadRecord(ValueError):
    """A record that this version cannot have written."""


def to_record(value: Any, arrays: Arrays) -> Plain:
    """A value as a record; its arrays are appended to ``arrays``. Raises BadRecord for a stranger."""
    if value is None or (isinstance(value, bool | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, np.ndarray):
        return _array_record(value, arrays)
    if isinstance(value, tuple):
        return [to_record(part, arrays) for part in value]
    kind, name = type(value), type(value).__name__
    if kind is Sums or (isinstance(value, Enum) and kind is _KNOWN.get(name)):
        return {"is": name, "of": list(map(list, value.items())) if kind is Sums else value.value}
    if kind is _KNOWN.get(name):
        parts = {
            field.name: to_record(getattr(value, field.name), arrays) for field in fields(value) if field.init
        }
        return {"is": name, **parts}
    if kind in (int, float):
        return value
    raise BadRecord(f"{kind.__qualname__} has no record: name it in core/record.py")


def from_record(record: Plain, arrays: Sequence[NDArray[Any]]) -> Any:
    """The value a record was made of. Raises BadRecord, and only that, when there is none.

    Parts that a record lacks take their defaults, so that older ones stay readable.
    """
    try:
        return _value(record, arrays)
    except BadRecord:
        raise
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        raise BadRecord(str(error)) from error


def _value(record: Plain, arrays: Sequence[NDArray[Any]]) -> Any:
    if isinstance(record, list):
        return tuple(_value(part, arrays) for part in record)
    if not isinstance(record, dict):
        return record
    if record["is"] == "array":
        return _array(record, arrays)
    if record["is"] == Sums.__name__:
        return _sums(record["of"])
    kind = _KNOWN[record["is"]]
    if issubclass(kind, Enum):
        return kind(record["of"])
    parts = {name: _value(part, arrays) for name, part in record.items() if name != "is"}
    hints = _hints(record["is"])
    for name, part in parts.items():
        if not _fits(part, hints[name]):
            raise BadRecord(f"{kind.__name__}.{name} cannot be {type(part).__name__}")
    return kind(**parts)


def _array_record(array: NDArray[Any], arrays: Arrays) -> Plain:
    if not array.size:  # files have no room for arrays of nothing: they are told of
        return {"is": "array", "shape": list(array.shape), "dtype": array.dtype.str}
    arrays.append(array)
    return {"is": "array", "of": len(arrays) - 1}


def _array(record: dict[str, Any], arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    if "shape" in record:
        array = np.zeros(record["shape"] if 0 in record["shape"] else 0, np.dtype(record["dtype"]))
    elif 0 <= record["of"] < len(arrays):
        array = arrays[record["of"]]
    else:
        raise BadRecord(f"array {record['of']} is missing")
    if array.dtype.kind not in _KINDS_OF_NUMBERS:
        raise BadRecord("an array holds no numbers")
    return array


def _sums(items: list[list[int]]) -> Sums:
    if not all(type(number) is int for item in items for number in item):
        raise BadRecord("sums are of whole numbers")
    return Sums((group, total) for group, total in items)


@cache
def _hints(name: str) -> dict[str, Any]:
    return get_type_hints(_KNOWN[name])


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value can stand where this type is asked for."""
    while hasattr(hint, "__value__"):  # from Python 3.12 and numpy 2.5 on, NDArray is but a name
        hint = hint.__value__
    origin, among = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, one) for one in among)
    if origin is tuple:
        return isinstance(value, tuple) and _all_fit(value, among)
    if hint is float:
        return type(value) in (int, float)
    if hint is int:
        return type(value) is int
    if hint in _FAMILIES:
        return type(value) in _FAMILIES[hint]
    return hint is Any or isinstance(value, origin or hint)


def _all_fit(values: tuple[Any, ...], hints: tuple[Any, ...]) -> bool:
    """Whether a tuple's parts fit; an Ellipsis after a type stands for any number of it."""
    if hints[-1:] == (Ellipsis,):
        return all(_fits(value, hints[0]) for value in values)
    return len(values) == len(hints) and all(map(_fits, values, hints))
