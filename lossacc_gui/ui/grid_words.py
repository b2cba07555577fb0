"""What the cells and headings of the grid say, in numbers and words."""

from __future__ import annotations

from math import isfinite

from PySide6.QtGui import QFontMetrics

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.listing import CELL, Sort
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.row_look import RowLook
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.sums import ROUNDED
from lossacc_gui.core.wording import Form, number, written
from lossacc_gui.session.document import Document
from lossacc_gui.ui.facts import (
    CHECK,
    FACT_TIPS,
    FACTS,
    LABEL,
    LOSS,
    MARGIN,
    P_LABEL,
    P_TIP_DIVIDED,
    PREDICTION,
    SORTED_FACTS,
    Z_TIP,
)
from lossacc_gui.ui.panels.painted import elided
from lossacc_gui.ui.theme import font


class GridWords:
    """Writes with so many decimals, in this form, the names and the unit of the document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.decimals = 4
        self.form = Form.DECIMALS
        self.head_room = 0
        """For the name in the heading of a class, in pixels; 0 for as much as there may be."""
        self._heads: dict[str, str] = {}
        self._heads_of: tuple[object, int] = ((), 0)

    def name(self, label: int) -> str:
        """A class's name, empty for no label."""
        return "" if label == NO_LABEL else self._document.state.predictions.class_names[label]

    def written(self, value: float, decimals: int | None = None, form: Form | None = None) -> str:
        """A number; logits are no shares, and never percentages."""
        form = self.form if form is None else form
        if form is Form.PERCENT and self._document.state.convention.rows is Rows.LOGITS:
            form = Form.DECIMALS
        return written(value, self.decimals if decimals is None else decimals, form)

    def fact(self, look: RowLook, fact: int, decimals: int | None = None) -> str:
        """One of the row's facts, with these decimals or those chosen for all."""
        if fact == LABEL:
            return self.name(look.label)
        if fact == PREDICTION:
            mark = "" if not look.counted else " ✓" if look.hit else " ✗"
            return self.name(look.prediction) + mark
        if fact == CHECK:
            return _check(look)
        if not look.counted:
            return ""
        loss = look.loss / self._document.state.convention.nats
        value = {P_LABEL: look.p_label, LOSS: loss, MARGIN: look.margin}[fact]
        share = Form.DECIMALS if fact == LOSS and self.form is Form.PERCENT else self.form
        return self.written(value, decimals, share)

    def is_calm(self, look: RowLook) -> bool:
        """Whether all there is to check is a sum that rounding would explain."""
        return look.ties < 2 and Flag.OUTSIDE not in look.flags and abs(look.total - 1) <= ROUNDED

    def says(self, row: int, column: int, look: RowLook) -> str:
        """A cell in words, for tooltips and screen readers: itself first, then what its row comes to."""
        fact = column - self._document.state.predictions.classes
        if fact >= 0:
            itself = f"{self._fact_name(fact)}: {self.fact(look, fact) or 'none'}"
        else:
            itself = f"{self.name(column)}: {in_full(look.cells[column])}"
        return f"Row {row + 1}, {itself}{self.said_of(look, column)}"

    def said_of(self, look: RowLook, column: int) -> str:
        """What a cell is to its row, and whether the row is right: the end of what a cell says."""
        fact = column - self._document.state.predictions.classes
        parts = ["the label"] if column == look.label else []
        if column == look.prediction:
            parts.append("the prediction")
        elif fact < 0 and look.is_tied(column):
            parts.append("tied with the prediction, which comes first")
        here = "".join(f", {part}" for part in parts)
        if not look.counted:
            return f"{here}; no label"
        row = [] if column == look.label or fact == LABEL else [f"label {self.name(look.label)}"]
        if column != look.prediction and fact != PREDICTION:
            row.append(f"predicted {self.name(look.prediction)}")
        return f"{here}; {', '.join([*row, 'right' if look.hit else 'wrong'])}"

    def heading(self, column: int, sort: Sort | None) -> str:
        """A column's heading, with an arrow when the rows are listed by it."""
        classes = self._document.state.predictions.classes
        by = -1
        if sort is not None:
            by = sort.column if sort.key == CELL else classes + SORTED_FACTS.get(sort.key, CHECK)
        arrow = "" if sort is None or by != column else "↓ " if sort.descending else "↑ "
        return arrow + (self._head(column, arrow) if column < classes else self._fact_name(column - classes))

    def _fact_name(self, fact: int) -> str:
        return f"{self._document.state.convention.rows.letter}(label)" if fact == P_LABEL else FACTS[fact]

    def _head(self, column: int, arrow: str) -> str:
        """A class's name as its heading has room for it behind an arrow, like no other one if that can be."""
        names, room = self._document.state.predictions.class_names, self.head_room
        name = names[column]
        if not room:
            return name
        if self._heads_of != (names, room):
            self._heads, self._heads_of = {}, (names, room)
        if arrow + name not in self._heads:
            metrics = QFontMetrics(font(bold=True))
            room -= metrics.horizontalAdvance(arrow)
            self._heads[arrow + name] = elided(metrics, name, room, names)
        return self._heads[arrow + name]

    def heading_tip(self, column: int) -> str:
        """What a column is, and what its heading does."""
        classes = self._document.state.predictions.classes
        if column >= classes:
            fact, rows = column - classes, self._document.state.convention.rows
            tips = {Rows.LOGITS: Z_TIP, Rows.NORMALISED: P_TIP_DIVIDED} if fact == P_LABEL else {}
            return f"{tips.get(rows, FACT_TIPS[fact])} Click to sort."
        does = "Click to sort, double-click to rename, drag to move (or Ctrl+Alt+Left and Right)."
        return f"{self.name(column)}: class {column}. {does}"


def in_full(cell: float) -> str:
    """A cell with every digit it has."""
    return repr(cell) if isfinite(cell) else number(cell)


def _check(look: RowLook) -> str:
    notes = []
    if Flag.OUTSIDE in look.flags:
        notes.append("outside 0–1" if isfinite(look.total) else "not finite")
    if Flag.SUM_OFF in look.flags and isfinite(look.total):
        off = look.total - 1
        near = abs(off) < 0.0005
        notes.append(
            f"Σ 1 {'−' if off < 0 else '+'} {abs(off):.0e}" if near else f"Σ {number(look.total, 3)}"
        )
    if look.ties > 1:
        notes.append(f"tie of {look.ties}")
    return " · ".join(notes)
