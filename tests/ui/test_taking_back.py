"""Esc while the hand holds something: as if it had not been dragged, in every view that has a handle."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.filtering import LabelIs
from lossacc_gui.core.rules import Rule
from tests.core.strategies import contents
from tests.ui.conftest import bring, drawn, pixel, stated

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
TWO = ([[0.3, 0.7], [0.6, 0.4], [0.45, 0.55], [0.2, 0.8]], [1, 0, 1, 1])


class Pull:
    """A hand that takes hold of the handle of a view and pulls it to the left."""

    def __init__(self, window, key):
        view = bring(window, key).view
        QApplication.processEvents()
        if key == "bars":
            bar = next(i for i, bar in enumerate(view.picture.bars) if bar.column == 1)
            self.port, self.start = view, view.bar_rect(bar, 0.5).center().toPoint()
        else:
            axis, handle = drawn(window, key).left, drawn(window, key).handle
            assert handle is not None
            self.port = view
            self.start = pixel(window, key, handle.x, (axis.low + axis.high) / 2)
        self.at = self.start

    def press(self):
        QTest.mousePress(self.port, LEFT, pos=self.start)

    def pull(self, by):
        self.at += QPoint(by, 0)
        QTest.mouseMove(self.port, self.at)
        QApplication.processEvents()

    def release(self):
        QTest.mouseRelease(self.port, LEFT, pos=self.at)
        QApplication.processEvents()


def all_of_it(window):
    return contents(window.document.state), window.document.state.convention, window.focus.threshold


@pytest.mark.parametrize("key", ["sweep", "bars", "temperature", "threshold"])
def test_escape_takes_a_pull_back_and_the_hand_holds_nothing_any_more(open_window, key):
    window = open_window(stated(*TWO))
    window.focus.set_rule(Rule.RESCALE)
    window.focus.go_to(0, 1)
    pull = Pull(window, key)
    first = all_of_it(window)
    pull.press()
    for _ in range(3):
        pull.pull(-12)
    assert all_of_it(window) != first
    QTest.keyClick(window.windowHandle(), Key.Key_Escape)
    assert all_of_it(window) == first
    assert window.document.stack.count() == 0
    assert window.drag.sets is None
    pull.pull(-12)
    pull.release()
    assert all_of_it(window) == first
    again = Pull(window, key)
    again.press()
    again.pull(-12)
    again.release()
    assert all_of_it(window) != first


@pytest.mark.parametrize(
    ("key", "esc"),
    [(key, True) for key in ("sweep", "bars", "temperature", "threshold")]
    + [(key, False) for key in ("sweep", "temperature", "threshold")],
)
def test_the_strip_and_the_tiles_say_again_what_they_said_before_the_pull(open_window, key, esc):
    window = open_window(stated(*TWO))
    window.focus.set_rule(Rule.RESCALE)
    window.document.edit(SetCells(np.array([0, 0]), np.array([0, 1]), np.array([0.5, 0.5])), "Typed")
    window.focus.go_to(0, 1)
    pull = Pull(window, key)

    def said():
        return (
            window.strip._title.text(),
            window.strip.text,
            [tile.accessibleName() for tile in window.tools.tiles],
        )

    before = said()
    assert "fell from 0.70 to 0.50" in before[1]
    pull.press()
    pull.pull(-12)
    pull.pull(-12)
    assert key == "threshold" or said() != before
    if esc:
        QTest.keyClick(window.windowHandle(), Key.Key_Escape)
    else:
        pull.pull(24)
    assert said() == before
    pull.release()
    assert said() == before


def test_the_picture_shows_what_was_there(open_window):
    window = open_window(stated(*TWO))
    pull = Pull(window, "sweep")
    before = drawn(window, "sweep")
    pull.press()
    pull.pull(-30)
    assert drawn(window, "sweep").handle != before.handle
    QTest.keyClick(window.windowHandle(), Key.Key_Escape)
    QApplication.processEvents()
    after = drawn(window, "sweep")
    assert (after.handle, after.reading) == (before.handle, before.reading)
    pull.release()


def test_escape_while_a_key_pulls(open_window):
    window = open_window(stated(*TWO))
    first = all_of_it(window)
    view = bring(window, "sweep").view
    view.setFocus()
    QTest.keyPress(window.windowHandle(), Key.Key_Left)
    assert all_of_it(window) != first
    QTest.keyClick(window.windowHandle(), Key.Key_Escape)
    assert all_of_it(window) == first
    QTest.keyRelease(window.windowHandle(), Key.Key_Left)
    assert window.document.stack.count() == 0


def test_escape_leaves_a_view_alone_in_the_window_where_it_is_while_something_is_dragged(open_window):
    window = open_window(stated(*TWO))
    window.docking.toggle_alone("sweep")
    QApplication.processEvents()
    pull = Pull(window, "sweep")
    pull.press()
    pull.pull(-30)
    QTest.keyClick(window.windowHandle(), Key.Key_Escape)
    assert window.docking.is_alone
    pull.release()
    QTest.keyClick(window.windowHandle(), Key.Key_Escape)
    assert not window.docking.is_alone


def test_the_tiles_of_listed_rows_say_again_what_they_said_before_the_pull(open_window):
    window = open_window(stated(*TWO))
    window.tools.acts["filter_metrics"].setChecked(True)
    window.focus.set_filter(LabelIs(1))
    window.focus.set_rule(Rule.RESCALE)
    window.document.edit(SetCells(np.array([0, 0]), np.array([0, 1]), np.array([0.4, 0.6])), "Typed")
    window.focus.go_to(0, 1)
    before = [tile.accessibleName() for tile in window.tools.tiles]
    pull = Pull(window, "sweep")
    pull.press()
    pull.pull(-12)
    pull.pull(-12)
    assert [tile.accessibleName() for tile in window.tools.tiles] != before
    QTest.keyClick(window.windowHandle(), Key.Key_Escape)
    assert [tile.accessibleName() for tile in window.tools.tiles] == before
    pull.release()
