"""Docks in the hand: hidden, torn off, alone in the window, in named layouts, remembered."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.shape_edits import DeleteRows
from lossacc_gui.ui.docking import known
from lossacc_gui.ui.layouts import LAYOUTS, grouped
from tests.ui.conftest import Paints, drawn

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support raise\\(\\)$", extend=True)

DELETED = np.array([0])


def in_sight(window) -> set[str]:
    QApplication.processEvents()
    return {key for key, view in window.views.items() if view.in_sight}


def fronts(layout, window) -> set[str]:
    return {stack[0] for column in known(layout, window.views) for stack in column}


def press(widget, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifier)
    QApplication.processEvents()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_a_layout_shows_the_first_of_each_stack_and_hides_what_it_does_not_name(window, layout):
    size = window.size()
    window.tools.layouts.chosen.emit(layout.key)
    assert in_sight(window) == fronts(layout, window)
    named = {key for column in known(layout, window.views) for stack in column for key in stack}
    assert {key for key, view in window.views.items() if not view.dock.isHidden()} == named
    assert window.size() == size
    assert not any(view.dock.isFloating() for view in window.views.values())


def test_the_tabs_of_a_stack_are_tabs(window):
    for layout in LAYOUTS:
        window.docking.choose(layout.key)
        for column in known(layout, window.views):
            for first, *others in column:
                tabs = {dock.key for dock in window.tabifiedDockWidgets(window.views[first].dock)}
                assert set(others) <= tabs


def test_a_hidden_view_comes_back_in_front_as_a_tab_and_draws(window):
    window.docking.choose("diagnose")
    view = window.views["sweep"]
    assert view.dock.isHidden()
    window.document.edit(DeleteRows(DELETED))
    view.dock.action.trigger()
    assert "sweep" in in_sight(window)
    assert not view.stale
    assert not view.dock.isFloating()
    assert window.tabifiedDockWidgets(view.dock)
    assert drawn(window, "sweep").reading == view.what.draw(window.scene()).reading


def test_a_view_behind_a_tab_is_brought_forward_and_not_hidden(window):
    window.tabifyDockWidget(window.views["sweep"].dock, window.views["plane"].dock)
    window.views["plane"].dock.raise_()
    assert "sweep" not in in_sight(window)
    assert window.views["sweep"].dock.action.isChecked()  # it is open, if behind
    window.views["sweep"].dock.action.trigger()
    assert "sweep" in in_sight(window)
    assert window.views["sweep"].dock.action.isChecked()
    assert "plane" not in in_sight(window)
    window.views["sweep"].dock.action.trigger()
    assert window.views["sweep"].dock.isHidden()
    assert not window.views["sweep"].dock.action.isChecked()


def test_a_view_behind_a_tab_does_not_compute(window):
    window.tabifyDockWidget(window.views["sweep"].dock, window.views["plane"].dock)
    window.views["plane"].dock.raise_()
    QApplication.processEvents()
    old = window.views["sweep"].view.drawn
    window.document.edit(DeleteRows(DELETED))
    assert window.views["sweep"].view.drawn is old
    assert window.views["sweep"].stale


@pytest.mark.parametrize("back", ["escape", "button", "title", "key", "reset"])
def test_one_view_takes_the_whole_window_and_goes_back(window, back):
    before, places = in_sight(window), {key: view.dock.geometry() for key, view in window.views.items()}
    dock = window.views["plane"].dock
    bar = dock.titleBarWidget()
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    assert in_sight(window) == {"plane"}
    assert not window.centralWidget().isVisible()
    assert not dock.isFloating()
    assert dock.width() > 0.9 * window.width()
    match back:
        case "escape":
            press(window.views["plane"].view, Qt.Key.Key_Escape)
        case "button":
            bar.alone.click()
        case "title":
            QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
        case "key":
            window.tools.acts["maximise"].trigger()
        case "reset":
            window.tools.acts["reset_layout"].trigger()
    assert in_sight(window) == before
    assert window.centralWidget().isVisible()
    for key in before:
        assert (window.views[key].dock.pos() - places[key].topLeft()).manhattanLength() <= 4


def test_maximise_takes_what_has_the_keyboard(window):
    window.views["losses"].dock.show()
    window.views["losses"].view.setFocus()
    window.tools.acts["maximise"].trigger()
    assert in_sight(window) == {"losses"}
    window.tools.acts["maximise"].trigger()
    window.grid.cells.setFocus()
    window.tools.acts["maximise"].trigger()
    assert in_sight(window) == set()
    assert window.centralWidget().isVisible()
    window.tools.acts["maximise"].trigger()
    assert in_sight(window) == fronts(LAYOUTS[0], window)


def test_escape_elsewhere_does_nothing(window):
    before = in_sight(window)
    press(window.views["plane"].view, Qt.Key.Key_Escape)
    assert in_sight(window) == before


def sizes(window) -> dict[str, tuple[int, int]]:
    """The size of every view in sight, once all is laid out."""
    for _ in range(3):
        QApplication.processEvents()
    return {key: view.dock.size().toTuple() for key, view in window.views.items() if view.in_sight}


def differ(one, other) -> int:
    """By how many pixels at most: rows of tabs and lines between take some."""
    assert one.keys() == other.keys()
    return int(max(abs(a - b) for key in one for a, b in zip(one[key], other[key], strict=True)))


def test_a_torn_off_view_stands_clear_of_its_place_in_a_frame_and_goes_back(window):
    before = sizes(window)
    dock = window.views["sweep"].dock  # this one and its frame lie on the small screen there is
    was = dock.mapToGlobal(QPoint(0, 0))
    dock.float()
    assert dock.isFloating()
    assert dock.isVisible()
    assert not dock.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert dock.windowFlags() & Qt.WindowType.WindowTitleHint
    away = dock.pos() - was
    assert away.y() >= dock.titleBarWidget().height()  # the title of what takes the place can be read
    dock.float()
    assert not dock.isFloating()
    assert differ(sizes(window), before) <= 8


def let_go(dock) -> None:
    """The button comes up while Qt drags the dock, which has the mouse to itself."""
    nowhere, none = QPointF(5, 5), Qt.KeyboardModifier.NoModifier
    button = Qt.MouseButton.LeftButton
    up = QMouseEvent(QEvent.Type.MouseButtonRelease, nowhere, nowhere, button, Qt.MouseButton.NoButton, none)
    dock.event(up)  # sent, it does not arrive: offscreen nobody has the mouse


def test_torn_off_by_its_title_a_view_gets_a_frame_when_it_is_let_go(window):
    dock = window.views["history"].dock
    dock.setFloating(True)  # what Qt does under a hand that drags the title
    assert dock.windowHandle().flags() & Qt.WindowType.FramelessWindowHint
    let_go(dock)
    QApplication.processEvents()
    assert dock.isVisible()
    for flags in (dock.windowFlags(), dock.windowHandle().flags()):
        assert flags & Qt.WindowType.WindowTitleHint
        assert not flags & Qt.WindowType.FramelessWindowHint
    dock.setFloating(False)
    let_go(dock)
    QApplication.processEvents()
    assert dock.isVisible()
    assert not dock.isWindow()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_the_views_keep_their_share_through_a_small_window(window, layout):
    window.docking.choose(layout.key)
    before = sizes(window)
    window.resize(window.minimumSizeHint().width(), 600)
    assert differ(sizes(window), before) > 50
    window.resize(1440, 900)
    assert differ(sizes(window), before) <= 8


def test_the_text_of_an_axis_stays_in_its_middle_when_there_is_room_for_more_of_it(window):
    picture = window.views["sweep"].view.picture
    short = (window.minimumSizeHint().width(), 600)
    said = []
    for size in ((1440, 900), short, (1440, 900)):
        window.resize(*size)
        sizes(window)
        name = picture.frame.names[0]
        assert abs(name.rect.center().x() - picture.scales.area.center().x()) <= 2
        said.append(name.text)
    assert said[0] == said[2]


def test_a_view_that_is_hidden_and_shown_keeps_its_size(window):
    before = sizes(window)
    for key in [*before, *before]:
        window.views[key].dock.action.trigger()
        assert key not in sizes(window)
        window.views[key].dock.action.trigger()
        assert differ(sizes(window), before) <= 8


def test_a_size_given_by_hand_is_kept_too(window):
    sweep, bars = window.views["sweep"].dock, window.views["bars"].dock
    sizes(window)
    window.resizeDocks([sweep, bars], [450, 250], Qt.Orientation.Vertical)
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton)  # as after a line between views was dragged
    before = sizes(window)
    assert abs(before["sweep"][1] - 450) <= 24
    window.resize(window.minimumSizeHint().width(), 600)
    sizes(window)
    window.resize(1440, 900)
    assert differ(sizes(window), before) <= 8


def test_the_keyboard_walks_through_all_views_in_sight_and_the_grid(window):
    window.grid.cells.setFocus()
    seen = []
    for _ in range(len(in_sight(window)) + 1):
        seen.append(window.docking.focused)
        window.tools.acts["next_view"].trigger()
    assert sorted(seen) == sorted([*in_sight(window), ""])
    assert window.docking.focused == seen[0]
    window.tools.acts["previous_view"].trigger()
    assert window.docking.focused == seen[-1]


def test_the_view_that_has_the_keyboard_is_seen_and_no_other(window):
    def edges() -> set[str]:
        accent, found = QColor(window.dressing.theme.accent), set()
        for key in in_sight(window):
            dock = window.views[key].dock
            image = dock.grab().toImage()
            at_title, at_card = QPoint(1, 20), QPoint(1, image.height() - 20)
            if image.pixelColor(at_title) == image.pixelColor(at_card) == accent:
                found.add(key)
        return found

    window.grid.take_keyboard()
    assert edges() == set()
    for _ in range(len(in_sight(window))):
        window.tools.acts["next_view"].trigger()
        QApplication.processEvents()
        assert edges() == {window.docking.focused}
    window.tools.acts["next_view"].trigger()
    assert edges() == set()


def test_the_layout_and_its_name_are_remembered(open_window):
    first = open_window()
    first.docking.choose("diagnose")
    first.views["losses"].dock.close()
    QApplication.processEvents()
    shown = in_sight(first)
    first.close()
    again = open_window(show=False)
    again.restore()
    again.show()
    assert in_sight(again) == shown
    assert again.docking.layout.key == "diagnose"
    assert [a.data() for a in again.tools.layouts.actions if a.isChecked()] == ["diagnose"]


def framed_on_screen(dock) -> bool:
    """Whether a view floats with a frame, and none of it beyond the screen."""
    bare = dock.windowFlags() & Qt.WindowType.FramelessWindowHint
    whole = dock.screen().availableGeometry().contains(dock.frameGeometry())
    return bool(dock.isFloating() and dock.isVisible() and not bare and whole)


def test_a_torn_off_view_has_a_frame_after_a_restart_and_after_it_was_alone(open_window):
    first = open_window()
    first.views["plane"].dock.float()  # the one at the right edge of a window as wide as the screen
    QApplication.processEvents()
    assert framed_on_screen(first.views["plane"].dock)
    first.docking.toggle_alone("plane")
    first.docking.toggle_alone()
    QApplication.processEvents()
    assert framed_on_screen(first.views["plane"].dock)
    first.close()
    again = open_window(show=False)
    again.restore()
    again.show()
    QApplication.processEvents()
    assert framed_on_screen(again.views["plane"].dock)


def test_a_window_closed_with_one_view_alone_opens_with_all_of_them(open_window):
    first = open_window()
    shown = in_sight(first)
    first.docking.toggle_alone("plane")
    first.close()
    again = open_window(show=False)
    again.restore()
    again.show()
    assert in_sight(again) == shown
    assert again.centralWidget().isVisible()


def test_each_view_is_in_one_submenu():
    keys = ["sweep", "brand-new", "confusion"]
    groups = grouped(keys)
    assert sorted(key for _, members in groups for key in members) == sorted(keys)
    assert all(members for _, members in groups)


def test_the_sentence_under_a_view_is_whole_and_is_its_reading(window):
    for key in in_sight(window):
        card = window.views[key].card
        reading = window.views[key].view.accessibleName()
        assert card.reading.toolTip() == reading
        assert reading.startswith(card.reading.shown)
        assert card.reading.shown


def test_a_view_that_is_torn_off_is_shown_once(window):
    """Hidden and shown again at once, it stays away where the window manager takes the two the wrong way round."""
    dock = window.views["plane"].dock
    shown = Paints(dock, QEvent.Type.Show)
    dock.float()
    QApplication.processEvents()
    assert shown.count == 1
    assert dock.isVisible()
    assert not dock._is_frameless
    dock.float()
