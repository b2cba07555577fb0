"""The tool bar and the tiles stand where they are looked for, also in a small window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.edits import SetConvention
from lossacc_gui.core.rules import Rule


@pytest.mark.parametrize("width", [900, 1280])
def test_the_edit_rule_is_always_in_sight(window, width):
    conventions = window.tools.conventions
    now = replace(window.document.state.convention, temperature=1.821, smoothing=0.05)
    window.document.edit(SetConvention(now))
    window.resize(width, 650)
    for rule in Rule:
        window.focus.set_rule(rule)
        QApplication.processEvents()
        button = conventions.rules.button
        assert button.isVisible()
        assert button.text().startswith(f"Edit: {rule}")
        assert button.mapTo(window.tools.bar, QPoint(button.width(), 0)).x() <= window.tools.bar.width()


@pytest.mark.parametrize("width", [900, 1280])
def test_the_tiles_end_where_the_cards_below_them_end(window, width):
    window.resize(width, 650)
    QApplication.processEvents()
    first, *_, last = (each.mapTo(window, each.rect().topLeft()).x() for each in window.tools.tiles)
    cards = [view.dock for view in window.views.values() if view.dock.isVisible()]
    card = max(each.geometry().right() for each in cards)
    assert last + window.tools.tiles[-1].width() - 1 == pytest.approx(card, abs=1)
    assert first == window.card.mapTo(window, QPoint()).x()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    holder = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert holder is not None
    QTest.keyClick(holder, key, modifier)


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
def test_after_two_menus_were_left_the_keys_are_the_grids_again(window):
    """Left by Esc after a second menu, Qt's menu bar keeps the keyboard: arrows went nowhere, and figures into a cell."""
    window.activateWindow()
    window.focus.go_to(0, 0)
    window.grid.current.follow()
    window.grid.take_keyboard()
    for letter in (Qt.Key.Key_E, Qt.Key.Key_D):
        press(letter, Qt.KeyboardModifier.AltModifier)
        press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is window.menuBar()
    press(Qt.Key.Key_Right)  # among the menus, while one is meant
    assert window.focus.column == 0
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    assert (window.focus.row, window.focus.column) == (2, 0)
