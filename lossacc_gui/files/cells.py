"""What a cell of text is: a number, nearly one, a missing label, or a word."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from lossacc_gui.core.predictions import MISSING

Row = Sequence[str]

_DECIMAL_COMMA = re.compile(r"\s*[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?\s*")
_PERCENT = re.compile(r"\s*([+-]?(?:\d+[.,]?\d*|[.,]\d+))\s*%\s*")
_NEARLY = re.compile(r"\s*[+-]?[\d.,;_' ]*\d[\d.,;_' ]*([eE][+-]?\d+)?\s*%?\s*")


def number(cell: str, decimal_comma: bool = False) -> float | None:
    """The number in a cell, or None: 0.2 of 20%. Underscores, which Python allows, are no part of one."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        if decimal_comma and _DECIMAL_COMMA.fullmatch(cell):
            return float(cell.replace(",", "."))
        if (share := _PERCENT.fullmatch(cell)) is not None and (decimal_comma or "," not in cell):
            return float(f"{share[1].replace(',', '.')}e-2")  # rounded once, as 0.2 is
        return None


def is_nearly_number(cell: str) -> bool:
    """Whether a cell is a number, or was meant as one: 45%, 1.234,5 or two with a wrong delimiter."""
    return number(cell) is not None or _NEARLY.fullmatch(cell) is not None


def is_missing(cell: str) -> bool:
    """Whether a cell says that a row has no label."""
    return cell.strip().lower() in MISSING


def is_fraction(value: float | None) -> bool:
    """Whether a cell holds a number that cannot be the index of a class."""
    return value is not None and math.isfinite(value) and not value.is_integer()


def column(place: int, rows: Iterable[Row]) -> list[str]:
    """The cells of a column; rows that are too short for it are refused elsewhere."""
    return [row[place].strip() for row in rows if place < len(row)]


def is_blank(place: int, rows: Sequence[Row]) -> bool:
    """Whether there are rows, and none of them has anything in this column."""
    return bool(rows) and not any(column(place, rows))


def has_fractions(place: int, rows: Sequence[Row], decimal_comma: bool = False) -> bool:
    """Whether a column holds numbers only, and not all of them whole."""
    values = [number(cell, decimal_comma) for cell in column(place, rows) if not is_missing(cell)]
    return None not in values and any(map(is_fraction, values))


def texts_in(row: Row, decimal_comma: bool) -> list[int]:
    """The places of the cells that are no numbers."""
    return [i for i, cell in enumerate(row) if number(cell, decimal_comma) is None]
