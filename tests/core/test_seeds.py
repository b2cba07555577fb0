"""The matrices the program grew from (SEMANTICS section 2), to the digits they are known by."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.convention import Convention, Reduction, preset
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.metrics import METRICS
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule, edit_cell
from lossacc_gui.core.state import State

SEED_A = [[0.5, 0.1, 0.2], [0.1, 0.7, 0.3], [0.2, 0.7, 0.2]], [0, 1, 1]
SEED_B = [[0.3, 0.5, 0.1], [0.2, 0.5, 0.4], [0.3, 0.5, 0.2]], [0, 2, 1]
SEED_C = [[0.3, 0.5, 0.1], [0.2, 0.3, 0.4], [0.3, 0.5, 0.2]], [0, 2, 1]
WINDOW = [[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.3, 0.5, 0.2]], [0, 2, 1]
DYADIC = [[0.3125, 0.5, 0.1875], [0.53125, 0.03125, 0.4375], [0.3125, 0.5, 0.1875]], [0, 2, 1]


def read(seed, convention: Convention) -> dict[str, float | None]:
    tally = evaluate(Predictions.of(*seed), convention).tally
    return {metric.key: metric.of(tally, convention).value for metric in METRICS}


@pytest.mark.parametrize(
    ("seed", "key", "loss", "accuracy"),
    [
        (SEED_A, "by_hand", 0.468832, 1),
        (SEED_A, "keras", 0.457991, 1),
        (SEED_B, "by_hand", 0.937804, 1 / 3),
        (SEED_B, "sklearn", 0.937804, 1 / 3),
        (SEED_B, "pytorch_nll", 0.937804, 1 / 3),
        (SEED_B, "keras", 0.934453, 1 / 3),
        (SEED_C, "by_hand", 0.937804, 2 / 3),
        (SEED_C, "sklearn", 0.937804, 2 / 3),
        (SEED_C, "keras", 0.867563, 2 / 3),
        (WINDOW, "by_hand", 0.937804, 1 / 3),
        (WINDOW, "keras", 0.937804, 1 / 3),
        (SEED_B, "pytorch_logits", 1.041550, 1 / 3),
        (SEED_C, "pytorch_logits", 1.017892, 2 / 3),
    ],
)
def test_known_figures(seed, key, loss, accuracy):
    values = read(seed, preset(key))
    assert values["cross_entropy"] == pytest.approx(loss, abs=5.1e-7)
    assert values["accuracy"] == pytest.approx(accuracy, rel=1e-15)


@pytest.mark.parametrize(("seed", "total"), [(SEED_A, 1.406497), (SEED_B, 2.813411), (SEED_C, 2.813411)])
def test_sums(seed, total):
    assert read(seed, Convention(reduction=Reduction.SUM))["cross_entropy"] == pytest.approx(total, abs=5e-7)


def moved(seed, column: int, value: float) -> tuple[Evaluation, Evaluation, Predictions]:
    """Before and after one cell of row 2 moves while p(label) is held."""
    state = State(Predictions.of(*seed))
    before = evaluate(state.predictions, state.convention)
    edit_cell(state, 0, 1, column, value, Rule.HOLD).apply(state)
    return before, evaluate(state.predictions, state.convention), state.predictions


def test_the_windows_first_edit_keeps_the_loss_to_the_last_bit():
    before, after, predictions = moved(WINDOW, 1, 0.3)
    assert predictions.probs[0, 1].tolist() == [0.3, 0.3, 0.4]
    assert after.tally.loss == before.tally.loss
    assert after.tally.loss_mean == before.tally.loss_mean
    assert (before.tally.hits, after.tally.hits) == (1, 2)


@pytest.mark.parametrize("key", ["by_hand", "sklearn", "keras", "pytorch_nll"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dyadic_edit_keeps_the_loss_in_every_convention(key, dtype):
    rows, labels = DYADIC
    changed = [rows[0], [0.25, 0.3125, 0.4375], rows[2]]
    before = evaluate(Predictions.of(np.array(rows, dtype), labels), preset(key)).tally
    after = evaluate(Predictions.of(np.array(changed, dtype), labels), preset(key)).tally
    assert after.loss == before.loss
    assert before.loss_mean == pytest.approx(0.8943255, abs=5e-8)
    assert (before.hits, after.hits) == (1, 2)


def test_a_loss_above_1_allows_nine_rows_of_ten_to_be_right():
    rows = [[0.9, 0.1]] * 9 + [[1e-6, 1 - 1e-6]]
    values = read((rows, [0] * 10), Convention())
    assert values["cross_entropy"] == pytest.approx(1.4764, abs=5e-5)
    assert values["accuracy"] == 0.9


def test_the_seeds_accuracy_at_these_losses_is_0_to_2_of_3():
    tally = evaluate(Predictions.of(*WINDOW), Convention()).tally
    assert (tally.must_be_right, tally.can_be_right) == (0, 2)
