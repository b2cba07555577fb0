"""Tables of text: .csv and .tsv, a row a line, a class a column, and the label in one more."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.cells import is_fraction, is_missing, number
from lossacc_gui.files.columns import Columns, find_columns, with_header
from lossacc_gui.files.disk import open_file
from lossacc_gui.files.formats import MAX_CLASSES, Format, FoundLabels, Loaded
from lossacc_gui.files.lines import Lines, Record, encoding_of, records
from lossacc_gui.files.names import LABEL_WORDS, PREDICTED_WORDS, PREDICTION_WORDS, first_of
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import short

_SAMPLE = 20
"""Records looked at before the columns are decided."""

_T = TypeVar("_T")


def _read(path: Path, progress: Progress, memory: int) -> Loaded:
    return _decoded(path, progress, lambda lines, notes: _table(lines, memory, notes))


def _read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
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
    columns = find_columns([row for _, row in sample], comma, sample[0][0])
    if len(columns.classes) > MAX_CLASSES:
        what = f"{len(columns.classes)} classes"
        raise Refusal(f"line {sample[0][0]}", what, "transpose it, if the rows are in its columns")
    body = chain(sample[columns.header is not None :], numbered)
    table = _Table(columns, delimiter, memory // 2)
    for line, row in body:
        table.add(line, row)
    probs, labels = table.numbers(), table.labels(notes)
    if table.decimal_comma:
        notes.append("the comma was read as the decimal sign")
    notes.extend(columns.notes)
    label = columns.label
    where = "" if label is None else f"{columns.title(label)} in the same file"
    return Loaded(probs, labels, where, columns.names, tuple(notes), score_of=columns.score_of)


class _Table:
    """Takes records one by one and keeps their numbers and lines, eight bytes each, and their labels."""

    def __init__(self, columns: Columns, delimiter: str, most: int) -> None:
        self._columns = columns
        self._delimiter = delimiter
        self._comma_allowed = delimiter != ","
        self._most = most
        self._cells = array("d")
        self._labels: list[str] = []
        self._last_line = 0
        self.lines = array("q")
        self.decimal_comma = self.decimal_point = False
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
        if line - self._last_line > 1:
            self._require_one_row(line, row)
        self._last_line = line
        cells = row[self._pick] if self._pick else [row[i] for i in columns.classes]
        before, written = len(self._cells), "".join(cells)
        try:
            self._cells.extend(map(float, cells))
            if "_" in written:  # Python reads 1_0 as 10
                raise ValueError
        except ValueError:
            del self._cells[before:]
            self._cells.extend(self._slowly(line, row))
        self.decimal_point = self.decimal_point or "." in written
        if self.decimal_comma and self.decimal_point:
            what = "decimal commas and decimal points in one table"
            raise Refusal(f"line {line}", what, "write every number as in 0.25")
        for place in columns.whole:
            self._require_whole(line, place, row[place])
        if columns.label is not None:
            self._labels.append(row[columns.label])
        self.lines.append(line)
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

    def _require_one_row(self, line: int, row: Record) -> None:
        """Raise Refusal when a cell of several lines has swallowed one that is a row of its own."""
        columns = self._columns
        for part in (part for cell in row for part in re.split(r"[\r\n]+", cell)[1:]):
            cells = part.split(self._delimiter)
            numbers = [number(cells[i], True) for i in columns.classes if i < len(cells)]
            if len(cells) == columns.width > 1 and None not in numbers:
                what = f"a quotation mark in or above it holds the row {short(part)!r}"
                raise Refusal(f"line {line}", what, "close every quotation mark, one row a line")

    def _require_whole(self, line: int, place: int, cell: str) -> None:
        """Raise Refusal for a fraction in a column that was left out because it holds labels."""
        if is_fraction(number(cell, self._comma_allowed)):
            where = f"line {line}, {self._columns.title(place)}"
            what = f"{short(cell)!r} is no label, but the first rows have labels there"
            raise Refusal(where, what, "remove the column, or call it prob_ and the class")

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

    def labels(self, notes: list[str]) -> FoundLabels | None:
        """The label column as it is there. Of objects: one long text would make every other as long."""
        columns = self._columns
        if columns.label is None:
            return None
        if columns.header is None and not any(label.strip() for label in self._labels):
            notes.append(f"columns left out: {columns.title(columns.label)!r}")  # a comma ends every line
            return None
        if columns.names is None:
            self._require_labels(columns.label)
        return FoundLabels(np.array(self._labels, dtype=object), self.lines)

    def _require_labels(self, place: int) -> None:
        """Raise Refusal for numbers that are not whole: without class names they would become such."""
        values = [None if is_missing(label) else number(label) for label in self._labels]
        known = [label for label, value in zip(self._labels, values, strict=True) if value is None]
        row = next((i for i, value in enumerate(values) if is_fraction(value)), None)
        if row is not None and all(map(is_missing, known)):
            where = f"line {self.lines[row]}, {self._columns.title(place)}"
            what = f"{short(self._labels[row])!r} is not whole, and no label"
            raise Refusal(where, what, "give class names or indices")


def _label_column(lines: Lines, memory: int) -> FoundLabels:
    """The labels of a file that is asked for nothing else."""
    delimiter, every = records(lines)
    table = list(_bounded(every, memory))
    while table and not "".join(table[-1][1]).strip():
        table.pop()  # blank lines at the end are no rows; one between others is a row without a label
    if not table:
        raise Refusal("text", "it is empty", "give every row a label")
    line, first = table[0]
    below = [row for _, row in table[1:] if row]
    word = first_of(LABEL_WORDS, first)
    if word is not None and below and (len(first) > 1 or first not in below):  # y, n, y are labels
        return _column(table[1:], first.index(word), len(first))
    if len(first) == 1:
        named = number(first[0]) is None and not is_missing(first[0])
        named = named and bool(below) and number((table[1][1] or [""])[0]) is not None
        return _column(table[1 if named else 0 :], 0, 1)
    columns = find_columns([row for _, row in table[:_SAMPLE] if row], delimiter != ",", line)
    body = table[columns.header is not None :]
    if columns.label is not None:
        return _column(body, columns.label, columns.width)
    if len(columns.classes) > 1:
        return _one_hot(body, columns, delimiter)
    if columns.score_of is not None and columns.score_of.lower() in (*PREDICTED_WORDS, *PREDICTION_WORDS):
        what = f"{columns.title(columns.classes[0])} holds predictions"
        raise Refusal(f"line {line}", what, "name the column of labels 'label'")
    return _column(body, columns.classes[0], columns.width)


def _column(table: list[tuple[int, Record]], place: int, width: int) -> FoundLabels:
    """One column of a table as texts."""
    for line, row in table:
        if row and len(row) != width:
            what = f"{len(row)} cells, but {width} in the first line"
            raise Refusal(f"line {line}", what, "give every row one label")
    texts = np.array([row[place] if row else "" for _, row in table], dtype=object)
    return FoundLabels(texts, array("q", (line for line, _ in table)))


def _one_hot(table: list[tuple[int, Record]], columns: Columns, delimiter: str) -> FoundLabels:
    """Several columns of numbers: a one-hot matrix, or nothing that can be told."""
    matrix = _Table(columns, delimiter, most=1 << 62)
    for line, row in table:
        matrix.add(line, row)
    return FoundLabels(matrix.numbers(), matrix.lines)


def _bounded(rows: Iterator[tuple[int, Record]], memory: int) -> Iterator[tuple[int, Record]]:
    """The records, as long as they fit into memory as texts."""
    room = memory // 4
    for line, row in rows:
        room -= sum(map(len, row)) + 64 * (2 + len(row))
        if room < 0:
            raise Refusal(f"line {line}", "more text than fits into memory", "save the labels as .npy")
        yield line, row


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
        counted = names == tuple(map(str, range(len(names))))  # other numbers might be taken for a row
        plain = plain and (counted or all(number(name, decimal_comma=True) is None for name in names))
    except Refusal:
        plain = False
    return names if plain else tuple(f"prob_{name}" for name in names)


def _quoted(text: str) -> str:
    """A cell of text; quoted when any delimiter, or the start of the file, could be seen in it."""
    if any(c in text for c in ',;\t"\r\n\ufeff') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


DELIMITED = Format("delimited", "Table of text", (".csv", ".tsv"), _read, _read_labels, _write)
