"""What could be redone when a gesture began: it can be again when the gesture comes back to where it began."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QUndoStack

from lossacc_gui.core.scene import Point
from lossacc_gui.session.step import Step, Steps, put_on
from lossacc_gui.session.trail import Trail


@dataclass(frozen=True, eq=False, slots=True)
class Cut:
    """The steps beyond the step ``at``, which the first step of a gesture takes off the stack, and their points."""

    at: int
    steps: list[Step]
    points: list[Point]
    trail: Trail

    @classmethod
    def of(cls, stack: QUndoStack, history: list[Point], trail: Trail) -> Cut:
        """What another step would take away now. Qt deletes the steps themselves, so these are their like."""
        at = stack.index()
        ahead = [stack.command(place) for place in range(at, stack.count())]
        steps = [step.moved(step.document) for step in ahead if isinstance(step, Step)]
        return cls(at, steps, history[at + 1 :], trail)

    def put_back(self, stack: QUndoStack, document: Steps) -> None:
        """Put the steps on the stack again, to be redone; none is done by that."""
        if self.steps:
            put_on(stack, self.steps, self.at, document)
