"""The bars of one row: which there are, how far each may go, and where the smallest flip takes them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Convention, preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.row_bars import MOST, row_bars
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.rules import Rule, edit_cell
from lossacc_gui.core.scene import Scene, Sets
from tests.core import strategies


def scene(probs, labels, row=0, column=0, rule=Rule.ONLY, convention=None, **more) -> Scene:
    evaluation = evaluate(Predictions.of(probs, labels), convention or Convention())
    return Scene(evaluation, row, column, rule, (), 0, **more)


def test_few_classes_have_a_bar_each():
    made = row_bars(scene([[0.2, 0.5, 0.3]], [2], column=1))
    assert [(bar.column, bar.value) for bar in made.bars] == [(0, 0.2), (1, 0.5), (2, 0.3)]
    assert (made.label, made.prediction, made.column, made.right) == (2, 1, 1, False)
    assert (made.low, made.high, made.others) == (0, 1, 0)


@given(st.integers(MOST + 1, 60), st.data())
def test_of_many_the_largest_have_one_and_label_and_current_class_always(classes, data):
    label, column = (data.draw(st.integers(0, classes - 1)) for _ in range(2))
    cells = np.random.default_rng(data.draw(st.integers(0, 99))).dirichlet(np.ones(classes))
    made = row_bars(scene([cells], [label], column=column))
    columns = [bar.column for bar in made.bars]
    assert len(columns) == MOST
    assert columns == sorted(columns)
    assert {label, column} <= set(columns)
    rest = set(columns) - {label, column}
    assert rest == set(np.argsort(-cells)[: len(rest) + 2].tolist()) & rest
    assert made.others == classes - MOST
    assert int(cells.argmax()) in columns


def test_while_a_bar_is_dragged_the_choice_and_the_axis_stand_still():
    cells = np.random.default_rng(1).dirichlet(np.ones(40))
    before = row_bars(scene([cells], [3], column=5))
    moved = cells.copy()
    moved[5] = 1.7
    after = row_bars(scene([moved], [3], column=5, origin=cells, dragged=Sets.CELL))
    assert [bar.column for bar in after.bars] == [bar.column for bar in before.bars]
    assert (after.low, after.high) == (before.low, before.high)
    assert after.bars[[bar.column for bar in after.bars].index(5)].value == 1.7


@given(strategies.states(), st.sampled_from(Rule), st.data())
def test_a_bar_can_go_wherever_the_rule_lets_it_and_says_why_not(state, rule, data):
    row = data.draw(st.integers(0, state.predictions.rows - 1))
    made = row_bars(Scene(evaluate(state.predictions, state.convention), row, 0, rule, (), 0))
    for bar in made.bars:
        if bar.fixed:
            with pytest.raises(Refusal):
                edit_cell(state, 0, row, bar.column, bar.value, rule)
        else:
            edit_cell(state, 0, row, bar.column, bar.high, rule)  # no refusal
            assert bar.low <= bar.high


@given(strategies.predictions(values=strategies.tame), st.data())
def test_after_the_smallest_flip_the_row_has_flipped(held, data):
    row = data.draw(st.integers(0, held.rows - 1))
    evaluation = evaluate(held, Convention())
    made = row_bars(Scene(evaluation, row, 0, Rule.ONLY, (), 0))
    moves = {bar.column: bar.flipped for bar in made.bars if bar.flipped is not None}
    if not moves:
        return
    held.probs[0, row, list(moves)] = list(moves.values())
    evaluation.refresh(np.array([row]))
    assert bool(evaluation.stats.flags[row] & Flag.HIT) is not made.right


def test_the_reading_says_what_it_would_take():
    said = row_bars(scene([[0.2, 0.5, 0.3]], [2])).reading
    assert "makes it right moves 0.10 from class to class" in said
    said = row_bars(scene([[0.2, 0.5, 0.3]], [1])).reading
    assert "which is its label" in said
    assert "makes it wrong moves 0.10" in said
    said = row_bars(scene([[1.0, 3.0, 0.0]], [0], convention=preset("pytorch_logits"))).reading
    assert "moves the label's logit by 2.00" in said
    assert row_bars(scene([[0.2, 0.8]], [-1])).reading.endswith("It has no label.")
    assert "No smallest flip" in row_bars(scene([[0.0, 0.0]], [1])).reading
    assert row_bars(scene([[0.2, 0.8]], [0], row=-1)).empty


@pytest.mark.parametrize(
    ("cells", "ends"),
    [
        ([0.5, 1.7], (0, 2.0)),
        ([-0.3, 0.5], (-0.3, 1.0)),
        ([np.nan, np.inf], (0, 1)),
        ([0.0, 0.0], (0, 1)),
        ([5e-324, 0.0], (0, 1)),
        ([0.2, 0.0], (0, 1)),
        ([0.0023, 0.001], (0, 0.005)),
    ],
)
def test_the_axis_holds_what_is_typed(cells, ends):
    made = row_bars(scene([cells], [0]))
    assert (made.low, made.high) == pytest.approx(ends)


def test_small_bars_are_drawn_to_a_scale_that_is_said():
    small = row_bars(scene([np.full(1000, 0.001)], [0]))
    assert (small.low, small.high, small.hint) == (0, 0.002, "the bars end at 0.002")
    assert row_bars(scene([[0.2, 0.8]], [0])).hint == ""


def test_logits_have_room_at_both_ends():
    made = row_bars(scene([[-2.0, 3.0]], [0], convention=preset("pytorch_logits")))
    assert (made.low, made.high) == (-6, 7)
    assert made.bars[0].low == -np.inf
