"""What else moves when one cell moves, and when a rule cannot hold."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Convention, preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import ENDS, Rule, edit_cell, move, refusal, span
from lossacc_gui.core.state import State
from tests.core.strategies import DTYPES, cast

HAND, LOGITS = preset("by_hand"), preset("pytorch_logits")
ROW = np.array([0.1, 0.5, 0.4])
HOLDS_POSITIVE = "“hold p(label)” needs a row of finite numbers that are not negative"
RESCALES_POSITIVE = "“rescale the rest” needs a row of finite numbers that are not negative"

shares = st.floats(0, 1)
masses = st.floats(1e-3, 1) | st.just(0.0)
z_values = st.floats(-30, 30)


def logsumexp(z: np.ndarray) -> float:
    return float(np.logaddexp.reduce(z))


@st.composite
def moves(draw, values, fewest=3):
    classes = draw(st.integers(fewest, 6))
    row = np.array(draw(st.lists(values, min_size=classes, max_size=classes)))
    label, column = draw(st.permutations(range(classes)))[:2]
    return row, label, column


def proportional(a: np.ndarray, b: np.ndarray) -> None:
    """Both have the same proportions (all cross products agree)."""
    left, right = np.outer(a, b), np.outer(b, a)
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-12)


# --- rows of probabilities -------------------------------------------------------------------------


@given(moves(masses), shares, st.sampled_from([Rule.RESCALE, Rule.HOLD]))
def test_the_sum_and_the_proportions_hold(case, share, rule):
    row, label, column = case
    low, high = span(row, label, column, rule, HAND)
    value = low + share * (high - low)
    moved = move(row, label, column, value, rule, HAND)
    assert moved[column] == value
    assert moved.sum() == pytest.approx(row.sum(), rel=1e-14, abs=1e-300)
    assert moved.min() >= 0
    rest = [i for i in range(len(row)) if i != column and (rule is Rule.RESCALE or i != label)]
    if value == row[column]:
        assert moved.tobytes() == row.tobytes()
    elif row[rest].sum():
        proportional(row[rest], moved[rest])
    else:
        assert len(set(moved[rest])) == 1, "equal shares where there were no proportions"
    if rule is Rule.HOLD:
        assert moved[label] == row[label]
        assert high == pytest.approx(row.sum() - row[label], rel=1e-14)
    else:
        assert high == pytest.approx(row.sum(), rel=1e-14)
    assert low == 0


@given(moves(masses), shares, st.sampled_from(DTYPES))
def test_hold_keeps_the_labels_bits_and_the_loss(case, share, dtype):
    row, label, column = case
    row = cast(row, dtype)
    state = State(Predictions.of(row[np.newaxis].copy(), [label]))
    before = evaluate(state.predictions, state.convention).tally
    high = span(row.astype(np.float64), label, column, Rule.HOLD, HAND)[1]
    edit = edit_cell(state, 0, 0, column, share * high, Rule.HOLD)
    assert label not in edit.columns
    edit.apply(state)
    assert state.predictions.probs[0, 0, label].tobytes() == row[label].tobytes()
    assert evaluate(state.predictions, state.convention).tally.loss == before.loss


@given(moves(st.floats(0.01, 1)), st.sampled_from([Rule.RESCALE, Rule.HOLD]), st.lists(shares, max_size=4))
def test_a_drag_to_the_end_and_back_returns_the_proportions(case, rule, way):
    row, label, column = case
    state = State(Predictions.of(row[np.newaxis].copy(), [label]))
    low, high = span(row, label, column, rule, HAND)
    for share in [*way, 1.0, 0.0]:
        edit_cell(state, 0, 0, column, low + share * (high - low), rule, origin=row).apply(state)
    edit_cell(state, 0, 0, column, float(row[column]), rule, origin=row).apply(state)
    assert state.predictions.probs[0, 0].tobytes() == row.tobytes()


def test_without_an_origin_the_end_forgets_the_proportions():
    row = np.array([0.1, 0.2, 0.3, 0.4])
    at_end = move(row, 3, 0, 0.6, Rule.HOLD, HAND)
    assert at_end.tolist() == pytest.approx([0.6, 0, 0, 0.4])
    assert move(at_end, 3, 0, 0.1, Rule.HOLD, HAND).tolist() == pytest.approx([0.1, 0.25, 0.25, 0.4])


def test_figures_worked_by_hand():
    assert move(ROW, 2, 1, 0.3, Rule.HOLD, HAND).tolist() == [0.3, 0.3, 0.4]
    assert move(ROW, 2, 1, 0.75, Rule.RESCALE, HAND).tolist() == pytest.approx([0.05, 0.75, 0.2])
    assert move(ROW, 2, 1, 7.0, Rule.ONLY, HAND).tolist() == [0.1, 7.0, 0.4]
    assert ROW.tolist() == [0.1, 0.5, 0.4], "the row given was changed"


def test_only_this_cell_writes_one_cell():
    state = State(Predictions.of([ROW.tolist()], [2]))
    edit = edit_cell(state, 0, 0, 1, np.nan, Rule.ONLY)
    assert (edit.rows.tolist(), edit.columns.tolist()) == ([0], [1])
    assert span(ROW, 2, 1, Rule.ONLY, HAND) == (-inf, inf)


def test_a_rule_moves_the_epoch_it_is_told():
    state = State(Predictions.of(np.array([[ROW], [ROW[::-1]]]), [2]))
    edit_cell(state, 1, 0, 1, 0.2, Rule.RESCALE).apply(state)
    assert state.predictions.probs[0, 0].tolist() == ROW.tolist()
    assert state.predictions.probs[1, 0].tolist() == pytest.approx([0.64, 0.2, 0.16])


# --- logits ----------------------------------------------------------------------------------------


@given(moves(z_values), st.floats(0, 40), st.sampled_from([Rule.RESCALE, Rule.HOLD]))
def test_logits_hold_the_logsumexp(case, below, rule):
    row, label, column = case
    high = span(row, label, column, rule, LOGITS)[1]
    value = high - below
    moved = move(row, label, column, value, rule, LOGITS)
    assert moved[column] == value
    assert logsumexp(moved) == pytest.approx(logsumexp(row), abs=1e-12)
    rest = [i for i in range(len(row)) if i != column and (rule is Rule.RESCALE or i != label)]
    if value != row[column] and np.isfinite(moved[rest]).all():
        shift = moved[rest] - row[rest]
        np.testing.assert_allclose(shift, shift[0], atol=1e-12)
    if rule is Rule.HOLD:
        assert moved[label] == row[label]


@given(moves(z_values))
def test_logits_hold_the_loss(case):
    row, label, column = case
    state = State(Predictions.of(row[np.newaxis].copy(), [label]), LOGITS)
    before = evaluate(state.predictions, LOGITS).tally.loss_mean
    edit_cell(state, 0, 0, column, float(row[column]) - 1.5, Rule.HOLD).apply(state)
    assert evaluate(state.predictions, LOGITS).tally.loss_mean == pytest.approx(before, abs=1e-12)


@given(moves(z_values), st.sampled_from([Rule.RESCALE, Rule.HOLD]))
def test_a_logit_dragged_to_its_end_and_back_returns_the_row(case, rule):
    row, label, column = case
    state = State(Predictions.of(row[np.newaxis].copy(), [label]), LOGITS)
    for value in (span(row, label, column, rule, LOGITS)[1], -inf, float(row[column])):
        edit_cell(state, 0, 0, column, value, rule, origin=row).apply(state)
    assert state.predictions.probs[0, 0].tobytes() == row.tobytes()


def test_a_logit_at_its_highest_leaves_nothing():
    row = np.array([0.0, log(2), log(3)])
    high = span(row, 2, 0, Rule.HOLD, LOGITS)[1]
    assert high == pytest.approx(log(3))
    assert move(row, 2, 0, high, Rule.HOLD, LOGITS).tolist() == [high, -inf, log(3)]
    assert move(row, 2, 0, -inf, Rule.HOLD, LOGITS).tolist() == pytest.approx([-inf, log(3), log(3)])


@pytest.mark.parametrize("rule", [Rule.RESCALE, Rule.HOLD])
def test_a_logit_that_has_all_the_mass_can_still_be_moved(rule):
    moved = move(np.array([800.0, 0.0, 0.0]), 1, 0, 799.0, rule, LOGITS)
    assert np.isfinite(moved).all()
    assert logsumexp(moved) == pytest.approx(800, abs=1e-9)


# --- when a rule cannot hold -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "label", "column", "rule", "convention", "what"),
    [
        ([0.4, 0.6], 0, 1, Rule.HOLD, HAND, "with two classes, p(label) fixes the other cell too"),
        (ROW, 1, 1, Rule.HOLD, HAND, "this is the label's own cell, which “hold p(label)” keeps"),
        (ROW, -1, 1, Rule.HOLD, HAND, "the row has no label whose p could be held"),
        ([-0.1, 0.6, 0.5], 2, 1, Rule.HOLD, HAND, HOLDS_POSITIVE),
        ([-0.1, 0.6, 0.5], 2, 1, Rule.RESCALE, HAND, RESCALES_POSITIVE),
        ([np.nan, 0.6, 0.5], 2, 1, Rule.HOLD, HAND, HOLDS_POSITIVE),
        ([np.inf, 0.6, 0.5], 2, 1, Rule.RESCALE, HAND, RESCALES_POSITIVE),
        ([1e308, 1e308, 0.5], 2, 1, Rule.RESCALE, HAND, RESCALES_POSITIVE),
        ([-inf, 0.6, 0.5], 2, 1, Rule.HOLD, LOGITS, "“hold p(label)” needs a row of finite logits"),
        ([np.nan, 0.6, 0.5], 2, 1, Rule.RESCALE, LOGITS, "“rescale the rest” needs a row of finite logits"),
    ],
)
def test_a_rule_that_cannot_hold_says_why_and_does_nothing(row, label, column, rule, convention, what):
    state = State(Predictions.of([list(row)], [label]), convention)
    before = state.predictions.probs.tobytes()
    with pytest.raises(Refusal) as caught:
        edit_cell(state, 0, 0, column, 0.25, rule)
    assert caught.value.where == f"class {column + 1}"
    assert caught.value.what == what
    assert caught.value.remedy
    assert state.predictions.probs.tobytes() == before
    assert refusal(np.array(row), label, column, rule, convention) == f"{what}: {caught.value.remedy}"


@pytest.mark.parametrize("value", [-0.01, 0.61, np.nan, inf])
def test_a_value_outside_what_is_left_is_refused(value):
    with pytest.raises(Refusal, match=r"outside 0\.0000 to 0\.6000, all that “hold p\(label\)” leaves"):
        move(ROW, 2, 1, value, Rule.HOLD, HAND)


def test_a_logit_above_what_is_left_is_refused():
    with pytest.raises(Refusal, match=r"outside −∞ to 1\.0986"):
        move(np.array([0.0, log(2), log(3)]), 2, 1, 1.2, Rule.HOLD, LOGITS)


@pytest.mark.parametrize(("label", "column"), [(0, 0), (0, 1), (-1, 1)])
def test_rescaling_needs_no_label_and_no_third_class(label, column):
    assert refusal(np.array([0.4, 0.6]), label, column, Rule.RESCALE, HAND) == ""
    moved = move(np.array([0.4, 0.6]), label, column, 0.25, Rule.RESCALE, HAND)
    assert moved.sum() == pytest.approx(1.0)


def test_only_this_cell_is_never_refused():
    assert refusal(np.array([np.nan, -1.0]), -1, 0, Rule.ONLY, HAND) == ""


@given(moves(masses), st.floats(-1, 2))
def test_what_is_refused_is_exactly_what_is_outside(case, value):
    row, label, column = case
    low, high = span(row, label, column, Rule.HOLD, Convention())
    if low <= value <= high + ENDS * max(1.0, high):
        moved = move(row, label, column, value, Rule.HOLD, Convention())
        assert moved.min() >= 0
        assert moved.sum() == pytest.approx(row.sum(), abs=2 * ENDS * max(1.0, high))
    else:
        with pytest.raises(Refusal, match="outside"):
            move(row, label, column, value, Rule.HOLD, Convention())


def test_a_float32_row_that_sums_to_a_little_less_than_1_can_be_given_a_1():
    row = np.array([0.3, 0.3, 0.3999999])
    assert move(row, 2, 1, 1.0, Rule.RESCALE, HAND).tolist() == [0.0, 1.0, 0.0]
