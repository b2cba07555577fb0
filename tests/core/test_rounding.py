"""A number that is kept as another is known, and one that is kept as it is."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.bulk import SetRows, Together
from lossacc_gui.core.change import Change
from lossacc_gui.core.edits import Edit, SetCells
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rounding import kept_as
from lossacc_gui.core.tally import Tally


def said(edit: Edit, dtype: type = np.float32, *, undone: bool = False) -> str:
    change = Change(edit, edit, np.array([0]), None, None, Tally(), Tally(), undone)
    return kept_as(change, Predictions.of(np.full((3, 3), 0.25, dtype)))


def cells(rows, values) -> SetCells:
    return SetCells(np.array(rows), np.arange(len(rows)) % 3, np.array(values))


@pytest.mark.parametrize(
    ("typed", "dtype", "expected"),
    [
        (0.1, np.float32, "0.1 is kept as 0.1000000015"),
        (0.9, np.float32, "0.9 is kept as 0.8999999762"),
        (0.1, np.float16, "0.1 is kept as 0.09997558594"),
        (1e-50, np.float32, "1e-50 is kept as 0"),
        (1e39, np.float32, "1e+39 is kept as ∞"),
        (0.1, np.float64, ""),
        (0.25, np.float32, ""),
        (1 / 3, np.float32, ""),  # nobody types that
        (np.nan, np.float32, ""),
        (np.inf, np.float32, ""),
    ],
)
def test_what_is_typed_is_compared_with_what_is_kept(typed, dtype, expected):
    assert said(cells([1], [typed]), dtype) == expected


def test_of_a_row_only_the_cell_that_was_typed_is_meant():
    assert said(cells([1, 1, 1], [0.25, 0.1, 0.2])) == ""
    assert said(cells([1, 1, 1], [0.2, 0.1, 0.25])) == "0.2 is kept as 0.200000003"


def test_of_a_pasted_block_the_first_that_is_rounded():
    block = cells([0, 0, 0, 1], [0.25, 0.5, 0.2, 0.1])
    assert said(block) == "0.2 is kept as 0.200000003"
    assert (
        said(Together((SetRows(np.array([0]), np.full((1, 3), 0.1)), block))) == "0.2 is kept as 0.200000003"
    )


def test_what_comes_back_was_rounded_before():
    assert said(cells([1], [0.1]), undone=True) == ""
