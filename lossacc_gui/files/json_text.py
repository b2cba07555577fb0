"""JSON and JSON Lines: arrays, arrays by name, columns, records, and what a Hugging Face pipeline says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted
from lossacc_gui.files.arrays import Held, find, find_labels
from lossacc_gui.files.by_class import by_class, is_by_class
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.formats import Format, FoundLabels, Loaded
from lossacc_gui.files.label_table import read_label_column
from lossacc_gui.files.lines import Lines, Record, encoding_of
from lossacc_gui.files.names import LABEL_WORDS, PREDICTION_WORDS, first_of, listed
from lossacc_gui.files.packed import ending, open_text, packing
from lossacc_gui.files.pipelines import is_pipeline, scored
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import short
from lossacc_gui.files.table import Records, read_table

_GROWTH = 24
"""Bytes of memory a byte of JSON may need: an empty list takes two of them."""

_LINES = (".jsonl", ".ndjson")
_SHAPES = "save a list of rows, a list of records, or an object with the lists pred_probs and labels"
_TOO_DEEP = 3
"""Lists within lists: epochs, rows, classes."""


def _read(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    found, unit = _parsed(path, progress, memory)
    if is_pipeline(found):
        return scored(found, unit)
    meant = _meant(found, unit)
    if isinstance(meant, Records):
        return read_table(meant, memory, choices, [])
    return find(meant, progress, choices) if isinstance(meant, Held) else Loaded(meant)


def _read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
    meant = _meant(*_parsed(path, progress, memory))
    if isinstance(meant, Records):
        return read_label_column(meant, memory)
    return find_labels(meant, progress) if isinstance(meant, Held) else FoundLabels(meant)


def _meant(found: Any, unit: str) -> Records | Held | NDArray[Any]:
    """What a value of JSON is: a table, arrays by name, or one array. Raises Refusal."""
    if isinstance(found, dict):
        return _object(found) if (rows := _rows_in(found)) is None else _meant(rows, "item")
    if not _are_records(found):
        return _array(found, unit)
    if any(isinstance(value, list | dict) for value in found[0].values()):
        return _held(_by_key(found), unit)
    return _table(found, unit)


def _parsed(path: Path, progress: Progress, memory: int) -> tuple[Any, str]:
    """What the text says, and what its items are counted in."""
    with open_text(path, memory) as file:
        encoding = encoding_of(file)
        if ending(path).startswith(_LINES):
            with Lines(file, encoding, progress) as lines:
                try:
                    return list(_items(lines, memory)), "line"
                except UnicodeError as error:
                    raise _not_utf8(f"after {lines.where}") from error
        file.seek(0)
        most = memory // 2 // _GROWTH
        data = file.read(most + 1)
        if len(data) > most:
            what = f"more than {most / 2**20:,.0f} MiB of JSON are too much to be read into memory"
            raise Refusal("text", what, "save the predictions as .npy, or a row a line as .jsonl")
    found = _decoded(data, encoding, "text")
    progress.step(1, 1, "text")
    if not isinstance(found, list | dict) or not found:
        raise Refusal("text", "it holds no list and no object, or an empty one", _SHAPES)
    return found, "item"


def _items(lines: Lines, memory: int) -> Iterator[Any]:
    """The values of a text with one a line."""
    room, any_ = memory // 2 // _GROWTH, False
    for line in lines:
        lines.pending = 0
        room -= len(line)
        if room < 0:
            raise Refusal(lines.where, "more text than fits into memory", "save the predictions as .npy")
        if line.strip():
            any_ = True
            yield _decoded(line, "", lines.where)
    if not any_:
        raise Refusal("text", "it is empty", "give every row a line")


def _decoded(data: bytes | str, encoding: str, where: str) -> Any:
    """The value of a text. Raises Refusal that says where it is broken."""
    try:
        text = data if isinstance(data, str) else data.decode(encoding)
        return json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}" if where == "text" else where
        what = f"it is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise Refusal(at, what, "write it with json.dump") from error
    except UnicodeError as error:
        raise _not_utf8(where) from error
    except RecursionError as error:
        raise Refusal(where, "lists within lists, thousands deep", _SHAPES) from error


def _not_utf8(where: str) -> Refusal:
    return Refusal(where, "it is not UTF-8", "save it as UTF-8")


def _whole(text: str) -> int | float:
    return int(text) if len(text) < 19 else float(text)


def _object(found: dict[str, Any]) -> Records | Held | NDArray[Any]:
    """Arrays by name, or a table in one of the ways pandas and polars write it."""
    if isinstance(found.get("data"), list) and isinstance(found.get("columns"), list):  # orient="split"
        rows = [_cells(row, at, "item") for at, row in enumerate(found["data"], 1)]
        return _records([str(name) for name in found["columns"]], rows, "item")
    lists = {key: value for key, value in found.items() if isinstance(value, list) and value}
    if lists:
        deep = any(isinstance(value[0], list | dict) for value in lists.values())
        if deep or first_of(PREDICTION_WORDS, lists) or len(lists) < 2:
            return _held(lists, "item", [key for key in found if key not in lists])
        return _columns(lists)
    if all(isinstance(value, dict) and value for value in found.values()):  # orient="columns" or "index"
        if _are_counted(found) and not _are_counted(next(iter(found.values()))):
            return _meant(list(found.values()), "item")
        return _columns({key: list(value.values()) for key, value in found.items()})
    raise Refusal("text", f"an object of {listed(list(found))}, with no list in it", _SHAPES)


def _rows_in(found: dict[str, Any]) -> list[Any] | None:
    """The records that are the only list in an object, beside what is known of all of them; if it is so.

    So pandas writes with orient="table".
    """
    lists = [value for value in found.values() if isinstance(value, list) and value]
    rows = lists[0] if len(lists) == 1 and _are_records(lists[0]) else None
    return None if rows is None or is_by_class(rows[0]) else rows


def _are_counted(found: dict[str, Any]) -> bool:
    return list(found) == [str(i) for i in range(len(found))]


def _are_records(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and isinstance(found[0], dict)


def _columns(columns: dict[str, list[Any]]) -> Records:
    """Columns of one length as records. Raises Refusal where they differ."""
    lengths = {key: len(value) for key, value in columns.items()}
    first = next(iter(lengths))
    odd = next((key for key, length in lengths.items() if length != lengths[first]), None)
    if odd is not None:
        what = f"{counted(lengths[odd], 'value')}, but {lengths[first]} in {short(first)!r}"
        raise Refusal(f"list {short(odd)!r}", what, "give every column one value a row")
    rows = [_cells(list(row), at, "item") for at, row in enumerate(zip(*columns.values(), strict=True), 1)]
    return _records(list(columns), rows, "item")


def _table(found: list[Any], unit: str) -> Records:
    """Records as a table whose header is the keys of the first. Raises Refusal where one has others."""
    header = [str(key) for key in found[0]]
    rows = []
    for at, record in enumerate(found, 1):
        if not isinstance(record, dict) or set(record) - set(header):
            stranger = next(iter(set(record) - set(header)), "") if isinstance(record, dict) else ""
            what = f"it has {short(stranger)!r}, which the first has not" if stranger else "it is no record"
            raise Refusal(f"{unit} {at}", what, "give every record the same keys")
        rows.append(_cells([record.get(key) for key in header], at, unit))
    return _records(header, rows, unit)


def _records(header: list[str], rows: list[Record], unit: str) -> Records:
    return Records(chain([(0, header)], enumerate(rows, 1)), unit)


def _cells(row: Any, at: int, unit: str) -> Record:
    if not isinstance(row, list) or any(isinstance(value, list | dict) for value in row):
        raise Refusal(f"{unit} {at}", "lists within a row", "give every column one value")
    return [_text(value) for value in row]


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _by_key(found: list[Any]) -> dict[str, list[Any]]:
    """The values of records, one list a key that every record has."""
    keys = [key for key in found[0] if all(isinstance(item, dict) and key in item for item in found)]
    return {key: [item[key] for item in found] for key in keys}


def _held(lists: dict[str, list[Any]], unit: str, strangers: Sequence[str] = ()) -> Held:
    """Lists by name as arrays, with the class names that numbers by class bring along.

    What is no array, as texts in lists, is left out where there is a matrix. Raises Refusal where there is none.
    """
    arrays: dict[str, NDArray[Any]] = {}
    refused: dict[str, Refusal] = {}
    by_name = [key for key, values in lists.items() if is_by_class(values[0])]
    classed = first_of(PREDICTION_WORDS, by_name) or next(iter(by_name), None)
    for key, values in lists.items():
        try:
            if key == classed:
                arrays[key], arrays["class_names"] = by_class(values, unit)
            else:
                arrays[key] = _array(values, unit)
        except Refusal as refusal:
            refused[key] = refusal
    known = first_of((*PREDICTION_WORDS, *LABEL_WORDS), refused)
    if refused and (known is not None or not any(values.ndim > 1 for values in arrays.values())):
        raise refused[known or next(iter(refused))]
    return Held(arrays, [*refused, *strangers])


def _array(value: Any, unit: str) -> NDArray[Any]:
    """Nested lists as an array: of floats, of whole numbers, or of objects where there are texts."""
    depth, inner = 0, value
    while isinstance(inner, list):
        depth, inner = depth + 1, inner[0] if inner else None
    if depth > _TOO_DEEP + 1 or depth == 0:
        raise Refusal("text", "lists within lists, too deep for predictions", _SHAPES)
    try:
        found = np.array(value)
    except ValueError as error:
        raise _uneven(value, unit) from error
    if found.dtype.kind in "biuf":
        return found
    return _objects(value, unit)


def _objects(value: list[Any], unit: str) -> NDArray[Any]:
    """A list with texts or nulls in it: as numbers where they are numbers and nulls, else as texts."""
    if not any(isinstance(item, list | dict) for item in value):
        kinds = {type(item) for item in value}
        if kinds <= {int, float, bool, type(None)}:
            return np.array([np.nan if item is None else item for item in value], np.float64)
        return np.array([_text(item) for item in value], dtype=object)
    for at, row in enumerate(value, 1):
        for place, cell in enumerate(row if isinstance(row, list) else [row], 1):
            if cell is not None and not isinstance(cell, int | float | list):
                where = f"{unit} {at}, column {place}"
                raise Refusal(where, f"{short(repr(cell))} is no number", "use numbers only, or null")
    try:
        return np.array(value, dtype=np.float64)  # null is nan
    except (TypeError, ValueError) as error:
        raise _uneven(value, unit) from error


def _uneven(value: list[Any], unit: str) -> Refusal:
    lengths = [len(row) if isinstance(row, list) else 1 for row in value]
    odd = next((i for i, length in enumerate(lengths) if length != lengths[0]), 0)
    what = (
        f"{counted(lengths[odd], 'number')}, but {lengths[0]} in the first"
        if odd
        else "rows of different lengths"
    )
    return Refusal(f"{unit} {odd + 1}", what, "give every row one number a class")


def _write(file: BinaryIO, predictions: Predictions, progress: Progress, suffix: str) -> None:
    """Write an object with pred_probs, labels and class_names, a row a line; see formats.Write."""
    if any("\ud800" <= c <= "\udfff" or c == "\0" for name in predictions.class_names for c in name):
        raise Refusal("class names", "one holds a character no text has", "give it another name")
    with packing(file, suffix) as text:
        text.write(b'{"pred_probs": [\n')
        for epoch, cells in enumerate(predictions.probs):
            text.write((b"[" if predictions.epochs > 1 else b"") if not epoch else b",\n[")
            for row in range(predictions.rows):
                if row % 1024 == 0:
                    progress.step(
                        row + epoch * predictions.rows, predictions.rows * predictions.epochs, "rows"
                    )
                text.write((",\n" if row else "").encode() + json.dumps(cells[row].tolist()).encode())
            text.write(b"]" if predictions.epochs > 1 else b"")
        rest = {"labels": predictions.labels.tolist(), "class_names": list(predictions.class_names)}
        if predictions.weights is not None:
            rest["sample_weight"] = predictions.weights.tolist()
        text.write(b"],\n" + json.dumps(rest)[1:].encode())
    progress.step(1, 1, "rows")


JSON = Format("json", "JSON", (".json", ".json.gz"), _read, _read_labels, _write)
JSON_LINES = Format("jsonl", "JSON Lines", (".jsonl", ".ndjson", ".jsonl.gz"), _read, _read_labels, None)
