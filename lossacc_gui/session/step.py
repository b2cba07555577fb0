"""One step of the undo stack, for the document alone."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PySide6.QtGui import QUndoCommand, QUndoStack

from lossacc_gui.core.compact import Kept, bytes_of, given_back, kept
from lossacc_gui.core.edits import Edit, SetCells, SetConvention
from lossacc_gui.core.rows import RowStats
from lossacc_gui.core.state import State
from lossacc_gui.core.tally import Tally
from lossacc_gui.session.large import Swap

Known = tuple[int, int, RowStats, Tally]
"""What a step leads to: epoch, page (-1 for none), the rows' numbers and their tally."""


class Steps(Protocol):
    """What a step needs of its document."""

    @property
    def state(self) -> State:
        """What is there now."""

    def swap(self, step: Step) -> None:
        """Take a step back, or do it again."""


class Step(QUndoCommand):
    """Holds the edit to do next, which is always the inverse of the last."""

    __slots__ = ("_edit", "document", "done", "gesture", "known", "page")  # a history is made of many

    def __init__(self, document: Steps, edit: Kept, what: str, gesture: int, known: Known | None) -> None:
        super().__init__(what)
        self.document, self.gesture = document, gesture
        self._edit = edit
        self.known = known
        self.done = False
        self.page: int | None = None
        """Where there are pages: the one it is about."""

    @property
    def edit(self) -> Edit:
        """The edit to do next."""
        return given_back(self._edit)

    @edit.setter
    def edit(self, edit: Edit) -> None:
        self._edit = kept(edit)

    @property
    def bytes(self) -> int:
        """How much memory it holds, besides what every step takes."""
        stats = 0 if self.known is None else bytes_of(self.known[2])
        return stats + (0 if isinstance(self._edit, bytes) else bytes_of(self._edit))

    def lighten(self) -> None:
        """Let go of what can be made again, which then takes its time when the step is undone or redone."""
        self.known = None
        if isinstance(self._edit, Swap) and self._edit.again is not None:
            self._edit = kept(self._edit.again)

    def moved(self, document: Steps) -> Step:
        """The same step of another document, by itself: it merges with none."""
        step = Step(document, self._edit, self.text(), -1, self.known)
        step.page = self.page
        return step

    def forget(self) -> None:
        """Let go of all it holds: it went into the step before it, and PySide never frees it."""
        self.known, self._edit = None, b""
        del self.document

    # Qt's own names from here on

    def id(self) -> int:
        """The gesture: steps of one are asked whether they merge."""
        return self.gesture

    def redo(self) -> None:
        """Do the edit again."""
        if not self.done:  # pushing calls redo, and the first time is done already
            self.done = True
            return
        self.document.swap(self)

    def undo(self) -> None:
        """Take the edit back."""
        self.document.swap(self)

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Keep this older inverse when the newer step of its gesture touched the same."""
        if not isinstance(other, Step) or not _same_place(self.edit, other.edit):
            return False
        self.setObsolete(self.edit.idle(self.document.state))
        return True


class _Still:
    """A document in whose steps nothing happens."""

    def __init__(self, state: State) -> None:
        self.state = state

    def swap(self, _step: Step) -> None:
        """Leave all as it is."""


def take_over(stack: QUndoStack, other: QUndoStack, document: Steps) -> None:
    """Put the steps of another stack on this one, as many of them done as there; none is done by that."""
    steps = [other.command(at) for at in range(other.count())]
    put_on(stack, [step.moved(document) for step in steps if isinstance(step, Step)], other.index(), document)


def put_on(stack: QUndoStack, steps: list[Step], index: int, document: Steps) -> None:
    """Put these steps on a stack, none of which is done by that, and go to this ``index`` of it."""
    still = _Still(document.state)
    for step in steps:
        step.document = still
        stack.push(step)
    stack.setIndex(index)
    for step in steps:
        step.document = document


def _same_place(one: Edit, other: Edit) -> bool:
    if isinstance(one, SetCells) and isinstance(other, SetCells):
        return (
            one.epoch == other.epoch
            and np.array_equal(one.rows, other.rows)
            and np.array_equal(one.columns, other.columns)
        )
    return isinstance(one, SetConvention) and isinstance(other, SetConvention)
