"""What looks odd is found with its numbers, mended as it says, and sound predictions are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.core.convention import Convention, Rows, preset
from lossacc_gui.core.detective import findings
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.mending import Mend, Mending
from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import Source, State
from lossacc_gui.core.stopping import Stopped

RNG = np.random.default_rng(7)
N, C = 400, 5
Y = RNG.integers(0, C, N)
Z = RNG.normal(0, 1, (N, C)) + 4 * np.eye(C)[Y]
P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


def found(probs, labels=Y, convention=Convention(), **more):
    predictions = Predictions.of(np.ascontiguousarray(probs), labels, **more)
    return {one.key: one for one in findings(evaluate(predictions, convention))}


def mended(probs, labels, key) -> State:
    """The state after the fix of a finding, and back again: undoing it restores the first bytes."""
    state = State(Predictions.of(np.ascontiguousarray(probs), labels))
    one = {one.key: one for one in findings(evaluate(state.predictions, state.convention))}[key]
    assert one.edit is not None
    before = state.predictions.probs.tobytes(), state.predictions.labels.tobytes(), state.convention
    inverse, _ = one.edit(state.convention).apply(state)
    again, _ = inverse.apply(state)
    assert (state.predictions.probs.tobytes(), state.predictions.labels.tobytes(), state.convention) == before
    again.apply(state)
    return state


def accuracy(state: State) -> float:
    tally = evaluate(state.predictions, state.convention).tally
    value = ACCURACY.of(tally, state.convention).value
    assert value is not None
    return value


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_sound_predictions_are_left_alone(dtype):
    assert not found(P.astype(dtype))
    assert not found(np.full((N, C), 1 / C, dtype))
    assert not found(RNG.dirichlet(np.full(C, 50), N).astype(dtype))  # a model that learned little
    assert not found(np.eye(C, dtype=dtype)[Y])
    assert not found([[0.5, 0.5], [0.9, 0.1]], [0, 1])
    assert not found(P.round(4))


def test_real_predictions_are_left_alone(shared_data):
    for stem, keys in (("mnist", set()), ("20news", {"zeros"})):
        probs = np.load(shared_data / f"{stem}_pred_probs.npy")
        assert set(found(probs, np.load(shared_data / f"{stem}_labels.npy"))) == keys


def test_logits():
    one = found(Z)["logits"]
    assert one.text.startswith("These look like logits: ")
    assert f"{Z.max():.2f}" in one.text
    assert mended(Z, Y, "logits").convention.rows is Rows.LOGITS
    assert not found(Z, convention=preset("pytorch_logits"))


def test_probabilities_that_are_read_as_logits():
    one = found(P, convention=preset("pytorch_logits"))["probabilities"]
    least = evaluate(Predictions.of(np.eye(C)[Y], Y), preset("pytorch_logits")).stats.loss.min()
    assert f"No loss can be below {least:.4f} nats" in one.text
    assert one.edit(preset("pytorch_logits")).convention.rows is Rows.AS_TYPED
    assert not found(Z, convention=preset("pytorch_logits"))
    warm = replace(preset("pytorch_logits"), temperature=2.0)  # where another bound holds
    assert "below" not in found(P, convention=warm)["probabilities"].text
    assert "probabilities" not in found(100 * P, convention=preset("pytorch_logits"))


def test_one_typed_negative_cell_is_no_logit():
    cells = P.copy()
    cells[3, 1] = -0.5
    assert "unfinite" not in found(cells)


def test_log_probabilities():
    state = mended(np.log(P), Y, "logs")
    after = evaluate(state.predictions, state.convention)
    np.testing.assert_allclose(after.stats.loss, -np.log(P[np.arange(N), Y]), atol=1e-12)


def test_percentages():
    state = mended(100 * P, Y, "percent")
    np.testing.assert_allclose(state.predictions.probs[0], P, rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmaxed_twice_is_undone_exactly(dtype):
    twice = (np.exp(P) / np.exp(P).sum(axis=1, keepdims=True)).astype(dtype)
    one = found(twice)["twice"]
    assert f"no loss could be below {np.log1p((C - 1) / np.e):.4f} nats" in one.text
    state = mended(twice, Y, "twice")
    np.testing.assert_allclose(state.predictions.probs[0], P, atol=20 * np.finfo(dtype).eps)


def test_two_classes_softmaxed_twice_reach_the_end_of_the_range():
    weak = 0.5 + (P[:, :1] - 0.5) / 4  # in 0.375 to 0.625: any such file would do
    assert not found(np.hstack([1 - weak, weak]), None)
    sure = np.eye(2)[Y % 2]
    twice = np.exp(sure) / np.exp(sure).sum(axis=1, keepdims=True)
    assert "twice" in found(twice, Y % 2)


def test_exchanged_axes():
    one = found(P.T, None)["transposed"]
    assert f"{N} rows × {C} classes" in one.text
    state = mended(P.T, None, "transposed")
    np.testing.assert_array_equal(state.predictions.probs[0], P)
    assert state.predictions.class_names == ("0", "1", "2", "3", "4")


def test_labels_from_one():
    kept = Y < C - 1
    one = found(P[kept], Y[kept] + 1)["from one"]
    state = mended(P[kept], Y[kept] + 1, "from one")
    np.testing.assert_array_equal(state.predictions.labels, Y[kept])
    assert accuracy(state) > 0.9
    assert f"would be {100 * accuracy(state):.1f}%" in one.text


def test_permuted_columns():
    order = np.array([3, 0, 1, 4, 2])
    keys = found(P[:, order])
    assert "5 classes of 5 may stand in each other's columns" in keys["permuted"].text
    state = mended(P[:, order], Y, "permuted")
    np.testing.assert_array_equal(state.predictions.probs[0], P)
    assert f"would be {100 * accuracy(state):.1f}%" in keys["permuted"].text


def test_a_poor_model_is_not_permuted():
    poor = np.exp(RNG.normal(0, 1, (N, C)) + 0.7 * np.eye(C)[Y])
    assert "permuted" not in found(poor / poor.sum(axis=1, keepdims=True))
    assert "permuted" not in found(RNG.dirichlet(np.ones(50), 60), RNG.integers(0, 50, 60))


def test_sums_and_zeros_name_their_rows():
    cells = P.copy()
    cells[7] *= 0.5
    cells[9, Y[9]] = 0
    keys = found(cells)
    assert keys["sums"].text.startswith("2 of 400 rows do not sum to 1: their sums go from ")
    assert keys["sums"].rows is not None
    assert keys["sums"].rows.tolist() == [7, 9]
    assert "1 row gives its label probability 0, so cross-entropy is infinite; the first is row 10." in (
        keys["zeros"].text
    )
    assert mended(cells, Y, "sums").convention.rows is Rows.NORMALISED
    clipped = mended(cells, Y, "zeros")
    assert np.isfinite(evaluate(clipped.predictions, clipped.convention).stats.loss).all()
    assert not found(cells, convention=preset("keras"))


def test_equal_rows_with_different_labels():
    cells, labels = P.copy(), Y.copy()
    cells[10:13] = cells[20]
    labels[[10, 11, 12, 20]] = [0, 0, 1, 0]
    one = found(cells, labels)["twins"]
    assert one.text.startswith("4 rows are equal in every cell to another with a different label, in 1 group")
    assert "at least 1 row must be wrong" in one.text
    assert one.edit is None
    assert one.rows is not None
    assert one.rows.tolist() == [10, 11, 12, 20]


def test_broken_cells_are_no_evidence():
    for value in (np.nan, np.inf, -np.inf):
        cells = P.copy()
        cells[5] = value
        assert set(found(cells)) == {"unfinite"}
        assert set(found(np.full((3, 2), value), None)) == {"unfinite"}


def test_what_is_no_finite_number_is_told_apart_from_sums_and_never_normalised():
    cells = P.copy()
    cells[6, 1], cells[9, 2], cells[20] = np.nan, np.inf, P[20] / 2
    keys = found(cells)
    assert set(keys) == {"unfinite", "sums"}
    assert keys["unfinite"].text == "2 rows hold a NaN or an infinite number; the first is row 7."
    assert keys["unfinite"].edit is None
    assert keys["unfinite"].rows is not None
    assert keys["unfinite"].rows.tolist() == [6, 9]
    assert keys["sums"].text == "1 of 400 rows does not sum to 1: row 21 sums to 0.5000."


def test_cells_whose_sum_is_too_large_to_hold_are_not_called_infinite():
    cells = P.copy()
    cells[3] = 1e308
    assert "unfinite" not in found(cells)


def test_minus_infinity_is_a_score_like_any_other():
    for cells, convention in ((Z.copy(), Convention()), (Z.copy(), preset("pytorch_logits"))):
        cells[4, (Y[4] + 1) % C] = -np.inf
        assert "unfinite" not in found(cells, convention=convention)
        cells[5, 0] = np.nan
        assert "the first is row 6" in found(cells, convention=convention)["unfinite"].text


def test_it_stops_when_asked():
    with pytest.raises(Stopped):
        findings(evaluate(Predictions.of(P, Y), Convention()), lambda: True)


def test_a_mapped_file_is_not_copied():
    state = State(Predictions.of(P * 100, Y), source=Source("p", "/p.npy", mapped=True))
    with pytest.raises(Refusal, match="too large to be copied"):
        Mend(Mending.PERCENT).apply(state)
    with pytest.raises(Refusal, match="one of them is 0 already"):
        Mend(Mending.LABELS_DOWN).apply(state)
