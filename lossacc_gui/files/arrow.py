"""Parquet and Feather (Arrow): a column a class, or one column with a list in every row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted
from lossacc_gui.files.arrays import Held, find
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.columns import with_header
from lossacc_gui.files.delimited import SAMPLE_WEIGHT, header_of
from lossacc_gui.files.disk import open_file
from lossacc_gui.files.extras import needed, require_room, sound
from lossacc_gui.files.formats import MAX_CLASSES, Format, FoundLabels, Loaded
from lossacc_gui.files.label_table import read_label_column
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.table import SAMPLE, Records

_AGAIN = "copy it again, or save it again with pandas, polars or pyarrow"
_PARQUET, _BLOCK = ".parquet", 65_536


def _table(file: BinaryIO, path: Path, memory: int) -> Any:
    """The whole file as a pyarrow table, when its own account of its size fits into memory.

    No thread is begun by it: with one, the end of the process aborts now and then.
    """
    pa = needed("pyarrow", "parquet")
    with sound(_AGAIN):
        if path.suffix.lower() in (_PARQUET, ".pq"):
            source = pa.PythonFile(file, mode="r")
            parquet = needed("pyarrow.parquet", "parquet").ParquetFile(source, pre_buffer=False)
            groups = [parquet.metadata.row_group(i) for i in range(parquet.metadata.num_row_groups)]
            size = sum(max(0, group.total_byte_size) for group in groups)
            numbers = max(0, parquet.metadata.num_rows) * 8 * parquet.metadata.num_columns
            require_room(max(size, numbers), memory, "table")
            return parquet.read(use_threads=False)
        require_room(2 * _length(file), memory, "table")
        source = pa.BufferReader(file.read())
        table = needed("pyarrow.feather", "parquet").read_table(source, use_threads=False)
        table.validate(full=True)  # offsets of a damaged file would point anywhere
        require_room(table.get_total_buffer_size(), memory, "table")
        return table


def _length(file: BinaryIO) -> int:
    end = file.seek(0, 2)
    file.seek(0)
    return end


def _read(path: Path, progress: Progress, memory: int, choices: Choices) -> Loaded:
    with open_file(path) as file:
        table = _table(file, path, memory)
        with sound(_AGAIN):
            return _loaded(table, progress, choices)


def _loaded(table: Any, progress: Progress, choices: Choices) -> Loaded:
    """Predictions and labels of a table."""
    names = [str(name) for name in table.column_names]
    if len(names) > MAX_CLASSES or not table.num_rows:
        raise Refusal("table", f"{table.num_rows} rows × {len(names)} columns", "save a row a sample")
    columns: list[Any] = [table.column(i) for i in range(len(names))]
    lists = {i: _matrix(names[i], column) for i, column in enumerate(columns) if _is_list(column)}
    if lists:
        arrays = {name: lists[i] if i in lists else _plain(columns[i]) for i, name in enumerate(names)}
        return find(Held(arrays), progress, choices)
    sample = [list(row) for _, row in _rows(table.slice(0, SAMPLE), Progress())]
    found = with_header(names, sample, choices=choices)
    probs = np.empty((table.num_rows, len(found.classes)))
    for at, i in enumerate(found.classes):
        progress.step(at, len(found.classes), "columns")
        probs[:, at] = _numbers(names[i], columns[i])
    progress.step(1, 1, "columns")
    labels = None if found.label is None else FoundLabels(_plain(columns[found.label]))
    where = "" if found.label is None else f"{found.title(found.label)} in the same file"
    weights = None if found.weight is None else _numbers(names[found.weight], columns[found.weight])
    probs = probs if len(found.classes) > 1 else probs[:, 0]
    return Loaded(
        probs,
        labels,
        where,
        found.names,
        found.notes,
        score_of=found.score_of,
        weights=weights,
        weights_from="" if found.weight is None else found.title(found.weight),
        weights_sure=True,
    )


def _is_list(column: Any) -> bool:
    types = needed("pyarrow.types", "parquet")
    kind = column.type
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _matrix(name: str, column: Any) -> NDArray[Any]:
    """A column of lists as (rows, length of each). Raises Refusal when they differ."""
    lists = column.combine_chunks()
    flat = lists.flatten()
    if lists.null_count or len(flat) % len(lists) or not len(flat):
        raise Refusal(f"column {name!r}", "its lists differ in length", "give every row one number a class")
    width = len(flat) // len(lists)
    lengths = cells(needed("pyarrow.compute", "parquet").list_value_length(lists))
    if (lengths != width).any():
        row = int(np.flatnonzero(lengths != lengths[0])[0])
        what = f"{counted(int(lengths[row]), 'number')}, but {lengths[0]} in row 1"
        raise Refusal(f"row {row + 1}, column {name!r}", what, "give every row one number a class")
    return _numbers(name, flat).reshape(len(lists), width)


def _numbers(name: str, column: Any) -> NDArray[Any]:
    """A column as floats; what is missing is NaN."""
    types, kind = needed("pyarrow.types", "parquet"), column.type
    if not (types.is_floating(kind) or types.is_integer(kind) or types.is_boolean(kind)):
        raise Refusal(f"column {name!r}", f"it holds {kind}, not numbers", "use numbers only, or remove it")
    values = cells(column)
    return np.asarray(values, np.float64) if values.dtype.kind != "f" else values


def cells(column: Any) -> NDArray[Any]:
    """The numbers of a column, an Arrow array in one piece or several. What is missing makes them floats, and NaN.

    pyarrow's own way imports pandas wherever that is installed, which takes longer than most files.
    """
    pa = needed("pyarrow", "parquet")
    if column.null_count or pa.types.is_boolean(column.type):
        kind = column.type if pa.types.is_floating(column.type) else pa.float64()
        nan = pa.scalar(np.nan, pa.float64()).cast(kind)
        column = needed("pyarrow.compute", "parquet").fill_null(column.cast(kind, safe=False), nan)
    pieces = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return np.concatenate([np.from_dlpack(piece) for piece in pieces])


def _plain(column: Any) -> NDArray[Any]:
    """A column of labels: numbers or texts, as they are there."""
    if column.null_count == 0 and needed("pyarrow.types", "parquet").is_integer(column.type):
        return cells(column)
    return np.array([_text(value) for value in column.to_pylist()], dtype=object)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(int(value)) if isinstance(value, bool) else str(value)


def _rows(table: Any, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """The rows as texts, a block at a time."""
    for start in range(0, table.num_rows, _BLOCK):
        progress.step(start, table.num_rows, "rows")
        block = table.slice(start, _BLOCK)
        columns = [[_text(v) for v in block.column(i).to_pylist()] for i in range(table.num_columns)]
        for at, row in enumerate(zip(*columns, strict=True), start + 1):
            yield at, list(row)


def _read_labels(path: Path, progress: Progress, memory: int) -> FoundLabels:
    with open_file(path) as file:
        table = _table(file, path, memory)
        with sound(_AGAIN):
            names = [str(name) for name in table.column_names]
            every = _rows(table, progress)
            rows = iter([(0, names), *every]) if table.num_columns else every
            return read_label_column(Records(rows, "row"), memory)


def _write(file: BinaryIO, predictions: Predictions, progress: Progress, suffix: str) -> None:
    """Write a column a class and one of labels; see formats.Write."""
    if predictions.epochs > 1:
        what = f"{predictions.epochs} epochs, and a table holds one"
        raise Refusal("predictions", what, "save as .npz")
    pa = needed("pyarrow", "parquet")
    named = {**dict(enumerate(predictions.class_names)), NO_LABEL: None}
    labels = pa.array([named[label] for label in predictions.labels.tolist()], pa.string())
    cells = predictions.probs[0]
    columns = [pa.array(np.ascontiguousarray(cells[:, i])) for i in range(predictions.classes)]
    progress.step(1, 2, "saving")
    header = [*header_of(predictions), "label"]
    columns.append(labels)
    if predictions.weights is not None:
        columns.append(pa.array(predictions.weights))
        header.append(SAMPLE_WEIGHT)
    table = pa.table(columns, names=header)
    if suffix in (_PARQUET, ".pq"):
        needed("pyarrow.parquet", "parquet").write_table(table, file)
    else:
        needed("pyarrow.feather", "parquet").write_feather(table, file, compression="uncompressed")
    progress.step(1, 1, "saving")


_MODULES = ("pyarrow.parquet", "pyarrow.feather", "pyarrow.compute")
PARQUET = Format("parquet", "Parquet", (_PARQUET, ".pq"), _read, _read_labels, _write, fragile=_MODULES)
FEATHER = Format(
    "feather", "Feather, Arrow", (".feather", ".arrow"), _read, _read_labels, _write, fragile=_MODULES
)
