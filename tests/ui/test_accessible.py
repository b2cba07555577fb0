"""What a screen reader is given: names, values and roles by Qt's own interfaces, and announcements."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.shape_edits import DeleteClass
from lossacc_gui.ui import announcing
from lossacc_gui.ui.facts import FACTS
from tests.ui.conftest import bring, stated

Text, Role = QAccessible.Text, QAccessible.Role
CELLS = [[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.4, 0.4, 0.2]]
NAMES = ("cat", "dog", "fox")


@pytest.fixture(autouse=True)
def _listening(qapp):
    """A screen reader listens: else Qt keeps what it said of a table whose cells are gone."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def window(open_window):
    return open_window(stated(CELLS, [0, 1, -1], NAMES))


def interface(widget: QWidget):
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    assert found.isValid()
    return found


def spoken(table: QWidget) -> dict[str, QAccessible.Role]:
    """The texts of a table's cells and headings, with what they are."""
    whole = interface(table)
    parts = [whole.child(i) for i in range(whole.childCount())]
    return {part.text(Text.Name): part.role() for part in parts}


def test_a_cell_says_its_row_class_value_label_and_whether_the_row_is_right(window):
    said = spoken(window.grid.cells)
    cells = [text for text, role in said.items() if role is Role.Cell]
    assert "Row 1, cat: 0.3, the label; predicted dog, wrong" in cells
    assert "Row 2, dog: 0.5, the label, the prediction; right" in cells
    assert "Row 3, dog: 0.4, tied with the prediction, which comes first; no label" in cells


def test_a_fact_says_what_it_is(window):
    said = spoken(window.grid.facts)
    assert "Row 1, label: cat; predicted dog, wrong" in said
    assert any(text.startswith("Row 2, loss: 0.6931") and text.endswith("right") for text in said)


def test_headings_are_headings(window):
    said = spoken(window.grid.cells)
    assert {name for name, role in said.items() if role is Role.ColumnHeader} == {*NAMES, *FACTS}
    assert {name for name, role in said.items() if role is Role.RowHeader} == {"1", "2", "3"}


def test_an_edit_is_heard_in_the_cell(window):
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.6])))
    assert "Row 1, cat: 0.6, the label, the prediction; right" in spoken(window.grid.cells)
    window.document.edit(DeleteClass(2))
    assert not any("fox" in text for text in spoken(window.grid.cells))


def test_an_editor_says_which_cell_it_edits(window):
    cells = window.grid.cells
    cells.setCurrentIndex(cells.model().index(1, 0))
    cells.edit(cells.currentIndex())
    editor = cells.findChild(QLineEdit)
    assert interface(editor).text(Text.Name).startswith("Row 2, cat: 0.1; label dog")
    assert interface(editor).role() is Role.EditableText


def test_a_tile_says_its_metric_value_and_detail(window):
    tile = interface(window.tools.tiles[1])
    assert tile.text(Text.Name) == "Accuracy: 50.00%"
    assert "1 of 2 rows" in tile.text(Text.Description)
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.6])))
    assert tile.text(Text.Name) == "Accuracy: 100.00%"


def test_each_view_in_sight_says_its_reading(window, qtbot):
    for key, view in window.views.items():
        bring(window, key)
        window.curve_jobs.wait()
        QApplication.processEvents()
        name = interface(view.view).text(Text.Name)
        assert name.endswith((".", "…", "?", "!")), (key, name)


@pytest.fixture
def announced(monkeypatch):
    """What is announced, as to a screen reader that listens."""
    said: list[str] = []

    class Listening:
        @staticmethod
        def isActive() -> bool:
            return True

        @staticmethod
        def updateAccessibility(event) -> None:
            said.append(event.message())

    monkeypatch.setattr(announcing, "QAccessible", Listening)
    return said


def test_what_an_edit_did_is_announced_once(window, announced, qtbot):
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.6])))
    qtbot.waitUntil(lambda: len(announced) == 1)
    assert window.strip.text in announced[0]
    assert "accuracy rose from 1 to 2 of 2 rows" in announced[0]


def test_of_a_gesture_the_last_is_announced(window, announced, qtbot):
    for value in (0.31, 0.32, 0.33):
        window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([value])), gesture=7)
        assert announced == []
    qtbot.waitUntil(lambda: len(announced) == 1)
    assert window.strip.text in announced[0]


def test_a_refusal_is_announced(window, announced, qtbot):
    cells = window.grid.cells
    cells.setCurrentIndex(cells.model().index(0, 0))
    qtbot.keyClicks(cells, "x")
    qtbot.keyClick(cells.findChild(QLineEdit), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(announced) == 1)
    assert announced[0].startswith("Nothing was changed")
    qtbot.keyClick(cells.findChild(QLineEdit), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(announced) == 2)
    assert announced[1] == announced[0]


def test_nothing_is_announced_where_nobody_listens(window, announced, monkeypatch, qtbot):
    monkeypatch.setattr("lossacc_gui.ui.announcing.QAccessible.isActive", staticmethod(bool))
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.6])))
    qtbot.wait(2 * announcing.PAUSE_MS)
    assert announced == []
