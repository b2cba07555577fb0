"""Rows of a text table a few megabytes at a time, where nothing about them is unusual.

Arrow reads these, where it is installed, ten times as fast as Python can, and numpy alone half as fast as that. What
they might read otherwise than record by record - a quotation mark, a blank line, a decimal comma, a row of another
width, a cell that is no number - is left to whoever reads the records, who knows the line and the column of a
refusal. So all ways give the same bits.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.files.cells import is_fraction, number
from lossacc_gui.files.columns import Columns
from lossacc_gui.files.decimals import PAD, WORKS, decimals
from lossacc_gui.files.lines import Lines

CHUNK = 2 << 20
"""Characters read at a time by Arrow."""

PLAIN_CHUNK = 1 << 18
"""The same without it: so that what is made of them stays in the cache."""

ARROW_PAYS = 4 << 20
"""Bytes of a file from which on importing Arrow takes less time than it saves."""


Parse = Callable[[str, str, Columns], tuple[NDArray[np.float64], list[list[str]]]]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows that follow one another: numbers (N, C), the label of each if there are labels, the weight of each."""

    numbers: NDArray[np.float64]
    labels: list[str]
    weights: NDArray[np.float64] | None
    first_line: int


def blocks(lines: Lines, delimiter: str, comma: bool, columns: Columns) -> Iterator[Block]:
    """The rows that follow, up to the first unusual ones, which ``lines`` then still has.

    ``comma`` says that a comma may be a decimal sign.
    """
    parse, size = (_parse, CHUNK) if _arrow(lines.size) else (_parse_plain, PLAIN_CHUNK)
    if (parse is _parse_plain and not WORKS) or (delimiter == " " and _aside(columns)):
        return  # a text that is parted by spaces is not parted by each of them
    while text := lines.chunk(size):
        try:
            block = _block(text, delimiter, comma, columns, lines.number + 1, parse)
        except ValueError:
            lines.put_back(text)
            return
        lines.took(len(block.numbers))
        yield block


def _block(text: str, delimiter: str, comma: bool, columns: Columns, line: int, parse: Parse) -> Block:
    """The rows of a text. Raises ValueError where anything about them is unusual."""
    rows = text.removesuffix("\n").split("\n")
    _require_plain(text, rows)
    first = rows[0].split(delimiter)
    if comma and "." not in "".join(first[i] for i in columns.classes if i < len(first)):
        raise ValueError("decimal points, or none, are counted by record")
    numbers, texts = parse(text, delimiter, columns)
    if len(numbers) != len(rows):
        raise ValueError("a blank line")
    if "(" in text and np.isnan(numbers).any():
        raise ValueError("nan(1) is no number everywhere")
    found = dict(zip(_aside(columns), texts, strict=True))
    if any(is_fraction(number(cell, comma)) for place in columns.whole for cell in set(found[place])):
        raise ValueError("a fraction among labels")
    labels = [] if columns.label is None else found[columns.label]
    return Block(numbers, labels, _weights(found, columns), line)


def _require_plain(text: str, rows: list[str]) -> None:
    """Raise ValueError for text in which a row, or a number, might not be what it seems."""
    if '"' in text or "\0" in text:
        raise ValueError("a quotation mark, or a NUL")
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        raise ValueError("lines that end otherwise")
    if max(map(len, rows)) > csv.field_size_limit():
        raise ValueError("perhaps a cell that is too long")


def _aside(columns: Columns) -> tuple[int, ...]:
    """The places of what is wanted as text: label, weight, and what must be whole."""
    wanted = {*columns.whole, *(i for i in (columns.label, columns.weight) if i is not None)}
    return tuple(sorted(wanted))


def _weights(found: dict[int, list[str]], columns: Columns) -> NDArray[np.float64] | None:
    if columns.weight is None:
        return None
    cells = found[columns.weight]
    weights = np.array([float(cell) for cell in cells])
    if "_" in "".join(cells) or not ((weights >= 0) & (weights < np.inf)).all():
        raise ValueError("a weight that is none")
    return weights


def _arrow(size: int) -> bool:
    """Whether Arrow is there, and the file large enough for importing it."""
    if size >= ARROW_PAYS or "pyarrow.csv" in sys.modules:
        with suppress(ImportError):
            return bool(import_module("pyarrow.csv"))
    return False


def _parse_plain(text: str, delimiter: str, columns: Columns) -> tuple[NDArray[np.float64], list[list[str]]]:
    """As ``_parse``, with numpy alone."""
    written = text.encode() if text.endswith("\n") else f"{text}\n".encode()
    data = np.frombuffer(written + b" " * PAD, np.uint8)
    cells = data[: len(written)]
    line_ends = cells == ord("\n")
    places = np.flatnonzero((cells == ord(delimiter)) | line_ends)
    if len(places) % columns.width or np.count_nonzero(line_ends) * columns.width != len(places):
        raise ValueError("a row of another width")
    ends = places.reshape(-1, columns.width)
    if not line_ends[ends[:, -1]].all():
        raise ValueError("a row of another width")
    starts = np.append(0, places[:-1] + 1).reshape(ends.shape)
    ends[:, -1] -= data[ends[:, -1] - 1] == ord("\r")
    classes = list(columns.classes)
    numbers = decimals(data, starts[:, classes].reshape(-1), ends[:, classes].reshape(-1))
    texts = []
    for place in _aside(columns):
        spans = zip(starts[:, place].tolist(), ends[:, place].tolist(), strict=True)
        texts.append(b"\n".join([written[start:end] for start, end in spans]).decode().split("\n"))
    return numbers.reshape(-1, len(classes)), texts


def _parse(text: str, delimiter: str, columns: Columns) -> tuple[NDArray[np.float64], list[list[str]]]:
    """The numbers (rows, classes), and of each column of ``_aside`` the texts. Raises ValueError."""
    import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to import
    from pyarrow import csv as arrow  # noqa: PLC0415

    data = text.encode()
    names, aside = list(map(str, range(columns.width))), _aside(columns)
    kinds = {str(i): pa.float64() for i in columns.classes} | {str(i): pa.string() for i in aside}
    table = arrow.read_csv(
        pa.BufferReader(data),
        arrow.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
        arrow.ParseOptions(delimiter=delimiter, quote_char=False),
        arrow.ConvertOptions(column_types=kinds, include_columns=list(kinds), null_values=[]),
    )
    numbers = np.empty((table.num_rows, len(columns.classes)))
    for at, place in enumerate(columns.classes):
        numbers[:, at] = np.from_dlpack(table.column(str(place)).chunk(0))  # to_numpy() imports pandas
    return numbers, [table.column(str(place)).to_pylist() for place in aside]
