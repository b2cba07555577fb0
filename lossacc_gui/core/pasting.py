"""A block of texts put into the grid: which cells and labels it sets, and what has to grow for it.

Cells are set as they are; the edit rule does not move the others, for the block says what they are to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.blocks import LINES, Block, is_number
from lossacc_gui.core.bulk import Together
from lossacc_gui.core.edits import Edit, SetCells, SetLabels
from lossacc_gui.core.labelling import LabelReader
from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.shape_edits import InsertClass, InsertRows
from lossacc_gui.core.stopping import Pace, unhurried
from lossacc_gui.core.wording import counted, parse_number

COMPUTED = 5
"""So many columns right of the label are computed: nothing can be pasted there."""


@dataclass(frozen=True, eq=False, slots=True)
class Target:
    """Where a paste goes.

    ``rows`` (k,) are the rows from the first selected one down, as the grid lists them. ``column`` is the
    first class, or the number of classes for the label column. ``epoch`` is the one that is shown.
    """

    rows: NDArray[np.intp]
    column: int
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Paste:
    """What a paste would do: how many rows and classes have to be added first, and in which columns it lies.

    ``cells`` columns of the block become cells. ``labels`` is the column of the block that holds labels, -1
    if none; the ``left_out`` columns right of it are computed numbers.
    """

    new_rows: int
    new_classes: int
    cells: int
    labels: int
    left_out: int = 0

    @property
    def grows(self) -> str:
        """What has to be added, in words, or nothing."""
        counts = ((self.new_rows, "row"), (self.new_classes, "class"))
        return " and ".join(counted(count, what) for count, what in counts if count)


def plan(block: Block, target: Target, predictions: Predictions) -> Paste:
    """How a block lies on the grid. Raises Refusal when nothing can be pasted there."""
    block = _unheaded(block, target, predictions)
    room, width = predictions.classes - target.column, block.width
    if room < 0:
        raise Refusal("this column", "it is computed from the others", "paste into the classes or the label")
    new_rows = max(0, block.height - len(target.rows))
    labels = _label_column(block, room, LabelReader(predictions.class_names))
    cells = width if labels < 0 else labels
    if room == 0 and labels < 0:
        if width > 1:
            what = f"{counted(width, 'column')} do not fit into the label column"
            raise Refusal("clipboard", what, "paste them from a class on")
        labels, cells = 0, 0  # the reading of it says what is wrong
    return Paste(new_rows, max(0, cells - room), cells, labels, width - labels - 1 if labels >= 0 else 0)


def _unheaded(block: Block, target: Target, predictions: Predictions) -> Block:
    """The block with its header as a first row where that is a label above others: cat, 2, 0."""
    at_labels = target.column == predictions.classes and len(block.header) == 1
    if at_labels and block.header[0] in predictions.class_names:
        return Block((block.header, *block.rows), (), ())
    return block


def _label_column(block: Block, room: int, reads: LabelReader) -> int:
    """The column of the block that holds labels, -1 if none does."""
    lowered = [name.lower() for name in block.header]
    if "label" in lowered and lowered.index("label") >= room:
        return lowered.index("label")
    if block.width <= room:
        return -1
    if all(reads.reads(row[room]) for row in block.rows) and block.width - room - 1 <= COMPUTED:
        beyond = block.width == room + 1 or all(reads.reads(row[room + 1]) for row in block.rows)
        if beyond:
            return room
    # More classes than there are, with names behind them: labels of the classes that will be there.
    last = [row[-1] for row in block.rows]
    return block.width - 1 if room and not any(is_number(text) for text in last if text) else -1


def paste(block: Block, target: Target, predictions: Predictions, pace: Pace = unhurried) -> Edit:
    """The edit that pastes a block, with the rows and classes it needs added at the end.

    Raises Refusal, naming the cell, when a text cannot be read, and maybe Stopped.
    """
    block, todo = _unheaded(block, target, predictions), plan(block, target, predictions)
    names = _names(block, todo, target.column, predictions)
    rows = np.append(target.rows, predictions.rows + np.arange(todo.new_rows))[: block.height]
    edits: list[Edit] = []
    if todo.new_rows:
        shape = (predictions.epochs, todo.new_rows, predictions.classes)
        places = predictions.rows + np.arange(todo.new_rows)
        nothing = np.full(todo.new_rows, NO_LABEL, np.int32)
        edits.append(InsertRows(places, np.zeros(shape, predictions.probs.dtype), nothing))
    for column in range(predictions.classes, len(names)):
        zeros = np.zeros((predictions.epochs, predictions.rows + todo.new_rows), predictions.probs.dtype)
        edits.append(InsertClass(column, names[column], zeros, np.empty(0, np.intp)))
    if todo.cells:
        values = _values(block, rows, target.column, todo.cells, names, pace)
        columns = target.column + np.arange(todo.cells)
        at = np.repeat(rows, todo.cells), np.tile(columns, len(rows))
        edits.append(SetCells(*at, values.ravel(), target.epoch))
    if todo.labels >= 0:
        edits.append(SetLabels(*_unique(rows, _labels(block, rows, todo.labels, names))))
    return edits[0] if len(edits) == 1 else Together(tuple(edits))


def _names(block: Block, todo: Paste, column: int, predictions: Predictions) -> tuple[str, ...]:
    """The class names after the paste: the header's where it has one, else numbers that are not taken."""
    names, taken = list(predictions.class_names), set(predictions.class_names)
    for new in range(todo.new_classes):
        at = predictions.classes + new - column
        name = block.header[at] if at < len(block.header) else ""
        number = len(names)
        while not name or name in taken:
            name, number = str(number), number + 1
        names.append(name)
        taken.add(name)
    return tuple(names)


def _values(
    block: Block, rows: NDArray[np.intp], column: int, width: int, names: tuple[str, ...], pace: Pace
) -> NDArray[np.float64]:
    """The numbers (k, width) of a block. Raises Refusal, naming the cell, at the first that is none."""
    values = np.empty((block.height, width))
    for i, texts in enumerate(block.rows):
        if i % LINES == 0:
            pace(i / block.height)
        for j, text in enumerate(texts[:width]):
            try:
                values[i, j] = parse_number(text)
            except Refusal as reason:
                what = reason.what if text else "the cell is empty"
                raise Refusal(f"row {rows[i] + 1}, {names[column + j]}", what, reason.remedy) from None
    return values


def _labels(block: Block, rows: NDArray[np.intp], column: int, names: tuple[str, ...]) -> list[int]:
    read, labels = LabelReader(names), []
    for row, texts in zip(rows.tolist(), block.rows, strict=True):
        try:
            labels.append(read(texts[column]))
        except Refusal as reason:
            raise Refusal(f"row {row + 1}, label", reason.what, reason.remedy) from None
    return labels


def _unique(rows: NDArray[np.intp], labels: list[int]) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """The rows in ascending order with their labels."""
    order = np.argsort(rows, kind="stable")
    return rows[order], np.array(labels, np.int32)[order]
