"""An ambiguous file asks one question at a time, shows what each answer means, and remembers it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt

from lossacc_gui.core.edits import SetCells
from lossacc_gui.files import Choices
from lossacc_gui.files.choices import Option, Question
from lossacc_gui.session.answers import MOST, Answers
from lossacc_gui.session.recents import recents
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui.asking import USED

P = [[0.75, 0.25], [0.5, 0.5], [0.125, 0.875]]
Q = [[0.5, 0.5], [0.25, 0.75], [0.25, 0.75]]


@pytest.fixture
def two(tmp_path):
    """An archive of two matrices, none of them called as predictions are."""
    path = tmp_path / "two.npz"
    np.savez(path, first=P, second=Q, labels=[0, 1, 1])
    return path


@pytest.fixture
def from_one(tmp_path):
    """Labels that run from 1, beside the predictions."""
    path = tmp_path / "one.csv"
    path.write_text("prob_a,prob_b,prob_c,label\n.5,.25,.25,1\n.25,.5,.25,3\n.25,.25,.5,2\n")
    return path


def load(window, path):
    window.opening.open(str(path))
    window.document.jobs.wait()
    return asked(window)


def asked(window):
    """The dialog that is open, with its preview there."""
    dialog = window.asking.dialog
    if dialog is not None:
        dialog.jobs.wait()
    return dialog


def pick(dialog, at):
    dialog.answers.buttons()[at].click()
    dialog.jobs.wait()


def accept(window, dialog):
    dialog.accept()
    window.document.jobs.wait()
    return asked(window)


def cells(window):
    return window.document.state.predictions.probs[0].tolist()


def texts(table):
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_each_answer_is_shown_and_the_chosen_one_is_opened(window, two):
    before = cells(window)
    dialog = load(window, two)
    assert cells(window) == before
    assert dialog.question.text == "Which array holds the predictions?"
    assert texts(dialog.table) == [
        ["0", "0.7500", "0.2500"],
        ["1", "0.5000", "0.5000"],
        ["1", "0.1250", "0.8750"],
    ]
    assert dialog.says.text() == "3 rows × 2 classes, every row with a label"
    pick(dialog, 1)
    assert texts(dialog.table)[0] == ["0", "0.5000", "0.5000"]
    assert accept(window, dialog) is None
    assert cells(window) == Q
    assert window.document.state.source.choices == (("array", "second"),)
    assert window.document.is_saved


def test_escape_leaves_everything_as_it_was(window, two, qtbot):
    state = window.document.state
    was = (state.predictions, state.source)
    dialog = load(window, two)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.asking.dialog is None
    assert (state.predictions, state.source) == was
    assert Answers(window.settings).known() == {}
    assert recents(window.settings) == []
    assert "“two.npz” was not opened" in window.strip.text


def test_return_takes_the_answer(window, two, qtbot):
    dialog = load(window, two)
    qtbot.keyClick(dialog, Qt.Key.Key_Down)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    window.document.jobs.wait()
    assert cells(window) in (P, Q)
    assert window.document.state.source.name == "two.npz"


def test_a_file_alike_is_read_alike_and_says_so_with_a_way_out(window, two, tmp_path):
    dialog = load(window, two)
    pick(dialog, 1)
    accept(window, dialog)
    assert window.notices.text(USED) == ""  # somebody has just said so
    alike = tmp_path / "alike.npz"
    np.savez(alike, first=Q, second=P, labels=[0, 1, 1])
    assert load(window, alike) is None
    assert cells(window) == P
    said = window.notices.text(USED)
    assert "“alike.npz” was read as files like it before" in said
    assert "Which array holds the predictions? “second: 3 × 2, float64”" in said
    window.notices.answer(USED, "otherwise")
    window.document.jobs.wait()
    dialog = asked(window)
    accept(window, dialog)
    assert cells(window) == Q


def test_a_file_that_differs_asks_again(window, two, tmp_path):
    accept(window, load(window, two))
    other = tmp_path / "other.npz"
    np.savez(other, first=P, third=Q, labels=[0, 1, 1])
    dialog = load(window, other)
    assert dialog is not None
    dialog.reject()


def test_an_answer_that_is_not_to_be_remembered_is_not(window, two):
    dialog = load(window, two)
    dialog.remember.setChecked(False)
    accept(window, dialog)
    again = load(window, two)
    assert again is not None
    again.reject()


def test_everything_remembered_is_forgotten_from_the_menu(window, two):
    accept(window, load(window, two))
    window.tools.acts["forget_answers"].trigger()
    assert Answers(window.settings).known() == {}
    dialog = load(window, two)
    assert dialog is not None
    dialog.reject()


def test_questions_come_one_after_another(window, tmp_path):
    path = tmp_path / "both.npz"
    np.savez(path, first=P, second=Q, labels=[1, 2, 2])
    dialog = load(window, path)
    assert dialog.says.text() == "One more question follows: Labels run from 1 to 2. What do they mean?"
    assert dialog.accepting.text() == "&Next"
    dialog = accept(window, dialog)
    assert dialog.question.key == "labels"
    assert accept(window, dialog) is None
    assert window.document.state.predictions.labels.tolist() == [0, 1, 1]
    assert dict(window.document.state.source.choices) == {"array": "first", "labels": "from 1"}


def test_labels_are_shown_by_the_names_they_would_get(window, from_one):
    dialog = load(window, from_one)
    assert [row[0] for row in texts(dialog.table)] == ["a", "c", "b"]
    assert "count from 1" in dialog.notes.text()
    pick(dialog, 1)
    assert [row[0] for row in texts(dialog.table)] == ["–", "–", "–"]
    accept(window, dialog)
    assert window.document.state.predictions.labels.tolist() == [-1, -1, -1]


def test_several_columns_are_ticked(window, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("y_prob,y_score,label\n.25,.75,0\n.5,.5,1\n")
    dialog = load(window, path)
    assert not dialog.answers.exclusive()
    pick(dialog, 1)
    assert dialog.answer() == "y_prob\ty_score"
    for at in (0, 1):
        pick(dialog, at)
    assert not dialog.accepting.isEnabled()
    assert dialog.says.text() == "Choose at least one."
    pick(dialog, 1)
    accept(window, dialog)
    assert cells(window) == [[0.25, 0.75], [0.5, 0.5]]


def test_an_answer_that_cannot_be_is_not_taken(window, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("cat,dog,target\n.25,.75,.5\n.5,.5,.25\n")
    dialog = load(window, path)
    at = [option.value for option in dialog.question.options].index("target")
    pick(dialog, at)
    assert dialog.says.text().startswith("It cannot be read like this: ")
    assert not dialog.accepting.isEnabled()
    dialog.reject()


def test_reload_and_recent_keep_the_answer(window, two, open_window):
    dialog = load(window, two)
    dialog.remember.setChecked(False)
    pick(dialog, 1)
    accept(window, dialog)
    np.savez(two, first=P, second=P, labels=[0, 1, 1])
    window.tools.acts["reload"].trigger()
    window.document.jobs.wait()
    assert window.asking.dialog is None
    assert cells(window) == P
    again = open_window()
    again.tools.recents.actions[0].trigger()
    again.document.jobs.wait()
    assert again.asking.dialog is None
    assert again.document.state.source.choices == (("array", "second"),)


def test_reload_asks_anew_when_the_answer_is_gone(window, two):
    accept(window, load(window, two))
    np.savez(two, third=P, fourth=Q)
    window.tools.acts["reload"].trigger()
    window.document.jobs.wait()
    dialog = asked(window)
    assert [option.value for option in dialog.question.options] == ["third", "fourth"]
    accept(window, dialog)
    assert cells(window) == P


def test_labels_that_count_from_one_are_asked_about_too(window, tmp_path):
    np.save(tmp_path / "y.npy", np.array([3, 1, 2]))
    before = window.document.state.predictions.labels.tolist()
    window.opening.take_labels(str(tmp_path / "y.npy"))
    window.document.jobs.wait()
    dialog = asked(window)
    assert dialog.question.key == "labels"
    assert not dialog.remember.isVisible()
    names = window.document.state.predictions.class_names
    assert [row[0] for row in texts(dialog.table)] == [names[2], names[0], names[1]]
    assert window.document.state.predictions.labels.tolist() == before
    assert accept(window, dialog) is None
    assert window.document.state.predictions.labels.tolist() == [2, 0, 1]
    assert window.document.step == 1
    assert Answers(window.settings).known() == {}


def test_undo_after_opening_brings_the_choices_back_too(window, two):
    accept(window, load(window, two))
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.5])))
    window.document.undo()
    assert window.document.state.source.choices == (("array", "first"),)


@pytest.mark.parametrize("garbage", ["x", "[]", '{"a": 3}', "[" * 5000])
def test_garbage_in_memory_does_no_harm(qapp, garbage):
    store = Settings()
    store.put("answers", garbage)
    assert Answers(store).known() == {}
    Answers(store).keep("a", "b")
    assert Answers(store).known() == {"a": "b"}


def test_memory_is_bounded_and_keeps_the_newest(qapp):
    store = Settings()
    for k in range(MOST + 5):
        Answers(store).keep(f"{k}", "x")
    assert list(Answers(store).known()) == [f"{k}" for k in range(5, MOST + 5)]
    Answers(store).forget("7", "unknown")
    assert len(json.loads(store.text("answers", ""))) == MOST - 1


def test_files_alike_share_a_signature_and_others_do_not():
    options = (Option("a", "a: 3 rows"), Option("b", "b"))
    one = Question("array", "Which?", options)
    assert one.signature == Question("array", "Which?", (Option("a", "a: 9 rows"), options[1])).signature
    for other in (
        Question("label", "Which?", options),
        Question("array", "What?", options),
        Question("array", "Which?", options[:1]),
    ):
        assert one.signature != other.signature
    assert Choices().put("array", "a").put("array", "b").given == (("array", "b"),)
