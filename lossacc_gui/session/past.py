"""The history of a document: a point a step, for those that can be redone too, and what came before it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QUndoStack

from lossacc_gui.core.scene import Point
from lossacc_gui.session.cut import Cut
from lossacc_gui.session.present import Present
from lossacc_gui.session.step import Step, Steps
from lossacc_gui.session.trail import Trail


class Past:
    """What both metrics were after each step on the stack; ``points`` has one more than there are steps."""

    def __init__(self, stack: QUndoStack, present: Present) -> None:
        self._stack, self._present = stack, present
        self.begin()

    def begin(self) -> None:
        """Start anew with the present, before the first step."""
        self.points = [self._present.point("start")]
        self._trail = Trail()
        """What is shown of the time before a project was opened."""
        self._cut: Cut | None = None

    def adopt(self, other: Past) -> None:
        """Go on with the history of a document whose steps were taken over."""
        self.points, self._trail, self._cut = other.points, other._trail, None

    def push(self, step: Step) -> None:
        """Put a step that was done on the stack, where it may merge with the last one of its gesture."""
        before = self._stack.index()
        cut = Cut.of(self._stack, self.points, self._trail) if step.gesture != -1 else None
        self._stack.push(step)
        if self._stack.index() > before:
            self._cut = cut

    def write(self, what: str, before: int, document: Steps, *, opened: bool) -> None:
        """Note the step that was pushed, before which ``before`` were done; ``opened`` says that others came.

        Where a gesture came back to where it began, it is no step any more, and what could be redone can be again.
        """
        step = self._stack.index()
        if step < before:
            del self.points[step + 1 :]
            cut, self._cut = self._cut, None
            if cut is not None and cut.at == step:
                cut.put_back(self._stack, document)
                self.points += cut.points
                self._trail = cut.trail
            return
        if step <= self._trail.at:
            self._trail = Trail()
        self.points[step:] = [self._present.point(what, self.points[step - 1].opened + opened)]

    def measure_again(self) -> None:
        """The numbers of the present point are others than they were."""
        step = self._stack.index()
        here = self.points[step]
        self.points[step] = self._present.point(here.what, here.opened)

    def remember(self, past: tuple[Point, ...]) -> None:
        """Show these points before the present one, which opened a project that remembers them.

        Not where they are the very steps that led here: those are shown already.
        """
        step = self._stack.index()
        led_here = self.points[max(0, step - len(past)) : step]
        self._trail = Trail() if [*past] == led_here else Trail(step, past)

    def shown(self) -> tuple[Sequence[Point], int]:
        """All points to be shown, and which of them is the present."""
        return self._trail.of(self.points, self._stack.index())

    def step_of(self, point: int) -> int | None:
        """The step that led to a point that is shown; None for one from before the project was opened."""
        return self._trail.step_of(point, self.points, self._stack.index())

    def let_go(self) -> None:
        """Let go of the steps that were taken off the stack."""
        self._cut = None
