"""Tables of text: .csv, .tsv and .txt, packed or not, a row a line, a class a column, and the label in one more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.steady import steady
from lossacc_gui.files.bulk import blocks
from lossacc_gui.files.cells import number
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.columns import with_header
from lossacc_gui.files.formats import Format, FoundLabels, Loaded
from lossacc_gui.files.label_table import read_label_column
from lossacc_gui.files.lines import Lines, encoding_of, records
from lossacc_gui.files.packed import open_text, packing
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import short
from lossacc_gui.files.table import SAMPLE, Records, read_table
from lossacc_gui.files.unnamed_columns import MOST_BESIDE

SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")

SAMPLE_WEIGHT = "sample_weight"
"""What a column of weights is called."""

_T = TypeVar("_T")


def _read(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    return _decoded(path, progress, memory, lambda found, notes: read_table(found, memory, choices, notes))


def _read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
    return _decoded(path, progress, memory, lambda found, _notes: read_label_column(found, memory))


def _decoded(path: Path, progress: Progress, memory: int, parse: Callable[[Records, list[str]], _T]) -> _T:
    """What ``parse`` makes of the file's records: as UTF-8 or marked UTF-16, else as Latin-1."""
    with open_text(path, memory) as file:
        encoding = encoding_of(file)
        try:
            with Lines(file, encoding, progress) as lines:
                return parse(_parted(lines), [])
        except UnicodeError as error:
            if encoding == "utf-16":
                raise Refusal("text", "it is no whole UTF-16", "save it as UTF-8") from error
    with open_text(path, memory) as file, Lines(file, "latin-1", progress) as lines:
        return parse(_parted(lines), ["the text is not UTF-8 and was read as Latin-1"])


def _parted(lines: Lines) -> Records:
    """The records of a text, parted by the delimiter its first lines agree on."""
    delimiter, rows = records(lines)
    comma = delimiter != ","
    return Records(rows, "line", delimiter, comma, partial(blocks, lines, delimiter, comma))


def _write(file: BinaryIO, predictions: Predictions, progress: Progress, suffix: str) -> None:
    if predictions.epochs > 1:
        what = f"{predictions.epochs} epochs, and a table holds one"
        raise Refusal("predictions", what, "save as .npz")
    with packing(file, suffix) as text:
        _write_rows(text, predictions, progress, "\t" if suffix.startswith(".tsv") else ",")


def _write_rows(file: BinaryIO, predictions: Predictions, progress: Progress, delimiter: str) -> None:
    names = header_of(predictions)
    weights = predictions.weights
    header = [*map(_quoted, names), "label", *([] if weights is None else [SAMPLE_WEIGHT])]
    file.write(f"{delimiter.join(header)}\n".encode())
    called = {i: _quoted(name) for i, name in enumerate(predictions.class_names)}
    called[NO_LABEL] = ""
    block = max(1, 65_536 // predictions.classes)
    for start in range(0, predictions.rows, block):
        progress.step(start, predictions.rows, "rows")
        rows = steady(
            predictions.probs[0, start : start + block]
        ).tolist()  # exact: float64 holds every float32
        labels = predictions.labels[start : start + block].tolist()
        ends = [f"{delimiter}{called[label]}" for label in labels]
        if weights is not None:
            part = weights[start : start + block].tolist()
            ends = [f"{end}{delimiter}{weight!r}" for end, weight in zip(ends, part, strict=True)]
        file.write(
            "".join(
                delimiter.join(map(repr, row)) + end + "\n" for row, end in zip(rows, ends, strict=True)
            ).encode()
        )
    progress.step(1, 1, "rows")


def header_of(predictions: Predictions) -> tuple[str, ...]:
    """The names of the class columns, so that reading them gives the class names again.

    A class called ``label``, ``id`` or ``prob_x`` would be read as something else, or one beside which rows sum
    to 1: then every name gets the prefix that says "this is a class".
    """
    names = predictions.class_names
    for name in names:
        if "\0" in name or any("\ud800" <= c <= "\udfff" for c in name):
            raise Refusal(
                "class names", f"{short(name)!r} holds a character no text has", "give it another name"
            )
    few = SAMPLE if len(names) <= MOST_BESIDE else 0
    first = predictions.probs[0, :few].astype(str).tolist()
    labels = ["" if label == NO_LABEL else names[label] for label in predictions.labels[:few].tolist()]
    rows = [[*row, label] for row, label in zip(first, labels, strict=True)]
    try:
        found = [with_header([*names, "label"], rest) for rest in ([], rows)]
        plain = all(one.names == names and one.label == len(names) for one in found)
        counted = names == tuple(map(str, range(len(names))))  # other numbers might be taken for a row
        plain = plain and (counted or all(number(name, decimal_comma=True) is None for name in names))
    except Refusal:
        plain = False
    plain = plain and not names[0].lstrip().startswith("#")
    return names if plain else tuple(f"prob_{name}" for name in names)


def _quoted(text: str) -> str:
    """A cell of text; quoted when any delimiter, or the start of the file, could be seen in it."""
    if any(c in text for c in ',;\t"\r\n\ufeff') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


DELIMITED = Format("delimited", "Table of text", SUFFIXES, _read, _read_labels, _write)
