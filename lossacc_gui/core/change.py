"""What happened to a state, as it is told to everybody who draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.edits import ALL, Edit, Touched
from lossacc_gui.core.rows import RowStats
from lossacc_gui.core.tally import Tally


@dataclass(frozen=True, eq=False, slots=True)
class Change:
    """One step: the edit, its inverse, and what it did.

    ``rows`` are the rows touched, or ALL (None); ``before`` and ``after`` are those rows' numbers,
    None when ALL. ``undone`` says that it came from undo, redo or a jump in the history, and ``steps``
    how far: -1 is undo, 2 two steps of redo at once, 0 that nobody said. ``aside`` is a sentence that whoever
    asked for the edit adds to its explanation. The others say which things beside cells and labels may look
    different now.
    """

    edit: Edit
    inverse: Edit
    rows: Touched
    before: RowStats | None
    after: RowStats | None
    tally_before: Tally
    tally_after: Tally
    undone: bool = False
    steps: int = 0
    aside: str = ""
    shape: bool = False
    names: bool = False
    convention: bool = False
    source: bool = False
    convention_before: Convention | None = None
    """By what ``tally_before`` was read, where that is another convention than now."""
    epoch: bool = False
    """Another epoch is shown than before."""
    page: str = ""
    """The page that is looked at, in words, where it is another than before."""
    goes_on: bool = False
    """It belongs to the gesture that the change before began or went on with, and tells of all of that."""
    back: bool = False
    """The gesture came back to where it began: nothing is left of it."""
    parts: tuple[Change, ...] = ()
    """The steps it is made of, in turn, where it is several at once; see ``each``."""

    @property
    def each(self) -> tuple[Change, ...]:
        """The steps it is made of, in turn: itself, where it is one."""
        return self.parts or (self,)


def as_one(changes: Sequence[Change]) -> Change:
    """Several steps at once as one change: rows touched by any of them, tallies of the ends."""
    first, last = changes[0], changes[-1]
    if len(changes) == 1:
        return last
    rows: Touched = ALL
    if all(change.rows is not ALL for change in changes):
        rows = distinct(np.concatenate([change.rows for change in changes if change.rows is not None]))
    return replace(
        last,
        rows=rows,
        before=None,
        after=None,
        tally_before=first.tally_before,
        convention_before=first.convention_before,
        shape=any(change.shape for change in changes),
        names=any(change.names for change in changes),
        convention=any(change.convention for change in changes),
        source=any(change.source for change in changes),
        epoch=any(change.epoch for change in changes),
        page=next((change.page for change in reversed(changes) if change.page), ""),
        parts=tuple(part for change in changes for part in change.each),
    )
