"""The Edit menu: changes of rows, classes, labels and the baseline, asked for by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.edits import Edit, RenameClass, SetBaseline, SetConvention, SetLabels
from lossacc_gui.core.labelling import LabelReader
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.state import Baseline
from lossacc_gui.core.weights import balanced
from lossacc_gui.core.wording import counted, shortened
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus


class Editing(QObject):
    """Makes edits of what the user asks for and hands them to the document."""

    refused = Signal(str)
    """Why an edit was not done."""

    def __init__(
        self, document: Document, focus: Focus, selected: Callable[[], NDArray[np.intp]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.document, self.focus, self._selected, self._window = document, focus, selected, parent

    def do(self, edit: Edit, what: str) -> None:
        """Do an edit, or say why not."""
        try:
            self.document.edit(edit, what)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")

    def undo(self) -> None:
        """Take the last step back."""
        self.document.undo()

    def redo(self) -> None:
        """Do the undone step again."""
        self.document.redo()

    def insert_row(self) -> None:
        """A row of equal shares below the current one. It has no label: nobody chose one yet."""
        predictions = self.document.state.predictions
        classes, below = predictions.classes, self.focus.row + 1
        cells = np.full((predictions.epochs, 1, classes), 1 / classes, predictions.probs.dtype)
        label = np.array([NO_LABEL], predictions.labels.dtype)
        self.do(InsertRows(np.array([below]), cells, label), f"Insert row {below + 1}")

    def delete_rows(self) -> None:
        """Delete the selected rows."""
        rows = self._selected()
        what = f"Delete row {rows[0] + 1}" if len(rows) == 1 else f"Delete {len(rows):,} rows"
        self.do(DeleteRows(rows), what)

    def insert_class(self) -> None:
        """Ask for a name, and insert a class of zeros to the right of the current one."""
        name, given = QInputDialog.getText(self._window, "Insert class", "Name of the new class")
        predictions = self.document.state.predictions  # as they are now: a file may have opened meanwhile
        if given:
            cells = np.zeros(predictions.probs.shape[:2], predictions.probs.dtype)
            edit = InsertClass(self.focus.column + 1, name, cells, np.empty(0, np.intp))
            self.do(edit, f"Insert class {name}")

    def rename_class(self, column: int | bool = False) -> None:
        """Ask for another name of a class, the current one if none is given."""
        column = self.focus.column if isinstance(column, bool) else column
        old = self.document.state.predictions.class_names[column]
        name, given = QInputDialog.getText(self._window, "Rename class", f"New name of {old}", text=old)
        names = self.document.state.predictions.class_names
        if given and column < len(names) and names[column] == old:
            self.do(RenameClass(column, name), f"Rename {shortened(old)}")

    def delete_class(self) -> None:
        """Delete the current class."""
        name = shortened(self.document.state.predictions.class_names[self.focus.column])
        self.do(DeleteClass(self.focus.column), f"Delete class {name.removeprefix('class ')}")

    def set_label(self) -> None:
        """Ask for a class, and make it the label of the selected rows."""
        rows, names = self._selected(), self.document.state.predictions.class_names
        asked = f"Label of {counted(len(rows), 'selected row')}"
        text, given = QInputDialog.getItem(self._window, "Set label", asked, list(names), self.focus.column)
        if not given:
            return
        try:
            label = LabelReader(names)(text)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
            return
        self.do(SetLabels(rows, np.full(len(rows), label, np.int32)), f"Label {counted(len(rows), 'row')}")

    def label_predicted(self) -> None:
        """Give each selected row its prediction as label."""
        rows = self._selected()
        labels = self.document.evaluation.stats.prediction[rows].astype(np.int32)
        self.do(SetLabels(rows, labels), f"Label {counted(len(rows), 'row')} as predicted")

    def clear_label(self) -> None:
        """Take the label of the selected rows away."""
        rows = self._selected()
        self.do(SetLabels(rows, np.full(len(rows), NO_LABEL, np.int32)), "Clear label")

    def pin(self) -> None:
        """Pin the present numbers to compare with, or let go of pinned ones."""
        document = self.document
        if document.state.baseline is not None:
            self.do(SetBaseline(None), "Let go of the baseline")
            return
        if not document.counting.done:
            self.refused.emit("Pin a baseline when all rows are counted.")
            return
        whole = document.tally if document.state.page else None
        pinned = Baseline.of(document.state.source.name, document.evaluation, whole)
        self.do(SetBaseline(pinned), "Pin baseline")

    def set_convention(self, convention: Convention) -> None:
        """Read the rows under another convention."""
        self.do(SetConvention(convention), "Change convention")

    def balance_classes(self) -> None:
        """Give the classes weights that even out how many rows each has."""
        state = self.document.state
        weights = balanced(state.predictions)
        self.do(SetConvention(replace(state.convention, weights=weights)), "Balance classes")
