"""What nobody has saved: in the present, and in what gave way to something else before it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QUndoStack

from lossacc_gui.core.edits import SetConvention
from lossacc_gui.session.step import Step


def needs_saving(stack: QUndoStack) -> bool:
    """Whether more than the convention differs from what was saved or opened last.

    Another convention changes no prediction and is chosen again with one click: not worth a question.
    """
    saved, here = stack.cleanIndex(), stack.index()
    if saved < 0:  # the saved state cannot be reached any more
        return True
    return any(
        not isinstance(step.edit, SetConvention) for step in _steps(stack, min(saved, here), max(saved, here))
    )


def left_behind(stack: QUndoStack) -> tuple[tuple[int, str], ...]:
    """What was never saved and gave way to something opened: the step to go back to and its name, newest first."""
    found = [(at, step.left) for at, step in enumerate(_steps(stack, 0, stack.index())) if step.left]
    return tuple(reversed(found))


def forgive(stack: QUndoStack) -> None:
    """The present was saved: it is not left behind by going on to what came after it."""
    for step in _steps(stack, stack.index(), min(stack.index() + 1, stack.count())):
        step.left = ""


def _steps(stack: QUndoStack, first: int, end: int) -> Iterator[Step]:
    for at in range(first, end):
        step = stack.command(at)
        assert isinstance(step, Step)
        yield step
