"""Undo and redo from where the keyboard is, and what the grid shows of them then."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from lossacc_gui.core.edits import SetCells, SetLabels
from lossacc_gui.core.filtering import Wrong
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Source, State
from lossacc_gui.ui.facts import LABEL
from lossacc_gui.ui.window import Window
from tests.ui.conftest import stated

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stack(open_window, qtbot) -> Window:
    """A window on three epochs, so that there is a box to choose one in."""
    cells = np.random.default_rng(3).dirichlet(np.ones(3), (3, 4))
    window: Window = open_window(State(Predictions.of(cells, [0, 1, 2, 0]), source=Source("stack")))
    window.activateWindow()
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.25])))
    return window


def focus(qtbot, widget: QWidget) -> None:
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() in (widget, widget.focusProxy()))


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)
    QApplication.processEvents()


def test_ctrl_z_is_the_document_s_wherever_the_keyboard_is(qtbot, stack):
    stack.tools.acts["find"].trigger()  # its line is there as well
    takes = [each for each in stack.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    seen = [each for each in takes if each.isVisible() and each.isEnabled() and each.focusProxy() is None]
    assert any(isinstance(each, QAbstractSpinBox) for each in seen)
    assert any(isinstance(each, QLineEdit) for each in seen)
    for widget in seen:
        focus(qtbot, widget)
        press(Key.Key_Z)
        assert stack.document.step == 0, widget
        press(Key.Key_Z, CTRL | SHIFT)
        assert stack.document.step == 1, widget
        press(Key.Key_Z)
        press(Key.Key_Y)
        assert stack.document.step == 1, widget


def test_a_field_takes_back_what_was_typed_in_it_first(qtbot, stack):
    stack.tools.acts["find"].trigger()
    line = stack.card.ask_line.line
    focus(qtbot, line)
    QTest.keyClicks(line, "0.5")
    press(Key.Key_Z)
    assert line.text() == ""
    assert stack.document.step == 1
    press(Key.Key_Y)
    assert line.text() == "0.5"
    assert stack.document.step == 1


def test_in_the_box_of_the_epoch_it_is_the_document_s_also_after_a_number_was_typed(qtbot, stack):
    box = stack.card.findChild(QAbstractSpinBox)
    focus(qtbot, box)
    box.selectAll()
    QTest.keyClicks(box, "3")
    assert stack.document.epoch == 2
    press(Key.Key_Z)
    assert (stack.document.step, stack.document.epoch) == (0, 0)


def test_an_open_editor_keeps_the_keys(qtbot, stack):
    focus(qtbot, stack.grid.cells)
    QTest.keyClick(stack.grid.cells, Key.Key_F2)
    press(Key.Key_Z)
    assert stack.document.step == 1
    press(Key.Key_Escape, Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def many(open_window) -> Window:
    cells = np.random.default_rng(1).dirichlet(np.ones(3), 300)
    made: Window = open_window(stated(cells, np.arange(300) % 3))
    return made


def in_sight(window: Window) -> bool:
    half = window.grid.cells
    at = half.currentIndex()
    if at.column() >= window.grid.model.classes:
        half = window.grid.facts
    return bool(half.viewport().rect().contains(half.visualRect(at)))


def test_undo_brings_the_cell_it_changed_into_sight(many):
    many.document.edit(SetCells(np.array([250]), np.array([1]), np.array([0.9])))
    many.grid.facts.verticalScrollBar().setValue(0)
    many.focus.go_to(0, 0)
    many.tools.acts["undo"].trigger()
    assert (many.focus.row, many.focus.column) == (250, 1)
    assert (many.grid.cells.currentIndex().row(), many.grid.cells.currentIndex().column()) == (250, 1)
    assert in_sight(many)
    many.grid.facts.verticalScrollBar().setValue(0)  # away by the wheel: the current cell is what it was
    many.tools.acts["redo"].trigger()
    assert in_sight(many)


def test_undo_of_a_label_goes_to_the_label_column(many):
    many.document.edit(SetLabels(np.array([250]), np.array([0], np.int32)))
    many.focus.go_to(0, 0)
    many.tools.acts["undo"].trigger()
    current = many.grid.cells.currentIndex()
    assert (current.row(), current.column()) == (250, 3 + LABEL)
    assert in_sight(many)
    many.focus.go_to(250, 2)
    many.tools.acts["redo"].trigger()
    assert many.grid.cells.currentIndex().column() == 3 + LABEL


def test_a_selection_that_undo_changes_stays(many):
    selection, model = many.grid.cells.selectionModel(), many.grid.model
    many.focus.go_to(2, 0)
    block = QItemSelection(model.index(2, 0), model.index(5, 1))
    selection.select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    many.tools.acts["fill_down"].trigger()
    many.tools.acts["undo"].trigger()
    assert [cells.rows.tolist() for cells in many.grid.selection.blocks()] == [[2, 3, 4, 5]]
    assert (many.focus.row, many.focus.column) == (3, 0)  # the first that changed


def test_what_a_filter_hides_of_an_undo_is_said(many):
    right = int(np.flatnonzero(~Wrong().rows(many.document.evaluation))[0])
    many.document.edit(SetCells(np.array([right]), np.array([0]), np.array([0.1])))
    many.tools.acts["undo"].trigger()
    many.focus.set_filter(Wrong())
    many.tools.acts["redo"].trigger()
    assert many.strip.text.endswith(f" The filter hides row {right + 1}.")
    assert many.focus.row != right


def test_a_new_row_is_where_one_types_next(many):
    many.focus.go_to(100, 1)
    many.tools.acts["insert_row"].trigger()
    current = many.grid.cells.currentIndex()
    assert (current.row(), current.column()) == (101, 1)
    many.tools.acts["undo"].trigger()
    assert many.grid.cells.currentIndex().isValid()


@pytest.mark.parametrize("again", ["wrong", ""])
def test_a_refused_filter_goes_when_one_is_taken(window, again):
    before = window.strip.text
    window.filtering.typed("wolf")
    assert "wolf" in window.strip.text
    window.filtering.typed(again)
    assert window.strip.text == before


def test_a_refused_save_goes_when_it_is_saved(window, tmp_path):
    before = window.strip.text
    window.saving.save_to(str(tmp_path / "nowhere" / "x.npz"))
    window.document.jobs.wait()
    assert window.strip.text != before
    window.filtering.typed("wrong")
    assert window.strip.text != before  # that is another thing
    window.saving.save_to(str(tmp_path / "x.npz"))
    window.document.jobs.wait()
    assert window.strip.text == before
