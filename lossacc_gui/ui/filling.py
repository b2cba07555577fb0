"""Delete, fill down and fill right: what they do to the selected cells, each in one step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.edits import Edit
from lossacc_gui.core.filling import Cells, cleared, filled_down, filled_right
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Pace
from lossacc_gui.session.document import Document
from lossacc_gui.session.preparing import Preparing
from lossacc_gui.ui.grid import Grid


class Filling(QObject):
    """Makes edits of the grid's selection and hands them to the document."""

    refused = Signal(str)
    """Why an edit was not done."""

    def __init__(self, document: Document, grid: Grid, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._grid = document, grid
        self._preparing = Preparing(document, self)
        self._preparing.refused.connect(self.refused)

    def clear(self) -> None:
        """Make the selected cells 0, and take the selected labels away."""
        self._do(cleared, "Clear cells")

    def down(self) -> None:
        """Fill the selected cells with what stands in the first selected row."""
        self._do(filled_down, "Fill down")

    def right(self) -> None:
        """Fill the selected cells with what stands in the first selected class."""
        self._do(filled_right, "Fill right")

    def _do(self, make: Callable[[list[Cells], Predictions, int, Pace], Edit], what: str) -> None:
        predictions, epoch = self._document.state.predictions, self._document.epoch
        try:
            blocks = self._grid.selection.blocks()
            if not blocks:
                raise Refusal("", "No cell is selected", "select one; a filter may hide the one there was")
        except Refusal as reason:
            self.refused.emit(str(reason))
            return
        cells = sum(len(block.rows) * (block.last + 1 - block.first) for block in blocks)
        self._preparing.edit(partial(make, blocks, predictions, epoch), what, cells)
