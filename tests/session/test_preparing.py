"""What is made of many cells is made in a job, and never put into other predictions than it was made of."""

from __future__ import annotations

import threading
from functools import partial

import numpy as np
import pytest

from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Pace
from lossacc_gui.session.preparing import FRAME_CELLS, Preparing

MANY = FRAME_CELLS + 1


@pytest.fixture
def preparing(document):
    return Preparing(document, document)


@pytest.fixture
def said(preparing):
    told: list[str] = []
    preparing.refused.connect(told.append)
    return told


def one_cell(threads: list[object], _pace: Pace) -> SetCells:
    threads.append(threading.current_thread())
    return SetCells(np.array([0]), np.array([0]), np.array([0.25]))


def refuse(_pace: Pace) -> SetCells:
    raise Refusal("row 1", "it is odd", "mend it")


def test_little_is_done_at_once_and_much_beside_the_main_thread(document, heard, preparing):
    threads: list[object] = []
    preparing.edit(partial(one_cell, threads), "Fill", FRAME_CELLS)
    assert document.step == 1
    document.undo()
    preparing.edit(partial(one_cell, threads), "Fill", MANY)
    assert document.step == 0
    document.jobs.wait()
    assert [point.what for point in document.history] == ["start", "Fill"]
    assert threads[0] is threading.main_thread()
    assert threads[1] is not threading.main_thread()


def test_what_was_made_of_other_predictions_is_dropped_and_says_so(document, preparing, said):
    preparing.edit(partial(one_cell, []), "Fill", MANY)
    document.edit(SetCells(np.array([1]), np.array([1]), np.array([0.4])), "typed")
    document.jobs.wait()
    assert [point.what for point in document.history] == ["start", "typed"]
    assert said == ["“Fill” was dropped: the predictions changed meanwhile: do it again."]


def test_a_copy_does_not_mind(document, preparing):
    made: list[int] = []
    preparing.run(lambda _pace: 7, made.append, "Copy", MANY, loose=True)
    document.edit(SetCells(np.array([1]), np.array([1]), np.array([0.4])), "typed")
    document.jobs.wait()
    assert made == [7]


def test_a_second_one_is_not_lost_unsaid(document, preparing, said):
    threads: list[object] = []
    for _ in range(2):
        preparing.edit(partial(one_cell, threads), "Fill", MANY)
    document.jobs.wait()
    assert len(threads) == 1
    assert said == ["Another block is still being worked on: wait for it, or cancel it at the foot."]


@pytest.mark.parametrize("cells", [1, MANY])
def test_a_refusal_is_told_either_way(document, preparing, said, cells):
    preparing.edit(refuse, "Fill", cells)
    document.jobs.wait()
    assert said == ["row 1: it is odd: mend it."]
    assert document.step == 0


def test_the_share_is_told(document, preparing):
    told: list[tuple[str, float]] = []
    document.jobs.progressed.connect(lambda title, share: told.append((title, share)))

    def make(pace: Pace) -> SetCells:
        pace(0.25)
        return one_cell([], pace)

    preparing.edit(make, "Fill", MANY)
    document.jobs.wait()
    assert told == [("Fill", 0.25)]
    assert document.step == 1


def test_it_ends_where_it_is_stopped(document, preparing):
    reached: list[int] = []

    def make(pace: Pace) -> SetCells:
        for tenth in range(10):
            pace(tenth / 10)
            reached.append(tenth)
            if tenth == 4:
                document.jobs.cancel()
        raise AssertionError("it went on")

    preparing.edit(make, "Fill", MANY)
    document.jobs.wait()
    assert reached == [0, 1, 2, 3, 4]
    assert document.step == 0
