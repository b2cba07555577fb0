"""The five largest classes and the labels as 0 and 1 follow the grid, and edit what they show."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from lossacc_gui.core.edits import SetCells, SetLabels
from lossacc_gui.core.filtering import Right, Wrong
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows
from lossacc_gui.core.wording import Form
from lossacc_gui.ui.facts import LABEL
from lossacc_gui.ui.window import Window
from tests.ui.conftest import stated

Key = Qt.Key
Role = Qt.ItemDataRole
Way = Qt.Orientation.Horizontal

CELLS = [
    [0.02, 0.3, 0.1, 0.25, 0.13, 0.2],
    [0.5, 0.1, 0.1, 0.1, 0.1, 0.1],
    [0.0, 0.0, 0.0, 0.1, 0.2, 0.7],
]


@pytest.fixture
def window(open_window) -> Window:
    made: Window = open_window(stated(CELLS, [1, 0, -1], tuple("abcdef")))
    made.tools.acts["top_five"].trigger()
    made.tools.acts["one_hot"].trigger()
    return made


def shown(model) -> list[list[str]]:
    return [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_largest_classes_in_order_with_their_names(window):
    assert shown(window.grid.top.top)[0] == ["b  0.3000", "d  0.2500", "f  0.2000", "e  0.1300", "c  0.1000"]
    assert shown(window.grid.top.top)[1] == ["a  0.5000", "b  0.1000", "c  0.1000", "d  0.1000", "e  0.1000"]
    assert not window.grid.cells.isVisible()
    assert window.grid.facts.isVisible()  # label, prediction and the rest stay
    window.tools.acts["top_five"].trigger()
    assert window.grid.cells.isVisible()
    assert window.grid.top.top.rowCount() == 0


def test_few_classes_are_all_of_them(open_window):
    window = open_window()
    window.tools.acts["top_five"].trigger()
    assert window.grid.top.top.columnCount() == 3


def test_an_edit_goes_to_the_class_that_stands_there(window):
    top = window.grid.top.top
    assert top.data(top.index(0, 2), Role.EditRole) == "0.2"
    assert top.setData(top.index(0, 2), "0.9")
    assert window.document.state.predictions.probs[0, 0].tolist() == [0.02, 0.3, 0.1, 0.25, 0.13, 0.9]
    assert shown(top)[0][0] == "f  0.9000"
    assert top.setData(top.index(0, 0), "x") is False


def test_typing_in_a_filtered_row_edits_that_row(qtbot, window):
    window.focus.set_filter(Right())
    view = window.grid.top
    view.setFocus()
    view.setCurrentIndex(view.top.index(1, 0))  # the second right row
    assert (window.focus.row, window.focus.column) == (1, 0)
    qtbot.keyClick(view, Qt.Key.Key_F2)
    editor = view.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "0.5"
    editor.setText("0.8")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.document.state.predictions.probs[0, 1, 0] == 0.8)


def test_the_focus_and_the_current_cell_go_together_and_a_class_not_shown_is_left_alone(window):
    view = window.grid.top
    window.focus.go_to(0, 5)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (0, 2)
    window.focus.go_to(0, 0)  # the sixth of this row, and gone to on purpose
    assert (window.focus.row, window.focus.column) == (0, 0)
    window.focus.go_to(1, 5)  # the sixth of another row: Delete would empty what nobody sees
    assert (window.focus.row, window.focus.column) == (1, 0)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (1, 0)
    assert [(c.rows.tolist(), c.first, c.last) for c in window.grid.selection.blocks()] == [([1], 0, 0)]
    view.setCurrentIndex(view.top.index(2, 1))
    assert (window.focus.row, window.focus.column) == (2, 4)


def test_rows_selected_there_are_selected_for_every_action(window):
    view = window.grid.top
    view.setFocus()
    view.setCurrentIndex(view.top.index(0, 0))
    view.selectionModel().select(view.top.index(2, 0), QItemSelectionModel.SelectionFlag.Select)
    assert window.grid.selection.rows().tolist() == [0, 2]


def test_numbers_in_their_form(window):
    window.grid.set_numbers(4, Form.PERCENT)
    assert shown(window.grid.top.top)[0][0] == "b  30.00%"


def test_a_nan_counts_as_largest_as_it_does_for_the_prediction(window):
    window.document.edit(SetCells(np.array([0]), np.array([4]), np.array([np.nan])))
    assert shown(window.grid.top.top)[0][0].startswith("e")


# --- labels as 0 and 1 ----------------------------------------------------------------------------


def test_labels_are_a_matrix_of_0_and_1(window):
    assert shown(window.grid.one_hot.labels) == [list("010000"), list("100000"), ["–"] * 6]
    assert [window.grid.one_hot.labels.headerData(i, Way) for i in range(6)] == list("abcdef")


def test_a_click_moves_the_label_and_one_on_it_takes_it_away(qtbot, window):
    view = window.grid.one_hot
    view.horizontalScrollBar().setValue(0)
    where = view.visualRect(view.labels.index(0, 2)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert window.document.state.predictions.labels.tolist() == [2, 0, -1]
    assert window.document.stack.count() == 1
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert window.document.state.predictions.labels.tolist() == [-1, 0, -1]


def test_space_moves_the_label_in_the_row_that_is_seen(qtbot, window):
    window.document.edit(SetLabels(np.array([0]), np.array([5], np.int32)))
    window.focus.set_filter(Wrong())
    view = window.grid.one_hot
    view.setFocus()
    view.setCurrentIndex(view.labels.index(0, 3))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert window.document.state.predictions.labels.tolist() == [3, 0, -1]


# --- Qt's contract --------------------------------------------------------------------------------


def test_both_keep_their_contract_and_show_the_document(window, qtmodeltester):
    document, draw = window.document, random.Random(5)
    models = (window.grid.top.top, window.grid.one_hot.labels)
    testers = [
        QAbstractItemModelTester(m, QAbstractItemModelTester.FailureReportingMode.Warning) for m in models
    ]
    for _ in range(80):
        held = document.state.predictions
        row, column = draw.randrange(held.rows), draw.randrange(held.classes)
        doing = draw.randrange(7)
        if doing == 0:
            window.focus.set_filter(draw.choice([None, Wrong(), Right()]))
        elif doing == 1:
            window.filtering.sort_by(draw.randrange(window.grid.model.columnCount()))
        elif doing == 2 and held.rows > 1:
            document.edit(DeleteRows(np.array([row])))
        elif doing == 3 and held.classes > 2:
            document.edit(DeleteClass(column))
        elif doing == 4:
            document.go_to(draw.randrange(document.stack.count() + 1))
        elif doing == 5:
            document.edit(SetLabels(np.array([row]), np.array([column], np.int32)))
        else:
            document.edit(SetCells(np.array([row]), np.array([column]), np.array([draw.random()])))
        held, grid = document.state.predictions, window.grid.model
        for view_row in range(grid.rowCount()):
            row = grid.data_row(view_row)
            cells = held.probs[0, row]
            assert [cells[c] for c in models[0].top(view_row)] == sorted(cells, reverse=True)[:5]
            ones = [models[1].data(models[1].index(view_row, c)) == "1" for c in range(held.classes)]
            assert ones == [held.labels[row] == c for c in range(held.classes)]
    for model, tester in zip(models, testers, strict=True):
        qtmodeltester.check(model)
        tester.deleteLater()


def test_the_labels_as_0_and_1_are_moved_by_the_keyboard_alone(open_window, qtbot):
    window = open_window()
    window.activateWindow()
    window.focus.go_to(1, 0)
    window.tools.acts["one_hot"].trigger()
    view = window.grid.one_hot
    qtbot.waitUntil(view.hasFocus)
    assert view.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Row 2, C: 1, the label; predicted B, wrong"
    )
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert window.document.state.predictions.labels.tolist() == [0, 1, 1]
    QTest.keyClick(view, Qt.Key.Key_Escape)
    qtbot.waitUntil(window.grid.cells.hasFocus)


def test_the_keyboard_comes_back_to_the_five_largest(open_window, qtbot):
    window = open_window()
    window.activateWindow()
    window.tools.acts["top_five"].trigger()
    window.tools.acts["next_view"].trigger()
    assert not window.grid.top.hasFocus()
    window.tools.acts["previous_view"].trigger()
    qtbot.waitUntil(window.grid.top.hasFocus)


# --- keys across the seam --------------------------------------------------------------------------


class TopHand:
    """Keys in the five largest classes and the label beside them, wherever the keyboard is by then."""

    def __init__(self, window: Window) -> None:
        self.window, self.grid = window, window.grid
        window.activateWindow()
        window.grid.take_keyboard()

    @property
    def at(self) -> tuple[int, str]:
        """The row, and the class's name or "label" as the grid's current cell and the focus agree on them."""
        index, model = self.grid.cells.currentIndex(), self.grid.model
        assert index.row() == model.view_row(self.window.focus.row)
        if index.column() >= model.classes:
            assert index.column() == model.classes + LABEL
            assert self.grid.facts.hasFocus()
            return index.row(), "label"
        assert index.column() == self.window.focus.column
        assert self.grid.top.hasFocus()
        return index.row(), model.words.name(index.column())

    def key(self, *keys: Qt.Key) -> TopHand:
        for key in keys:
            target = QApplication.focusWidget()
            assert target is not None
            QTest.keyClick(target, key)
            QApplication.processEvents()
        return self

    def text(self, text: str) -> TopHand:
        for letter in text:
            target = QApplication.focusWidget()
            assert target is not None
            QTest.keyClicks(target, letter)
        QApplication.processEvents()
        return self


@pytest.fixture
def top(open_window) -> TopHand:
    window: Window = open_window(stated(CELLS, [1, 0, -1], tuple("abcdef")))
    window.tools.acts["top_five"].trigger()
    window.focus.go_to(0, 1)
    return TopHand(window)


def test_arrows_go_to_the_label_and_back(top):
    assert top.at == (0, "b")
    assert top.key(*[Key.Key_Right] * 4).at == (0, "c")
    assert top.key(Key.Key_Right).at == (0, "label")
    assert top.key(Key.Key_Down).at == (1, "label")
    assert top.key(Key.Key_Left).at == (1, "e")
    assert top.key(Key.Key_Right, Key.Key_Home).at == (1, "a")


def test_tab_goes_through_the_row_and_its_label_and_return_goes_back(top):
    assert top.key(*[Key.Key_Tab] * 5).at == (0, "label")
    assert top.key(Key.Key_Tab).at == (1, "a")
    assert top.key(Key.Key_Backtab).at == (0, "label")
    assert top.key(Key.Key_Return).at == (1, "a")  # where these Tabs began
    assert top.key(Key.Key_Return).at == (2, "f")
    assert top.key(Key.Key_Return).at == (2, "f")


def test_a_label_is_given_by_keys_alone_row_after_row(top):
    top.window.focus.go_to(0, 1)
    top.key(*[Key.Key_Right] * 5)
    for name in "abc":
        top.text(name).key(Key.Key_Return)
    assert top.window.document.state.predictions.labels.tolist() == [0, 1, 2]
    assert top.at == (2, "label")


def test_a_value_is_typed_and_return_goes_on_below(top):
    top.text(".9").key(Key.Key_Return)
    assert top.window.document.state.predictions.probs[0, 0, 1] == 0.9
    assert top.at == (1, "a")
    top.text(".8").key(Key.Key_Tab)
    assert top.at == (1, "b")


def test_delete_empties_what_one_looks_at(top):
    """After a look at the label of the same row, and with the same cell clicked again."""
    cells = top.window.document.state.predictions.probs[0]
    top.key(*[Key.Key_Right] * 5)
    view = top.grid.top
    where = view.visualRect(view.top.index(0, 1)).center()
    for _ in range(2):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert top.at == (0, "d")
        top.window.tools.acts["clear_cells"].trigger()
        assert cells[0, 3] == 0
        assert top.window.document.state.predictions.labels[0] == 1
        top.window.tools.acts["undo"].trigger()
        assert cells[0].tolist() == CELLS[0]
    top.key(Key.Key_Right)
    top.window.tools.acts["clear_cells"].trigger()
    assert cells[0].tolist() == [0.02, 0.3, 0.1, 0.25, 0.13, 0.0]
