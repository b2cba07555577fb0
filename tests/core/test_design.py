"""Rows made to measure: exactly as many hits, the loss to nine digits, and a bound where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.design import bounds, design
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.reach import region
from lossacc_gui.core.refusal import Refusal


def made(labels, classes, loss, hits, seed=None) -> Evaluation:
    rng = None if seed is None else np.random.default_rng(seed)
    cells = design(np.array(labels, np.int32), classes, loss, hits, rng)
    return evaluate(Predictions.of(cells, labels), Convention())


def check(evaluation: Evaluation, loss: float, hits: int) -> None:
    cells = evaluation.predictions.probs[0]
    assert evaluation.tally.hits == hits
    if loss == np.inf:
        assert evaluation.tally.loss_mean == np.inf
    else:
        assert abs(evaluation.tally.loss_mean - loss) <= max(1e-9 * loss, 1e-15)
    assert cells.min() >= 0
    assert np.abs(cells.sum(axis=1) - 1).max() <= 1e-14 * cells.shape[1]


@st.composite
def targets(draw):
    """Labels, classes, a mean loss and hits that can be reached, the ends among them."""
    classes = draw(st.integers(2, 6))
    labels = draw(
        st.lists(st.integers(-1, classes - 1), min_size=1, max_size=8).filter(lambda x: max(x) >= 0)
    )
    rows = sum(label >= 0 for label in labels)
    hits = draw(st.integers(0, rows))
    low, high = bounds(rows, classes, hits)
    share = draw(st.sampled_from([0.0, 1e-9, 1e-3, 0.5, 1 - 1e-9, 1.0]) | st.floats(1e-3, 1))
    span = min(high, 600 * (rows - hits) / rows) - low if hits < rows else high
    return labels, classes, low + share * span, hits


@given(targets(), st.integers(0, 99))
@example(([0], 2, 0.0, 1), 0)
@example(([0, 0], 4, np.log(4), 2), 0)
@example(([1, 2], 4, np.log(4), 2), 0)
@example(([1, 1], 2, np.log(2), 0), 0)
@example(([0, 0], 2, np.log(2), 0), 0)
@example(([1, 1], 2, np.inf, 0), 0)
@example(([1, 0, 2], 3, np.inf, 2), 0)
def test_it_sits_where_it_was_asked_to(target, seed):
    labels, classes, loss, hits = target
    check(made(labels, classes, loss, hits, seed), loss, hits)


@given(targets())
def test_what_is_refused_is_what_the_region_leaves_out(target):
    labels, classes, _, hits = target
    uniform = np.full((len(labels), classes), 1 / classes)
    reach = region(evaluate(Predictions.of(uniform, labels), Convention()))
    low, high = (float(end[0]) for end in reach.bounds(np.array([hits])))
    assert bounds(reach.rows, classes, hits) == pytest.approx((low, high))
    for loss, word in ((low - 1e-3, "or more"), (high + 1e-3, "at most")):
        if np.isfinite(loss):
            with pytest.raises(Refusal, match=word):
                made(labels, classes, loss, hits)


@pytest.mark.parametrize("classes", [2, 3, 10, 1000])
@pytest.mark.parametrize("accuracy", [0.0, 0.3, 1.0])
def test_hundreds_of_rows(classes, accuracy):
    rng = np.random.default_rng(classes)
    labels = rng.integers(0, classes, 300)
    hits = int(300 * accuracy)
    low, high = bounds(300, classes, hits)
    for more in (0, 1e-12, 1e-6, 0.1, 0.6, 6, 60 * (1 - accuracy)):
        loss = min(high, low + more)
        check(made(labels, classes, loss, hits), loss, hits)


def test_a_sentence_names_the_bound():
    with pytest.raises(Refusal, match=r"0.3000: with 1 of 2 rows right it is 0.3466 or more"):
        made([0, 1], 3, 0.3, 1)
    with pytest.raises(Refusal, match=r"1.2000: with 2 of 2 rows right it is 1.0986 at most"):
        made([0, 1], 3, 1.2, 2)
    with pytest.raises(Refusal, match=r"∞: with 2 of 2 rows right it is 1.0986 at most"):
        made([0, 1], 3, np.inf, 2)
    with pytest.raises(Refusal, match=r"cannot be held; with 1 of 2 rows right it is 350.5493 at most"):
        made([0, 1], 3, 400.0, 1)
    with pytest.raises(Refusal, match=r"–: with"):
        made([0, 1], 3, np.nan, 1)
    with pytest.raises(Refusal, match=r"3 of 2: use 0 to 2"):
        made([0, 1], 3, 1.0, 3)
    with pytest.raises(Refusal, match=r"give at least one row a label"):
        made([-1, -1], 3, 1.0, 0)


def test_the_same_seed_gives_the_same_rows_and_another_others():
    labels = np.array([0, 1, 2, 0, 1], np.int32)
    one, again = (design(labels, 4, 0.9, 3, np.random.default_rng(5)) for _ in range(2))
    assert one.tobytes() == again.tobytes()
    assert design(labels, 4, 0.9, 3).tobytes() == design(labels, 4, 0.9, 3).tobytes()
    assert (one != design(labels, 4, 0.9, 3, np.random.default_rng(6))).any()


def test_rows_differ_from_each_other_where_they_may():
    cells = made(np.tile(np.arange(5), 40), 5, 0.8, 140).predictions.probs[0]
    assert np.unique(cells.max(axis=1)).size > 180
    assert np.std(cells.max(axis=1)) > 0.1
