"""Which columns of a table are classes, and which one is the label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.names import (
    CLASS_PREFIXES,
    INDEX_WORDS,
    LABEL_WORDS,
    PREDICTED_WORDS,
    first_of,
    listed,
)
from lossacc_gui.files.refusals import short

_DECIMAL_COMMA = re.compile(r"\s*[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?\s*")
_NEARLY = re.compile(r"\s*[+-]?[\d.,_' ]*\d[\d.,_' ]*([eE][+-]?\d+)?\s*%?\s*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the class columns and of the label, counted from 0; names where there is a header."""

    classes: tuple[int, ...]
    label: int | None
    width: int
    names: tuple[str, ...] | None = None
    header: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    def title(self, column: int) -> str:
        """How a message calls a column."""
        if self.header is None or not self.header[column].strip():
            return f"column {column + 1}"
        return f"column {short(self.header[column])!r}"


def number(cell: str, decimal_comma: bool = False) -> float | None:
    """The number in a cell, or None. Underscores, which Python allows, are no part of one."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        if decimal_comma and _DECIMAL_COMMA.fullmatch(cell):
            return float(cell.replace(",", "."))
        return None


def find_columns(sample: list[list[str]], decimal_comma: bool) -> Columns:
    """The columns of a table, from its first records."""
    first, rest = sample[0], [record for record in sample[1:] if record]
    if has_header(first, rest, decimal_comma):
        return with_header(first, rest)
    texts = [i for i, cell in enumerate(first) if number(cell, decimal_comma) is None]
    label = texts[0] if texts else None
    classes = tuple(i for i in range(len(first)) if i != label)
    return _checked(Columns(classes, label, len(first)))


def has_header(first: list[str], rest: list[list[str]], decimal_comma: bool) -> bool:
    """Whether the first record names the columns.

    It does when a cell of it is no number, with one exception: a text label at the end or the start
    of a row whose other cells are numbers, just as in the row below it.
    """
    texts = _texts(first, decimal_comma)
    if not texts:
        return False
    if len(texts) > 1 or len(first) < 2 or not rest:
        return True
    cell = first[texts[0]].strip().lower()
    known = (*LABEL_WORDS, *PREDICTED_WORDS, *INDEX_WORDS, "")
    numbers = [number(c) for i, c in enumerate(first) if i != texts[0]]
    counted = len(numbers) > 2 and numbers == list(range(len(numbers)))  # 0, 1 may be a sure prediction
    return cell in known or counted or _texts(rest[0], decimal_comma) != texts


def with_header(header: list[str], rest: list[list[str]]) -> Columns:
    """The columns by their names. Without ``rest`` every column is taken to hold numbers."""
    names = [name.strip() for name in header]
    prefixed = _prefixed(names)
    free = [i for i in range(len(names)) if i not in prefixed]
    word = first_of(LABEL_WORDS, [names[i] for i in free])
    label = next((i for i in free if names[i] == word), None)
    if prefixed:
        left_out = [i for i in free if i != label]
        classes = prefixed
    else:
        aside = {i for i in free if i != label and _is_aside(i, names[i])}
        aside |= {i for i in free if i != label and rest and not _is_numeric(i, rest)}
        classes = {i: names[i] for i in free if i != label and i not in aside}
        left_out = sorted(aside)
    shown = [names[i] or f"column {i + 1}" for i in left_out]
    notes = (f"columns left out: {listed(shown)}",) if shown else ()
    # One column is two classes, and its header ("score") the name of neither.
    of_classes = tuple(classes.values()) if len(classes) > 1 else None
    unnamed = next((i for i, name in classes.items() if not name), None)
    if unnamed is not None:
        raise Refusal(
            f"column {unnamed + 1}", "its header is empty", "name the class, or leave the header out"
        )
    return _checked(Columns(tuple(classes), label, len(names), of_classes, tuple(header), notes))


def _prefixed(names: list[str]) -> dict[int, str]:
    """Class names of the columns that say they are classes, of one way of saying it."""
    for pattern in CLASS_PREFIXES:
        found = {i: re.fullmatch(pattern, name, re.IGNORECASE | re.DOTALL) for i, name in enumerate(names)}
        classes = {i: match[1].strip() for i, match in found.items() if match}
        if classes:
            return classes
    return {}


def _is_aside(place: int, name: str) -> bool:
    """Whether a column is the index or the argmax, which are no class."""
    return name.lower() in (*INDEX_WORDS, *PREDICTED_WORDS) or (place == 0 and not name)


def _is_numeric(place: int, rest: list[list[str]]) -> bool:
    """Whether a column holds numbers: a bad cell among them is to be shown, the column not left out."""
    cells = [record[place] for record in rest if place < len(record)]
    return not cells or any(number(cell) is not None or _NEARLY.fullmatch(cell) for cell in cells)


def _texts(record: list[str], decimal_comma: bool) -> list[int]:
    return [i for i, cell in enumerate(record) if number(cell, decimal_comma) is None]


def _checked(columns: Columns) -> Columns:
    if not columns.classes:
        remedy = "give every class a column of numbers, separated by comma, tab or semicolon"
        raise Refusal("line 1", "no column of numbers", remedy)
    return columns
