"""Each edit: what it changes, which rows it names, what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core import edits
from lossacc_gui.core.convention import Base, Convention, Reduction, preset
from lossacc_gui.core.edits import (
    ALL,
    NONE,
    Edit,
    RenameClass,
    Replace,
    SetBaseline,
    SetCells,
    SetConvention,
    SetLabels,
)
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.state import Baseline, Source, State
from lossacc_gui.core.tally import Tally
from tests.core.strategies import contents
from tests.thorough import examples

ROWS = [[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.6, 0.3, 0.1]]


@pytest.fixture
def state():
    return State(Predictions.of(np.array(ROWS, np.float32), [0, 2, -1], ["a", "b", "c"]))


def refused(edit, state) -> Refusal:
    before = contents(state)
    with pytest.raises(Refusal) as caught:
        edit.apply(state)
    assert contents(state) == before, "a refused edit changed something"
    assert caught.value.remedy
    return caught.value


def test_cells_are_set_as_the_dtype_rounds_them(state):
    _, touched = SetCells(np.array([2, 0]), np.array([1, 1]), np.array([0.1, 1e300])).apply(state)
    assert state.predictions.probs[0, :, 1].tolist() == [np.inf, 0.5, np.float32(0.1)]
    assert touched.tolist() == [0, 2]


def test_of_a_cell_set_twice_the_last_value_stays_and_undo_knows_the_first(state):
    inverse, touched = SetCells(np.array([1, 1]), np.array([0, 0]), np.array([0.7, 0.8])).apply(state)
    assert state.predictions.probs[0, 1, 0] == np.float32(0.8)
    assert touched.tolist() == [1]
    inverse.apply(state)
    assert state.predictions.probs[0, 1, 0] == np.float32(0.1)


def test_cells_of_another_epoch_stay():
    state = State(Predictions.of(np.zeros((2, 1, 2)), [0]))
    SetCells(np.array([0]), np.array([0]), np.array([0.5]), epoch=1).apply(state)
    assert state.predictions.probs.tolist() == [[[0, 0]], [[0.5, 0]]]


@pytest.mark.parametrize(("value", "idle"), [(0.1, True), (0.2, False), (np.nan, False)])
def test_setting_what_is_there_is_idle(state, value, idle):
    assert SetCells(np.array([1]), np.array([0]), np.array([value])).idle(state) == idle


def test_nan_over_nan_is_idle_but_a_zero_of_another_sign_is_not(state):
    SetCells(np.array([0, 0]), np.array([0, 1]), np.array([np.nan, 0.0])).apply(state)
    assert SetCells(np.array([0]), np.array([0]), np.array([np.nan])).idle(state)
    assert not SetCells(np.array([0]), np.array([1]), np.array([-0.0])).idle(state)


def test_labels_are_set_and_taken_away(state):
    _, touched = SetLabels(np.array([0, 2]), np.array([-1, 1], np.int32)).apply(state)
    assert state.predictions.labels.tolist() == [-1, 2, 1]
    assert touched.tolist() == [0, 2]
    assert SetLabels(np.array([1]), np.array([2], np.int32)).idle(state)


@pytest.mark.parametrize("label", [3, -2])
def test_a_label_that_is_no_class_is_refused(state, label):
    refusal = refused(SetLabels(np.array([0, 1]), np.array([0, label], np.int32)), state)
    assert (refusal.where, refusal.what) == ("row 2, label", f"{label} is no class")
    assert refusal.remedy == "use 0 to 2, or -1 for no label"


def test_rows_are_inserted_where_they_will_stand(state):
    new = np.array([[[0, 0, 1], [1e300, 0, 0]]])
    _, touched = InsertRows(np.array([0, 3]), new, np.array([2, -1], np.int32)).apply(state)
    held = state.predictions
    assert touched is ALL
    assert held.labels.tolist() == [2, 0, 2, -1, -1]
    np.testing.assert_array_equal(
        held.probs[0], np.array([[0, 0, 1], ROWS[0], ROWS[1], [np.inf, 0, 0], ROWS[2]], np.float32)
    )


def test_rows_are_deleted_but_for_one(state):
    _, touched = DeleteRows(np.array([0, 2])).apply(state)
    assert touched is ALL
    assert state.predictions.labels.tolist() == [2]
    np.testing.assert_array_equal(state.predictions.probs[0], np.array(ROWS[1:2], np.float32))
    assert refused(DeleteRows(np.array([0])), state).what == "no row would be left"


def test_no_rows_are_idle(state):
    none = np.empty(0, np.intp)
    assert DeleteRows(none).idle(state)
    assert InsertRows(none, np.empty((1, 0, 3)), np.empty(0, np.int32)).idle(state)


def test_a_class_is_inserted_and_labels_move_up(state):
    edit = InsertClass(1, " new ", np.array([[0.0, 0.25, 1e300]]), np.array([2]))
    _, touched = edit.apply(state)
    held = state.predictions
    assert touched is ALL
    assert held.class_names == ("a", "new", "b", "c")
    assert held.labels.tolist() == [0, 3, 1]
    assert held.probs[0, :, 1].tolist() == [0, 0.25, np.inf]
    assert held.probs[0, :, 0].tolist() == np.array(ROWS, np.float32)[:, 0].tolist()


def test_a_class_takes_no_row_from_another(state):
    refusal = refused(InsertClass(1, "new", np.zeros((1, 3)), np.array([2, 1])), state)
    assert refusal.where == "row 2, label"


def test_a_class_is_deleted_with_its_labels(state):
    _, touched = DeleteClass(0).apply(state)
    assert touched is ALL
    assert state.predictions.class_names == ("b", "c")
    assert state.predictions.labels.tolist() == [-1, 1, -1]
    np.testing.assert_array_equal(state.predictions.probs[0], np.array(ROWS, np.float32)[:, 1:])
    assert refused(DeleteClass(0), state).what == "fewer than two would be left"


def test_a_class_is_renamed_and_no_number_touched(state):
    _, touched = RenameClass(1, " x ").apply(state)
    assert state.predictions.class_names == ("a", "x", "c")
    assert touched is NONE
    assert RenameClass(1, " x").idle(state)
    assert not RenameClass(1, "y").idle(state)


def test_a_class_comes_and_goes_with_its_weight(state):
    state.convention = Convention(weights=(1.0, 0.5, 2.0))
    inverse, _ = DeleteClass(1).apply(state)
    assert state.convention.weights == (1.0, 2.0)
    inverse.apply(state)
    assert state.convention.weights == (1.0, 0.5, 2.0)
    back, _ = InsertClass(3, "d", np.zeros((1, 3)), np.empty(0, np.intp)).apply(state)
    assert state.convention.weights == (1.0, 0.5, 2.0, 1.0)
    back.apply(state)
    assert state.convention.weights == (1.0, 0.5, 2.0)


def test_the_last_class_that_has_a_weight_stays(state):
    state.convention = Convention(weights=(0.0, 1.0, 0.0))
    assert refused(DeleteClass(1), state).where == "class weights"


def test_as_many_class_weights_as_classes(state):
    weighted = Convention(weights=(1.0, 2.0))
    reason = refused(SetConvention(weighted), state)
    assert (reason.where, reason.what) == ("class weights", "there are 2, and 3 classes")
    refused(Replace(State(state.predictions, weighted)), state)
    _, touched = SetConvention(Convention(weights=(1.0, 2.0, 0.0))).apply(state)
    assert touched is NONE


@pytest.mark.parametrize(
    ("name", "what"), [("", "it is empty"), ("  ", "it is empty"), ("c", "'c' is taken")]
)
def test_a_name_that_is_empty_or_taken_is_refused(state, name, what):
    assert refused(RenameClass(0, name), state).what == what
    assert refused(InsertClass(0, name, np.zeros((1, 3)), np.empty(0, np.intp)), state).what == what


def test_a_class_may_keep_its_name(state):
    RenameClass(0, "a ").apply(state)
    assert state.predictions.class_names == ("a", "b", "c")


@pytest.mark.parametrize(
    ("convention", "all_rows"),
    [
        (Convention(base=Base.BITS), False),
        (Convention(reduction=Reduction.SUM), False),
        (preset("keras"), True),
        (Convention(clip=1e-7), True),
    ],
)
def test_unit_and_reduction_touch_no_row(state, convention, all_rows):
    edit = SetConvention(convention)
    assert not edit.idle(state)
    assert edit.cells(state) == (9 if all_rows else 0)
    _, touched = edit.apply(state)
    assert (touched is ALL) == all_rows
    assert state.convention == convention
    assert edit.idle(state)


def test_a_baseline_is_pinned_and_taken_away(state):
    baseline = Baseline("start", Tally(rows=2, hits=1), Convention())
    inverse, touched = SetBaseline(baseline).apply(state)
    assert state.baseline == baseline
    assert touched is NONE
    assert SetBaseline(baseline).idle(state)
    inverse.apply(state)
    assert state.baseline is None


def test_everything_is_replaced_by_a_swap(state):
    first = state.predictions
    other = State(
        Predictions.of([[0.5, 0.5]], [0]),
        preset("keras"),
        Baseline("b", Tally(), Convention()),
        Source("file"),
    )
    inverse, touched = Replace(other, "Open").apply(state)
    assert touched is ALL
    assert (state.predictions, state.convention, state.source.name) == (
        other.predictions,
        preset("keras"),
        "file",
    )
    assert inverse.what == "Open"
    inverse.apply(state)
    assert state.predictions is first
    assert state.source == Source()


def test_how_much_work_an_edit_is(state):
    new = np.zeros((1, 2, 3))
    work: dict[Edit, int] = {
        SetCells(np.array([0, 1]), np.array([0, 1]), np.zeros(2)): 6,
        SetCells(np.array([1, 1, 1]), np.array([0, 1, 2]), np.zeros(3)): 3,
        SetCells(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0)): 0,
        SetLabels(np.array([0, 1]), np.zeros(2, np.int32)): 6,
        InsertRows(np.array([0, 1]), new, np.zeros(2, np.int32)): 15,
        DeleteRows(np.array([0])): 9,
        InsertClass(0, "x", np.zeros((1, 3)), np.empty(0, np.intp)): 12,
        DeleteClass(0): 9,
        RenameClass(0, "x"): 0,
        SetBaseline(None): 0,
        Replace(State(Predictions.of(np.zeros((4, 2)), None))): 8,
    }
    assert {edit: edit.cells(state) for edit in work} == work


def test_rows_come_and_go_with_their_weights():
    held = Predictions.of([[0.5, 0.5], [0.2, 0.8], [0.1, 0.9]], [0, 1, 1], weights=[1, 2, 3])
    state = State(held)

    def weights():
        assert state.predictions.weights is not None
        return state.predictions.weights.tolist()

    inverse, _ = DeleteRows(np.array([1])).apply(state)
    assert weights() == [1, 3]
    inverse.apply(state)
    assert weights() == [1, 2, 3]
    InsertRows(np.array([0]), np.full((1, 1, 2), 0.5), np.array([0], np.int32)).apply(state)
    assert weights() == [1, 1, 2, 3]  # one nobody weighed counts once


@examples(50)
@given(st.integers(0, 9), st.integers(1, 4))
def test_cells_that_are_so_already_are_told_block_by_block(at, block):
    cells = np.arange(10.0).reshape(1, 5, 2)
    cells[0, 0, 0] = np.nan
    state = State(Predictions.of(cells[0]))
    rows, columns = np.divmod(np.arange(10), 2)
    same, other = cells.ravel().copy(), cells.ravel().copy()
    other[at] = -1.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edits, "COMPARED", block)
        assert SetCells(rows, columns, same).idle(state)
        assert not SetCells(rows, columns, other).idle(state)
