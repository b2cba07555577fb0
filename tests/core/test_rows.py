"""Each row's numbers: what they are, and that they never depend on the rows around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from functools import cache
from itertools import product
from math import exp, isfinite

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import DTYPE_EPS, LOG_CLAMP, Convention, Rows, preset
from lossacc_gui.core.reductions import SHORT_AXIS
from lossacc_gui.core.rows import Flag, RowStats, Scores, row_scores, row_stats, sum_tolerance
from tests.core import reference
from tests.core.strategies import CONVENTIONS, DTYPES, ODD, cast, predictions, steps, wild
from tests.thorough import examples

ONE = slice(0, 1)
SLOW = (
    Convention(Rows.NORMALISED, clip=1e-7, smoothing=0.1, single=True),
    Convention(Rows.LOGITS, smoothing=0.1, temperature=2.0),
    Convention(temperature=0.5),
)
"""Conventions under which every cell of a row counts."""


def bits(stats: Scores) -> list[bytes]:
    return [getattr(stats, column.name).tobytes() for column in fields(stats)]


def bits_of_scores(stats: RowStats) -> list[bytes]:
    """Those that the scores of the same rows have."""
    known = np.uint8(Flag.COUNTED | Flag.HIT | Flag.SUM_OFF | Flag.OUTSIDE)
    return bits(Scores(stats.loss, stats.total, stats.prediction, stats.flags & known))


def same(a: Scores, b: Scores) -> bool:
    return bits(a) == bits(b)


# --- the law: a row's numbers never depend on its block --------------------------------------------


def matrix(rng: np.random.Generator, rows: int, classes: int, dtype, logits: bool):
    """Rows as models give them, with something odd in every third one."""
    z = rng.standard_normal((rows, classes)) * rng.choice([0.1, 3.0, 20.0], (rows, 1))
    cells = z if logits else np.exp(z - z.max(1, keepdims=True))
    if not logits:
        cells /= cells.sum(1, keepdims=True)
    for row in range(0, rows, 3):
        cells[row, rng.integers(0, classes, 2)] = rng.choice(ODD, 2)
    return cast(cells, dtype)


# The kernel is chosen by class count and dtype: every count up to the change is here, and what vectors leave over.
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "classes", [*range(2, SHORT_AXIS + 3), 31, 32, 33, 40, 47, 48, 49, 64, 100, 129, 1000, 9000]
)
def test_a_row_alone_has_the_bits_it_has_in_a_block(classes, dtype):
    rng = np.random.default_rng(classes)
    rows = 11 if classes < 100 else 5
    cells = {logits: matrix(rng, rows, classes, dtype, logits) for logits in (False, True)}
    labels = np.stack([rng.integers(-1, classes, rows, np.int32), np.zeros(rows, np.int32)], axis=1)[:, 0]
    assert not labels.flags.c_contiguous
    for convention in CONVENTIONS:
        block = cells[convention.rows is Rows.LOGITS]
        whole, scores = row_stats(block, labels, convention), row_scores(block, labels, convention)
        assert bits(scores) == bits_of_scores(whole), convention
        for row in range(rows):
            one = slice(row, row + 1)
            assert same(whole[one], row_stats(block[one], labels[one], convention)), (row, convention)
            assert same(scores[one], row_scores(block[one], labels[one], convention)), (row, convention)
        picked = rng.permutation(rows)[: rows // 2]
        assert same(whole[picked], row_stats(block[picked], labels[picked], convention))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("rows", "classes"), [(7000, 3), (2100, 10), (1100, 40), (70, 1000)])
def test_a_block_of_thousands_changes_nothing_either(rows, classes, dtype):
    rng = np.random.default_rng(rows)
    labels = rng.integers(-1, classes, rows, np.int32)
    for convention in (*map(preset, ("keras", "pytorch_logits", "sklearn")), *SLOW):
        cells = matrix(rng, rows, classes, dtype, convention.rows is Rows.LOGITS)
        whole = row_stats(cells, labels, convention)
        parts = [slice(start, start + 613) for start in range(0, rows, 613)]
        for part in parts:
            assert same(whole[part], row_stats(cells[part], labels[part], convention))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_an_odd_cell_of_a_long_row_is_found_wherever_it_is(odd, dtype):
    cells = cast(np.full((4, 40), 0.025) + np.linspace(-0.01, 0.01, 40), dtype)
    labels = np.array([7, 7, 0, 39], np.int32)
    cells[[0, 1, 2], [7, 12, 39]] = cast(np.array(odd), dtype)
    stats = row_stats(cells, labels, Convention())
    for row, label in enumerate(labels):
        exact = cells[row].astype(np.float64)
        with np.errstate(all="ignore"):
            margin = exact[label] - np.delete(exact, label).max()
        assert stats.prediction[row] == reference.first_maximum(exact.tolist())
        np.testing.assert_equal(stats.margin[row] + 0.0, margin + 0.0)
        assert stats.has(Flag.OUTSIDE)[row] == (not ((exact >= 0) & (exact <= 1)).all())
    assert same(stats[1:2], row_stats(cells[1:2], labels[1:2], Convention()))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("rows", "classes"), [(66_000, 5), (1100, 1000)])  # more than are looked at together
def test_rows_of_which_all_have_a_sign_are_read_like_any_other(rows, classes, dtype):
    rng = np.random.default_rng(classes)
    cells = cast(np.log(rng.dirichlet(np.ones(classes), rows)), dtype)
    labels = rng.integers(0, classes, rows, np.int32)
    stats = row_stats(cells, labels, Convention())
    assert stats.prediction.tolist() == cells.argmax(axis=1).tolist()
    assert stats.confidence.tolist() == cells.max(axis=1).tolist()
    assert stats.has(Flag.OUTSIDE).all()
    assert bits(row_scores(cells, labels, Convention())) == bits_of_scores(stats)
    some = slice(rows - 500, rows - 480)
    assert same(stats[some], row_stats(cells[some], labels[some], Convention()))


@examples(300)
@given(predictions(wild), st.sampled_from(CONVENTIONS))
def test_scores_are_those_of_the_row_stats(held, convention):
    stats = row_stats(held.probs[0], held.labels, convention)
    assert bits(row_scores(held.probs[0], held.labels, convention)) == bits_of_scores(stats)


# --- each column against plain Python --------------------------------------------------------------


@given(predictions(wild), st.sampled_from([c for c in CONVENTIONS if c.rows is not Rows.LOGITS]))
def test_columns_of_rows_of_probabilities(held, convention):
    stats = row_stats(held.probs[0], held.labels, convention)
    matrix = cast(held.probs[0], np.float32) if convention.single else held.probs[0]
    for row, cells in enumerate(matrix.tolist()):
        label = int(held.labels[row])
        assert stats.prediction[row] == reference.first_maximum(cells)
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(stats.total[row], reference.added(cells))
        finite, inside = isfinite(stats.total[row]), all(0 <= cell <= 1 for cell in cells)
        assert stats.has(Flag.OUTSIDE)[row] == (not inside)
        off = not (finite and abs(stats.total[row] - 1) <= sum_tolerance(matrix.dtype))
        assert stats.has(Flag.SUM_OFF)[row] == off
        assert stats.has(Flag.COUNTED)[row] == (label >= 0)
        if label < 0:
            assert np.isnan([stats.loss[row], stats.p_label[row], stats.margin[row]]).all()
            assert not stats.flags[row] & ~np.uint8(Flag.SUM_OFF | Flag.OUTSIDE)
            continue
        if convention.temperature != 1:
            raised = reference.raised_by_clip(cells, convention, held.probs.dtype)
            heated = reference.heated(raised, convention)
            read = [exp(-reference.softmax_loss(heated, c)) for c in range(len(cells))]
            np.testing.assert_allclose(stats.p_label[row], read[label], rtol=1e-11)
            rest = read[:label] + read[label + 1 :]
            np.testing.assert_allclose(stats.margin[row], read[label] - max(rest), rtol=1e-11, atol=1e-15)
            continue
        others = np.array([cell for i, cell in enumerate(cells) if i != label])
        with np.errstate(all="ignore"):
            margin = cells[label] - others.max()
        np.testing.assert_array_equal(stats.p_label[row], cells[label])
        np.testing.assert_array_equal(stats.margin[row], margin)


@examples(300)
@given(predictions(wild), st.sampled_from([c for c in CONVENTIONS if c.rows is not Rows.LOGITS]))
def test_flags_and_losses_of_rows_of_probabilities(held, convention):
    check_rows(held, convention)


@given(
    predictions(steps | st.sampled_from([v for v in ODD if not isfinite(v)])),
    st.sampled_from([c for c in CONVENTIONS if c.rows is Rows.LOGITS]),
)
def test_flags_and_losses_of_logits(held, convention):
    check_rows(held, convention)


def check_rows(held, convention):
    stats = row_stats(held.probs[0], held.labels, convention)
    counted = np.flatnonzero(held.labels >= 0)
    for row, want in zip(counted, reference.rows(held, convention), strict=True):
        np.testing.assert_allclose(stats.loss[row], want.loss, rtol=1e-11, atol=1e-15)
        assert not np.signbit(stats.loss[row]) or stats.loss[row] < 0 or np.isnan(stats.loss[row])
        found = {flag: bool(stats.has(flag)[row]) for flag in Flag}
        assert found[Flag.HIT] == want.hit
        assert found[Flag.HIT_ANY] == want.hit_any
        assert found[Flag.HIT_UNIQUE] == want.hit_unique
        assert want.can in (None, found[Flag.CAN_BE_RIGHT])
        assert want.must in (None, found[Flag.MUST_BE_RIGHT])
        np.testing.assert_allclose(stats.confidence[row], want.confidence, rtol=1e-14)
        np.testing.assert_allclose(stats.brier[row], want.brier, rtol=1e-11, atol=1e-15)
        assert (stats.rank_low[row], stats.rank_high[row]) == (want.rank_low, want.rank_high)
        assert want.rounded in (None, stats.rounded[row])


def test_a_row_without_a_label_has_a_confidence_and_no_more():
    stats = row_stats(np.array([[0.25, 0.75]]), np.array([-1], np.int32), Convention())
    assert stats.confidence[0] == 0.75
    assert np.isnan(stats.brier[0])
    assert (stats.rank_low[0], stats.rank_high[0], stats.rounded[0]) == (-1, -1, -1)


def test_a_huge_cell_hides_no_other_from_rounding():
    stats = row_stats(np.array([[0.0, 0.0, 0.5625, 1e30]]), np.array([0], np.int32), Convention())
    assert stats.rounded[0] == 1


@pytest.mark.parametrize("scale", [1e200, 1e-200, 5e-324])
@pytest.mark.parametrize("classes", [3, 30])
def test_probabilities_of_huge_and_tiny_cells(classes, scale):
    cells = np.zeros((1, classes))
    cells[0, :3] = scale, scale, 2 * scale
    stats = row_stats(cells, np.array([1], np.int32), Convention(Rows.NORMALISED))
    assert (stats.confidence[0], stats.brier[0], stats.rounded[0]) == (0.5, 0.875, classes - 1)


@pytest.mark.parametrize("classes", [3, 30, 3000])
def test_a_label_ranks_behind_what_is_larger_or_no_number(classes):
    cells = np.zeros((4, classes))
    cells[:, 1] = 0.5, 0.5, np.nan, 0.5
    cells[:, 2] = 0.5, 0.6, 0.5, np.nan
    stats = row_stats(cells, np.ones(4, np.int32), Convention())
    assert stats.rank_low.tolist() == [0, 1, classes, 1]
    assert stats.rank_high.tolist() == [1, 1, classes, 1]
    last = row_stats(cells[:1], np.array([0], np.int32), Convention())
    assert (last.rank_low[0], last.rank_high[0]) == (2, classes - 1)


@pytest.mark.parametrize("classes", [4, 40])
@pytest.mark.parametrize("dtype", DTYPES)
def test_rounding_counts_every_cell_that_rounds_to_1(classes, dtype):
    cells = np.zeros((7, classes), dtype)
    cells[0, :4] = 0.75, 0.75, 0.75, 0.5
    cells[1, :2] = 0.5, 0.5
    cells[2, :3] = 0.6, 0.2, 0.2
    cells[3, :2] = 1.5, -0.5
    cells[4, :2] = np.inf, np.nan
    cells[5, :3] = -1, 1, 1
    cells[6, 2:4] = 0.75, np.finfo(dtype).max  # beside it the other is lost in the sum
    wrong = row_stats(cells, np.zeros(7, np.int32), Convention()).rounded - classes
    assert wrong.tolist() == [-2, -1, 0, -1, -2, -3, -3]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("classes", [24, 25, 40, 1000])
def test_columns_of_rows_of_many_classes(classes, dtype):
    rng = np.random.default_rng(classes)
    rows = 600  # more than are reduced at once
    cells = cast(rng.dirichlet(np.ones(classes), rows), dtype)
    labels = np.where(rng.random(rows) < 0.5, cells.argmax(axis=1), rng.integers(0, classes, rows))
    labels = labels.astype(np.int32)
    for convention in (preset("by_hand"), preset("pytorch_logits")):
        stats = row_stats(cells, labels, convention)
        exact = cells.astype(np.float64)
        own = np.take_along_axis(exact, labels[:, np.newaxis], axis=1)[:, 0]
        others = np.where(np.arange(classes) == labels[:, np.newaxis], -np.inf, exact).max(axis=1)
        assert stats.prediction.tolist() == cells.argmax(axis=1).tolist()
        assert stats.p_label.tolist() == own.tolist()
        assert stats.margin.tolist() == (own - others).tolist()
        np.testing.assert_allclose(stats.total, exact.sum(axis=1), rtol=1e-13)
        want = np.log(np.exp(exact).sum(axis=1)) - own if convention.rows is Rows.LOGITS else -np.log(own)
        np.testing.assert_allclose(stats.loss, want, rtol=1e-13)
        assert not stats.has(Flag.OUTSIDE).any()


@pytest.mark.parametrize("classes", [3, 30])
def test_a_tie_of_zeros_of_either_sign_has_one_margin(classes):
    cells = np.zeros((64, classes))
    cells[::2, 0] = -0.0
    cells[::3, 1:] = -0.0
    margin = row_stats(cells, np.zeros(64, np.int32), Convention()).margin
    assert margin.tobytes() == np.zeros(64).tobytes()


# --- accuracy possible: every redistribution there is ----------------------------------------------

FINER = 6
"""Parts of a unit in which mass is moved: divisible among 1, 2 or 3 other cells."""


def splits(mass: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to give whole parts of the mass to so many cells."""
    if cells == 1:
        yield (mass,)
        return
    for first in range(mass + 1):
        for rest in splits(mass - first, cells - 1):
            yield (first, *rest)


@cache
def outcomes(classes: int, label: int, own: int, mass: int) -> tuple[bool, bool]:
    """Whether some redistribution of ``mass`` among the others makes the row right; and whether all do."""
    right = set()
    for others in splits(mass, classes - 1):
        cells = (*others[:label], own, *others[label:])
        right.add(cells.index(max(cells)) == label)
        if len(right) == 2:
            break
    return True in right, False not in right


@pytest.mark.parametrize("scale", [1.0, 1 / 16, 1 / 12])
@pytest.mark.parametrize("classes", [2, 3, 4])
def test_what_is_possible_is_what_trying_everything_finds(classes, scale):
    units = 16 if scale == 1 / 16 else 12
    rows = [row for row in product(range(units + 1), repeat=classes) if sum(row) == units]
    cells = np.array(rows, np.float64) * scale
    for label in range(classes):
        stats = row_stats(cells, np.full(len(rows), label, np.int32), Convention())
        can, must = stats.has(Flag.CAN_BE_RIGHT), stats.has(Flag.MUST_BE_RIGHT)
        for i, row in enumerate(rows):
            if scale == 1 / 12:  # thirds are no floats: the exact argument about the numbers as they are
                want = exactly_possible(cells[i].tolist(), label)
            else:
                want = outcomes(classes, label, FINER * row[label], FINER * (units - row[label]))
            assert (bool(can[i]), bool(must[i])) == want, (row, label)


def exactly_possible(cells: list[float], label: int) -> tuple[bool, bool]:
    hit = cells.index(max(cells)) == label
    can, must = reference.possible(cells, label, hit, logits=False)
    assert sum(map(Fraction, cells)) - 1 < Fraction(1, 10**15)
    return can, must


@pytest.mark.parametrize("classes", range(3, 51))
@pytest.mark.parametrize("dtype", DTYPES)
def test_an_even_row_can_be_right_for_the_first_class_only(classes, dtype):
    even = np.full((classes, classes), 1 / classes, dtype)
    labels = np.arange(classes, dtype=np.int32)
    for key in ("by_hand", "keras", "pytorch_logits"):
        can = row_stats(even, labels, preset(key)).has(Flag.CAN_BE_RIGHT)
        assert can.tolist() == [True] + [False] * (classes - 1), key


def test_two_classes_leave_nothing_to_move():
    near = np.nextafter(0.5, 1)
    cells = np.array([[0.5, near], [near, 0.5], [0.5, 0.5], [0.5, 0.5]])
    labels = np.array([1, 1, 0, 1], np.int32)
    for key in ("by_hand", "pytorch_logits"):
        stats = row_stats(cells, labels, preset(key))
        for flag in (Flag.HIT, Flag.CAN_BE_RIGHT, Flag.MUST_BE_RIGHT):
            assert stats.has(flag).tolist() == [True, False, True, False]


# --- the edge table of SEMANTICS 1.5 ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "by_hand", "keras", "sklearn", "prediction"),
    [
        ((0.0, 0.5, 0.5), np.inf, 16.11809565095832, 36.04365338911715, 1),
        ((1.0, 0.0, 0.0), 0.0, 1.0000000494736474e-07, 2.220446049250313e-16, 0),
        ((5e-324, 0.5, 0.5), 744.4400719213812, 16.11809565095832, 36.04365338911715, 1),
        ((1e-8, 0.5, 0.5), 18.420680743952367, 16.11809565095832, 18.420680743952367, 1),
        ((np.nan, 0.5, 0.5), np.nan, np.nan, np.nan, 0),
        ((0.5, np.nan, 0.5), 0.6931471805599453, np.nan, 0.6931471805599453, 1),
        ((np.inf, 0.5, 0.5), -np.inf, np.nan, 2.220446049250313e-16, 0),
        ((0.5, np.inf, 0.5), 0.6931471805599453, 16.11809565095832, 0.6931471805599453, 1),
        ((-0.2, 0.6, 0.6), np.nan, 16.11809565095832, 36.04365338911715, 1),
        ((0.7, -0.2, 0.5), 0.35667494393873245, 0.35667494393873245, 0.35667494393873245, 0),
        ((0.5, -1.0, 0.2), 0.6931471805599453, 16.11809565095832, 0.6931471805599453, 0),
        ((1.5, 0.2, 0.3), -0.4054651081081644, 0.2876820724517809, 2.220446049250313e-16, 0),
        ((0.0, 0.0, 0.0), np.inf, np.nan, 36.04365338911715, 0),
        ((1.0, 0.5, 0.5), 0.0, 0.6931471805599453, 2.220446049250313e-16, 0),
    ],
)
def test_edge(row, by_hand, keras, sklearn, prediction):
    for key, want in (("by_hand", by_hand), ("keras", keras), ("sklearn", sklearn)):
        stats = row_stats(np.array([row]), np.zeros(1, np.int32), preset(key))
        np.testing.assert_allclose(stats.loss, [want], rtol=1e-14, err_msg=key)
        assert stats.prediction[0] == prediction


def test_a_tie_made_by_division_does_not_count():
    cells = np.array([[0.24, np.nextafter(0.24, 1), 0.16]])
    stats = row_stats(cells, np.array([1], np.int32), preset("keras"))
    assert stats.prediction[0] == 1
    assert stats.has(Flag.HIT_UNIQUE)[0]


def test_clipping_first_divides_by_the_clipped_sum():
    cells = np.array([[0.0, 0.0, 1.0]])
    first = row_stats(cells, np.zeros(1, np.int32), Convention(Rows.NORMALISED, 0.1, clip_first=True))
    np.testing.assert_allclose(first.loss, [-np.log(0.1 / 1.1)], rtol=1e-15)


@pytest.mark.parametrize(
    ("dtype", "loss"),
    [(np.float16, 6.931471805599453), (np.float32, 15.942385152878742), (np.float64, 36.04365338911715)],
)
def test_the_dtypes_own_epsilon_is_the_largest_loss(dtype, loss):
    stats = row_stats(np.array([[0.0, 1.0]], dtype), np.zeros(1, np.int32), Convention(clip=DTYPE_EPS))
    np.testing.assert_allclose(stats.loss, [loss], rtol=1e-14)


@pytest.mark.parametrize(("dtype", "off", "within"), [(np.float64, 2.6e-8, 2e-8), (np.float32, 4e-4, 3e-4)])
def test_a_sum_is_off_where_scikit_learn_warns(dtype, off, within):
    cells = np.array([[0.5 + off, 0.5], [0.5 + within, 0.5], [0.5 - off, 0.5]], dtype)
    stats = row_stats(cells, np.zeros(3, np.int32), Convention())
    assert stats.has(Flag.SUM_OFF).tolist() == [True, False, True]


def test_logits_have_no_sum_and_no_range():
    stats = row_stats(np.array([[5.0, -3.0], [np.inf, 0.0]]), np.zeros(2, np.int32), preset("pytorch_logits"))
    assert stats.has(Flag.SUM_OFF).tolist() == [False, False]
    assert stats.has(Flag.OUTSIDE).tolist() == [False, True]


def test_columns_can_be_put_and_picked():
    stats = RowStats.empty(3)
    assert len(stats) == 3
    new = row_stats(np.array([[0.5, 0.5]]), np.zeros(1, np.int32), Convention())
    for row in range(3):
        stats.put(slice(row, row + 1), new)
    assert same(stats[np.array([2])], new)
    assert same(stats[ONE], new)


def test_a_row_of_zeros_has_no_temperature_and_counts_as_it_is():
    stats = row_stats(np.zeros((2, 3)), np.array([0, 1], np.int32), Convention(temperature=2.0))
    assert np.isnan(stats.loss).all()
    for flag in (Flag.HIT, Flag.CAN_BE_RIGHT, Flag.MUST_BE_RIGHT):
        assert stats.has(flag).tolist() == [True, False]


def test_a_temperature_reaches_losses_that_no_probability_could_hold():
    cells = np.array([[0.9, 0.1, 0.0]])
    stats = row_stats(cells, np.ones(1, np.int32), Convention(temperature=0.001))
    np.testing.assert_allclose(stats.loss, [1000 * np.log(9)], rtol=1e-13)
    assert stats.p_label[0] == 0.0


@pytest.mark.parametrize("clip", [1e-7, LOG_CLAMP, DTYPE_EPS])
@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_a_clip_comes_before_a_temperature_and_not_after_it(clip, temperature):
    cells = np.array([[0.9, 0.1, 0.0], [0.9, 0.1, 0.0]])
    convention = Convention(clip=clip, temperature=temperature)
    stats = row_stats(cells, np.array([2, 0], np.int32), convention)
    powers = np.array([0.9, 0.1, convention.eps(cells.dtype)]) ** (1 / temperature)
    np.testing.assert_allclose(stats.loss, -np.log(powers[[2, 0]] / powers.sum()), rtol=1e-13)
