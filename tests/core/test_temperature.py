"""The best temperature, its three honest ends, and that no temperature changes a prediction."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.heated import Heated
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.temperature import best_temperature, losses, tempered

LOGITS = Convention(Rows.LOGITS)
BOTH = st.sampled_from([Rows.AS_TYPED, Rows.LOGITS])
SHARES = hnp.arrays(float, st.tuples(st.integers(1, 8), st.integers(2, 5)), elements=st.floats(1e-3, 1))


def loss_at(evaluation, temperatures, floor=0.0):
    return losses(Heated(evaluation, floor), temperatures)


def at(cells, labels, convention=None) -> Evaluation:
    return evaluate(Predictions.of(cells, labels), convention or Convention())


def drawn_labels(data, cells):
    return data.draw(st.lists(st.integers(0, cells.shape[1] - 1), min_size=len(cells), max_size=len(cells)))


def slow_loss(z, labels, temperature):
    """The mean of -ln softmax(z / T)[label], row by row."""
    losses = []
    for row, label in zip(z, labels, strict=True):
        scaled = (row - row.max()) / temperature
        losses.append(np.log(np.exp(scaled).sum()) - scaled[label])
    return np.mean(losses)


@given(SHARES, st.data(), BOTH)
def test_nothing_on_a_fine_grid_is_better(cells, data, rows):
    labels = drawn_labels(data, cells)
    z = np.log(cells)
    evaluation = at(z if rows is Rows.LOGITS else cells, labels, Convention(rows))
    found = best_temperature(evaluation)
    grid = np.geomspace(1e-3, 1e3, 241)
    slow = np.array([slow_loss(z, labels, temperature) for temperature in grid])
    assert loss_at(evaluation, grid) == pytest.approx(slow, rel=1e-9, abs=1e-12)
    assert found.loss == pytest.approx(slow_loss(z, labels, 1.0), rel=1e-12, abs=1e-15)
    assert found.least <= slow.min() * (1 + 1e-9) + 1e-12
    assert found.least <= found.loss
    assert 0 <= found.least <= found.loss
    assert loss_at(evaluation, np.array([found.best]))[0] == pytest.approx(found.least, rel=1e-9, abs=1e-12)


@given(SHARES, st.data())
def test_the_ends_are_those_that_the_slopes_say(cells, data):
    labels = drawn_labels(data, cells)
    z = np.log(cells)
    mine = z[np.arange(len(z)), labels]
    best = best_temperature(at(cells, labels)).best
    flat = (cells == cells[:, :1]).all()
    guessing = (z.mean(axis=1) - mine).mean()
    assume(flat or abs(guessing) > 1e-9)
    if flat:
        assert best == 1
    elif (mine == z.max(axis=1)).all():
        assert best == 0
    else:
        assert (best == np.inf) is bool(guessing > 0)
        assert best > 0


@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(1, 6), st.integers(2, 5)),
        elements=st.integers(0, 12).map(lambda k: k / 12) | st.floats(0, 1) | st.sampled_from([np.nan, -0.5]),
    ),
    BOTH,
    st.sampled_from([1e-6, 0.01, 0.5, 0.99, 1.0, 1.01, 3.0, 1e3, 1e5, 1e12]),
    st.sampled_from([np.float16, np.float32, np.float64]),
)
def test_no_temperature_changes_a_prediction(cells, rows, temperature, dtype):
    cells = cells.astype(dtype)
    before = cells.tobytes()
    new = tempered(cells, temperature, rows)
    assert cells.tobytes() == before
    assert new.dtype == cells.dtype
    assert (new.argmax(axis=1) == cells.argmax(axis=1)).all()
    fine = np.isfinite(cells).all(axis=1)
    if rows is Rows.AS_TYPED:
        fine &= (cells >= 0).all(axis=1)
        room = 4 * cells.shape[1] * float(np.finfo(dtype).eps)
        sums, were = (block[fine].astype(float).sum(axis=1) for block in (new, cells))
        assert sums == pytest.approx(were, rel=room, abs=1e-6)
    assert np.isfinite(new[fine]).all()


@given(SHARES, st.data(), BOTH, st.floats(0.2, 5))
def test_tempered_rows_have_the_loss_of_the_curve(cells, data, rows, temperature):
    labels = drawn_labels(data, cells)
    cells = np.log(cells) if rows is Rows.LOGITS else cells / cells.sum(axis=1, keepdims=True)
    new = at(tempered(cells, temperature, rows), labels, Convention(rows))
    expected = loss_at(at(cells, labels, Convention(rows)), np.array([temperature]))[0]
    assert new.tally.loss_mean == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("cells", "labels", "best", "least", "reason"),
    [
        ([[0.6, 0.4], [0.1, 0.9]], [0, 1], 0, 0, "every row is right"),
        ([[0.5, 0.5], [0.1, 0.9]], [1, 1], 0, np.log(2) / 2, "but for ties"),
        ([[0.6, 0.4], [0.9, 0.1]], [1, 1], np.inf, np.log(2), "no better than guessing"),
        ([[0.8, 0.2], [0.8, 0.2]], [0, 1], np.inf, np.log(2), "no better than guessing"),  # as good as it
        ([[0.25, 0.25, 0.25, 0.25]], [2], 1, np.log(4), "no T changes anything"),
        ([[0.5, 0.5], [1.0, 0.0]], [0, 1], np.nan, np.nan, "row 2 gives its label probability 0"),
        ([[0.5, 0.5], [1.5, -0.5]], [0, 0], np.nan, np.nan, "row 2 is not finite or is negative"),
        ([[0.5, 0.5], [np.nan, 0.5]], [0, 1], np.nan, np.nan, "row 2 is not finite or is negative"),
        ([[0.5, 0.5]], [-1], np.nan, np.nan, "no row has a label"),
        ([[0.8, 0.2]] * 5, [0, 0, 0, 0, 1], 1, 0.5004024, "T = 1 is best already"),
    ],
)
def test_ends(cells, labels, best, least, reason):
    found = best_temperature(at(cells, labels))
    assert found.best == pytest.approx(best, nan_ok=True)
    assert found.least == pytest.approx(least, nan_ok=True)
    assert reason in found.reason
    assert np.isnan(found.least) == np.isnan(best)
    if np.isnan(best):
        assert np.isnan(loss_at(at(cells, labels), np.array([1.0]))).all()


def test_limits_are_on_the_curve():
    curve = loss_at(at([[0.6, 0.3, 0.1], [0.5, 0.5, 0.0]], [0, 1]), np.array([0.0, np.inf]))
    # A class without any probability keeps none, however large T is.
    assert curve == pytest.approx([np.log(2) / 2, (np.log(3) + np.log(2)) / 2])
    assert loss_at(at([[0.6, 0.4]], [1]), np.array([0.0])) == [np.inf]


def test_logits_masked_and_broken():
    masked = best_temperature(at([[-np.inf, 1.0, 2.0], [0.0, 3.0, 1.0]], [1, 1], LOGITS))
    seen = best_temperature(at([[-900.0, 1.0, 2.0], [0.0, 3.0, 1.0]], [1, 1], LOGITS))
    assert masked.best == pytest.approx(seen.best, rel=1e-6)
    broken = best_temperature(at([[-np.inf, 1.0], [0.0, np.inf]], [0, 1], LOGITS))
    assert broken.reason == "row 1 is not finite"


def test_a_floor_lets_a_label_without_probability_count():
    evaluation = at([[0.9, 0.1, 0.0], [0.8, 0.1, 0.1]], [2, 0])
    assert np.isnan(best_temperature(evaluation).best)
    assert np.isfinite(best_temperature(evaluation, 1e-15).loss)


def test_unlabelled_rows_do_not_count():
    some = best_temperature(at([[0.8, 0.2], [np.nan, 1], [0.7, 0.3], [0.6, 0.4]], [0, -1, 0, 1]))
    assert some == best_temperature(at([[0.8, 0.2], [0.7, 0.3], [0.6, 0.4]], [0, 0, 1]))


def test_a_spread_of_scales_is_no_trouble():
    rng = np.random.default_rng(4)
    for scale in (1e-9, 1e-3, 1e3, 1e9):
        z, labels = rng.standard_normal((200, 4)), rng.integers(0, 4, 200)
        z[np.arange(200), labels] += 1
        one = best_temperature(at(z, labels, LOGITS))
        other = best_temperature(at(z * scale, labels, LOGITS))
        assert other.best == pytest.approx(one.best * scale, rel=1e-6)
        assert other.least == pytest.approx(one.least, rel=1e-9)


def test_it_stops_on_request():
    with pytest.raises(Stopped):
        best_temperature(at([[0.6, 0.4]], [0]), stop=lambda: True)


@pytest.mark.parametrize(
    ("name", "floor", "best", "removable"), [("mnist", 0.0, 1.17, 0.021), ("20news", 1e-15, 0.83, 0.017)]
)
def test_real_models(shared_data, name, floor, best, removable):
    cells = np.load(shared_data / f"{name}_pred_probs.npy")
    evaluation = at(cells, np.load(shared_data / f"{name}_labels.npy"))
    found = best_temperature(evaluation, floor)
    assert found.best == pytest.approx(best, abs=5e-3)
    assert 1 - found.least / found.loss == pytest.approx(removable, abs=5e-4)
    around = loss_at(evaluation, found.best * np.array([0.999, 1, 1.001]), floor)
    assert around.argmin() == 1
    new = at(tempered(cells, found.best, Rows.AS_TYPED), evaluation.predictions.labels)
    assert new.tally.hits == evaluation.tally.hits
