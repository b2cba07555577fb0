"""Filter, sort, find and go to, as somebody at the window does it."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QInputDialog

from lossacc_gui.core.compare import compare
from lossacc_gui.core.edits import SetCells, SetLabels
from lossacc_gui.core.filtering import All, LabelIs, Right, TheseRows, Wrong
from lossacc_gui.core.listing import CELL, Sort
from lossacc_gui.core.shape_edits import DeleteRows, InsertRows
from lossacc_gui.core.wording import Form
from lossacc_gui.scenarios import SCENARIOS
from lossacc_gui.ui.cells import as_many
from lossacc_gui.ui.facts import FACTS, LABEL, LOSS
from lossacc_gui.ui.window import Window
from tests.ui.conftest import drawn, stated, tile

Role = Qt.ItemDataRole

CELLS = [[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.2, 0.7], [0.3, 0.6, 0.1], [0.2, 0.2, 0.6], [0.1, 0.8, 0.1]]


@pytest.fixture
def window(open_window) -> Window:
    made: Window = open_window(stated(CELLS, [0, 0, 0, 1, -1, 2], ("ant", "bee", "cow")))
    return made


def numbers(window: Window) -> list[str]:
    """The row numbers beside the grid, from above."""
    model = window.grid.model
    return [model.headerData(row, Qt.Orientation.Vertical) for row in range(model.rowCount())]


def asks(window: Window, act: str, text: str) -> None:
    """Open a line by its action, type, and press Return."""
    window.tools.acts[act].trigger()
    line = window.card.ask_line.line
    line.setText(text)
    line.returnPressed.emit()


def click_heading(qtbot: Any, window: Window, column: int) -> None:
    half = window.grid.cells if column < window.grid.model.classes else window.grid.facts
    header = half.horizontalHeader()
    half.scrollTo(window.grid.model.index(0, column))
    where = QPoint(header.sectionViewportPosition(column) + 8, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_a_filter_shows_its_rows_and_says_so(window):
    window.tools.acts["filter_wrong"].trigger()
    assert numbers(window) == ["2", "3", "6"]
    line = window.card.filter_line
    assert line.isVisible()
    assert line.filter.label.wordings[0] == "3 of 6 rows: wrong"
    assert not line.reapply.isVisible()
    line.filter.cross.click()
    assert numbers(window) == ["1", "2", "3", "4", "5", "6"]
    assert not line.isVisible()


@pytest.mark.parametrize(
    ("act", "rows"),
    [
        ("filter_wrong", ["2", "3", "6"]),
        ("filter_right", ["1", "4"]),
        ("filter_tied", []),
        ("filter_unlabelled", ["5"]),
        ("filter_sum", []),
        ("filter_odd", []),
        ("filter_label", ["1", "2", "3"]),
        ("filter_prediction", ["2", "4", "6"]),
        ("filter_mistake", ["2"]),
    ],
)
def test_every_filter_of_the_menu(window, act, rows):
    window.focus.go_to(1)
    window.tools.acts[act].trigger()
    assert numbers(window) == rows


def test_a_click_on_a_heading_sorts_a_second_turns_it_a_third_ends_it(qtbot, window):
    loss = window.grid.model.classes + LOSS
    click_heading(qtbot, window, loss)
    assert numbers(window) == ["3", "6", "2", "4", "1", "5"]
    assert window.grid.model.headerData(loss, Qt.Orientation.Horizontal) == "↓ loss"
    click_heading(qtbot, window, loss)
    assert numbers(window) == ["1", "4", "2", "3", "6", "5"]
    assert window.grid.model.headerData(loss, Qt.Orientation.Horizontal) == "↑ loss"
    click_heading(qtbot, window, loss)
    assert numbers(window) == ["1", "2", "3", "4", "5", "6"]
    click_heading(qtbot, window, 1)
    assert window.focus.listing.sort == Sort(CELL, 1, descending=True)
    assert not window.document.stack.count()  # a view, and no edit


def test_a_double_click_on_a_heading_renames_and_leaves_the_order(qtbot, window, monkeypatch):
    asked: list[int] = []

    def ask(*_: Any, **__: Any) -> tuple[str, bool]:
        asked.append(1)
        return "", False

    monkeypatch.setattr("lossacc_gui.ui.editing.QInputDialog.getText", ask)
    header = window.grid.cells.horizontalHeader()
    click_heading(qtbot, window, 1)
    where = QPoint(header.sectionViewportPosition(1) + 8, header.height() // 2)
    qtbot.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert asked == [1]
    assert window.focus.listing.sort is None


def test_what_is_typed_goes_to_the_row_that_is_seen_and_no_row_jumps_away(window):
    window.filtering.typed("wrong")
    window.filtering.sort_by(window.grid.model.classes + LOSS)
    assert numbers(window) == ["3", "6", "2"]
    model = window.grid.model
    assert model.setData(model.index(2, 0), "0.9")  # row 2 is right now
    assert window.document.state.predictions.probs[0, 1, 0] == 0.9
    assert numbers(window) == ["3", "6", "2"]
    assert window.card.filter_line.reapply.isVisible()
    window.card.filter_line.reapply.click()
    assert numbers(window) == ["3", "6"]
    window.tools.acts["undo"].trigger()
    assert numbers(window) == ["3", "6"]


def test_the_selection_is_of_the_predictions_own_rows(window):
    window.focus.set_filter(Wrong())
    window.filtering.sort_by(window.grid.model.classes + LOSS)
    window.grid.cells.selectRow(0)
    assert window.grid.selection.rows().tolist() == [2]
    window.grid.cells.selectAll()
    assert window.grid.selection.rows().tolist() == [1, 2, 5]
    window.tools.acts["delete_rows"].trigger()
    assert window.document.state.predictions.rows == 3
    assert numbers(window) == []
    assert window.grid.selection.rows().tolist() == []  # a hidden row cannot be deleted by mistake
    window.tools.acts["delete_rows"].trigger()
    assert window.document.state.predictions.rows == 3
    window.tools.acts["undo"].trigger()
    assert sorted(numbers(window)) == ["2", "3", "6"]


def test_the_tiles_say_which_rows_they_are_of(window):
    assert tile(window, "accuracy")[0] == "40.00%"
    window.focus.set_filter(LabelIs(0))
    assert tile(window, "accuracy")[0] == "40.00%"
    window.tools.acts["filter_metrics"].trigger()
    assert tile(window, "accuracy")[0] == "33.33%"
    window.document.edit(SetLabels(np.array([1]), np.array([1], np.int32)))
    assert tile(window, "accuracy")[0] == "66.67%"
    assert "+33.3 points since last edit" in tile(window, "accuracy")[1]
    window.focus.set_filter(None)
    assert tile(window, "accuracy")[0] == "60.00%"


def test_a_filter_that_fits_no_row_shows_none_and_edits_go_on(window):
    window.focus.set_filter(All((Wrong(), Right())))
    assert numbers(window) == []
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.1])))
    window.grid.set_numbers(2, Form.DECIMALS)
    window.focus.go_to(3)
    window.focus.set_filter(None)
    assert window.grid.cells.currentIndex().row() == 3


def test_a_grid_without_rows_says_which_filter_and_esc_ends_it(qtbot, window):
    nothing = window.grid.nothing
    assert not nothing.isVisible()
    assert window.filtering.typed("loss>9999")
    assert nothing.isVisible()
    assert nothing.text() == f"No row matches “{window.focus.listing.text}”.\nEsc clears the filter."
    assert nothing.width() == window.grid.width()
    window.grid.take_keyboard()
    qtbot.keyClick(window.grid.cells, Qt.Key.Key_Escape)
    assert window.focus.filter is None
    assert not nothing.isVisible()
    assert len(numbers(window)) == 6


@pytest.mark.parametrize("act", ["clear_cells", "fill_down", "fill_right"])
def test_nothing_to_empty_or_fill_is_said_as_it_is(window, act):
    window.filtering.typed("loss>9999")
    window.tools.acts[act].trigger()
    assert window.strip.text == "No cell is selected: select one; a filter may hide the one there was."
    assert not window.document.stack.count()


def test_the_conventions_say_that_a_filter_hides_the_labels(window):
    window.filtering.typed("loss>9999")
    assert compare(window.scene()).empty == "No row with a label is listed: clear the filter."


@pytest.fixture
def many(open_window) -> Window:
    """More rows than there is room for."""
    cells = np.random.default_rng(1).dirichlet(np.ones(3), 300)
    made: Window = open_window(stated(cells, np.arange(300) % 3))
    return made


def current_in_sight(window: Window) -> bool:
    cells, at = window.grid.cells, window.grid.cells.currentIndex()
    return bool(at.isValid() and cells.viewport().rect().contains(cells.visualRect(at)))


def test_sorting_shows_what_comes_first_and_the_current_cell_is_in_sight(many):
    many.focus.go_to(170, 1)
    many.filtering.sort_by(many.grid.model.classes + LOSS)
    assert [half.rowAt(0) for half in (many.grid.cells, many.grid.facts)] == [0, 0]
    assert current_in_sight(many)
    first = int(np.argmax(many.document.evaluation.stats.loss))
    assert (many.focus.row, many.focus.column) == (first, 1)
    many.filtering.sort_by(many.grid.model.classes + LOSS)  # the other way: the last row came first
    assert current_in_sight(many)
    many.filtering.file_order()
    assert current_in_sight(many)


def test_sorting_leaves_a_row_current_that_is_in_sight(window):
    window.focus.go_to(4, 1)
    window.filtering.sort_by(window.grid.model.classes + LOSS)
    assert (window.focus.row, window.focus.column) == (4, 1)


def test_a_double_click_on_a_heading_leaves_the_current_row_what_it_was(qtbot, many, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_kwargs: ("", False))
    many.focus.go_to(170, 1)
    header = many.grid.cells.horizontalHeader()
    click_heading(qtbot, many, 1)
    where = QPoint(header.sectionViewportPosition(1) + 8, header.height() // 2)
    qtbot.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert many.focus.listing.sort is None
    assert many.focus.row == 170
    assert current_in_sight(many)


def test_the_worst_rows_can_be_deleted_one_by_one_and_come_back_where_they_stood(many):
    many.filtering.sort_by(many.grid.model.classes + LOSS)
    before = numbers(many)
    losses = many.document.evaluation.stats.loss.copy()
    worst = np.argsort(-losses, kind="stable")
    assert many.focus.row == worst[0]
    for nth in range(3):
        assert many.document.evaluation.stats.loss[many.focus.row] == losses[worst[nth]]
        many.tools.acts["delete_rows"].trigger()
        assert many.focus.listing.sort is not None
    many.document.go_to(0)  # all three at once
    assert numbers(many) == before
    assert many.focus.listing.sort is not None
    many.document.go_to(3)
    assert len(numbers(many)) == 297
    assert many.focus.listing.sort is not None
    assert current_in_sight(many)


def test_what_was_under_the_pointer_goes_when_other_rows_are_listed(window):
    window.status.point("right to wrong: 3 rows")
    window.tools.acts["filter_wrong"].trigger()
    assert window.status.currentMessage() == ""
    window.status.say("Copied")
    window.status.forget()
    assert window.status.currentMessage() == "Copied"


def test_every_heading_of_a_fact_has_room_for_its_arrow(window):
    metrics = QFontMetrics(window.grid.facts.horizontalHeader().font())
    for fact, name in enumerate(FACTS):
        width = window.grid.facts.columnWidth(window.grid.model.classes + fact)
        assert window.grid.facts.isColumnHidden(window.grid.model.classes + fact) or (
            metrics.horizontalAdvance(f"↓ {name}") + 12 <= width
        )


def test_notes_that_do_not_all_fit_are_left_out_whole(window):
    metrics = window.grid.delegates[0]._metrics
    notes = ["outside 0–1", "Σ 2.2", "tie of 2"]
    room = metrics.horizontalAdvance("outside 0–1 · Σ 2.2 …")
    assert as_many(notes, metrics, 10_000) == "outside 0–1 · Σ 2.2 · tie of 2"
    assert as_many(notes, metrics, room) == "outside 0–1 · Σ 2.2 …"
    assert as_many(notes, metrics, room - 1) == "outside 0–1 …"
    assert as_many([""], metrics, 10) == ""


def test_a_row_a_view_goes_to_may_be_hidden(window):
    window.focus.set_filter(Wrong())
    window.focus.go_to(0)
    assert not window.grid.cells.currentIndex().isValid()
    window.focus.go_to(2)
    assert window.grid.cells.currentIndex().row() == 1


def test_the_views_draw_again_for_a_filter(window):
    before = drawn(window, "losses")
    window.focus.set_filter(Wrong())
    assert drawn(window, "losses") is not before
    assert window.scene().shown.tolist() == [1, 2, 5]


# --- the line that asks ---------------------------------------------------------------------------


def test_a_typed_filter_or_why_not(window):
    asks(window, "filter", "wrong label=ant")
    assert numbers(window) == ["2", "3"]
    assert not window.card.ask_line.isVisible()
    asks(window, "filter", "wolf")
    assert window.card.ask_line.isVisible()
    assert numbers(window) == ["2", "3"]
    asks(window, "filter", "")
    assert len(numbers(window)) == 6


def test_going_to_a_row_or_saying_why_not(window):
    asks(window, "go_row", "4")
    assert window.focus.row == 3
    window.focus.set_filter(Wrong())
    for text in ("1", "7", "0", "x", "-1", ""):
        window.focus.go_to(2)
        asks(window, "go_row", text)
        assert window.focus.row == 2
        assert window.card.ask_line.isVisible()
    asks(window, "go_row", "6")
    assert window.focus.row == 5


def test_going_to_a_class(window):
    asks(window, "go_class", "cow")
    assert (window.focus.row, window.focus.column) == (0, 2)
    assert window.grid.cells.currentIndex().column() == 2


def test_finding_a_value_goes_on_and_back(window):
    asks(window, "find", "0.1")
    at = [(window.focus.row, window.focus.column)]
    for _ in range(3):
        window.tools.acts["find_next"].trigger()
        at.append((window.focus.row, window.focus.column))
    assert at == [(0, 2), (1, 2), (2, 0), (3, 2)]
    window.tools.acts["find_previous"].trigger()
    assert (window.focus.row, window.focus.column) == (2, 0)


def test_finding_a_class_goes_to_its_column_and_its_next_row(window):
    asks(window, "find", "bee")
    assert (window.focus.row, window.focus.column) == (3, 1)
    window.focus.set_filter(Wrong())
    window.tools.acts["find_next"].trigger()  # no row listed has this label
    assert window.focus.column == 1
    assert window.focus.row in (1, 2, 5)


def test_what_is_nowhere_is_said(window):
    asks(window, "find", "0.123")
    assert "nowhere" in window.card.ask_line._said.text()
    assert (window.focus.row, window.focus.column) == (0, 0)


def test_find_next_without_a_search_asks_for_one(window):
    window.tools.acts["find_next"].trigger()
    assert window.card.ask_line.isVisible()
    assert window.card.ask_line.question.title == "Find"


def test_escape_closes_the_line_and_gives_the_keyboard_back(qtbot, window):
    window.tools.acts["find"].trigger()
    assert QApplication.focusWidget() is window.card.ask_line.line
    qtbot.keyClick(window.card.ask_line.line, Qt.Key.Key_Escape)
    assert not window.card.ask_line.isVisible()
    assert QApplication.focusWidget() is window.grid.cells


def test_the_next_wrong_row_and_the_worst(window):
    rows = []
    for _ in range(4):
        window.tools.acts["next_wrong"].trigger()
        rows.append(window.focus.row)
    assert rows == [1, 2, 5, 1]
    window.tools.acts["previous_wrong"].trigger()
    assert window.focus.row == 5
    window.tools.acts["worst"].trigger()
    assert window.focus.row == 2


def test_a_large_matrix_is_looked_through_in_a_job(window, monkeypatch):
    monkeypatch.setattr("lossacc_gui.ui.finding.JOB_CELLS", 1)
    asks(window, "find", "0.8")
    assert window.focus.row == 0
    window.document.jobs.wait()
    assert (window.focus.row, window.focus.column) == (5, 1)


# --- Qt's contract --------------------------------------------------------------------------------


def test_the_model_keeps_its_contract_while_rows_are_listed(window, qtmodeltester):
    model, document, draw = window.grid.model, window.document, random.Random(3)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    share = np.full((1, 1, 3), 1 / 3)
    for _ in range(120):
        rows = document.state.predictions.rows
        row = draw.randrange(rows)
        doing = draw.randrange(8)
        if doing == 0:
            window.focus.set_filter(draw.choice([None, Wrong(), Right(), LabelIs(0)]))
        elif doing == 1:
            window.filtering.sort_by(draw.randrange(model.columnCount()))
        elif doing == 2:
            document.edit(InsertRows(np.array([draw.randrange(rows + 1)]), share, np.array([0], np.int32)))
        elif doing == 3 and rows > 1:
            document.edit(DeleteRows(np.array([row])))
        elif doing == 4:
            document.go_to(draw.randrange(document.stack.count() + 1))
        elif doing == 5:
            window.filtering.reapply()
        else:
            document.edit(SetCells(np.array([row]), np.array([draw.randrange(3)]), np.array([draw.random()])))
        order = window.focus.order
        listed = list(range(document.state.predictions.rows)) if order is None else order.tolist()
        assert numbers(window) == [str(row + 1) for row in listed]
        assert [model.data_row(model.view_row(row)) for row in listed] == listed
        for view_row, row in enumerate(listed):
            label = document.state.predictions.labels[row]
            shown = model.data(model.index(view_row, model.classes + LABEL), Role.DisplayRole)
            assert shown == model.words.name(int(label))
    qtmodeltester.check(model)
    tester.deleteLater()


def test_a_filter_taken_away_leaves_both_halves_at_the_same_rows(open_window):
    draw = np.random.default_rng(0)
    window = open_window(stated(draw.dirichlet(np.ones(3), 400), draw.integers(0, 3, 400)))
    window.resize(900, 650)
    QApplication.processEvents()
    for row in (390, 200, 60, 0):
        window.focus.set_filter(
            TheseRows("one row", np.array([row]))
        )  # so few that nothing is to be scrolled
        QApplication.processEvents()
        window.focus.go_to(row)
        window.focus.set_filter(None)
        QApplication.processEvents()
        halves = window.grid.cells, window.grid.facts
        assert len({half.rowAt(0) for half in halves}) == 1
        first, last = halves[0].rowAt(0), halves[0].rowAt(halves[0].viewport().height() - 1)
        assert first <= row <= last


def test_opening_others_shows_all_of_them(window):
    window.focus.set_filter(Wrong())
    window.beginning.show_scenario(SCENARIOS[1])
    assert len(numbers(window)) == window.document.state.predictions.rows
    assert not window.card.filter_line.isVisible()
