"""Undo and redo that take long are jobs, of which every key press counts and none is lost."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.convention import preset
from lossacc_gui.core.edits import SetCells, SetConvention, SetLabels
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.shape_edits import InsertRows
from lossacc_gui.core.state import State
from lossacc_gui.session import document as module
from lossacc_gui.session import holding
from lossacc_gui.session import present as present_module
from tests.core.strategies import contents
from tests.session.conftest import Heard

ROWS, CLASSES = 60, 3


@pytest.fixture
def steps(make, monkeypatch):
    """A document of four large steps whose numbers were let go of, with what it held after each."""
    monkeypatch.setattr(module, "JOB_CELLS", 100)
    monkeypatch.setattr(holding, "HEAVY", 0)
    cells = np.random.default_rng(5).dirichlet(np.ones(CLASSES), ROWS)
    document = make(State(Predictions.of(cells, np.arange(ROWS) % CLASSES)))
    document.states = [contents(document.state)]
    every = np.arange(ROWS)
    share = np.full((1, 1, CLASSES), 1 / CLASSES)
    for edit in (
        InsertRows(np.array([7]), share, np.zeros(1, np.int32)),
        SetLabels(every, np.zeros(ROWS, np.int32)),
        SetConvention(preset("keras")),
        InsertRows(np.array([0]), share, np.zeros(1, np.int32)),
    ):
        document.edit(edit, type(edit).__name__)
        document.jobs.wait()
        document.states.append(contents(document.state))
    holding.hold_within(document.stack, 0)
    return document


@pytest.fixture
def heard(steps):
    return Heard(steps)


def no_pass(*_args, **_kwargs):
    raise AssertionError("all rows are computed in the main thread")


def check(document):
    fresh = evaluate(document.state.predictions, document.state.convention, document.epoch)
    assert document.tally == fresh.tally
    assert document.evaluation.stats.loss.tobytes() == fresh.stats.loss.tobytes()
    assert document.evaluation.predictions is document.state.predictions


def test_nothing_is_computed_in_the_main_thread(steps, heard, monkeypatch):
    monkeypatch.setattr(present_module, "evaluate", no_pass)
    for step in (3, 2, 1, 0, 1, 2, 3, 4):
        holding.hold_within(steps.stack, 0)
        steps.go_to(step)
        assert steps.step != step
        assert heard.changes == []
        steps.jobs.wait()
        assert steps.step == step
        assert contents(steps.state) == steps.states[step]
        assert abs(heard.one().steps) == 1
        check(steps)


def test_every_press_of_undo_counts(steps):
    for _ in range(3):
        steps.undo()
    assert steps.step == 4
    steps.jobs.wait()
    assert steps.step == 1
    assert contents(steps.state) == steps.states[1]
    for _ in range(9):
        steps.redo()
    steps.jobs.wait()
    assert steps.step == 4
    check(steps)


def test_redo_takes_an_undo_back_that_is_on_its_way(steps, heard):
    steps.undo()
    steps.redo()
    steps.jobs.wait()
    assert steps.step == 4
    assert heard.changes == []
    steps.undo()
    steps.undo()
    steps.redo()
    steps.jobs.wait()
    assert steps.step == 3


def test_cancelled_it_stays_where_it_is(steps, heard):
    steps.undo()
    steps.jobs.cancel()
    steps.jobs.wait()
    assert steps.step == 4
    assert heard.changes == []
    steps.undo()
    steps.jobs.wait()
    assert steps.step == 3


def test_an_edit_meanwhile_drops_it_and_says_so(steps):
    said: list[str] = []
    steps.failed.connect(said.append)
    steps.undo()
    steps.edit(SetCells(np.array([0]), np.array([0]), np.array([0.5])))
    steps.jobs.wait()
    assert said == ["Undo was dropped: the predictions changed meanwhile: do it again"]
    assert steps.step == 5
    steps.undo()
    assert steps.step == 4


def test_small_steps_on_the_way_are_not_waited_for(steps, heard):
    steps.edit(SetCells(np.array([0]), np.array([0]), np.array([0.5])))
    steps.edit(SetCells(np.array([0]), np.array([1]), np.array([0.25])))
    heard.changes.clear()
    steps.go_to(2)
    assert steps.step == 4
    assert heard.one().steps == -2
    steps.jobs.wait()
    assert steps.step == 2


def test_another_epoch_is_looked_at_in_a_job_first(make, monkeypatch):
    monkeypatch.setattr(module, "JOB_CELLS", 100)
    cells = np.random.default_rng(5).dirichlet(np.ones(CLASSES), (2, ROWS))
    document = make(State(Predictions.of(cells, np.arange(ROWS) % CLASSES)))
    document.edit(SetCells(np.array([3]), np.array([0]), np.array([0.5])))
    document.show_epoch(1)
    document.jobs.wait()
    monkeypatch.setattr(present_module, "evaluate", no_pass)
    heard = Heard(document)
    document.undo()
    assert document.step == 1
    document.jobs.wait()
    assert (document.step, document.epoch) == (0, 0)
    assert [change.epoch for change in heard.changes] == [True, False]
    check(document)


def test_a_large_edit_that_changes_nothing_is_compared_in_its_job(steps, heard, monkeypatch):
    said: list[str] = []
    steps.failed.connect(said.append)
    rows = np.arange(ROWS)
    same = SetLabels(rows, steps.state.predictions.labels[rows].copy())
    assert not steps.edit(same, "Fill down")
    assert steps.jobs.is_busy("edit")
    steps.jobs.wait()
    assert said == ["“Fill down” changes nothing: all is so already"]
    assert heard.changes == []
    assert steps.step == 4


def test_the_job_is_called_by_what_it_undoes(steps):
    titles: list[str] = []
    steps.jobs.progressed.connect(lambda title, _: titles.append(title))
    steps.undo()
    steps.jobs.wait()
    assert set(titles) == {"Undo: InsertRows"}
