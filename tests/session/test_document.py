"""One door in, one signal out: edits, undo, redo and jumps through the document."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from lossacc_gui.core.change import Change
from lossacc_gui.core.convention import Base, Convention, preset
from lossacc_gui.core.edits import RenameClass, Replace, SetBaseline, SetCells, SetConvention, SetLabels
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.explain import explain
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import RowStats
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertRows
from lossacc_gui.core.state import Baseline, Source, State
from lossacc_gui.core.tally import Tally
from lossacc_gui.session.document import Document
from tests.core.strategies import contents


def cell(row, column, value):
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


def label(row, value):
    return SetLabels(np.array([row]), np.array([value], np.int32))


def all_of(document):
    """Everything that a refusal has to leave as it was."""
    return (
        contents(document.state),
        document.evaluation,
        document.evaluation.tally,
        document.step,
        document.stack.count(),
        list(document.history),
        document.is_saved,
    )


EDITS = {
    "cells": cell(1, 1, 0.3),
    "labels": label(0, 1),
    "rows in": InsertRows(np.array([1]), np.full((1, 1, 3), 1 / 3), np.array([0], np.int32)),
    "rows out": DeleteRows(np.array([0])),
    "class out": DeleteClass(0),
    "name": RenameClass(0, "ape"),
    "rows read": SetConvention(preset("keras")),
    "unit": SetConvention(Convention(base=Base.BITS)),
    "baseline": SetBaseline(Baseline("start", Tally(rows=2, hits=1), Convention())),
    "another": Replace(State(Predictions.of(np.array([[0.5, 0.5]]), [0]), source=Source("new"))),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_each_edit_undo_and_redo_is_told_exactly_once(document, heard, edit):
    first = contents(document.state)
    assert document.edit(edit, "This")
    done = heard.one()
    assert not done.undone
    assert done.edit is edit
    assert done.tally_after == document.evaluation.tally
    second = contents(document.state)
    assert first != second

    document.undo()
    back = heard.one()
    assert back.undone
    assert contents(document.state) == first
    assert back.tally_before == done.tally_after
    assert back.tally_after == done.tally_before == document.evaluation.tally

    document.redo()
    assert heard.one().undone
    assert contents(document.state) == second


@pytest.mark.parametrize(
    ("key", "shape", "names", "convention", "source"),
    [
        ("cells", False, False, False, False),
        ("labels", False, False, False, False),
        ("rows out", True, True, False, False),
        ("class out", True, True, False, False),
        ("name", False, True, False, False),
        ("rows read", False, False, True, False),
        ("unit", False, False, True, False),
        ("baseline", False, False, False, False),
        ("another", True, True, True, True),
    ],
)
def test_a_change_says_what_may_look_different(document, heard, key, shape, names, convention, source):
    document.edit(EDITS[key])
    done = heard.one()
    assert (done.shape, done.names, done.convention, done.source) == (shape, names, convention, source)


def test_a_change_carries_its_rows_before_and_after(document, heard):
    document.edit(cell(1, 1, 0.3))
    done = heard.one()
    assert done.rows.tolist() == [1]
    assert done.before.prediction.tolist() == [1]
    assert done.after.prediction.tolist() == [2]
    assert (done.tally_before.hits, done.tally_after.hits) == (1, 2)
    assert done.tally_before.loss == done.tally_after.loss


@pytest.mark.parametrize(
    "edit",
    [
        cell(1, 1, 0.5),
        label(0, 0),
        RenameClass(0, " A "),
        SetConvention(preset("by_hand")),
        SetBaseline(None),
        DeleteRows(np.empty(0, np.intp)),
    ],
    ids=["cells", "labels", "name", "convention", "baseline", "no row"],
)
def test_an_edit_that_changes_nothing_is_no_step(document, heard, edit):
    before = all_of(document)
    assert document.edit(edit) is False
    assert all_of(document) == before
    assert heard.changes == []


def test_typing_nan_over_nan_is_no_step(document, heard):
    document.edit(cell(0, 0, np.nan))
    heard.one()
    assert document.edit(cell(0, 0, np.nan)) is False
    assert document.step == 1


@pytest.mark.parametrize(
    "edit",
    [label(1, 3), DeleteRows(np.arange(3)), RenameClass(0, "B"), RenameClass(0, " ")],
    ids=["label", "rows", "taken", "empty"],
)
def test_a_refused_edit_leaves_everything_as_it_was(document, heard, edit):
    document.edit(cell(1, 1, 0.3))
    document.edit(cell(1, 1, 0.2))
    document.undo()
    heard.changes.clear()
    before = all_of(document)
    with pytest.raises(Refusal):
        document.edit(edit)
    assert all_of(document) == before
    assert heard.changes == []
    document.redo()  # what could be redone still can
    assert document.state.predictions.probs[0, 1, 1] == 0.2


def test_history_follows_undo_redo_and_branching(document):
    for value in (0.3, 0.2, 0.1):
        document.edit(cell(1, 1, value), f"to {value}")
    assert [p.what for p in document.history] == ["start", "to 0.3", "to 0.2", "to 0.1"]
    assert [round(p.accuracy, 4) for p in document.history] == [0.3333, 0.6667, 0.6667, 0.6667]
    document.undo()
    document.undo()
    assert document.step == 1
    assert len(document.history) == 4  # can still be redone
    document.edit(label(0, 1), "branch")
    assert [p.what for p in document.history] == ["start", "to 0.3", "branch"]
    assert document.step == 2
    document.undo()
    document.redo()
    assert document.history[document.step].accuracy == pytest.approx(1.0)


def test_a_history_point_is_what_the_tally_says(document):
    document.edit(SetConvention(preset("keras")), "Keras")
    point = document.history[1]
    assert point.loss == document.evaluation.tally.loss_mean
    assert point.convention == preset("keras")
    assert (point.rows, point.classes) == (3, 3)
    document.edit(SetLabels(np.arange(3), np.full(3, -1, np.int32)), "no labels")
    assert np.isnan(document.history[2].loss)
    assert document.history[2].rows == 0


def test_a_jump_over_many_steps_is_one_change_over_all_their_rows(document, heard):
    document.edit(cell(0, 0, 0.4))
    document.edit(label(2, 0))
    document.edit(cell(0, 1, 0.1))
    heard.changes.clear()
    start = document.evaluation.tally
    document.go_to(0)
    jump = heard.one()
    assert jump.rows.tolist() == [0, 2]
    assert jump.tally_before == start
    assert jump.tally_after == document.evaluation.tally
    assert not jump.shape
    document.go_to(3)
    assert heard.one().tally_after == start


def test_a_jump_over_a_change_of_shape_is_about_all_rows(document, heard):
    document.edit(cell(0, 0, 0.4))
    document.edit(EDITS["rows out"])
    document.edit(cell(0, 1, 0.1))
    heard.changes.clear()
    document.go_to(0)
    jump = heard.one()
    assert jump.rows is None
    assert jump.shape


@pytest.mark.parametrize("step", [-1, 3, 2])
def test_a_jump_to_nowhere_says_nothing(document, heard, step):
    document.edit(cell(0, 0, 0.4))
    document.edit(cell(0, 0, 0.3))
    heard.changes.clear()
    document.go_to(step)
    assert document.step == 2
    assert heard.changes == []


def test_undo_at_the_start_and_redo_at_the_end_say_nothing(document, heard):
    document.undo()
    document.redo()
    assert heard.changes == []


def test_undoing_a_replacement_gives_the_very_same_evaluation_back(document):
    before = document.evaluation.stats
    document.edit(EDITS["another"])
    after = document.evaluation.stats
    document.undo()
    assert document.evaluation.stats is before  # swapped, not computed
    document.redo()
    assert document.evaluation.stats is after


def test_a_step_holds_the_rows_it_deleted_and_not_the_old_matrix(document):
    old = weakref.ref(document.state.predictions.probs)
    document.edit(DeleteRows(np.array([0])))
    gc.collect()
    assert old() is None


def test_a_drag_is_told_from_its_beginning(document):
    told: list[Change] = []
    document.changed.connect(told.append)
    was = document.state.predictions.probs[0, 0, 0].item()
    for value in (0.61, 0.62, 0.63):
        document.edit(cell(0, 0, value), gesture=7)
    assert document.step == 1
    inverses = [change.inverse for change in told]
    assert [one.values.tolist() for one in inverses if isinstance(one, SetCells)] == [[was]] * 3
    assert len({change.tally_before.loss for change in told}) == 1
    first, last = told[0].before, told[-1].before
    assert first is not None
    assert last is not None
    assert last.p_label.tobytes() == first.p_label.tobytes()


def test_a_ready_evaluation_is_taken_as_it_is(document):
    state = State(Predictions.of(np.array([[0.2, 0.8], [0.6, 0.4]]), [1, 0]))
    ready = evaluate(state.predictions, state.convention)
    document.edit(Replace(state), evaluation=ready)
    assert document.evaluation.stats is ready.stats


def test_a_clean_edit_leaves_nothing_to_save(document):
    document.edit(EDITS["another"], clean=True)
    assert document.is_saved
    document.edit(cell(0, 0, 0.4))
    assert not document.is_saved


def test_what_was_there_before_something_was_opened_is_as_clean_as_it_was(document):
    document.edit(cell(0, 0, 0.4))
    document.edit(EDITS["another"], clean=True)
    document.undo()
    assert not document.is_saved
    assert document.needs_saving
    document.undo()
    assert document.is_saved
    document.go_to(2)
    assert document.is_saved
    assert [(work.step, work.name) for work in document.left_behind] == [(1, "untitled")]


@pytest.mark.parametrize("key", ["another", "rows out", "class out", "rows read"])
def test_what_undo_gives_back_is_made_of_the_present_matrix(document, key):
    document.edit(EDITS[key])
    document.undo()
    assert document.evaluation.predictions is document.state.predictions
    document.redo()
    assert document.evaluation.predictions is document.state.predictions


def test_saved_means_at_the_step_that_was_saved(document):
    assert document.is_saved
    document.edit(cell(0, 0, 0.4))
    assert not document.is_saved
    document.undo()
    assert document.is_saved
    document.redo()
    document.set_saved(Source("x", "x.npz"), document.revision)
    assert document.is_saved
    assert document.state.source.path == "x.npz"
    document.undo()
    assert not document.is_saved


def test_a_save_of_what_has_passed_names_the_file_and_leaves_the_rest_unsaved(document):
    """As many steps as there were do not mean the same state."""
    document.edit(cell(0, 0, 0.4))
    written = document.revision
    document.undo()
    document.edit(cell(0, 0, 0.2))
    document.set_saved(Source("x", "x.npz"), written)
    assert document.state.source.path == "x.npz"
    assert not document.is_saved


def test_another_epoch_is_no_step_and_is_told_once(make):
    cells = np.array([[[0.3, 0.7]], [[0.8, 0.2]]])
    document = make(State(Predictions.of(cells, [0])))
    assert document.evaluation.tally.hits == 0
    told: list[Change] = []
    document.changed.connect(told.append)
    document.show_epoch(1)
    assert len(told) == 1
    assert document.epoch == document.evaluation.epoch == 1
    assert document.evaluation.tally.hits == 1
    assert document.stack.count() == 0
    assert document.is_saved


def test_new_work_counts_as_opened_whatever_it_is_called(make):
    def new(rows):
        return Replace(State(Predictions.of(np.full((rows, 2), 0.5))), "New matrix", opens=True)

    document = make(State(Predictions.of(np.full((2, 2), 0.5))))
    told: list[Change] = []
    document.changed.connect(told.append)
    document.edit(new(3), "New matrix", clean=True)
    document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.9])))
    document.edit(new(4), "New matrix", clean=True)
    assert [point.opened for point in document.history] == [0, 1, 1, 2]
    assert explain(told[-1], document.evaluation).text.startswith("New matrix: untitled, 4 × 2.")
    assert [change.source for change in told] == [True, False, True]
    assert [work.step for work in document.left_behind] == [2]
    for _ in range(3):
        document.undo()
    for _ in range(3):
        document.redo()
    assert [change.source for change in told[3:]] == [True, False, True, True, False, True]
    assert [point.opened for point in document.history] == [0, 1, 1, 2]


def test_fewer_epochs_than_the_one_looked_at(make):
    document = make(State(Predictions.of(np.full((3, 2, 2), 0.5), [0, 1])))
    document.show_epoch(2)
    document.edit(Replace(State(Predictions.of(np.array([[0.5, 0.5]]), [0]))))
    assert document.epoch == document.evaluation.epoch == 0
    document.undo()
    assert document.evaluation.predictions is document.state.predictions
    assert document.epoch == document.evaluation.epoch


def test_undoing_an_edit_of_another_epoch_goes_there(make):
    cells = np.random.default_rng(1).dirichlet(np.ones(3), (3, 4))
    document = make(State(Predictions.of(cells, [0, 1, 2, 0])))
    told: list[Change] = []
    document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.9]), 0))
    document.show_epoch(2)
    document.changed.connect(told.append)
    document.undo()
    assert len(told) == 1
    assert told[0].epoch
    assert document.epoch == 0
    fresh = evaluate(document.state.predictions, document.state.convention, 0)
    assert document.evaluation.tally == told[0].tally_after == fresh.tally
    assert document.state.predictions.probs[0, 0, 0] == cells[0, 0, 0]


def test_the_present_point_is_of_the_epoch_that_is_looked_at(make):
    cells = np.random.default_rng(1).dirichlet(np.ones(3), (3, 4))
    document = make(State(Predictions.of(cells, [0, 1, 2, 0])))
    start = document.history[0].loss
    document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.9]), 0))
    document.undo()
    document.show_epoch(2)
    assert document.history[0].loss != start
    document.redo()
    document.undo()
    assert document.epoch == 0
    assert document.history[0].loss == start


def test_a_long_pull_at_the_temperature_keeps_one_evaluation(document):
    """PySide never frees a step that went into the one before it: what such a step held has to go."""
    gc.collect()
    before = sum(isinstance(thing, RowStats) for thing in gc.get_objects())
    for i in range(40):
        document.edit(SetConvention(Convention(temperature=1.5 + i / 10)), gesture=7)
    assert document.stack.count() == 1
    gc.collect()
    assert sum(isinstance(thing, RowStats) for thing in gc.get_objects()) <= before + 3
    document.undo()
    assert document.state.convention.temperature == 1


def test_a_document_that_was_dragged_in_does_not_outlive_its_close(qapp):
    document = Document(State(Predictions.of([[0.5, 0.5]], [0])))
    for value in (0.6, 0.7, 0.8):
        document.edit(SetCells(np.array([0]), np.array([0]), np.array([value])), gesture=5)
    document.close()
    gone = weakref.ref(document)
    document.deleteLater()
    del document
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None


def test_a_document_is_freed_without_the_garbage_collector(qapp):
    # Which may run in any thread, and Qt's objects are not to be deleted in another than their own.
    gc.collect()
    gc.disable()
    try:
        document = Document(State(Predictions.of(np.full((2, 2), 0.5), np.zeros(2, int))))
        document.edit(SetCells(np.array([0]), np.array([1]), np.array([0.25])))
        document.undo()
        document.close()
        gone = weakref.ref(document)
        del document
        assert gone() is None
    finally:
        gc.enable()
