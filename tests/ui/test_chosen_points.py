"""Points of pictures under the keyboard: arrows go from one to another, Return does what a click does, Esc gives back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.edits import SetCells
from tests.ui.conftest import bring, curves, stated

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def press(window):
    """Presses keys in a view and gives what it points at then."""

    def press(view, *keys, modifier=Qt.KeyboardModifier.NoModifier):
        widget = bring(window, view).view
        widget.setFocus()
        for key in keys:
            QTest.keyClick(widget, key, modifier)
        QApplication.processEvents()
        return widget.chosen.pick

    return press


def edited(window, count=4):
    for i in range(count):
        cells = np.array([0.1 + 0.05 * i, 0.8 - 0.05 * i, 0.1])
        window.editing.do(SetCells(np.zeros(3, int), np.arange(3), cells), "typed")
    QApplication.processEvents()


def test_every_picture_with_points_takes_keys(window, press):
    edited(window)
    for key, view in curves(window).items():
        drawn = view.view.drawn
        if not drawn.picks:
            continue
        assert press(key, Key.Key_Up) is not None, key  # Left and Right are the line's, where there is one
        assert view.view.accessibleDescription()
        assert window.status.currentMessage() == view.view.accessibleDescription()
        assert press(key, Key.Key_Home) == press(key, Key.Key_PageUp, Key.Key_Home), key
        press(key, Key.Key_Escape)
        assert view.view.chosen.pick is None
    assert window.document.step == 4


def test_in_the_history_arrows_step_and_return_goes_there(window, press):
    edited(window)
    assert press("history", Key.Key_Left).step == 4  # first to where one is
    assert press("history", Key.Key_Left, Key.Key_Left).step == 2
    assert press("history", Key.Key_Right).step == 3
    assert "edit 3" in window.status.currentMessage()
    press("history", Key.Key_Return)
    assert window.document.step == 3
    assert press("history", Key.Key_Left).step == 2  # it stays where it was
    press("history", Key.Key_Home, Key.Key_Return)
    assert window.document.step == 0


def test_in_the_plane_a_matrix_is_built_from_the_keyboard(window, press):
    here = press("plane", Key.Key_Up)
    assert here.step == 0
    there = press("plane", Key.Key_Up)
    assert there.build is not None
    assert there.build[1] == 2  # one row more is right
    right = press("plane", Key.Key_Right, modifier=SHIFT)
    assert 0 < right.x - there.x < 0.02
    view = window.views["plane"].view
    press("plane", Key.Key_Return)
    assert window.document.step == 0  # it replaces everything: the button asks once more
    assert view.target.isVisible()
    assert press("plane", Key.Key_Escape) is not None
    assert not view.target.isVisible()
    press("plane", Key.Key_Return, Key.Key_Return)
    assert window.document.step == 1
    assert window.document.evaluation.tally.hits == 2


def test_in_the_plane_the_trail_is_gone_along_by_pages(window, press):
    edited(window)
    assert press("plane", Key.Key_PageUp).step == 4
    assert press("plane", Key.Key_PageUp, Key.Key_PageUp).step == 2
    press("plane", Key.Key_Return)
    assert window.document.step == 2


def test_what_is_chosen_goes_with_the_rows_it_is_of(open_window):
    window = open_window(stated(np.full((5, 2), 0.5), [0] * 5))
    view = bring(window, "losses").view
    view.setFocus()
    QTest.keyClick(view, Key.Key_End)
    QTest.keyClick(view, Key.Key_End)
    row = view.chosen.pick.row
    window.editing.do(SetCells(np.array([row]), np.array([0]), np.array([0.9])), "typed")
    QApplication.processEvents()
    assert view.chosen.pick.row == row
    assert view.chosen.pick.y == pytest.approx(-np.log(0.9 / 1.4), abs=0.5)


def test_esc_gives_back_the_point_first_and_then_is_the_docks(window, press, qtbot):
    escaped = window.views["history"].dock.escaped
    press("history", Key.Key_Left)
    with qtbot.assertNotEmitted(escaped):
        press("history", Key.Key_Escape)
    with qtbot.waitSignal(escaped):
        press("history", Key.Key_Escape)


def test_a_ring_shows_what_is_chosen_only_under_the_keyboard(window, press):
    edited(window)
    view = bring(window, "history").view
    before = view.grab().toImage()
    press("history", Key.Key_Left, Key.Key_Left)
    chosen = view.grab().toImage()
    assert chosen != before
    window.grid.take_keyboard()
    QApplication.processEvents()
    assert view.grab().toImage() == before
