"""Emptying and filling of selected cells, as edits.

A block's columns are the classes, then the label, then what is computed from them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.bulk import SetRows, Together
from lossacc_gui.core.edits import Edit, SetCells, SetLabels
from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Pace, unhurried


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


def cleared(blocks: list[Cells], predictions: Predictions, epoch: int, pace: Pace = unhurried) -> Edit:
    """Cells become 0, labels are taken away. Raises Refusal where all is computed."""
    return _set([_Filling(block, np.array(0.0), NO_LABEL) for block in blocks], predictions, epoch, pace)


def filled_down(blocks: list[Cells], predictions: Predictions, epoch: int, pace: Pace = unhurried) -> Edit:
    """Every row of a block becomes like its first; a block of one row has nothing to be filled from."""
    probs, labels = predictions.probs[epoch], predictions.labels
    fillings = [
        _Filling(
            replace(block, rows=block.rows[1:]),
            probs[block.rows[0], block.classes(predictions)],
            int(labels[block.rows[0]]),
        )
        for block in blocks
        if len(block.rows) > 1
    ]
    if not fillings:
        raise Refusal("", "One row is selected", "select the cell to fill from and those below it")
    return _set(fillings, predictions, epoch, pace)


def filled_right(blocks: list[Cells], predictions: Predictions, epoch: int, pace: Pace = unhurried) -> Edit:
    """Every class of a block becomes like its first; labels and what is computed stay."""
    fillings = [
        _Filling(
            replace(block, first=block.first + 1, last=min(block.last, predictions.classes - 1)),
            predictions.probs[epoch, block.rows, block.first, np.newaxis],
        )
        for block in blocks
        if min(block.last, predictions.classes - 1) > block.first
    ]
    if not fillings:
        raise Refusal("", "One class is selected", "select the cell to fill from and those right of it")
    return _set(fillings, predictions, epoch, pace)


@dataclass(frozen=True, eq=False, slots=True)
class _Filling:
    """What a block is filled with: ``cells``, of any shape that numpy stretches to its own, and one label."""

    block: Cells
    cells: NDArray[Any]
    label: int | None = None


def _set(fillings: list[_Filling], predictions: Predictions, epoch: int, pace: Pace) -> Edit:
    """One edit that fills these blocks."""
    edits: list[Edit] = []
    for done, each in enumerate(fillings):
        pace(done / len(fillings))
        block, columns = each.block, each.block.classes(predictions)
        cells = np.broadcast_to(each.cells, (len(block.rows), len(columns)))
        order: NDArray[np.intp] | slice = slice(None)  # takes a view of cells that are all alike
        if np.any(np.diff(block.rows) < 0):
            order = np.argsort(block.rows)
        if len(columns) == predictions.classes:  # whole rows need no index a cell
            edits.append(SetRows(block.rows[order], cells[order], epoch))
        elif len(columns):
            rows = np.repeat(block.rows, len(columns))
            edits.append(SetCells(rows, np.tile(columns, len(block.rows)), cells.ravel(), epoch))
        if each.label is not None and block.has_labels(predictions):
            labels = np.full(len(block.rows), each.label, np.int32)
            edits.append(SetLabels(block.rows[order], labels))
    if not edits:
        raise Refusal("", "These columns are computed from the cells and the label", "select cells or labels")
    return edits[0] if len(edits) == 1 else Together(tuple(edits))
