"""Rows made anew and classes put in another order: what the Edit menu offers beyond single cells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from lossacc_gui.core.bulk import MakeRows, ReorderClasses
from lossacc_gui.core.edits import Edit, SetLabels
from lossacc_gui.core.recipes import Dirichlet, Even, Noise, Normalise, Recipe, Temper, shuffled
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.shape_edits import InsertRows
from lossacc_gui.core.wording import counted, shortened
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.ui.making_dialog import Asked, Fields, MakeDialog


class Making(QObject):
    """Asks how, makes the edit and hands it to the document."""

    refused = Signal(str)

    def __init__(
        self, document: Document, focus: Focus, selected: Callable[[], NDArray[np.intp]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.document, self.focus, self._selected, self._window = document, focus, selected, parent

    def duplicate_rows(self) -> None:
        """Put a copy of the selected rows behind the last of them."""
        rows, held = np.sort(self._selected()), self.document.state.predictions
        if not len(rows):
            self.refused.emit("No row is selected: select rows first.")
            return
        places = rows[-1] + 1 + np.arange(len(rows))
        weights = None if held.weights is None else held.weights[rows]
        edit = InsertRows(places, held.probs[:, rows], held.labels[rows], weights)
        self._do(edit, f"Duplicate {counted(len(rows), 'row')}", "")

    def class_left(self) -> None:
        """Move the current class one place to the left."""
        self.move_class(self.focus.column, self.focus.column - 1)

    def class_right(self) -> None:
        """Move the current class one place to the right."""
        self.move_class(self.focus.column, self.focus.column + 1)

    def move_class(self, at: int, to: int) -> None:
        """Move a class into the place of another; those between give way, and it is the current one then."""
        held = self.document.state.predictions
        if not 0 <= to < held.classes:
            self.refused.emit("The class stands at the end already.")
            return
        order = np.insert(np.delete(np.arange(held.classes), at), to, at)
        if self._do(ReorderClasses(order), f"Move {shortened(held.class_names[at])}", ""):
            self.focus.go_to(self.focus.row, to)

    def even(self) -> None:
        """Give every class the same share."""
        self._ask(Fields("Equal shares"), lambda _: Even())

    def dirichlet(self) -> None:
        """Draw rows at random."""
        self._ask(Fields("Random rows", "Concentration", 1.0, seeded=True), Dirichlet)

    def temper(self) -> None:
        """Sharpen or soften rows by a temperature."""
        self._ask(Fields("Sharpen or soften", "T", 2.0, best=True), Temper)

    def noise(self) -> None:
        """Add noise to the logits of rows."""
        self._ask(Fields("Add noise", "Size", 0.5, seeded=True), Noise)

    def normalise(self) -> None:
        """Divide rows by their sums."""
        self._ask(Fields("Normalise rows"), lambda _: Normalise())

    def shuffle_labels(self) -> None:
        """Deal the labels out anew among the rows."""
        asked = self._answer(Fields("Shuffle labels", seeded=True))
        if asked is not None:
            labels = shuffled(self.document.state.predictions.labels[asked.rows], asked.seed)
            told = f"The labels were dealt out anew among them (seed {asked.seed})."
            self._do(SetLabels(asked.rows, labels), "Shuffle labels", told)

    def _ask(self, form: Fields, recipe: Callable[[float], Recipe]) -> None:
        """Ask for rows and a number, and make the rows by the recipe of that number."""
        asked = self._answer(form)
        if asked is None:
            return
        try:
            chosen = recipe(asked.value)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
            return
        seed = f" (seed {asked.seed})" if form.seeded else ""
        told = f"{chosen.text}, in {counted(len(asked.rows), 'row')}{seed}."
        self._do(MakeRows(asked.rows, chosen, asked.seed, self.document.epoch), chosen.text, told)

    def _answer(self, form: Fields) -> Asked | None:
        """Which rows, and how; None where it was given up, or where others came meanwhile, as a file that was opening."""
        before = self.document.revision
        dialog = MakeDialog(form, self.document, self._selected(), self.focus.listing.shown, self._window)
        try:
            if dialog.exec() != QDialog.DialogCode.Accepted:
                return None
            if self.document.revision != before:
                self.refused.emit("The predictions changed meanwhile: ask again.")
                return None
            return dialog.asked()
        finally:
            dialog.deleteLater()

    def _do(self, edit: Edit, what: str, told: str) -> bool:
        try:
            if not edit.idle(self.document.state):
                return self.document.edit(edit, what, aside=told)
            self.refused.emit("They are so already: nothing changed.")
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
        return False
