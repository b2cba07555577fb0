"""What undo steps hold is bounded, and what they let go of is made again to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.bulk import ReorderClasses
from lossacc_gui.core.compact import bytes_of
from lossacc_gui.core.convention import preset
from lossacc_gui.core.edits import SetBaseline, SetCells, SetConvention
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertRows
from lossacc_gui.core.state import Baseline, State
from lossacc_gui.session import document as module
from lossacc_gui.session import holding
from tests.core.strategies import contents

ROWS, CLASSES = 400, 5


@pytest.fixture
def large(make, monkeypatch):
    """A document to which 400 x 5 cells are large, and every step of it heavy."""
    monkeypatch.setattr(module, "JOB_CELLS", 100)
    monkeypatch.setattr(module, "HEAVY", 0)
    monkeypatch.setattr(holding, "HEAVY", 0)
    cells = np.random.default_rng(5).dirichlet(np.ones(CLASSES), ROWS)
    return make(State(Predictions.of(cells, np.arange(ROWS) % CLASSES)))


def row(at):
    return InsertRows(np.array([at]), np.full((1, 1, CLASSES), 1 / CLASSES), np.zeros(1, np.int32))


def held(document):
    return sum(document.stack.command(at).bytes for at in range(document.stack.count()))


def done(document, edit):
    document.edit(edit, type(edit).__name__)
    document.jobs.wait()


def undo(document):
    document.undo()
    document.jobs.wait()


def redo(document):
    document.redo()
    document.jobs.wait()


def check(document):
    fresh = evaluate(document.state.predictions, document.state.convention)
    assert document.tally == fresh.tally
    assert document.evaluation.stats.loss.tobytes() == fresh.stats.loss.tobytes()


def test_thirty_inserted_rows_do_not_hold_thirty_matrices(large, monkeypatch):
    whole = bytes_of(large.state)
    monkeypatch.setattr(holding, "physical_memory", lambda: holding.SHARE * 4 * whole)
    states = [contents(large.state)]
    for at in range(30):
        done(large, row(at))
        states.append(contents(large.state))
    assert held(large) < 5 * whole
    for before in reversed(states[:-1]):
        undo(large)
        assert contents(large.state) == before
        check(large)
    for after in states[1:]:
        redo(large)
        assert contents(large.state) == after
        check(large)


EDITS = {
    "rows in": lambda: row(3),
    "rows out": lambda: DeleteRows(np.array([0, 7])),
    "class out": lambda: DeleteClass(1),
    "order": lambda: ReorderClasses(np.array([1, 0, 2, 4, 3])),
    "convention": lambda: SetConvention(preset("keras")),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_light_step_is_undone_and_done_again_as_a_heavy_one_is(large, edit):
    first = contents(large.state)
    done(large, edit())
    second = contents(large.state)
    for _ in range(2):
        holding.hold_within(large.stack, 0)
        assert held(large) < bytes_of(large.state) // 2
        undo(large)
        assert contents(large.state) == first
        check(large)
        holding.hold_within(large.stack, 0)
        redo(large)
        assert contents(large.state) == second
        check(large)


def test_a_step_that_cannot_be_made_small_keeps_what_it_needs(large):
    first = contents(large.state)
    every = np.arange(ROWS)
    cells = SetCells(np.repeat(every, CLASSES), np.tile(np.arange(CLASSES), ROWS), np.zeros(ROWS * CLASSES))
    done(large, cells)
    holding.hold_within(large.stack, 0)
    undo(large)
    assert contents(large.state) == first
    check(large)


def test_the_nearest_steps_stay_heavy(large):
    for at in range(6):
        done(large, row(at))
    for _ in range(3):
        undo(large)
    heavy = [large.stack.command(at).bytes for at in range(6)]
    holding.hold_within(large.stack, int(2.5 * max(heavy)))
    kept = [large.stack.command(at).bytes == heavy[at] for at in range(6)]
    assert kept == [False, False, True, True, False, False]


def test_a_baseline_comes_back_with_the_row_that_was_taken_out(large):
    done(large, SetBaseline(Baseline.of("pinned", large.evaluation)))
    first = contents(large.state)
    done(large, DeleteRows(np.array([5])))
    holding.hold_within(large.stack, 0)
    undo(large)
    assert contents(large.state) == first
    pinned = large.state.baseline.rows
    assert pinned is not None
    assert np.array_equal(pinned.loss, large.evaluation.stats.loss)
