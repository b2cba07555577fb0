"""A kept edit comes back to the last bit, and small ones are small."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.compact import FEW, given_back, kept
from lossacc_gui.core.edits import SetCells, SetLabels

index = st.integers(0, 2**40)


@given(
    st.lists(st.tuples(index, index), max_size=FEW + 2),
    st.sampled_from([np.float16, np.float32, np.float64]),
    st.integers(0, 1000),
    st.data(),
)
def test_comes_back_to_the_last_bit(places, dtype, epoch, data):
    values = data.draw(hnp.arrays(dtype, len(places)))
    rows, columns = np.array(places, np.intp).reshape(-1, 2).T
    back = given_back(kept(SetCells(rows, columns, values, epoch)))
    assert isinstance(back, SetCells)
    assert (back.rows.tolist(), back.columns.tolist(), back.epoch) == (rows.tolist(), columns.tolist(), epoch)
    assert (back.values.dtype, back.values.tobytes()) == (values.dtype, values.tobytes())


def test_one_cell_takes_less_than_an_array_does():
    small = kept(SetCells(np.array([1]), np.array([2]), np.array([0.5])))
    assert isinstance(small, bytes)
    assert len(small) < 40


@pytest.mark.parametrize(
    "edit",
    [
        SetCells(np.zeros(FEW + 1, np.intp), np.zeros(FEW + 1, np.intp), np.zeros(FEW + 1)),
        SetLabels(np.array([0]), np.array([1], np.int32)),
    ],
)
def test_others_are_kept_as_they_are(edit):
    assert given_back(kept(edit)) is edit
