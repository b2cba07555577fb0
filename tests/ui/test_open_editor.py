"""What is being typed is taken in before anything else happens, and the keyboard stays in the grid."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from lossacc_gui.core.rules import Rule
from lossacc_gui.ui.window import Window
from tests.ui.conftest import Open, stated

CELLS = [[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6], [0.7, 0.2, 0.1]]


@pytest.fixture
def typing(open_window: Open, qtbot: Any) -> Window:
    """A window with 0.25 typed into the first cell, and no key after it."""
    window = open_window(stated(CELLS, [0, 1, 0, 2]))
    window.focus.set_rule(Rule.ONLY)
    window.focus.go_to(0, 0)
    begin(window, qtbot, "0.25")
    return window


def begin(window: Window, qtbot: Any, text: str) -> None:
    """Type a text into the current cell."""
    window.activateWindow()
    window.grid.take_keyboard()
    qtbot.waitUntil(window.grid.cells.hasFocus)
    for letter in text:
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClicks(target, letter)
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def typed(window: Window) -> float:
    """What the first cell holds."""
    return float(window.document.state.predictions.probs[0, 0, 0])


@pytest.mark.parametrize(
    "act",
    [
        "filter_wrong",
        "filter_right",
        "sort",
        "file_order",
        "reapply",
        "insert_row",
        "class_right",
        "next_wrong",
        "pin",
    ],
)
def test_what_is_typed_counts_before_an_action(typing: Window, act):
    typing.tools.acts[act].trigger()
    column = 1 if act == "class_right" else 0
    assert typing.document.state.predictions.probs[0, 0, column] == 0.25


def test_it_counts_for_the_rows_that_are_asked_for(typing: Window):
    typing.tools.acts["filter_wrong"].trigger()  # 0.25 makes the first row wrong
    assert [typing.grid.model.data_row(i) for i in range(typing.grid.model.rowCount())] == [0, 2, 3]


def test_it_counts_before_a_click_on_a_heading_sorts(qtbot, typing: Window):
    header = typing.grid.cells.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(0) + 8, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert typed(typing) == 0.25
    assert [typing.grid.model.data_row(i) for i in range(4)] == [3, 0, 2, 1]


def test_it_counts_before_the_window_closes(typing: Window, monkeypatch):
    asked: list[float] = []
    monkeypatch.setattr(typing.saving, "may_discard", lambda: asked.append(typed(typing)))
    typing.close()
    assert asked == [0.25]


@pytest.mark.parametrize("act", ["file_order", "filter_wrong", "insert_row"])
def test_what_is_refused_takes_the_keyboard_from_no_one(qtbot, typing: Window, act):
    """The list made anew took the editor away, and what was typed next went nowhere."""
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    line.setText("x")
    typing.filtering.sort_by(1)
    typing.focus.go_to(typing.focus.row, 0)
    begin(typing, qtbot, "7x")
    typing.tools.acts[act].trigger()
    QApplication.processEvents()
    holder = QApplication.focusWidget()
    assert holder is not None
    assert typing.grid.isAncestorOf(holder)


def test_undo_is_of_what_was_done_before_the_typing(typing: Window):
    steps = typing.document.stack.count()
    typing.tools.acts["undo"].trigger()
    assert typing.document.stack.count() == steps
