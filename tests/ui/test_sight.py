"""Only what is in sight is computed: through a change of layout, and behind another tab."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from lossacc_gui.ui.layouts import LAYOUTS
from tests.ui.conftest import bring


@pytest.fixture
def computed(window, monkeypatch):
    """A window in which every picture is made by a job; the kinds of the jobs that were asked for."""
    asked: list[str] = []
    submit = window.curve_jobs.submit

    def watched(job, **how):
        asked.append(job.kind)
        submit(job, **how)

    monkeypatch.setattr(window.curve_jobs, "submit", watched)
    for view in window.views.values():
        view.what = replace(view.what, heavy=lambda scene: True)
        view.stale = True
    return window, asked


def settle(window, qtbot):
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not window.curve_jobs.is_busy())


def seen(window):
    return {key for key, view in window.views.items() if view.in_sight}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_a_layout_asks_for_pictures_once_it_stands_and_only_for_those_in_sight(computed, layout, qtbot):
    window, asked = computed
    window.docking.choose(layout.key)
    assert not asked  # nothing while docks go to and fro
    settle(window, qtbot)
    assert sorted(asked) == sorted(seen(window))
    assert not any(view.stale for key, view in window.views.items() if key in asked)


def test_a_view_that_stays_in_sight_is_not_drawn_again_by_a_change_of_layout(computed, qtbot):
    window, asked = computed
    window.docking.choose("diagnose")
    settle(window, qtbot)
    asked.clear()
    window.docking.choose("diagnose")
    settle(window, qtbot)
    assert asked == []


class Held:
    """Draws a picture when it is let, and hears when it is to stop."""

    def __init__(self, draw):
        self.draw, self.begun, self.go, self.drawn = draw, threading.Event(), threading.Event(), 0

    def __call__(self, scene):
        self.begun.set()
        while not self.go.wait(timeout=0.005):
            scene.reached()  # raises Stopped
        self.drawn += 1
        return self.draw(scene)


def test_a_long_job_gives_way_when_its_view_goes_behind_a_tab_and_begins_again_in_front(window, qtbot):
    window.docking.choose("diagnose")
    window.tabifyDockWidget(window.views["confusion"].dock, window.views["classes"].dock)
    view = bring(window, "confusion")
    work = Held(view.what.draw)
    view.what = replace(view.what, draw=work, heavy=lambda scene: True)
    window.views["classes"].what = replace(window.views["classes"].what, heavy=lambda scene: True)
    old = view.view.picture
    view.draw(window.scene())
    qtbot.waitUntil(work.begun.is_set)
    bring(window, "classes")
    settle(window, qtbot)  # although nobody lets the long one go
    assert work.drawn == 0
    assert view.view.picture is old
    work.go.set()
    bring(window, "confusion")
    settle(window, qtbot)
    assert work.drawn == 1
    assert view.view.picture is not old
    assert not view.card.updating.isVisible()


def test_what_was_stopped_by_hand_stays_so_when_another_view_comes_into_sight(window, qtbot):
    window.docking.choose("diagnose")
    view = bring(window, "confusion")
    work = Held(view.what.draw)
    view.what = replace(view.what, draw=work, heavy=lambda scene: True)
    view.draw(window.scene())
    qtbot.waitUntil(work.begun.is_set)
    qtbot.waitUntil(view.card.updating.isVisible)
    view.card.updating.click()
    qtbot.waitUntil(lambda: not window.curve_jobs.is_busy())
    bring(window, "temperature")
    settle(window, qtbot)
    assert view.card.updating.text().startswith("out of date")
    work.go.set()
    view.card.updating.click()
    settle(window, qtbot)
    assert work.drawn == 1
