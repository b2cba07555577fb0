"""Puts back what a journal holds, in one thread."""

from __future__ import annotations

from lossacc_gui.session.document import Document
from lossacc_gui.session.recovery import Lost, Step, replay, restore


def restore_all(document: Document, lost: Lost, steps: list[Step]) -> None:
    """Every step fits."""
    found = replay(steps)
    assert found.left == 0
    restore(document, lost, found)
