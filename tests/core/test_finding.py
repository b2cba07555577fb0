"""Finding goes row by row in the order listed, around the end, and misses nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core import finding
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.filtering import Wrong
from lossacc_gui.core.finding import (
    CellSearch,
    ClassSearch,
    find,
    next_place,
    next_row,
    parse_search,
    worst_row,
)
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Stopped

NAMES = ("cat", "red fox", "Dog", "7")


@pytest.mark.parametrize(
    ("text", "hits", "misses"),
    [
        ("0.5", [0.5, 0.50004], [0.4999, 0.5001, math.nan]),
        ("0.3333", [1 / 3, 0.3333], [0.3334]),
        ("0.33333333", [1 / 3], [0.3333]),
        ("50%", [0.5], [0.51]),
        (">0.9", [0.91, math.inf], [0.9, 0.1, math.nan]),
        (">= 0.9", [0.9, 1.0], [0.89]),
        ("<0.1", [0.09, -math.inf], [0.1, math.nan]),
        ("≤0.1", [0.1], [0.11]),
        ("=0", [0.0, -0.0], [0.001]),
        ("∞", [math.inf], [1e300, -math.inf]),
    ],
)
def test_a_typed_value_fits_what_looks_like_it(text, hits, misses):
    search = parse_search(text, NAMES, 4)
    assert isinstance(search, CellSearch)
    assert search.fits(np.array(hits)).all()
    assert not search.fits(np.array(misses)).any()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_value_is_compared_as_the_cells_are_held(dtype):
    cells = np.array([0.1, 0.9, 0.95], dtype)
    search = parse_search(">=0.9", NAMES, 4)
    assert isinstance(search, CellSearch)
    assert search.fits(cells).tolist() == [False, True, True]
    large = parse_search("<1e300", NAMES, 4)
    assert isinstance(large, CellSearch)
    assert large.fits(cells).all()


@pytest.mark.parametrize(
    ("text", "column"), [("cat", 0), ("dog", 2), ("7", 3), ("fox", 1), ("re", 1), ("d", 2), ("1", None)]
)
def test_a_class_by_its_name_or_a_part_of_it(text, column):
    search = parse_search(text, NAMES, 4)
    assert isinstance(search, CellSearch) if column is None else search == ClassSearch(column)


@pytest.mark.parametrize("text", ["", "wolf", ">", "nan", "0.5.5"])
def test_what_is_neither_is_refused(text):
    with pytest.raises(Refusal):
        parse_search(text, NAMES, 4)


@st.composite
def walks(draw: Any) -> Any:
    rows, classes = draw(st.integers(1, 6)), draw(st.integers(2, 4))
    marks = draw(st.lists(st.booleans(), min_size=rows * classes, max_size=rows * classes))
    cells = np.array(marks, float).reshape(rows, classes)
    order = draw(st.none() | st.permutations(range(rows)).map(lambda p: np.array(p[: rows // 2 + 1])))
    return cells, order, draw(st.integers(0, classes - 1)), draw(st.booleans()), draw(st.integers(0, 3))


@given(walks())
def test_finding_on_and_on_visits_every_fitting_cell_once_in_reading_order(walk):
    cells, order, column, back, start = walk
    held = Predictions.of(cells, [0] * len(cells))
    rows = list(range(len(cells)) if order is None else order)
    place = start % len(rows)
    expected = [(row, c) for row in rows for c in range(cells.shape[1]) if cells[row, c] == 1]
    visited: list[tuple[int, int]] = []
    for _ in range(len(expected)):
        found = find(held, 0, order, CellSearch(1.0, 1.0), (place, column), back=back)
        assert found is not None
        visited.append(found)
        place, column = rows.index(found[0]), found[1]
    if not expected:
        assert find(held, 0, order, CellSearch(1.0, 1.0), (place, column), back=back) is None
        return
    first = expected.index(visited[0])
    ahead = expected[first:] + expected[:first]
    assert visited == (ahead if not back else [ahead[0], *ahead[:0:-1]])


def test_from_a_hidden_row_it_starts_at_the_first(monkeypatch):
    monkeypatch.setattr(finding, "BLOCK_CELLS", 2)
    held = Predictions.of(np.eye(4), [0, 1, 2, 3])
    assert find(held, 0, np.array([2, 1]), CellSearch(1.0, 1.0), (-1, 0)) == (2, 2)
    assert find(held, 0, np.array([2, 1]), CellSearch(1.0, 1.0), (-1, 0), back=True) == (1, 1)
    assert find(held, 0, np.array([], int), CellSearch(1.0, 1.0), (-1, 0)) is None


def test_a_search_can_be_stopped():
    with pytest.raises(Stopped):
        find(Predictions.of(np.eye(4)), 0, None, CellSearch(2.0, 2.0), (0, 0), lambda: True)


def test_a_class_is_looked_for_in_the_labels():
    held = Predictions.of(np.eye(4), [0, 3, 0, 3])
    assert find(held, 0, None, ClassSearch(3), (1, 0)) == (3, 3)
    assert find(held, 0, None, ClassSearch(3), (3, 0)) == (1, 3)
    assert find(held, 0, np.array([3, 2, 0]), ClassSearch(0), (0, 0), back=True) == (0, 0)
    assert find(held, 0, None, ClassSearch(1), (0, 0)) is None


@pytest.mark.parametrize(
    ("after", "back", "place"),
    [(0, False, 1), (1, False, 3), (3, False, 1), (-1, False, 1), (1, True, 3), (2, True, 1)],
)
def test_the_next_place(after, back, place):
    assert next_place(np.array([False, True, False, True]), after, back=back) == place


def test_the_next_wrong_row_and_the_worst_follow_the_order():
    cells = [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.1, 0.9]]
    evaluation = evaluate(Predictions.of(np.array(cells), [0, 0, 0, 0]), Convention())
    assert next_row(evaluation, None, Wrong(), 0) == 1
    assert next_row(evaluation, np.array([3, 0, 2]), Wrong(), 0) == 2
    assert next_row(evaluation, np.array([3, 0, 2]), Wrong(), 2) == 3
    assert next_row(evaluation, np.array([0]), Wrong(), 0) is None
    assert worst_row(evaluation, None) == 3
    assert worst_row(evaluation, np.array([2, 1, 0])) == 1
    assert worst_row(evaluation, np.array([], int)) is None
    assert worst_row(evaluate(Predictions.of(np.array(cells)), Convention()), None) is None
