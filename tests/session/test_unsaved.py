"""Which steps are clean, and what nobody has saved, as one goes back and forth between several works."""

from __future__ import annotations

import pytest

from lossacc_gui.core.state import Source
from lossacc_gui.session.unsaved import Saved

A, B = Source("a", "/a"), Source("b", "/b")
LESSON = Source("lesson")


class Steps:
    """A Saved that is told of one step after another."""

    def __init__(self, source: Source = LESSON) -> None:
        self.saves, self.at = Saved(source), 0

    def edit(self, *, minor: bool = False) -> None:
        self.saves.did(self.at + 1, self.at, clean=False, minor=minor, opened=None)
        self.at += 1

    def merge(self) -> None:
        self.saves.did(self.at, self.at, clean=False, minor=False, opened=None)

    def come_to_nothing(self) -> None:
        self.saves.did(self.at - 1, self.at, clean=False, minor=False, opened=None)
        self.at -= 1

    def open(self, source: Source) -> None:
        self.saves.did(self.at + 1, self.at, clean=True, minor=False, opened=source)
        self.at += 1

    def save(self, source: Source, *, clean: bool = True) -> None:
        self.saves.saved(self.at, source, clean=clean)

    def clean(self, steps: int) -> list[int]:
        return [at for at in range(steps + 1) if self.saves.is_clean(at)]

    def lost(self, step: int) -> list[tuple[str, int]]:
        return [(work.name, work.steps) for work in self.saves.unsaved(step)]


@pytest.fixture
def steps() -> Steps:
    return Steps()


def test_what_was_opened_is_clean_whatever_came_after_it(steps):
    steps.open(A)
    steps.edit()
    steps.open(B)
    assert steps.clean(3) == [0, 1, 3]
    assert steps.saves.left_behind(3)[0].step == 2
    assert steps.saves.left_behind(1) == ()
    assert [steps.saves.source(at).name for at in range(4)] == ["lesson", "a", "a", "b"]


def test_a_save_over_a_file_ends_what_was_clean_of_it_everywhere(steps):
    steps.open(A)
    steps.edit()
    steps.open(B)
    steps.edit()
    steps.save(A)
    assert steps.clean(4) == [0, 4]


def test_a_save_as_something_else_ends_what_was_clean_of_this_work_alone(steps):
    steps.open(A)
    steps.open(A)
    steps.edit()
    steps.save(B)
    assert steps.clean(3) == [0, 1, 3]
    assert steps.saves.source(2) == B


def test_a_save_of_what_has_passed_leaves_nothing_clean(steps):
    steps.edit()
    steps.save(A, clean=False)
    assert steps.clean(1) == []
    assert steps.lost(1) == [("a", 1)]
    assert steps.lost(0) == [("a", 1)]


def test_what_is_undone_and_done_otherwise_is_forgotten(steps):
    steps.open(A)
    steps.edit()
    steps.save(A)
    steps.at = 1
    steps.edit()
    assert steps.clean(2) == [0]


def test_a_step_that_merged_is_not_what_was_saved(steps):
    steps.edit()
    steps.merge()
    assert steps.clean(1) == [0]


def test_a_gesture_that_came_to_nothing_leaves_what_was_there(steps):
    steps.open(A)
    steps.edit()
    steps.come_to_nothing()
    assert steps.clean(1) == [0, 1]


def test_minor_steps_need_no_saving_to_either_side(steps):
    steps.edit(minor=True)
    steps.edit(minor=True)
    assert not steps.saves.needs_saving(2)
    steps.save(A)
    assert not steps.saves.needs_saving(0)
    steps.edit()
    assert steps.saves.needs_saving(3)
    steps.edit(minor=True)
    assert steps.saves.needs_saving(4)
    assert not steps.saves.is_clean(1)


def test_minor_steps_do_not_lead_from_one_work_to_the_next(steps):
    steps.edit()
    steps.edit(minor=True)
    steps.open(A)
    assert steps.saves.needs_saving(2)
    assert steps.saves.needs_saving(1)


def test_steps_are_counted_as_somebody_would_who_undoes_them(steps):
    steps.open(A)
    steps.edit()
    steps.edit()
    steps.open(B)
    steps.edit()
    assert steps.lost(5) == [("a", 2), ("b", 1)]
    assert steps.lost(4) == [("a", 2)]
    assert steps.lost(2) == [("a", 1)]
    steps.at = 3
    steps.save(A)
    steps.at = 2
    assert steps.lost(2) == [("a", 1)]
    assert steps.lost(5) == [("b", 1)]


def test_what_a_file_does_not_hold_any_more_is_clean_no_more(steps):
    steps.open(A)
    steps.open(B)
    steps.saves.require(B.__eq__)
    assert steps.clean(2) == [2]
