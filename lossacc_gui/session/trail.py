"""The history as it is shown: with what a project remembers of the time before it was opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lossacc_gui.core.scene import Point


@dataclass(frozen=True, slots=True)
class Trail:
    """Points that came with a project which the step ``at`` opened; there is no way back to them.

    The last point of the past is the moment the project was saved, which is that of its opening.
    """

    at: int = 0
    past: tuple[Point, ...] = ()

    def of(self, history: Sequence[Point], step: int) -> tuple[Sequence[Point], int]:
        """All points to be shown, and which of them is the present."""
        if not self._holds(history, step):
            return history, step
        here, last = history[self.at].opened, self.past[-1].opened
        earlier = [replace(point, opened=here - last + point.opened) for point in self.past[:-1]]
        return [*history[: self.at], *earlier, *history[self.at :]], step + len(earlier)

    def step_of(self, point: int, history: Sequence[Point], step: int) -> int | None:
        """The step that led to a point that is shown; None for one from before the project was opened."""
        if not self._holds(history, step) or point < self.at:
            return point
        back = point - (len(self.past) - 1)
        return back if back >= self.at else None

    def _holds(self, history: Sequence[Point], step: int) -> bool:
        """Whether the project is what is looked at."""
        return len(self.past) > 1 and self.at <= step < len(history)
