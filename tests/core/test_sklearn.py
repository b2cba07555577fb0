"""scikit-learn as a reference: the same number for any matrix it takes."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from tests.core.strategies import cells

metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn")

WITHIN = {np.float32: 1e-6, np.float64: 1e-14}
inside = st.integers(0, 16).map(lambda k: k / 16) | st.floats(0, 1) | st.sampled_from([1e-7, 1e-20, 5e-324])


@st.composite
def labelled(draw, values=inside, fewest=2):
    shape = (draw(st.integers(1, 12)), draw(st.integers(fewest, 8)))
    matrix = draw(cells(shape, values, draw(st.sampled_from(list(WITHIN)))))
    labels = draw(st.lists(st.integers(0, shape[1] - 1), min_size=shape[0], max_size=shape[0]))
    return matrix, labels


def log_loss(matrix, labels, **options) -> float:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The y_prob values do not sum to one")
        warnings.filterwarnings("ignore", "The y_pred values do not sum to one")
        return float(metrics.log_loss(labels, matrix, labels=range(matrix.shape[1]), **options))


@given(labelled())
def test_log_loss(case):
    matrix, labels = case
    tally = evaluate(Predictions.of(matrix, labels), preset("sklearn")).tally
    within = WITHIN[matrix.dtype.type]
    assert tally.loss_mean == pytest.approx(log_loss(matrix, labels), rel=within)
    assert tally.loss_sum == pytest.approx(log_loss(matrix, labels, normalize=False), rel=within)


@given(labelled())
def test_accuracy_score(case):
    matrix, labels = case
    tally = evaluate(Predictions.of(matrix, labels), preset("sklearn")).tally
    assert tally.hits / tally.rows == metrics.accuracy_score(labels, matrix.argmax(axis=1))


@given(labelled())
def test_one_row_off_is_what_scikit_learn_warns_of(case):
    matrix, labels = case
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        metrics.log_loss(labels, matrix, labels=range(matrix.shape[1]))
    warned = any("sum to one" in str(warning.message) for warning in caught)
    total = matrix.astype(np.float64).sum(axis=1)
    border = np.abs(np.abs(total - 1) - (np.sqrt(np.finfo(matrix.dtype).eps) + 1e-8)) < 1e-6
    if not (matrix.dtype == np.float32 and border.any()):  # it adds float32 up as float32
        assert warned == (evaluate(Predictions.of(matrix, labels), preset("sklearn")).tally.sum_off > 0)


@pytest.mark.parametrize("dtype", WITHIN)
@pytest.mark.parametrize(("rows", "classes"), [(2000, 3), (1000, 30), (100, 500)])
def test_many_rows(rows, classes, dtype):
    rng = np.random.default_rng(rows)
    matrix = rng.dirichlet(np.full(classes, 0.3), rows).astype(dtype)
    labels = rng.integers(0, classes, rows)
    tally = evaluate(Predictions.of(matrix, labels), preset("sklearn")).tally
    assert tally.loss_mean == pytest.approx(log_loss(matrix, labels), rel=WITHIN[dtype])
    assert tally.hits / rows == metrics.accuracy_score(labels, matrix.argmax(axis=1))


@given(labelled(st.integers(-40, 40).map(lambda k: k / 4)))
def test_log_loss_of_softmax(case):
    scipy_special = pytest.importorskip("scipy.special", reason="needs SciPy")
    matrix, labels = case
    z = matrix.astype(np.float64)
    tally = evaluate(Predictions.of(matrix, labels), preset("pytorch_logits")).tally
    rows = np.arange(len(z))
    want = -scipy_special.log_softmax(z, axis=1)[rows, labels].mean()
    assert tally.loss_mean == pytest.approx(want, rel=1e-13, abs=1e-15)


@given(labelled(), st.sampled_from(["sklearn_1_4", "kaggle"]))
def test_older_versions_clip_and_then_divide(case, key):
    matrix, labels = case
    eps = np.finfo(matrix.dtype).eps if key == "sklearn_1_4" else 1e-15
    clipped = np.clip(matrix.astype(np.float64), eps, 1 - eps)
    clipped /= clipped.sum(axis=1, keepdims=True)
    found = evaluate(Predictions.of(matrix, labels), preset(key)).stats.loss
    np.testing.assert_allclose(
        found, -np.log(clipped[np.arange(len(labels)), labels]), rtol=1e-13, atol=1e-15
    )


@given(labelled(), st.floats(0, 0.9))
def test_smoothing_is_a_mixture_of_every_class_as_the_label(case, smoothing):
    matrix, labels = case
    classes = matrix.shape[1]
    each = [log_loss(matrix, [c] * len(labels)) for c in range(classes)]
    mixed = (1 - smoothing) * log_loss(matrix, labels) + smoothing / classes * sum(each)
    convention = replace(preset("sklearn"), smoothing=smoothing)
    found = evaluate(Predictions.of(matrix, labels), convention).tally.loss_mean
    assert found == pytest.approx(mixed, rel=10 * WITHIN[matrix.dtype.type])


# At T = 1 exactly nothing is heated: the rows are taken as they are typed, whatever they sum to.
@given(labelled(st.floats(1e-3, 1)), st.floats(0.2, 5).filter(lambda t: t != 1))
def test_a_temperature_is_a_power_of_the_probabilities(case, temperature):
    matrix, labels = case
    powers = matrix.astype(np.float64) ** (1 / temperature)
    powers /= powers.sum(axis=1, keepdims=True)
    held = Predictions.of(matrix, labels)
    found = evaluate(held, replace(preset("by_hand"), temperature=temperature))
    own = powers[np.arange(len(labels)), labels]
    np.testing.assert_allclose(found.stats.loss, -np.log(own), rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(found.stats.p_label, own, rtol=1e-11)
    assert found.tally.hits == evaluate(held, preset("by_hand")).tally.hits
