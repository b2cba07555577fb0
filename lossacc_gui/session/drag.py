"""A cell moved by hand in a plot: many edits while it lasts, one step afterwards."""

from __future__ import annotations

from itertools import count

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.core.rules import edit_cell
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus

_GESTURES = count(1)


class Drag:
    """From ``begin`` to ``end`` every ``to`` edits the current cell from the row as it was at the start.

    Starting each time from that row keeps the proportions of the others when the cell passes through
    an end of its range and back.
    """

    def __init__(self, document: Document, focus: Focus) -> None:
        self.document, self.focus = document, focus
        self.origin: Floats | None = None
        self._gesture = -1
        self._revision = -1
        self._held = (0, 0, 0, focus.rule)

    def begin(self) -> None:
        """Remember the row, and open a step."""
        focus, document = self.focus, self.document
        self._held = (document.epoch, focus.row, focus.column, focus.rule)
        self.origin = document.state.predictions.probs[document.epoch, focus.row].astype(np.float64)
        self._revision = document.revision
        self._gesture = next(_GESTURES)

    def to(self, value: float) -> None:
        """Give the cell this value. Raises Refusal when the edit rule cannot hold.

        Does nothing once anything but this drag has changed the document: its row may be another now.
        """
        document = self.document
        if self.origin is None or document.revision != self._revision:
            self.end()
            return
        epoch, row, column, rule = self._held
        edit = edit_cell(document.state, epoch, row, column, value, rule, self.origin)
        document.edit(edit, f"Drag row {row + 1}", gesture=self._gesture)
        self._revision = document.revision

    def end(self) -> None:
        """Close the step."""
        self.origin = None
        self._gesture = -1
