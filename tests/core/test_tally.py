"""Sums and counts that are exact, so that parts add up to the whole with ``==``."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from math import fsum, inf, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.rows import RowStats, row_stats
from lossacc_gui.core.tally import SUM_BLOCK, UNIT_BITS, Tally, exact_ratio, exact_sum
from tests.core.strategies import conventions, predictions

finite = st.floats(allow_nan=False, allow_infinity=False)
small = st.floats(-1e-300, 1e-300) | st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 2.0**-1022])


def fractions(values: list[float]) -> Fraction:
    return sum(map(Fraction, values), Fraction(0))


@given(st.lists(finite | small, max_size=40))
def test_a_sum_is_exact(values):
    assert Fraction(exact_sum(np.array(values, np.float64)), 2**UNIT_BITS) == fractions(values)


@given(st.lists(finite | small, min_size=1, max_size=40), st.integers(1, 10**6))
def test_a_mean_is_rounded_once(values, divisor):
    exact = fractions(values) / divisor
    got = exact_ratio(exact_sum(np.array(values)), divisor)
    try:
        assert got == exact.numerator / exact.denominator
    except OverflowError:
        assert got == (inf if exact > 0 else -inf)


@pytest.mark.parametrize("size", [1, 8, 9, SUM_BLOCK, SUM_BLOCK + 1, 3 * SUM_BLOCK - 5])
def test_a_long_sum_is_that_of_fsum(size):
    rng = np.random.default_rng(size)
    values = np.exp(rng.uniform(-700, 700, size)) * rng.choice([-1.0, 1.0], size)
    assert exact_ratio(exact_sum(values)) == fsum(values)
    assert exact_sum(values) == exact_sum(values[::-1])


def test_mantissas_full_of_ones_do_not_round_in_their_bins():
    values = np.full(SUM_BLOCK, 2 - 2.0**-52)
    assert exact_sum(values) == SUM_BLOCK * exact_sum(values[:1])


@given(predictions(most_rows=12), conventions, st.data())
def test_parts_add_up_to_the_whole(held, convention, data):
    stats = row_stats(held.probs[0], held.labels, convention)
    part_of = np.array(data.draw(st.lists(st.integers(0, 3), min_size=held.rows, max_size=held.rows)))
    parts = [Tally.of(stats[np.flatnonzero(part_of == part)]) for part in range(4)]
    whole = Tally.of(stats)
    assert sum(parts, Tally()) == whole
    assert sum(parts[::-1], Tally()) == whole
    assert whole - parts[0] == parts[1] + parts[2] + parts[3]


def random_stats(rows: int) -> RowStats:
    rng = np.random.default_rng(rows)
    stats = RowStats.empty(rows)
    stats.flags[:] = rng.integers(0, 256, rows)
    stats.loss[:] = rng.choice([0.1, 0.7, 3.0, inf, -inf, np.nan], rows)
    return stats


def test_every_count_is_a_count_of_rows():
    stats = random_stats(1000)
    tally = Tally.of(stats)
    flags = [int(flag) for flag in stats.flags]
    losses = [loss for loss, flag in zip(stats.loss.tolist(), flags, strict=True) if flag & 1]
    assert tally == Tally(
        rows=len(losses),
        unlabelled=1000 - len(losses),
        loss=exact_sum(np.array([loss for loss in losses if abs(loss) < inf])),
        loss_inf=losses.count(inf),
        loss_minus_inf=losses.count(-inf),
        loss_nan=sum(map(isnan, losses)),
        hits=sum(bool(f & 2) for f in flags),
        hits_any=sum(bool(f & 4) for f in flags),
        hits_unique=sum(bool(f & 8) for f in flags),
        can_be_right=sum(bool(f & 16) for f in flags),
        must_be_right=sum(bool(f & 32) for f in flags),
        sum_off=sum(bool(f & 64) for f in flags),
        outside=sum(bool(f & 128) for f in flags),
    )


def test_every_field_is_added_and_subtracted():
    primes = Tally(*(10**i for i in range(len(fields(Tally)))))
    double = primes + primes
    assert [getattr(double, f.name) for f in fields(Tally)] == [2 * 10**i for i in range(len(fields(Tally)))]
    assert double - primes == primes
    assert double != primes


@pytest.mark.parametrize(
    ("tally", "defined", "mean"),
    [
        (Tally(), False, np.nan),
        (Tally(rows=2, loss=1 << UNIT_BITS), True, 0.5),
        (Tally(rows=2, loss_inf=1), True, inf),
        (Tally(rows=2, loss_minus_inf=1), True, -inf),
        (Tally(rows=2, loss_inf=1, loss_minus_inf=1), False, np.nan),
        (Tally(rows=2, loss_nan=1), False, np.nan),
        (Tally(rows=1, loss=1 << (UNIT_BITS + 1024)), True, inf),
        (Tally(rows=1, loss=-1 << (UNIT_BITS + 1024)), True, -inf),
    ],
)
def test_what_the_mean_of_odd_losses_is(tally, defined, mean):
    assert tally.loss_defined == defined
    np.testing.assert_equal(tally.loss_mean, mean)


def test_the_sum_is_not_the_mean():
    tally = Tally(rows=4, loss=3 << UNIT_BITS)
    assert (tally.loss_sum, tally.loss_mean) == (3.0, 0.75)


@settings(max_examples=20)
@given(predictions(), conventions)
def test_the_sum_of_the_losses_is_that_of_fsum(held, convention):
    evaluation = evaluate(held, convention)
    losses = evaluation.stats.loss[held.labels >= 0]
    if np.isfinite(losses).all() and len(losses):
        assert evaluation.tally.loss_sum == fsum(losses)
