"""Whether the first line of a table names its columns or is already a row."""

from __future__ import annotations

from collections.abc import Sequence

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.cells import Row, column, is_missing, number, texts_in
from lossacc_gui.files.names import INDEX_WORDS, LABEL_WORDS, PREDICTED_WORDS

_WORDS = (*LABEL_WORDS, *PREDICTED_WORDS, *INDEX_WORDS)


def has_header(first: Row, rest: Sequence[Row], decimal_comma: bool, line: str) -> bool:
    """Whether ``first``, which is on this line, names the columns.

    It does when all of it is text. Among numbers it does when those can be class names and a text is
    a word for a column, or when the rows below have numbers where it has texts. A first line that has
    texts and numbers where the rows below have them is a row. Raises Refusal when it is neither.
    """
    texts = texts_in(first, decimal_comma)
    values = [number(cell, decimal_comma) for i, cell in enumerate(first) if i not in texts]
    if not texts or not values:
        return bool(texts)
    named = _are_names(values)
    if named and (_are_counted(values) or any(_is_word(i, first, rest) for i in texts)):
        return True
    if all(_is_text(i, first, rest, decimal_comma) for i in texts):
        return False
    if named or any(first[i].strip().lower() in _WORDS for i in texts):
        return True
    what = "texts and numbers, but not where the next lines have them: neither a header nor a row"
    raise Refusal(line, what, "give a first line that names the columns")


def counts_columns(first: Row, rest: Sequence[Row]) -> bool:
    """Whether a line only counts the columns, as pandas does where they have no names: 0, 1, 2.

    No program writes a row so that writes the others with points; but labels may be whole below it.
    """
    width = len(first)
    if width < 2 or not rest or [cell.strip() for cell in first] != [str(i) for i in range(width)]:
        return False
    below = [column(i, rest) for i in range(width)]
    whole = [i for i, cells in enumerate(below) if all(cell.lstrip("-").isdecimal() for cell in cells)]
    pointed = all(
        "." in cell or "e" in cell for i, cells in enumerate(below) if i not in whole for cell in cells
    )
    return pointed and whole in ([], [0], [width - 1])


def _are_names(values: list[float | None]) -> bool:
    """Whether numbers can be the names of classes: whole, and each once."""
    whole = all(value is not None and value.is_integer() and value >= 0 for value in values)
    return whole and len(set(values)) == len(values)


def _are_counted(values: list[float | None]) -> bool:
    """Whether they count 0, 1, 2 and on; a mere 0, 1 may be a sure prediction."""
    return len(values) > 2 and values == list(range(len(values)))


def _is_word(place: int, first: Row, rest: Sequence[Row]) -> bool:
    """Whether a text is the name of a column, and not a label that comes again below."""
    cell, below = first[place].strip(), column(place, rest)
    if not cell:
        return place == 0 and any(below)  # the nameless index of pandas
    return cell.lower() in _WORDS and cell not in below


def _is_text(place: int, first: Row, rest: Sequence[Row], decimal_comma: bool) -> bool:
    """Whether a column has texts below the first line, too, or a missing label in it."""
    if place > 0 and is_missing(first[place]):
        return True
    return not rest or any(number(cell, decimal_comma) is None for cell in column(place, rest))
