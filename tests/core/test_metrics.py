"""Every metric of the registry equals its slow reference, and says so when it is undefined."""

from __future__ import annotations

import importlib
import pkgutil
from math import inf, isfinite

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lossacc_gui.core.metrics
from lossacc_gui.core.convention import Base, Convention, Reduction, Rows
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import METRICS, Kind
from lossacc_gui.core.metrics.metric import Metric
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.tally import Tally
from tests.core import reference
from tests.core.strategies import CONVENTIONS, ODD, predictions, steps, tame, wild

logits = steps | st.sampled_from([value for value in ODD if not isfinite(value)])


@given(st.data(), st.sampled_from(CONVENTIONS))
def test_equals_its_reference(data, convention):
    held = data.draw(predictions(logits if convention.rows is Rows.LOGITS else wild))
    tally = evaluate(held, convention).tally
    rows = reference.rows(held, convention)
    for metric in METRICS:
        got, want = metric.of(tally, convention), reference.METRIC[metric.key](rows, convention)
        if want is None:
            assert got.value is None, metric.key
            assert got.reason, metric.key
            continue
        assert got.value is not None, metric.key
        assert not got.reason, metric.key
        assert got.value == pytest.approx(want[0], rel=1e-11, abs=1e-14), metric.key
        assert got.low == pytest.approx(want[1]), metric.key
        assert got.high == pytest.approx(want[2]), metric.key


def test_every_metric_has_a_reference():
    assert {metric.key for metric in METRICS} == set(reference.METRIC)


def test_every_file_of_the_folder_is_in_the_registry():
    package = lossacc_gui.core.metrics
    modules = [
        importlib.import_module(f"{package.__name__}.{m.name}")
        for m in pkgutil.iter_modules(package.__path__)
    ]
    defined = {
        id(thing) for module in modules for thing in vars(module).values() if isinstance(thing, Metric)
    }
    assert defined == {id(metric) for metric in METRICS}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
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
    assert (both.value, both.reason) == (None, "1 losses are ∞ and 1 are −∞")


def test_an_infinite_loss_says_which_rows_make_it_so():
    found = reading("cross_entropy", [[0.0, 1.0], [0.5, 0.5]], [0, 0], Convention())
    assert (found.value, found.note) == (inf, "1 of 2 rows give their label 0")
    assert reading("perplexity", [[0.0, 1.0]], [0], Convention()).value == inf


def test_a_perplexity_that_overflows_is_infinite():
    assert reading("perplexity", [[0.0, 1000.0]], [0], Convention(Rows.LOGITS)).value == inf


def test_a_tie_makes_accuracy_an_interval():
    found = reading("accuracy", [[0.5, 0.5], [0.2, 0.8]], [1, 1], Convention())
    assert (found.value, found.low, found.high, found.is_interval) == (0.5, 0.5, 1.0, True)
    assert found.note == "1 of 2 rows, the first of tied cells counting"
    plain = reading("accuracy", [[0.4, 0.6]], [1], Convention())
    assert (plain.is_interval, plain.note) == (False, "1 of 1 rows")
