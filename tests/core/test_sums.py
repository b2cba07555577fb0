"""Rounded sums are told from wrong ones, and counted along with any edits."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.change import Change
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.curves.margin import MARGIN
from lossacc_gui.core.detective import findings
from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.filtering import SumOff
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.reach import region
from lossacc_gui.core.sums import ROUNDED, OffSums, is_off
from lossacc_gui.core.tally import Tally
from tests.core.strategies import predictions
from tests.core.test_curves import scene


def number_off(stats):
    return int(np.count_nonzero(is_off(stats)))


def stats_of(cells):
    return evaluate(Predictions.of(np.array(cells, float), [0] * len(cells)), Convention()).stats


def test_what_a_float32_model_leaves_is_near_and_what_somebody_typed_is_off():
    assert (
        number_off(stats_of([[0.5, 0.5], [0.5, 0.5 + 1e-7], [0.5, 0.4999], [0.5, 0.499], [0.5, np.nan]])) == 1
    )
    draw = np.random.default_rng(2)
    scores = draw.normal(0, 5, (200, 1_000)).astype(np.float32)
    softmax = np.exp(scores - scores.max(axis=1, keepdims=True))
    softmax /= softmax.sum(axis=1, keepdims=True)
    assert number_off(stats_of(softmax)) == 0


def test_whoever_counts_the_rows_that_do_not_sum_to_1_counts_the_same():
    """Status bar, banner, filter, plane and margins once had five tolerances."""
    draw = np.random.default_rng(5)
    off = np.concatenate([[0, 1e-7, 5e-5, 2e-4, 3.4e-4, 3.5e-4, 9e-4, 2e-3, 0.05], -np.logspace(-6, -1, 21)])
    cells = draw.dirichlet(np.full(4, 5.0), len(off)) * (1 + off)[:, np.newaxis]
    held = Predictions.of(cells, draw.integers(0, 4, len(off)))
    evaluation = evaluate(held, Convention())
    count = int(np.count_nonzero(np.abs(cells.sum(axis=1) - 1) > ROUNDED))
    assert 0 < count < evaluation.tally.sum_off
    assert OffSums(evaluation.stats).off == count
    assert np.count_nonzero(SumOff().rows(evaluation)) == count
    (found,) = findings(evaluation)
    assert found.rows is not None
    assert len(found.rows) == count
    assert found.text.startswith(f"{count} of {len(off)} rows do not sum to 1: ")
    assert region(evaluation).says.startswith(f"{count} of {len(off)} rows do not sum to 1: ")
    assert f"{count} rows do not sum to 1" in MARGIN.draw(scene(evaluation)).reading


def test_a_row_without_a_sum_is_not_counted_as_one_with_another_sum():
    evaluation = evaluate(
        Predictions.of(np.array([[0.5, np.nan], [0.5, np.inf], [0.5, 0.6]]), [0, 0, 0]), Convention()
    )
    assert is_off(evaluation.stats).tolist() == [False, False, True]
    kinds = {one.key: one.text for one in findings(evaluation)}
    assert kinds["sums"] == "1 of 3 rows does not sum to 1: row 3 sums to 1.1000."
    assert kinds["unfinite"].startswith("2 rows hold")


def test_half_precision_has_its_own_rounding():
    halves = np.array([[0.5, 0.49], [0.5, 0.45]])
    assert is_off(
        evaluate(Predictions.of(halves.astype(np.float16), [0, 0]), Convention()).stats
    ).tolist() == [False, True]
    assert is_off(evaluate(Predictions.of(halves, [0, 0]), Convention()).stats).tolist() == [True, True]


@given(held=predictions(), data=st.data())
def test_counting_along_is_counting_anew(held, data):
    evaluation = evaluate(held, Convention())
    sums, first = OffSums(evaluation.stats), evaluation.stats[np.arange(held.rows)]
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
        assert sums.off == number_off(evaluation.stats)
