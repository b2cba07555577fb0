"""Typing in the grid with real keys: what a hand does, not what a method is told."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListView, QTextBrowser

from lossacc_gui.core.rules import Rule
from lossacc_gui.ui.cells import ROW_HEIGHT
from lossacc_gui.ui.facts import LABEL
from lossacc_gui.ui.label_editor import LabelEditor
from lossacc_gui.ui.notices import Answer
from tests.core.strategies import contents

Key = Qt.Key


class Hand:
    """Keys and clicks in a window's grid."""

    def __init__(self, window, qtbot) -> None:
        self.window, self.grid, self.qtbot = window, window.grid, qtbot
        self.changes: list[object] = []
        window.document.changed.connect(self.changes.append)
        window.activateWindow()
        self.grid.cells.setFocus()
        qtbot.waitUntil(self.grid.cells.hasFocus)

    @property
    def at(self) -> tuple[int, int]:
        index = self.grid.cells.currentIndex()
        return index.row(), index.column()

    @property
    def editor(self) -> QLineEdit | None:
        """The open editor, if there is one."""
        for half in (self.grid.cells, self.grid.facts):
            for child in half.viewport().children():
                if isinstance(child, QLineEdit) and child.isVisible():
                    return child
        return None

    def half(self):
        return self.grid.facts if self.at[1] >= self.grid.model.classes else self.grid.cells

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClick(target, key, modifier)
        QApplication.processEvents()  # Return commits through a queued call

    def text(self, text: str) -> None:
        for letter in text:  # the first one may open the editor
            target = QApplication.focusWidget()
            assert target is not None
            QTest.keyClicks(target, letter)
        QApplication.processEvents()

    def click(self, row: int, column: int) -> None:
        half = self.grid.facts if column >= self.grid.model.classes else self.grid.cells
        where = half.visualRect(self.grid.model.index(row, column)).center()
        QTest.mouseClick(half.viewport(), Qt.MouseButton.LeftButton, pos=where)

    def value(self, row: int, column: int) -> float:
        return float(self.window.document.state.predictions.probs[0, row, column])

    def label(self, row: int) -> int:
        return int(self.window.document.state.predictions.labels[row])


def line_of(hand: Hand) -> LabelEditor:
    """The open editor of a label."""
    line = hand.editor
    assert isinstance(line, LabelEditor)
    return line


def listed(hand: Hand) -> list[str]:
    """The classes below the open editor, the highlighted one in brackets."""
    for shown in hand.window.findChildren(QListView, "labels"):
        if shown.isVisible():
            model, at = shown.model(), shown.currentIndex().row()
            names = [model.index(i, 0).data() for i in range(model.rowCount())]
            return [f"[{name}]" if i == at else name for i, name in enumerate(names)]
    return []


@pytest.fixture
def hand(window, qtbot) -> Hand:
    return Hand(window, qtbot)


def test_the_lesson_s_cell_is_current_and_ready_to_be_typed_in(hand):
    assert hand.at == (1, 1)
    assert hand.window.focus.rule is Rule.HOLD


def test_typing_over_a_cell_and_return_is_one_step_and_moves_down(hand):
    hand.text("0.3")
    assert isinstance(hand.editor, QLineEdit)
    assert hand.editor.text() == "0.3"
    hand.key(Key.Key_Return)
    assert hand.value(1, 1) == 0.3
    assert hand.value(1, 0) == pytest.approx(0.3)
    assert len(hand.changes) == 1
    assert hand.window.document.step == 1
    assert hand.at == (2, 1)
    assert "row 2" in hand.window.strip.text.lower()  # still told, though the cell is another


def test_f2_edits_what_is_there_with_every_digit(hand):
    hand.key(Key.Key_F2)
    assert hand.editor.text() == "0.5"
    assert hand.editor.selectedText() == "0.5"
    hand.key(Key.Key_End)
    hand.text("5")
    hand.key(Key.Key_Return)
    assert hand.value(1, 1) == 0.55


def test_looking_with_f2_and_leaving_with_return_is_no_step(hand):
    hand.key(Key.Key_F2)
    hand.key(Key.Key_Return)
    assert hand.editor is None
    assert hand.changes == []


def test_escape_takes_nothing(hand):
    before = contents(hand.window.document.state)
    hand.text("0.9")
    hand.key(Key.Key_Escape)
    assert hand.editor is None
    assert contents(hand.window.document.state) == before
    assert hand.changes == []


def test_tab_commits_at_once_and_edits_the_next_cell(hand):
    hand.window.focus.set_rule(Rule.ONLY)
    hand.window.focus.go_to(1, 0)
    hand.text("0.2")
    hand.key(Key.Key_Tab)
    assert hand.value(1, 0) == 0.2
    assert hand.at == (1, 1)
    hand.text("0.6")
    hand.key(Key.Key_Tab)
    assert hand.value(1, 1) == 0.6
    assert hand.at == (1, 2)
    assert len(hand.changes) == 2


def test_return_after_tabs_goes_back_to_the_column_the_tabs_began_in(hand):
    hand.window.focus.set_rule(Rule.ONLY)
    hand.window.focus.go_to(0, 0)
    for values in (("0.5", "0.3", "0.2"), ("0.1", "0.2", "0.7")):
        for value in values[:-1]:
            hand.text(value)
            hand.key(Key.Key_Tab)
        hand.text(values[-1])
        hand.key(Key.Key_Return)
    assert hand.at == (2, 0)
    cells = hand.window.document.state.predictions.probs[0]
    assert cells[:2].tolist() == [[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]


def test_return_in_the_last_row_goes_back_to_where_the_tabs_began(hand):
    hand.window.focus.go_to(2, 0)
    hand.key(Key.Key_Tab)
    hand.key(Key.Key_Tab)
    hand.key(Key.Key_Return)
    assert hand.at == (2, 0)
    hand.key(Key.Key_Return)
    assert hand.at == (2, 0)


def test_tab_goes_through_what_can_be_typed_and_on_in_the_next_row(hand):
    hand.window.focus.go_to(0, 0)
    seen = []
    for _ in range(6):
        hand.key(Key.Key_Tab)
        seen.append(hand.at)
    assert seen == [(0, 1), (0, 2), (0, 3 + LABEL), (1, 0), (1, 1), (1, 2)]
    for _ in range(3):
        hand.key(Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert hand.at == (0, 3 + LABEL)
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Right)  # p(label), which is computed
    hand.key(Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert hand.at == (0, 3 + LABEL)
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Tab)
    assert hand.at == (1, 0)


def test_what_is_typed_on_a_button_or_a_picture_goes_to_the_grid(hand):
    """With a button that is pressed by the mouse, or a view, the keyboard is soon lost."""
    hand.window.focus.set_rule(Rule.ONLY)
    holders = [*hand.window.findChildren(QAbstractButton), hand.window.views["sweep"].view]
    shown = [each for each in holders if each.isVisible() and each.isEnabled()]
    seen = [each for each in shown if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(seen) > 5
    for number, holder in enumerate(seen):
        hand.window.focus.go_to(1, 1)
        holder.setFocus()
        assert QApplication.focusWidget() is holder
        value = f".{number + 10}"
        hand.text(value)
        assert hand.editor is not None, holder
        assert hand.editor.text() == value
        hand.key(Key.Key_Return)
        assert hand.value(1, 1) == float(value)


def test_a_notice_answered_with_the_mouse_or_a_key_leaves_the_keyboard_in_the_grid(hand):
    notices = hand.window.notices
    for key in ("mouse", "space"):
        notices.tell("a", "Something", Answer("later", "Later", "Not now"))
        QApplication.processEvents()
        button = next(
            b for b in notices.findChildren(QAbstractButton) if b.isVisible() and b.text() == "Later"
        )
        if key == "mouse":
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        else:
            button.setFocus()
            QTest.keyClick(button, Key.Key_Space)
        QApplication.processEvents()
        assert hand.grid.cells.hasFocus(), key


def test_tabs_without_an_editor_and_over_the_label_count_as_well(hand):
    hand.window.focus.go_to(0, 1)
    for _ in range(2):
        hand.key(Key.Key_Tab)
    assert hand.at == (0, 3 + LABEL)
    hand.text("b")
    hand.key(Key.Key_Return)
    assert hand.at == (1, 1)
    hand.key(Key.Key_Return)
    assert hand.at == (2, 1)


@pytest.mark.parametrize("go", ["arrow", "click", "focus"])
def test_going_elsewhere_forgets_where_the_tabs_began(hand, go):
    hand.window.focus.go_to(0, 0)
    hand.key(Key.Key_Tab)
    if go == "arrow":
        hand.key(Key.Key_Right)
    elif go == "click":
        hand.click(0, 2)
    else:
        hand.window.focus.go_to(0, 2)
    hand.key(Key.Key_Return)
    assert hand.at == (1, 2)


def test_tab_from_the_last_class_goes_to_the_label(hand):
    hand.window.focus.set_rule(Rule.ONLY)
    hand.window.focus.go_to(1, 2)
    hand.text("0.6")
    hand.key(Key.Key_Tab)
    assert hand.value(1, 2) == 0.6
    assert hand.at == (1, 3 + LABEL)
    hand.qtbot.waitUntil(
        lambda: hand.grid.facts.hasFocus() or hand.grid.facts.isAncestorOf(QApplication.focusWidget())
    )
    hand.text("b")
    hand.key(Key.Key_Return)
    assert hand.label(1) == 1


def test_keys_cross_the_seam_between_the_halves_and_back(hand):
    hand.window.focus.go_to(0, 2)
    hand.key(Key.Key_Right)
    assert hand.at == (0, 3)
    hand.qtbot.waitUntil(hand.grid.facts.hasFocus)
    hand.key(Key.Key_Down)
    assert hand.at == (1, 3)
    assert hand.window.focus.row == 1
    hand.key(Key.Key_Left)
    assert hand.at == (1, 2)
    hand.qtbot.waitUntil(hand.grid.cells.hasFocus)


def test_arrows_stop_at_the_ends(hand):
    hand.window.focus.go_to(0, 0)
    hand.key(Key.Key_Left)
    hand.key(Key.Key_Up)
    assert hand.at == (0, 0)
    for _ in range(12):
        hand.key(Key.Key_Right)
    assert hand.at == (0, hand.grid.model.columnCount() - 1)
    hand.key(Key.Key_Right)
    assert hand.at == (0, hand.grid.model.columnCount() - 1)


def test_return_without_an_editor_moves_down_and_stops(hand):
    hand.window.focus.go_to(0, 1)
    for row in (1, 2, 2):
        hand.key(Key.Key_Return)
        assert hand.at == (row, 1)
    assert hand.changes == []


def test_the_focus_follows_clicks(hand):
    hand.click(2, 0)
    assert (hand.window.focus.row, hand.window.focus.column) == (2, 0)
    hand.click(0, 3 + LABEL)
    assert (hand.window.focus.row, hand.window.focus.column) == (0, 0)  # the column of the sweep stays


def test_garbage_is_answered_in_the_strip_and_changes_nothing(hand):
    before = contents(hand.window.document.state)
    hand.text("abc")
    hand.key(Key.Key_Return)
    assert contents(hand.window.document.state) == before
    assert hand.changes == []
    assert "“abc” is no number" in hand.window.strip.text
    assert hand.window.strip.text.endswith(".")
    assert hand.grid.model.data(hand.grid.model.index(1, 1)) == "0.5000"


def test_nan_is_called_nan_where_it_is_refused_and_the_advice_is_a_link(hand):
    hand.text("nan")
    hand.key(Key.Key_Return)
    assert "nan is outside 0.0000 to" in hand.window.strip.text
    assert f'href="{Rule.ONLY.name}"' in hand.window.strip.findChild(QTextBrowser).toHtml()
    assert hand.changes == []


def test_a_refusal_goes_with_its_editor_on_escape_and_stays_on_a_click(hand):
    before = hand.window.strip.text
    hand.text("abc")
    hand.key(Key.Key_Return)
    assert "abc" in hand.window.strip.text
    hand.key(Key.Key_Escape)
    assert hand.window.strip.text == before
    hand.text("abc")
    hand.click(2, 0)
    assert "abc" in hand.window.strip.text


def test_the_editor_of_a_short_number_leaves_its_neighbour_in_sight(hand):
    hand.text("1")
    assert hand.editor is not None
    cells = hand.grid.cells
    assert hand.editor.geometry() == cells.visualRect(cells.currentIndex())


def test_what_the_rule_cannot_do_is_answered_in_the_strip(hand):
    hand.window.focus.go_to(1, 2)
    hand.text("0.9")
    hand.key(Key.Key_Return)
    assert "label's own cell" in hand.window.strip.text
    assert hand.changes == []


def test_a_label_is_picked_by_typing(hand):
    hand.click(1, 3 + LABEL)
    hand.key(Key.Key_F2)
    assert line_of(hand).text() == "C"
    assert listed(hand) == ["A", "B", "[C]"]
    line_of(hand).selectAll()
    hand.text("a")
    assert listed(hand) == ["[A]"]
    hand.key(Key.Key_Return)
    assert hand.label(1) == 0
    assert len(hand.changes) == 1
    assert listed(hand) == []


@pytest.mark.parametrize(("row", "key"), [(1, Key.Key_Up), (0, Key.Key_Down)])
def test_a_label_is_picked_from_the_list(hand, row, key):
    hand.click(row, 3 + LABEL)
    hand.key(Key.Key_F2)
    hand.key(key)
    assert hand.changes == []  # passed by, not picked yet
    assert line_of(hand).text() == "B"
    hand.key(Key.Key_Return)
    assert hand.label(row) == 1  # the neighbour of the label it had
    assert hand.editor is None
    assert len(hand.changes) == 1


def test_a_class_of_the_list_is_picked_by_a_click(hand):
    hand.click(1, 3 + LABEL)
    hand.key(Key.Key_F2)
    shown = next(each for each in hand.window.findChildren(QListView, "labels") if each.isVisible())
    where = shown.visualRect(shown.model().index(0, 0)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert hand.label(1) == 0
    assert hand.editor is None
    assert hand.at == (1, 3 + LABEL)


ANIMALS = ("red fox", "ox", "box turtle", "arctic fox", "7", "foxhound")


@pytest.fixture
def animals(open_window, qtbot) -> Hand:
    from tests.ui.conftest import stated

    cells = [[0.5, 0.1, 0.1, 0.1, 0.1, 0.1]] * 3
    hand = Hand(open_window(stated(cells, [1, -1, 1], ANIMALS)), qtbot)
    hand.click(1, 6 + LABEL)
    return hand


@pytest.mark.parametrize(
    ("typed", "shown", "taken"),
    [
        ("fox", ["[foxhound]", "red fox", "arctic fox"], 5),
        ("tic", ["[arctic fox]"], 3),
        ("OX", ["[ox]", "red fox", "box turtle", "arctic fox", "foxhound"], 1),  # a name before its parts
        ("7", ["[7]"], 4),  # a name before an index
        ("2", ["[box turtle]"], 2),
        ("none", ["red fox", "ox", "box turtle", "arctic fox", "7", "foxhound"], -1),
    ],
)
def test_return_takes_what_is_highlighted(animals, typed, shown, taken):
    animals.text(typed)
    assert listed(animals) == shown
    animals.key(Key.Key_Return)
    assert animals.editor is None
    assert animals.label(1) == taken


def test_the_arrows_choose_among_what_fits(animals):
    animals.text("fo")
    animals.key(Key.Key_Down)
    assert listed(animals) == ["foxhound", "[red fox]", "arctic fox"]
    assert line_of(animals).text() == "red fox"
    animals.key(Key.Key_Tab)
    assert animals.label(1) == 0


def test_escape_puts_the_label_back(animals):
    animals.click(0, 6 + LABEL)
    animals.text("fo")
    animals.key(Key.Key_Escape)
    assert animals.editor is None
    assert listed(animals) == []
    assert animals.changes == []


def test_a_part_of_a_name_left_by_a_click_is_no_label(animals):
    """Only Return and Tab say that the highlighted class is meant."""
    animals.text("fo")
    animals.click(0, 0)
    assert animals.label(1) == -1
    assert "“fo” is none of the 6 classes" in animals.window.strip.text


def test_what_fits_nothing_is_refused_and_can_be_mended(animals):
    animals.text("zebra")
    assert listed(animals) == []
    animals.key(Key.Key_Return)
    assert line_of(animals).text() == "zebra"
    assert animals.changes == []
    line_of(animals).selectAll()
    animals.text("arct")
    animals.key(Key.Key_Return)
    assert animals.label(1) == 3


def test_the_list_stays_inside_the_window_and_beside_the_line(open_window, qtbot):
    from tests.ui.conftest import stated

    names = tuple(f"a class of a rather long name {i:04}" for i in range(1000))
    hand = Hand(open_window(stated([[0.001] * 1000] * 40, [999] * 40, names), size=(900, 650)), qtbot)
    last = hand.grid.facts.rowAt(hand.grid.facts.viewport().height() - ROW_HEIGHT // 2)
    for row in (0, last - 1):
        hand.click(row, 1000 + LABEL)
        hand.key(Key.Key_F2)
        shown = next(each for each in hand.window.findChildren(QListView, "labels") if each.isVisible())
        line = line_of(hand)
        where = QRect(line.mapTo(hand.window, QPoint(0, 0)), line.size())
        assert hand.window.rect().contains(shown.geometry())
        assert not shown.geometry().intersects(where)
        assert shown.visualRect(shown.currentIndex()).isValid()
        hand.key(Key.Key_Escape)


def test_an_emptied_label_is_taken_away(hand):
    hand.click(1, 3 + LABEL)
    hand.key(Key.Key_F2)
    line_of(hand).clear()
    hand.key(Key.Key_Return)
    hand.qtbot.waitUntil(lambda: hand.label(1) == -1)


@pytest.mark.parametrize("leave", [Key.Key_Return, Key.Key_Enter, Key.Key_Escape, Key.Key_Tab])
def test_a_label_looked_at_is_no_step(hand, leave):
    hand.click(1, 3 + LABEL)
    hand.key(Key.Key_F2)
    hand.key(leave)
    assert hand.editor is None
    assert hand.changes == []


def test_an_unknown_label_is_answered_in_the_strip(hand):
    hand.click(1, 3 + LABEL)
    hand.key(Key.Key_F2)
    line_of(hand).selectAll()
    hand.text("zebra")
    hand.key(Key.Key_Return)
    hand.qtbot.waitUntil(lambda: "zebra" in hand.window.strip.text)
    assert hand.changes == []


def test_facts_cannot_be_typed_over(hand):
    hand.click(1, 4)
    hand.key(Key.Key_F2)
    hand.text("0.5")
    assert hand.editor is None
    assert hand.changes == []


def test_a_double_click_edits(hand):
    where = hand.grid.cells.visualRect(hand.grid.model.index(2, 0)).center()
    hand.click(2, 0)
    QTest.mouseDClick(hand.grid.cells.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert isinstance(hand.editor, QLineEdit)
    hand.key(Key.Key_Escape)


def test_undo_while_an_editor_is_open_does_no_harm(hand):
    hand.text("0.3")
    hand.key(Key.Key_Return)
    hand.window.focus.go_to(2, 0)
    hand.text("0.7")
    hand.window.document.undo()
    hand.key(Key.Key_Escape)
    assert hand.window.document.step == 0


def test_a_row_deleted_under_an_open_editor_does_no_harm(hand):
    hand.window.focus.go_to(2, 0)
    hand.text("0.7")
    assert hand.editor is not None
    hand.window.editing.delete_rows()
    QApplication.processEvents()
    assert hand.window.document.state.predictions.rows == 2
    assert hand.editor is None


def test_rows_selected_by_hand_are_those_that_are_deleted(hand):
    hand.window.focus.go_to(0, 0)
    hand.key(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert hand.grid.selection.rows().tolist() == [0, 1]
    hand.window.editing.delete_rows()
    assert hand.window.document.state.predictions.rows == 1
    assert hand.label(0) == 1


def test_both_halves_scroll_as_one(open_window, qtbot):
    from tests.ui.conftest import stated

    window = open_window(stated([[0.5, 0.5]] * 400, [0] * 400))
    window.grid.cells.verticalScrollBar().setValue(3000)
    assert window.grid.facts.verticalScrollBar().value() == 3000
    window.grid.facts.verticalScrollBar().setValue(70)
    assert window.grid.cells.verticalScrollBar().value() == 70
    top = [half.rowAt(1) for half in (window.grid.cells, window.grid.facts)]
    assert top[0] == top[1]
    window.focus.go_to(399, 1)
    assert window.grid.cells.rowAt(window.grid.cells.viewport().height() - 2) >= 398


def test_the_label_that_is_typed_belongs_to_the_row_that_was_selected(hand):
    """Selecting rows and then clearing labels touches just these."""
    select = QItemSelectionModel.SelectionFlag
    model, chosen = hand.grid.model, hand.grid.cells.selectionModel()
    chosen.setCurrentIndex(model.index(0, 0), select.ClearAndSelect)
    chosen.select(model.index(2, 1), select.Select)
    hand.window.editing.clear_label()
    assert [hand.label(row) for row in range(3)] == [-1, 2, -1]


def test_a_click_beside_the_cells_does_no_harm(hand):
    QTest.mouseClick(hand.grid.cells.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 400))
    hand.key(Key.Key_Down)
    hand.text("0.1")
    hand.key(Key.Key_Escape)


Shift, Control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def blocks(hand) -> list[tuple[int, int, int, int]]:
    """What is selected: top, left, bottom, right."""
    chosen = hand.grid.cells.selectionModel().selection()
    parts = [chosen.at(i) for i in range(chosen.count())]
    return [(part.top(), part.left(), part.bottom(), part.right()) for part in parts]


def test_shift_and_return_commits_and_goes_up(hand):
    hand.text("0.3")
    hand.key(Key.Key_Return, Shift)
    assert hand.value(1, 1) == 0.3
    assert hand.at == (0, 1)


@pytest.mark.parametrize("leave", [Key.Key_Return, Key.Key_Tab])
@pytest.mark.parametrize(("column", "typed"), [(1, "abc"), (3 + LABEL, "zebra")])
def test_a_refused_entry_stays_in_its_editor_until_it_is_mended(hand, leave, column, typed):
    hand.click(1, column)
    hand.key(Key.Key_F2)
    line = hand.editor if column == 1 else line_of(hand)
    line.clear()
    hand.text(typed)
    hand.key(leave)
    assert hand.editor is not None
    assert line.text() == typed
    assert typed in hand.window.strip.text
    assert hand.changes == []
    hand.key(Key.Key_Escape)
    assert hand.editor is None


@pytest.mark.parametrize(
    ("key", "goal"),
    [
        (Key.Key_Right, (1, 2)),
        (Key.Key_Left, (1, 0)),
        (Key.Key_Up, (0, 1)),
        (Key.Key_Down, (2, 1)),
        (Key.Key_Home, (0, 0)),
        (Key.Key_End, (2, 2)),
    ],
)
def test_control_goes_to_the_edge_and_shift_selects_up_to_it(hand, key, goal):
    hand.key(key, Control)
    assert hand.at == goal
    hand.window.focus.go_to(1, 1)
    hand.key(key, Control | Shift)
    assert hand.at == goal
    rows, columns = sorted((1, goal[0])), sorted((1, goal[1]))
    assert blocks(hand) == [(rows[0], columns[0], rows[1], columns[1])]


def test_a_selection_crosses_the_seam_and_shrinks_back(hand):
    hand.window.focus.go_to(0, 1)
    for _ in range(2):
        hand.key(Key.Key_Right, Shift)
    hand.key(Key.Key_Down, Shift)
    assert blocks(hand) == [(0, 1, 1, 3)]
    hand.key(Key.Key_Left, Shift)
    assert blocks(hand) == [(0, 1, 1, 2)]
    hand.key(Key.Key_Left)
    assert blocks(hand) == [(1, 1, 1, 1)]


def test_delete_empties_cells_and_labels_in_one_step(hand):
    first = contents(hand.window.document.state)
    hand.window.focus.go_to(0, 2)
    hand.key(Key.Key_Right, Shift)
    hand.key(Key.Key_Down, Shift)
    hand.key(Key.Key_Delete)
    assert [hand.value(row, 2) for row in (0, 1)] == [0, 0]
    assert [hand.label(row) for row in range(3)] == [-1, -1, 1]
    assert hand.window.document.step == 1
    hand.window.document.undo()
    assert contents(hand.window.document.state) == first


def test_what_is_computed_cannot_be_emptied(hand):
    hand.click(1, 4)
    hand.key(Key.Key_Delete)
    assert "computed" in hand.window.strip.text
    assert hand.changes == []


def test_fill_down_and_right_are_one_step_each(hand):
    hand.window.focus.go_to(0, 0)
    top = [hand.value(0, column) for column in range(3)]
    hand.key(Key.Key_A, Control)
    assert blocks(hand) == [(0, 0, 2, hand.grid.model.columnCount() - 1)]
    hand.key(Key.Key_D, Control)
    assert [[hand.value(row, column) for column in range(3)] for row in range(3)] == [top] * 3
    assert [hand.label(row) for row in range(3)] == [hand.label(0)] * 3
    assert hand.window.document.step == 1
    hand.key(Key.Key_R, Control)
    assert {hand.value(row, column) for row in range(3) for column in range(3)} == {top[0]}
    assert hand.window.document.step == 2


def test_the_rule_that_a_refusal_advises_is_a_click_away(hand):
    hand.window.focus.go_to(1, 2)  # the label's own cell, and p(label) is held
    hand.text("0.2")
    hand.key(Key.Key_Return)
    assert hand.editor is not None
    text = hand.window.strip.findChild(QTextBrowser)
    text.anchorClicked.emit(QUrl("RESCALE"))
    assert hand.window.focus.rule is Rule.RESCALE
    assert hand.value(1, 2) == 0.2  # what was typed is taken
    assert hand.value(1, 0) + hand.value(1, 1) == pytest.approx(0.8)
    assert "<a " not in text.toHtml()


def test_an_advised_rule_is_taken_without_an_editor_too(hand):
    hand.window.refusals.refuse(
        "Row 2: the label's own cell, which “hold p(label)” keeps: choose “only this cell”"
    )
    text = hand.window.strip.findChild(QTextBrowser)
    assert text.toHtml().count("<a ") == 1  # the rule it tells of is no advice
    text.anchorClicked.emit(QUrl("ONLY"))
    assert hand.window.focus.rule is Rule.ONLY
    assert hand.changes == []
    assert hand.window.strip.text == "Change the cell again."


def test_the_keyboard_is_in_the_grid_once_a_file_is_open(hand, tmp_path):
    np.savez(tmp_path / "p.npz", probs=[[0.2, 0.8], [0.6, 0.4]], labels=[0, 1])
    hand.window.views["plane"].view.setFocus()
    assert not hand.grid.cells.hasFocus()
    hand.window.opening.open(str(tmp_path / "p.npz"))
    hand.window.document.jobs.wait()
    hand.text("0.9")
    hand.key(Key.Key_Return)
    assert hand.value(0, 0) == 0.9
