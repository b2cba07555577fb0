"""Where one looks while the document changes: at the same row and class, and at what undo and redo change."""

from __future__ import annotations

from lossacc_gui.core.change import Change
from lossacc_gui.core.listing import Listing, row_after, shifts_between
from lossacc_gui.core.places import place_of
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.shape_edits import InsertClass, InsertRows
from lossacc_gui.core.wording import counted
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.large import Swap


class Following:
    """Moves the focus of one document along. It is silent: who draws the change draws the focus with it."""

    def __init__(self, focus: Focus, names: tuple[str, ...]) -> None:
        self._focus, self._names = focus, names
        self.hidden = ""
        """What has to be said of the last change: that the filter hides what was undone."""

    def follow(self, change: Change, before: Listing, now: Predictions) -> None:
        """Take in a change; ``before`` was listed until then, and the focus lists what is listed now."""
        focus, names = self._focus, self._names
        row, column, self._names, self.hidden = focus.row, focus.column, now.class_names, ""
        shifts = shifts_between(change) if change.shape and not change.page else ()
        if shifts:
            row = row_after(before, focus.listing, shifts, row, now.rows)
        if names != now.class_names and names[column] in now.class_names:
            column = now.class_names.index(names[column])
        row, column = min(row, now.rows - 1), min(column, now.classes - 1)
        place = place_of(change) if change.steps or _inserts(change) else None
        if place is None:
            label = focus.at_label and not change.shape
            focus.follow(row, column, at_label=label)
            return
        nearest = place.nearest(row, column, focus.listing)
        if nearest is None:
            many = len(place.rows)
            what = f"row {place.rows[0] + 1:,}" if many == 1 else counted(many, "changed row")
            self.hidden = f" The filter hides {what}."
        to_row, to = nearest or (row, column)  # a class may have gone since, in a later of several steps
        focus.follow(to_row, min(to, now.classes - 1), at_label=place.label and nearest is not None)


def _inserts(change: Change) -> bool:
    """Whether it is new rows or a new class that somebody wants to see. What is pasted is where it was put."""
    edit = change.edit.again if isinstance(change.edit, Swap) else change.edit
    return isinstance(edit, InsertRows | InsertClass)
