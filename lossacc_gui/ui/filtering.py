"""Filtering and sorting by hand: what the menu, the headings and the filter line ask for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.evaluation import Part
from lossacc_gui.core.filter_text import parse_filter
from lossacc_gui.core.filtering import (
    ConfusionCell,
    Filter,
    LabelIs,
    Outside,
    PredictionIs,
    Right,
    SumOff,
    Tied,
    Unlabelled,
    Wrong,
)
from lossacc_gui.core.listing import CELL, LABEL, PREDICTION, Sort
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.wording import rows as rows_in_words
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.lister import Lister
from lossacc_gui.ui.filter_line import FilterLine

FACT_SORTS = (
    Sort(LABEL),
    Sort(PREDICTION),
    Sort("p_label"),
    Sort("loss", descending=True),
    Sort("total"),
    Sort("margin"),
)
"""What a first click on the heading of each fact sorts by: what may need a look comes first."""


class Filtering(QObject):
    """Asks the focus for filters and orders, and keeps the filter line."""

    refused = Signal(str)
    measured = Signal()
    """The tiles are to be drawn again: for other rows, or because the listed rows' tally has come."""

    def __init__(
        self, document: Document, focus: Focus, lister: Lister, line: FilterLine, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._focus, self._lister, self._line = document, focus, lister, line
        self.own_metrics = False
        self._before_click: tuple[Sort | None, int] = (None, 0)
        """How the rows were sorted, and the current row."""
        line.filter_cleared.connect(self.all_rows)
        line.sort_cleared.connect(self.file_order)
        line.reapplied.connect(lister.reapply)
        line.metrics_wanted.connect(self.toggle_metrics)
        focus.listed.connect(self._on_listed)
        lister.told.connect(self.measured)

    def draw(self) -> None:
        """Say what is listed."""
        names = self._document.state.predictions.class_names
        self._line.draw(self._focus.listing, names, stale=self._lister.stale, metrics=self.own_metrics)

    def subject(self, before: Tally | None) -> tuple[State, Tally, Tally | None, str, str]:
        """What the tiles speak of: the state, the tally, the one before the last edit, which rows, an aside."""
        state, evaluation = self._document.state, self._document.evaluation
        shown, part = self._focus.listing.shown, evaluation.part
        counting = self._document.counting
        among = "all rows" if shown is not None or state.page else ""
        if self._document.stale:
            among = "stale"
        elif not counting.done:
            among = f"so far, {counting.share:.0%}"
        elif shown is not None and self.own_metrics and part is not None:
            return self._part(part, before, len(shown))
        return state, self._document.tally, before, among, ""

    def _part(
        self, part: Part, before: Tally | None, rows: int
    ) -> tuple[State, Tally, Tally | None, str, str]:
        """The same of the listed rows."""
        state = self._document.state
        alone = State(state.predictions, state.convention, None, state.source)  # a baseline is of all rows
        earlier = self._lister.part_before if before is not None else None
        aside = "baseline of all rows only" if state.baseline is not None else ""
        return alone, part.tally, earlier, rows_in_words(rows), aside

    @property
    def words(self) -> str:
        """The filter in words; nothing where there is none."""
        chosen, names = self._focus.filter, self._document.state.predictions.class_names
        return "" if chosen is None else chosen.text(names)

    # --- filters ---

    def wrong(self) -> None:
        """List the wrong rows."""
        self._focus.set_filter(Wrong())

    def right(self) -> None:
        """List the right rows."""
        self._focus.set_filter(Right())

    def tied(self) -> None:
        """List the rows whose label is tied for the largest cell."""
        self._focus.set_filter(Tied())

    def unlabelled(self) -> None:
        """List the rows without a label."""
        self._focus.set_filter(Unlabelled())

    def sum_off(self) -> None:
        """List the rows that do not sum to 1."""
        self._focus.set_filter(SumOff())

    def odd(self) -> None:
        """List the rows with cells that are no probabilities."""
        self._focus.set_filter(Outside())

    def same_label(self) -> None:
        """List the rows with the current row's label."""
        label = self._label()
        self._focus.set_filter(Unlabelled() if label == NO_LABEL else LabelIs(label))

    def same_prediction(self) -> None:
        """List the rows with the current row's prediction."""
        self._focus.set_filter(PredictionIs(self._prediction()))

    def this_class(self) -> None:
        """List the rows whose label is the current class."""
        self._focus.set_filter(LabelIs(self._focus.column))

    def same_mistake(self) -> None:
        """List the rows with the current row's label and prediction."""
        label, prediction = self._label(), self._prediction()
        chosen: Filter = PredictionIs(prediction) if label == NO_LABEL else ConfusionCell(label, prediction)
        self._focus.set_filter(chosen)

    def typed(self, text: str) -> bool:
        """List the rows that meet typed conditions, all of them for no text; False when they make no sense."""
        state = self._document.state
        try:
            of, nats = state.predictions, state.convention.nats
            chosen = parse_filter(text, of.class_names, nats, of.rows) if text.strip() else None
            self._focus.set_filter(chosen)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
            return False
        return True

    def all_rows(self) -> None:
        """List all rows again."""
        self._focus.set_filter(None)

    def reapply(self) -> None:
        """Filter and sort again by the present numbers."""
        self._lister.reapply()

    def toggle_metrics(self) -> None:
        """Let the tiles speak of the listed rows, or of all again."""
        self.own_metrics = not self.own_metrics
        self.draw()
        self.measured.emit()

    # --- order ---

    def sort_by(self, column: int) -> None:
        """Sort by a column of the grid: its first order, then the other way, then the file's."""
        classes = self._document.state.predictions.classes
        first = Sort(CELL, column, True) if column < classes else FACT_SORTS[column - classes]
        now = self._focus.listing.sort
        self._before_click = (now, self._focus.row)
        if now is None or (now.key, now.column) != (first.key, first.column):
            self._focus.set_sort(first)
        elif now == first:
            self._focus.set_sort(Sort(first.key, first.column, not first.descending))
        else:
            self._focus.set_sort(None)

    def unsort(self) -> None:
        """Take the last click back, for it was the first half of a double-click."""
        sort, row = self._before_click
        self._focus.set_sort(sort)
        self._focus.go_to(row)

    def file_order(self) -> None:
        """List the rows in the file's order."""
        self._focus.set_sort(None)

    def _label(self) -> int:
        return int(self._document.state.predictions.labels[self._focus.row])

    def _prediction(self) -> int:
        return int(self._document.evaluation.stats.prediction[self._focus.row])

    def _on_listed(self) -> None:
        self.draw()
        self.measured.emit()
