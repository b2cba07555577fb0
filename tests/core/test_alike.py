"""Whether two pictures say the same, number by number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.core.alike import alike
from lossacc_gui.core.curves.curve import Bars, Dots, Line, Role

LINE = Line(np.array([0.0, 1.0]), np.array([np.nan, 2.0]), Role.LOSS)


def test_copies_are_alike():
    assert alike(LINE, Line(LINE.x.copy(), LINE.y.copy(), Role.LOSS))
    assert alike(LINE, LINE)


@pytest.mark.parametrize(
    "change",
    [
        {"y": np.array([1.0, 2.0])},
        {"y": np.array([np.nan, 2.0, 3.0])},
        {"role": Role.ACCURACY},
        {"reads": "loss"},
    ],
)
def test_any_other_field_makes_them_differ(change):
    assert not alike(LINE, replace(LINE, **change))


def test_two_kinds_differ_and_no_numbers_are_not_some():
    assert not alike(LINE, Dots(LINE.x, LINE.y, Role.LOSS))
    bars = Bars(LINE.x, LINE.x, 1.0, Role.LOSS)
    assert not alike(bars, replace(bars, base=LINE.x))
    assert not alike(replace(bars, base=LINE.x), bars)
