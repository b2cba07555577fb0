"""scikit-learn as a reference for every metric that it has, on any matrix it takes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Convention, Rows, preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import METRICS
from lossacc_gui.core.metrics.top_k import top_k
from lossacc_gui.core.predictions import Predictions
from tests.core.test_sklearn import labelled

metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn")

METRIC = {metric.key: metric for metric in METRICS}


def quietly(call: Callable[..., Any], *arguments: Any, **options: Any) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(call(*arguments, **options))


MACRO = {"average": "macro", "zero_division": np.nan}
OF_PREDICTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "balanced_accuracy": ("balanced_accuracy_score", {}),
    "recall": ("recall_score", MACRO),
    "precision": ("precision_score", MACRO),
    "f1": ("f1_score", MACRO),
    "matthews": ("matthews_corrcoef", {}),
    "kappa": ("cohen_kappa_score", {}),
}


@given(labelled(), st.sampled_from(sorted(OF_PREDICTIONS)))
def test_metrics_of_predictions(case, key):
    matrix, labels = case
    predicted = matrix.argmax(axis=1)
    found = evaluate(Predictions.of(matrix, labels), Convention()).read(METRIC[key])
    name, options = OF_PREDICTIONS[key]
    want = quietly(getattr(metrics, name), labels, predicted, **options)
    if found.value is None:  # where scikit-learn gives 0 or NaN
        assert key in ("matthews", "kappa")
        assert want == 0 or np.isnan(want)
        assert 1 in (len(set(labels)), len(set(predicted)))
    else:
        assert found.value == pytest.approx(want, rel=1e-13, abs=1e-15)


@given(labelled())
def test_brier(case):
    matrix, labels = case
    matrix = matrix.astype(np.float64)
    matrix = (matrix + 0.01) / (matrix + 0.01).sum(axis=1, keepdims=True)
    classes = matrix.shape[1]
    found = evaluate(Predictions.of(matrix, labels), Convention()).read(METRIC["brier"])
    want = quietly(metrics.brier_score_loss, labels, matrix, labels=range(classes), scale_by_half=False)
    assert found.value == pytest.approx(want, rel=1e-13, abs=1e-15)


@given(labelled(fewest=3), st.integers(1, 6))
def test_top_k_lies_within_its_interval(case, k):
    matrix, labels = case
    found = top_k(evaluate(Predictions.of(matrix, labels), Convention()).tally, k)
    want = quietly(metrics.top_k_accuracy_score, labels, matrix, k=k, labels=range(matrix.shape[1]))
    assert found.low is not None
    assert found.high is not None
    assert found.low - 1e-15 <= want <= found.high + 1e-15


@given(labelled())
def test_d2(case):
    matrix, labels = case
    matrix = (matrix.astype(np.float64) + 0.01) / (matrix.astype(np.float64) + 0.01).sum(
        axis=1, keepdims=True
    )
    found = evaluate(Predictions.of(matrix, labels), preset("sklearn")).read(METRIC["d2"])
    if found.value is None:
        assert len(set(labels)) == 1
        return
    want = quietly(metrics.d2_log_loss_score, labels, matrix, labels=range(matrix.shape[1]))
    assert found.value == pytest.approx(want, rel=1e-11, abs=1e-12)


@given(labelled(), st.data())
def test_weighted_log_loss(case, data):
    matrix, labels = case
    rows, classes = matrix.shape
    draw = st.sampled_from([0.0, 0.1, 1.0, 2.5])
    own = np.array(data.draw(st.lists(draw, min_size=rows, max_size=rows)))
    of_class = data.draw(st.lists(draw, min_size=classes, max_size=classes).filter(any))
    weights = own * np.array(of_class)[labels]
    matrix = matrix.astype(np.float64)
    held = Predictions.of(matrix, labels, weights=own)
    convention = replace(preset("sklearn"), weights=tuple(of_class))
    found = evaluate(held, convention).read(METRIC["cross_entropy"])
    if not weights.any():
        assert found.reason == "every labelled row has the weight 0"
        return
    want = quietly(metrics.log_loss, labels, matrix, labels=range(classes), sample_weight=weights)
    assert found.value == pytest.approx(want, rel=1e-13)


def test_normalised_rows_are_what_brier_reads():
    held = Predictions.of([[2.0, 6.0]], [1])
    found = evaluate(held, Convention(Rows.NORMALISED)).read(METRIC["brier"])
    assert found.value == pytest.approx(quietly(metrics.brier_score_loss, [1], [0.75], pos_label=1) * 2)
