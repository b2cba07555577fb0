"""Rows made anew and classes moved: each is one step that undo takes back to the last bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton

from lossacc_gui.core.edits import Replace
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.ui.making_dialog import Fields, MakeDialog
from tests.ui.conftest import stated

CELLS = [[0.4, 0.35, 0.25], [0.2, 0.45, 0.35], [0.1, 0.4, 0.1]]
LABELS = [0, 2, 0]


@pytest.fixture
def window(open_window):
    return open_window(stated(CELLS, LABELS, ("cat", "dog", "fox")))


def answer(monkeypatch, **values) -> None:
    """Fill the form in, and accept it."""

    def exec_(dialog) -> QDialog.DialogCode:
        dialog.which.setCurrentIndex(1)
        for name, value in values.items():
            getattr(dialog, name).setValue(value)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(MakeDialog, "exec", exec_)


@pytest.mark.parametrize("act", ["even", "dirichlet", "temper", "noise", "normalise", "shuffle_labels"])
def test_is_one_step_with_a_sentence(window, monkeypatch, act):
    answer(monkeypatch, seed=5)
    window.tools.acts[act].trigger()
    state = window.document.state
    assert window.document.step == 1
    assert ("(seed 5)" in window.strip.text) == (act in ("dirichlet", "noise", "shuffle_labels"))
    assert window.document.evaluation.tally == evaluate(state.predictions, state.convention).tally
    window.document.undo()
    assert state.predictions.probs[0].tolist() == CELLS
    assert state.predictions.labels.tolist() == LABELS


def test_rows_become_what_was_asked_for(window, monkeypatch):
    answer(monkeypatch)
    window.tools.acts["normalise"].trigger()
    assert window.document.state.predictions.probs[0].sum(axis=1) == pytest.approx(1)
    window.tools.acts["even"].trigger()
    assert (window.document.state.predictions.probs == 1 / 3).all()
    window.tools.acts["even"].trigger()
    assert "so already" in window.strip.text


def test_only_the_selected_rows_are_made(window, monkeypatch):
    def exec_(dialog) -> QDialog.DialogCode:
        dialog.which.setCurrentIndex(0)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(MakeDialog, "exec", exec_)
    window.focus.go_to(1, 0)
    window.tools.acts["even"].trigger()
    assert window.document.state.predictions.probs[0, [0, 2]].tolist() == [CELLS[0], CELLS[2]]
    assert (window.document.state.predictions.probs[0, 1] == 1 / 3).all()


def test_the_best_temperature_is_offered(window, monkeypatch):
    def exec_(dialog) -> QDialog.DialogCode:
        offer = next(b for b in dialog.findChildren(QPushButton) if "best" in b.text())
        offer.click()
        assert "T = " in dialog.says.text() or "T:" in dialog.says.text() or "T," in dialog.says.text()
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(MakeDialog, "exec", exec_)
    window.tools.acts["temper"].trigger()
    assert window.document.step == 0


def test_rows_are_duplicated_behind_themselves(window):
    window.focus.go_to(1, 0)
    window.tools.acts["duplicate_rows"].trigger()
    held = window.document.state.predictions
    assert held.probs[0].tolist() == [CELLS[0], CELLS[1], CELLS[1], CELLS[2]]
    assert held.labels.tolist() == [0, 2, 2, 0]
    window.document.undo()
    assert window.document.state.predictions.probs[0].tolist() == CELLS


def test_a_class_moves_with_its_labels_and_the_eye(window):
    before = window.document.evaluation.tally.loss
    window.focus.go_to(0, 0)
    window.tools.acts["class_right"].trigger()
    held = window.document.state.predictions
    assert held.class_names == ("dog", "cat", "fox")
    assert held.labels.tolist() == [1, 2, 1]
    assert window.focus.column == 1
    assert window.document.evaluation.tally.loss == before
    window.tools.acts["class_left"].trigger()
    window.tools.acts["class_left"].trigger()
    assert "at the end already" in window.strip.text
    assert np.array_equal(window.document.state.predictions.probs[0], CELLS)


def test_a_copy_of_a_row_weighs_what_the_row_weighs(open_window):
    state = stated(CELLS, LABELS)
    state.predictions = replace(state.predictions, weights=np.array([1.0, 2.0, 3.0]))
    window = open_window(state)
    window.focus.go_to(1, 0)
    window.tools.acts["duplicate_rows"].trigger()
    weights = window.document.state.predictions.weights
    assert weights is not None
    assert weights.tolist() == [1, 2, 2, 3]


def test_what_is_said_of_the_best_temperature_leaves_the_fields_their_room(window):
    dialog = MakeDialog(
        Fields("Sharpen or soften", "T", best=True), window.document, np.array([0]), None, window
    )
    dialog.show()
    next(b for b in dialog.findChildren(QPushButton) if "best" in b.text()).click()
    QApplication.processEvents()
    assert dialog.value.height() >= dialog.value.minimumSizeHint().height()
    assert dialog.which.height() >= dialog.which.minimumSizeHint().height()
    dialog.close()
    dialog.deleteLater()


@pytest.mark.parametrize(
    ("condition", "says", "default"),
    [
        ("wrong", ["selected (1 row)", "the 2 rows shown", "all 3 rows, also those hidden"], 1),
        ("label=dog", ["all 3 rows, also those hidden"], 0),
        ("", ["selected (1 row)", "all (3 rows)"], 1),
    ],
)
def test_under_a_filter_it_is_said_which_rows_are_made(window, monkeypatch, condition, says, default):
    seen: list[tuple[list[str], int]] = []

    def exec_(dialog) -> QDialog.DialogCode:
        texts = [dialog.which.itemText(i) for i in range(dialog.which.count())]
        seen.append((texts, dialog.which.currentIndex()))
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(MakeDialog, "exec", exec_)
    window.filtering.typed(condition)
    window.tools.acts["even"].trigger()
    assert seen == [(says, default)]
    changed = (window.document.state.predictions.probs[0] == 1 / 3).all(axis=1)
    assert changed.tolist() == ([False, True, True] if condition == "wrong" else [True] * 3)


@pytest.mark.parametrize("act", ["push_up", "push_down"])
def test_hidden_rows_are_pushed_only_when_that_is_meant(window, monkeypatch, act):
    asked: list[str] = []

    def exec_(box) -> int:
        asked.append(box.text())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    window.filtering.typed("wrong")
    window.tools.acts[act].trigger()
    assert asked == ["This changes all 3 rows, not only the 2 shown."]
    assert window.document.stack.count() == 0
    window.filtering.all_rows()
    window.tools.acts[act].trigger()
    assert len(asked) == 1


def test_rows_that_changed_while_one_was_asked_are_left_alone(window, monkeypatch):
    """As by a file whose opening ends while the question is open: the rows that were meant may be gone."""

    def exec_(_dialog) -> QDialog.DialogCode:
        window.document.edit(Replace(stated([[0.5, 0.5]], [0]), opens=True))
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(MakeDialog, "exec", exec_)
    window.making.even()
    assert window.strip.text == "The predictions changed meanwhile: ask again."
    assert window.document.step == 1
