"""Each question's answer does what its sentence says, and what cannot be says why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lossacc_gui.core import questions
from lossacc_gui.core.convention import Base, Convention, Reduction, Rows
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.exchange import exchange_range
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.moves import why_not
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.state import State
from tests.core.strategies import CONVENTIONS, predictions

CELLS = [[0.2, 0.5, 0.3], [0.3, 0.3, 0.4], [0.6, 0.3, 0.1]]
LABELS = [2, 1, 0]


def state(cells=CELLS, labels=LABELS, convention=None, dtype=np.float64) -> State:
    return State(Predictions.of(np.array(cells, dtype), labels), convention or Convention())


def evaluated(held: State) -> Evaluation:
    return evaluate(held.predictions, held.convention)


def after(held: State, answer: questions.Answer) -> Evaluation:
    answer.edit.apply(held)
    return evaluated(held)


@pytest.mark.parametrize(("row", "least"), [(0, "0.1000"), (2, "0.1500")])
def test_a_flip_says_how_little_it_took(row, least):
    held = state()
    before = evaluated(held)
    answer = questions.flip(before, row)
    assert f"{least} of its probability had to change places" in answer.says
    assert answer.what == f"Flip row {row + 1}"
    now = after(held, answer)
    assert now.stats.has(Flag.HIT)[row] != before.stats.has(Flag.HIT)[row]


def test_a_flip_of_logits_speaks_of_logits():
    held = state([[1.0, 3.0], [0.0, 1.0]], [0, 1], Convention(Rows.LOGITS))
    answer = questions.flip(evaluated(held), 0)
    assert (
        answer.says == "No smaller move does it: the label's logit had to pass that of class 1, 2.0000 away."
    )
    assert after(held, answer).tally.hits == 2


def test_what_cannot_be_flipped_names_the_row():
    held = state(labels=[-1, 1, 0])
    with pytest.raises(Refusal, match="row 1: it has no label"):
        questions.flip(evaluated(held), 0)


@given(predictions(), st.sampled_from(CONVENTIONS), st.booleans(), st.data())
def test_a_turned_row_keeps_its_loss(held, convention, right, data):
    row = data.draw(st.integers(0, held.rows - 1))
    now = State(held, convention)
    before = evaluated(now)
    if why_not(before, row, right):
        with pytest.raises(Refusal, match=f"^row {row + 1}: "):
            questions.turn(before, row, right)
        return
    try:
        answer = questions.turn(before, row, right)
    except Refusal as reason:
        assume("to the last bit" not in str(reason))
        raise
    new = after(now, answer)
    assert new.tally.loss == before.tally.loss
    assert new.stats.has(Flag.HIT)[row] == right


@pytest.mark.parametrize("right", [True, False])
def test_pushing_says_that_it_is_an_end(right):
    held = state([[0.4, 0.35, 0.25], [0.2, 0.45, 0.35]], [0, 2])
    before = evaluated(held)
    answer = questions.push_accuracy(before, right)
    assert answer.says == f"This is the {'highest' if right else 'lowest'} accuracy at these row losses."
    now = after(held, answer)
    assert now.tally.hits == (2 if right else 0)
    assert now.tally.loss == before.tally.loss
    with pytest.raises(Refusal, match="no more rows can be"):
        questions.push_accuracy(now, right)


def test_what_rounding_keeps_back_is_counted():
    cells = np.random.default_rng(0).dirichlet(np.ones(6), 300).astype(np.float16)
    held = state(cells, np.arange(300) % 6, Convention(Rows.NORMALISED), np.float16)
    answer = questions.push_accuracy(evaluated(held), right=True)
    assert "more could follow, but no float16 cells keep" in answer.says


@given(st.floats(0, 1))
def test_give_and_take_keeps_the_mean(share):
    held = state()
    before = evaluated(held)
    low, high = exchange_range(before, 0, 2)
    answer = questions.give_and_take(before, 0, 2, low + share * (high - low))
    told = questions.outcome(before, answer, np.array([0, 2]))
    now = after(held, answer)
    assert now.tally.loss_mean == pytest.approx(before.tally.loss_mean, rel=1e-12)
    for line, row in zip(told, (0, 2), strict=True):
        assert line.startswith(f"row {row + 1}: loss {before.stats.loss[row]:.4f}")
        assert line.endswith("right" if now.stats.has(Flag.HIT)[row] else "wrong")
        assert f"→ {now.stats.loss[row]:.4f}" in line or now.stats.loss[row] < 1e-4


def test_a_factor_outside_its_range_is_refused():
    with pytest.raises(Refusal, match="outside"):
        questions.give_and_take(evaluated(state()), 0, 2, 1000.0)
    with pytest.raises(Refusal, match="two rows"):
        questions.give_and_take(evaluated(state()), 1, 1, 1.0)


UNITS = [
    Convention(),
    Convention(base=Base.BITS),
    Convention(reduction=Reduction.SUM),
    Convention(Rows.NORMALISED, base=Base.BITS, reduction=Reduction.SUM),
    Convention(Rows.LOGITS),
]


@given(st.sampled_from(UNITS), st.integers(0, 3), st.floats(0, 1), st.integers(0, 5))
def test_a_matrix_is_built_where_it_was_asked_for(convention, hits, share, seed):
    held = state(convention=convention)
    before = evaluated(held)
    low, high = questions.reachable(before, hits)
    loss = low + share * (min(high, 3 * before.tally.rows) - low)
    assume(low < loss < high)
    now = after(held, questions.build(held, before, loss, hits, seed))
    assert now.tally.hits == hits
    assert CROSS_ENTROPY.of(now.tally, convention).value == pytest.approx(loss, rel=1e-8, abs=1e-12)
    assert now.predictions.labels.tolist() == LABELS


def test_what_no_matrix_can_be_names_the_bound():
    held = state()
    with pytest.raises(Refusal, match=r"with 0 of 3 rows right it is 0\.6931 or more"):
        questions.build(held, evaluated(held), 0.1, 0)


def test_building_keeps_the_other_epochs_and_says_a_new_dtype():
    cells = np.array([CELLS, CELLS], np.float32)
    held = State(Predictions.of(cells, LABELS), Convention())
    answer = questions.build(held, evaluated(held), 1.0, 2)
    assert "its cells are float64; they were float32" in answer.says.lower()
    answer.edit.apply(held)
    assert held.predictions.probs[1].tolist() == cells[1].tolist()
