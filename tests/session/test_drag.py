"""A drag is one step, whatever the hand does on the way."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Sets
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows
from lossacc_gui.session.drag import Drag
from tests.core.strategies import contents


@pytest.fixture
def drag(document, focus):
    focus.go_to(1, 1)
    return Drag(document, focus)


def test_a_drag_is_one_step_that_undo_takes_back_to_the_first_bytes(document, heard, drag):
    first = contents(document.state)
    drag.begin()
    for value in (0.45, 0.4, 0.35, 0.3):
        drag.to(value)
    drag.end()
    assert len(heard.changes) == 4  # live all the while
    assert document.step == document.stack.count() == 1
    assert [p.what for p in document.history] == ["start", "Drag row 2"]
    assert document.history[1].accuracy == pytest.approx(2 / 3)
    document.undo()
    assert contents(document.state) == first
    document.redo()
    assert document.state.predictions.probs[0, 1, 1] == 0.3


def test_a_drag_back_to_the_start_leaves_no_step(document, heard, drag):
    first = contents(document.state)
    drag.begin()
    for value in (0.4, 0.3, 0.5):
        drag.to(value)
    drag.end()
    assert document.step == document.stack.count() == 0
    assert len(document.history) == 1
    assert len(heard.changes) == 3
    assert contents(document.state) == first
    assert document.is_saved


def test_a_drag_that_goes_on_after_it_came_back_is_one_step(document, drag):
    drag.begin()
    for value in (0.4, 0.5, 0.2):
        drag.to(value)
    drag.end()
    assert document.stack.count() == 1
    document.undo()
    assert document.state.predictions.probs[0, 1, 1] == 0.5


def test_two_drags_of_one_cell_are_two_steps(document, drag):
    for value in (0.4, 0.3):
        drag.begin()
        drag.to(value)
        drag.end()
    assert document.stack.count() == 2
    document.undo()
    assert document.state.predictions.probs[0, 1, 1] == 0.4


def test_a_drag_does_not_swallow_the_edit_before_it(document, drag):
    document.edit(SetCells(np.array([1]), np.array([1]), np.array([0.4])), "typed")
    drag.begin()
    drag.to(0.3)
    drag.end()
    assert [p.what for p in document.history] == ["start", "typed", "Drag row 2"]
    document.undo()
    assert document.state.predictions.probs[0, 1, 1] == 0.4


def test_a_drag_cuts_what_could_be_redone(document, drag):
    document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.4])), "typed")
    document.undo()
    drag.begin()
    drag.to(0.3)
    drag.to(0.2)
    drag.end()
    assert document.stack.count() == 1
    assert [p.what for p in document.history] == ["start", "Drag row 2"]


def test_a_save_in_the_middle_of_a_drag_stays_a_place_to_come_back_to(document, drag):
    drag.begin()
    drag.to(0.4)
    document.set_saved(document.state.source, document.revision)
    drag.to(0.3)
    drag.end()
    assert not document.is_saved
    document.undo()
    assert document.is_saved
    assert document.state.predictions.probs[0, 1, 1] == 0.4


def test_proportions_survive_the_end_of_the_range(document, focus, drag):
    focus.go_to(0, 1)
    focus.set_rule(Rule.RESCALE)
    drag.begin()
    drag.to(1.0)
    assert document.state.predictions.probs[0, 0].tolist() == [0.0, 1.0, 0.0]
    drag.to(0.0)
    assert document.state.predictions.probs[0, 0] == pytest.approx([0.6, 0.0, 0.4])
    drag.end()


def test_holding_p_of_the_label_holds_the_loss_to_the_last_bit(document, focus, drag):
    focus.set_rule(Rule.HOLD)
    loss = document.evaluation.tally.loss
    drag.begin()
    for value in np.linspace(0.6, 0.3, 25).tolist():
        drag.to(value)
        assert document.evaluation.tally.loss == loss
    drag.end()
    assert document.evaluation.tally.hits == 2


def test_a_refused_drag_changes_nothing(document, heard, focus, drag):
    focus.set_rule(Rule.HOLD)
    focus.go_to(1, 2)  # the label's own cell
    first = contents(document.state)
    drag.begin()
    with pytest.raises(Refusal):
        drag.to(0.2)
    drag.end()
    assert contents(document.state) == first
    assert heard.changes == []
    assert document.stack.count() == 0


def test_a_drag_that_never_began_does_nothing(document, heard, drag):
    drag.to(0.4)
    assert heard.changes == []
    assert drag.origin is None


@pytest.mark.parametrize("other", ["undo", "edit"])
def test_a_drag_is_over_once_something_else_changes_the_document(document, heard, drag, other):
    """Its row may be another one by now, or be gone."""
    drag.begin()
    drag.to(0.4)
    if other == "undo":
        document.undo()
    else:
        document.edit(DeleteRows(np.array([1, 2])))
    heard.changes.clear()
    after = contents(document.state)
    drag.to(0.3)
    drag.end()
    assert contents(document.state) == after
    assert heard.changes == []


def test_whoever_draws_another_edit_sees_no_row_of_a_drag(document, drag):
    """The row may be gone, or have other classes: views would draw it under the wrong names."""
    drag.begin()
    drag.to(0.4)
    seen = []
    document.changed.connect(lambda _: seen.append((drag.origin, drag.sets)))
    document.edit(DeleteClass(0))
    assert seen == [(None, None)]


def test_the_row_of_a_drag_is_shown_for_its_cell_alone(document, focus, drag):
    drag.begin()
    drag.to(0.4)
    assert drag.origin is not None
    assert drag.origin[1] == 0.5
    focus.go_to(0, 1)
    assert drag.origin is None


def test_a_drag_keeps_to_its_cell_wherever_one_looks_meanwhile(document, focus, drag):
    drag.begin()
    drag.to(0.4)
    focus.go_to(0, 0)
    focus.set_rule(Rule.HOLD)
    drag.to(0.3)
    drag.end()
    assert document.state.predictions.probs[0].tolist() == [[0.3, 0.5, 0.2], [0.1, 0.3, 0.4], [0.3, 0.5, 0.2]]
    assert document.stack.count() == 1


def test_the_change_told_while_dragging_is_that_since_the_beginning(document, heard, drag):
    first = document.evaluation.tally
    drag.begin()
    for value in (0.4, 0.3):
        drag.to(value)
        told = heard.one()
        assert told.tally_before == first
        assert told.tally_after == document.evaluation.tally
        assert told.before.prediction.tolist() == [1]


# --- other things than cells --------------------------------------------------------------------------


def test_a_dragged_temperature_is_live_and_one_step(document, heard, drag):
    drag.begin(Sets.TEMPERATURE)
    for value in (1.5, 2.0, 2.5):
        drag.to(value)
        assert document.state.convention.temperature == value
    drag.end()
    assert len(heard.changes) == 3
    assert document.step == document.stack.count() == 1
    document.undo()
    assert document.state.convention.temperature == 1


def test_a_temperature_dragged_back_leaves_no_step(document, drag):
    drag.begin(Sets.TEMPERATURE)
    for value in (1.5, 1.0):
        drag.to(value)
    drag.end()
    assert document.step == 0


def test_two_drags_of_the_temperature_are_two_steps(document, drag):
    for value in (1.5, 2.0):
        drag.begin(Sets.TEMPERATURE)
        drag.to(value)
        drag.end()
    assert document.stack.count() == 2
    document.undo()
    assert document.state.convention.temperature == 1.5


def test_the_temperature_of_a_large_matrix_waits_for_the_hand(document, heard, drag, monkeypatch):
    monkeypatch.setattr("lossacc_gui.session.drag.JOB_CELLS", 1)
    drag.begin(Sets.TEMPERATURE)
    for value in (1.5, 2.0):
        drag.to(value)
    assert not heard.changes
    drag.end()
    assert [p.what for p in document.history] == ["start", "Drag the temperature"]
    assert document.state.convention.temperature == 2
    drag.end()
    assert document.step == 1


def test_a_threshold_is_looked_at_and_never_edited(document, focus, heard, drag):
    moved = []
    focus.moved.connect(lambda: moved.append(focus.threshold))
    drag.begin(Sets.THRESHOLD)
    drag.to(0.3)
    drag.to(0.3)
    drag.end()
    assert moved == [0.3]
    assert not heard.changes
    assert drag.sets is None


# --- taken back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", Rule)
def test_what_is_taken_back_has_not_happened(document, focus, drag, rule):
    document.edit(SetCells(np.array([1]), np.array([0]), np.array([1 / 3])), "typed")
    first, history = contents(document.state), list(document.history)
    focus.go_to(1, 0)
    focus.set_rule(rule)
    drag.begin()
    for value in (0.1, 0.7 / 3, 0.0):  # rescaled from there the way back would round
        drag.to(value)
    drag.take_back()
    assert contents(document.state) == first
    assert document.history == history
    assert document.stack.count() == 1
    assert drag.sets is drag.origin is None


def test_what_is_taken_back_leaves_a_saved_document_saved(document, drag):
    drag.begin()
    drag.to(0.3)
    assert not document.is_saved
    drag.take_back()
    assert document.is_saved


def test_nothing_was_dragged_yet(document, drag):
    document.edit(SetCells(np.array([1]), np.array([1]), np.array([0.4])), "typed")
    drag.begin()
    drag.take_back()
    drag.take_back()
    assert [p.what for p in document.history] == ["start", "typed"]
    assert document.state.predictions.probs[0, 1, 1] == 0.4


@pytest.mark.parametrize("back", ["taken back", "dragged back", "twice"])
def test_what_could_be_redone_can_be_again(document, drag, back):
    for value in (0.45, 0.4, 0.3):
        document.edit(SetCells(np.array([0]), np.array([0]), np.array([value])), f"to {value}")
    last, history = contents(document.state), list(document.history)
    document.set_saved(document.state.source, document.revision)
    document.go_to(1)
    here = contents(document.state)
    for _ in range(2 if back == "twice" else 1):
        drag.begin()
        for value in (0.45, 0.5, 0.2):  # through its beginning
            drag.to(value)
        assert document.stack.count() == document.step == 2
        if back == "dragged back":
            drag.to(0.5)
            drag.end()
        else:
            drag.take_back()
    assert contents(document.state) == here
    assert document.history == history
    assert document.stack.redoText() == "to 0.4"
    document.go_to(3)
    assert contents(document.state) == last
    assert document.is_saved
    document.go_to(0)
    document.go_to(3)
    assert contents(document.state) == last


def test_a_save_while_something_is_dragged_leaves_no_older_step_saved(document, drag):
    """The file holds something else by now than what could be redone."""
    source = document.state.source
    document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.4])), "typed")
    document.set_saved(source, document.revision)
    document.undo()
    drag.begin()
    drag.to(0.3)
    written = document.revision
    drag.to(0.2)
    document.set_saved(source, written)
    drag.take_back()
    document.redo()
    assert [p.what for p in document.history] == ["start", "typed"]
    assert not document.is_saved


def test_what_others_did_meanwhile_is_not_taken_back(document, drag):
    drag.begin()
    drag.to(0.3)
    document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.4])), "typed")
    drag.take_back()
    assert [p.what for p in document.history] == ["start", "Drag row 2", "typed"]


def test_a_temperature_and_a_threshold_are_taken_back(document, focus, drag):
    before = document.state.convention
    drag.begin(Sets.TEMPERATURE)
    drag.to(2.0)
    drag.to(3.0)
    drag.take_back()
    assert document.state.convention == before
    assert document.stack.count() == 0
    focus.set_threshold(0.4)
    drag.begin(Sets.THRESHOLD)
    drag.to(0.9)
    drag.take_back()
    assert focus.threshold == 0.4


def test_a_temperature_that_waits_for_the_hand_is_taken_back(document, drag, monkeypatch):
    monkeypatch.setattr("lossacc_gui.session.drag.JOB_CELLS", 1)
    before = document.state.convention
    drag.begin(Sets.TEMPERATURE)
    drag.to(2.0)
    drag.take_back()
    drag.end()
    assert document.state.convention == before
    assert document.stack.count() == 0
