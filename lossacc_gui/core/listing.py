"""Which rows are shown and in which order: a view of the rows, which stays where they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.change import Change
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.filtering import Filter, TheseRows
from lossacc_gui.core.shape_edits import DeleteRows, InsertRows

Order = NDArray[np.intp]

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
    ``rows`` is how many there are in all.
    """

    filter: Filter | None = None
    text: str = ""
    sort: Sort | None = None
    order: Order | None = None
    shown: Order | None = None
    rows: int = 0
    place: NDArray[np.int32] | None = field(init=False, default=None)
    """Where each row (N,) is listed, -1 when it is not."""

    def __post_init__(self) -> None:
        if self.order is not None:
            place = np.full(self.rows, -1, np.int32)
            place[self.order] = np.arange(len(self.order), dtype=np.int32)
            object.__setattr__(self, "place", place)

    def __contains__(self, row: int) -> bool:
        return self.place is None or (row < self.rows and bool(self.place[row] >= 0))


def listed(evaluation: Evaluation, chosen: Filter | None, sort: Sort | None) -> Listing:
    """The rows a filter lets through, sorted. Cost: all rows."""
    rows = len(evaluation.stats)
    text = "" if chosen is None else chosen.text(evaluation.predictions.class_names)
    shown = None if chosen is None else np.flatnonzero(chosen.rows(evaluation))
    order = np.arange(rows) if shown is None else shown
    if sort is not None:
        order = sort.arrange(evaluation, order)
    return Listing(chosen, text, sort, None if chosen is None and sort is None else order, shown, rows)


def followed(listing: Listing, change: Change, rows: int) -> Listing:
    """The same rows in the same order after a change that leaves ``rows`` rows.

    Inserted rows are listed after the row before them. Where the rows cannot be followed, as when another
    file was opened, all of them are listed in the file's order.
    """
    if change.page:
        return Listing()
    if listing.order is None or not change.shape:
        return listing
    one_step = abs(change.steps) <= 1
    if isinstance(change.edit, InsertRows) and one_step and rows == listing.rows + len(change.edit.rows):
        return _moved(listing, _order_with(listing.order, change.edit.rows, rows), rows)
    if isinstance(change.edit, DeleteRows) and one_step and rows == listing.rows - len(change.edit.rows):
        kept = listing.order[~np.isin(listing.order, change.edit.rows)]
        return _moved(listing, kept - np.searchsorted(change.edit.rows, kept), rows)
    if change.source or rows != listing.rows:
        return Listing()
    same = replace(listing, sort=None if listing.sort and listing.sort.key == CELL else listing.sort)
    return _held(same) if listing.filter is not None and listing.filter.by_class else same


def _order_with(order: Order, new: Order, rows: int) -> Order:
    """An order of the rows before with ``new`` (k,), ascending, inserted: each after the row before it."""
    is_new = np.zeros(rows, bool)
    is_new[new] = True
    old = np.flatnonzero(~is_new)
    order = old[order]
    place = np.full(rows, -1)
    place[order] = np.arange(len(order))
    before = np.searchsorted(old, new) - 1
    after = np.where(before >= 0, place[old[np.maximum(before, 0)]], -1) + 1
    after[(after == 0) & (before >= 0)] = len(order)  # the row before it is not listed
    result: Order = np.insert(order, after, new)
    return result


def _moved(listing: Listing, order: Order, rows: int) -> Listing:
    shown = None if listing.shown is None else np.sort(order)
    moved = Listing(listing.filter, listing.text, listing.sort, order, shown, rows)
    return _held(moved) if listing.filter is not None and listing.filter.by_row else moved


def _held(listing: Listing) -> Listing:
    """The same rows, by their indices and no more by a condition that has lost its meaning."""
    assert listing.shown is not None  # it has a filter
    return replace(listing, filter=TheseRows(listing.text, listing.shown))
