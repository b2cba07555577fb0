"""Classes: one line each, with the class weights to be typed in."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QToolButton

from lossacc_gui.core.class_table import ClassTable, balanced, class_table, heavy
from lossacc_gui.core.curves.curve import Pick
from lossacc_gui.core.edits import SetConvention
from lossacc_gui.core.filtering import LabelIs
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import brief, number, parse_number, share
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.panel import Panel
from lossacc_gui.ui.panels.table import TablePanel
from lossacc_gui.ui.panels.table_model import Cell, Column, Entry

COLUMNS = (
    Column("class", "Its name; ▸ marks the current class", number=False, elides=True),
    Column("rows", "Rows with this label"),
    Column("recall", "The part of its rows that are predicted so"),
    Column("precision", "The part of the rows predicted so that have this label", spare=2),
    Column("loss", "The mean loss of its rows, without weights"),
    Column("of loss", "Its part of the whole loss, by the class weights", spare=1),
    Column("weight", "How much a row counts in cross-entropy; double-click or F2 to type one", editable=True),
)


class ClassesView(TablePanel):
    """A click on a class shows its rows in the grid, one more shows all."""

    def __init__(self, theme: look.Theme) -> None:
        super().__init__(theme, COLUMNS, lines)
        self.picture: ClassTable | None = None
        self.model.typed.connect(self._on_typed)
        line = QHBoxLayout()
        line.setContentsMargins(4, 2, 4, 2)
        line.setSpacing(4)
        self.balance = self._button(
            "balance weights", "Give every class the same say: scikit-learn's “balanced”"
        )
        self.clear = self._button("no weights", "Let every row count the same")
        self.balance.clicked.connect(self._on_balance)
        self.clear.clicked.connect(self._on_clear)
        for button in (self.balance, self.clear):
            line.addWidget(button)
        line.addStretch()
        self.inside.insertLayout(0, line)

    def draw(self, picture: ClassTable, *, hold_axes: bool = False) -> None:
        """See PanelView."""
        super().draw(picture, hold_axes=hold_axes)
        self.clear.setEnabled(picture.convention.weights is not None)

    def unchosen(self) -> ClassTable | None:
        """See PanelView."""
        return None if self.picture is None else replace(self.picture, column=-1)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setObjectName("segment")
        return button

    def _on_typed(self, column: int, text: str) -> None:
        assert self.picture is not None
        try:
            weights = self.picture.weights.tolist()
            weights[column] = parse_number(text)
            self._ask(tuple(weights), f"Weigh {self.picture.names[column]}")
        except Refusal as reason:
            self.refused.emit(f"{reason}.")

    def _on_balance(self) -> None:
        assert self.picture is not None
        self._ask(balanced(self.picture.rows), "Balance the classes")

    def _on_clear(self) -> None:
        self._ask(None, "Take the class weights away")

    def _ask(self, weights: tuple[float, ...] | None, what: str) -> None:
        assert self.picture is not None
        if weights is not None and all(weight == 1 for weight in weights):
            weights = None
        self.asked.emit(SetConvention(replace(self.picture.convention, weights=weights)), what)


def lines(table: ClassTable) -> tuple[Entry, ...]:
    """The table as lines of texts."""
    return tuple(_line(table, at) for at in range(len(table.names)))


def _line(table: ClassTable, at: int) -> Entry:
    name, rows = table.names[at], int(table.rows[at])
    recall, precision = float(table.recall[at]), float(table.precision[at])
    loss, part = float(table.mean_loss[at]), float(table.share[at])
    weight = float(table.weights[at])
    says = f"{name}: {int(table.right[at]):,} of {rows:,} right; predicted {int(table.predicted[at]):,} times"
    return Entry(
        (
            Cell(name, at),
            Cell(f"{rows:,}", rows),
            Cell(share(recall), recall),
            Cell(share(precision), precision),
            Cell(number(loss), loss),
            Cell(share(part), part, bar=part if part == part else 0.0),  # noqa: PLR0124 - NaN has no bar
            Cell(brief(weight), weight),
        ),
        Pick(0.0, 0.0, filter=LabelIs(at), says=says),
        marked=at == table.column,
    )


CLASSES = Panel(
    "classes",
    "Classes",
    "click a class: filter · F2: weight",
    class_table,
    ClassesView,
    heavy,
    follows_focus=True,
)
