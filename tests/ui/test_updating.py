"""A picture that takes long: it shows how far it is, can be stopped, and is not starved by a drag."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.shape_edits import DeleteRows
from tests.patience import PATIENCE
from tests.ui.conftest import bring


class Slow:
    """Draws a picture in three steps, each when it is let."""

    def __init__(self, draw):
        self.draw, self.steps, self.drawn = draw, threading.Semaphore(0), 0

    def __call__(self, scene):
        for step in range(3):
            scene.reached(step / 4)
            assert self.steps.acquire(timeout=PATIENCE)
        scene.reached(0.9)
        self.drawn += 1
        return self.draw(scene)


@pytest.fixture
def slow(open_window, qtbot):
    """A window whose confusion comes from a job that waits for the test."""
    window = open_window()
    view = bring(window, "confusion")
    work = Slow(view.what.draw)
    view.what = replace(view.what, draw=work, heavy=lambda scene: True)
    yield window, view, work
    window.curve_jobs.cancel()
    work.steps.release(100)
    qtbot.waitUntil(lambda: not window.curve_jobs.is_busy())


def edit(window, value):
    window.document.edit(SetCells(np.array([1]), np.array([1]), np.array([value])))


def test_it_says_how_far_it_is(slow, qtbot):
    window, view, work = slow
    edit(window, 0.3)
    assert view.card.is_updating
    qtbot.waitUntil(view.card.updating.isVisible)
    work.steps.release(2)
    qtbot.waitUntil(lambda: view.card.updating.text() == "updating … 50%")
    work.steps.release(1)
    qtbot.waitUntil(lambda: not view.card.is_updating)


def test_what_takes_no_time_is_not_marked(slow, qtbot):
    window, view, work = slow
    work.steps.release(3)
    edit(window, 0.3)
    assert view.card.is_updating
    assert not view.card.updating.isVisible()
    qtbot.waitUntil(lambda: not view.card.is_updating)
    assert not view.card.updating.isVisible()


def test_stopped_it_keeps_the_old_picture_until_it_is_asked_for(slow, qtbot):
    window, view, work = slow
    old = view.view.picture
    edit(window, 0.3)
    qtbot.waitUntil(view.card.updating.isVisible)
    view.card.updating.click()
    work.steps.release(3)
    qtbot.waitUntil(lambda: not window.curve_jobs.is_busy())
    assert view.view.picture is old
    assert work.drawn == 0
    assert view.card.updating.text().startswith("out of date")
    view.card.updating.click()
    work.steps.release(3)
    qtbot.waitUntil(lambda: not view.card.is_updating)
    assert view.view.picture is not old


def test_in_a_long_drag_pictures_come_although_newer_ones_are_waiting(slow, qtbot):
    window, view, work = slow
    old = view.view.picture
    edit(window, 0.3)
    edit(window, 0.31)  # the first is being drawn, the second waits
    work.steps.release(3)
    qtbot.waitUntil(lambda: view.view.picture is not old)
    assert view.card.is_updating
    edit(window, 0.32)
    work.steps.release(6)
    qtbot.waitUntil(lambda: not view.card.is_updating)


def test_a_picture_of_other_rows_never_comes_late(slow, qtbot):
    window, view, work = slow
    edit(window, 0.3)
    old = view.view.picture
    window.document.edit(DeleteRows(np.array([2])))
    work.steps.release(3)
    qtbot.waitUntil(lambda: work.drawn == 1)
    work.steps.release(1)  # the second one is under way: what came of the first has been thrown away
    qtbot.waitUntil(lambda: view.card.updating.text() == "updating … 25%")
    assert view.view.picture is old
    work.steps.release(2)
    qtbot.waitUntil(lambda: view.view.picture is not old)


def test_a_late_picture_does_not_pull_the_handle_out_of_the_hand(slow, qtbot, monkeypatch):
    window, view, work = slow
    old = view.view.picture
    edit(window, 0.3)
    with monkeypatch.context() as held:
        held.setattr(type(view.view), "is_dragged", property(lambda _: True))
        work.steps.release(3)
        qtbot.waitUntil(lambda: work.drawn == 1 and not window.curve_jobs.is_busy())
        assert view.view.picture is old
    edit(window, 0.32)
    work.steps.release(3)
    qtbot.waitUntil(lambda: view.view.picture is not old)
