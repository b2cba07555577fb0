"""The smallest flip: it flips, it keeps the sum, and nothing smaller does."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import fsum

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.flips import changed_cells, smallest_flip
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State

DTYPE = st.sampled_from([np.float16, np.float32, np.float64])
CELL = (
    st.integers(0, 12).map(lambda k: k / 12)
    | st.sampled_from([0.0, -0.0, 0.5, 5e-324, 1e-5])
    | st.floats(0, 2)
)
ROW = st.integers(2, 6).flatmap(lambda c: hnp.arrays(float, c, elements=CELL))


def step_of(cells):
    """The distance between neighbours at the largest cell."""
    return float(np.spacing(cells.max()))


@given(ROW, st.data(), DTYPE)
@example(np.array([0.5, 0.5]), None, np.float64)
@example(np.array([5e-324, 0.0, 0.0]), None, np.float64)
@example(np.full(6, 1 / 3), None, np.float32)
def test_it_flips_and_keeps_the_sum(row, data, dtype):
    cells = row.astype(dtype)
    if not cells.any():
        return
    labels = range(len(cells)) if data is None else [data.draw(st.integers(0, len(cells) - 1))]
    for label in labels:
        before = cells.tobytes()
        flip = smallest_flip(cells, label)
        was = int(cells.argmax()) == label
        assert cells.tobytes() == before
        assert flip.cells.dtype == cells.dtype
        assert (int(flip.cells.argmax()) == label) is flip.right is not was
        assert (int(flip.cells.argmax()) if was else int(cells.argmax())) == flip.rival
        assert flip.cells.min() >= 0
        step = step_of(np.maximum(cells, flip.cells))
        assert abs(fsum([*flip.cells.tolist(), *(-cells).tolist()])) <= step
        change = float(np.abs(flip.cells.astype(float) - cells.astype(float)).sum())
        assert flip.distance - 3 * step <= change <= flip.distance + (len(cells) + 2) * step


@given(ROW.filter(np.any), st.data())
def test_the_distance_is_that_of_exact_arithmetic(row, data):
    label = data.draw(st.integers(0, len(row) - 1))
    exact = [Fraction(cell) for cell in row.tolist()]
    others = sorted((cell for i, cell in enumerate(exact) if i != label), reverse=True)
    if int(row.argmax()) == label:
        expected = exact[label] - others[0]
    else:
        level = next(
            level
            for m in range(1, len(row))
            if (level := (exact[label] + sum(others[:m])) / (m + 1)) >= ([*others, Fraction(-1)])[m]
        )
        expected = 2 * (level - exact[label])
    assert smallest_flip(row, label).distance == pytest.approx(float(expected), rel=1e-12, abs=1e-15)


def lattice(classes, parts):
    return [c for c in itertools.product(range(parts + 1), repeat=classes) if sum(c) == parts]


@pytest.mark.parametrize(("classes", "parts"), [(2, 12), (3, 12), (4, 8)])
def test_nothing_on_a_lattice_is_nearer(classes, parts):
    """Whole numbers, so that nothing is rounded; refined for the ties that the smallest moves end in."""
    fine = {2: 2, 3: 6, 4: 3}[classes]
    points = np.array(lattice(classes, parts * fine))
    answers = points.argmax(axis=1)
    for start in lattice(classes, parts):
        here = np.array(start) * fine
        away = np.abs(points - here).sum(axis=1)
        for label in range(classes):
            was = int(here.argmax()) == label
            nearest = away[(answers == label) != was].min()
            flip = smallest_flip(here.astype(float), label)
            on_it = classes < 4  # whether the tie itself is a point of the lattice
            assert flip.distance - 1e-9 <= nearest <= flip.distance + 2 * classes
            if flip.attained and on_it:
                assert nearest == pytest.approx(flip.distance)
            if not flip.attained:
                assert nearest > flip.distance + 1e-9


@pytest.mark.parametrize(
    ("row", "label", "distance", "attained", "after"),
    [
        ([0.2, 0.5, 0.3], 2, 0.2, False, None),
        ([0.4, 0.4, 0.2], 2, 2 * (1 / 3 - 0.2), False, None),
        ([0.5, 0.25, 0.25], 0, 0.25, False, None),
        ([0.25, 0.5, 0.25], 1, 0.25, True, [0.375, 0.375, 0.25]),
        ([0.25, 0.5, 0.25], 0, 0.25, True, [0.375, 0.375, 0.25]),
        ([0.25, 0.75, 0.0], 0, 0.5, True, [0.5, 0.5, 0.0]),
        ([0.5, 0.5], 0, 0.0, False, [0.5 - 2**-54, 0.5 + 2**-53]),
        ([0.5, 0.5], 1, 0.0, False, [0.5 - 2**-54, 0.5 + 2**-53]),
        ([2.0, 4.0, 0.0], 0, 2.0, True, [3.0, 3.0, 0.0]),
    ],
)
def test_known_rows(row, label, distance, attained, after):
    flip = smallest_flip(np.array(row), label)
    assert flip.distance == pytest.approx(distance, abs=1e-15)
    assert flip.attained is attained
    if after is not None:
        assert flip.cells.tolist() == after


@given(
    st.integers(2, 6).flatmap(
        lambda c: hnp.arrays(float, c, elements=st.integers(-8, 8).map(float) | st.floats(-50, 50))
    ),
    st.data(),
    DTYPE,
)
def test_logits_move_the_labels_own_cell(row, data, dtype):
    cells = row.astype(dtype)
    label = data.draw(st.integers(0, len(cells) - 1))
    flip = smallest_flip(cells, label, Rows.LOGITS)
    was = int(cells.argmax()) == label
    assert (int(flip.cells.argmax()) == label) is flip.right is not was
    assert set(np.flatnonzero(flip.cells != cells)) <= {label}
    best = np.delete(cells, label).max()
    assert flip.distance == abs(float(cells[label]) - float(best))
    if flip.attained:
        assert flip.cells[label] == best
    else:  # a tie would not do, and nothing lies between
        tied = cells.copy()
        tied[label] = best
        assert (int(tied.argmax()) == label) is was
        assert flip.cells[label] in (np.nextafter(best, dtype(-np.inf)), np.nextafter(best, dtype(np.inf)))


def test_masked_logits_do_not_matter():
    flip = smallest_flip(np.array([-np.inf, 2.0, 1.0]), 2, Rows.LOGITS)
    assert (flip.distance, flip.right) == (1.0, True)


@pytest.mark.parametrize(
    ("row", "label", "rows", "reason"),
    [
        ([0.5, 0.5], -1, Rows.AS_TYPED, "no label"),
        ([0.0, 0.0], 0, Rows.AS_TYPED, "sums to 0"),
        ([np.nan, 0.5], 0, Rows.AS_TYPED, "finite"),
        ([np.inf, 0.5], 0, Rows.NORMALISED, "finite"),
        ([1.2, -0.2], 0, Rows.AS_TYPED, "negative"),
        ([1e308, 1e308], 0, Rows.AS_TYPED, "finite"),
        ([-np.inf, 0.5], 0, Rows.LOGITS, "finite"),
        ([1.0, -np.inf], 0, Rows.LOGITS, "finite"),
        ([1.0, 2.0, np.nan], 0, Rows.LOGITS, "finite"),
    ],
)
def test_where_nothing_is_defined_it_says_why(row, label, rows, reason):
    with pytest.raises(Refusal, match=reason):
        smallest_flip(np.array(row), label, rows)


def test_no_step_beyond_the_largest_number():
    largest = np.full(2, np.finfo(np.float16).max)
    for rows in (Rows.AS_TYPED, Rows.LOGITS):
        with pytest.raises(Refusal, match="float16 has no number"):
            smallest_flip(largest, 1, rows)


def test_a_thousand_level_classes():
    row = np.full(1000, 1e-3)
    flip = smallest_flip(row, 999)
    assert int(flip.cells.argmax()) == 999
    assert fsum(flip.cells.tolist()) == pytest.approx(fsum(row.tolist()), abs=1e-18)


def test_the_edit_writes_only_what_moved():
    state = State(Predictions.of([[0.3, 0.3, 0.4], [0.25, 0.5, 0.25]], [0, 1]))
    before = state.predictions.probs[0, 1].copy()
    edit = changed_cells(1, before, smallest_flip(before, 1).cells)
    assert (edit.rows.tolist(), edit.columns.tolist()) == ([1, 1], [0, 1])
    edit.apply(state)
    assert state.predictions.probs[0, 1].tolist() == [0.375, 0.375, 0.25]
