"""Every metric of the registry equals its slow reference, and says so when it is undefined."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from math import inf, isfinite, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lossacc_gui.core.metrics
from lossacc_gui.core.convention import (
    Base,
    Convention,
    Divisor,
    Reduction,
    Rows,
    preset,
)
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import EVERY, METRICS, ROW_METRICS, TILES, Kind, Metric, RowMetric
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.weight_range import LEAST_WEIGHT, MOST_WEIGHT
from tests.core import reference
from tests.core.strategies import CONVENTIONS, ODD, predictions, steps, tame, weighing, wild
from tests.thorough import examples

logits = steps | st.sampled_from([value for value in ODD if not isfinite(value)])


@examples(300)
@given(st.data(), st.booleans())
def test_equals_its_reference(data, as_logits):
    held = data.draw(predictions(logits if as_logits else wild))
    read_as = weighing(held.classes).filter(lambda c: (c.rows is Rows.LOGITS) == as_logits)
    convention = data.draw(read_as)
    found = evaluate(held, convention)
    rows = reference.rows(held, convention)
    for metric in EVERY:
        got, want = found.read(metric), reference.METRIC[metric.key](rows, convention)
        if want is reference.UNSURE:
            continue
        if want is None:
            assert got.value is None, metric.key
            assert got.reason, metric.key
            continue
        assert got.value is not None, metric.key
        assert not got.reason, metric.key
        assert got.value == pytest.approx(want[0], rel=1e-11, abs=1e-14), metric.key
        assert got.low == pytest.approx(want[1]), metric.key
        assert got.high == pytest.approx(want[2]), metric.key


@pytest.mark.parametrize("of_class", [LEAST_WEIGHT, MOST_WEIGHT])
@pytest.mark.parametrize("of_row", [LEAST_WEIGHT, MOST_WEIGHT])
def test_weights_that_are_all_alike_change_nothing_however_large(of_class, of_row):
    cells, labels = [[0.25, 0.75], [0.5, 0.5], [0.1, 0.9]], [0, 1, 1]
    weighted = evaluate(
        Predictions.of(cells, labels, weights=[of_row] * 3), Convention(weights=(of_class, of_class))
    )
    plain = evaluate(Predictions.of(cells, labels), Convention())
    for metric in EVERY:
        assert weighted.read(metric).value == pytest.approx(plain.read(metric).value, rel=1e-14), metric.key


@pytest.mark.parametrize("divisor", Divisor)
def test_weights_as_unlike_as_can_be_leave_no_metric_without_a_value_or_a_reason(divisor):
    """The first class has a share of 0 once rounded: D² was NaN, and nothing said why."""
    ends = (LEAST_WEIGHT, MOST_WEIGHT)
    held = Predictions.of([[0.25, 0.75], [0.5, 0.5], [0.1, 0.9]], [0, 1, 1], weights=[*ends, MOST_WEIGHT])
    found = evaluate(held, Convention(weights=ends, divisor=divisor))
    for metric in EVERY:
        reading = found.read(metric)
        assert (reading.value is None) == bool(reading.reason), metric.key
        assert reading.value is None or not isnan(reading.value), metric.key


def test_which_metrics_have_a_number_of_each_class():
    assert [metric.key for metric in METRICS if metric.per_class] == ["recall", "precision", "f1"]


@pytest.mark.parametrize(("cell", "loss"), [(np.inf, -np.inf), (0.0, np.inf)])
def test_one_infinite_loss_of_a_weighted_row_is_the_mean(cell, loss):
    held = Predictions.of([[0.5, 0.5], [cell, 0.5]], [1, 0], weights=[3.0, 1.0])
    for convention in (Convention(), Convention(weights=(1.0, 2.0))):
        found = evaluate(held, convention).read(METRICS[0])
        assert found.value == loss


def test_what_no_row_loses_anything_under_is_perfect():
    cells, labels = np.eye(3)[[0, 1, 2, 1]], [0, 1, 2, 1]
    found = evaluate(Predictions.of(cells, labels), Convention())
    values = {metric.key: found.read(metric).value for metric in EVERY}
    perfect = ("accuracy", "perplexity", "top_k", "balanced_accuracy", "recall", "precision", "f1", "d2")
    assert all(values[key] == 1 for key in (*perfect, "rounded_accuracy", "matthews", "kappa"))
    assert all(values[key] == 0 for key in ("cross_entropy", "brier", "ece", "mce"))
    assert values["worst_share"] is None


def test_a_prior_of_hardly_more_than_one_class_keeps_its_digits():
    held = Predictions.of([[0.5, 0.5]] * 2, [0, 1], weights=[1.0, 1e-18])
    prior = next(metric for metric in METRICS if metric.key == "prior_cross_entropy")
    assert evaluate(held, Convention()).read(prior).value == pytest.approx(
        1e-18 * (1 + 18 * np.log(10)), rel=1e-14
    )


def test_every_metric_has_a_reference():
    keys = [metric.key for metric in EVERY]
    assert sorted(keys) == sorted(reference.METRIC)


def test_every_file_of_the_folder_is_in_the_registry():
    package = lossacc_gui.core.metrics
    modules = [
        importlib.import_module(f"{package.__name__}.{m.name}")
        for m in pkgutil.iter_modules(package.__path__)
    ]
    defined = {
        id(thing)
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, Metric | RowMetric)
    }
    assert defined == {id(metric) for metric in EVERY}


@pytest.mark.parametrize("metric", EVERY, ids=lambda metric: metric.key)
def test_says_what_it_is(metric):
    assert metric.title
    assert metric.formula
    assert metric.key.isidentifier()
    assert isinstance(metric.kind, Kind)
    assert isinstance(metric.unit(Convention()), str)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_no_label_is_undefined_and_says_so(metric):
    reading = metric.of(Tally(unlabelled=3), Convention())
    assert (reading.value, reading.reason) == (None, "no row has a label")


@given(predictions(), st.sampled_from(CONVENTIONS), st.randoms(use_true_random=False))
def test_unchanged_by_shuffling_rows(held, convention, random):
    order = list(range(held.rows))
    random.shuffle(order)
    weights = None if held.weights is None else held.weights[order]
    other = Predictions.of(held.probs[:, order], held.labels[order], weights=weights)
    before, after = evaluate(held, convention).tally, evaluate(other, convention).tally
    assert before == after
    assert [m.of(before, convention) for m in METRICS] == [m.of(after, convention) for m in METRICS]


@given(predictions(), st.sampled_from(CONVENTIONS))
def test_accuracy_lies_inside_what_is_possible_and_inside_its_ties(held, convention):
    tally = evaluate(held, convention).tally
    assert tally.must_be_right <= tally.hits <= tally.can_be_right
    assert tally.hits_unique <= tally.hits <= tally.hits_any


@given(predictions(tame), st.data())
def test_accuracy_possible_stays_while_the_other_cells_change_places(held, data):
    label, cells = held.labels, held.probs.copy()
    for row in np.flatnonzero(label >= 0):
        others = [c for c in range(held.classes) if c != label[row]]
        cells[0, row, others] = cells[0, row, data.draw(st.permutations(others))]
    before = evaluate(held, Convention())
    after = evaluate(Predictions.of(cells, label), Convention())
    sums_kept = before.stats.total == after.stats.total  # another order may round another way
    for flag in (Flag.CAN_BE_RIGHT, Flag.MUST_BE_RIGHT):
        assert (before.stats.has(flag) == after.stats.has(flag))[sums_kept].all()


def reading(key: str, rows, labels, convention: Convention):
    metric = next(metric for metric in METRICS if metric.key == key)
    return metric.of(evaluate(Predictions.of(rows, labels), convention).tally, convention)


def test_cross_entropy_in_bits_and_as_a_sum():
    rows, labels = [[0.5, 0.5], [0.25, 0.75]], [0, 0]
    assert reading("cross_entropy", rows, labels, Convention(base=Base.BITS)).value == 1.5
    both = Convention(base=Base.BITS, reduction=Reduction.SUM)
    assert reading("cross_entropy", rows, labels, both).value == 3.0


def test_an_undefined_loss_says_how_many_rows_make_it_so():
    rows = [[0.5, 0.5], [np.nan, 0.5], [-1, 0.5]]
    assert (
        reading("cross_entropy", rows, [0, 0, 0], Convention()).reason
        == "2 rows have no defined loss (not a number)"
    )
    assert (
        reading("perplexity", rows[:2], [0, 0], Convention()).reason
        == "1 row has no defined loss (not a number)"
    )
    both = reading("cross_entropy", [[0.0, 1.0], [np.inf, 0.0]], [0, 0], Convention())
    assert (both.value, both.reason) == (None, "1 loss is ∞ and 1 is −∞")


def test_an_infinite_loss_says_which_rows_make_it_so():
    found = reading("cross_entropy", [[0.0, 1.0], [0.5, 0.5]], [0, 0], Convention())
    assert (found.value, found.note) == (inf, "1 of 2 rows gives its label 0")
    assert reading("perplexity", [[0.0, 1.0]], [0], Convention()).value == inf


def test_a_perplexity_that_overflows_is_infinite():
    assert reading("perplexity", [[0.0, 1000.0]], [0], Convention(Rows.LOGITS)).value == inf


def test_a_tie_makes_accuracy_an_interval():
    found = reading("accuracy", [[0.5, 0.5], [0.2, 0.8]], [1, 1], Convention())
    assert (found.value, found.low, found.high, found.is_interval) == (0.5, 0.5, 1.0, True)
    assert found.note == "1 of 2 rows; ties make it 1 to 2"
    plain = reading("accuracy", [[0.4, 0.6]], [1], Convention())
    assert (plain.is_interval, plain.note) == (False, "1 of 1 row")


def test_what_is_possible_says_by_which_rule_it_counts_ties():
    tied = [[0.5, 0.5, 0.0], [0.1, 0.2, 0.7]]  # the first is right and must be, though a tie decides it
    found = reading("accuracy_possible", tied, [0, 0], Convention())
    assert (found.low, found.high, found.note) == (0.5, 0.5, "1 of 2 rows by the first tied cell")
    fresh = [[1 / 3] * 3] * 3  # as File > New fills it: an interval of 0 to 3 beside one of 0 to 1
    assert reading("accuracy", fresh, [0, 1, 2], Convention()).note == "1 of 3 rows; ties make it 0 to 3"
    possible = reading("accuracy_possible", fresh, [0, 1, 2], Convention())
    assert possible.note == "0 to 1 of 3 rows by the first tied cell"
    plain = reading("accuracy_possible", [[0.6, 0.4, 0.0]], [0], Convention())
    assert plain.note == "1 of 1 row"


def test_every_tile_is_of_registered_metrics():
    assert {id(metric) for tile in TILES for metric in tile} <= {id(metric) for metric in METRICS}


@given(predictions(), st.data())
def test_every_class_of_a_mean_over_classes_has_its_own_number(held, data):
    convention = data.draw(weighing(held.classes))
    tally = evaluate(held, convention).tally
    for metric in METRICS:
        if metric.per_class is None or not tally.rows:
            continue
        values = metric.per_class(tally)
        assert values.shape == (held.classes,)
        defined = values[~np.isnan(values)]
        assert ((defined >= 0) & (defined <= 1)).all()
        assert metric.of(tally, convention).value == pytest.approx(defined.mean())


UNDEFINED = {
    "matthews": ([[0.9, 0.1], [0.8, 0.2]], [0, 1], "all rows have one prediction"),
    "kappa": (
        [[0.9, 0.1], [0.8, 0.2]],
        [0, 0],
        "all rows have one label, and it is all that is predicted",
    ),
    "d2": ([[0.9, 0.1]], [0], "all rows that count have one label, so the class prior loses nothing"),
    "ece": ([[1.5, 0.1], [0.5, 0.5]], [0, 0], "1 row has a confidence outside 0..1"),
    "mce": ([[np.nan, 0.1], [-1, -2]], [0, 0], "2 rows have a confidence outside 0..1"),
    "brier": ([[np.nan, 0.1]], [0], "1 row has a probability that is no number"),
}


@pytest.mark.parametrize("key", UNDEFINED)
def test_what_is_undefined_says_why_and_is_no_zero(key):
    rows, labels, reason = UNDEFINED[key]
    found = reading(key, rows, labels, Convention())
    assert (found.value, found.reason) == (None, reason)


def test_a_class_without_what_the_mean_needs_is_left_out_and_said():
    rows, labels = np.eye(4)[[0, 0, 2]], [0, 1, 1]
    note = "1 class without a row of that label left out"
    assert reading("recall", np.eye(3)[[0, 0, 2]], labels, Convention()).note == note
    found = reading("precision", rows, labels, Convention())
    assert (found.value, found.note) == (0.25, "2 classes never predicted left out")
    assert reading("f1", rows, labels, Convention()).note == "1 class neither a label nor predicted left out"


@pytest.mark.parametrize("tenths", range(1, 10))
@pytest.mark.parametrize("rows", [10, 1000])
def test_a_calibration_error_of_nothing_but_rounding_is_0(tenths, rows):
    right, share = rows * tenths // 10, tenths / 10
    cells = np.full((rows, 20), (1 - share) / 19)
    cells[:, 3] = share
    labels = np.where(np.arange(rows) < right, 3, 4)
    for key in ("ece", "mce"):
        assert reading(key, cells, labels, Convention()).value == 0
        assert reading(key, cells[:1] + 1e-15 * np.eye(20)[3], [3], Convention()).value == 1 - (share + 1e-15)


def test_a_calibration_error_of_more_than_rounding_stays():
    cells = np.array([[0.5 + 2**-50, 0.5 - 2**-50], [0.5, 0.5]])
    found = reading("ece", cells, [0, 1], Convention())
    assert found.value == 2**-51


def test_smoothed_losses_with_class_weights_claim_no_library_but_keras():
    """PyTorch: ((1 − a) w_y nll_y + a/C Σ_c w_c nll_c) / Σ w_y; Keras: the weight multiplies a row's loss."""
    logits, labels, weights, a = (
        np.array([[1.0, 0.2, -0.5], [0.3, 0.1, 2.0]]),
        np.array([0, 1]),
        (1.0, 2.0, 5.0),
        0.1,
    )
    nll = np.log(np.exp(logits).sum(axis=1, keepdims=True)) - logits
    own, w = nll[[0, 1], labels], np.array(weights)
    torch = ((1 - a) * w[labels] * own + a / 3 * nll @ w).sum() / w[labels].sum()
    keras = (w[labels] * ((1 - a) * own + a * nll.mean(axis=1))).mean()
    smoothed = replace(preset("pytorch_logits"), smoothing=a, weights=weights)
    found = reading("cross_entropy", logits, labels, smoothed)
    assert found.value != pytest.approx(torch, rel=1e-3)
    assert found.note == "class weights, divided by the sum of weights, no library’s rule"
    assert found.unlike.startswith("with label smoothing, PyTorch weighs")
    by_rows = reading("cross_entropy", logits, labels, replace(smoothed, divisor=Divisor.ROWS))
    assert by_rows.value == pytest.approx(keras)
    even = reading("cross_entropy", logits, labels, replace(smoothed, weights=(2.0, 2.0, 2.0)))
    assert even.value == pytest.approx(((1 - a) * own + a * nll.mean(axis=1)).mean())
    plain = reading("cross_entropy", logits, labels, replace(smoothed, smoothing=0.0))
    assert plain.value == pytest.approx((w[labels] * own).sum() / w[labels].sum())
    assert by_rows.unlike == even.unlike == plain.unlike == ""


def test_the_clip_of_binary_cross_entropy_claims_no_library_for_three_classes():
    three = reading("cross_entropy", [[0.2, 0.3, 0.5], [0.0, 0.5, 0.5]], [2, 0], preset("pytorch_bce"))
    assert three.value == pytest.approx((100 - np.log(0.5)) / 2)
    assert three.note == "no library’s rule of 3 classes"
    assert three.unlike.startswith("binary_cross_entropy is for two classes")
    two = reading("cross_entropy", [[0.2, 0.8], [0.0, 1.0]], [1, 0], preset("pytorch_bce"))
    assert (two.note, two.unlike) == ("", "")


WEIGHTED = Convention(weights=(1.0, 3.0))


def test_class_weights_with_either_divisor():
    rows, labels = [[0.5, 0.5], [0.75, 0.25]], [0, 1]
    total = np.log(2) + 3 * np.log(4)
    assert reading("cross_entropy", rows, labels, WEIGHTED).value == pytest.approx(total / 4, rel=1e-15)
    by_rows = replace(WEIGHTED, divisor=Divisor.ROWS)
    found = reading("cross_entropy", rows, labels, by_rows)
    assert found.value == pytest.approx(total / 2, rel=1e-15)
    assert found.note == "class weights, divided by the number of rows"
    summed = replace(WEIGHTED, reduction=Reduction.SUM)
    assert reading("cross_entropy", rows, labels, summed).value == pytest.approx(total, rel=1e-15)
    assert reading("perplexity", rows, labels, WEIGHTED).value == pytest.approx(np.exp(total / 4))
    assert reading("perplexity", rows, labels, summed).value == pytest.approx(np.exp(total / 4))
    prior = np.log(4) / 4 + 3 * np.log(4 / 3) / 4
    assert reading("prior_cross_entropy", rows, labels, WEIGHTED).value == pytest.approx(prior)
    assert reading("prior_cross_entropy", rows, labels, by_rows).value == pytest.approx(2 * prior)
    for convention in (WEIGHTED, by_rows):
        assert reading("d2", rows, labels, convention).value == pytest.approx(1 - total / 4 / prior)


def test_an_infinite_loss_of_weight_0_poisons_nothing():
    rows, labels = [[0.0, 1.0], [0.5, 0.5]], [0, 1]
    zero = Convention(weights=(0.0, 1.0))
    assert reading("cross_entropy", rows, labels, zero).value == np.log(2)
    held = Predictions.of(rows, labels, weights=[0, 2])
    metric = METRICS[0]
    assert metric.of(evaluate(held, Convention()).tally, Convention()).value == np.log(2)
    none = Predictions.of(rows, labels, weights=[0, 0])
    found = metric.of(evaluate(none, Convention()).tally, Convention())
    assert (found.value, found.reason) == (None, "every labelled row has the weight 0")
    few = metric.of(evaluate(held, Convention()).tally, Convention(weights=(1.0,)))
    assert few.reason == "there is 1 class weight and 2 classes"


def test_the_worst_hundredth_is_rounded_up():
    losses = np.linspace(0.01, 0.99, 250)
    cells = np.stack([losses, 1 - losses], axis=1)
    found = ROW_METRICS[0].of(evaluate(Predictions.of(cells, np.zeros(250, int)), Convention()).stats, None)
    assert found.note == "3 of 250 rows"
    assert found.value == pytest.approx(-np.log(losses[:3]).sum() / -np.log(losses).sum())
