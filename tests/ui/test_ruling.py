"""The edit rule goes with what is worked on, through undo and redo."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.rules import Rule
from lossacc_gui.scenarios import SCENARIOS


def opened(window, path):
    np.save(path, np.array([[0.5, 0.25, 0.25]]))
    window.opening.open(str(path))
    window.document.jobs.wait()


def rule(window) -> str:
    return str(window.focus.rule)


def test_undo_back_to_a_lesson_gives_its_rule_back(open_window, tmp_path):
    window = open_window()
    lesson = next(lesson for lesson in SCENARIOS if lesson.rule is Rule.HOLD)
    window.beginning.show_scenario(lesson)
    opened(window, tmp_path / "a.npy")
    assert rule(window) == Rule.ONLY
    window.document.undo()
    assert rule(window) == Rule.HOLD
    window.document.redo()
    assert rule(window) == Rule.ONLY


def test_the_rule_chosen_last_is_the_one_that_comes_back(open_window, tmp_path):
    window = open_window()
    opened(window, tmp_path / "a.npy")
    window.focus.set_rule(Rule.RESCALE)
    opened(window, tmp_path / "b.npy")
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.75])))
    window.document.undo()
    assert rule(window) == Rule.ONLY  # the same work
    window.document.undo()
    assert rule(window) == Rule.RESCALE


def test_what_took_the_place_of_undone_work_has_its_own_rule(open_window, tmp_path):
    window = open_window()
    opened(window, tmp_path / "a.npy")
    window.focus.set_rule(Rule.RESCALE)
    window.document.undo()
    opened(window, tmp_path / "b.npy")
    assert rule(window) == Rule.ONLY
    window.document.undo()
    window.document.redo()
    assert rule(window) == Rule.ONLY
