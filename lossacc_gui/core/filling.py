"""Emptying and filling of selected cells, as edits.

A block's columns are the classes, then the label, then what is computed from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.bulk import SetRows, Together
from lossacc_gui.core.edits import Edit, SetCells, SetLabels
from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.refusal import Refusal


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """One selected block: ``rows`` (k,) as they are listed, and the columns ``first`` to ``last``."""

    rows: NDArray[np.intp]
    first: int
    last: int

    def classes(self, predictions: Predictions) -> NDArray[np.intp]:
        """The classes in it."""
        return np.arange(self.first, min(self.last + 1, predictions.classes))

    def has_labels(self, predictions: Predictions) -> bool:
        """Whether the label column is in it."""
        return self.first <= predictions.classes <= self.last


def cleared(blocks: list[Cells], predictions: Predictions, epoch: int) -> Edit:
    """Cells become 0, labels are taken away. Raises Refusal where all is computed."""

    def zeros(block: Cells) -> NDArray[np.float64]:
        return np.broadcast_to(0.0, (len(block.rows), len(block.classes(predictions))))

    def none(block: Cells) -> NDArray[np.int32]:
        return np.full(len(block.rows), NO_LABEL, np.int32)

    return _set(blocks, predictions, epoch, zeros, none)


def filled_down(blocks: list[Cells], predictions: Predictions, epoch: int) -> Edit:
    """Every row of a block becomes like its first; a block of one row has nothing to be filled from."""
    blocks = [block for block in blocks if len(block.rows) > 1]
    if not blocks:
        raise Refusal("", "One row is selected", "select the cell to fill from and those below it")

    below = [replace(block, rows=block.rows[1:]) for block in blocks]  # the first row stays what it is
    above = {id(part): block.rows[0] for part, block in zip(below, blocks, strict=True)}

    def first(block: Cells) -> NDArray[Any]:
        classes = block.classes(predictions)
        return np.broadcast_to(
            predictions.probs[epoch, above[id(block)], classes], (len(block.rows), len(classes))
        )

    def label(block: Cells) -> NDArray[np.int32]:
        return np.full(len(block.rows), predictions.labels[above[id(block)]], np.int32)

    return _set(below, predictions, epoch, first, label)


def filled_right(blocks: list[Cells], predictions: Predictions, epoch: int) -> Edit:
    """Every class of a block becomes like its first; labels and what is computed stay."""
    blocks = [
        Cells(block.rows, block.first + 1, min(block.last, predictions.classes - 1))
        for block in blocks
        if min(block.last, predictions.classes - 1) > block.first
    ]
    if not blocks:
        raise Refusal("", "One class is selected", "select the cell to fill from and those right of it")

    def left(block: Cells) -> NDArray[Any]:
        column = predictions.probs[epoch, block.rows, block.first - 1]
        return np.broadcast_to(column[:, np.newaxis], (len(column), len(block.classes(predictions))))

    return _set(blocks, predictions, epoch, left, None)


def _set(
    blocks: list[Cells],
    predictions: Predictions,
    epoch: int,
    cells: Callable[[Cells], NDArray[Any]],
    labels: Callable[[Cells], NDArray[np.int32]] | None,
) -> Edit:
    """One edit that gives the blocks these cells (k, columns) and labels (k,)."""
    edits: list[Edit] = []
    for block in blocks:
        columns = block.classes(predictions)
        order: NDArray[np.intp] | slice = slice(None)  # takes a view of cells that are all alike
        if np.any(np.diff(block.rows) < 0):
            order = np.argsort(block.rows)
        if len(columns) == predictions.classes:  # whole rows need no index a cell
            edits.append(SetRows(block.rows[order], cells(block)[order], epoch))
        elif len(columns):
            rows = np.repeat(block.rows, len(columns))
            edits.append(SetCells(rows, np.tile(columns, len(block.rows)), cells(block).ravel(), epoch))
        if labels is not None and block.has_labels(predictions):
            edits.append(SetLabels(block.rows[order], labels(block)[order]))
    if not edits:
        raise Refusal("", "These columns are computed from the cells and the label", "select cells or labels")
    return edits[0] if len(edits) == 1 else Together(tuple(edits))
