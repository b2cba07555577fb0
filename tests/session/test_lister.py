"""Rows stay listed where they are through anything, and their tally is true all the while."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.between import Between
from lossacc_gui.core.convention import Base, Convention, preset
from lossacc_gui.core.edits import Edit, Replace, SetCells, SetConvention, SetLabels
from lossacc_gui.core.filtering import All, Filter, LabelIs, PredictionIs, Right, TheseRows, Wrong
from lossacc_gui.core.listing import CELL, LABEL, Sort
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.state import Source, State
from lossacc_gui.session import lister as module
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.lister import Lister


class Held:
    """A document with a lister, as the window connects them."""

    def __init__(self, document: Document) -> None:
        self.document, self.focus = document, Focus(document)
        self.lister = Lister(document, self.focus, document)
        self.listed = 0
        self.focus.listed.connect(self._on_listed)

    def _on_listed(self) -> None:
        self.listed += 1

    @property
    def order(self) -> list[int]:
        listing = self.focus.listing
        return (
            list(range(self.document.state.predictions.rows))
            if listing.order is None
            else listing.order.tolist()
        )


@pytest.fixture
def held(make) -> Held:
    cells = np.array([[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.2, 0.7], [0.3, 0.6, 0.1], [0.2, 0.2, 0.6]])
    return Held(make(State(Predictions.of(cells, [0, 0, 0, 1, -1], ("A", "B", "C")))))


def check(held: Held) -> None:
    """The listing is one of the rows there are, and their tally is what it would be if it were made now."""
    document, listing = held.document, held.focus.listing
    rows = document.state.predictions.rows
    if listing.order is None:
        assert listing.shown is None
        assert document.evaluation.part is None
        return
    assert listing.rows == rows
    assert len(set(listing.order.tolist())) == len(listing.order)
    assert all(0 <= row < rows for row in listing.order.tolist())
    assert listing.place is not None
    assert listing.place[listing.order].tolist() == list(range(len(listing.order)))
    if listing.shown is None:
        assert sorted(listing.order.tolist()) == list(range(rows))
    else:
        assert listing.shown.tolist() == sorted(listing.order.tolist())
        part = document.evaluation.part
        assert part is not None
        assert np.flatnonzero(part.rows).tolist() == listing.shown.tolist()
        assert part.tally == document.evaluation.part_of(listing.shown).tally


def an_edit(draw: random.Random, document: Document) -> Edit:
    state = document.state.predictions
    rows, classes = state.rows, state.classes
    row, column = draw.randrange(rows), draw.randrange(classes)
    share = np.full((1, 2, classes), 1 / classes)
    at = np.array(sorted(draw.sample(range(rows + 2), 2)))
    edits: list[Edit] = [
        SetCells(np.array([row]), np.array([column]), np.array([draw.choice([0.0, 0.3, 0.9, np.nan])])),
        SetLabels(np.array([row]), np.array([draw.randrange(-1, classes)], np.int32)),
        InsertRows(at, share, np.array([-1, 0], np.int32)),
        InsertClass(
            draw.randrange(classes + 1),
            f"n{draw.randrange(10**9)}",
            np.zeros((1, rows)),
            np.empty(0, np.intp),
        ),
        SetConvention(draw.choice([preset("keras"), preset("by_hand"), Convention(base=Base.BITS)])),
    ]
    if rows > 1:
        edits.append(DeleteRows(np.array([row])))
    if classes > 2:
        edits.append(DeleteClass(column))
    if draw.random() < 0.05:
        edits = [
            Replace(
                State(Predictions.of(np.full((4, 3), 0.5), [0, 1, 2, 0]), source=Source(str(draw.random())))
            )
        ]
    if draw.random() < 0.1:
        edits = [read_again([[draw.random() for _ in range(3)] for _ in range(draw.randrange(1, 6))])]
    return draw.choice(edits)


def read_again(cells: list[list[float]], names: tuple[str, ...] = ("A", "B", "C")) -> Replace:
    """The edit of a file that is always the same one, with these cells by now; its labels are 0, 1, 0 and on."""
    predictions = Predictions.of(np.array(cells), np.arange(len(cells)) % 2, names)
    return Replace(State(predictions, source=Source("run.npy", "/run.npy")), "Open run.npy")


def a_filter(draw: random.Random, document: Document) -> Filter | None:
    state = document.state.predictions
    column = draw.randrange(state.classes)
    return draw.choice(
        [
            None,
            Wrong(),
            Right(),
            LabelIs(column),
            All((Wrong(), PredictionIs(column))),
            Between("loss", 0.5),
            TheseRows("some", np.array([draw.randrange(state.rows)])),
        ]
    )


@given(st.integers(0, 10**9))
def test_through_anything_the_listing_stays_one_and_its_tally_true(seed):
    cells = np.array([[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.2, 0.7], [0.3, 0.6, 0.1]])
    document = Document(State(Predictions.of(cells, [0, 0, 2, -1])))
    try:
        wander(Held(document), random.Random(seed))
    finally:
        document.close()
        document.deleteLater()


def wander(held: Held, draw: random.Random) -> None:
    """A few things in any order, and what has to hold after each."""
    document = held.document
    for _ in range(12):
        doing = draw.random()
        before, listing = held.order, held.focus.listing
        if doing < 0.2:
            held.focus.set_filter(a_filter(draw, document))
        elif doing < 0.35:
            key, column = (
                draw.choice(["loss", "margin", CELL, LABEL]),
                draw.randrange(document.state.predictions.classes),
            )
            held.focus.set_sort(
                draw.choice([None, Sort(key, column if key == CELL else -1, draw.random() < 0.5)])
            )
        elif doing < 0.7:
            edit = an_edit(draw, document)
            document.edit(edit)
            if isinstance(edit, SetCells | SetLabels | SetConvention):
                assert held.focus.listing is listing  # no row jumps away while it is edited
            elif isinstance(edit, DeleteRows):
                gone = int(edit.rows[0])
                assert held.order == [row - (row > gone) for row in before if row != gone]
        elif doing < 0.8:
            held.lister.reapply()
            assert not held.lister.stale
        else:
            document.go_to(draw.randrange(document.stack.count() + 1))
        check(held)


def test_a_filter_and_an_order_hold_until_reapplied(held):
    held.focus.set_filter(Wrong())
    held.focus.set_sort(Sort("loss", descending=True))
    assert held.order == [2, 1]
    held.document.edit(SetLabels(np.array([1]), np.array([1], np.int32)))  # right now
    assert held.order == [2, 1]
    assert held.lister.stale
    held.lister.reapply()
    assert held.order == [2]
    assert not held.lister.stale


def test_the_focus_goes_to_a_listed_row(held):
    moves: list[int] = []
    held.focus.moved.connect(lambda: moves.append(held.focus.row))
    held.focus.go_to(4)
    held.focus.set_filter(Wrong())
    assert moves == [4, 1]
    held.focus.go_to(2)
    held.focus.set_filter(Right())
    assert held.focus.row == 0
    held.focus.set_filter(All((Wrong(), Right())))  # none: it stays where it was
    assert held.focus.row == 0
    assert held.order == []


def test_an_inserted_row_is_listed_below_the_row_before_it(held):
    held.focus.set_filter(Wrong())
    held.focus.set_sort(Sort("loss", descending=True))
    held.document.edit(InsertRows(np.array([2]), np.full((1, 1, 3), 1 / 3), np.array([0], np.int32)))
    assert held.order == [3, 1, 2]
    held.document.undo()
    assert held.order == [2, 1]
    held.document.edit(DeleteRows(np.array([2])))
    held.document.undo()
    assert held.order == [2, 1]  # where it stood


def test_a_class_that_comes_or_goes_leaves_the_listed_rows_alone(held):
    held.focus.set_filter(LabelIs(1))
    held.document.edit(InsertClass(0, "new", np.zeros((1, 5)), np.empty(0, np.intp)))
    assert held.order == [3]
    held.lister.reapply()  # by class it would be another label's rows now
    assert held.order == [3]
    assert held.focus.listing.text == "label B"


def test_rows_named_by_index_move_with_the_rows(held):
    held.focus.set_filter(TheseRows("worst", np.array([2])))
    held.document.edit(DeleteRows(np.array([0])))
    held.lister.reapply()
    assert held.order == [1]


def test_another_file_shows_all_its_rows(held):
    held.focus.set_filter(Wrong())
    held.document.edit(Replace(State(Predictions.of(np.eye(5), [1, 1, 1, 1, 1]), source=Source("other"))))
    assert held.order == [0, 1, 2, 3, 4]
    assert not held.lister.stale
    held.document.undo()
    check(held)


SOME = [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.2, 0.7]]
OTHERS = [[0.1, 0.8, 0.1], [0.6, 0.3, 0.1], [0.4, 0.2, 0.4], [0.5, 0.1, 0.4]]


@pytest.fixture(params=[module.JOB_ROWS, 2], ids=["at once", "in a job"])
def file(held, monkeypatch, request):
    """A file of three rows, with few rows or many."""
    monkeypatch.setattr(module, "JOB_ROWS", request.param)
    held.document.edit(read_again(SOME))
    return held


def ask(held: Held, chosen: Filter | None, sort: Sort | None) -> None:
    held.focus.wanted.emit(chosen, sort)
    held.document.jobs.wait()


def read(held: Held, cells: list[list[float]], names: tuple[str, ...] = ("A", "B", "C")) -> None:
    held.document.edit(read_again(cells, names))
    held.document.jobs.wait()


def test_a_file_that_is_read_again_is_listed_as_it_was_by_its_new_numbers(file):
    ask(file, Wrong(), Sort(CELL, 1))
    assert file.order == [2, 1]
    file.focus.go_to(1, 2)
    read(file, OTHERS)
    assert file.order == [3, 1, 0]
    assert (file.focus.row, file.focus.column) == (1, 2)
    assert not file.lister.stale
    check(file)
    file.document.undo()
    file.document.jobs.wait()
    assert file.order == [2, 1]
    check(file)


def test_where_the_row_one_looked_at_is_not_listed_any_more_one_looks_at_the_first(file):
    ask(file, Wrong(), None)
    file.focus.go_to(2, 0)
    read(file, OTHERS)
    assert (file.order, file.focus.row) == ([0, 1, 3], 0)


def test_a_sort_follows_its_class_by_name_and_what_has_lost_its_meaning_goes(file):
    ask(file, LabelIs(0), Sort(CELL, 1))
    read(file, OTHERS, ("B", "A", "C"))
    assert (file.focus.listing.filter, file.focus.listing.sort) == (None, Sort(CELL, 0))
    ask(file, TheseRows("worst", np.array([2])), Sort(CELL, 2))
    read(file, SOME, ("B", "A", "D"))
    assert (file.focus.listing.filter, file.focus.listing.sort) == (None, None)
    check(file)


def test_only_edits_of_numbers_make_it_stale(held):
    held.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.6])))
    assert not held.lister.stale
    held.focus.set_filter(Wrong())
    held.document.edit(SetConvention(Convention(base=Base.BITS)))
    assert not held.lister.stale
    held.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.5])))
    assert held.lister.stale


def test_the_tally_before_is_the_one_before_the_gesture(held):
    held.focus.set_filter(Right())
    first = held.document.evaluation.part.tally
    for value in (0.6, 0.5, 0.4):
        held.document.edit(SetCells(np.array([0]), np.array([0]), np.array([value])), gesture=5)
    assert held.lister.part_before == first
    now = held.document.evaluation.part.tally
    held.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.1])))
    assert held.lister.part_before == now
    held.document.edit(SetConvention(preset("keras")))
    held.lister.reapply()
    assert held.lister.part_before is None


class TestInAJob:
    """What is many is listed beside, and the window goes on."""

    @pytest.fixture(autouse=True)
    def _few(self, monkeypatch):
        monkeypatch.setattr(module, "JOB_ROWS", 2)

    def test_many_rows_are_listed_in_a_job(self, held):
        held.focus.set_filter(Right())
        assert held.focus.listing.filter is None
        held.document.jobs.wait()
        assert held.order == [0, 3]
        check(held)

    def test_an_edit_meanwhile_makes_it_stale_and_leaves_the_tally_true(self, held):
        held.focus.set_filter(Right())
        held.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.1])))
        held.document.jobs.wait()
        assert held.lister.stale
        check(held)

    def test_rows_that_come_or_go_meanwhile_drop_it(self, held):
        held.focus.set_filter(Right())
        held.document.edit(DeleteRows(np.array([0])))
        held.document.jobs.wait()
        assert held.order == [0, 1, 2, 3]

    def test_a_convention_has_the_part_added_up_again(self, held):
        held.focus.set_filter(All(()))
        held.document.jobs.wait()
        told: list[int] = []
        held.lister.told.connect(lambda: told.append(1))
        held.document.edit(SetConvention(preset("keras")))
        held.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.1])))
        held.document.jobs.wait()
        assert told
        check(held)

    def test_the_newest_wish_wins(self, held):
        held.focus.set_filter(Right())
        held.focus.set_filter(Wrong())
        held.document.jobs.wait()
        assert held.order == [1, 2]
