"""Every pair of cross-entropy and accuracy that can be reached, and no other."""

from __future__ import annotations

import itertools

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import DTYPE_EPS, LOG_CLAMP, PRESETS, Base, Convention, Reduction, Rows
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.reach import region
from lossacc_gui.core.rows import Flag

LN2 = np.log(2)


def at(rows, labels, convention=None) -> Evaluation:
    return evaluate(Predictions.of(rows, labels), convention or Convention())


def lattice(classes: int, parts: int) -> list[np.ndarray]:
    """Every row of multiples of 1/parts that sums to 1."""
    cuts = itertools.product(range(parts + 1), repeat=classes)
    return [np.array(c) / parts for c in cuts if sum(c) == parts]


SHARES = hnp.arrays(float, st.tuples(st.integers(1, 6), st.integers(2, 5)), elements=st.floats(1e-6, 1)).map(
    lambda a: a / a.sum(axis=1, keepdims=True)
)
CONVENTIONS = st.sampled_from(
    [
        *(preset.convention for preset in PRESETS),
        Convention(base=Base.BITS),
        Convention(reduction=Reduction.SUM, clip=0.01),
        Convention(Rows.NORMALISED, clip=0.02, clip_first=True),
        Convention(temperature=2.0),
        Convention(Rows.NORMALISED, clip=1e-7, temperature=0.5),
        Convention(clip=LOG_CLAMP, temperature=0.05),
        Convention(clip=0.02, temperature=3.0),
    ]
)


def check_inside(evaluation: Evaluation) -> None:
    reach = region(evaluation)
    assert not reach.reason
    low, high = (end[0] for end in reach.bounds(np.array([evaluation.tally.hits])))
    now = CROSS_ENTROPY.of(evaluation.tally, evaluation.convention).value
    assert now is not None
    assert low - 1e-7 * max(1, abs(low)) <= now <= high + 1e-7 * max(1, abs(high))


@given(SHARES, st.data(), CONVENTIONS)
def test_rows_that_sum_to_1_lie_in_the_region(rows, data, convention):
    labels = data.draw(st.lists(st.integers(0, rows.shape[1] - 1), min_size=len(rows), max_size=len(rows)))
    check_inside(at(rows, labels, convention))


@given(SHARES, st.data(), CONVENTIONS)
def test_rows_with_any_sum_lie_in_the_region(rows, data, convention):
    if convention.clip_first:
        return
    factors = data.draw(hnp.arrays(float, len(rows), elements=st.floats(0.01, 100)))
    labels = data.draw(st.lists(st.integers(-1, rows.shape[1] - 1), min_size=len(rows), max_size=len(rows)))
    evaluation = at(rows * factors[:, None], labels, convention)
    if evaluation.tally.rows:
        check_inside(evaluation)


HEATED = [
    Convention(clip=clip, temperature=temperature)
    for clip in (1e-7, 0.01, 0.15)
    for temperature in (0.3, 2.0)
]


COARSE = Convention(Rows.NORMALISED, clip=0.02, clip_first=True)
"""A clip before the division that moves every end by more than rounding."""


@pytest.mark.parametrize(
    "convention", [*(p.convention for p in PRESETS if p.key != "pytorch_logits"), *HEATED, COARSE]
)
@pytest.mark.parametrize("classes", [2, 3, 4])
def test_no_row_of_a_lattice_is_outside_and_the_ends_are_met(classes, convention):
    rows = lattice(classes, 12)
    for label in range(classes):
        stats = at(rows, [label] * len(rows), convention).stats
        hit, loss = stats.has(Flag.HIT), stats.loss
        low, high = region(at([rows[0]], [label], convention)).bounds(np.array([0, 1]))
        for k, of_one in enumerate((loss[~hit], loss[hit])):
            assert (of_one >= low[k] - 1e-7 * max(1, low[k])).all()
            assert (of_one <= high[k] + 1e-7 * max(1, high[k])).all()
        assert loss[~hit].max() == pytest.approx(high[0])  # no mass on the label
        assert loss[hit].min() == pytest.approx(low[1])  # all of it
        # By the tie rule even rows are right for the first class, and tied ones wrong for the others.
        if label == 0:
            assert loss[hit].max() == pytest.approx(high[1])
        else:
            assert loss[~hit].min() == pytest.approx(low[0])


@given(
    st.lists(st.floats(0.05, 20), min_size=1, max_size=5),
    st.sampled_from([0.0, 1e-7, 0.05]),
    st.integers(2, 4),
)
def test_row_by_row_bounds_are_those_of_the_best_choice_of_rows(sums, clip, classes):
    if all(abs(total - 1) < 1e-6 for total in sums):
        return
    rows = [[total / classes] * classes for total in sums]
    reach = region(at(rows, [0] * len(rows), Convention(clip=clip)))
    assert reach.own == "sum"

    def cost(p):
        p = min(max(p, clip), 1 - clip) if clip else p
        return np.inf if p == 0 else -np.log(p)

    for k in range(len(sums) + 1):
        choices = [set(c) for c in itertools.combinations(range(len(sums)), k)]
        low = min(sum(cost(s if i in c else s / 2) for i, s in enumerate(sums)) for c in choices)
        high = max(sum(cost(s / classes if i in c else 0) for i, s in enumerate(sums)) for c in choices)
        got = [end[0] * len(sums) for end in reach.bounds(np.array([k]))]
        assert got[0] == pytest.approx(low, abs=1e-9)
        assert got[1] == pytest.approx(high, abs=1e-9)


def test_ties_at_one_half_stand_on_the_dashed_line():
    evaluation = at([[0.5, 0.5], [1, 0], [0.5, 0.5]], [1, 0, 1])
    low, _ = region(evaluation).bounds(np.array([1]))
    assert evaluation.tally.hits == 1
    assert evaluation.tally.loss_mean == pytest.approx(low[0])
    assert low[0] == pytest.approx(2 / 3 * LN2)


def test_bits_and_sum_change_the_scale():
    bits = region(at([[0.5, 0.5]] * 4, [0] * 4, Convention(base=Base.BITS, reduction=Reduction.SUM)))
    low, high = bits.bounds(np.arange(5))
    assert low.tolist() == pytest.approx([4, 3, 2, 1, 0])
    assert high.tolist() == pytest.approx([np.inf] * 4 + [4])


def test_clips_end_the_upper_side():
    low, high = region(at([[0.2, 0.8]] * 2, [0, 1], Convention(clip=0.1))).bounds(np.arange(3))
    assert high[0] == pytest.approx(-np.log(0.1))
    assert low[2] == pytest.approx(-np.log(0.9))


def test_five_million_rows_cost_nothing():
    evaluation = at([[0.2, 0.8]], [0])
    evaluation.tally = type(evaluation.tally)(rows=5_000_000)
    low, high = region(evaluation).bounds(np.array([0, 5_000_000]))
    assert low.tolist() == pytest.approx([LN2, 0])
    assert high.tolist() == pytest.approx([np.inf, LN2])


@pytest.mark.parametrize(
    ("rows", "convention", "reason"),
    [
        ([[0.5, 0.5], [np.nan, 1]], Convention(), "row 2 is not finite"),
        ([[0.5, 0.5], [np.inf, 1]], Convention(Rows.LOGITS), "row 2 is not finite"),
        ([[0.5, 0.5], [-0.5, 1.5]], Convention(), "row 2 has a negative cell"),
        ([[0.5, 0.5], [0, 0]], Convention(), "row 2 sums to 0"),
        ([[0.5, 0.5], [0, 0]], Convention(Rows.NORMALISED), "row 2 sums to 0"),
        ([[3, 5], [7, 0]], Convention(Rows.NORMALISED, clip=0.1, clip_first=True), "clipped before"),
    ],
)
def test_where_nothing_bounds_it_says_why(rows, convention, reason):
    reach = region(at(rows, [0, 1], convention))
    assert reason in reach.reason
    assert reach.says == f"no bound here: {reach.reason}"


def test_rows_without_a_label_do_not_matter():
    reach = region(at([[0.5, 0.5], [np.nan, 1], [3, 4]], [0, -1, -1]))
    assert not reach.reason
    assert (reach.rows, reach.own) == (1, "")
    assert region(at([[0.5, 0.5]], None)).reason == "no row has a label"


def test_the_sentence_says_what_is_drawn():
    assert region(at([[0.2, 0.3, 0.5]] * 6, [0] * 6)).says == "bands: all that a 6 × 3 matrix can reach"
    assert region(at([[0.2, 0.8]] * 30, [0] * 30)).says == "shaded: all that a 30 × 2 matrix can reach"
    off = region(at([[0.2, 0.7], [0.5, 0.5]], [0, 1]))
    assert off.says == "1 row does not sum to 1: bounds by each row's own sum"
    rounded = region(at([[0.2, 0.80001], [0.5, 0.5]], [0, 1]))
    assert rounded.says == "rows sum to 1 up to rounding: bounds by each row's own sum"
    assert rounded.slight
    assert not off.slight
    both = region(at([[0.2, 0.7], [0.5, 0.6]], [0, 1]))
    assert both.says == "these rows do not sum to 1: bounds by each row's own sum"


def test_scikit_learn_s_clip_is_that_of_the_dtype():
    rows = np.array([[0.5, 0.5]], np.float32)
    _, high = region(at(rows, [0], Convention(clip=DTYPE_EPS))).bounds(np.array([0]))
    assert high[0] == pytest.approx(15.942384719848633)


def test_a_row_whose_half_is_no_number_any_more_is_bounded_all_the_same():
    tiny = float(np.nextafter(0.0, 1.0))
    reach = region(evaluate(Predictions.of(np.array([[0.0, 0.5], [0.0, tiny]]), [0, 0]), Convention()))
    lows, highs = reach.bounds(np.arange(3))
    assert np.isfinite(lows).all()
    assert not np.isnan(highs).any()


def test_without_a_clip_weights_leave_all_right_rows_the_bound_of_even_rows():
    held = Predictions.of([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1]], [0, 1], weights=[1.0, 3.0])
    low, high = region(evaluate(held, Convention())).bounds(np.array([0, 1, 2]))
    assert low.tolist() == pytest.approx([LN2, LN2 / 4, 0.0])
    assert high.tolist() == pytest.approx([np.inf, np.inf, np.log(3)])
