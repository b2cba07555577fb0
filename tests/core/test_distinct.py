"""Distinct numbers are what numpy finds, and finding them loads nothing."""

import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.distinct import distinct

EDIT_AND_DRAW = """
import sys
import numpy as np
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.state import State
held = Predictions.of([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]], [0, 2])
found = evaluate(held, Convention())
SetCells(np.array([1, 0]), np.array([2, 1]), np.array([0.5, 0.5])).apply(State(held))
found.refresh(np.array([1, 0, 1]))
for curve in CURVES:
    curve.draw(Scene(found, 0, 0, Rule.HOLD, [], 0))
print("numpy.ma" in sys.modules)
"""


@given(st.lists(st.integers(-5, 5)))
def test_distinct_numbers_are_sorted_and_once(numbers):
    values = np.array(numbers, np.intp)
    assert distinct(values).tolist() == sorted(set(numbers))
    assert values.tolist() == numbers


@pytest.mark.parametrize("dtype", [np.intp, np.float32, np.float64])
def test_any_shape_and_dtype_is_as_numpy_has_it(dtype):
    values = np.array([[3, 1, 2], [2, 2, 3]], dtype)
    found = distinct(values)
    assert found.dtype == dtype
    assert found.tolist() == np.unique(values).tolist()


def test_an_edit_and_the_curves_load_no_masked_arrays(python):
    done = subprocess.run([*python, "-c", EDIT_AND_DRAW], capture_output=True, text=True, check=False)
    assert done.stdout == "False\n", done.stderr
