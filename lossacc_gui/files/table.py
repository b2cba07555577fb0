"""A table of texts, wherever its records come from: numbers for every class, and the label in one more."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted
from lossacc_gui.files.bulk import Block
from lossacc_gui.files.cells import is_fraction, is_missing, number
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.columns import Columns, find_columns
from lossacc_gui.files.formats import MAX_CLASSES, FoundLabels, Loaded
from lossacc_gui.files.lines import Record
from lossacc_gui.files.one_hot_columns import marked
from lossacc_gui.files.refusals import short

SAMPLE = 20
"""Records looked at before the columns are decided."""


@dataclass(frozen=True, slots=True)
class Records:
    """Records with the number of each, counted in ``unit``; an empty record is a blank line.

    ``delimiter`` parted them, "" where nothing had to; ``comma`` allows the comma as decimal sign.
    ``bulk`` gives what follows the last of ``rows`` that was asked for, as far as it can be had at once.
    """

    rows: Iterator[tuple[int, Record]]
    unit: str = "line"
    delimiter: str = ""
    comma: bool = False
    bulk: Callable[[Columns], Iterator[Block]] | None = None


def read_table(records: Records, memory: int, choices: Choices, notes: list[str]) -> Loaded:
    """The whole table: 1. columns, 2. what can be read at once, 3. every other record, 4. arrays.

    Raises Refusal, Ambiguous.
    """
    numbered = ((line, row) for line, row in records.rows if row)
    sample = list(islice(numbered, SAMPLE))
    plain = len(sample) == SAMPLE
    if records.unit == "line":
        sample = _without_comments(sample, notes)
    if not sample:
        raise Refusal("text", "it is empty", "give every row a line, every class a column")
    where = f"{records.unit} {sample[0][0]}" if sample[0][0] else "names"
    columns = find_columns([row for _, row in sample], records.comma, where, choices)
    if len(columns.classes) > MAX_CLASSES:
        what = f"{len(columns.classes)} classes"
        raise Refusal(where, what, "transpose it, if the rows are in its columns")
    table = Table(columns, records, memory // 2)
    for line, row in sample[columns.header is not None :]:
        table.add(line, row)
    for block in records.bulk(columns) if records.bulk and plain and not columns.marks else ():
        table.take(block)
    for line, row in numbered:
        table.add(line, row)
    probs, labels = table.numbers(), table.labels(notes)
    if table.decimal_comma:
        notes.append("the comma was read as the decimal sign")
    if table.percent:
        notes.append("percentages were read as shares: 25% as 0.25")
    if table.empty:
        notes.append(f"{counted(table.empty, 'empty cell')} read as nan: no number")
    notes.extend(columns.notes)
    label = columns.label
    source = "" if label is None else f"{columns.title(label)} in the same file"
    source = "the marks in the same file" if columns.marks else source
    names, score_of = columns.names, columns.score_of
    return Loaded(
        probs,
        labels,
        source,
        names,
        tuple(notes),
        score_of=score_of,
        weights=table.weights(),
        weights_from="" if columns.weight is None else columns.title(columns.weight),
        weights_sure=True,
    )


def _without_comments(sample: list[tuple[int, Record]], notes: list[str]) -> list[tuple[int, Record]]:
    """The first records without lines that begin with #; or without the sign, where the line names the columns."""
    while len(sample) > 1 and sample[0][1][0].lstrip().startswith("#"):
        (line, first), (_, second) = sample[:2]
        if len(first) == len(second) and not any(cell.lstrip().startswith("#") for cell in first[1:]):
            return [(line, [first[0].lstrip()[1:].strip(), *first[1:]]), *sample[1:]]  # as numpy.savetxt does
        if len(first) == len(second):
            break  # classes are called so
        notes.append(f"line {line}, which begins with #, was left out")
        sample = sample[1:]
    return sample


class Table:
    """Takes records one by one and keeps their numbers and lines, eight bytes each, and their labels."""

    def __init__(self, columns: Columns, records: Records, most: int) -> None:
        self._columns = columns
        self._delimiter, self._unit = records.delimiter, records.unit
        self._comma_allowed = records.comma
        self._most = most
        self._cells = array("d")
        self._labels: list[str] = []
        self._weights = array("d")
        self._last_line = 0
        self.lines = array("q")
        self.decimal_comma = self.decimal_point = self.percent = False
        self.empty = 0
        """Cells without a number, which are NaN."""
        places = columns.classes
        straight = places == tuple(range(places[0], places[0] + len(places)))
        self._pick = slice(places[0], places[-1] + 1) if straight else None

    def add(self, line: int, row: Record) -> None:
        """Take one record. Raises Refusal for the first cell that is no number."""
        columns = self._columns
        if len(row) != columns.width:
            what = f"{counted(len(row), 'cell')}, but {columns.width} in the first {self._unit}"
            raise Refusal(
                f"{self._unit} {line}",
                what,
                "give every row one cell a column, and quote cells with delimiters",
            )
        if self._delimiter and line - self._last_line > 1:
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
            raise Refusal(f"{self._unit} {line}", what, "write every number as in 0.25")
        self._add_aside(line, row)
        self.lines.append(line)
        if before * 8 > self._most:
            raise self._too_many(line)

    def _add_aside(self, line: int, row: Record) -> None:
        """Take what is no number of a class."""
        columns = self._columns
        for place in columns.whole:
            self._require_whole(line, place, row[place])
        if columns.label is not None:
            self._labels.append(row[columns.label])
        if columns.marks:
            self._labels.append(self._marked(line, row))
        if columns.weight is not None:
            self._weights.append(self._weight(line, row[columns.weight]))

    def take(self, block: Block) -> None:
        """Take many records, of which none is unusual."""
        rows = len(block.numbers)
        self._cells.frombytes(block.numbers.data.cast("B"))
        self._labels.extend(block.labels)
        if block.weights is not None:
            self._weights.frombytes(block.weights.data.cast("B"))
        self.lines.extend(range(block.first_line, block.first_line + rows))
        self._last_line = self.lines[-1]
        self.decimal_point = self.decimal_point or self._comma_allowed
        most = self._most // 8 // len(self._columns.classes) + 1
        if len(self.lines) > most:
            raise self._too_many(self.lines[most])

    def _too_many(self, line: int) -> Refusal:
        return Refusal(f"{self._unit} {line}", "more numbers than fit into memory", "save them as .npy")

    def _slowly(self, line: int, row: Record) -> Iterator[float]:
        """The numbers of a row that has a decimal comma or a cell that cannot be read."""
        for column in self._columns.classes:
            value = number(row[column])
            if value is None and not row[column].strip():  # as pandas writes a missing number
                self.empty += 1
                value = math.nan
            if value is None:
                value = number(row[column], self._comma_allowed)
                self.decimal_comma = True
            self.percent = self.percent or "%" in row[column]
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
                raise Refusal(f"{self._unit} {line}", what, "close every quotation mark, one row a line")

    def _require_whole(self, line: int, place: int, cell: str) -> None:
        """Raise Refusal for a fraction in a column that was left out because it holds labels."""
        if is_fraction(number(cell, self._comma_allowed)):
            where = f"{self._unit} {line}, {self._columns.title(place)}"
            what = f"{short(cell)!r} is no label, but the first rows have labels there"
            raise Refusal(where, what, "remove the column, or call it prob_ and the class")

    def _marked(self, line: int, row: Record) -> str:
        """The label of a row whose labels are one-hot."""
        columns = self._columns
        label = marked(row, columns.marks, columns.names or ())
        if label is None:
            where = f"{self._unit} {line}, {columns.title(columns.marks[0])} and on"
            raise Refusal(where, "no one-hot label", "give 0 and 1, and 1 at most once a row")
        return label

    def _unreadable(self, line: int, column: int, cell: str) -> Refusal:
        where = f"{self._unit} {line}, {self._columns.title(column)}"
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
            texts = np.array(self._labels, dtype=object)
            return FoundLabels(texts, self.lines, self._unit) if columns.marks else None
        if columns.header is None and not any(label.strip() for label in self._labels):
            notes.append(f"columns left out: {columns.title(columns.label)!r}")  # a comma ends every line
            return None
        if columns.names is None:
            self._require_labels(columns.label)
        return FoundLabels(np.array(self._labels, dtype=object), self.lines, self._unit)

    def weights(self) -> NDArray[np.float64] | None:
        """The column of weights, if there is one."""
        return np.frombuffer(self._weights, np.float64) if self._weights else None

    def _weight(self, line: int, cell: str) -> float:
        value = number(cell, self._comma_allowed)
        if value is None or not 0 <= value < math.inf:
            what = f"{short(cell)!r} is no weight" if cell.strip() else "the cell is empty"
            place = self._columns.weight
            where = f"{self._unit} {line}" + ("" if place is None else f", {self._columns.title(place)}")
            raise Refusal(where, what, "give every row a finite weight, 0 or more")
        return value

    def _require_labels(self, place: int) -> None:
        """Raise Refusal for numbers that are not whole: without class names they would become such."""
        numbers = {label: number(label) for label in set(self._labels) if not is_missing(label)}
        broken = {label for label, value in numbers.items() if is_fraction(value)}
        if broken and None not in numbers.values():
            row = next(i for i, label in enumerate(self._labels) if label in broken)
            where = f"{self._unit} {self.lines[row]}, {self._columns.title(place)}"
            what = f"{short(self._labels[row])!r} is not whole, and no label"
            raise Refusal(where, what, "give class names or indices")
