"""Sums and counts that are exact, so that parts add up to the whole with ``==``."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from math import fsum, inf, isnan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.exact import SUM_BLOCK, UNIT_BITS, Counts, Sums, exact_ratio, exact_sum
from lossacc_gui.core.rows import RowStats, row_stats
from lossacc_gui.core.tally import Tally, Weighted, bin_of
from tests.core.strategies import conventions, predictions
from tests.thorough import examples

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


@pytest.mark.parametrize("exponent", [1023, 1009, 1008, 1007, 0, -1000, -1022, -1050])
def test_sums_of_numbers_of_one_size_do_not_round(exponent):
    rng = np.random.default_rng(3)
    values = np.ldexp(rng.uniform(0.5, 1, 3 * SUM_BLOCK // 2), exponent)
    values[::7] *= -1
    values[::1000] = 5e-324
    if exponent > 1000:
        values = values[: SUM_BLOCK // 16]  # the largest are taken one by one
    whole = sum((round(Fraction(value) * 2**UNIT_BITS) for value in values.tolist()), 0)
    assert exact_sum(values) == whole
    assert Sums.of(values, np.full(len(values), 4)) == {4: whole}


@given(predictions(most_rows=12), conventions, st.data())
def test_parts_add_up_to_the_whole(held, convention, data):
    stats = row_stats(held.probs[0], held.labels, convention)
    part_of = np.array(data.draw(st.lists(st.integers(0, 3), min_size=held.rows, max_size=held.rows)))
    parts = [Tally.of(stats[np.flatnonzero(part_of == part)], held.classes, 7) for part in range(4)]
    whole = Tally.of(stats, held.classes, 7)
    assert sum(parts, Tally()) == whole
    assert sum(parts[::-1], Tally()) == whole
    assert whole - parts[0] == parts[1] + parts[2] + parts[3]


def random_stats(rows: int, classes: int) -> RowStats:
    """Columns that no row would have together, so that no count can stand for another."""
    rng = np.random.default_rng(rows)
    stats = RowStats.empty(rows)
    stats.flags[:] = rng.integers(0, 256, rows)
    stats.loss[:] = rng.choice([0.1, 0.7, 3.0, inf, -inf, np.nan], rows)
    stats.brier[:] = rng.choice([0.1, 2.0, inf, np.nan], rows)
    stats.confidence[:] = rng.choice([0.0, 0.3, 1 / 3, 0.999, 1.0, 1.1, -0.1, inf, np.nan], rows)
    for column in (stats.prediction, stats.label):
        column[:] = rng.integers(0, classes, rows)
    for column in (stats.rank_low, stats.rank_high):
        column[:] = rng.integers(0, classes + 1, rows)
    stats.rounded[:] = rng.integers(0, 99, rows)
    return stats


def test_every_count_is_a_count_of_rows():
    stats = random_stats(1000, 5)
    tally = Tally.of(stats, 5, 3)
    flags = [int(flag) for flag in stats.flags]
    losses = [loss for loss, flag in zip(stats.loss.tolist(), flags, strict=True) if flag & 1]
    brier = [value for value, flag in zip(stats.brier.tolist(), flags, strict=True) if flag & 1]
    assert replace(
        tally,
        labels=Counts(),
        predictions=Counts(),
        losses=Sums(),
        ranks=Counts(),
        bins=Counts(),
        confidence=Sums(),
    ) == Tally(
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
        rounded=sum(r for r, f in zip(stats.rounded.tolist(), flags, strict=True) if f & 1),
        brier=exact_sum(np.array([value for value in brier if value < inf])),
        brier_inf=brier.count(inf),
        brier_nan=sum(map(isnan, brier)),
        unbinned=sum(not 0 <= c <= 1 for c, f in zip(stats.confidence.tolist(), flags, strict=True) if f & 1),
    )


def test_every_class_rank_and_bin_has_its_own_counts():
    stats = random_stats(1000, 5)
    tally = Tally.of(stats, 5, 3)
    some = stats[np.flatnonzero(stats.flags & 1)]
    hit = (some.flags & 2) != 0
    for c in range(5):
        own = some.label == c
        losses = some.loss[own]
        assert tally.predictions.array[:, c].tolist() == [(some.prediction == c).sum(), (own & hit).sum()]
        assert tally.labels.array[:, c].tolist() == [
            own.sum(),
            (losses == inf).sum(),
            (losses == -inf).sum(),
            np.isnan(losses).sum(),
        ]
        assert tally.losses.get(c, 0) == exact_sum(losses[np.isfinite(losses)])
        assert tally.ranks.array[:, c].tolist() == [(some.rank_low == c).sum(), (some.rank_high == c).sum()]
    for b, (low, high) in enumerate([(0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 1.0000001)]):
        own = (some.confidence >= low) & (some.confidence < high)
        assert tally.bins.array[:, b].tolist() == [own.sum(), (own & hit).sum()]
        assert tally.confidence.get(b, 0) == exact_sum(some.confidence[own])


def test_a_row_of_weight_0_is_left_out_whatever_its_loss():
    stats = random_stats(1000, 5)
    weights = np.random.default_rng(3).choice([0.0, 0.5, 2.0], 1000)
    tally = Tally.of(stats, 5, 3, weights)
    assert replace(tally, weighted=Weighted()) == Tally.of(stats, 5, 3)
    used = np.flatnonzero((stats.flags & 1 != 0) & (weights > 0))
    for c in range(5):
        own = used[stats.label[used] == c]
        products = stats.loss[own] * weights[own]
        assert tally.weighted.weight.get(c, 0) == exact_sum(weights[own])
        assert tally.weighted.losses.get(c, 0) == exact_sum(products[np.isfinite(products)])
        odd = [(products == inf).sum(), (products == -inf).sum(), np.isnan(products).sum()]
        assert tally.weighted.odd.array[:, c].tolist() == odd


def test_what_is_read_off_counts_is_read_once():
    asked = []

    def total(counts):
        asked.append(counts)
        return int(counts.array.sum())

    counts = Counts(np.ones((2, 3), np.int64))
    assert [counts.once(total), counts.once(total), (counts + counts).once(total)] == [6, 6, 12]
    assert len(asked) == 2


def test_what_is_read_off_counts_and_others_is_read_again_with_others():
    ones, twos = (Counts(np.full((1, 3), value)) for value in (1, 2))

    def product(counts, other):
        return int(np.vdot(counts.array, other.array))

    assert [ones.once(product, other) for other in (ones, twos, twos, ones)] == [3, 6, 6, 3]


def test_every_field_is_added_and_subtracted():
    kinds: dict[type, Any] = {
        Counts: lambda i: Counts(np.full((2, 3), i)),
        Sums: lambda i: Sums({i: i}),
        Weighted: lambda i: Weighted(i, Sums({0: i}), Sums({1: i}), Counts(np.full((3, 3), i))),
        int: int,
    }
    zero = Tally()
    primes, twice = (
        Tally(*(kinds[type(getattr(zero, f.name))](i * t) for i, f in enumerate(fields(Tally), 1)))
        for t in (1, 2)
    )
    twice = replace(twice, losses=Sums({i: 2 * i for i in primes.losses}))
    twice = replace(twice, confidence=Sums({i: 2 * i for i in primes.confidence}))
    assert primes + primes == twice
    assert twice - primes == primes
    assert primes - primes == zero
    assert zero + primes == primes
    assert zero - primes + primes == zero
    for column in fields(Tally):
        assert replace(primes, **{column.name: getattr(zero, column.name)}) != primes


@given(st.lists(st.tuples(st.integers(0, 3), finite | small), max_size=40))
def test_a_sum_of_each_group_is_exact(pairs):
    groups = np.array([group for group, _ in pairs], np.int32)
    values = np.array([value for _, value in pairs], np.float64)
    want = {g: fractions([v for group, v in pairs if group == g]) for g in range(4)}
    got = Sums.of(values, groups)
    assert {g: Fraction(total, 2**UNIT_BITS) for g, total in got.items()} == {
        g: total for g, total in want.items() if total
    }


@pytest.mark.parametrize(("groups", "spread"), [(3, 5), (9000, 5), (9000, 700)])
def test_sums_of_many_groups_are_those_of_fsum(groups, spread):
    rng = np.random.default_rng(groups)
    group = rng.integers(0, groups, 50_000, np.int32)
    values = np.exp(rng.uniform(-spread, spread, 50_000))
    got = Sums.of(values, group)
    for g in range(0, groups, 1 + groups // 50):
        assert exact_ratio(got.get(g, 0)) == fsum(values[group == g])
    assert sum(got.values()) == exact_sum(values)


@given(st.floats(0, 1) | st.integers(0, 60).map(lambda k: k / 60), st.integers(1, 60))
def test_a_bin_holds_its_lower_edge_and_the_last_one_1(confidence, bins):
    found = int(bin_of(np.array([confidence]), bins)[0])
    assert found / bins <= confidence
    assert confidence < (found + 1) / bins or found == bins - 1


@pytest.mark.parametrize("bins", [10, 15, 49, 1000])
def test_an_edge_and_its_neighbours_lie_in_their_bins_whatever_a_product_rounds_to(bins):
    edges = np.arange(bins) / bins
    below = np.nextafter(edges[1:], 0)
    assert bin_of(edges, bins).tolist() == list(range(bins))
    assert bin_of(below, bins).tolist() == list(range(bins - 1))
    assert bin_of(np.array([1.0]), bins).tolist() == [bins - 1]


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


@examples(20)
@given(predictions(), conventions)
def test_the_sum_of_the_losses_is_that_of_fsum(held, convention):
    evaluation = evaluate(held, convention)
    losses = evaluation.stats.loss[held.labels >= 0]
    if np.isfinite(losses).all() and len(losses):
        assert evaluation.tally.loss_sum == fsum(losses)
