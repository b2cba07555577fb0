"""Labels that are one-hot in a table with a header: y_cat, y_dog beside cat, dog."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lossacc_gui.files.cells import Row, column, number
from lossacc_gui.files.names import LABEL_WORDS

_MARK = re.compile(rf"(?:{'|'.join([*LABEL_WORDS, 'true', 'onehot', 'gt'])})[_. -](.+)", re.IGNORECASE)
"""What a column that marks the rows of one class may be called; the group is the class's name."""


def one_hot_columns(names: Sequence[str], rest: Sequence[Row]) -> dict[int, tuple[str, int]]:
    """The class and the place of its mark, by the place of its numbers; empty where there is no such pair for
    every one of the marks."""
    marks = {match[1]: i for i, name in enumerate(names) if (match := _MARK.fullmatch(name))}
    marks = {name: i for name, i in marks.items() if _is_marked(i, rest)}
    if len(marks) < 2 or not _at_most_once(list(marks.values()), rest):
        return {}
    found = {}
    for name, mark in marks.items():
        called = re.compile(rf"(?:.+[_. -])?{re.escape(name)}")
        numbers = [i for i, other in enumerate(names) if i not in marks.values() and called.fullmatch(other)]
        if len(numbers) != 1:
            return {}
        found[numbers[0]] = (name, mark)
    return dict(sorted(found.items())) if len(found) == len(marks) else {}


def marked(row: Row, marks: Sequence[int], names: Sequence[str]) -> str | None:
    """The class a row's marks name, "" where none is 1; None where they are no marks."""
    values = [number(row[i]) for i in marks]
    if not {*values} <= {0.0, 1.0} or values.count(1.0) > 1:
        return None
    return names[values.index(1.0)] if 1.0 in values else ""


def _is_marked(place: int, rest: Sequence[Row]) -> bool:
    """Whether a column holds 0 and 1 only."""
    return bool(rest) and {number(cell) for cell in column(place, rest)} <= {0.0, 1.0}


def _at_most_once(marks: list[int], rest: Sequence[Row]) -> bool:
    """Whether no row has two of them."""
    rows = (row for row in rest if len(row) > max(marks))
    return all(sum(number(row[i]) == 1 for i in marks) <= 1 for row in rows)
