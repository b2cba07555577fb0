"""Scrolling paints what comes into sight and nothing else, and leaves nothing behind."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.edits import SetCells, SetConvention
from lossacc_gui.core.shape_edits import DeleteRows
from lossacc_gui.ui.cells import ROW_HEIGHT, CellDelegate
from lossacc_gui.ui.window import Window
from tests.ui.conftest import stated


@pytest.fixture
def wide(open_window) -> Window:
    """400 rows of 60 classes."""
    draw = np.random.default_rng(5)
    cells = draw.dirichlet(np.ones(60), size=400)
    opened: Window = open_window(stated(cells, draw.integers(60, size=400)))
    return opened


def screen(window: Window) -> QImage:
    """The grid on the screen, as the last steps left it: Qt puts laying out and painting off for a while.

    The pictures beside it are drawn when there is time for them, which may be later.
    """
    seen, image, grid = QImage(), QImage(), window.grid
    while image.isNull() or seen != image:
        QTest.qWait(20)
        part = QRect(grid.mapTo(window, QPoint(0, 0)), grid.size())
        seen, image = image, window.screen().grabWindow(window.winId()).toImage().copy(part)
    return image


def painted_afresh(window: Window) -> QImage:
    """The same, with everything painted once more."""
    for half in (window.grid.cells, window.grid.facts):
        half.viewport().update()
    return screen(window)


@pytest.mark.parametrize("steps", [[(1, 0)] * 4, [(0, 7)] * 4, [(900, 400), (-13, 55), (77, -400), (5, 5)]])
def test_a_scrolled_grid_looks_as_if_painted_afresh(wide, steps):
    down, right = wide.grid.facts.verticalScrollBar(), wide.grid.cells.horizontalScrollBar()
    wide.focus.go_to(3, 2)
    for by_rows, by_columns in steps:
        down.setValue(down.value() + by_rows)
        right.setValue(right.value() + by_columns)
        assert screen(wide) == painted_afresh(wide)


@pytest.mark.parametrize("size", [(900, 650), (1440, 900)])
def test_nothing_of_other_rows_stays_where_there_are_no_more(wide, size):
    """A viewport that is not cleared before it is painted shows what was there, unless it is painted."""
    wide.resize(*size)
    wide.document.edit(DeleteRows(np.arange(3, 400)), "Fewer rows")
    assert screen(wide) == painted_afresh(wide)
    view = wide.grid.cells.viewport()
    below = view.grab().toImage().pixelColor(view.width() - 2, ROW_HEIGHT * 3 + 20)
    assert below.name() == wide.dressing.theme.card


def test_a_step_paints_the_rows_that_came_into_sight(wide, monkeypatch):
    looked: set[int] = set()
    paint_value = CellDelegate.paint_value

    def watched(self, painter, rect, look, column):
        looked.add(id(look))
        paint_value(self, painter, rect, look, column)

    monkeypatch.setattr(CellDelegate, "paint_value", watched)
    bar = wide.grid.facts.verticalScrollBar()
    QApplication.processEvents()
    looked.clear()
    bar.setValue(bar.value() + 2 * ROW_HEIGHT)
    QApplication.processEvents()
    assert 1 <= len(looked) <= 4


def test_an_edit_paints_its_row_and_no_other_however_many_columns_there_are(open_window, monkeypatch):
    draw = np.random.default_rng(5)
    window = open_window(stated(draw.dirichlet(np.ones(150), size=40), draw.integers(150, size=40)))
    painted: set[int] = set()
    paint_value = CellDelegate.paint_value

    def watched(self, painter, rect, look, column):
        painted.add(rect.top() // ROW_HEIGHT)
        paint_value(self, painter, rect, look, column)

    monkeypatch.setattr(CellDelegate, "paint_value", watched)
    screen(window)
    painted.clear()
    window.document.edit(
        SetCells(np.full(150, 2), np.arange(150), draw.dirichlet(np.ones(150))), "other numbers"
    )
    assert screen(window) == painted_afresh(window)
    painted.clear()
    window.document.edit(
        SetCells(np.full(150, 2), np.arange(150), draw.dirichlet(np.ones(150))), "other numbers"
    )
    screen(window)
    assert painted == {2}


def test_columns_are_measured_anew_for_another_kind_of_cells_and_not_for_another_temperature(
    window, monkeypatch
):
    measured = []
    monkeypatch.setattr(window.grid, "_lay_out", lambda: measured.append(1))
    window.document.edit(SetConvention(Convention(temperature=2.0)), "T")
    assert not measured
    window.document.edit(SetConvention(Convention(Rows.LOGITS)), "logits")
    assert measured
