"""The predictions as a Qt table: one row a sample, one column a class, then what the row means."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from lossacc_gui.core.change import Change
from lossacc_gui.core.edits import RenameClass, SetLabels
from lossacc_gui.core.labelling import LabelReader
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.row_look import RowLook
from lossacc_gui.core.rules import edit_cell
from lossacc_gui.core.wording import Form, parse_number, shortened
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.ui.facts import FACTS, LABEL, P_LABEL, TEXTS
from lossacc_gui.ui.grid_words import GridWords, in_full

READABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
EDITABLE = READABLE | Qt.ItemFlag.ItemIsEditable
"""Made once: a screen of cells asks for them hundreds of times a frame."""

SMALL = 200
"""Up to this many rows each is looked at for a tie after every edit."""

KEPT = 2_000
"""So many rows' looks are kept."""

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Role = Qt.ItemDataRole


class GridModel(QAbstractTableModel):
    """Reads the document; an edit goes to it and comes back as its ``changed``.

    Rows of the grid are the rows the focus lists, in that order: an index's row is a ``view_row``, and
    everything else here speaks of the predictions' own rows.
    """

    refused = Signal(str)
    """Why a typed value was not taken."""

    def __init__(self, document: Document, focus: Focus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document, self.focus = document, focus
        self.words = GridWords(document)
        self._looks: dict[int, RowLook] = {}
        self._shape = self._present_shape()
        self._listing = focus.listing
        self._checked = False

    @property
    def classes(self) -> int:
        """The number of class columns; the facts come after them."""
        return self._shape[1]

    def data_row(self, view_row: int) -> int:
        """The row of the predictions that this row of the grid shows."""
        order = self._listing.order
        return view_row if order is None else int(order[view_row])

    def view_row(self, data_row: int) -> int:
        """The row of the grid that shows this row of the predictions, -1 when a filter hides it."""
        place = self._listing.place
        return data_row if place is None else int(place[data_row])

    def data_rows(self, view_rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """The rows of the predictions that these rows of the grid show, in their order."""
        order = self._listing.order
        return view_rows if order is None else order[view_rows]

    def list_rows(self) -> None:
        """Show the rows the focus lists now, in their order."""
        self.beginResetModel()
        self._looks.clear()
        self._shape, self._listing = self._present_shape(), self.focus.listing
        self.endResetModel()

    def on_changed(self, change: Change) -> None:
        """Take in what happened: one signal over the rows that moved, or a reset."""
        self._checked &= not change.source
        if change.shape or self._shape != self._present_shape() or self._listing is not self.focus.listing:
            self.list_rows()
        elif change.rows is None or change.convention or change.epoch:
            self._looks.clear()
            self._tell_all()
            if change.convention:  # of logits it is another number
                shown = self.classes + P_LABEL
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, shown, shown)
        elif len(change.rows):
            for row in change.rows.tolist():
                self._looks.pop(row, None)
            self._tell(change.rows)
        if change.names and not change.shape:
            self._looks.clear()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.classes - 1)
            self._tell_all()

    def take(self, index: Index, text: str) -> bool:
        """Do what was typed; False when it was refused, and ``refused`` has said why."""
        return self._try(index, text) is not None

    def set_numbers(self, decimals: int, form: Form) -> None:
        """Show so many decimals, in this form."""
        self.words.decimals, self.words.form = decimals, form
        self._tell_all()

    def look(self, row: int) -> RowLook:
        """What the grid shows of a row."""
        if row not in self._looks:
            if len(self._looks) > KEPT:
                self._looks.clear()
            self.document.look_at_ground()  # a file that shrank would end the process when it is read
            self._looks[row] = RowLook.of(self.document.evaluation, row)
        return self._looks[row]

    def has_checks(self) -> bool:
        """Whether any row needs a look, or has since others were opened.

        While a row is typed cell by cell its sum is off and right again: a column that came and went with it
        would move the others each time. Ties of wrong classes are looked for in small matrices only.
        """
        tally = self.document.evaluation.tally
        self._checked |= bool(tally.sum_off or tally.outside or tally.hits_any != tally.hits_unique)
        if not self._checked and self._shape[0] <= SMALL:
            self._checked = any(self.look(row).ties > 1 for row in range(self._shape[0]))
        return self._checked

    def _present_shape(self) -> tuple[int, int]:
        predictions = self.document.state.predictions
        return predictions.rows, predictions.classes

    def _tell(self, rows: NDArray[np.intp]) -> None:
        place = self._listing.place
        seen = rows if place is None else place[rows][place[rows] >= 0]
        if len(seen):
            last = self.index(int(seen.max()), self.columnCount() - 1)
            self.dataChanged.emit(self.index(int(seen.min()), 0), last)

    def _tell_all(self) -> None:
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        if last.isValid():
            self.dataChanged.emit(self.index(0, 0), last)

    def _try(self, index: Index, text: str) -> bool | None:
        """Whether what was typed changed anything, or None when it was refused."""
        row = self.data_row(index.row())
        try:
            return self._set(row, index.column(), text)
        except Refusal as reason:
            self.refused.emit(f"Row {row + 1}: {reason.what}: {reason.remedy}.")
            return None

    def _set(self, row: int, column: int, text: str) -> bool:
        document, look = self.document, self.look(row)
        if column < self.classes:
            edit = edit_cell(document.state, document.epoch, row, column, parse_number(text), self.focus.rule)
            return document.edit(edit, f"Edit row {row + 1}, {self.words.name(column)}")
        label = LabelReader(document.state.predictions.class_names)(text)
        if label == look.label:
            return False
        return document.edit(SetLabels(np.array([row]), np.array([label], np.int32)), f"Label row {row + 1}")

    # Qt's own names from here on

    def rowCount(self, parent: Index = ROOT) -> int:
        order = self._listing.order
        return 0 if parent.isValid() else self._shape[0] if order is None else len(order)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self._shape[1] + len(FACTS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return EDITABLE if index.column() <= self.classes + LABEL else READABLE

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = index.column()
        if role == Role.TextAlignmentRole:
            return self._alignment(column)
        if role in (Role.DisplayRole, Role.EditRole):
            look = self.look(self.data_row(index.row()))
            if column >= self.classes:
                return self.words.fact(look, column - self.classes)
            cell = look.cells[column]
            return self.words.written(cell) if role == Role.DisplayRole else in_full(cell)
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            row = self.data_row(index.row())
            return self.words.says(row, column, self.look(row))
        return None

    def _alignment(self, column: int) -> int:
        """Texts stand left, numbers right."""
        left = column - self.classes in TEXTS
        side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        return (side | Qt.AlignmentFlag.AlignVCenter).value

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        return role == Role.EditRole and index.isValid() and bool(self._try(index, str(value)))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return str(self.data_row(section) + 1) if role == Role.DisplayRole else None
        if role == Role.TextAlignmentRole:
            return self._alignment(section)
        if role == Role.DisplayRole:
            return self.words.heading(section, self._listing.sort)
        if role == Role.ToolTipRole:
            return self.words.heading_tip(section)
        return None

    def setHeaderData(
        self, section: int, orientation: Qt.Orientation, value: Any, role: int = Role.EditRole
    ) -> bool:
        if orientation is not Qt.Orientation.Horizontal or section >= self.classes or role != Role.EditRole:
            return False
        try:
            return self.document.edit(
                RenameClass(section, str(value)), f"Rename {shortened(self.words.name(section))}"
            )
        except Refusal as reason:
            self.refused.emit(f"{reason.what}: {reason.remedy}.")
            return False
