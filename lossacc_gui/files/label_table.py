"""Labels in a table of their own: a column, or a one-hot matrix."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted
from lossacc_gui.files.cells import is_missing, number
from lossacc_gui.files.columns import Columns, find_columns
from lossacc_gui.files.formats import FoundLabels
from lossacc_gui.files.lines import Record
from lossacc_gui.files.names import LABEL_WORDS, PREDICTED_WORDS, PREDICTION_WORDS, first_of
from lossacc_gui.files.table import SAMPLE, Records, Table


def read_label_column(records: Records, memory: int) -> FoundLabels:
    """The labels of a table that is asked for nothing else. Raises Refusal."""
    table = list(_bounded(records, memory))
    while table and not "".join(table[-1][1]).strip():
        table.pop()  # blank lines at the end are no rows; one between others is a row without a label
    if not table:
        raise Refusal("text", "it is empty", "give every row a label")
    line, first = table[0]
    below = [row for _, row in table[1:] if row]
    word = first_of(LABEL_WORDS, first)
    if word is not None and below and (len(first) > 1 or first not in below):  # y, n, y are labels
        return _column(records, table[1:], first.index(word), len(first))
    if len(first) == 1:
        named = number(first[0]) is None and not is_missing(first[0])
        named = named and bool(below) and number((table[1][1] or [""])[0]) is not None
        return _column(records, table[1 if named else 0 :], 0, 1)
    where = f"{records.unit} {line}"
    columns = find_columns([row for _, row in table[:SAMPLE] if row], records.comma, where, predictions=False)
    body = table[columns.header is not None :]
    if columns.label is not None:
        return _column(records, body, columns.label, columns.width)
    if columns.marks:
        return _marked(records, body, columns)
    if len(columns.classes) > 1:
        return _one_hot(records, body, columns)
    if columns.score_of is not None and columns.score_of.lower() in (*PREDICTED_WORDS, *PREDICTION_WORDS):
        what = f"{columns.title(columns.classes[0])} holds predictions"
        raise Refusal(where, what, "name the column of labels 'label'")
    return _column(records, body, columns.classes[0], columns.width)


def _column(records: Records, table: list[tuple[int, Record]], place: int, width: int) -> FoundLabels:
    """One column of a table as texts."""
    for line, row in table:
        if row and len(row) != width:
            what = f"{counted(len(row), 'cell')}, but {width} in the first {records.unit}"
            raise Refusal(f"{records.unit} {line}", what, "give every row one label")
    texts = np.array([row[place] if row else "" for _, row in table], dtype=object)
    return FoundLabels(texts, array("q", (line for line, _ in table)), records.unit)


def _one_hot(records: Records, table: list[tuple[int, Record]], columns: Columns) -> FoundLabels:
    """Several columns of numbers: a one-hot matrix, or nothing that can be told."""
    matrix = Table(columns, records, most=1 << 62)
    for line, row in table:
        matrix.add(line, row)
    return FoundLabels(matrix.numbers(), matrix.lines, records.unit)


def _marked(records: Records, table: list[tuple[int, Record]], columns: Columns) -> FoundLabels:
    """The labels of a table of predictions in which they are one-hot."""
    whole = Table(columns, records, most=1 << 62)
    for line, row in table:
        if row:
            whole.add(line, row)
    found = whole.labels([])
    assert found is not None
    return found


def _bounded(records: Records, memory: int) -> Iterator[tuple[int, Record]]:
    """The records, as long as they fit into memory as texts."""
    room = memory // 4
    for line, row in records.rows:
        room -= sum(map(len, row)) + 64 * (2 + len(row))
        if room < 0:
            raise Refusal(
                f"{records.unit} {line}", "more text than fits into memory", "save the labels as .npy"
            )
        yield line, row
