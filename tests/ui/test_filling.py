"""Delete and fill in the grid as it is seen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel


@pytest.mark.parametrize("act", ["clear", "down", "right"])
def test_rows_of_five_largest_classes_are_no_block(window, act):
    window.grid.toggle_top()
    model, selection = window.grid.model, window.grid.cells.selectionModel()
    block = QItemSelection(model.index(0, 0), model.index(1, 0))
    selection.select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    getattr(window.filling, act)()
    assert window.document.step == 0
    assert "View > Five largest classes" in window.strip.text
