"""Headings know which rows are selected without asking for every cell."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QApplication

from lossacc_gui.ui.grid_model import GridModel
from tests.ui.conftest import stated

SIDE = 300
Select = QItemSelectionModel.SelectionFlag


@pytest.fixture
def asked(monkeypatch):
    """How often Qt asked what can be done with a cell."""
    count, flags = [0], GridModel.flags

    def counted(model, index):
        count[0] += 1
        return flags(model, index)

    monkeypatch.setattr(GridModel, "flags", counted)  # before the model is made: Qt looks once
    return count


@pytest.fixture
def square(asked, open_window):
    cells = np.random.default_rng(0).dirichlet(np.ones(SIDE), SIDE)
    return open_window(stated(cells, np.arange(SIDE)))


def test_to_paint_a_whole_selection_asks_for_no_more_than_is_in_sight(square, asked):
    asked[0] = 0
    square.grid.navigation.select_all()
    for half in (square.grid.cells, square.grid.facts):
        half.grab()
    QApplication.processEvents()
    assert 0 < asked[0] < 10 * SIDE  # each heading on its own would ask for SIDE of them


@pytest.mark.parametrize("half", ["cells", "facts"])
def test_the_headings_of_rows_with_a_selected_cell_are_marked(square, half):
    grid = square.grid
    model, chosen = grid.model, grid.cells.selectionModel()
    blocks = QItemSelection(model.index(3, 5), model.index(4, 9))
    blocks.select(model.index(20, SIDE + 1), model.index(20, SIDE + 1))
    chosen.select(blocks, Select.ClearAndSelect)
    marks = getattr(grid, half).verticalHeader().selectionModel()
    marked = [row for row in range(SIDE) if marks.rowIntersectsSelection(row)]
    assert marked == [3, 4, 20]
    chosen.clear()
    assert not marks.hasSelection()
    assert not getattr(grid, half).horizontalHeader().selectionModel().hasSelection()


def test_a_click_on_a_row_number_selects_the_row(square, qtbot):
    grid = square.grid
    grid.cells.verticalHeader().sectionPressed.emit(7)
    ranges = grid.cells.selectionModel().selection()
    assert [(ranges.at(i).top(), ranges.at(i).bottom()) for i in range(ranges.count())] == [(7, 7)]
    assert grid.selection.rows().tolist() == [7]
