"""One row's numbers, computed as plain numbers, have the bits they have in a block, and take their old ones' place."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core import one_row
from lossacc_gui.core.convention import Convention, Rows, preset
from lossacc_gui.core.entry import exchanged
from lossacc_gui.core.one_row import Row, row_of
from lossacc_gui.core.rows import RowStats, row_stats
from lossacc_gui.core.tally import Tally
from tests.core.strategies import CONVENTIONS, DTYPES, conventions, predictions
from tests.core.test_rows import matrix, same
from tests.core.test_tally import random_stats
from tests.thorough import examples


def alone(row: Row) -> RowStats:
    stats = RowStats.empty(1)
    row.put(stats, 0)
    return stats


def as_row_stats_has_them(cells, labels, convention) -> None:
    whole = row_stats(cells, labels, convention)
    for row, label in enumerate(labels.tolist()):
        found = row_of(cells[row], label, convention)
        assert same(alone(found), whole[row : row + 1]), (row, convention)
        assert {type(number) for number in found} == {int, float}


@given(predictions(), conventions)
def test_a_row_of_odd_cells_has_the_bits_of_its_block(held, convention):
    as_row_stats_has_them(held.probs[0], held.labels, convention)


@pytest.mark.parametrize(("classes", "dtype"), [*product((2, 3, 10, 24, 25, 40, 129, 1000, 9000), DTYPES)])
def test_a_row_of_a_model_has_the_bits_of_its_block(classes, dtype):
    rng = np.random.default_rng(classes)
    rows = 13
    for convention in CONVENTIONS:
        cells = matrix(rng, rows, classes, dtype, convention.rows is Rows.LOGITS)
        labels = rng.integers(0, classes, rows, np.int32)
        labels[::2] = cells.argmax(axis=1)[::2]
        as_row_stats_has_them(cells, labels, convention)


@pytest.mark.parametrize("classes", [3, 40])
@pytest.mark.parametrize("size", [5e-324, 1e-200, 1e-160, 1e-99, 1e160, 1e307])
def test_rows_so_small_or_large_that_squares_are_lost_have_the_bits_of_their_block(size, classes):
    cells = np.vstack([np.eye(classes)[:2], np.linspace(0.5, 1, classes)]) * size
    for convention in CONVENTIONS:
        as_row_stats_has_them(cells, np.array([0, 0, 1], np.int32), convention)


@pytest.mark.parametrize("key", ["by_hand", "sklearn", "kaggle", "keras", "keras_evaluate", "pytorch_logits"])
@pytest.mark.parametrize("classes", [3, 1000])
def test_ordinary_rows_never_go_through_a_block(key, classes, monkeypatch):
    rng = np.random.default_rng(classes)
    cells, convention = rng.dirichlet(np.ones(classes), 20), preset(key)
    monkeypatch.delattr(one_row, "row_stats")
    for row in cells:
        row_of(row, int(rng.integers(classes)), convention)


@examples(300)
@given(predictions(most_rows=9), conventions, st.data())
def test_a_row_in_place_of_another_is_a_tally_less_one_and_more_another(held, convention, data):
    stats = row_stats(held.probs[0], held.labels, convention)
    old, new = (data.draw(st.integers(0, held.rows - 1)) for _ in range(2))
    whole, out, put = (
        Tally.of(stats[np.array(rows)], held.classes, 7) for rows in (list(range(held.rows)), [old], [new])
    )
    assert exchanged(whole, Row.at(stats, old), Row.at(stats, new), 7) == whole - out + put


@pytest.mark.parametrize("weight", [None, 0.0, 0.1, 3.0])
def test_every_field_is_exchanged(weight):
    stats, each = random_stats(300, 5), None if weight is None else np.full(300, weight)
    whole = Tally.of(stats, 5, 3, each)
    one = None if each is None else each[:1]
    for row in range(1, 300):
        out, put = (Tally.of(stats[row + i : row + i + 1], 5, 3, one) for i in (-1, 0))
        made = exchanged(whole, Row.at(stats, row - 1), Row.at(stats, row), 3, weight)
        assert made == whole - out + put, row


def test_what_an_edit_leaves_stays_the_same_object():
    cells = np.array([[0.5, 0.3, 0.2], [0.6, 0.3, 0.1]])
    stats = row_stats(cells, np.zeros(2, np.int32), Convention())
    whole = Tally.of(stats, 3, 15)
    made = exchanged(whole, Row.at(stats, 0), Row.at(stats, 1), 15)
    assert made.labels is whole.labels
    assert made.predictions is whole.predictions
    assert made.ranks is whole.ranks
    assert made.losses != whole.losses
    assert made.bins != whole.bins
