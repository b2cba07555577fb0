"""Which rows are shown and in which order: a view of the rows, which stays where they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.bulk import shifts_of
from lossacc_gui.core.change import Change
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.filtering import Filter, TheseRows
from lossacc_gui.core.shifts import GONE, Shift, Shifts, moved

Order = NDArray[np.intp]
Names = tuple[str, ...]

FEW = 16
"""Up to so many rows are looked for one by one, which is quicker than to note where every row is."""

CELL, LABEL, PREDICTION = "cell", "label", "prediction"
"""What rows can be sorted by besides the columns of RowStats: one class's cells, the order of the classes."""


@dataclass(frozen=True, slots=True)
class Sort:
    """By what rows are sorted: a column of RowStats, CELL with the class's ``column``, LABEL or PREDICTION.

    Equal rows keep the order of the file, and what is undefined comes last either way.
    """

    key: str
    column: int = -1
    descending: bool = False

    def arrange(self, evaluation: Evaluation, rows: Order) -> Order:
        """These rows (k,), ascending, in this order."""
        if self.key == CELL:
            values = evaluation.predictions.probs[evaluation.epoch][rows, self.column].astype(np.float64)
        elif self.key == LABEL:
            labels = evaluation.predictions.labels[rows]
            values = np.where(labels < 0, np.nan, labels)
        else:
            values = getattr(evaluation.stats, self.key)[rows].astype(np.float64)
        return rows[np.argsort(-values if self.descending else values, kind="stable")]  # NaN goes last


@dataclass(frozen=True, eq=False, slots=True)
class Listing:
    """The rows one looks at.

    ``order`` (k,) holds them as they are listed, None when they are all the rows in the file's order;
    ``shown`` (k,) the same ascending, None when there is no filter, whose words ``text`` are.
    ``rows`` is how many there are in all, ``names`` are the classes as they were called when they were listed.
    """

    filter: Filter | None = None
    text: str = ""
    sort: Sort | None = None
    order: Order | None = None
    shown: Order | None = None
    rows: int = 0
    names: Names = ()
    place: NDArray[np.int32] | None = field(init=False, default=None)
    """Where each row (N,) is listed, -1 when it is not."""

    def __post_init__(self) -> None:
        if self.order is not None:
            place = np.full(self.rows, -1, np.int32)
            place[self.order] = np.arange(len(self.order), dtype=np.int32)
            object.__setattr__(self, "place", place)

    @property
    def asked(self) -> tuple[str, Sort | None, str]:
        """What was asked for, in words that other classes and rows leave alone."""
        if self.sort is None or self.sort.key != CELL:
            return self.text, self.sort, ""
        return self.text, replace(self.sort, column=-1), self.names[self.sort.column]

    def __contains__(self, row: int) -> bool:
        return self.place is None or (row < self.rows and bool(self.place[row] >= 0))


def listed(evaluation: Evaluation, chosen: Filter | None, sort: Sort | None) -> Listing:
    """The rows a filter lets through, sorted. Cost: all rows."""
    rows = len(evaluation.stats)
    names = evaluation.predictions.class_names
    text = "" if chosen is None else chosen.text(names)
    shown = None if chosen is None else np.flatnonzero(chosen.rows(evaluation))
    order = np.arange(rows) if shown is None else shown
    if sort is not None:
        order = sort.arrange(evaluation, order)
    return Listing(chosen, text, sort, None if chosen is None and sort is None else order, shown, rows, names)


def followed(listing: Listing, change: Change, rows: int, names: Names) -> Listing:
    """The same rows in the same order after a change that leaves ``rows`` rows and classes of these names.

    Inserted rows are listed after the row before them. Where the rows cannot be followed, as when another
    file was opened, all of them are listed in the file's order.
    """
    if change.page:
        return Listing()
    if listing.order is None:
        return listing
    if not change.shape:
        return replace(listing, names=names) if change.names else listing
    shifts = shifts_between(change)
    if shifts is None or listing.rows + sum(shift.gain for shift in shifts) != rows:
        return Listing()
    order, chosen, sort, shown = listing.order, listing.filter, listing.sort, listing.shown
    for shift in shifts:
        order = _order_with(order, shift) if shift.came else moved(order, (shift,))
    if shown is not None and shifts:
        shown = np.sort(order)
    if sort is not None and sort.key == CELL and names != listing.names:
        name = listing.names[sort.column]  # the class's own column, wherever it stands now
        sort = replace(sort, column=names.index(name)) if name in names else None
    if chosen is not None and ((chosen.by_row and shifts) or (chosen.by_class and names != listing.names)):
        assert shown is not None  # there is a filter
        chosen = TheseRows(listing.text, shown)  # its condition has lost its meaning
    return Listing(chosen, listing.text, sort, order, shown, rows, names)


def shifts_between(change: Change) -> Shifts | None:
    """Which rows came and went, in turn, with all that a change is made of; None where they are others."""
    shifts: list[Shift] = []
    for part in change.each:
        known = shifts_of(part.edit)
        if known is None and part.source:
            return None
        shifts += known or ()
    return tuple(shifts)


def row_after(before: Listing, after: Listing, shifts: Shifts, row: int, rows: int) -> int:
    """Where one looks after rows came and went: at the same row, else at what is listed in its place.

    ``before`` and ``after`` are the rows listed, ``rows`` how many rows there are after it.
    """
    here, behind = np.array([row]), row
    for shift in shifts:
        here, behind = shift.of(here), shift.behind(behind)
    if here[0] != GONE:
        return int(here[0])
    if before.order is None or before.place is None or before.place[row] < 0:
        return min(behind, rows - 1)
    above = moved(before.order[: before.place[row]], shifts)
    if after.order is None or not len(after.order):
        return min(len(above), rows - 1)
    return int(after.order[min(len(above), len(after.order) - 1)])


def _order_with(order: Order, new: Shift) -> Order:
    """An order of the rows before with those that came inserted: each after the row before it, last where that is hidden.

    Rows that come side by side stay so.
    """
    order, rows = new.of(order), new.rows
    begins = np.diff(rows, prepend=-2) > 1  # a run of rows side by side
    before = rows[begins] - 1
    if len(before) <= FEW:
        at = np.array([_find(order, row) for row in before.tolist()])
    else:
        place = np.full(int(max(order.max(initial=-1), before.max())) + 2, -1)  # the last is that of no row
        place[order] = np.arange(len(order))
        at = place[before]
    at = np.where((at < 0) & (before >= 0), len(order), at + 1)
    if len(at) == 1:
        return np.concatenate([order[: at[0]], rows, order[at[0] :]])
    result: Order = np.insert(order, at[np.cumsum(begins) - 1], rows)
    return result


def _find(order: Order, row: int) -> int:
    """Where a row is listed, -1 when it is not."""
    found = np.flatnonzero(order == row)
    return int(found[0]) if len(found) else -1
