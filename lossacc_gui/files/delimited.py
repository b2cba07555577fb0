"""Tables of text: .csv and .tsv, a row a line, a class a column, and the label in one more."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.columns import Columns, find_columns, number, with_header
from lossacc_gui.files.disk import open_file
from lossacc_gui.files.formats import MAX_CLASSES, Format, Loaded
from lossacc_gui.files.lines import Lines, Record, encoding_of, records
from lossacc_gui.files.names import LABEL_WORDS, first_of
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import short

_SAMPLE = 20
"""Records looked at before the columns are decided."""

_T = TypeVar("_T")


def _read(path: Path, progress: Progress, memory: int) -> Loaded:
    return _decoded(path, progress, lambda lines, notes: _table(lines, memory, notes))


def _read_labels(path: Path, progress: Progress, memory: int) -> NDArray[Any]:
    return _decoded(path, progress, lambda lines, _notes: _label_column(lines, memory))


def _decoded(path: Path, progress: Progress, parse: Callable[[Lines, list[str]], _T]) -> _T:
    """What ``parse`` makes of the file's lines: as UTF-8 or marked UTF-16, else as Latin-1."""
    with open_file(path) as file:
        encoding = encoding_of(file)
        try:
            with Lines(file, encoding, progress) as lines:
                return parse(lines, [])
        except UnicodeError as error:
            if encoding == "utf-16":
                raise Refusal("text", "it is no whole UTF-16", "save it as UTF-8") from error
    with open_file(path) as file, Lines(file, "latin-1", progress) as lines:
        return parse(lines, ["the text is not UTF-8 and was read as Latin-1"])


def _table(lines: Lines, memory: int, notes: list[str]) -> Loaded:
    """The whole table: 1. delimiter, 2. columns, 3. every record, 4. arrays."""
    delimiter, every = records(lines)
    comma = delimiter != ","
    numbered = ((line, row) for line, row in every if row)
    sample = list(islice(numbered, _SAMPLE))
    if not sample:
        raise Refusal("text", "it is empty", "give every row a line, every class a column")
    columns = find_columns([row for _, row in sample], comma)
    if len(columns.classes) > MAX_CLASSES:
        raise Refusal(
            "line 1", f"{len(columns.classes)} classes", "transpose it, if the rows are in its columns"
        )
    body = chain(sample[columns.header is not None :], numbered)
    table = _Table(columns, comma, memory // 2)
    for line, row in body:
        table.add(line, row)
    if table.decimal_comma:
        notes.append("the comma was read as the decimal sign")
    notes.extend(columns.notes)
    label = columns.label
    where = "" if label is None else f"{columns.title(label)} in the same file"
    return Loaded(table.numbers(), table.labels(), where, columns.names, tuple(notes))


class _Table:
    """Takes records one by one and keeps their numbers, eight bytes each, and their labels."""

    def __init__(self, columns: Columns, comma_allowed: bool, most: int) -> None:
        self._columns = columns
        self._comma_allowed = comma_allowed
        self._most = most
        self._cells = array("d")
        self._labels: list[str] = []
        self.decimal_comma = False
        places = columns.classes
        straight = places == tuple(range(places[0], places[0] + len(places)))
        self._pick = slice(places[0], places[-1] + 1) if straight else None

    def add(self, line: int, row: Record) -> None:
        """Take one record. Raises Refusal for the first cell that is no number."""
        columns = self._columns
        if len(row) != columns.width:
            what = f"{len(row)} cells, but {columns.width} in the first line"
            raise Refusal(
                f"line {line}", what, "give every row one cell a column, and quote cells with delimiters"
            )
        cells = row[self._pick] if self._pick else [row[i] for i in columns.classes]
        before = len(self._cells)
        try:
            self._cells.extend(map(float, cells))
            if "_" in "".join(cells):  # Python reads 1_0 as 10
                raise ValueError
        except ValueError:
            del self._cells[before:]
            self._cells.extend(self._slowly(line, row))
        if columns.label is not None:
            self._labels.append(row[columns.label])
        if before * 8 > self._most:
            raise Refusal(f"line {line}", "more numbers than fit into memory", "save them as .npy")

    def _slowly(self, line: int, row: Record) -> Iterator[float]:
        """The numbers of a row that has a decimal comma or a cell that cannot be read."""
        for column in self._columns.classes:
            value = number(row[column])
            if value is None:
                value = number(row[column], self._comma_allowed)
                self.decimal_comma = True
            if value is None:
                raise self._unreadable(line, column, row[column])
            yield value

    def _unreadable(self, line: int, column: int, cell: str) -> Refusal:
        where = f"line {line}, {self._columns.title(column)}"
        if not cell.strip():
            return Refusal(where, "the cell is empty", "write nan where there is no number")
        return Refusal(where, f"{short(cell)!r} is no number", "write it as in 0.25, or nan")

    def numbers(self) -> NDArray[np.float64]:
        """All rows; a single column of numbers has one axis."""
        width = len(self._columns.classes)
        if not self._cells:
            raise Refusal("text", "there is a header and no row", "give at least one row")
        table: NDArray[np.float64] = np.frombuffer(self._cells, np.float64)
        return table if width == 1 else table.reshape(-1, width)

    def labels(self) -> NDArray[Any] | None:
        """The label column as it is there. Of objects: one long text would make every other as long."""
        return None if self._columns.label is None else np.array(self._labels, dtype=object)


def _label_column(lines: Lines, memory: int) -> NDArray[Any]:
    """The labels of a file that is asked for nothing else."""
    _, every = records(lines)
    table = list(_bounded(every, memory))
    while table and not "".join(table[-1]).strip():
        table.pop()  # blank lines at the end are no rows; one between others is a row without a label
    if not table:
        raise Refusal("text", "it is empty", "give every row a label")
    first = table[0]
    word = first_of(LABEL_WORDS, first)
    if word is not None and not (len(first) == 1 and len(table) == 1):
        return _column(table[1:], first.index(word), len(first))
    if len(first) == 1:
        named = number(first[0]) is None and len(table) > 1 and number((table[1] or [""])[0]) is not None
        return _column(table[1 if named else 0 :], 0, 1)
    columns = find_columns([row for row in table[:_SAMPLE] if row], decimal_comma=False)
    if columns.label is not None:
        return _column(table, columns.label, columns.width)
    if len(columns.classes) == 1:
        return _column(table[columns.header is not None :], columns.classes[0], columns.width)
    return _one_hot(table[columns.header is not None :], columns)


def _column(table: list[Record], place: int, width: int) -> NDArray[Any]:
    """One column of a table as texts."""
    for i, row in enumerate(table):
        if row and len(row) != width:
            raise Refusal(
                f"row {i + 1}", f"{len(row)} cells, but {width} in the first line", "give every row one label"
            )
    return np.array([row[place] if row else "" for row in table], dtype=object)


def _one_hot(table: list[Record], columns: Columns) -> NDArray[Any]:
    """Several columns of numbers: a one-hot matrix, or nothing that can be told."""
    matrix = _Table(columns, comma_allowed=False, most=1 << 62)
    for i, row in enumerate(table):
        matrix.add(i + 1 + (columns.header is not None), row)
    return matrix.numbers()


def _bounded(rows: Iterator[tuple[int, Record]], memory: int) -> Iterator[Record]:
    """The records, as long as they fit into memory as texts."""
    room = memory // 4
    for line, row in rows:
        room -= sum(map(len, row)) + 64 * (1 + len(row))
        if room < 0:
            raise Refusal(f"line {line}", "more text than fits into memory", "save the labels as .npy")
        yield row


def _write(file: BinaryIO, predictions: Predictions, progress: Progress, suffix: str) -> None:
    if predictions.epochs > 1:
        what = f"{predictions.epochs} epochs, and a table holds one"
        raise Refusal("predictions", what, "save as .npz")
    delimiter = "\t" if suffix == ".tsv" else ","
    names = _header(predictions.class_names)
    file.write(f"{delimiter.join(map(_quoted, names))}{delimiter}label\n".encode())
    called = {i: _quoted(name) for i, name in enumerate(predictions.class_names)}
    called[NO_LABEL] = ""
    block = max(1, 65_536 // predictions.classes)
    for start in range(0, predictions.rows, block):
        progress.step(start, predictions.rows, "rows")
        rows = predictions.probs[0, start : start + block].tolist()  # exact: float64 holds every float32
        labels = predictions.labels[start : start + block].tolist()
        ends = (f"{delimiter}{called[label]}\n" for label in labels)
        file.write(
            "".join(
                delimiter.join(map(repr, row)) + end for row, end in zip(rows, ends, strict=True)
            ).encode()
        )
    progress.step(1, 1, "rows")


def _header(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the class columns, so that reading them gives the class names again.

    A class called ``label``, ``id`` or ``prob_x`` would be read as something else: then every name
    gets the prefix that says "this is a class".
    """
    for name in names:
        if "\0" in name or any("\ud800" <= c <= "\udfff" for c in name):
            raise Refusal(
                "class names", f"{short(name)!r} holds a character no text has", "give it another name"
            )
    try:
        found = with_header([*names, "label"], [])
        plain = found.names == names and found.label == len(names)
    except Refusal:
        plain = False
    return names if plain else tuple(f"prob_{name}" for name in names)


def _quoted(text: str) -> str:
    """A cell of text; quoted when any delimiter, or the start of the file, could be seen in it."""
    if any(c in text for c in ',;\t"\r\n\ufeff') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


DELIMITED = Format("delimited", "Table of text", (".csv", ".tsv"), _read, _read_labels, _write)
