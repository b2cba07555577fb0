"""How much memory the undo steps hold: those far from the present let go of what can be made again."""

from __future__ import annotations

from PySide6.QtGui import QUndoStack

from lossacc_gui.files.disk import physical_memory
from lossacc_gui.session.step import Step

SHARE = 8
"""Undo steps may hold one part in so many of the memory there is."""

HEAVY = 1_000_000
"""Bytes below which nobody counts what a step holds."""


def hold_within(stack: QUndoStack, most: int | None = None) -> None:
    """Lighten steps, the nearest last, until all hold ``most`` bytes, or as near to it as can be.

    Nothing can be undone any less by that; it only takes longer. Cost: the steps.
    """
    room = physical_memory() // SHARE if most is None else most
    here = stack.index()
    for at in sorted(range(stack.count()), key=lambda at: abs(2 * (at - here) + 1)):
        step = stack.command(at)
        assert isinstance(step, Step)
        if (held := step.bytes) > HEAVY:
            if held > room:
                step.lighten()
            room = max(0, room - step.bytes)
