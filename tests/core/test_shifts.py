"""Rows are found again wherever others came or went."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.shifts import GONE, Shift, backwards, moved


@st.composite
def shifted(draw):
    """Names of rows, a few shifts of them, and the names after each, done one by one."""
    names = list(range(draw(st.integers(1, 6))))
    after, shifts = list(names), []
    for _ in range(draw(st.integers(0, 3))):
        came = draw(st.booleans())
        size = len(after) + (2 if came else 0)
        rows = sorted(draw(st.sets(st.integers(0, size - 1), min_size=0, max_size=2 if came else size - 1)))
        if came and len(rows) < 2:
            continue
        for row in rows if came else reversed(rows):
            if came:
                after.insert(row, 100 + len(after))
            else:
                del after[row]
        shifts.append(Shift(np.array(rows, np.intp), came))
    return names, tuple(shifts), after


@given(shifted())
def test_rows_go_where_their_names_go(drawn):
    names, shifts, after = drawn
    rows = np.arange(len(names))
    for shift in shifts:
        rows = shift.of(rows)
    assert rows.tolist() == [after.index(name) if name in after else GONE for name in names]
    assert moved(np.arange(len(names)), shifts).tolist() == [row for row in rows.tolist() if row != GONE]
    assert len(after) == len(names) + sum(shift.gain for shift in shifts)


@given(shifted(), st.data())
def test_behind_what_went_is_the_next_that_stays(drawn, data):
    """Of what stays through all of it; what comes in between is the next as well."""
    names, shifts, after = drawn
    row = data.draw(st.integers(0, len(names) - 1))
    at = row
    for shift in shifts:
        at = shift.behind(at)
    stays = [after.index(name) for name in names[row:] if name in after]
    assert at <= min(stays, default=len(after))
    before = [after.index(name) for name in names[:row] if name in after]
    assert at > max(before, default=-1)


@given(shifted())
def test_what_stayed_comes_back_by_the_same_way(drawn):
    names, shifts, after = drawn
    back = backwards(shifts)
    assert back is not None
    stayed = [row for row, name in enumerate(after) if name in names]
    rows = moved(np.array(stayed, np.intp), back)
    assert rows.tolist() == [names.index(after[row]) for row in stayed]


def test_nobody_knows_the_way_back_from_the_unknown():
    assert backwards(None) is None
