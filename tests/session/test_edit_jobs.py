"""Large edits are made beside the present state and swapped in as one step."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.core.convention import Base, Convention, preset
from lossacc_gui.core.edits import Replace, SetBaseline, SetCells, SetConvention, SetLabels
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.shape_edits import DeleteRows, InsertRows
from lossacc_gui.core.state import Baseline, Source, State
from lossacc_gui.session import document as module
from lossacc_gui.session import large as large_module
from lossacc_gui.session import looking
from lossacc_gui.session.large import LargeEdit
from tests.core.strategies import contents
from tests.patience import PATIENCE
from tests.session.conftest import Heard

ROWS, CLASSES = 40, 3


def cell(row, column, value):
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


class Gate:
    """Holds the worker inside its work until the test lets it go."""

    def __init__(self, monkeypatch) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self.when_stopped: list[bool] = []
        real = evaluate

        def held(predictions, convention, epoch=0, progress=None, stop=None):
            if threading.get_ident() == threading.main_thread().ident:
                return real(predictions, convention, epoch, progress, stop)
            found = real(predictions, convention, epoch, progress, stop)
            self.reached.set()
            assert self.open.wait(PATIENCE)
            return found

        monkeypatch.setattr(looking, "evaluate", held)
        monkeypatch.setattr(large_module, "evaluate", held)

    def wait(self) -> None:
        """Until the worker has computed its numbers and stands at the gate."""
        assert self.reached.wait(PATIENCE)


@pytest.fixture
def gate(monkeypatch):
    gate = Gate(monkeypatch)
    yield gate
    gate.open.set()


@pytest.fixture
def large(make, monkeypatch, gate):
    """A document to which 40 x 3 cells are large; ``gate`` comes first, so that it is let go first."""
    monkeypatch.setattr(module, "JOB_CELLS", 100)
    cells = np.random.default_rng(5).dirichlet(np.ones(CLASSES), ROWS)
    return make(State(Predictions.of(cells, np.arange(ROWS) % CLASSES)))


@pytest.fixture
def told(large):
    return Heard(large)


def check(document):
    state = document.state
    fresh = evaluate(state.predictions, state.convention, document.epoch)
    assert document.evaluation.predictions is state.predictions
    assert document.evaluation.convention == state.convention
    assert document.evaluation.tally == fresh.tally
    assert document.evaluation.stats.loss.tobytes() == fresh.stats.loss.tobytes()


def finish(document, gate, qtbot):
    with qtbot.waitSignal(document.jobs.emptied):
        gate.open.set()


def extra(count=2):
    return InsertRows(np.arange(count), np.full((1, count, CLASSES), 1 / CLASSES), np.zeros(count, np.int32))


EDITS = {
    "convention": lambda: SetConvention(preset("keras")),
    "rows in": extra,
    "rows out": lambda: DeleteRows(np.arange(5)),
    "cells": lambda: SetCells(np.repeat(np.arange(ROWS), 3), np.tile(np.arange(3), ROWS), np.full(120, 0.5)),
    "labels": lambda: SetLabels(np.arange(ROWS), np.full(ROWS, 1, np.int32)),
    "another": lambda: Replace(State(Predictions.of(np.full((60, 3), 0.5), np.zeros(60, int)))),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_large_edit_happens_later_as_one_step_that_can_be_undone(large, told, gate, qtbot, edit):
    first = contents(large.state)
    assert large.edit(edit(), "Large") is False
    gate.wait()
    assert contents(large.state) == first  # nothing is seen of it yet
    assert told.changes == []
    finish(large, gate, qtbot)
    told.one()
    check(large)
    second = contents(large.state)
    assert second != first
    assert [p.what for p in large.history] == ["start", "Large"]
    large.undo()
    assert contents(large.state) == first
    check(large)
    large.redo()
    assert contents(large.state) == second
    check(large)


def test_a_large_new_one_of_the_same_name_counts_as_opened(large, gate, qtbot):
    state = State(Predictions.of(np.full((60, 3), 0.5), np.zeros(60, int)), source=large.state.source)
    large.edit(Replace(state, opens=True), "New matrix")
    finish(large, gate, qtbot)
    assert [point.opened for point in large.history] == [0, 1]


def test_unit_and_reduction_need_no_job(large, told):
    assert large.edit(SetConvention(Convention(base=Base.BITS)))
    told.one()
    check(large)


def test_cells_edited_meanwhile_are_in_the_new_convention_too(large, told, gate, qtbot):
    large.edit(SetConvention(preset("keras")), "Keras")
    gate.wait()  # every row's old loss is computed by now
    large.edit(cell(3, 1, 0.9), "typed")
    large.edit(SetLabels(np.array([7]), np.array([0], np.int32)), "labelled")
    large.undo()
    finish(large, gate, qtbot)
    check(large)
    assert [p.what for p in large.history] == ["start", "typed", "Keras"]
    large.undo()
    check(large)
    large.undo()
    check(large)


@pytest.mark.parametrize("key", ["rows in", "rows out", "cells", "labels"])
def test_an_edit_of_the_cells_begins_again_when_others_came_before_it(large, told, gate, qtbot, key):
    large.edit(EDITS[key](), "Large")
    gate.wait()
    large.edit(cell(20, 1, 0.9), "typed")
    finish(large, gate, qtbot)
    check(large)
    assert [p.what for p in large.history] == ["start", "typed", "Large"]
    large.undo()
    assert large.state.predictions.probs[0, 20, 1] == 0.9  # what was typed meanwhile is not lost
    large.undo()
    check(large)


@pytest.mark.parametrize("key", ["rows in", "rows out", "cells", "labels"])
def test_a_change_of_shape_meanwhile_drops_an_edit_of_the_cells_and_says_so(
    large, gate, qtbot, monkeypatch, key
):
    """Its rows and columns may be others by now."""
    large.edit(EDITS[key](), "Large")
    gate.wait()
    monkeypatch.setattr(module, "JOB_CELLS", 1000)
    large.edit(DeleteRows(np.array([7])), "fewer")
    after = contents(large.state)
    with qtbot.waitSignal(large.failed) as failed:
        finish(large, gate, qtbot)
    assert "“Large” was dropped" in failed.args[0]
    assert contents(large.state) == after
    assert [p.what for p in large.history] == ["start", "fewer"]
    check(large)


@pytest.mark.parametrize("key", ["rows in", "rows out", "cells", "labels", "convention"])
def test_another_file_opened_meanwhile_is_not_overwritten(large, gate, qtbot, monkeypatch, key):
    large.edit(EDITS[key](), "Large")
    gate.wait()
    monkeypatch.setattr(module, "JOB_CELLS", 1000)
    cells = np.random.default_rng(6).dirichlet(np.ones(CLASSES), ROWS)
    other = State(Predictions.of(cells, np.zeros(ROWS, int)), source=Source("other"))
    large.edit(Replace(other, "Open other"))
    after = contents(large.state)
    with qtbot.waitSignal(large.failed) as failed:
        finish(large, gate, qtbot)
    assert "other predictions were opened meanwhile" in failed.args[0]
    assert contents(large.state) == after
    check(large)


def test_one_large_edit_at_a_time(large, told, gate, qtbot):
    large.edit(DeleteRows(np.arange(5)), "Delete 5 rows")
    gate.wait()
    with pytest.raises(Refusal, match=r"“Delete 5 rows” is still being worked on"):
        large.edit(SetConvention(preset("keras")), "Keras")
    finish(large, gate, qtbot)
    told.one()
    assert large.state.predictions.rows == ROWS - 5
    assert large.state.convention == preset("by_hand")
    check(large)


def test_the_unit_chosen_meanwhile_stays(large, gate, qtbot):
    large.edit(SetConvention(preset("keras")), "Keras")
    gate.wait()
    large.edit(SetConvention(Convention(base=Base.BITS)), "bits")
    finish(large, gate, qtbot)
    assert large.state.convention == replace(preset("keras"), base=Base.BITS)
    check(large)


def test_a_baseline_pinned_meanwhile_stays(large, gate, qtbot):
    pinned = Baseline("start", large.evaluation.tally, Convention())
    large.edit(DeleteRows(np.arange(5)), "Large")
    gate.wait()
    large.edit(SetBaseline(pinned))
    finish(large, gate, qtbot)
    assert large.state.baseline is pinned
    check(large)


def test_what_is_clean_when_it_is_made_is_clean_when_it_comes(large, gate, qtbot):
    large.edit(EDITS["another"](), "New matrix", clean=True)
    finish(large, gate, qtbot)
    assert large.is_saved
    assert large.left_behind == ()


def test_a_change_of_shape_meanwhile_begins_a_convention_again(large, told, gate, qtbot, monkeypatch):
    large.edit(SetConvention(preset("keras")), "Keras")
    gate.wait()
    monkeypatch.setattr(module, "JOB_CELLS", 1000)
    large.edit(DeleteRows(np.arange(30)), "fewer")
    finish(large, gate, qtbot)
    check(large)
    assert large.state.convention == preset("keras")
    assert large.state.predictions.rows == 10


def test_a_cancelled_edit_changes_nothing(large, told, gate, qtbot):
    first = contents(large.state)
    large.edit(SetConvention(preset("keras")))
    gate.wait()
    large.jobs.cancel()
    finish(large, gate, qtbot)
    assert contents(large.state) == first
    assert told.changes == []
    assert large.stack.count() == 0
    large.edit(cell(0, 0, 0.5))
    check(large)


def test_a_cancelled_edit_lets_its_copy_go(large, gate, qtbot):
    large.edit(SetConvention(preset("keras")))
    gate.wait()
    copy = large._edits.running
    assert copy is not None
    large.jobs.cancel()
    gate.open.set()
    qtbot.waitUntil(lambda: not large.jobs.is_busy())
    qtbot.waitUntil(lambda: large._edits.running is None)


def test_an_overtaken_edit_changes_nothing(large, told, gate, qtbot):
    large.edit(SetConvention(preset("keras")), "Keras")
    gate.wait()
    large.edit(SetConvention(preset("sklearn")), "scikit-learn")
    finish(large, gate, qtbot)
    told.one()
    assert large.state.convention == preset("sklearn")
    check(large)


def test_a_large_edit_that_does_not_fit_is_told_and_changes_nothing(large, told, gate, qtbot):
    gate.open.set()
    first = contents(large.state)
    with qtbot.waitSignal(large.failed) as failed, qtbot.waitSignal(large.jobs.emptied):
        large.edit(DeleteRows(np.arange(ROWS)))
    assert "no row would be left" in failed.args[0]
    assert contents(large.state) == first
    assert told.changes == []
    large.edit(cell(0, 0, 0.5))
    check(large)


def test_progress_of_a_large_edit_is_told(make, monkeypatch, qtbot):
    monkeypatch.setattr(module, "JOB_CELLS", 100)
    monkeypatch.setattr("lossacc_gui.core.evaluation.BLOCK_CELLS", 30)
    document = make(State(Predictions.of(np.full((ROWS, CLASSES), 1 / 3), np.zeros(ROWS, int))))
    told = []
    document.jobs.progressed.connect(lambda title, share: told.append((title, share)))
    with qtbot.waitSignal(document.jobs.emptied):
        document.edit(SetConvention(preset("keras")), "Keras")
    assert {title for title, _ in told} == {"Keras"}
    assert told[-1][1] == 1.0


# --- epochs ---------------------------------------------------------------------------------------


@pytest.fixture
def stack(make, monkeypatch, gate):
    """Three epochs, each of which is large."""
    monkeypatch.setattr(module, "JOB_CELLS", 100)
    cells = np.random.default_rng(6).dirichlet(np.ones(CLASSES), (3, ROWS))
    return make(State(Predictions.of(cells, np.arange(ROWS) % CLASSES)))


def test_a_large_epoch_is_evaluated_in_a_job(stack, gate, qtbot):
    told = Heard(stack)
    stack.show_epoch(2)
    assert stack.epoch == 0
    finish(stack, gate, qtbot)
    told.one()
    assert stack.epoch == 2
    assert stack.stack.count() == 0
    check(stack)


def test_labels_edited_meanwhile_count_in_the_new_epoch(stack, gate, qtbot):
    stack.show_epoch(2)
    gate.wait()
    stack.edit(SetLabels(np.array([4]), np.array([0], np.int32)))
    finish(stack, gate, qtbot)
    assert stack.epoch == 2
    check(stack)


def test_a_convention_chosen_meanwhile_counts_in_the_new_epoch(stack, gate, qtbot):
    stack.show_epoch(2)
    gate.wait()
    stack.edit(SetConvention(preset("keras")))
    finish(stack, gate, qtbot)
    check(stack)
    assert stack.state.convention == preset("keras")
    assert stack.epoch == 2


def test_an_epoch_of_predictions_that_are_gone_is_not_shown(stack, gate, qtbot):
    stack.show_epoch(2)
    gate.wait()
    stack.edit(Replace(State(Predictions.of(np.array([[0.5, 0.5]]), [0]))))
    finish(stack, gate, qtbot)
    assert stack.state.predictions.rows == 1
    assert stack.epoch == 0
    check(stack)


def test_the_epoch_looked_at_meanwhile_stays(stack, gate, qtbot, monkeypatch):
    stack.edit(extra(), "rows in")
    gate.wait()
    monkeypatch.setattr(module, "JOB_CELLS", 200)  # an epoch is small, the stack is large
    stack.show_epoch(1)
    finish(stack, gate, qtbot)
    assert stack.state.predictions.rows == ROWS + 2
    assert stack.epoch == 1
    check(stack)


def test_a_large_matrix_with_fewer_epochs_replaces_a_stack(stack, gate, qtbot, monkeypatch):
    monkeypatch.setattr(module, "JOB_CELLS", 1000)
    stack.show_epoch(2)
    monkeypatch.setattr(module, "JOB_CELLS", 100)
    stack.edit(Replace(State(Predictions.of(np.full((60, 3), 0.5), np.zeros(60, int)))))
    finish(stack, gate, qtbot)
    assert stack.state.predictions.rows == 60
    assert stack.epoch == 0
    check(stack)


def test_what_was_evaluated_of_another_epoch_is_made_again(stack):
    large = LargeEdit(extra(), "rows in", clean=False, aside="", state=stack.state, epoch=1)
    assert not large.stale(1)
    assert large.stale(0)
