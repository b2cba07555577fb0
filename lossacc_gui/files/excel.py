"""Excel's .xlsx: the first sheet, or the one that was chosen, read as a table of texts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.choices import Choices, Option, Question, chosen
from lossacc_gui.files.disk import open_file, size_of
from lossacc_gui.files.extras import needed, require_room, sound
from lossacc_gui.files.formats import Format, FoundLabels, Loaded
from lossacc_gui.files.lines import Record
from lossacc_gui.files.names import listed
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.table import Records, read_label_column, read_table

_AGAIN = "save it again as .xlsx, or as .csv"
_MOST_RATIO = 200
"""Unpacked bytes a packed one: text of cells packs ten to fifty times."""


def _read(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    with open_file(path) as file, sound(_AGAIN):
        book, notes = _opened(file, memory), []
        names = book.sheetnames
        options = tuple(Option(name, f"sheet {name}") for name in names)
        decided = chosen(choices, Question("array", "Which sheet holds the predictions?", options))
        sheet = decided if decided is not None else names[0]
        if len(names) > 1:
            notes.append(f"sheet {sheet!r} of {listed(names)}; another can be chosen with array={names[-1]}")
        return read_table(_records(book[sheet], file, progress), memory, choices, notes)


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
        raise Refusal("workbook", "its first sheet is a chart", "put the table first")
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


EXCEL = Format("excel", "Excel", (".xlsx", ".xlsm"), _read, _read_labels, None, streams=True)
