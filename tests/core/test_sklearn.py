"""scikit-learn as a reference: the same number for any matrix it takes."""

from __future__ import annotations

import warnings

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
