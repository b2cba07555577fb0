"""Listings hold each row at most once, and follow the rows they list."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core import listing as listing_module
from lossacc_gui.core.change import Change
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.edits import ALL, Edit, Replace
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.filtering import All, Filter, LabelIs, Right, Wrong
from lossacc_gui.core.listing import CELL, LABEL, PREDICTION, Listing, Sort, followed, listed
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.shape_edits import InsertRows
from lossacc_gui.core.state import State
from lossacc_gui.core.tally import Tally
from tests.core.strategies import conventions, predictions

STATS = ("loss", "margin", "p_label", "total")
FILTERS: tuple[Filter | None, ...] = (None, Wrong(), Right(), LabelIs(0), All((Wrong(), LabelIs(1))))
sorts = st.none() | st.builds(
    Sort, st.sampled_from((*STATS, CELL, LABEL, PREDICTION)), st.integers(0, 1), st.booleans()
)


def key(held: Predictions, evaluation, sort: Sort, row: int) -> float:
    if sort.key == CELL:
        return float(held.probs[0, row, sort.column])
    if sort.key == LABEL:
        return float(held.labels[row]) if held.labels[row] >= 0 else float("nan")
    return float(getattr(evaluation.stats, sort.key)[row])


@given(predictions(), conventions, st.sampled_from(FILTERS), sorts)
def test_a_listing_is_the_filtered_rows_sorted(held, convention, chosen, sort):
    evaluation = evaluate(held, convention)
    listing = listed(evaluation, chosen, sort)
    fitting = range(held.rows) if chosen is None else np.flatnonzero(chosen.rows(evaluation)).tolist()
    expected = list(fitting)
    if sort is not None:
        keys = {row: key(held, evaluation, sort, row) for row in expected}
        sign = -1 if sort.descending else 1
        expected.sort(
            key=lambda row: (np.isnan(keys[row]), 0 if np.isnan(keys[row]) else sign * keys[row], row)
        )
    if listing.order is None:
        assert chosen is None
        assert sort is None
    else:
        assert listing.order.tolist() == expected
        assert listing.place is not None
        assert [listing.place[row] for row in expected] == list(range(len(expected)))
        assert np.count_nonzero(listing.place >= 0) == len(expected)
    assert [row in listing for row in range(held.rows)] == [row in set(expected) for row in range(held.rows)]
    assert (listing.shown is None) == (chosen is None)
    if listing.shown is not None:
        assert listing.shown.tolist() == sorted(expected)


def test_everything_in_the_file_s_order_needs_no_memory():
    evaluation = evaluate(Predictions.of(np.full((3, 2), 0.5)), Convention())
    listing = listed(evaluation, None, None)
    assert (listing.order, listing.place, listing.shown) == (None, None, None)
    assert 2 in listing


def test_an_empty_listing_holds_no_row():
    evaluation = evaluate(Predictions.of(np.full((3, 2), 0.5), [0, 0, 0]), Convention())
    listing = listed(evaluation, Wrong(), None)
    assert listing.order is not None
    assert len(listing.order) == 0
    assert 0 not in listing


@pytest.mark.parametrize("descending", [False, True])
def test_equal_rows_keep_the_file_s_order(descending):
    evaluation = evaluate(Predictions.of(np.full((5, 2), 0.5), [0, 1, 0, 1, 0]), Convention())
    order = listed(evaluation, None, Sort("loss", descending=descending)).order
    assert order is not None
    assert order.tolist() == [0, 1, 2, 3, 4]


def test_a_row_that_is_not_there_is_not_listed():
    assert 5 not in Listing(order=np.array([0]), rows=2)


def told(edit: Edit, *, source: bool = False) -> Change:
    """What is said of an edit of the shape."""
    return Change(edit, edit, ALL, None, None, Tally(), Tally(), shape=True, source=source)


def new(rows) -> InsertRows:
    return InsertRows(np.array(rows), np.full((1, len(rows), 2), 0.5), np.zeros(len(rows), np.int32))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([0], [0, 2, 5]),  # before all
        ([2], [1, 2, 5]),  # behind row 1, the first listed
        ([1], [2, 5, 1]),  # behind row 0, which is hidden
        ([1, 3], [2, 3, 6, 1]),  # one behind each
    ],
)
def test_a_new_row_is_listed_after_the_row_before_it_and_last_where_that_is_hidden(rows, expected):
    shown = Listing(filter=Right(), order=np.array([1, 4]), shown=np.array([1, 4]), rows=5)
    after = followed(shown, told(new(rows)), 5 + len(rows), ("a", "b"))
    assert after.order is not None
    assert after.order.tolist() == expected
    assert after.shown is not None
    assert after.shown.tolist() == sorted(expected)


@given(
    st.permutations(range(7)).flatmap(lambda rows: st.integers(0, 7).map(lambda k: rows[:k])),
    st.sets(st.integers(0, 10), min_size=4, max_size=4).map(sorted),
)
def test_new_rows_are_put_in_the_same_way_one_by_one_and_by_the_whole(order, rows):
    shown = Listing(filter=Right(), order=np.array(order, int), shown=np.sort(np.array(order, int)), rows=7)
    found = []
    for few in (0, 16):
        with patch.object(listing_module, "FEW", few):
            after = followed(shown, told(new(rows)), 11, ("a", "b"))
        assert after.order is not None
        found.append(after.order.tolist())
    assert found[0] == found[1]
    assert set(rows) <= set(found[0])
    old = [row for row in range(11) if row not in rows]
    assert [row for row in found[0] if row not in rows] == [old[row] for row in order]
    for row in rows:  # after the row before it, whichever that is, if it is listed
        assert row - 1 not in found[0] or found[0].index(row) > found[0].index(row - 1)


def test_another_file_of_as_many_rows_is_listed_whole():
    shown = Listing(sort=Sort("loss"), order=np.array([1, 0, 2]), rows=3)
    other = Replace(State(Predictions.of(np.full((3, 2), 0.5))))
    assert followed(shown, told(other, source=True), 3, ("0", "1")).order is None
    assert followed(shown, told(other), 3, ("0", "1")).order is not None  # the same file, made anew
