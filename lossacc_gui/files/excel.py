"""Excel's .xlsx: the sheet that holds predictions, or the one that was chosen, read as a table of texts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.choices import Ambiguous, Choices, Option, Question, chosen
from lossacc_gui.files.columns import find_columns
from lossacc_gui.files.disk import open_file, size_of
from lossacc_gui.files.extras import needed, require_room, sound
from lossacc_gui.files.formats import Format, FoundLabels, Loaded
from lossacc_gui.files.label_table import read_label_column
from lossacc_gui.files.lines import Record
from lossacc_gui.files.names import PREDICTION_WORDS, listed
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.table import SAMPLE, Records, read_table

_AGAIN = "save it again as .xlsx, or as .csv"
_MOST_RATIO = 200
"""Unpacked bytes a packed one: text of cells packs ten to fifty times."""


def _read(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    with open_file(path) as file, sound(_AGAIN):
        book, notes = _opened(file, memory), []
        sheet = _sheet(book, file, choices)
        if len(book.sheetnames) > 1:
            notes.append(f"sheet {sheet!r} of {listed(book.sheetnames)}")
        return read_table(_records(book[sheet], file, progress), memory, choices, notes)


def _sheet(book: Any, file: BinaryIO, choices: Choices) -> str:
    """The sheet of the predictions: as decided, by its name, or as the only one that can hold them.

    Raises Ambiguous where it takes somebody to decide.
    """
    names: list[str] = book.sheetnames
    if (decided := chosen(choices, _question(names))) is not None:
        return decided
    likely = [name for name in names if _is_table(book[name], file)] if len(names) > 1 else names
    called = [name for name in likely if name.strip().lower() in PREDICTION_WORDS]
    if len(likely) > 1 and len(called) != 1:
        what = f"sheets {listed(likely)} may each hold the predictions"
        raise Ambiguous("workbook", what, "call one of them 'pred_probs'", _question(likely))
    return (called or likely or names)[0]


def _question(names: list[str]) -> Question:
    options = tuple(Option(name, f"sheet {name}") for name in names)
    return Question("array", "Which sheet holds the predictions?", options)


def _is_table(sheet: Any, file: BinaryIO) -> bool:
    """Whether the first rows of a sheet can be predictions."""
    try:
        rows = (row for _, row in _records(sheet, file, Progress()).rows if row)
        first = list(islice(rows, SAMPLE))
        return bool(first) and (find_columns(first, decimal_comma=False).header is None or len(first) > 1)
    except Refusal as refusal:
        return isinstance(refusal, Ambiguous)


def _read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
    with open_file(path) as file, sound(_AGAIN):
        book = _opened(file, memory)
        return read_label_column(_records(book[book.sheetnames[0]], file, progress), memory)


def _opened(file: BinaryIO, memory: int) -> Any:
    """The workbook, when what is packed in it is not much more than what can be there."""
    with zipfile.ZipFile(file) as archive:
        size = sum(member.file_size for member in archive.infolist())
    require_room(size * 4, memory, "workbook")
    if size > _MOST_RATIO * size_of(file) + (1 << 20):
        raise Refusal("workbook", "it unpacks to far more than predictions would", _AGAIN)
    file.seek(0)
    return needed("openpyxl", "excel").load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _records(sheet: Any, file: BinaryIO, progress: Progress) -> Records:
    return Records(_rows(sheet, 16 * size_of(file) + (1 << 16), progress), "row")


def _rows(sheet: Any, most: int, progress: Progress) -> Iterator[tuple[int, Record]]:
    """The rows as texts, without the empty columns at the end; ``most`` cells, since a file can claim any."""
    if not hasattr(sheet, "iter_rows"):
        raise Refusal("workbook", "this sheet is a chart", "put the predictions into a sheet of cells")
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
    width = 0
    for at, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_text(value) for value in row]
        most -= 1 + len(cells)
        if most < 0:
            raise Refusal(f"row {at}", "far more cells than the file has room for", _AGAIN)
        while cells and not cells[-1]:
            cells.pop()
        if at % 256 == 1:
            progress.step(0, 1, "rows")
        width = width or len(cells)
        yield at, cells + [""] * (width - len(cells)) if cells else []
    progress.step(1, 1, "rows")


def _text(value: object) -> str:
    """A cell as text; a number keeps every digit, and true is 1."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


EXCEL = Format("excel", "Excel", (".xlsx", ".xlsm"), _read, _read_labels, None)
