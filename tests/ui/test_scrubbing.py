"""A value changes without typing: keys, wheel and a pulling hand, one undo step a gesture."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from lossacc_gui.core.filtering import LabelIs
from lossacc_gui.core.listing import Sort
from lossacc_gui.core.rules import Rule
from lossacc_gui.ui.facts import LABEL
from tests.core.strategies import contents
from tests.ui.conftest import drawn, stated

Key, Button = Qt.Key, Qt.MouseButton
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Hand:
    """Keys, wheel and buttons, as the window's own window gets them."""

    def __init__(self, window, qtbot) -> None:
        self.window, self.grid, self.document = window, window.grid, window.document
        window.activateWindow()
        window.grid.take_keyboard()
        qtbot.waitUntil(window.grid.cells.hasFocus)
        self.changes: list[object] = []
        self.document.changed.connect(self.changes.append)

    def keys(self, *keys: Qt.Key, modifiers=NONE, release: bool = True) -> None:
        handle = self.window.windowHandle()
        QTest.keyPress(handle, Key.Key_Alt, ALT)
        for key in keys:
            QTest.keyPress(handle, key, ALT | modifiers)  # a click with Alt would let go of Alt, too
        if release:
            self.let_go()

    def let_go(self) -> None:
        QTest.keyRelease(self.window.windowHandle(), Key.Key_Alt, NONE)

    def place(self, row: int, column: int, share: float = 0.5, view=None) -> QPoint:
        view = view or (self.grid.facts if column >= self.grid.model.classes else self.grid.cells)
        rect = view.visualRect(view.model().index(row, column))
        return QPoint(rect.left() + round(rect.width() * share), rect.center().y())

    def wheel(self, row: int, column: int, notches: float, modifiers=NONE, view=None) -> None:
        """With Alt, as X11 turns it aside."""
        view = view or (self.grid.facts if column >= self.grid.model.classes else self.grid.cells)
        where = self.place(row, column, view=view)
        event = QWheelEvent(
            QPointF(where),
            QPointF(view.viewport().mapToGlobal(where)),
            QPoint(),
            QPoint(round(120 * notches), 0),
            Button.NoButton,
            ALT | modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), event)

    def pull(self, row: int, column: int, *shares: float, button=Button.MiddleButton, modifiers=NONE) -> None:
        viewport = self.grid.cells.viewport()
        QTest.mousePress(viewport, button, modifiers, self.place(row, column, shares[0]))
        for share in shares[1:]:
            QTest.mouseMove(viewport, self.place(row, column, share))

    def value(self, row: int, column: int) -> float:
        return float(self.document.state.predictions.probs[0, row, column])

    def steps(self) -> list[str]:
        return [point.what for point in self.document.history[1:]]


@pytest.fixture
def hand(window, qtbot) -> Hand:
    window.focus.set_rule(Rule.ONLY)
    window.focus.go_to(1, 1)
    return Hand(window, qtbot)


@pytest.mark.parametrize(
    ("key", "modifiers", "value"),
    [
        (Key.Key_Up, NONE, 0.51),
        (Key.Key_Down, NONE, 0.49),
        (Key.Key_PageUp, NONE, 0.6),
        (Key.Key_PageDown, NONE, 0.4),
        (Key.Key_Up, SHIFT, 0.6),
        (Key.Key_Down, SHIFT, 0.4),
        (Key.Key_Right, NONE, 0.501),
        (Key.Key_Left, NONE, 0.499),
        (Key.Key_Up, CONTROL, 0.501),
        (Key.Key_Down, CONTROL, 0.499),
    ],
)
def test_a_key_steps_the_current_cell(hand, key, modifiers, value):
    hand.keys(key, modifiers=modifiers)
    assert hand.value(1, 1) == value
    assert hand.steps() == ["Step row 2, B"]
    assert hand.window.drag.sets is None


def test_all_steps_until_alt_is_let_go_are_one_and_live(hand):
    first = contents(hand.document.state)
    hand.keys(*[Key.Key_Down] * 20, release=False)
    assert len(hand.changes) == 20
    assert hand.window.drag.origin is not None  # axes stay where they are
    hand.let_go()
    assert hand.window.drag.origin is None
    assert hand.value(1, 1) == 0.3
    assert "0.5" in hand.window.strip.text
    assert "0.3" in hand.window.strip.text
    hand.keys(Key.Key_Up)
    assert hand.steps() == ["Step row 2, B"] * 2
    hand.document.undo()
    assert hand.value(1, 1) == 0.3
    hand.document.undo()
    assert contents(hand.document.state) == first


def test_steps_obey_the_edit_rule(hand):
    hand.window.focus.set_rule(Rule.HOLD)
    loss = hand.document.evaluation.tally.loss
    hand.keys(*[Key.Key_PageDown] * 3)
    assert hand.value(1, 1) == 0.2
    assert hand.document.evaluation.tally.loss == loss
    assert hand.document.step == 1


def test_what_the_rule_cannot_do_is_said_in_one_sentence(hand):
    hand.window.focus.set_rule(Rule.HOLD)
    hand.window.focus.go_to(1, 2)  # the label's own cell
    hand.keys(Key.Key_Up, Key.Key_Up)
    assert hand.changes == []
    assert hand.window.strip.text.startswith("Row 2: this is the label's own cell")
    assert hand.window.strip.text.count(".") == 1


def test_the_end_is_said_and_is_no_step(hand):
    hand.keys(*[Key.Key_PageDown] * 9)
    assert hand.value(1, 1) == 0
    assert "as far as “only this cell” lets it go" in hand.window.status.currentMessage()
    assert len(hand.changes) == 5


def test_escape_takes_the_gesture_back(hand):
    first = contents(hand.document.state)
    hand.window.focus.set_rule(Rule.RESCALE)
    hand.keys(*[Key.Key_PageUp] * 9, release=False)
    QTest.keyPress(hand.window.windowHandle(), Key.Key_Escape, ALT)
    hand.let_go()
    assert contents(hand.document.state) == first
    assert hand.document.step == hand.document.stack.count() == 0


def test_another_cell_or_another_edit_ends_the_gesture(hand):
    hand.keys(Key.Key_Up, release=False)
    hand.window.focus.go_to(0, 0)
    hand.keys(Key.Key_Up, release=False)
    hand.window.editing.clear_label()
    hand.keys(Key.Key_Up)
    assert hand.steps() == ["Step row 2, B", "Step row 1, A", "Clear label", "Step row 1, A"]


def test_a_window_that_loses_the_keyboard_ends_the_gesture(hand):
    hand.keys(Key.Key_Up, release=False)
    QApplication.sendEvent(hand.window, QEvent(QEvent.Type.WindowDeactivate))
    hand.keys(Key.Key_Up)
    assert hand.document.step == 2


def test_steps_from_the_menu_are_one_undo_step_each(hand):
    for _ in range(2):
        hand.window.tools.acts["step_up"].trigger()
    assert hand.document.step == 2
    assert hand.window.drag.sets is None


def test_steps_work_while_a_view_has_the_keyboard(hand, qtbot):
    hand.window.docking.next_view()
    qtbot.waitUntil(lambda: not hand.grid.cells.hasFocus())
    hand.keys(Key.Key_Up)
    assert hand.value(1, 1) == 0.51


def test_an_open_editor_is_taken_in_first(hand):
    for letter in "0.7":
        at = QApplication.focusWidget()
        assert at is not None
        QTest.keyClicks(at, letter)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    hand.keys(Key.Key_Up)
    assert hand.value(1, 1) == 0.71
    assert hand.steps() == ["Edit row 2, B", "Step row 2, B"]


def test_the_label_block_does_not_move(hand):
    first = contents(hand.document.state)
    for fact in range(4):
        hand.grid.cells.setCurrentIndex(hand.grid.model.index(1, 3 + fact))
        hand.keys(Key.Key_Up)
        assert "only the cells of classes" in hand.window.strip.text
        hand.wheel(1, 3 + fact, 1)
        viewport = hand.grid.facts.viewport()
        QTest.mousePress(viewport, Button.MiddleButton, NONE, hand.place(1, 3 + LABEL))
        QTest.mouseMove(viewport, hand.place(1, 3 + LABEL, 0.9))
        QTest.mouseRelease(viewport, Button.MiddleButton, NONE, hand.place(1, 3 + LABEL, 0.9))
    assert contents(hand.document.state) == first
    assert hand.changes == []


def test_the_wheel_steps_the_cell_it_is_over(hand):
    hand.wheel(0, 0, 1)
    hand.wheel(0, 0, 2)
    assert (hand.window.focus.row, hand.window.focus.column) == (0, 0)
    assert hand.value(0, 0) == 0.33
    hand.wheel(0, 0, -1, SHIFT)
    assert hand.value(0, 0) == 0.23
    assert hand.document.step == 1
    hand.wheel(2, 0, -1, CONTROL)
    assert hand.value(2, 0) == 0.299
    hand.let_go()
    hand.wheel(2, 0, -1)
    assert hand.document.step == 3


def test_a_fine_wheel_gathers_its_parts(hand):
    for _ in range(6):
        hand.wheel(0, 0, 0.25)
    assert hand.value(0, 0) == 0.31
    hand.let_go()


def test_alt_let_go_after_the_wheel_does_not_open_the_menu_bar(hand):
    handle = hand.window.windowHandle()
    QTest.keyPress(handle, Key.Key_Alt, ALT)
    hand.wheel(0, 0, 1)
    hand.let_go()
    assert hand.grid.cells.hasFocus()
    assert hand.window.menuBar().activeAction() is None


@pytest.mark.parametrize(("button", "modifiers"), [(Button.MiddleButton, NONE), (Button.LeftButton, ALT)])
def test_a_hand_pulls_the_bar_of_a_cell(hand, button, modifiers):
    first = contents(hand.document.state)
    hand.pull(0, 0, 0.3, 0.4, 0.5, 0.8, button=button, modifiers=modifiers)
    QTest.mouseRelease(hand.grid.cells.viewport(), button, modifiers, hand.place(0, 0, 0.8))
    assert hand.value(0, 0) == pytest.approx(0.8, abs=0.015)
    assert round(hand.value(0, 0), 2) == hand.value(0, 0)
    assert len(hand.changes) == 3
    assert hand.steps() == ["Drag row 1, A"]
    hand.document.undo()
    assert contents(hand.document.state) == first


def test_a_pull_held_by_nothing_any_more_does_nothing(hand):
    hand.pull(0, 0, 0.3, 0.5)
    hand.document.undo()
    first = contents(hand.document.state)
    QTest.mouseMove(hand.grid.cells.viewport(), hand.place(0, 0, 0.9))
    assert contents(hand.document.state) == first
    assert hand.window.drag.sets is None


def test_a_middle_click_only_looks(hand):
    QTest.mouseClick(hand.grid.cells.viewport(), Button.MiddleButton, NONE, hand.place(2, 2))
    assert (hand.window.focus.row, hand.window.focus.column) == (2, 2)
    assert hand.changes == []


def test_a_pull_that_comes_back_leaves_no_step(hand):
    hand.pull(0, 0, 0.3, 0.6, 0.3)
    QTest.mouseRelease(hand.grid.cells.viewport(), Button.MiddleButton, NONE, hand.place(0, 0, 0.3))
    assert hand.document.stack.count() == 0


def test_views_are_live_while_a_hand_pulls(hand):
    before = drawn(hand.window, "sweep")
    hand.pull(1, 1, 0.5, 0.2)
    during = drawn(hand.window, "sweep")
    assert before.handle is not None
    assert during.handle is not None
    assert during.handle.x == hand.value(1, 1) != before.handle.x
    assert (during.left.low, during.left.high) == (before.left.low, before.left.high)
    QTest.mouseRelease(hand.grid.cells.viewport(), Button.MiddleButton, NONE, hand.place(1, 1, 0.2))


@pytest.fixture
def sorted_hand(open_window, qtbot) -> Hand:
    cells = np.full((6, 3), 0.2)
    cells[:, 0] = [0.1, 0.6, 0.2, 0.5, 0.3, 0.4]
    window = open_window(stated(cells, [0, 0, 1, 0, 0, 0]))
    window.focus.set_filter(LabelIs(0))
    window.focus.set_sort(Sort("loss", descending=True))
    return Hand(window, qtbot)


def test_rows_sorted_and_filtered_are_the_rows_meant(sorted_hand):
    hand = sorted_hand
    order = hand.window.focus.order.tolist()
    assert order == [0, 4, 5, 3, 1]
    hand.wheel(1, 0, 1)
    hand.let_go()
    assert hand.value(4, 0) == 0.31
    hand.keys(Key.Key_PageUp)
    assert hand.value(4, 0) == 0.41
    hand.pull(4, 0, 0.6, 0.7)
    QTest.mouseRelease(hand.grid.cells.viewport(), Button.MiddleButton, NONE, hand.place(4, 0, 0.7))
    assert hand.value(1, 0) == pytest.approx(0.7, abs=0.015)
    assert hand.window.focus.order.tolist() == order  # a row does not jump away


def test_a_row_the_filter_hides_is_not_changed_unseen(sorted_hand):
    sorted_hand.window.focus.go_to(2, 0)
    sorted_hand.keys(Key.Key_Up)
    assert sorted_hand.changes == []
    assert "hides the current row" in sorted_hand.window.strip.text


def test_among_the_five_largest_the_class_stays_the_one_taken(hand):
    hand.grid.toggle_top()
    view = hand.grid.top
    assert view.top.top(1)[0] == 1
    for _ in range(3):
        hand.wheel(1, 0, -1, SHIFT, view=view)  # B falls from the first to the last place on the way
    hand.let_go()
    assert hand.value(1, 1) == 0.2
    assert view.top.top(1)[0] != 1
    assert hand.document.step == 1
