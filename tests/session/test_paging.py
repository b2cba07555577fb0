"""More rows than are held one by one: a page is looked at, all are counted, and both stay true."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.bulk import MakeRows
from lossacc_gui.core.convention import PRESETS
from lossacc_gui.core.edits import RenameClass, Replace, SetCells, SetConvention, SetLabels
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.page import Page
from lossacc_gui.core.paging import every_row, paged, tally_of_all
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.recipes import Normalise, Temper
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.shape_edits import DeleteRows, InsertClass
from lossacc_gui.core.state import Baseline, State
from lossacc_gui.core.tally import Tally
from lossacc_gui.session.document import Document
from lossacc_gui.session.journal import Journal
from lossacc_gui.session.recovery import find, load
from tests.session.conftest import Heard, Make
from tests.session.restoring import restore_all
from tests.thorough import examples

ROWS, PAGE = 23, 5


def many(rows: int = ROWS, *, weights: bool = False) -> Predictions:
    draw = np.random.default_rng(7)
    cells = draw.dirichlet(np.ones(3), rows).astype(np.float32)
    return Predictions.of(cells, draw.integers(-1, 3, rows), weights=draw.random(rows) if weights else None)


def in_pages(*, weights: bool = False, image: int = 0) -> State:
    return paged(State(many(weights=weights)), image, most=10, rows=PAGE)


def truth(document: Document) -> Tally:
    """The tally of all rows, made anew."""
    return evaluate(every_row(document.state), document.state.convention, document.epoch).tally


def counted(document: Document) -> Document:
    document.counting.jobs.wait()
    return document


def put(row: int, value: float, column: int = 0) -> SetCells:
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


def test_few_rows_have_no_pages():
    state = State(many())
    assert paged(state, most=ROWS) is state


@pytest.mark.parametrize(
    ("image", "size", "title"),
    [
        (0, 5, "rows 6 to 10 of 23"),
        (2, 4, "images 3 to 4 of 11"),
        (7, 7, "image 2 of 3"),
        (2_000_001, 5, "rows 6 to 10 of 23"),
    ],
)
def test_a_page_is_whole_images_where_there_are_any(image, size, title):
    page = in_pages(image=image).page
    assert page is not None
    assert page.size == size
    assert Page(page.size, 1, page.image, page.all).title() == title


def test_a_page_is_no_copy():
    state = in_pages()
    state.predictions.probs[0, 2] = [9, 9, 9]
    state.predictions.labels[2] = 1
    assert every_row(state).probs[0, 2].tolist() == [9, 9, 9]
    assert every_row(state).labels[2] == 1


@pytest.mark.parametrize("weights", [False, True])
def test_all_rows_are_counted(make: Make, weights: bool):
    document = counted(make(in_pages(weights=weights)))
    assert document.counting.done
    assert document.tally == truth(document)
    assert document.history[-1].rows == document.tally.rows


def test_before_all_is_counted_it_says_how_much(make: Make):
    document = make(in_pages())
    assert not document.counting.done
    assert document.counting.share == pytest.approx(1 / 5)
    assert document.tally == document.evaluation.tally


def test_a_tally_in_pages_is_the_tally():
    whole = many()
    assert tally_of_all(whole, PRESETS[1].convention, rows=4) == evaluate(whole, PRESETS[1].convention).tally


Do = tuple[str, int, float]
DOINGS = st.lists(
    st.tuples(
        st.sampled_from(["cell", "label", "turn", "undo", "redo", "wait", "read"]),
        st.integers(0, 4),
        st.floats(0, 1),
    ),
    max_size=14,
)


def do(document: Document, what: Do) -> None:
    kind, n, value = what
    rows = document.state.predictions.rows
    if kind == "cell":
        document.edit(put(n % rows, value))
    elif kind == "label":
        document.edit(SetLabels(np.array([n % rows]), np.array([int(value * 3) % 3], np.int32)))
    elif kind == "turn":
        document.show_page(n)
    elif kind == "undo":
        document.undo()
    elif kind == "redo":
        document.redo()
    elif kind == "wait":
        document.counting.jobs.wait()
    else:
        document.edit(SetConvention(PRESETS[n % 3].convention))


@examples(40)
@given(DOINGS)
def test_whatever_is_done_where_the_tally_is_that_of_all_rows(qapp, doings: list[Do]):
    document = Document(in_pages())
    try:
        for one in doings:
            do(document, one)
        page = document.state.page
        assert page is not None
        held = document.state.predictions
        fresh = evaluate(held, document.state.convention)
        assert document.evaluation.tally == fresh.tally
        assert held.probs.tobytes() == page.predictions().probs.tobytes()
        counted(document)
        assert document.counting.done
        assert document.tally == truth(document)
        document.go_to(0)
        assert every_row(document.state).probs.tobytes() == many().probs.tobytes()
        assert every_row(document.state).labels.tobytes() == many().labels.tobytes()
    finally:
        document.close()


def test_undo_goes_back_to_the_page_it_is_about(make: Make):
    document = counted(make(in_pages()))
    document.edit(put(1, 0.5))
    document.show_page(3)
    heard = Heard(document)
    document.undo()
    change = heard.one()
    assert change.page == "rows 1 to 5 of 23"
    assert change.shape
    assert document.state.page is not None
    assert document.state.page.number == 0
    assert document.tally == truth(document)


def test_an_edit_is_told_with_the_tallies_of_all(make: Make):
    document = counted(make(in_pages()))
    heard, before = Heard(document), document.tally
    document.edit(put(1, 0.5))
    change = heard.one()
    assert (change.tally_before, change.tally_after) == (before, document.tally)


def test_counting_can_be_stopped_and_gone_on_with(make: Make):
    document = make(in_pages())
    document.counting.jobs.cancel()
    counted(document)
    document.edit(put(1, 0.5))
    document.show_page(2)
    document.counting.go_on(document.state, 0)
    counted(document)
    assert document.tally == truth(document)


def test_a_page_that_is_not_there_is_not_turned_to(make: Make):
    document = make(in_pages())
    heard = Heard(document)
    for number in (-1, 0, 5):
        document.show_page(number)
    assert heard.changes == []


@pytest.mark.parametrize(
    ("edit", "instead"),
    [
        (lambda: DeleteRows(np.array([1])), "where it was made"),
        (lambda: InsertClass(1, "new", np.zeros((1, PAGE)), np.empty(0, np.intp)), "where it was made"),
        (lambda: MakeRows(np.arange(PAGE), Temper(0.5)), "temperature 0.5"),
        (lambda: MakeRows(np.arange(PAGE), Normalise()), "normalised rows"),
        (lambda: SetCells(np.arange(PAGE), np.zeros(PAGE, np.intp), np.ones(PAGE)), "select fewer"),
    ],
    ids=["delete", "insert class", "temper", "normalise", "cells"],
)
def test_what_needs_a_copy_is_refused_with_what_does_the_same(
    make: Make, monkeypatch, edit: Callable[[], Replace], instead: str
):
    monkeypatch.setattr("lossacc_gui.core.paging.MOST_CELLS", 8)
    document = counted(make(in_pages()))
    before = every_row(document.state).probs.tobytes()
    with pytest.raises(Refusal, match=instead):
        document.edit(edit())
    assert every_row(document.state).probs.tobytes() == before
    assert document.step == 0


def test_a_class_keeps_its_new_name_on_every_page(make: Make):
    document = counted(make(in_pages()))
    document.edit(RenameClass(1, "cat"))
    document.show_page(2)
    assert document.state.predictions.class_names[1] == "cat"
    assert every_row(document.state).class_names[1] == "cat"


def test_another_convention_undone_on_another_page(make: Make):
    document = counted(make(in_pages()))
    document.edit(SetConvention(PRESETS[2].convention))
    document.show_page(2)
    document.undo()
    held = document.state
    assert document.evaluation.tally == evaluate(held.predictions, held.convention).tally
    counted(document)
    assert document.tally == truth(document)


def test_a_journal_gives_the_pages_back(make: Make, tmp_path):
    document = make()
    document.journal = Journal(tmp_path, document)
    document.journal.begin(document.state)
    document.edit(Replace(in_pages(image=2), "Open"), "Open", clean=True)
    document.show_page(1)
    document.edit(put(2, 0.75))
    document.show_page(4)
    document.edit(put(1, 0.25))
    document.undo()
    document.undo()
    document.redo()
    held = every_row(document.state)
    document.journal.leave()
    (lost,) = find(tmp_path)
    other = make()
    restore_all(other, lost, load(lost))
    lost.release()
    assert every_row(other.state).probs.tobytes() == held.probs.tobytes()
    assert other.state.page is not None
    assert (other.state.page.number, other.state.page.size, other.state.page.image) == (1, 4, 2)
    assert counted(other).tally == counted(document).tally


def test_a_baseline_is_of_all_rows(make: Make):
    document = counted(make(in_pages()))
    pinned = Baseline.of("then", document.evaluation, document.tally)
    assert pinned.tally == truth(document)
    assert pinned.rows is None


def test_an_edit_of_a_page_is_never_made_on_a_copy(make: Make, monkeypatch):
    monkeypatch.setattr("lossacc_gui.session.document.JOB_CELLS", 1)
    document = make(in_pages())
    document.jobs.wait()
    rows = np.arange(3)
    assert document.edit(SetCells(rows, rows, np.array([0.5, 0.25, 0.125])))
    assert every_row(document.state).probs[0, rows, rows].tolist() == [0.5, 0.25, 0.125]
