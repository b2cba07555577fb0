"""Shares and means in the views count rows as the tile does: by their weights, against a slow computation."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss

from lossacc_gui.core.class_table import class_table
from lossacc_gui.core.compare import compare
from lossacc_gui.core.convention import Convention, Divisor, Reduction
from lossacc_gui.core.curves.loss_rows import LossRows
from lossacc_gui.core.curves.row_losses import ROW_LOSSES
from lossacc_gui.core.curves.surprise import SURPRISE
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import number, share
from tests.thorough import examples

CLASS_WEIGHTS = (0.5, 2.0, 0.0)


def seen(cells, labels, weights=None, convention=None, **more) -> Scene:
    predictions = Predictions.of(np.asarray(cells, float), labels)
    if weights is not None:
        predictions = replace(predictions, weights=np.array(weights, float))
    return Scene(evaluate(predictions, convention or Convention()), 0, 0, Rule.ONLY, [], 0, **more)


def random(rows, seed, **how) -> Scene:
    draw = np.random.default_rng(seed)
    weights = draw.choice([0.0, 0.25, 1.0, 7.5], rows)
    weights[0] = 1.0
    labels = draw.integers(0, 3, rows)
    labels[0] = 0
    return seen(draw.dirichlet(np.ones(3), rows), labels, weights, Convention(weights=CLASS_WEIGHTS, **how))


def slow(scene: Scene) -> list[tuple[float, float, bool]]:
    """Loss, weight and whether it is right, row by row, in plain Python."""
    found = []
    predictions = scene.predictions
    assert predictions.weights is not None
    for i, label in enumerate(predictions.labels.tolist()):
        cells = predictions.probs[0, i].tolist()
        weight = CLASS_WEIGHTS[label] * float(predictions.weights[i])
        found.append((float(-np.log(cells[label])), weight, cells.index(max(cells)) == label))
    return found


@given(st.integers(2, 60), st.integers(0, 99))
@examples(40)
def test_the_worst_row_is_the_one_that_adds_most_by_its_weight(count, seed):
    made = random(count, seed)
    added = [loss * weight for loss, weight, _ in slow(made)]
    worst = max(range(count), key=added.__getitem__)
    reading = ROW_LOSSES.draw(made).reading
    assert reading.startswith(
        f"The worst row, row {worst + 1}, carries {share(added[worst] / sum(added))} of the loss."
    )
    assert reading.endswith("Rows count by their weights.")


@given(st.integers(100, 700), st.integers(0, 99))
@examples(30)
def test_the_worst_hundredth_is_of_what_rows_add(count, seed):
    made = random(count, seed)
    added = sorted((loss * weight for loss, weight, _ in slow(made)), reverse=True)
    part = sum(added[: -(-count // 100)]) / sum(added)
    assert LossRows(made).concentration[0] == pytest.approx(part, rel=1e-12)
    assert f"carry {share(part)} of the loss" in ROW_LOSSES.draw(made).reading


@given(st.integers(2, 200), st.integers(0, 99))
@examples(40)
def test_what_right_and_wrong_rows_cost_is_by_weight(count, seed):
    made = random(count, seed)
    rows, reading = slow(made), SURPRISE.draw(made).reading
    total = sum(loss * weight for loss, weight, _ in rows)
    sides = [[(loss, weight) for loss, weight, hit in rows if hit is side] for side in (True, False)]
    sums = [(sum(a * b for a, b in some), sum(b for _, b in some)) for some in sides]
    means = [cost / mass if mass else float("nan") for cost, mass in sums]
    if all(sides):
        assert reading.startswith(
            f"A right row costs {number(means[0])} on average, a wrong one {number(means[1])}."
        )
        assert re.search(rf"carr(y|ies) {share(round(sums[1][0] / total, 12))} of the loss", reading)
    else:
        assert number(CROSS_ENTROPY.of(made.evaluation.tally, made.convention).value) in reading


def test_a_row_of_weight_0_carries_nothing_even_if_its_loss_is_infinite():
    made = seen([[0.0, 1.0], [0.9, 0.1], [0.2, 0.8]], [0, 0, 0], [0.0, 1.0, 1.0])
    assert ROW_LOSSES.draw(made).reading.startswith("The worst row, row 3, carries 93.9% of the loss.")
    assert "carry 93.9% of the loss" in SURPRISE.draw(made).reading
    heavy = seen([[0.0, 1.0], [0.9, 0.1]], [0, 0], [2.0, 1.0])
    assert "loss of row 1 is infinite, and with it the whole" in ROW_LOSSES.draw(heavy).reading


@pytest.mark.parametrize("curve", [ROW_LOSSES, SURPRISE], ids=lambda curve: curve.key)
def test_rows_that_all_weigh_the_same_read_as_if_none_had_a_weight(curve):
    draw = np.random.default_rng(4)
    cells, labels = draw.dirichlet(np.ones(3), 40), draw.integers(0, 3, 40)
    plain, alike = (curve.draw(seen(cells, labels, weights)).reading for weights in (None, np.full(40, 2.5)))
    assert alike == f"{plain} Rows count by their weights."


def test_a_classs_share_of_the_loss_is_by_the_weights_of_its_rows():
    made = random(80, 5)
    rows, labels = slow(made), made.predictions.labels.tolist()
    total = sum(loss * weight for loss, weight, _ in rows)
    parts = [
        sum(loss * weight for (loss, weight, _), its in zip(rows, labels, strict=True) if its == c) / total
        for c in range(3)
    ]
    assert class_table(made).share == pytest.approx(np.array(parts))


@pytest.mark.parametrize("divisor", Divisor)
@pytest.mark.parametrize("reduction", Reduction)
def test_now_is_the_number_of_the_tile_and_the_libraries_count_by_the_same_weights(divisor, reduction):
    made = random(70, 6, divisor=divisor, reduction=reduction)
    found = compare(made)
    assert found.now == CROSS_ENTROPY.of(made.evaluation.tally, made.convention).value
    entries = {entry.title: entry for entry in found.entries}
    for title, its in (("By hand", Divisor.WEIGHTS), ("Keras", Divisor.ROWS)):  # no row is clipped
        wanted = CROSS_ENTROPY.of(made.evaluation.tally, replace(made.convention, divisor=its)).value
        assert entries[title].value == pytest.approx(wanted, rel=1e-9)
        apart = reduction is Reduction.MEAN and divisor is not its
        assert (its.value in entries[title].why) is apart
        assert (entries[title].difference == 0) is not apart


def test_with_weights_scikit_learn_agrees():
    draw = np.random.default_rng(8)
    cells, labels, weights = draw.dirichlet(np.ones(3), 50), draw.integers(0, 3, 50), draw.random(50)
    cells[3] = np.eye(3)[(labels[3] + 1) % 3]  # its label gets 0, which scikit-learn clips
    entries = {entry.title: entry.value for entry in compare(seen(cells, labels, weights)).entries}
    assert entries["scikit-learn"] == pytest.approx(log_loss(labels, cells, sample_weight=weights))
    assert entries["By hand"] == np.inf


def test_of_a_filter_now_is_the_number_of_the_listed_rows():
    made = random(60, 7)
    shown = np.array([0, 5, 17, 31])
    found = compare(replace(made, shown=shown))
    assert found.now == CROSS_ENTROPY.of(made.evaluation.tally_of(shown), made.convention).value


def test_the_row_that_is_named_is_the_one_that_moves_the_number_most():
    cells = [[0.5, 0.6], [0.1, 0.1], [0.5, 0.5]]  # the second differs most by itself, and weighs nothing
    found = compare(seen(cells, [0, 0, 0], [1.0, 0.0, 1.0]))
    entry = next(entry for entry in found.entries if entry.title == "Keras")
    assert (entry.row, entry.differ) == (0, 1)


def test_where_nothing_counts_the_comparison_says_so():
    assert re.search("weight 0", compare(seen([[0.5, 0.5]], [0], [0.0])).empty)
