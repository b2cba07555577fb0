"""Accuracy pushed to its ends, and losses exchanged, while the loss stays."""

from __future__ import annotations

import itertools

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lossacc_gui.core.convention import DTYPE_EPS, Convention, Rows, preset
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.exchange import exchange, exchange_range
from lossacc_gui.core.moves import push, pushable, turned, why_not
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.state import State
from lossacc_gui.core.stopping import Stopped
from tests.core.strategies import CONVENTIONS, predictions

PROBABILITIES = [c for c in CONVENTIONS if c.rows is not Rows.LOGITS]


def after(evaluation: Evaluation, edit) -> Evaluation:
    """The evaluation of a copy after an edit."""
    held = evaluation.predictions
    copy = Predictions.of(held.probs.copy(), held.labels)
    edit.apply(State(copy, evaluation.convention))
    return evaluate(copy, evaluation.convention, evaluation.epoch)


def models_rows(rng, rows, classes, dtype=np.float64, scale=1.0):
    cells = rng.standard_exponential((rows, classes)) ** 2 * scale
    cells /= cells.sum(axis=1, keepdims=True)
    return cells.astype(dtype), rng.integers(0, classes, rows)


def check_push(evaluation: Evaluation, right: bool) -> int:
    """Push and check everything that must hold; the rows left to rounding."""
    rows = pushable(evaluation, right)
    if not len(rows):
        with pytest.raises(Refusal, match=evaluation.convention.mixes or "no more rows"):
            push(evaluation, right)
        return 0
    pushed = push(evaluation, right)
    assert pushed.rows + pushed.left == len(rows)
    touched = np.unique(pushed.edit.rows)
    assert np.isin(touched, rows).all()
    assert len(touched) == pushed.rows
    labels = evaluation.predictions.labels
    assert (pushed.edit.columns != labels[pushed.edit.rows]).all()
    new = after(evaluation, pushed.edit)
    assert new.stats.loss.tobytes() == evaluation.stats.loss.tobytes()
    assert new.tally.loss == evaluation.tally.loss
    assert new.tally.sum_off == evaluation.tally.sum_off
    goal = evaluation.tally.can_be_right if right else evaluation.tally.must_be_right
    assert new.tally.hits == goal + (-pushed.left if right else pushed.left)
    assert (new.stats.has(Flag.HIT)[touched] == right).all()
    logits = evaluation.convention.rows is Rows.LOGITS
    if not logits:
        close = 16 * float(np.finfo(evaluation.predictions.probs.dtype).eps)
        assert new.stats.total[touched] == pytest.approx(evaluation.stats.total[touched], rel=close)
    return pushed.left


@given(predictions(), st.sampled_from(CONVENTIONS), st.booleans())
def test_any_rows_at_all(held, convention, right):
    check_push(evaluate(held, convention), right)


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("classes", [3, 5, 10, 40])
@pytest.mark.parametrize("convention", [c for c in CONVENTIONS if not (c.mixes or c.single)])
def test_accuracy_gets_to_its_end_on_rows_of_models(convention, classes, dtype, right):
    cells, labels = models_rows(np.random.default_rng(classes), 200, classes, dtype)
    logits = convention.rows is Rows.LOGITS
    cells = np.log(cells) if logits else cells
    evaluation = evaluate(Predictions.of(cells, labels), convention)
    left = check_push(evaluation, right)
    if convention.rows is Rows.LOGITS and dtype == np.float32:
        return  # the last bit of a loss is finer than what its cells can say
    if convention.rows is Rows.AS_TYPED or (dtype == np.float64 and convention.clip < 1e-3 and not logits):
        assert left == 0
    elif dtype == np.float64 or classes > 3:
        assert left <= 1 + 0.4 * len(pushable(evaluation, right))


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("convention", [Convention(Rows.LOGITS), Convention(Rows.NORMALISED)])
def test_losses_may_be_kept_to_what_the_dtype_rounds(convention, dtype, right):
    cells, labels = models_rows(np.random.default_rng(5), 200, 10, dtype)
    cells = np.log(np.maximum(cells, 1e-4)) if convention.rows is Rows.LOGITS else cells
    evaluation = evaluate(Predictions.of(cells, labels), convention)
    pushed = push(evaluation, right, exact=False)
    assert pushed.left <= 1
    new = after(evaluation, pushed.edit)
    close = 16 * float(np.finfo(dtype).eps)
    assert new.stats.loss == pytest.approx(evaluation.stats.loss, rel=close, abs=close)
    assert new.tally.hits == evaluation.tally.hits + pushed.rows * (1 if right else -1)
    row = int(pushable(evaluation, right)[0])
    one = after(evaluation, turned(evaluation, row, right, exact=False))
    assert one.stats.has(Flag.HIT)[row] == right


def test_a_row_that_cannot_be_kept_to_the_last_bit_is_told():
    cells = np.array([[0.1, 1.3, 1.1]], np.float32)
    evaluation = evaluate(Predictions.of(cells, [2]), Convention(Rows.LOGITS))
    assert why_not(evaluation, 0, True) == ""
    with pytest.raises(Refusal, match="no other float32 cells keep its loss to the last bit"):
        turned(evaluation, 0, True)
    assert len(push(evaluation, True).edit.rows) == 0


@pytest.mark.parametrize("right", [True, False])
def test_float16_as_typed_leaves_no_row(right):
    cells, labels = models_rows(np.random.default_rng(1), 500, 6, np.float16)
    assert check_push(evaluate(Predictions.of(cells, labels), Convention()), right) == 0


def lattice(classes, parts):
    return [c for c in itertools.product(range(parts + 1), repeat=classes) if sum(c) == parts]


@pytest.mark.parametrize(("classes", "parts"), [(2, 8), (3, 8), (4, 8), (3, 6), (5, 5)])
def test_what_can_be_turned_is_what_the_flags_and_a_search_say(classes, parts):
    """Whole numbers, halved so that what lies between them is there too."""
    points = np.array(lattice(classes, parts * 2))
    answers = points.argmax(axis=1)
    for label in range(classes):
        starts = np.array(lattice(classes, parts)) * 2
        evaluation = evaluate(Predictions.of(starts, np.full(len(starts), label)), Convention())
        can, must = (evaluation.stats.has(flag) for flag in (Flag.CAN_BE_RIGHT, Flag.MUST_BE_RIGHT))
        hit = evaluation.stats.has(Flag.HIT)
        for row, start in enumerate(starts):
            found = answers[points[:, label] == start[label]] == label
            for right in (True, False):
                says = why_not(evaluation, row, right)
                if hit[row] == right:
                    assert says.endswith("already")
                    continue
                allowed = can[row] if right else not must[row]
                assert (says == "") == allowed
                if classes < 5:  # finer points may exist that this lattice does not have
                    assert bool((found == right).any()) <= allowed
                if not allowed:
                    with pytest.raises(Refusal):
                        turned(evaluation, row, right)
                    continue
                new = after(evaluation, turned(evaluation, row, right))
                assert new.stats.has(Flag.HIT)[row] == right
                assert new.tally.loss == evaluation.tally.loss
                assert new.stats.total[row] == evaluation.stats.total[row]


@pytest.mark.parametrize(
    ("cells", "label", "right", "reason"),
    [
        ([0.5, 0.3, 0.2], -1, True, "no label: give it one first"),
        ([0.5, 0.3, 0.2], 0, True, "it is right already: make it wrong instead"),
        ([0.5, 0.3, 0.2], 1, False, "it is wrong already: make it right instead"),
        ([0.7, 0.3], 0, False, "two classes"),
        ([0.5, 0.3, 0.2], 2, True, "not above 1/3 of the row's sum"),
        ([0.25, 0.5, 0.0, 0.25], 3, True, "or as large and before it"),
        ([0.3, 0.6, 0.1], 1, False, "more than half"),
        ([0.5, 0.25, 0.25], 0, False, "half or more of the row's sum, so no other cell is larger:"),
        ([0.5, np.inf, 0.25], 0, True, "not finite"),
        ([0.4, -0.1, 0.7], 0, True, "negative"),
    ],
)
def test_it_says_why_not(cells, label, right, reason):
    evaluation = evaluate(Predictions.of([cells], [label]), Convention())
    with pytest.raises(Refusal, match=reason):
        turned(evaluation, 0, right)


def test_ends_that_only_a_tie_reaches():
    even = evaluate(Predictions.of([[0.25, 0.5, 0.25, 0.0]], [0]), Convention())
    assert after(even, turned(even, 0, True)).predictions.probs[0].tolist() == [[0.25] * 4]
    half = evaluate(Predictions.of([[0.25, 0.5, 0.25]], [1]), Convention())
    assert after(half, turned(half, 0, False)).predictions.probs[0].tolist() == [[0.5, 0.5, 0.0]]
    later = evaluate(Predictions.of([[0.125, 0.5, 0.375]], [1]), Convention())
    assert after(later, turned(later, 0, False)).predictions.probs[0].tolist() == [[0.5, 0.5, 0.0]]


def test_the_seed_s_row():
    evaluation = evaluate(Predictions.of([[0.1, 0.5, 0.4]], [2]), Convention())
    cells = after(evaluation, turned(evaluation, 0, True)).predictions.probs[0, 0]
    assert cells.tolist() == pytest.approx([0.25, 0.35, 0.4])


def test_progress_is_told_and_it_stops_on_request():
    cells, labels = models_rows(np.random.default_rng(0), 50, 4)
    evaluation = evaluate(Predictions.of(cells, labels), Convention())
    heard: list[float] = []
    push(evaluation, True, progress=heard.append)
    assert heard[-1] == 1
    with pytest.raises(Stopped):
        push(evaluation, True, stop=lambda: True)


@pytest.mark.parametrize("key", ["by_hand", "sklearn", "keras"])
def test_20news_with_every_loss_unchanged(shared_data, key):
    cells = np.load(shared_data / "20news_pred_probs.npy")
    held = Predictions.of(cells, np.load(shared_data / "20news_labels.npy"))
    evaluation = evaluate(held, preset(key))
    ends = [
        (evaluation.tally.hits + way * (push(evaluation, right).rows)) / held.rows
        for right, way in ((False, -1), (True, 1))
    ]
    assert ends == pytest.approx([0.808, 0.986], abs=5e-4)
    assert check_push(evaluation, True) == check_push(evaluation, False) == 0


# --- between two rows ------------------------------------------------------------------------------

PAIR = st.integers(2, 5).flatmap(lambda c: hnp.arrays(float, (2, c), elements=st.floats(0.01, 1)))
EXCHANGED = [
    Convention(),
    Convention(Rows.NORMALISED),
    Convention(Rows.LOGITS),
    Convention(clip=1e-3),
    Convention(Rows.NORMALISED, clip=DTYPE_EPS),
]


@given(PAIR, st.data(), st.sampled_from(EXCHANGED), st.floats(0, 1))
def test_an_exchange_keeps_the_mean_loss_and_the_sums(cells, data, convention, share):
    labels = [data.draw(st.integers(0, cells.shape[1] - 1)) for _ in cells]
    evaluation = evaluate(Predictions.of(cells, labels), convention)
    try:
        low, high = exchange_range(evaluation, 0, 1)
    except Refusal:
        assume(False)
    assert low <= 1 + 1e-12
    assert high >= 1 - 1e-12
    t = max(low, 0.01) + share * (min(high, 100.0) - max(low, 0.01))
    assume(low <= t <= high)
    new = after(evaluation, exchange(evaluation, 0, 1, t))
    if t < 99 and t > 0.011:
        assert new.tally.loss_mean == pytest.approx(evaluation.tally.loss_mean, rel=1e-9, abs=1e-9)
    if convention.rows is Rows.LOGITS:
        assert np.exp(new.predictions.probs[0]).sum(axis=1) == pytest.approx(
            np.exp(cells).sum(axis=1), rel=1e-9
        )
    else:
        assert new.stats.total == pytest.approx(evaluation.stats.total, rel=1e-14)
        assert new.predictions.probs.min() >= 0
        assert new.stats.p_label[0] == pytest.approx(t * evaluation.stats.p_label[0], rel=1e-14)


def test_an_exchange_known_by_hand():
    evaluation = evaluate(Predictions.of([[0.25, 0.5, 0.25], [1.0, 0.0, 0.0]], [0, 0]), Convention())
    assert exchange_range(evaluation, 0, 1) == (1.0, 4.0)
    new = after(evaluation, exchange(evaluation, 0, 1, 2.0))
    assert new.predictions.probs[0].tolist() == pytest.approx(
        np.array([[0.5, 1 / 3, 1 / 6], [0.5, 0.25, 0.25]])
    )


@pytest.mark.parametrize(
    ("cells", "labels", "convention", "reason"),
    [
        ([[0.5, 0.5], [0.5, 0.5]], [0, -1], Convention(), "no label"),
        ([[0.5, 0.5], [0.0, 1.0]], [0, 0], Convention(), "loss"),
        ([[0.5, 0.5], [np.inf, 1.0]], [0, 1], Convention(), "finite"),
        ([[0.5, 0.5], [-0.5, 1.5]], [0, 1], Convention(), "negative"),
        ([[0.5, 0.5], [0.05, 0.95]], [0, 0], Convention(clip=0.1), "clipped"),
        ([[0.5, 0.5], [0.5, 0.5]], [0, 0], Convention(Rows.NORMALISED, 0.1, True), "clipped before"),
    ],
)
def test_where_no_exchange_is_defined_it_says_why(cells, labels, convention, reason):
    evaluation = evaluate(Predictions.of(cells, labels), convention)
    with pytest.raises(Refusal, match=reason):
        exchange_range(evaluation, 0, 1)


def test_an_exchange_takes_two_rows_and_a_factor_inside():
    evaluation = evaluate(Predictions.of([[0.5, 0.5], [0.5, 0.5]], [0, 0]), Convention())
    with pytest.raises(Refusal, match="two rows"):
        exchange(evaluation, 1, 1, 1.0)
    with pytest.raises(Refusal, match=r"3 is outside 0.5 to 2"):
        exchange(evaluation, 0, 1, 3.0)
