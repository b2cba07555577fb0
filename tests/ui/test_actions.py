"""Every action can be found, read and reached by a key of its own."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QTextBrowser, QToolBar, QToolButton

from lossacc_gui.ui.access_keys import give_access_keys, key_of
from lossacc_gui.ui.actions import ACTIONS, INNER, MENUS
from lossacc_gui.ui.dialogs import Page, keys_html
from tests.ui.conftest import bring


def menus_of(window) -> list[QMenu]:
    return [menu for menu in window.menuBar().findChildren(QMenu) if menu.actions()] + [
        action.menu() for action in window.menuBar().actions() if action.menu()
    ]


def leaves(menu: QMenu) -> list[QAction]:
    """The entries of a menu and of the menus in it."""
    found: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found += leaves(inner)
        elif not action.isSeparator():
            found.append(action)
    return found


def all_leaves(window) -> list[QAction]:
    return [leaf for action in window.menuBar().actions() for leaf in leaves(action.menu())]


def test_every_action_is_in_a_menu_with_a_tip(window):
    entries = all_leaves(window)
    for act in ACTIONS:
        action = window.tools.acts[act.id]
        assert action in entries
        assert action.toolTip()
        if act.id not in ("undo", "redo"):  # these say what they would undo
            assert act.tip in action.toolTip()
        assert action.statusTip() == act.tip
        assert act.menu in (*MENUS, *INNER)
        assert callable(attrgetter(act.slot)(window))


def test_every_entry_of_every_menu_says_what_it_does(window):
    for entry in all_leaves(window):
        assert entry.text()
        assert entry.statusTip(), entry.text()


def test_no_two_shortcuts_are_alike(window):
    """Qt does nothing at all when two actions claim one key."""
    keys = Counter(
        key.toString() for action in window.findChildren(QAction) for key in action.shortcuts() if key
    )
    assert keys
    assert [key for key, count in keys.items() if count > 1] == []
    typed = {key for act in ACTIONS for key in act.keys}
    assert {QKeySequence(key).toString() for key in typed} <= set(keys)
    assert all(QKeySequence(key).toString() for key in typed)


def entries_of(menu: QMenu) -> list[list[str]]:
    """What the entries of a menu say, and those of each menu in it."""
    found: list[list[str]] = [[]]
    for action in menu.actions():
        inner = action.menu()
        if not action.isSeparator():
            found[0].append(action.text())
        if isinstance(inner, QMenu):
            found += entries_of(inner)
    return found


def test_every_entry_of_every_menu_has_a_letter_of_its_own(window):
    """Of two entries with one letter, neither is chosen by it."""
    entries = [[action.text() for action in window.menuBar().actions()]]
    for action in window.menuBar().actions():
        entries += entries_of(action.menu())
    assert len(entries) > len(MENUS) + len(INNER)
    for texts in entries:
        letters = Counter(key_of(text) for text in texts)
        assert "" not in letters, texts
        assert [letter for letter, count in letters.items() if count > 1] == [], texts


def test_an_access_key_begins_a_word_where_it_can_and_a_written_one_stays(window):
    entries = [QAction(text, window) for text in ("loss", "less &often", "log off", "a && b", "l")]
    give_access_keys(entries)
    assert [entry.text() for entry in entries] == ["&loss", "less &often", "lo&g off", "&a && b", "l"]


def test_ids_differ_and_nearly_every_action_has_a_key():
    assert len({act.id for act in ACTIONS}) == len(ACTIONS)
    assert [act.id for act in ACTIONS if not act.keys] == ["about"]


def test_everything_on_the_tool_bars_is_in_a_menu_too(window):
    entries = all_leaves(window)
    for bar in window.findChildren(QToolBar):
        for button in bar.findChildren(QToolButton):
            if button.menu() is not None:
                assert all(entry in entries for entry in leaves(button.menu()))
            elif button.defaultAction() is not None:
                assert button.defaultAction() in entries


def test_every_button_has_a_tip(window):
    for button in window.findChildren(QToolButton):
        if button.isVisible():
            assert button.toolTip(), button.text() or button.objectName()


def test_the_keys_page_names_every_key(window):
    html = keys_html()
    for act in ACTIONS:
        for key in act.keys:
            assert key in html


@pytest.mark.parametrize(("act", "has"), [("shortcuts", "Ctrl+Z"), ("about", "Qt")])
def test_help_opens_a_page(window, monkeypatch, act, has):
    shown: list[str] = []

    def read(page: Page) -> int:
        browser = page.findChild(QTextBrowser)
        assert isinstance(browser, QTextBrowser)
        shown.append(browser.toPlainText())
        return 0

    monkeypatch.setattr(Page, "exec", read)
    window.tools.acts[act].trigger()
    assert has in shown[0]


def test_the_picture_of_the_window_goes_to_the_clipboard(window):
    window.tools.acts["copy_picture"].trigger()
    assert QApplication.clipboard().pixmap().size() == window.grab().size()
    QApplication.clipboard().clear()


@pytest.mark.qt_log_ignore("^This plugin does not support raise\\(\\)$", extend=True)
def test_every_view_can_be_hidden_and_shown_from_the_menu(window):
    for key in window.views:
        view = bring(window, key)
        assert view.dock.action in all_leaves(window)
        view.dock.action.trigger()
        assert not view.dock.isVisible()
        view.dock.action.trigger()
        assert view.dock.isVisible()
        assert view.in_sight


@pytest.mark.qt_log_ignore("^This plugin does not support raise\\(\\)$", extend=True)
def test_reset_layout_brings_everything_back(window):
    QApplication.processEvents()
    docks = [view.dock for view in window.views.values() if view.in_sight]
    places = [dock.geometry() for dock in docks]
    docks[0].setFloating(True)
    docks[1].close()
    window.tools.acts["reset_layout"].trigger()
    QApplication.processEvents()
    assert not any(dock.isFloating() for dock in docks)
    assert all(dock.isVisible() for dock in docks)
    for dock, place in zip(docks, places, strict=True):
        assert abs(dock.geometry().x() - place.x()) <= 2
        assert abs(dock.geometry().y() - place.y()) <= 2
