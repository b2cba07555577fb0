"""A stepped value is the decimal one would have typed, and stays where the edit rule lets it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule, edit_cell
from lossacc_gui.core.state import State
from lossacc_gui.core.stepping import Stepper, Stride


def state(cells, label: int = 0, rows: Rows = Rows.AS_TYPED, dtype=float) -> State:
    return State(Predictions.of(np.array([cells], dtype), np.array([label])), Convention(rows=rows))


def stepper(cells, column: int = 1, rule: Rule = Rule.ONLY, **others) -> Stepper:
    return Stepper.of(state(cells, **others), 0, 0, column, rule)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_steps_are_decimals_and_leave_no_stray_digits(dtype):
    one = stepper([0.5, 0.29, 0.21], dtype=dtype)
    assert one.by(1, Stride.PLAIN) == 0.3
    assert one.by(1, Stride.FINE) == 0.301
    assert one.by(-2, Stride.COARSE) == 0.101


@given(st.lists(st.tuples(st.integers(-3, 3), st.sampled_from(Stride)), max_size=20))
def test_no_number_of_steps_gathers_rounding(steps):
    one = stepper([0.5, 50.0, 0.0])  # far from any end but one
    for count, step in steps:
        one.by(count, step)
    assert one.value == float(50 + sum((count * step.value for count, step in steps), Decimal(0)))


def test_a_probability_stops_at_0_and_1():
    one = stepper([0.5, 0.05, 0.45])
    assert one.by(-1, Stride.COARSE) == 0
    ends = [one.at_end]
    assert one.by(1, Stride.PLAIN) == 0.01  # comes back at once
    ends.append(one.at_end)
    assert one.by(20, Stride.COARSE) == 1
    assert [*ends, one.at_end] == [True, False, True]


@pytest.mark.parametrize(("value", "low", "high"), [(1.4, 0, inf), (-0.2, -inf, 1), (0.0, 0, 1), (1.0, 0, 1)])
def test_what_is_no_probability_already_goes_on_from_there(value, low, high):
    one = stepper([0.5, value, 0.1])
    assert (one.low, one.high) == (low, high)


def test_logits_go_anywhere():
    one = stepper([1.0, -2.0, 0.5], rows=Rows.LOGITS)
    assert one.by(-1, Stride.COARSE) == -2.1
    assert (one.low, one.high) == (-inf, inf)


@pytest.mark.parametrize("rule", [Rule.RESCALE, Rule.HOLD])
def test_a_logit_under_a_rule_stops_before_the_others_are_minus_infinity(rule):
    held = state([1.0, -2.0, 0.5], rows=Rows.LOGITS)
    one = Stepper.of(held, 0, 0, 1, rule)
    value = one.by(100, Stride.COARSE)
    edit_cell(held, 0, 0, 1, value, rule).apply(held)
    assert np.isfinite(held.predictions.probs).all()


def test_the_rule_s_range_is_where_it_goes():
    one = stepper([0.2, 0.3, 0.5], rule=Rule.HOLD)
    assert one.by(100, Stride.COARSE) == 0.8
    assert one.by(-100, Stride.COARSE) == 0


def test_what_the_rule_cannot_do_is_refused():
    with pytest.raises(Refusal, match="label's own cell"):
        stepper([0.2, 0.3, 0.5], column=0, rule=Rule.HOLD)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_has_no_next_number_is_refused(value):
    with pytest.raises(Refusal, match="no next value"):
        stepper([0.5, value, 0.1])


def test_a_hand_is_followed_past_the_end_and_back():
    one = stepper([0.5, 0.3, 0.2])
    assert one.pulled(0.1049, Stride.PLAIN) == 0.4
    assert one.pulled(0.0002, Stride.PLAIN) == 0.41  # what it moved before was not lost
    assert one.pulled(3, Stride.PLAIN) == 1
    assert one.pulled(-2.9, Stride.PLAIN) == 0.51  # its bar is under the hand again
    assert one.pulled(0.004, Stride.FINE) == 0.509


def test_a_hand_that_comes_back_finds_the_value_it_took():
    one = stepper([0.5, 0.123456789, 0.2])
    one.pulled(0.2, Stride.PLAIN)
    assert one.pulled(-0.2, Stride.PLAIN) == 0.123456789


def test_a_negative_cell_is_refused_under_a_rule_that_scales():
    held = state([0.5, -0.3, 0.2])
    with pytest.raises(Refusal, match="not negative"):
        Stepper.of(replace(held), 0, 0, 0, Rule.RESCALE)
