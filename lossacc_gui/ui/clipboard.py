"""The clipboard: a block of the grid as text for other programs, and their texts as one edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from lossacc_gui.core.blocks import Block, read_block, tiled
from lossacc_gui.core.bulk import Together
from lossacc_gui.core.copying import MOST_CELLS, Column, Style, class_columns, fact_column, paced, text
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.edits import Edit, SetCells, SetLabels
from lossacc_gui.core.pasting import Paste, Target, paste, plan
from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Pace
from lossacc_gui.core.wording import counted
from lossacc_gui.files.disk import replacing
from lossacc_gui.session.document import Document
from lossacc_gui.session.jobs import Job, Report, Stop
from lossacc_gui.session.preparing import Preparing, keep_pace
from lossacc_gui.ui.facts import FACTS, LABEL

if TYPE_CHECKING:
    from lossacc_gui.ui.grid import Grid

COPIED = ("label", "prediction", "p(label)", "loss", "margin")
"""The facts that can be copied; the check is a hint for the eye."""

SIGNS = 5
"""A cell of a text takes at least about so many."""


@dataclass(frozen=True, eq=False, slots=True)
class Selected:
    """A block of rows and columns: data rows (k,) as listed, classes, and facts by index.

    ``listed`` (k,) and ``columns`` are the same rows and columns by their places in the grid.
    """

    rows: NDArray[np.intp]
    classes: NDArray[np.intp]
    facts: tuple[int, ...]
    listed: NDArray[np.intp]
    columns: NDArray[np.intp]

    @property
    def cells(self) -> int:
        """How many cells it has."""
        return len(self.rows) * (len(self.classes) + len(self.facts))


class Clipboard(QObject):
    """Copies, cuts and pastes for one grid."""

    refused = Signal(str)
    said = Signal(str)

    def __init__(self, document: Document, grid: Grid, parent: QWidget) -> None:
        super().__init__(parent)
        self.document, self._grid, self._window = document, grid, parent
        self._preparing = Preparing(document, self)
        self._preparing.refused.connect(self.refused)

    def copy(self) -> None:
        """Copy the selection, its cells apart by tabs, every digit of them."""
        self._copy(Style.TABS)

    def copy_headed(self) -> None:
        """Copy it with the names of the columns."""
        self._copy(Style.HEADED)

    def copy_markdown(self) -> None:
        """Copy it as a Markdown table."""
        self._copy(Style.MARKDOWN)

    def copy_latex(self) -> None:
        """Copy it as a LaTeX table."""
        self._copy(Style.LATEX)

    def copy_numpy(self) -> None:
        """Copy it as the statement that makes a NumPy array."""
        self._copy(Style.NUMPY)

    def cut(self) -> None:
        """Copy the selection, then set its cells to 0 and take its labels away."""
        self._copy(Style.TABS, self._clear)

    def paste(self) -> None:
        """Put the text on the clipboard into the grid, from the current cell on, as one step."""
        try:
            chosen = self._selected()
            target = self._target(chosen)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
            return
        text, predictions = QGuiApplication.clipboard().text(), self.document.state.predictions
        size = len(chosen.rows), len(chosen.classes) + len(chosen.facts)
        read = partial(_read, text, size, target, predictions)
        then = partial(self._on_read, target, int(chosen.listed[0]))
        self._preparing.run(read, then, "Paste", len(text) // SIGNS)

    def _on_read(self, target: Target, first: int, read: tuple[Block, Paste]) -> None:
        """A block was read: ask where it has to be asked, and put it in."""
        block, todo = read
        if todo.grows and not self._may_grow(block, todo.grows):
            return
        aside = [*block.notes]
        if todo.left_out:
            aside.append(f"{counted(todo.left_out, 'computed column')} at its right were left out")
        told = "; ".join(aside)
        told = f"{told[0].upper()}{told[1:]}." if told else ""
        put = partial(paste, block, target, self.document.state.predictions)
        before = self.document.step
        self._preparing.edit(put, "Paste", block.height * block.width, told)
        if self.document.step > before:  # else it is a job, or was refused
            last = self._grid.model.classes + LABEL if todo.labels >= 0 else target.column + todo.cells - 1
            self._grid.selection.select((first, target.column), (first + block.height - 1, last))

    def _clear(self, chosen: Selected) -> None:
        clear = partial(_clearing, chosen, self.document.epoch)
        self._preparing.edit(clear, "Cut", chosen.cells)

    def _selected(self) -> Selected:
        """What is selected, the current cell where nothing is.

        Raises Refusal when that is no cell, no block of rows and columns, or not the cells one sees selected.
        """
        model, selection = self._grid.model, self._grid.cells.selectionModel()
        chosen, current = selection.selection(), selection.currentIndex()
        if not chosen.count() and current.isValid():
            chosen = QItemSelection(current, current)
        ranges = [chosen.at(i) for i in range(chosen.count())]
        if not ranges:
            raise Refusal("", "no cell is selected", "select cells first")
        self._grid.selection.require_seen()
        rows = distinct(np.concatenate([np.arange(r.top(), r.bottom() + 1) for r in ranges]))
        columns = distinct(np.concatenate([np.arange(r.left(), r.right() + 1) for r in ranges]))
        if sum(r.height() * r.width() for r in ranges) != len(rows) * len(columns):
            raise Refusal("", "the selected cells are no block", "select the same columns in every row")
        classes, facts = columns[columns < model.classes], columns[columns >= model.classes] - model.classes
        kept = tuple(fact for fact in facts.tolist() if FACTS[fact] in COPIED)
        return Selected(model.data_rows(rows), classes, kept, rows, columns)

    def _target(self, chosen: Selected) -> Target:
        """Where a paste begins: the upper left corner of the selection, all listed rows from there on.

        Raises Refusal when there are gaps in the selection.
        """
        for places in (chosen.listed, chosen.columns):
            if places[-1] - places[0] != len(places) - 1:
                raise Refusal("", "there are gaps in the selection", "select where the block is to begin")
        model = self._grid.model
        rows = model.data_rows(np.arange(chosen.listed[0], model.rowCount()))
        return Target(rows, int(chosen.columns[0]), self.document.epoch)

    def _columns(self, chosen: Selected) -> list[Column]:
        evaluation = self.document.evaluation
        found = class_columns(evaluation.predictions, evaluation.epoch, chosen.rows, chosen.classes)
        return [*found, *(fact_column(evaluation, chosen.rows, FACTS[fact]) for fact in chosen.facts)]

    def _copy(self, style: Style, then: Callable[[Selected], None] | None = None) -> None:
        """Copy the selection, and do with it what is to be done then."""
        try:
            chosen = self._selected()
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
            return
        if not chosen.cells:
            self.refused.emit("There is nothing to copy: select cells first.")
            return
        if chosen.cells > MOST_CELLS:
            self._offer_file(chosen, style)
            return
        write = partial(text, self._columns(chosen), style)
        done = partial(self._on_text, chosen, style, then)
        self._preparing.run(write, done, "Copy", chosen.cells, loose=then is None)

    def _on_text(
        self, chosen: Selected, style: Style, then: Callable[[Selected], None] | None, made: str
    ) -> None:
        QGuiApplication.clipboard().setText(made)
        self.said.emit(f"Copied {counted(len(chosen.rows), 'row')}, {style}")
        if then is not None:
            then(chosen)

    def _may_grow(self, block: Block, grows: str) -> bool:
        """Ask whether rows and classes may be added."""
        size = f"{block.height:,} × {block.width:,}"
        question = f"The block of {size} does not fit. Add {grows} for it?"
        return QMessageBox.question(self._window, "Paste", question) == QMessageBox.StandardButton.Yes

    def _offer_file(self, chosen: Selected, style: Style) -> None:
        """Write a selection that is too large for a clipboard to a file instead, in a job."""
        title = f"{chosen.cells:,} cells are too many for a clipboard: write them to a file"
        path, _ = QFileDialog.getSaveFileName(self._window, title, "selection.txt", "Text (*.txt *.tsv *.md)")
        if not path:
            return
        work, done = (
            partial(_write, Path(path), self._columns(chosen), style),
            partial(self._on_written, path),
        )
        self.document.jobs.submit(Job("copy", f"Writing {path}", work, done, self._on_failed))

    def _on_written(self, path: str, _: None) -> None:
        self.said.emit(f"Wrote the selection to {path}")

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, Refusal | OSError):
            raise error  # a bug: the error dialog says so
        self.refused.emit(f"{error}.")


def _read(
    text: str, size: tuple[int, int], target: Target, predictions: Predictions, pace: Pace
) -> tuple[Block, Paste]:
    """A text as the block that fills a selection of this size, and how it lies. Raises Refusal or Stopped."""
    block = tiled(read_block(text, pace), *size)
    return block, plan(block, target, predictions)


def _clearing(chosen: Selected, epoch: int, _pace: Pace) -> Edit:
    """The edit that empties a rectangle; what is computed stays. Raises Refusal when all of it is."""
    edits: list[Edit] = []
    if len(chosen.classes):
        rows = np.repeat(chosen.rows, len(chosen.classes))
        columns = np.tile(chosen.classes, len(chosen.rows))
        edits.append(SetCells(rows, columns, np.zeros(len(rows)), epoch))
    if LABEL in chosen.facts:
        rows = np.sort(chosen.rows)
        edits.append(SetLabels(rows, np.full(len(rows), NO_LABEL, np.int32)))
    if not edits:
        raise Refusal("", "these columns are computed", "select cells or labels")
    return edits[0] if len(edits) == 1 else Together(tuple(edits))


def _write(path: Path, columns: list[Column], style: Style, report: Report, stop: Stop) -> None:
    with replacing(path) as file:
        for piece in paced(columns, style, partial(keep_pace, report, stop)):
            file.write(piece.encode())
