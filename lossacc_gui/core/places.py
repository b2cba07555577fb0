"""Which cells a change is about: what undo, redo and inserting bring into sight."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.bulk import MakeRows, SetRows, Together, parts_of, shifts_of
from lossacc_gui.core.change import Change
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.edits import NONE, Edit, RenameClass, Replace, SetCells, SetLabels
from lossacc_gui.core.listing import Listing
from lossacc_gui.core.shape_edits import InsertClass, InsertRows
from lossacc_gui.core.shifts import Shifts, moved

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """Cells of the grid in ``rows`` (k,) and ``columns`` (m,), or the labels of these rows.

    Without rows, or without columns, those that are looked at already will do.
    """

    rows: Indices
    columns: Indices
    label: bool = False

    def nearest(self, row: int, column: int, listing: Listing) -> tuple[int, int] | None:
        """The cell to look at who looked at this one: the same if it is among them, else the first listed.

        None where a filter hides all of the rows.
        """
        to = column if not len(self.columns) or column in self.columns else int(self.columns[0])
        if not len(self.rows) or (row in self.rows and row in listing):
            return row, to
        if listing.place is None:
            return int(self.rows[0]), to
        places = listing.place[self.rows]
        seen = np.flatnonzero(places >= 0)
        return (int(self.rows[seen[places[seen].argmin()]]), to) if len(seen) else None


def place_of(change: Change) -> Place | None:
    """The cells a change is about, of several steps those of the last that is about any; None for none."""
    later: Shifts = ()  # by which rows of a step are found after all of them
    for part in reversed(change.each):
        edits = parts_of(part.edit)
        for at in sorted(range(len(edits)), key=[_is_aside(edit) for edit in edits].__getitem__):
            place, behind = _place(edits[at], part), shifts_of(Together(edits[at + 1 :])) or ()
            if place is not None and not len(place.rows):
                return place
            if place is not None and len(rows := moved(place.rows, (*behind, *later))):
                return replace(place, rows=rows)
        if (shifts := shifts_of(part.edit)) is None:
            return None
        later = (*shifts, *later)
    return None


def _is_aside(edit: Edit) -> bool:
    """Whether an edit that sets cells is what one looks at rather than this one, where both are one step."""
    return not isinstance(edit, SetCells | SetRows | MakeRows)


def _place(edit: Edit, change: Change) -> Place | None:
    match edit:
        case SetCells() if len(edit.rows):
            return _of_cells(edit, change)
        case SetLabels() if len(edit.rows):
            return Place(edit.rows, NONE, label=True)
        case SetRows() | MakeRows() | InsertRows():
            return Place(edit.rows, NONE)
        case Replace() if edit.shifts and edit.shifts[-1].came:
            return Place(edit.shifts[-1].rows, NONE)
        case InsertClass() | RenameClass():
            return Place(NONE, np.array([edit.column]))
        case _:
            return None


def _of_cells(edit: SetCells, change: Change) -> Place:
    """Of cells in one row the first that moved, for that is the one that was typed; else all of them."""
    rows, columns = distinct(edit.rows), edit.columns
    if len(rows) == 1:
        if isinstance(change.inverse, SetCells):
            columns = columns[edit.values != change.inverse.values]
        columns = columns[:1] if len(columns) else edit.columns[:1]
    return Place(rows, columns)
