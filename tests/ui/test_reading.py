"""The line at the foot says what is under the pointer as it is now, or nothing: never what was there before."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.rules import Rule
from lossacc_gui.core.wording import brief, number
from tests.ui.conftest import bring, drawn, pixel, stated

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
ROWS = ([[0.3, 0.7], [0.6, 0.4], [0.45, 0.55], [0.2, 0.8]], [1, 0, 1, 1])


@pytest.fixture
def window(open_window):
    window = open_window(stated(*ROWS))
    window.focus.set_rule(Rule.RESCALE)
    window.focus.go_to(0, 1)
    return window


def foot(window):
    return window.status.currentMessage()


@pytest.mark.parametrize("key", ["sweep", "temperature", "threshold"])
def test_while_a_handle_is_pulled_the_foot_says_its_own_numbers(window, key):
    view = bring(window, key).view
    QApplication.processEvents()
    axis, handle = drawn(window, key).left, drawn(window, key).handle
    assert handle is not None
    at = pixel(window, key, handle.x, (axis.low + axis.high) / 2)
    QTest.mouseMove(view, at)
    QApplication.processEvents()
    first = foot(window)
    assert first
    QTest.mousePress(view, LEFT, pos=at)
    for _ in range(2):
        at -= QPoint(15, 0)
        QTest.mouseMove(view, at)
        QApplication.processEvents()
        here = drawn(window, key).handle
        assert here is not None
        assert number(here.value(here.x)) in foot(window)
    QTest.mouseRelease(view, LEFT, pos=at)
    QApplication.processEvents()
    assert foot(window) != first


def test_a_bar_that_is_pulled_or_stepped_is_read_as_it_is(window):
    view = bring(window, "bars").view
    at = view.bar_rect(1, 0.7).center().toPoint()
    QTest.mouseMove(view, at)
    QApplication.processEvents()
    assert "row 1, 1: 0.70" in foot(window)
    QTest.mousePress(view, LEFT, pos=at)
    QTest.mouseMove(view, at - QPoint(20, 0))
    QApplication.processEvents()

    def now():
        return brief(float(window.document.state.predictions.probs[0, 0, 1]))

    assert f"row 1, 1: {now()}" in foot(window)
    QTest.mouseRelease(view, LEFT, pos=at - QPoint(20, 0))
    QApplication.processEvents()
    view.setFocus()
    for _ in range(3):
        QTest.keyClick(view, Key.Key_Left)
        QApplication.processEvents()
        assert f"row 1, 1: {now()}" in foot(window)


def test_another_edit_or_another_row_has_the_foot_forget_what_it_read_elsewhere(window):
    for change in (window.document.undo, lambda: window.focus.go_to(1, 0)):
        window.grid.model.setData(window.grid.model.index(2, 0), "0.25")
        window.status.point("row 1, class 1: 0.70")
        change()
        assert foot(window) == ""
        window.status.say("Copied")
        window.focus.go_to(0, 1)
        assert foot(window) == "Copied"


def test_a_table_that_nobody_points_at_leaves_the_foot_alone(window):
    bring(window, "classes")
    view = bring(window, "sweep").view
    QTest.mouseMove(view, view.rect().center())
    QApplication.processEvents()
    window.grid.model.setData(window.grid.model.index(2, 0), "0.25")
    QApplication.processEvents()
    assert foot(window)
