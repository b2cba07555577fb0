"""The Explore menu: each entry is one step that does what it says, or a sentence that says why not."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QDialog

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.edits import SetCells
from lossacc_gui.ui import exploring as module
from lossacc_gui.ui.exploring_dialogs import BuildMatrix, ExchangeLosses
from tests.ui.conftest import stated

CELLS = [[0.4, 0.35, 0.25], [0.2, 0.45, 0.35], [0.1, 0.8, 0.1]]
LABELS = [0, 2, 0]


@pytest.fixture
def window(open_window):
    return open_window(stated(CELLS, LABELS, ("cat", "dog", "fox")))


def losses(window):
    return window.document.evaluation.tally.loss


def accept(monkeypatch, kind, fill) -> None:
    """Let a dialog be filled in and accepted."""

    def exec_(dialog) -> QDialog.DialogCode:
        fill(dialog)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(kind, "exec", exec_)


def test_flipping_is_one_step_and_says_how_little_it_took(window):
    window.focus.go_to(0, 0)
    window.tools.acts["flip"].trigger()
    assert window.document.step == 1
    assert window.document.evaluation.tally.hits == 0
    assert "0.0250 of its probability had to change places" in window.strip.text
    assert "became dog" in window.strip.text
    window.document.undo()
    assert "had to change places" not in window.strip.text
    assert window.document.state.predictions.probs[0].tolist() == CELLS


def test_right_and_wrong_at_the_same_loss(window):
    before = losses(window)
    window.focus.go_to(1, 0)
    window.tools.acts["make_right"].trigger()
    assert window.document.evaluation.tally.hits == 2
    window.tools.acts["make_wrong"].trigger()
    assert window.document.evaluation.tally.hits == 1
    assert losses(window) == before
    assert window.document.step == 2


def test_what_cannot_be_says_why_and_does_nothing(window):
    window.focus.go_to(2, 0)
    window.tools.acts["make_right"].trigger()
    assert window.document.step == 0
    assert "its p(label) is below 1/3 of the row's sum" in window.strip.text


def test_accuracy_goes_to_its_ends(window):
    before = losses(window)
    window.tools.acts["push_up"].trigger()
    assert window.document.evaluation.tally.hits == 2
    assert "This is the highest accuracy at these row losses." in window.strip.text
    window.tools.acts["push_down"].trigger()
    assert window.document.evaluation.tally.hits == 0
    assert losses(window) == before
    window.tools.acts["push_down"].trigger()
    assert "no more rows can be wrong" in window.strip.text
    assert window.document.step == 2


def test_a_large_push_is_a_job_that_a_change_meanwhile_makes_void(window, qtbot, monkeypatch):
    monkeypatch.setattr(module, "FRAME_CELLS", 2)
    window.tools.acts["push_up"].trigger()
    assert window.document.jobs.is_busy("explore")
    qtbot.waitUntil(lambda: window.document.step == 1)
    assert window.document.evaluation.tally.hits == 2
    window.tools.acts["push_down"].trigger()
    window.document.edit(SetCells(np.array([2]), np.array([0]), np.array([0.2])))
    qtbot.waitUntil(lambda: "ask again" in window.strip.text)
    assert window.document.evaluation.tally.hits == 2


def test_a_refusal_in_a_job_is_said(window, qtbot, monkeypatch):
    window.tools.acts["push_up"].trigger()
    monkeypatch.setattr(module, "FRAME_CELLS", -1)
    window.tools.acts["push_up"].trigger()
    qtbot.waitUntil(lambda: "no more rows can be right" in window.strip.text)
    assert window.document.step == 1


def test_a_matrix_is_built_from_a_dialog(window, monkeypatch):
    def fill(dialog) -> None:
        dialog.hits.setValue(3)
        dialog.loss.setValue(5.0)
        assert not dialog.accepting.isEnabled()
        assert "from 0.0000 to 1.0986" in dialog.says.text()
        dialog.loss.setValue(0.5)
        assert dialog.accepting.isEnabled()

    accept(monkeypatch, BuildMatrix, fill)
    window.tools.acts["build"].trigger()
    tally = window.document.evaluation.tally
    assert tally.hits == 3
    assert tally.loss_mean == pytest.approx(0.5)
    assert "drawn at random" in window.strip.text
    assert window.document.state.source.name == "test"  # the same file, edited
    assert not window.document.is_saved
    window.document.undo()
    assert window.document.state.predictions.probs[0].tolist() == CELLS


def test_losses_are_exchanged_from_a_dialog(window, monkeypatch):
    shown = []

    def fill(dialog) -> None:
        assert (dialog.up.value(), dialog.down.value()) == (1, 3)  # the current row and the worst other
        assert not dialog.accepting.isEnabled()  # a factor of 1 is no exchange
        dialog.down.setValue(1)
        assert "two rows" in dialog.says.text()
        dialog.down.setValue(2)
        dialog.slider.setValue(dialog.slider.maximum())
        shown.append(dialog.says.text())
        assert dialog.accepting.isEnabled()

    accept(monkeypatch, ExchangeLosses, fill)
    window.focus.go_to(0, 0)
    before = window.document.evaluation.tally.loss_mean
    window.tools.acts["exchange"].trigger()
    assert window.document.step == 1
    assert window.document.evaluation.tally.loss_mean == pytest.approx(before, rel=1e-12)
    assert "Row 2: loss 1.0498 → " in shown[0]
    assert "their losses still add up" in window.strip.text


@pytest.mark.parametrize("act", ["exchange", "build"])
def test_a_cancelled_question_changes_nothing(window, monkeypatch, act):
    monkeypatch.setattr(QDialog, "exec", lambda _: QDialog.DialogCode.Rejected)
    window.tools.acts[act].trigger()
    assert window.document.step == 0


def test_without_a_label_there_is_nothing_to_build(open_window, monkeypatch):
    window = open_window(stated(CELLS, [-1, -1, -1]))
    dialog = BuildMatrix(window.document.evaluation, window)
    assert "No row has a label yet" in dialog.says.text()
    assert not dialog.accepting.isEnabled()
    dialog.deleteLater()


def test_logits_flip_too(open_window):
    state = stated([[1.0, 3.0], [0.0, 1.0]], [0, 1])
    state.convention = Convention(Rows.LOGITS)
    window = open_window(state)
    window.focus.go_to(0, 0)
    window.tools.acts["flip"].trigger()
    assert window.document.evaluation.tally.hits == 2
