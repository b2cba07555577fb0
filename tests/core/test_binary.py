"""Thresholds of two classes against a count at each of them, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from lossacc_gui.core.binary import scores, thresholds
from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions

cases = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=40)


@given(cases, st.integers(-1, 9))
def test_counts_hold_at_every_threshold(case, at):
    score = np.array([s / 8 for s, _ in case])
    positive = np.array([p for _, p in case])
    counts = thresholds(score, positive)
    i = counts.place(at / 8)
    called = score > at / 8
    assert counts.hits[i] == (called & positive).sum()
    assert counts.alarms[i] == (called & ~positive).sum()
    assert counts.right[i] == (called == positive).sum()


@given(cases)
def test_areas_are_scikit_learn_s(case):
    score = np.array([s / 8 for s, _ in case])
    positive = np.array([p for _, p in case])
    counts = thresholds(score, positive)
    if positive.any():
        assert counts.average_precision == pytest.approx(average_precision_score(positive, score))
    else:
        assert np.isnan(counts.average_precision)
    if positive.any() and not positive.all():
        assert counts.area == pytest.approx(roc_auc_score(positive, score))
    else:
        assert np.isnan(counts.area)


def test_the_threshold_one_half_is_the_prediction():
    draw = np.random.default_rng(3)
    cells, labels = draw.dirichlet([1, 1], 200), draw.integers(0, 2, 200)
    cells[:2] = 0.5  # ties
    for convention in (Convention(), Convention(Rows.LOGITS)):
        evaluation = evaluate(Predictions.of(cells, labels), convention)
        counts = thresholds(scores(evaluation, np.arange(200)), labels == 1)
        assert counts.right[counts.place(0.5)] == evaluation.tally.hits


def test_a_score_is_a_share_of_both_cells_or_a_softmax():
    cells = np.array([[1.0, 3.0], [0.0, 0.0], [-1.0, 2.0]])
    shares = scores(evaluate(Predictions.of(cells, [0, 0, 0]), Convention()), np.arange(3))
    np.testing.assert_allclose(shares, [0.75, np.nan, np.nan])
    logits = scores(evaluate(Predictions.of(cells, [0, 0, 0]), Convention(Rows.LOGITS)), np.arange(3))
    np.testing.assert_allclose(logits, 1 / (1 + np.exp([-2.0, 0.0, -3.0])))
