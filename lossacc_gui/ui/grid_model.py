"""The predictions as a Qt table: one row a sample, one column a class, then what the row means."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from lossacc_gui.core.change import Change
from lossacc_gui.core.convention import Rows
from lossacc_gui.core.edits import RenameClass, SetLabels
from lossacc_gui.core.labelling import LabelReader
from lossacc_gui.core.listing import CELL
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.rules import edit_cell
from lossacc_gui.core.wording import Form, number, parse_number, written
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus

FACTS = ("label", "prediction", "p(label)", "loss", "check", "margin")
LABEL, PREDICTION, P_LABEL, LOSS, CHECK, MARGIN = range(len(FACTS))

FACT_TIPS = (
    "The true class. Type a name or an index, or pick one; empty takes the label away.",
    "The first largest cell of the row: ✓ it is the label, ✗ it is not.",
    "The probability given to the label: all that cross-entropy sees of the row.",
    "What this row adds to the cross-entropy, under the present convention.",
    "What may need a look: ties for the largest cell, rows that do not sum to 1, odd numbers.",
    "p(label) minus the largest other cell: above 0 the row is right, below it is wrong.",
)

SORTED_FACTS = {"label": LABEL, "prediction": PREDICTION, "p_label": P_LABEL, "loss": LOSS, "margin": MARGIN}
"""The fact that shows what rows can be sorted by; the rest is shown by CHECK."""

READABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
EDITABLE = READABLE | Qt.ItemFlag.ItemIsEditable
"""Made once: a screen of cells asks for them hundreds of times a frame."""

SMALL = 200
"""Up to this many rows each is looked at for a tie after every edit."""

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class RowLook:
    """All that the grid shows of one row, as Python numbers."""

    cells: tuple[float, ...]
    shares: tuple[float, ...]
    label: int
    prediction: int
    p_label: float
    loss: float
    margin: float
    total: float
    flags: Flag
    tied: tuple[int, ...]


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
        self.decimals = 4
        self.form = Form.DECIMALS
        self._looks: dict[int, RowLook] = {}
        self._shape = self._present_shape()
        self._listing = focus.listing

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
        if change.shape or self._shape != self._present_shape() or self._listing is not self.focus.listing:
            self.list_rows()
        elif change.rows is None or change.convention or change.epoch:
            self._looks.clear()
            self._tell_all()
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
        self.decimals, self.form = decimals, form
        self._tell_all()

    def look(self, row: int) -> RowLook:
        """What the grid shows of a row."""
        if row not in self._looks:
            if len(self._looks) > 2000:
                self._looks.clear()
            self._looks[row] = self._look(row)
        return self._looks[row]

    def name(self, label: int) -> str:
        """A class's name, empty for no label."""
        return "" if label == NO_LABEL else self.document.state.predictions.class_names[label]

    def fact(self, look: RowLook, fact: int, decimals: int | None = None) -> str:
        """One of the row's facts as text, with these decimals or those chosen for all."""
        counted = Flag.COUNTED in look.flags
        if fact == LABEL:
            return self.name(look.label)
        if fact == PREDICTION:
            mark = "" if not counted else " ✓" if Flag.HIT in look.flags else " ✗"
            return self.name(look.prediction) + mark
        if fact == CHECK:
            return self._check(look)
        if not counted:
            return ""
        loss = look.loss / self.document.state.convention.nats
        value = {P_LABEL: look.p_label, LOSS: loss, MARGIN: look.margin}[fact]
        share = Form.DECIMALS if fact == LOSS and self.form is Form.PERCENT else self.form
        return self.written(value, decimals, share)

    def written(self, value: float, decimals: int | None = None, form: Form | None = None) -> str:
        """A number as the grid shows it; logits are no shares, and never percentages."""
        form = self.form if form is None else form
        if form is Form.PERCENT and self.document.state.convention.rows is Rows.LOGITS:
            form = Form.DECIMALS
        return written(value, self.decimals if decimals is None else decimals, form)

    def has_checks(self) -> bool:
        """Whether any row may need a look; ties of wrong classes are looked for in small matrices only."""
        tally = self.document.evaluation.tally
        if tally.sum_off or tally.outside or tally.hits_any != tally.hits_unique:
            return True
        return self._shape[0] <= SMALL and any(len(self.look(row).tied) > 1 for row in range(self._shape[0]))

    def _look(self, row: int) -> RowLook:
        document = self.document
        predictions, stats = document.state.predictions, document.evaluation.stats
        cells = predictions.probs[document.epoch, row].astype(np.float64)
        top = float(cells.max())
        return RowLook(
            tuple(cells.tolist()),
            tuple(self._shares(cells).tolist()),
            int(predictions.labels[row]),
            int(stats.prediction[row]),
            float(stats.p_label[row]),
            float(stats.loss[row]),
            float(stats.margin[row]),
            float(stats.total[row]),
            Flag(int(stats.flags[row])),
            tuple(np.flatnonzero(cells == top).tolist()),
        )

    def _shares(self, cells: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """How long each cell's bar is, 0 to 1."""
        if self.document.state.convention.rows is Rows.LOGITS:
            with np.errstate(all="ignore"):
                spread = np.exp(cells - cells.max())
                cells = spread / spread.sum()
        shares: np.ndarray[Any, np.dtype[np.float64]] = np.clip(np.nan_to_num(cells, nan=0.0), 0.0, 1.0)
        return shares

    def _check(self, look: RowLook) -> str:
        notes = []
        if Flag.OUTSIDE in look.flags:
            notes.append("odd number" if not np.isfinite(look.total) else "outside 0–1")
        if Flag.SUM_OFF in look.flags and np.isfinite(look.total):
            off = look.total - 1
            near = abs(off) < 0.0005
            notes.append(
                f"Σ 1 {'−' if off < 0 else '+'} {abs(off):.0e}" if near else f"Σ {number(look.total, 3)}"
            )
        if len(look.tied) > 1:
            notes.append(f"tie of {len(look.tied)}")
        return " · ".join(notes)

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
            return document.edit(edit, f"Edit row {row + 1}, {self.name(column)}")
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
                return self.fact(look, column - self.classes)
            cell = look.cells[column]
            return self.written(cell) if role == Role.DisplayRole else _in_full(cell)
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return self._says(self.data_row(index.row()), column)
        return None

    def _alignment(self, column: int) -> int:
        """Texts stand left, numbers right."""
        left = column - self.classes in (LABEL, PREDICTION, CHECK)
        side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        return (side | Qt.AlignmentFlag.AlignVCenter).value

    def _arrow(self, section: int) -> str:
        """In front of a heading: whether the rows are listed by this column, and which way."""
        sort = self._listing.sort
        if sort is None:
            return ""
        column = sort.column if sort.key == CELL else self.classes + SORTED_FACTS.get(sort.key, CHECK)
        return "" if column != section else "↓ " if sort.descending else "↑ "

    def _says(self, row: int, column: int) -> str:
        """A cell in words, for tooltips and screen readers."""
        look = self.look(row)
        if column >= self.classes:
            fact = column - self.classes
            return f"Row {row + 1}, {FACTS[fact]}: {self.fact(look, fact) or 'none'}"
        text = f"Row {row + 1}, {self.name(column)}: {_in_full(look.cells[column])}"
        if column == look.label:
            text += ", the label"
        if column == look.prediction:
            counted, hit = Flag.COUNTED in look.flags, Flag.HIT in look.flags
            text += ", the prediction" + ("" if not counted else ", right" if hit else ", wrong")
        elif column in look.tied:
            text += ", tied with the prediction, which comes first"
        return text

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        return role == Role.EditRole and index.isValid() and bool(self._try(index, str(value)))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return str(self.data_row(section) + 1) if role == Role.DisplayRole else None
        if role == Role.TextAlignmentRole:
            return self._alignment(section)
        if role == Role.DisplayRole:
            name = self.name(section) if section < self.classes else FACTS[section - self.classes]
            return self._arrow(section) + name
        if role == Role.ToolTipRole:
            if section >= self.classes:
                return f"{FACT_TIPS[section - self.classes]} Click to sort."
            return f"{self.name(section)}: class {section}. Click to sort, double-click to rename."
        return None

    def setHeaderData(
        self, section: int, orientation: Qt.Orientation, value: Any, role: int = Role.EditRole
    ) -> bool:
        if orientation is not Qt.Orientation.Horizontal or section >= self.classes or role != Role.EditRole:
            return False
        try:
            return self.document.edit(RenameClass(section, str(value)), f"Rename {self.name(section)}")
        except Refusal as reason:
            self.refused.emit(f"{reason.what}: {reason.remedy}.")
            return False


def _in_full(cell: float) -> str:
    """A cell with every digit it has."""
    return repr(cell) if isfinite(cell) else number(cell)
