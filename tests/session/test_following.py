"""Who looks at a row looks at it still when others came or went, and at what undo and redo change."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.bulk import ReorderClasses, SetRows, Together
from lossacc_gui.core.convention import preset
from lossacc_gui.core.edits import RenameClass, Replace, SetCells, SetConvention, SetLabels
from lossacc_gui.core.filtering import Wrong
from lossacc_gui.core.listing import CELL, Sort
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule, edit_cell
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.state import Source, State
from lossacc_gui.session import document as module
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.lister import Lister

NAMES = ("A", "B", "C")


class Eye:
    """A document and who looks at it."""

    def __init__(self, document: Document) -> None:
        self.document, self.focus = document, Focus(document)
        self.lister = Lister(document, self.focus, document)
        self.moves = 0
        self.focus.moved.connect(self._on_moved)

    def _on_moved(self) -> None:
        self.moves += 1

    @property
    def at(self) -> tuple[int, int]:
        return self.focus.row, self.focus.column

    def type(self, row: int, column: int, value: float, rule: Rule = Rule.ONLY) -> None:
        self.focus.go_to(row, column)
        self.document.edit(edit_cell(self.document.state, 0, row, column, value, rule))


@pytest.fixture
def eye(make) -> Eye:
    cells = np.array([[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.2, 0.7], [0.3, 0.6, 0.1], [0.2, 0.2, 0.6]])
    return Eye(make(State(Predictions.of(cells, [0, 0, 0, 1, -1], NAMES))))


def insert(*rows: int) -> InsertRows:
    return InsertRows(np.array(rows), np.full((1, len(rows), 3), 1 / 3), np.zeros(len(rows), np.int32))


def delete(*rows: int) -> DeleteRows:
    return DeleteRows(np.array(rows))


@pytest.mark.parametrize("rule", Rule)
def test_undo_and_redo_go_to_the_cell_that_was_typed(eye, rule):
    eye.type(3, 0, 0.25, rule)  # others of the row move as well
    eye.focus.go_to(1, 2)
    eye.moves = 0
    eye.document.undo()
    assert eye.at == (3, 0)
    eye.focus.go_to(4, 1)
    eye.document.redo()
    assert eye.at == (3, 0)
    assert eye.moves == 1  # by hand alone: it is drawn with the change


def test_undo_of_several_steps_goes_to_the_one_that_was_done_first(eye):
    eye.type(3, 0, 0.25)
    eye.type(1, 2, 0.25)
    eye.focus.go_to(4, 1)
    eye.document.go_to(0)
    assert eye.at == (3, 0)


def test_who_looks_at_one_of_many_cells_that_change_stays(eye):
    rows = np.array([0, 1, 2, 2])
    eye.document.edit(SetCells(rows, np.array([0, 0, 0, 1]), np.full(4, 0.5)))
    eye.focus.go_to(1, 1)
    eye.document.undo()
    assert eye.at == (1, 1)
    eye.focus.go_to(4, 2)
    eye.document.redo()
    assert eye.at == (0, 0)
    eye.document.edit(SetRows(np.array([1, 2]), np.full((2, 3), 0.25)))
    eye.focus.go_to(4, 2)
    eye.document.undo()
    assert eye.at == (1, 2)


def test_undo_of_a_label_goes_to_the_label(eye):
    eye.document.edit(SetLabels(np.array([2]), np.array([1], np.int32)))
    eye.document.undo()
    assert (*eye.at, eye.focus.at_label) == (2, 0, True)
    eye.focus.go_to(2, 0)
    assert not eye.focus.at_label


def test_where_a_filter_hides_what_was_undone_one_stays_and_is_told(eye):
    eye.type(3, 0, 0.25)
    eye.focus.set_filter(Wrong())
    eye.focus.go_to(2, 1)
    eye.document.undo()
    assert eye.at == (2, 1)
    assert eye.lister.following.hidden == " The filter hides row 4."
    eye.document.edit(SetCells(np.array([0, 3]), np.array([0, 0]), np.array([0.6, 0.6])))
    assert eye.lister.following.hidden == ""
    eye.document.undo()
    assert eye.lister.following.hidden == " The filter hides 2 changed rows."


def test_of_changed_rows_the_first_that_is_listed_is_looked_at(eye):
    eye.document.edit(SetCells(np.array([1, 2]), np.zeros(2, np.intp), np.full(2, 0.45)))
    eye.document.undo()
    eye.focus.set_sort(Sort("loss", descending=True))
    eye.focus.go_to(3, 2)
    eye.document.redo()
    assert eye.at == (2, 0)


def test_the_same_row_and_class_are_looked_at_when_others_come_and_go(eye):
    eye.focus.go_to(3, 1)
    eye.document.edit(delete(0, 2))
    assert eye.at == (1, 1)
    eye.document.edit(Together((insert(0), SetCells(np.array([0]), np.array([0]), np.array([0.2])))))
    assert eye.at == (2, 1)
    eye.document.edit(DeleteClass(0))
    assert eye.at == (2, 0)
    eye.document.edit(ReorderClasses(np.array([1, 0])))
    assert eye.at == (2, 1)
    eye.document.edit(RenameClass(1, "b"))
    eye.document.edit(Replace(State(Predictions.of(np.eye(2)), source=Source("other"))))
    assert eye.at == (1, 1)


@pytest.mark.parametrize("job_cells", [100_000, 1])
def test_rows_that_come_are_looked_at_also_where_a_job_brings_them(make, monkeypatch, job_cells):
    eye = Eye(make(State(Predictions.of(np.full((60, 3), 1 / 3), np.zeros(60, int), NAMES))))
    monkeypatch.setattr(module, "JOB_CELLS", job_cells)
    eye.focus.go_to(3, 1)
    eye.document.edit(insert(2))
    eye.document.jobs.wait()
    assert eye.at == (2, 1)
    eye.document.edit(delete(0, 1))
    eye.document.jobs.wait()
    assert eye.at == (0, 1)
    eye.focus.go_to(3, 1)
    eye.document.undo()
    eye.document.jobs.wait()
    assert eye.at == (0, 1)


def test_new_rows_and_classes_are_looked_at_and_those_that_come_back(eye):
    eye.focus.go_to(3, 1)
    eye.document.edit(insert(4))
    assert eye.at == (4, 1)
    eye.document.undo()
    assert eye.at == (4, 1)  # what is there now in its place
    eye.document.edit(delete(0, 1))
    eye.document.undo()
    assert eye.at == (0, 1)
    eye.document.edit(InsertClass(2, "new", np.zeros((1, 5)), np.empty(0, np.intp)))
    assert eye.at == (0, 2)


def test_undo_of_steps_of_which_later_ones_moved_the_rows(eye):
    eye.type(3, 0, 0.25)
    eye.document.edit(delete(0, 1))
    eye.focus.go_to(2, 2)
    eye.document.go_to(0)
    assert eye.at == (3, 0)
    eye.focus.go_to(2, 2)
    eye.document.go_to(2)
    assert eye.at == (1, 0)  # row 4 of then


@pytest.mark.parametrize("job_cells", [100_000, 1])
def test_an_order_is_kept_through_rows_that_come_and_go_in_one_step_or_in_many(eye, monkeypatch, job_cells):
    monkeypatch.setattr(module, "JOB_CELLS", job_cells)
    document = eye.document
    eye.focus.set_sort(Sort(CELL, 2, descending=True))
    first = eye.focus.order.tolist()
    states = [first]
    paste = Together((insert(4), SetCells(np.array([4]), np.array([0]), np.array([0.2]))))
    for edit in (insert(2), delete(0, 4), paste, DeleteClass(0), ReorderClasses(np.array([1, 0]))):
        document.edit(edit)
        document.jobs.wait()
        assert sorted(eye.focus.order.tolist()) == list(range(document.state.predictions.rows))
        column = document.state.predictions.class_names.index("C")
        assert eye.focus.listing.sort == Sort(CELL, column, descending=True)
        states.append(eye.focus.order.tolist())
    for step in (2, 5, 0, 4, 1, 3, 0):
        document.go_to(step)
        assert eye.focus.order.tolist() == states[step]
        assert eye.focus.listing.sort is not None


def test_an_order_by_a_class_goes_with_the_class(eye):
    eye.focus.set_sort(Sort(CELL, 0))
    order = eye.focus.order.tolist()
    eye.document.edit(RenameClass(0, "a"))
    assert eye.focus.listing.sort == Sort(CELL, 0)
    eye.document.edit(DeleteClass(0))
    assert eye.focus.listing.sort is None
    assert eye.focus.order.tolist() == order


def test_conventions_leave_the_eye_where_it_is(eye):
    eye.document.edit(SetConvention(preset("keras")))
    eye.focus.go_to(3, 1)
    eye.document.undo()
    assert eye.at == (3, 1)
