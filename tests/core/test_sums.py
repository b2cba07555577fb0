"""Rounded sums are told from wrong ones, and counted along with any edits."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.change import Change
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.sums import FarSums, is_far
from lossacc_gui.core.tally import Tally
from tests.core.strategies import predictions


def number_far(stats):
    return int(np.count_nonzero(is_far(stats)))


def stats_of(cells):
    return evaluate(Predictions.of(np.array(cells, float), [0] * len(cells)), Convention()).stats


def test_what_a_float32_model_leaves_is_near_and_what_somebody_typed_is_far():
    assert (
        number_far(stats_of([[0.5, 0.5], [0.5, 0.5 + 1e-7], [0.5, 0.4999], [0.5, 0.499], [0.5, np.nan]])) == 2
    )
    draw = np.random.default_rng(2)
    scores = draw.normal(0, 5, (200, 1_000)).astype(np.float32)
    softmax = np.exp(scores - scores.max(axis=1, keepdims=True))
    softmax /= softmax.sum(axis=1, keepdims=True)
    assert number_far(stats_of(softmax)) == 0


@given(held=predictions(), data=st.data())
def test_counting_along_is_counting_anew(held, data):
    evaluation = evaluate(held, Convention())
    sums, first = FarSums(evaluation.stats), evaluation.stats[np.arange(held.rows)]
    for _ in range(3):
        row = np.array([data.draw(st.integers(0, held.rows - 1))])
        value = data.draw(st.sampled_from([0.0, 0.5, 1.0, np.inf, np.nan]))
        before = first[row]  # of a gesture, what is told is that from its beginning
        held.probs[0, row, 0] = value
        evaluation.refresh(row)
        edit = SetCells(row, np.array([0]), np.array([value]))
        sums.follow(
            Change(edit, edit, row, before, evaluation.stats[row], Tally(), Tally()), evaluation.stats
        )
        assert sums.far == number_far(evaluation.stats)
