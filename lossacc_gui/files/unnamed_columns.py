"""What columns of numbers are where no name says it: classes, labels, or something else, by the sums of rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from lossacc_gui.files.cells import Row, is_fraction, number
from lossacc_gui.files.choices import Ambiguous, Choices, Option, Question, chosen
from lossacc_gui.files.near_one import NEAR_ONE

MOST_BESIDE = 40
"""Columns up to which some are looked for that are no classes."""

_FEWEST = 5
"""Rows of which sums are believed: few that were typed by hand may sum to 1 by chance."""


def without_header(
    sample: Sequence[Row], decimal_comma: bool, line: str, choices: Choices
) -> tuple[int | None, int | None]:
    """The place of the labels in a table of numbers, and that of a column that only counts the rows.

    Labels are in the last or the first column, if it alone is whole and the others sum to 1 without it; or beside
    the one column of a score. Raises Ambiguous where the sums do not say it.
    """
    width = len(sample[0])
    rows = [[number(cell, decimal_comma) for cell in row] for row in sample if len(row) == width]
    table = [[value for value in row if value is not None] for row in rows if None not in row]
    if len(table) < len(sample) or width < 2:  # something in it is to be refused
        return None, None
    found = [place for place in (width - 1, 0) if _may_be_labels(place, table)]
    question = _question([*found, *(place for place in (width - 1, 0) if place not in found)], sample[0])
    if (decided := chosen(choices, question)) is not None:
        return (int(decided.removeprefix("column ")) - 1 if decided else None), None
    if _sum_to_one(table):
        return None, None
    if (index := _index(table, found)) is not None:
        return index
    sure = _sure(table, found)
    if found and len(sure) != 1:
        what = f"column {found[0] + 1} holds whole numbers only, and the others fractions"
        raise Ambiguous(line, what, "give a first line that names the columns", question)
    return (sure[0] if sure else None), None


def _index(table: list[list[float]], found: list[int]) -> tuple[int | None, int] | None:
    """The places of the labels, if there are any, and of the first column, if it only counts the rows."""
    if len(table) < 2 or any(row[0] != table[0][0] + at for at, row in enumerate(table)):
        return None
    rest, last = [row[1:] for row in table], len(table[0]) - 2
    for at in (last, 0):
        others = [row[:at] + row[at + 1 :] for row in rest]
        if last > 1 and _may_be_labels(at, rest) and _sum_to_one(others):
            return at + 1, 0
    return (None, 0) if not found and _sum_to_one(rest) else None


def _sure(table: list[list[float]], found: list[int]) -> list[int]:
    """Which of these places are surely those of labels."""
    if len(table[0]) > 2:
        return [at for at in found if _sum_to_one([row[:at] + row[at + 1 :] for row in table])]
    scored = all(0 <= score <= 1 and label in (0, 1) for score, label in table)
    return [1] if scored and 1 in found else []


def _may_be_labels(place: int, table: list[list[float]]) -> bool:
    """Whether a column is whole, none of the others is, and its numbers are those of so many classes."""
    classes = max(2, len(table[0]) - 1)
    cells = [row[place] for row in table]
    if not all(value.is_integer() and -1 <= value <= classes for value in cells):
        return False
    others = [other for other in range(len(table[0])) if other != place]
    return all(any(is_fraction(row[other]) for row in table) for other in others)


def _sum_to_one(table: list[list[float]]) -> bool:
    return all(abs(sum(row) - 1) < NEAR_ONE for row in table)


def beside_classes(places: list[int], rest: Sequence[Row], decimal_comma: bool) -> list[int]:
    """The columns of numbers that are no class, as a fold or the largest of the others: rows sum to 1 without
    them, and do not with them. At most two of them may have fractions."""
    if not 3 <= len(places) <= MOST_BESIDE or len(rest) < _FEWEST:
        return []
    rows = [[number(row[i], decimal_comma) if i < len(row) else None for i in places] for row in rest]
    table = [[value for value in row if value is not None] for row in rows if None not in row]
    if len(table) < len(rest) or _sum_to_one(table):
        return []
    every = range(len(places))
    whole = [i for i in every if all(row[i].is_integer() for row in table) and any(row[i] for row in table)]
    others = [i for i in every if i not in whole]
    for count in range(3):
        found = [
            out
            for out in combinations(others, count)
            if len(others) - count > 1
            and _sum_to_one([[row[i] for i in others if i not in out] for row in table])
        ]
        if found:
            return [places[i] for i in sorted((*whole, *found[0]))] if len(found) == 1 else []
    return []


def _question(places: list[int], first: Row) -> Question:
    options = [Option(f"column {at + 1}", f"column {at + 1}: {first[at].strip()}, …") for at in places]
    none = Option("", "none: every column is a class")
    return Question("label", "Which column holds the labels?", (*options, none))
