"""Lines of a text file of any common encoding, never more of them in memory than one record needs."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Self

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.cells import is_nearly_number, number
from lossacc_gui.files.disk import size_of
from lossacc_gui.files.formats import MAX_CLASSES
from lossacc_gui.files.progress import Progress

LONGEST = 64 << 20
"""Characters of a record; a million classes need a third of it."""

_SAMPLE = 20
_SAMPLE_CHARACTERS = 1 << 20
"""Lines, and characters, that are looked at before the delimiter is decided."""

_LINE = 4096
"""What a line counts besides its characters: a row that has thousands of lines is a lost quote."""

_WIDEST = 1 << 16
"""Characters of a line that are enough to count its cells by kind."""

_QUOTES = {
    "unexpected end": "a quotation mark that is never closed",
    "expected after": "a quotation mark that is not closed, or text behind one that is",
    "field larger": f"a cell of more than {csv.field_size_limit():,} characters",
}
"""What the messages of the csv module mean."""

Record = list[str]


class Lines:
    """Iterates over a file's lines, with their ends. ``number`` counts them from 1.

    Whoever reads records sets ``pending`` to 0 after each, so that a quote that is never closed
    cannot make one record of a whole file. ``taken`` counts the lines that nobody iterated over.
    """

    def __init__(self, file: BinaryIO, encoding: str, progress: Progress) -> None:
        self.number = 0
        self.pending = 0
        self.taken = 0
        self.size = size_of(file)
        self._file, self._progress = file, progress
        self._back = io.StringIO()
        file.seek(0)
        # newline="": a line break inside a quoted name stays the one it is
        self._text = io.TextIOWrapper(io.BufferedReader(file), encoding, newline="")  # type: ignore[type-var]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._text.close()  # and the file with it

    def __iter__(self) -> Iterator[str]:
        while line := self._line():
            self.number += 1
            self.pending += len(line) + _LINE
            if self.pending > LONGEST + _LINE:
                remedy = "give every row one line, and close every quotation mark"
                raise Refusal(
                    self.where, f"a row of more than {LONGEST:,} characters, or of thousands of lines", remedy
                )
            if "\0" in line:
                remedy = "open a text file in UTF-8"
                raise Refusal(self.where, "a NUL byte, which no text has", remedy)
            if self.number % 1024 == 1:
                self._progress.step(self._file.tell(), self.size, "lines")
            yield line

    def chunk(self, characters: int) -> str:
        """The next lines, about so many characters of them; "" at the end. Their last may be cut short when it
        is longer than any may be, and what has a line's end must be told with ``took``."""
        self._progress.step(self._file.tell(), self.size, "lines")
        return self._text.read(characters) + self._text.readline(LONGEST + 1)

    def took(self, count: int) -> None:
        """Count the lines of a chunk as read."""
        self.number += count
        self.taken += count

    def put_back(self, text: str) -> None:
        """Let a chunk be iterated over after all."""
        self._back = io.StringIO(text, newline="")

    def _line(self) -> str:
        line = self._back.readline(LONGEST + 1)
        if line.endswith(("\n", "\r")):
            return line
        return line + self._text.readline(LONGEST + 1 - len(line))

    @property
    def where(self) -> str:
        """The place of the line that was read last."""
        return f"line {self.number}"


def encoding_of(file: BinaryIO) -> str:
    """The encoding a file says it has in its first bytes; UTF-8 where it says nothing."""
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def records(lines: Lines) -> tuple[str, Iterator[tuple[int, Record]]]:
    """The delimiter, and each record with the number of its last line; a blank line is an empty record."""
    every = iter(lines)
    sample: list[str] = []
    while len(sample) < _SAMPLE and sum(map(len, sample)) < _SAMPLE_CHARACTERS:
        line = next(every, None)
        if line is None:
            break
        sample.append(line)
        lines.pending = 0
    delimiter = delimiter_of(sample)
    return delimiter, _records(chain(sample, every), lines, delimiter)


def _records(source: Iterator[str], lines: Lines, delimiter: str) -> Iterator[tuple[int, Record]]:
    narrow, spaces = _narrow(source, delimiter), delimiter == " "
    reader = csv.reader(narrow, delimiter=delimiter, skipinitialspace=spaces, strict=True)
    while True:
        start = reader.line_num + lines.taken + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = next((said for part, said in _QUOTES.items() if part in str(error)), "it cannot be read")
            raise Refusal(f"line {start}", what, "close every quotation mark, one row a line") from error
        lines.pending = 0
        yield reader.line_num + lines.taken, record


def _narrow(source: Iterator[str], delimiter: str) -> Iterator[str]:
    """The lines, none of which has many more cells than predictions can have."""
    for line in source:
        if len(line) > MAX_CLASSES and line.count(delimiter) > 2 * MAX_CLASSES:
            raise Refusal(
                "text", f"a line of {line.count(delimiter) + 1} cells", "transpose it, one row a line"
            )
        yield line if delimiter != " " else line.rstrip(" \r\n") + "\n"


def delimiter_of(sample: list[str]) -> str:
    """The delimiter that a sample of whole lines agrees on, quoted text aside.

    Of several the one that parts more numbers; of equals tab and semicolon come before the comma, which
    in such files is the decimal one. Spaces part numbers only where there is nothing else.
    """
    parts = "".join(sample).split('"')
    bare = [line for line in re.split(r"[\r\n]+", "".join(parts[::2])) if line.strip()]
    if len(parts) % 2 == 0:
        bare = bare[:-1] or bare  # the sample ends inside a quoted cell
    bare = [line for line in bare if not line.startswith("#")] or bare
    agreed = [d for d in "\t;," if bare and len({line.count(d) for line in bare}) == 1 and d in bare[0]]
    if agreed:
        return agreed[0] if len(agreed) == 1 else max(agreed, key=lambda d: _numbers(bare, d))
    if _is_spaced(bare):
        return " "
    # Ragged, and to be refused line by line; or one column, for which any delimiter does.
    return max(",;\t", key=lambda d: sum(line.count(d) for line in bare))


def _numbers(lines: list[str], delimiter: str) -> int:
    """How many cells are numbers, or were meant as such, when the lines are parted in this way."""
    cells = (cell for line in lines for cell in line[:_WIDEST].split(delimiter))
    return sum(is_nearly_number(cell) and not any(c in cell.strip() for c in " ;") for cell in cells)


def _is_spaced(lines: list[str]) -> bool:
    """Whether lines without any delimiter hold numbers that are parted by spaces."""
    if not lines or any(d in line for line in lines for d in "\t;,"):
        return False
    rows = [line[:_WIDEST].split() for line in lines[1:] or lines]
    return all(sum(number(cell) is not None for cell in row) > 1 for row in rows)
