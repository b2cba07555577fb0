"""A project's history is shown before the step that opened it, and nobody falls into it by undo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.edits import Replace, SetCells
from lossacc_gui.core.scene import Point
from lossacc_gui.session.document import Document
from lossacc_gui.session.trail import Trail
from tests.session.conftest import Make, example


def point(what: str, opened: int = 0) -> Point:
    return Point(what, 1.0, 0.5, 3, 3, Convention(), opened)


def points(count: int, opened: int = 0) -> tuple[Point, ...]:
    return tuple(point(f"p{k}", opened) for k in range(count))


def put(value: float) -> SetCells:
    return SetCells(np.array([1]), np.array([2]), np.array([value]))


def names(document: Document) -> list[str]:
    return [one.what for one in document.past.shown()[0]]


def test_a_past_is_shown_before_the_step_that_opened_it(make: Make):
    document = make()
    document.edit(put(0.5), "before")
    document.edit(Replace(example()), "Open")
    document.past.remember((point("a", 4), point("b", 5), point("saved", 5)))
    document.edit(put(0.25), "after")
    assert names(document) == ["start", "before", "a", "b", "Open", "after"]
    shown, present = document.past.shown()
    assert present == 5
    opened = [one.opened for one in shown]
    assert opened[3] == opened[4] == opened[5]  # one line
    assert opened[2] == opened[3] - 1


def test_the_steps_that_led_here_are_not_shown_again(make: Make):
    document = make()
    document.edit(put(0.5), "own")
    saved = tuple(document.history)
    document.edit(Replace(example()), "Open")
    document.past.remember(saved)
    assert names(document) == ["start", "own", "Open"]
    document.past.remember((*saved[:1], point("another")))
    assert names(document) == ["start", "own", "start", "Open"]


def test_it_goes_when_its_project_does(make: Make):
    document = make()
    document.edit(Replace(example()), "Open")
    document.past.remember(points(3))
    document.undo()
    assert names(document) == ["start", "Open"]
    document.redo()
    assert names(document) == ["start", "p0", "p1", "Open"]
    document.undo()
    document.edit(put(0.5), "other")
    assert names(document) == ["start", "other"]
    document.edit(put(0.25), "more")
    assert names(document) == ["start", "other", "more"]


@given(at=st.integers(0, 4), past=st.integers(0, 4), later=st.integers(0, 3), back=st.integers(0, 3))
def test_every_point_leads_to_its_step_or_nowhere(at: int, past: int, later: int, back: int):
    history = [point(f"s{k}") for k in range(at + 1 + later)]
    step = max(at + later - back, 0)
    trail = Trail(at, points(past))
    shown, present = trail.of(history, step)
    assert replace(shown[present], opened=0) == replace(history[step], opened=0)
    for index, one in enumerate(shown):
        led = trail.step_of(index, history, step)
        assert (led is None) == one.what.startswith("p")
        if led is not None:
            assert history[led].what == one.what
