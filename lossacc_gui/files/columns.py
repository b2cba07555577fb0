"""Which columns of a table are classes, and which one is the label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.cells import (
    Row,
    column,
    has_fractions,
    is_blank,
    is_missing,
    is_nearly_number,
    number,
    texts_in,
)
from lossacc_gui.files.header import has_header
from lossacc_gui.files.names import (
    CLASS_PREFIXES,
    INDEX_WORDS,
    LABEL_WORDS,
    PREDICTED_WORDS,
    PREDICTION_WORDS,
    listed,
)
from lossacc_gui.files.refusals import short

_REMEDY = "give every class a column of numbers, separated by comma, tab or semicolon"


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the class columns and of the label, counted from 0; names where there is a header.

    ``score_of`` is the name of the only class column; ``whole`` are columns that were left out
    because they hold labels, and must then do so in every row.
    """

    classes: tuple[int, ...]
    label: int | None
    width: int
    names: tuple[str, ...] | None = None
    header: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    score_of: str | None = None
    whole: tuple[int, ...] = ()

    def title(self, place: int) -> str:
        """How a message calls a column."""
        if self.header is None or not self.header[place].strip():
            return f"column {place + 1}"
        return f"column {short(self.header[place])!r}"


def find_columns(sample: Sequence[Row], decimal_comma: bool, line: int = 1) -> Columns:
    """The columns of a table, from its first records; the first of them is on this line."""
    first, rest = sample[0], [record for record in sample[1:] if record]
    if has_header(first, rest, decimal_comma, line):
        return with_header(first, rest, decimal_comma, line)
    texts = [i for i in texts_in(first, decimal_comma) if not _is_all_numbers(i, sample)]
    empty = [i for i in texts if is_blank(i, sample)]
    if len(texts) - len(empty) > 1:
        what = f"{len(texts) - len(empty)} columns of text and no header"
        raise Refusal(f"line {line}", what, "give a first line that names the columns")
    label = next((i for i in texts if i not in empty), empty[-1] if empty else None)
    left_out = [i for i in empty if i != label]
    classes = tuple(i for i in range(len(first)) if i != label and i not in left_out)
    return _checked(Columns(classes, label, len(first), notes=_left_out(left_out, None)), line)


def with_header(header: Row, rest: Sequence[Row], decimal_comma: bool = False, line: int = 1) -> Columns:
    """The columns by their names. Without ``rest`` every column is taken to hold what its name says."""
    names = [name.strip() for name in header]
    prefixed = _prefixed(names)
    free = [i for i in range(len(names)) if i not in prefixed]
    label = _label(names, free, rest, decimal_comma, set(prefixed.values()) or set(names))
    whole: list[int] = []
    if not prefixed:
        whole = _labels_left_out(names, label, rest, decimal_comma)
        aside = {i for i in free if i in whole or _is_aside(i, names[i], rest)} - {label}
        prefixed = {i: names[i] for i in free if i != label and i not in aside}
        if not prefixed and rest:
            prefixed, whole = _argmax_alone(names, whole, rest), []
        _check(prefixed, names, rest, line)
    left_out = [i for i in free if i != label and i not in prefixed]
    # One column is two classes, and its header ("score") perhaps the name of neither.
    of_classes = tuple(prefixed.values())
    found = Columns(
        tuple(prefixed),
        label,
        len(names),
        of_classes if len(of_classes) > 1 else None,
        tuple(header),
        _left_out(left_out, names),
        of_classes[0] if len(of_classes) == 1 else None,
        tuple(whole),
    )
    return _checked(found, line)


def _prefixed(names: list[str]) -> dict[int, str]:
    """Class names of the columns that say they are classes, of one way of saying it."""
    for pattern in CLASS_PREFIXES:
        found = {i: re.fullmatch(pattern, name, re.IGNORECASE | re.DOTALL) for i, name in enumerate(names)}
        classes = {i: match[1].strip() for i, match in found.items() if match}
        if classes:
            return classes
    return {}


def _label(
    names: list[str], free: list[int], rest: Sequence[Row], decimal_comma: bool, classes: set[str]
) -> int | None:
    """The column whose name is the first of the words for a label and whose cells can be labels."""
    called = [i for word in LABEL_WORDS for i in free if names[i].lower() == word]
    for i in called:
        texts = {cell for cell in column(i, rest) if not is_missing(cell)}
        if not has_fractions(i, rest, decimal_comma) or texts <= classes:
            return i
    doubtful = next((i for i in called if names[i].lower() != "y"), None)
    if doubtful is not None:
        what = "it holds numbers that are not whole, and so no labels"
        remedy = "give class names or indices, or give every class's column a name such as prob_cat"
        raise Refusal(f"column {short(names[doubtful])!r}", what, remedy)
    return None  # x, y: two classes


def _labels_left_out(
    names: list[str], label: int | None, rest: Sequence[Row], decimal_comma: bool
) -> list[int]:
    """The columns called like labels or an argmax that hold such."""
    words = (*LABEL_WORDS, *PREDICTED_WORDS)
    called = [i for i, name in enumerate(names) if i != label and name.lower() in words]
    return [i for i in called if not has_fractions(i, rest, decimal_comma)]


def _is_aside(place: int, name: str, rest: Sequence[Row]) -> bool:
    """Whether a column is an index, or holds texts; a bad cell among numbers is to be shown instead."""
    if name.lower() in INDEX_WORDS or (place == 0 and not name):
        return True
    if is_blank(place, rest):
        return not name
    return bool(rest) and not any(is_nearly_number(cell) for cell in column(place, rest))


def _argmax_alone(names: list[str], whole: list[int], rest: Sequence[Row]) -> dict[int, str]:
    """A column called like an argmax, when there is nothing else and all of it is 0 or 1: a sure score."""
    called = [i for i in whole if names[i].lower() in PREDICTED_WORDS]
    for i in called:
        if {number(cell) for cell in column(i, rest)} <= {0.0, 1.0}:
            return {i: names[i]}
    if called:
        what = "it holds predicted classes, and no column their probabilities"
        raise Refusal(f"column {short(names[called[0]])!r}", what, _REMEDY)
    return {}


def _check(classes: dict[int, str], names: list[str], rest: Sequence[Row], line: int) -> None:
    """Raise Refusal for a class column without a name or without a cell, and for two predictions."""
    for i, name in classes.items():
        if not name:
            raise Refusal(
                f"line {line}, column {i + 1}",
                "its header is empty",
                "name the class, or leave the header out",
            )
        if is_blank(i, rest):
            what = "it is empty"
            raise Refusal(
                f"column {short(name)!r}", what, "write nan where there is no number, or remove the column"
            )
    both = [names[i] for i in classes if names[i].lower() in PREDICTION_WORDS]
    if len(both) > 1:
        what = f"{listed(both)} may each be the predictions"
        raise Refusal(f"line {line}", what, "remove all but one, or call the columns prob_ and the class")


def _is_all_numbers(place: int, sample: Sequence[Row]) -> bool:
    """Whether every text in a column was meant as a number: it is to be refused, and is no label."""
    cells = [cell for cell in column(place, sample) if not is_missing(cell)]
    return any(number(c) is None for c in cells) and all(is_nearly_number(c) for c in cells)


def _left_out(places: list[int], names: list[str] | None) -> tuple[str, ...]:
    shown = [(names[i] if names else "") or f"column {i + 1}" for i in places]
    return (f"columns left out: {listed(shown)}",) if shown else ()


def _checked(columns: Columns, line: int) -> Columns:
    if not columns.classes:
        raise Refusal(f"line {line}", "no column of numbers", _REMEDY)
    return columns
