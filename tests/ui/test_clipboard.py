"""Copy, cut and paste through the system's clipboard: what other programs write is read, in one step."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from lossacc_gui.core import copying
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.filtering import TheseRows
from lossacc_gui.core.listing import CELL, Sort
from lossacc_gui.ui import clipboard as module
from tests.ui.conftest import stated

CELLS = [[0.4, 0.35, 0.25], [0.2, 0.45, 0.35], [0.1, 0.8, 0.1]]
LABELS = [0, 2, 0]
NAMES = ("cat", "dog", "fox")


@pytest.fixture
def window(open_window):
    return open_window(stated(CELLS, LABELS, NAMES))


def select(window, top: int, left: int, bottom: int, right: int) -> None:
    model, selection = window.grid.model, window.grid.cells.selectionModel()
    selection.setCurrentIndex(model.index(top, left), QItemSelectionModel.SelectionFlag.NoUpdate)
    block = QItemSelection(model.index(top, left), model.index(bottom, right))
    selection.select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def put(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def taken() -> str:
    return QGuiApplication.clipboard().text()


def cells(window):
    return window.document.state.predictions.probs[0].tolist()


def labels(window):
    return window.document.state.predictions.labels.tolist()


def check_live(window) -> None:
    state = window.document.state
    assert window.document.evaluation.tally == evaluate(state.predictions, state.convention).tally


def test_a_block_over_the_seam_is_copied_with_every_digit(window):
    select(window, 0, 1, 1, 3)
    window.tools.acts["copy"].trigger()
    assert taken() == "0.35\t0.25\tcat\n0.45\t0.35\tfox\n"


@pytest.mark.parametrize(
    ("act", "has"),
    [
        ("copy_headed", "cat\tdog"),
        ("copy_markdown", "| cat | dog |"),
        ("copy_latex", r"\begin{tabular}"),
        ("copy_numpy", "np.array([[0.4, 0.35]"),
    ],
)
def test_copies_in_other_dresses(window, act, has):
    select(window, 0, 0, 1, 1)
    window.tools.acts[act].trigger()
    assert has in taken()


def test_cut_empties_in_one_step_and_undo_restores_the_bits(window):
    select(window, 0, 1, 1, 3)
    window.tools.acts["cut"].trigger()
    assert window.document.step == 1
    assert cells(window) == [[0.4, 0, 0], [0.2, 0, 0], [0.1, 0.8, 0.1]]
    assert labels(window) == [-1, -1, 0]
    check_live(window)
    window.document.undo()
    assert (cells(window), labels(window)) == (CELLS, LABELS)


@pytest.mark.parametrize(
    "text",
    [
        "0.5\t0.5\r\n0.25\t0.75\r\n",  # a spreadsheet
        "0,5\t0,5\n0,25\t0,75\n",  # one with decimal commas
        "[[0.5  0.5 ]\n [0.25 0.75]]",  # NumPy, printed
        "array([[0.5 , 0.5 ],\n       [0.25, 0.75]])",
        "[[0.5, 0.5], [0.25, 0.75]]",
        "0.5;0.5\n0.25;0.75",
        "0.5,0.5\n0.25,0.75",
        "50%\t50%\n1/4\t3/4",
    ],
)
def test_a_block_of_another_program_is_one_step(window, text):
    select(window, 1, 0, 1, 0)
    put(text)
    window.tools.acts["paste"].trigger()
    assert window.document.step == 1
    assert cells(window) == [CELLS[0], [0.5, 0.5, 0.35], [0.25, 0.75, 0.1]]
    check_live(window)
    window.document.undo()
    assert cells(window) == CELLS


@pytest.mark.parametrize(
    ("text", "at", "selected"),
    [
        ("0.1\t0.2\n0.3\t0.4", (1, 1), [([1, 2], 1, 2)]),
        ("0.1\t0.2\t0.7\tdog", (0, 0), [([0], 0, 3)]),
        ("0.1", (0, 2), [([0], 2, 2)]),
    ],
)
def test_what_was_pasted_is_selected(window, text, at, selected):
    """It is seen where it went, and the next copy or fill is of it."""
    select(window, *at, *at)
    put(text)
    window.tools.acts["paste"].trigger()
    assert [(c.rows.tolist(), c.first, c.last) for c in window.grid.selection.blocks()] == selected
    assert (window.focus.row, window.focus.column) == at
    window.tools.acts["undo"].trigger()
    assert [(c.rows.tolist(), c.first, c.last) for c in window.grid.selection.blocks()] == selected


def test_what_was_found_out_about_the_text_is_said(window):
    select(window, 0, 0, 0, 0)
    put("0,5\t0,5")
    window.tools.acts["paste"].trigger()
    assert "A comma was read as the decimal point." in window.strip.text


def test_labels_are_pasted_by_name_and_index(window):
    select(window, 0, 3, 0, 3)
    put("fox\n1\n")
    window.tools.acts["paste"].trigger()
    assert labels(window) == [2, 1, 0]


def test_a_single_value_fills_the_selection(window):
    select(window, 0, 0, 1, 2)
    put("0.3")
    window.tools.acts["paste"].trigger()
    assert cells(window) == [[0.3] * 3, [0.3] * 3, CELLS[2]]


def test_a_bad_cell_is_named_and_nothing_changes(window):
    select(window, 1, 0, 1, 0)
    put("0.5\t0.5\n0.2\tmuch")
    window.tools.acts["paste"].trigger()
    assert window.document.step == 0
    assert "row 3, dog" in window.strip.text
    assert "much" in window.strip.text


@pytest.mark.parametrize("text", ["", "   \n"])
def test_an_empty_clipboard_is_said(window, text):
    put(text)
    window.tools.acts["paste"].trigger()
    assert "copy some cells first" in window.strip.text


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No])
def test_what_does_not_fit_is_asked_about(window, monkeypatch, answer):
    asked = []

    def question(*words):
        asked.append(words[2])
        return answer

    monkeypatch.setattr(QMessageBox, "question", question)
    select(window, 2, 2, 2, 2)
    put("0.1\t0.2\n0.3\t0.4\n")
    window.tools.acts["paste"].trigger()
    assert asked == ["The block of 2 × 2 does not fit. Add 1 row and 1 class for it?"]
    grown = answer is QMessageBox.StandardButton.Yes
    assert window.document.step == grown
    shape = window.document.state.predictions.probs.shape
    assert shape == ((1, 4, 4) if grown else (1, 3, 3))
    check_live(window)
    while window.document.step:
        window.document.undo()
    assert (cells(window), labels(window)) == (CELLS, LABELS)


def test_sorted_rows_are_copied_and_pasted_as_they_are_listed(window, qtbot):
    window.focus.set_sort(Sort(CELL, 0))
    assert window.focus.order.tolist() == [2, 1, 0]
    select(window, 0, 0, 1, 0)
    window.tools.acts["copy"].trigger()
    assert taken() == "0.1\n0.2\n"
    put("0.6\n0.7\n")
    window.tools.acts["paste"].trigger()
    assert [row[0] for row in cells(window)] == [0.4, 0.7, 0.6]


def test_too_much_for_a_clipboard_goes_to_a_file(window, qtbot, tmp_path, monkeypatch):
    put("before")
    monkeypatch.setattr(module, "MOST_CELLS", 3)
    target = tmp_path / "block.tsv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    select(window, 0, 0, 2, 1)
    window.tools.acts["copy"].trigger()
    qtbot.waitUntil(target.exists)
    assert target.read_text() == "0.4\t0.35\n0.2\t0.45\n0.1\t0.8\n"
    assert taken() == "before"
    assert copying.MOST_CELLS == 2_000_000
    qtbot.waitUntil(lambda: not window.document.jobs.is_busy())


def add(window, top: int, left: int, bottom: int, right: int) -> None:
    """Select more, as a click with Ctrl does."""
    model = window.grid.model
    block = QItemSelection(model.index(top, left), model.index(bottom, right))
    window.grid.cells.selectionModel().select(block, QItemSelectionModel.SelectionFlag.Select)


@pytest.mark.parametrize("act", ["copy", "cut", "paste"])
def test_cells_that_are_no_block_are_left_alone(window, act):
    select(window, 0, 0, 0, 0)
    add(window, 2, 2, 2, 2)
    put("0.9")
    window.tools.acts[act].trigger()
    assert (window.document.step, taken()) == (0, "0.9")
    assert "are no block" in window.strip.text


def test_rows_apart_are_cut_without_those_between(window):
    select(window, 0, 0, 0, 3)
    add(window, 2, 0, 2, 3)
    window.tools.acts["cut"].trigger()
    assert taken() == "0.4\t0.35\t0.25\tcat\n0.1\t0.8\t0.1\tcat\n"
    assert cells(window) == [[0, 0, 0], CELLS[1], [0, 0, 0]]
    assert labels(window) == [-1, 2, -1]
    window.document.undo()
    window.tools.acts["paste"].trigger()
    assert "gaps in the selection" in window.strip.text
    assert window.document.step == 0


@pytest.mark.parametrize("act", ["copy", "cut", "paste", "duplicate_rows"])
def test_where_no_row_is_listed_there_is_nothing_to_take(window, act):
    window.focus.set_filter(TheseRows("none", np.array([], np.intp)))
    put("0.9")
    window.tools.acts[act].trigger()
    assert (window.document.step, taken()) == (0, "0.9")
    assert "is selected: select" in window.strip.text


@pytest.mark.parametrize("act", ["copy", "cut", "paste"])
def test_among_the_largest_classes_no_block_is_taken_for_another(window, act):
    """They stand in other columns in every row."""
    window.tools.acts["top_five"].trigger()
    top = window.grid.top
    model = top.model()
    block = QItemSelection(model.index(0, 0), model.index(1, 0))
    top.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    put("0.9")
    window.tools.acts[act].trigger()
    assert (window.document.step, taken()) == (0, "0.9")
    assert "show all classes" in window.strip.text


def test_a_large_block_is_copied_cut_and_pasted_beside_the_main_thread(window, monkeypatch):
    """As it is done with a small one, and one step each."""
    monkeypatch.setattr("lossacc_gui.session.preparing.FRAME_CELLS", 0)
    first = cells(window)
    select(window, 0, 0, 2, 3)
    window.tools.acts["cut"].trigger()
    assert cells(window) == first
    window.document.jobs.wait()
    window.document.jobs.wait()
    assert cells(window) == np.zeros((3, 3)).tolist()
    assert labels(window) == [-1, -1, -1]
    window.tools.acts["paste"].trigger()
    window.document.jobs.wait()
    window.document.jobs.wait()
    assert cells(window) == first
    assert labels(window) == LABELS
    assert window.document.step == 2
    select(window, 0, 0, 2, 3)
    window.tools.acts["fill_down"].trigger()
    window.document.jobs.wait()
    assert cells(window) == [first[0]] * 3
    assert window.document.step == 3
    check_live(window)
