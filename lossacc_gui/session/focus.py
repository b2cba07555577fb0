"""Where one is looking: never undone, never changes a number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.filtering import Filter
from lossacc_gui.core.listing import Listing, Sort
from lossacc_gui.core.rules import Rule


class Focus(QObject):
    """The current cell, the edit rule, the threshold, and which rows are listed in which order.

    ``moved`` tells when the cell, the rule or the threshold changes, ``listed`` when the rows listed do.
    """

    moved = Signal()
    listed = Signal()
    leaving = Signal()
    """Other rows are about to be asked for: what is being typed into those listed is to be taken in."""
    wanted = Signal(object, object)
    """A Filter and a Sort are asked for, either of them None: the Lister answers with a Listing."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.row = 0
        self.column = 0
        self.at_label = False
        """Whether it is the row's label that is looked at, until the eye moves on; else a class's cell."""
        self.rule = Rule.ONLY
        self.threshold = 0.5
        """With two classes: the probability of the second from which on it would be predicted."""
        self.listing = Listing()

    @property
    def filter(self) -> Filter | None:
        """The condition the listed rows met when it was applied."""
        return self.listing.filter

    @property
    def order(self) -> NDArray[np.intp] | None:
        """The listed rows in the order they are listed; None when it is all of them in the file's order."""
        return self.listing.order

    def go_to(self, row: int, column: int | None = None) -> None:
        """Look at this cell; the column stays when none is given."""
        column = self.column if column is None else column
        self.at_label = False
        if (row, column) != (self.row, self.column):
            self.row, self.column = row, column
            self.moved.emit()

    def set_rule(self, rule: Rule) -> None:
        """Choose what else moves when a cell moves."""
        if rule is not self.rule:
            self.rule = rule
            self.moved.emit()

    def set_threshold(self, threshold: float) -> None:
        """Look at what another threshold would predict."""
        if threshold != self.threshold:
            self.threshold = threshold
            self.moved.emit()

    def set_filter(self, chosen: Filter | None) -> None:
        """Ask for the rows that meet this condition only, or for all; the sorting stays."""
        self.leaving.emit()
        self.wanted.emit(chosen, self.listing.sort)

    def set_sort(self, sort: Sort | None) -> None:
        """Ask for another order, or for the file's; the filter stays."""
        self.leaving.emit()
        self.wanted.emit(self.listing.filter, sort)

    def show_listing(self, listing: Listing) -> None:
        """List these rows from now on; where none of them is the current one, look at the first."""
        self.listing = listing
        self.listed.emit()
        if listing.order is not None and len(listing.order) and self.row not in listing:
            self.go_to(int(listing.order[0]))

    def follow(self, row: int, column: int, *, at_label: bool = False) -> None:
        """Look at this cell after a change. Says nothing: the change is told anyway."""
        self.row, self.column, self.at_label = row, column, at_label
