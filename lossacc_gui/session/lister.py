"""Lists the rows that are asked for, and keeps them listed while the document changes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.change import Change
from lossacc_gui.core.edits import Replace
from lossacc_gui.core.evaluation import Evaluation, Part
from lossacc_gui.core.filtering import Filter
from lossacc_gui.core.listing import CELL, Listing, Names, Sort, followed, listed
from lossacc_gui.core.tally import Tally
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.following import Following
from lossacc_gui.session.jobs import Job, Report, Stop
from lossacc_gui.session.large import Swap

JOB_ROWS = 20_000
"""More rows than these are listed in a job."""

KEPT_ROWS = 8_000_000
"""Earlier listings are kept while they list no more rows than these."""


class Lister(QObject):
    """Answers what the focus wants with a Listing, which then stays until it is asked for again.

    So no row jumps away while it is edited: ``stale`` says that the listing may be another by now.
    The filtered rows are a part of the evaluation, whose tally is kept true edit by edit.
    """

    told = Signal()
    """The part's tally has come, or ``stale`` is another."""

    def __init__(self, document: Document, focus: Focus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._focus = document, focus
        self.stale = False
        self.part_before: Tally | None = None
        """The filtered rows' tally before the last edit, or before the gesture it belongs to."""
        self._part_now: Tally | None = None
        self._part_earlier: Tally | None = None
        self.following = Following(focus, document.state.predictions.class_names)
        self._earlier: dict[int, Listing] = {}
        """What was listed when so many steps were done, where rows came or went with the next."""
        self._step = document.step
        focus.wanted.connect(self._on_wanted)
        document.changed.connect(self._on_changed)

    def reapply(self) -> None:
        """Filter and sort again by the present numbers."""
        self._focus.set_filter(self._focus.filter)

    def _on_wanted(self, chosen: Filter | None, sort: Sort | None) -> None:
        document, revision = self._document, self._document.revision
        evaluation = document.evaluation
        if len(evaluation.stats) <= JOB_ROWS or (chosen is None and sort is None):
            self._put(revision, *_list(evaluation, chosen, sort))
            return
        job = Job(
            "list",
            "Listing the rows",
            partial(_list_in_job, replace(evaluation), chosen, sort),
            partial(self._on_listed, revision),
            self._on_failed,
        )
        document.jobs.submit(job, overtake=True)

    def _on_listed(self, revision: int, made: tuple[Listing, Part | None]) -> None:
        listing, part = made
        if len(self._document.evaluation.stats) == listing.rows:
            self._put(revision, listing, part)
        # else rows came or went meanwhile, and the listing is of none of these

    def _put(self, revision: int, listing: Listing, part: Part | None) -> None:
        moved_on = self._document.revision != revision
        self.stale = moved_on
        self._document.evaluation.part = None if moved_on else part
        self._watch(listing)
        self._note_part()
        self._focus.show_listing(listing)

    def _watch(self, listing: Listing) -> None:
        """See to it that the evaluation has the tally of the filtered rows, now or soon."""
        evaluation = self._document.evaluation
        if listing.shown is None:
            evaluation.part = None
        elif evaluation.part is None and len(listing.shown) <= JOB_ROWS:
            evaluation.part = evaluation.part_of(listing.shown)
        elif evaluation.part is None:
            job = Job(
                "part",
                "Adding up the filtered rows",
                partial(_part_in_job, replace(evaluation), listing),
                partial(self._on_part, self._document.revision, listing),
                self._on_failed,
            )
            self._document.jobs.submit(job, overtake=True)

    def _on_part(self, revision: int, listing: Listing, part: Part) -> None:
        if listing is not self._focus.listing:
            return
        if self._document.revision == revision:
            self._document.evaluation.part = part
            self._note_part()
            self.told.emit()
        else:
            self._watch(listing)  # the ground has moved: add up again

    def _on_changed(self, change: Change) -> None:
        before, now = self._focus.listing, self._document.state.predictions
        asked = _asked_of(before, now.class_names) if _is_read_again(change) else (None, None)
        if asked != (None, None):
            self._list_again(change, before, *asked)
            return
        self._focus.listing = self._followed(change, before)
        self.following.follow(change, before, now)
        if before.order is None:
            return
        self._watch(self._focus.listing)
        moved = change.rows is None or len(change.rows) > 0
        self.stale = self._focus.listing.order is not None and (self.stale or moved)
        if change.back:
            self.part_before = self._part_earlier
        elif not change.goes_on:
            self._part_earlier = self.part_before
            self.part_before = None if change.rows is None else self._part_now
        part = self._document.evaluation.part
        self._part_now = None if part is None else part.tally

    def _list_again(self, change: Change, before: Listing, chosen: Filter | None, sort: Sort | None) -> None:
        """Ask the same of a file that was read again; what it answers is told with the change, or soon."""
        self._followed(change, before)  # by which undo finds back
        evaluation, self.stale = self._document.evaluation, False
        small = len(evaluation.stats) <= JOB_ROWS
        self._focus.listing = listed(evaluation, chosen, sort) if small else Listing()
        self.following.follow(change, before, self._document.state.predictions)
        self._watch(self._focus.listing)
        self._note_part()
        if not small:
            self._on_wanted(chosen, sort)
        elif self._focus.row not in self._focus.listing and (order := self._focus.order) is not None:
            self._focus.follow(int(order[0]) if len(order) else self._focus.row, self._focus.column)

    def _followed(self, change: Change, before: Listing) -> Listing:
        """The rows listed after a change; rows that come back by undo stand where they stood."""
        left, step, now = self._step, self._document.step, self._document.state.predictions
        self._step = step
        if not change.undone:
            self._earlier = {at: listing for at, listing in self._earlier.items() if at < step}
        if change.shape and before.order is not None:
            self._earlier[left] = before
            while sum(listing.rows for listing in self._earlier.values()) > KEPT_ROWS:
                del self._earlier[next(iter(self._earlier))]
            then = self._earlier.get(step) if step != left else None  # another image is no way back
            there = then is not None and (then.rows, then.names) == (now.rows, now.class_names)
            if then is not None and there and then.asked == before.asked:
                return then
        return followed(before, change, now.rows, now.class_names)

    def _note_part(self) -> None:
        """Nothing has been done to this part yet."""
        part = self._document.evaluation.part
        self._part_now, self.part_before = None if part is None else part.tally, None

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, IndexError):  # rows went while they were looked at
            raise error


def _is_read_again(change: Change) -> bool:
    """Whether a file has taken its own place, as it is now or with other labels."""
    edit, inverse = change.edit, change.inverse
    if (
        change.undone
        or isinstance(edit, Swap)
        or not (isinstance(edit, Replace) and isinstance(inverse, Replace))
    ):
        return False
    now, old = edit.state.source, inverse.state.source
    return now is not old and bool(now.path) and now.path == old.path


def _asked_of(listing: Listing, names: Names) -> tuple[Filter | None, Sort | None]:
    """What was asked for, as far as it means the same of other rows and of classes of these names."""
    chosen, sort = listing.filter, listing.sort
    if chosen is not None and (chosen.by_row or (chosen.by_class and names != listing.names)):
        chosen = None
    if sort is not None and sort.key == CELL:
        name = listing.names[sort.column]
        sort = replace(sort, column=names.index(name)) if name in names else None
    return chosen, sort


def _list(evaluation: Evaluation, chosen: Filter | None, sort: Sort | None) -> tuple[Listing, Part | None]:
    listing = listed(evaluation, chosen, sort)
    return listing, None if listing.shown is None else evaluation.part_of(listing.shown)


def _list_in_job(
    evaluation: Evaluation, chosen: Filter | None, sort: Sort | None, _report: Report, _stop: Stop
) -> tuple[Listing, Part | None]:
    return _list(evaluation, chosen, sort)


def _part_in_job(evaluation: Evaluation, listing: Listing, _report: Report, _stop: Stop) -> Part:
    assert listing.shown is not None
    return evaluation.part_of(listing.shown)
