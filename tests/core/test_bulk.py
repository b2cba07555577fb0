"""Edits of whole rows, of the classes' order, and of several things at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core import recipes
from lossacc_gui.core.bulk import MakeRows, ReorderClasses, SetRows, Together, epoch_of
from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.edits import ALL, SetCells, SetLabels
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.recipes import Dirichlet, Even, Noise, Normalise, Temper
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.shape_edits import DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.state import State
from tests.core.strategies import ODD, cells, contents, copied, states
from tests.thorough import examples

ROWS = [[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.6, 0.3, 0.1]]
RECIPES = (Even(), Dirichlet(0.3), Temper(0.5), Temper(3.0), Noise(0.7), Normalise())


@pytest.fixture
def state():
    return State(Predictions.of(np.array(ROWS, np.float32), [0, 2, -1], ["a", "b", "c"]))


@examples(100)
@given(states(), st.data())
def test_each_is_undone_to_the_last_bit_and_done_again(state, data):
    held = state.predictions
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, held.rows - 1)), "rows")), np.intp)
    epoch = data.draw(st.integers(0, held.epochs - 1), "epoch")
    order = np.array(data.draw(st.permutations(range(held.classes)), "order"))
    recipe = data.draw(st.sampled_from(RECIPES[:-1]), "recipe")
    made = data.draw(cells((len(rows), held.classes)), "cells")
    parts = (
        SetRows(rows, made, epoch),
        MakeRows(rows, recipe, data.draw(st.integers(0, 9), "seed"), epoch),
        ReorderClasses(order),
    )
    for edit in (*parts, Together(parts)):
        now = copied(state)
        before = contents(now)
        idle = edit.idle(now)
        inverse, touched = edit.apply(now)
        after = contents(now)
        if idle:
            assert after == before
        if touched is not None:
            assert touched.tolist() == rows.tolist()
        again, _ = inverse.apply(now)
        assert contents(now) == before
        again.apply(now)
        assert contents(now) == after


def test_classes_take_cells_names_and_labels_with_them(state):
    _, touched = ReorderClasses(np.array([2, 0, 1])).apply(state)
    held = state.predictions
    assert touched is ALL
    assert held.class_names == ("c", "a", "b")
    assert held.labels.tolist() == [1, 0, -1]
    np.testing.assert_array_equal(held.probs[0], np.array(ROWS, np.float32)[:, [2, 0, 1]])
    assert held.probs.flags.c_contiguous
    with pytest.raises(Refusal):
        ReorderClasses(np.array([0, 0, 1])).apply(state)


def test_several_at_once_are_each_of_the_state_before_it(state):
    grown = Together(
        (
            InsertRows(np.array([3]), np.zeros((1, 1, 3)), np.array([-1], np.int32)),
            InsertClass(3, "d", np.zeros((1, 4)), np.empty(0, np.intp)),
            SetCells(np.array([3]), np.array([3]), np.array([0.5])),
            SetLabels(np.array([3]), np.array([3], np.int32)),
        )
    )
    assert grown.parts() == ("1 row added", "1 class added", "1 cell set", "1 label set")
    before = contents(state)
    inverse, touched = grown.apply(state)
    assert touched is ALL
    assert state.predictions.probs[0, 3].tolist() == [0, 0, 0, 0.5]
    assert state.predictions.labels.tolist() == [0, 2, -1, 3]
    inverse.apply(state)
    assert contents(state) == before


def test_when_one_refuses_nothing_has_changed(state):
    before = contents(state)
    bad = SetLabels(np.array([0]), np.array([9], np.int32))
    with pytest.raises(Refusal):
        Together((SetCells(np.array([0]), np.array([0]), np.array([0.9])), bad)).apply(state)
    assert contents(state) == before


def test_rows_touched_by_any_are_touched(state):
    labels = SetLabels(np.array([2]), np.array([0], np.int32))
    both = Together((SetCells(np.array([0]), np.array([0]), np.array([0.9])), labels))
    _, touched = both.apply(state)
    assert touched is not None
    assert touched.tolist() == [0, 2]
    assert both.idle(state)
    assert not Together((both, DeleteRows(np.array([0])))).idle(state)
    assert epoch_of(both) == 0
    assert epoch_of(labels) is None


# --- recipes ------------------------------------------------------------------------------------


@examples(100)
@given(st.sampled_from(RECIPES), st.sampled_from((Rows.AS_TYPED, Rows.LOGITS)), st.data())
def test_a_recipe_changes_nothing_it_is_given_and_repeats_itself(recipe, rows, data):
    if isinstance(recipe, Normalise):
        rows = Rows.AS_TYPED
    given_cells = data.draw(cells((3, 4), dtype=data.draw(st.sampled_from([np.float32, np.float64]))))
    before = given_cells.tobytes()
    one = recipe.of(given_cells, rows, np.random.default_rng(5))
    two = recipe.of(given_cells, rows, np.random.default_rng(5))
    assert given_cells.tobytes() == before
    assert one.tobytes() == two.tobytes()
    assert one.shape == given_cells.shape


@pytest.mark.parametrize(
    "recipe", [Even(), Dirichlet(0.05), Dirichlet(5), Noise(3), Normalise(), Temper(0.1)]
)
def test_shares_sum_to_one(recipe):
    cells_now = np.random.default_rng(0).dirichlet(np.ones(7), 50)
    made = recipe.of(cells_now, Rows.AS_TYPED, np.random.default_rng(1))
    np.testing.assert_allclose(made.sum(axis=1), 1, rtol=1e-12)
    assert (made >= 0).all()


def test_random_logits_are_the_logs_of_random_shares():
    start = np.zeros((20, 5))
    logits = Dirichlet(0.5).of(start, Rows.LOGITS, np.random.default_rng(1))
    shares = Dirichlet(0.5).of(start, Rows.AS_TYPED, np.random.default_rng(1))
    np.testing.assert_allclose(np.exp(logits), shares)
    assert np.isfinite(Dirichlet(1e-3).of(start, Rows.LOGITS, np.random.default_rng(1))).all()


def test_concentration_decides_how_much_one_class_has():
    start = np.zeros((2_000, 4))
    tops = [
        Dirichlet(c).of(start, Rows.AS_TYPED, np.random.default_rng(0)).max(axis=1).mean()
        for c in (0.05, 1, 50)
    ]
    assert tops[0] > 0.9 > tops[1] > 0.4 > tops[2] > 0.25


@pytest.mark.parametrize("value", [value for value in ODD if not (np.isfinite(value) and value >= 0)])
def test_a_row_that_is_no_share_of_anything_stays_as_it_is(value):
    row = np.array([[0.5, value, 0.25]])
    for recipe in (Noise(), Normalise(), Temper(2)):
        made = recipe.of(row, Rows.AS_TYPED, np.random.default_rng(0))
        assert made.tobytes() == row.tobytes()


def test_normalising_twice_is_normalising_once(state):
    probs = np.random.default_rng(3).uniform(0, 9, (40, 6))
    for dtype in (np.float16, np.float32, np.float64):
        once = Normalise().of(probs.astype(dtype), Rows.AS_TYPED, np.random.default_rng(0))
        twice = Normalise().of(once, Rows.AS_TYPED, np.random.default_rng(0))
        assert once.dtype == dtype
        assert once.tobytes() == twice.tobytes()
    assert MakeRows(np.arange(3), Normalise()).idle(state)
    state.convention = Convention(Rows.LOGITS)
    with pytest.raises(Refusal, match="logits"):
        MakeRows(np.arange(3), Normalise()).apply(state)


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_a_number_that_makes_no_sense_is_refused(value):
    for kind in (Dirichlet, Noise, Temper):
        with pytest.raises(Refusal):
            kind(value)


def test_shuffled_labels_are_the_same_labels():
    labels = np.array([0, 0, 1, 2, -1, 2], np.int32)
    dealt = recipes.shuffled(labels, 4)
    assert sorted(dealt.tolist()) == sorted(labels.tolist())
    assert dealt.tolist() == recipes.shuffled(labels, 4).tolist()
    assert dealt.dtype == np.int32


def test_a_large_recipe_is_taken_to_change_something():
    held = Predictions.of(np.full((40_000, 2), 0.5))
    assert not MakeRows(np.arange(40_000), Even()).idle(State(held))
    assert MakeRows(np.arange(30), Even()).idle(State(held))
