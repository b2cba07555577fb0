"""The loss at many temperatures, with weights, smoothed labels and a filter, row by row in plain Python."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import DTYPE_EPS, LOG_CLAMP, Convention, Divisor, Reduction, Rows
from lossacc_gui.core.curves.curve import Line, Role
from lossacc_gui.core.curves.temperature import TEMPERATURE
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.heated import Heated, chains
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.temperature import look, losses
from tests.thorough import examples

conventions = st.builds(
    Convention,
    st.sampled_from([Rows.AS_TYPED, Rows.NORMALISED, Rows.LOGITS]),
    weights=st.none() | st.tuples(*[st.sampled_from([0.0, 0.5, 1.0, 3.0])] * 3).filter(any),
    smoothing=st.sampled_from([0.0, 0.1, 0.5]),
    divisor=st.sampled_from(list(Divisor)),
    reduction=st.sampled_from(list(Reduction)),
)


def made(rows, seed, convention, weighted):
    draw = np.random.default_rng(seed)
    cells = draw.dirichlet(np.ones(3), rows)
    if convention.rows is Rows.LOGITS:
        cells = 2 * draw.normal(size=(rows, 3))
    weights = draw.choice([0.0, 1.0, 2.5], rows) if weighted else None
    labels = draw.integers(-1, 3, rows)
    labels[:3] = 0, 1, 2
    return Predictions.of(cells, labels, weights=weights)


def slow(predictions, convention, temperature, rows):
    """Weighted losses and weights of labelled rows, each by its own softmax of z / T."""
    total, mass, count = 0.0, 0.0, 0
    for i in rows:
        label = int(predictions.labels[i])
        if label < 0:
            continue
        count += 1
        cells = predictions.probs[0, i].tolist()
        z = [(c if convention.rows is Rows.LOGITS else log(c)) / temperature for c in cells]
        level = log(sum(exp(one) for one in z))
        each = [level - one for one in z]
        loss = (1 - convention.smoothing) * each[label] + convention.smoothing * sum(each) / len(each)
        weight = 1.0 if predictions.weights is None else float(predictions.weights[i])
        weight *= 1.0 if convention.weights is None else convention.weights[label]
        total, mass = total + weight * loss, mass + weight
    return total, mass, count


@given(st.integers(4, 30), st.integers(0, 99), conventions, st.booleans(), st.booleans())
@examples(60)
def test_the_curve_counts_weights_and_smoothing_of_the_rows_that_are_shown(
    rows, seed, convention, weighted, filtered
):
    predictions = made(rows, seed, convention, weighted)
    shown = np.flatnonzero(np.arange(rows) % 2 == 0) if filtered else None
    evaluation = evaluate(predictions, convention)
    drawn = TEMPERATURE.draw(Scene(evaluation, 0, 0, Rule.ONLY, [], 0, shown=shown))
    lines = [m for m in drawn.marks if isinstance(m, Line) and m.role is Role.LOSS]
    among = range(rows) if shown is None else shown.tolist()
    _, mass, count = slow(predictions, convention, 1.0, among)
    if not mass:
        assert not lines
        return
    divisor = 1.0 if convention.reduction is Reduction.SUM else mass
    weighed = weighted or convention.weights is not None
    if convention.reduction is Reduction.MEAN and convention.divisor is Divisor.ROWS and weighed:
        divisor = count
    for x, y in list(zip(lines[0].x, lines[0].y, strict=True))[::7]:
        expected = slow(predictions, convention, 10.0**x, among)[0] / divisor
        assert y == pytest.approx(expected, rel=1e-9)
    if filtered:
        assert "rows are listed" in drawn.reading


CLIPS = [(1e-7, False), (1e-15, True), (DTYPE_EPS, False), (LOG_CLAMP, False)]


@pytest.mark.parametrize("rows", [Rows.AS_TYPED, Rows.NORMALISED])
@pytest.mark.parametrize(("clip", "first"), CLIPS)
def test_the_curve_is_what_the_tile_says_at_each_temperature_of_labels_that_get_0(clip, first, rows):
    draw = np.random.default_rng(4)
    cells, labels = draw.dirichlet(np.ones(3), 60), draw.integers(0, 3, 60)
    cells[:9] = np.eye(3)[(labels[:9] + 1) % 3]
    convention = Convention(rows, clip, clip_first=first)
    held = Predictions.of(cells, labels)
    heated = Heated(evaluate(held, convention), convention.eps(cells.dtype))
    for temperature in (0.25, 0.8, 1.3, 5.0):
        hot = replace(convention, temperature=temperature)
        tile = CROSS_ENTROPY.of(evaluate(held, hot).tally, hot).value
        assert losses(heated, np.array([temperature]))[0] == pytest.approx(tile, rel=1e-12)


@given(st.integers(4, 40), st.integers(0, 99), conventions)
@examples(40)
def test_no_temperature_of_a_grid_is_better_than_the_best(rows, seed, convention):
    heated = Heated(evaluate(made(rows, seed, convention, True), convention))
    grid = np.geomspace(0.01, 100, 121)
    best, seen = look(heated, grid)
    if np.isnan(best.best):
        assert np.isnan(seen).all()
        return
    assert best.least <= seen.min() * (1 + 1e-9) + 1e-12
    assert losses(heated, np.array([best.best]))[0] == pytest.approx(best.least, rel=1e-9, abs=1e-12)


def test_some_rows_asked_first_and_pieces_in_threads_change_no_best(monkeypatch):
    convention = Convention(Rows.LOGITS, weights=(0.5, 1.0, 3.0))
    evaluation = evaluate(made(3_000, 5, convention, True), convention)
    grid = np.geomspace(0.1, 10, 9)
    plain, seen = look(Heated(evaluation), grid)
    passes: list[float] = []
    monkeypatch.setattr("lossacc_gui.core.temperature.MANY_ROWS", 300)
    monkeypatch.setattr("lossacc_gui.core.heated.PIECE_CELLS", 300)
    best, again = look(Heated(evaluation, reached=lambda share: passes.append(share == 0)), grid)
    assert best.best == pytest.approx(plain.best, rel=1e-7)
    assert best.least == pytest.approx(plain.least, rel=1e-12)
    assert again == pytest.approx(seen, rel=1e-12)
    assert sum(passes) < 12  # most of them over one row in 16


def test_rows_that_say_nothing_by_themselves_do_not_spoil_the_others(monkeypatch):
    monkeypatch.setattr("lossacc_gui.core.temperature.MANY_ROWS", 4)
    predictions = made(160, 3, Convention(), False)
    unlabelled = predictions.labels.copy()
    unlabelled[::16] = -1  # those that are asked first
    evaluation = evaluate(replace(predictions, labels=unlabelled), Convention())
    assert np.isfinite(look(Heated(evaluation), np.ones(1))[0].loss)


@given(st.lists(st.sampled_from([0.1, 0.3, 0.5, 0.7, 1.0, 1.4]), min_size=1, max_size=6), st.integers(1, 6))
def test_doubled_temperatures_are_squared_powers_to_within_rounding(starts, doublings):
    betas = np.array([start * 2.0**k for start in starts for k in range(doublings)])
    assert sorted(i for chain in chains(betas) for i in chain) == list(range(len(betas)))
    heated = Heated(evaluate(made(12, 1, Convention(Rows.LOGITS), True), Convention(Rows.LOGITS)))
    one_by_one = [heated.losses(np.array([beta]))[0] for beta in betas]
    assert heated.losses(betas) == pytest.approx(one_by_one, rel=1e-12)


def test_a_far_and_steep_minimum_takes_few_steps():
    draw = np.random.default_rng(0)
    z, labels = 40 * draw.normal(size=(400, 3)), draw.integers(0, 3, 400)
    z[np.arange(400), labels] += 160
    passes: list[float] = []
    heated = Heated(evaluate(Predictions.of(z, labels), Convention(Rows.LOGITS)), reached=passes.append)
    best = look(heated, np.empty(0))[0]
    around = losses(heated, best.best * np.array([0.999, 1.0, 1.001]))
    assert around.argmin() == 1
    assert len(passes) < 25


def test_a_row_that_weighs_nothing_spoils_nothing():
    cells, labels = [[0.0, 1.0], [0.7, 0.3]], [0, 0]
    spoiled = look(Heated(evaluate(Predictions.of(cells, labels), Convention())), np.ones(1))
    assert spoiled[0].reason == "row 1 gives its label probability 0"
    fine = Predictions.of(cells, labels, weights=[0, 1])
    assert look(Heated(evaluate(fine, Convention())), np.ones(1))[1] == pytest.approx(-log(0.7))


def test_progress_only_rises_and_a_stop_is_obeyed():
    sure = Predictions.of([[0.99, 0.01]] * 8 + [[0.01, 0.99]] * 2, [0] * 10)  # has a best T to be looked for
    scene = Scene(evaluate(sure, Convention()), 0, 0, Rule.ONLY, [], 0)
    heard: list[float] = []
    TEMPERATURE.draw(replace(scene, report=heard.append))
    assert heard == sorted(heard)
    assert 0 <= heard[0] < heard[-1] <= 1
    with pytest.raises(Stopped):
        TEMPERATURE.draw(replace(scene, stop=lambda: True))
