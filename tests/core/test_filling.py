"""Filling and emptying: what is selected changes, nothing else, and the inverse gives every byte back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.filling import Cells, cleared, filled_down, filled_right
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from tests.core.strategies import contents, copied, states


@given(states(), st.data())
def test_a_fill_sets_what_is_selected_and_undoes(state, data):
    state = copied(state)
    held = state.predictions
    rows = np.array(data.draw(st.permutations(range(held.rows)), "listed")).astype(np.intp)
    rows = rows[: data.draw(st.integers(1, held.rows))]
    first = data.draw(st.integers(0, held.classes))
    block = Cells(rows, first, data.draw(st.integers(first, held.classes + 5)))
    make = data.draw(st.sampled_from([cleared, filled_down, filled_right]))
    old, labels, before = held.probs.copy(), held.labels.copy(), contents(state)
    try:
        edit = make([block], held, 0)
    except Refusal:
        return
    inverse, _ = edit.apply(state)
    wanted, wanted_labels = old.copy(), labels.copy()
    part = slice(block.first, min(block.last + 1, held.classes))
    has_label = block.last >= held.classes >= block.first
    if make is cleared:
        wanted[0][rows, part] = 0
        wanted_labels[rows] = -1 if has_label else labels[rows]
    elif make is filled_down:
        wanted[0][rows, part] = old[0][rows[0], part]
        wanted_labels[rows] = labels[rows[0]] if has_label else labels[rows]
    else:
        wanted[0][rows, part] = old[0][rows, block.first][:, np.newaxis]
    assert state.predictions.probs.tobytes() == wanted.tobytes()
    assert state.predictions.labels.tolist() == wanted_labels.tolist()
    inverse.apply(state)
    assert contents(state) == before


@given(states())
def test_what_is_computed_is_refused(state):
    held = state.predictions
    every = np.arange(held.rows)
    with pytest.raises(Refusal):
        cleared([Cells(every, held.classes + 1, held.classes + 5)], held, 0)
    with pytest.raises(Refusal):
        filled_down([Cells(every[:1], 0, 1)], held, 0)
    with pytest.raises(Refusal):
        filled_right([Cells(every, 0, 0)], held, 0)


def test_what_is_filled_from_is_no_part_of_the_edit():
    held = Predictions.of(np.full((4, 3), 1 / 3), [0, 1, 2, 0])
    down = filled_down([Cells(np.array([1, 2, 3]), 0, 1)], held, 0)
    assert isinstance(down, SetCells)
    assert set(down.rows.tolist()) == {2, 3}
    right = filled_right([Cells(np.array([1, 2]), 0, 2)], held, 0)
    assert isinstance(right, SetCells)
    assert set(right.columns.tolist()) == {1, 2}
