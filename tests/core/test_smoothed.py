"""Smooth lines, against SciPy's, and that they invent nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from lossacc_gui.core.curves.smoothed import smoothed


def test_inside_it_is_what_scipy_draws():
    x = np.array([0.0, 0.4, 1.0, 1.3, 2.0, 3.5])
    y = np.array([3.0, 1.0, 0.2, 0.5, 0.9, 4.0])
    at, line = smoothed(x, y, 200)
    inside = (at >= x[1]) & (at <= x[-2])  # at its ends SciPy has slopes of three points
    np.testing.assert_allclose(line[inside], PchipInterpolator(x, y)(at[inside]), rtol=1e-12)
    assert set(x) <= set(at)


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=20), st.integers(30, 90))
def test_it_goes_through_the_points_and_not_beyond_neighbours(heights, count):
    x, y = np.arange(float(len(heights))), np.array(heights)
    at, line = smoothed(x, y, count)
    np.testing.assert_allclose(line[np.isin(at, x)], y, atol=1e-9)
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    low, high = np.minimum(y[i], y[i + 1]), np.maximum(y[i], y[i + 1])
    assert ((line >= low - 1e-9) & (line <= high + 1e-9)).all()


def test_enough_points_stay_as_they_are():
    x = np.arange(50.0)
    assert smoothed(x, x, 50)[0] is x
