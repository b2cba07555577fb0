"""Finding a value or a class, and going to rows: the next wrong one, the worst, one by its number."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from lossacc_gui.core.change import Change
from lossacc_gui.core.filter_text import class_named
from lossacc_gui.core.filtering import Wrong
from lossacc_gui.core.finding import ClassSearch, Order, Search, find, next_row, parse_search, worst_row
from lossacc_gui.core.paging import every_row
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.jobs import Job, Report, Stop
from lossacc_gui.ui.ask_line import CLASS, FILTER, FIND, ROW, AskLine, Question
from lossacc_gui.ui.filtering import Filtering

JOB_CELLS = 5_000_000
"""More cells than these are looked through in a job."""


class Finding(QObject):
    """Asks in the line below the grid, and moves the focus."""

    refused = Signal(str)

    def __init__(
        self, document: Document, focus: Focus, filtering: Filtering, line: AskLine, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._focus, self._filtering, self.line = document, focus, filtering, line
        self.decimals = 4
        self._ahead: tuple[int, int] | None = None
        line.answered.connect(self._on_answered)
        document.changed.connect(self._on_changed, Qt.ConnectionType.QueuedConnection)  # after the grid

    # --- asking ---

    def ask_find(self) -> None:
        """Ask what to look for."""
        self._ask(FIND)

    def ask_row(self) -> None:
        """Ask for a row's number."""
        self._ask(ROW)

    def ask_class(self) -> None:
        """Ask for a class."""
        self._ask(CLASS)

    def ask_filter(self) -> None:
        """Ask for conditions."""
        self._ask(FILTER)

    # --- going ---

    def find_next(self) -> None:
        """Go to the next cell that fits what was looked for last."""
        self._find()

    def find_previous(self) -> None:
        """Go to the one before."""
        self._find(back=True)

    def next_wrong(self) -> None:
        """Go to the next wrong row of those listed."""
        self._go_to_wrong()

    def previous_wrong(self) -> None:
        """Go to the wrong row before."""
        self._go_to_wrong(back=True)

    def worst(self) -> None:
        """Go to the listed row with the largest loss."""
        row = worst_row(self._document.evaluation, self._focus.order)
        if row is None:
            self.refused.emit("No row listed has a loss: give rows a label.")
        else:
            self._focus.go_to(row)

    def _go_to_wrong(self, *, back: bool = False) -> None:
        row = next_row(self._document.evaluation, self._focus.order, Wrong(), self._place(), back=back)
        if row is None:
            self.refused.emit("No row listed is wrong.")
        else:
            self._focus.go_to(row)

    def _place(self) -> int:
        """Where the current row is listed, -1 when it is not."""
        place = self._focus.listing.place
        return self._focus.row if place is None else int(place[self._focus.row])

    def _ask(self, question: Question) -> None:
        self.line.ask(question, self._document.state.predictions.class_names)

    def _on_answered(self, question: Question, text: str) -> None:
        try:
            if question is FIND:
                self._find()
                return
            if question is ROW:
                self._go_to_row(text)
            elif question is CLASS:
                column = class_named(text, self._document.state.predictions.class_names)
                self._focus.go_to(self._focus.row, column)
            elif not self._filtering.typed(text):
                return
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
            return
        self.line.close_line()

    def _go_to_row(self, text: str) -> None:
        rows = every_row(self._document.state).rows
        plain = text.replace(",", "").strip()
        if not (plain.isascii() and plain.isdecimal()) or not 1 <= int(plain) <= rows:
            raise Refusal("row", f"“{text}” is none of {rows:,}", f"type a number from 1 to {rows:,}")
        row = int(plain) - 1
        if (page := self._document.state.page) is not None:
            number, row = divmod(row, page.size)
            if number != page.number:
                self._turn_to(number, row)
                return
        if row not in self._focus.listing:
            raise Refusal(f"row {plain}", "the filter hides it", "show all rows first")
        self._focus.go_to(row)

    def _turn_to(self, number: int, row: int) -> None:
        """Look at a row of another page, when that is there."""
        self._ahead = (number, row)
        self._document.show_page(number)

    def _on_changed(self, change: Change) -> None:
        page = self._document.state.page
        if change.page and page is not None and self._ahead is not None and self._ahead[0] == page.number:
            self._focus.go_to(self._ahead[1])
        if change.page or change.source:
            self._ahead = None

    # --- finding ---

    def _find(self, *, back: bool = False) -> None:
        text = self.line.last(FIND)
        if not text.strip():
            self._ask(FIND)
            return
        predictions = self._document.state.predictions
        try:
            search = parse_search(text, predictions.class_names, self.decimals)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
            return
        order, after = self._focus.order, (self._place(), self._focus.column)
        work = partial(_look, predictions, self._document.epoch, order, search, after, back)
        done = partial(self._on_found, search)
        if predictions.rows * predictions.classes <= JOB_CELLS or isinstance(search, ClassSearch):
            done(work(_unheard, _unstopped))
        else:
            job = Job("find", f"Looking for {text}", work, done, self._on_failed)
            self._document.jobs.submit(job, overtake=True)

    def _on_found(self, search: Search, place: tuple[int, int] | None) -> None:
        predictions = self._document.state.predictions
        if place is not None and place[0] < predictions.rows and place[1] < predictions.classes:
            self.line.say(f"row {place[0] + 1:,}")
            self._focus.go_to(*place)
        elif isinstance(search, ClassSearch) and search.column < predictions.classes:
            self.line.say("no row listed has this label")
            self._focus.go_to(self._focus.row, search.column)
        else:
            self.line.say("found nowhere")

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, IndexError):  # rows went while they were looked through
            raise error


def _look(
    predictions: Predictions,
    epoch: int,
    order: Order | None,
    search: Search,
    after: tuple[int, int],
    back: bool,
    _report: Report,
    stop: Stop,
) -> tuple[int, int] | None:
    return find(predictions, epoch, order, search, after, stop, back=back)


def _unheard(_share: float) -> None:
    """Nobody waits for so little."""


def _unstopped() -> bool:
    return False
