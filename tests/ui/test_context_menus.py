"""A menu on a cell, a heading or a row's number offers what the menu bar has, about what was pointed at."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from lossacc_gui.core.filtering import LabelIs, Wrong
from lossacc_gui.ui import context_menus
from lossacc_gui.ui.facts import LOSS
from tests.ui.conftest import stated
from tests.ui.test_actions import all_leaves, leaves


class Asked:
    """A window, and the entries of the menus that would have opened."""

    def __init__(self, window, monkeypatch):
        self.window = window
        asked = self

        class Silent(QMenu):
            def exec(self, *_):
                asked.leaves = leaves(self)

        monkeypatch.setattr(context_menus, "QMenu", Silent)
        self.leaves: list[QAction] = []

    def on_cell(self):
        self.window.grid.menu_wanted.emit(QPoint())

    def on_heading(self, column):
        half = self.window.grid.cells if column < self.window.grid.model.classes else self.window.grid.facts
        header = half.horizontalHeader()
        where = QPoint(header.sectionViewportPosition(column) + 5, 5)
        header.customContextMenuRequested.emit(where)

    def on_row(self, row):
        header = self.window.grid.cells.verticalHeader()
        header.customContextMenuRequested.emit(QPoint(5, header.sectionViewportPosition(row) + 5))

    def offers(self, act: str) -> bool:
        return self.window.tools.acts[act] in self.leaves


@pytest.fixture
def asked(window, monkeypatch) -> Asked:
    return Asked(window, monkeypatch)


def test_every_entry_is_one_of_the_menu_bar_itself(asked):
    entries = all_leaves(asked.window)
    for open_it in (
        asked.on_cell,
        lambda: asked.on_heading(1),
        lambda: asked.on_heading(3),
        lambda: asked.on_row(1),
    ):
        open_it()
        assert asked.leaves
        assert all(entry in entries for entry in asked.leaves)


def test_a_cell_offers_copying_rows_labels_filters_and_sorting(asked):
    asked.on_cell()
    for act in ("copy", "copy_latex", "insert_row", "set_label", "dirichlet", "filter_label", "sort"):
        assert asked.offers(act), act


def test_a_heading_speaks_of_its_own_class(asked):
    asked.window.focus.go_to(1, 0)
    asked.on_heading(2)
    assert (asked.window.focus.row, asked.window.focus.column) == (1, 2)
    assert asked.offers("class_left")
    asked.window.tools.acts["filter_class"].trigger()
    assert asked.window.focus.filter == LabelIs(2)


def test_the_heading_of_a_fact_sorts_by_it_and_moves_no_class(asked):
    model = asked.window.grid.model
    asked.on_heading(model.classes + LOSS)
    assert not asked.offers("class_left")
    assert not asked.offers("delete_class")
    asked.window.tools.acts["sort"].trigger()
    assert asked.window.focus.listing.sort.key == "loss"


def test_a_row_s_number_speaks_of_its_row_unless_several_are_selected(asked):
    asked.on_row(2)
    assert asked.window.grid.selection.rows().tolist() == [2]
    asked.window.grid.navigation.select_all()
    asked.on_row(1)
    assert asked.window.grid.selection.rows().tolist() == [0, 1, 2]
    assert asked.offers("delete_rows")


def test_a_heading_can_be_asked_where_no_row_is_listed(open_window, monkeypatch):
    window = open_window(stated([[0.7, 0.3], [0.6, 0.4]], [0, 0]))
    asked = Asked(window, monkeypatch)
    window.tools.acts["filter_wrong"].trigger()
    assert window.grid.model.rowCount() == 0
    asked.on_heading(1)
    assert window.focus.column == 1


def test_a_label_is_set_by_a_part_of_the_menu_too(window, monkeypatch):
    monkeypatch.setattr("lossacc_gui.ui.editing.QInputDialog.getItem", lambda *_: ("a", True))
    window.grid.navigation.select_all()
    window.tools.acts["set_label"].trigger()
    assert np.all(window.document.state.predictions.labels == 0)
    monkeypatch.setattr("lossacc_gui.ui.editing.QInputDialog.getItem", lambda *_: ("zebra", True))
    window.tools.acts["set_label"].trigger()
    assert np.all(window.document.state.predictions.labels == 0)
    assert "none of the 3 classes" in window.strip.text


def test_rows_get_their_predictions_as_labels_in_one_step(window):
    predictions, evaluation = window.document.state.predictions, window.document.evaluation
    before = predictions.labels.tolist()
    window.focus.set_filter(Wrong())
    window.grid.navigation.select_all()
    wrong = window.grid.selection.rows()
    assert 0 < len(wrong) < predictions.rows
    window.tools.acts["label_predicted"].trigger()
    assert evaluation.tally.hits == evaluation.tally.rows
    assert np.flatnonzero(predictions.labels != before).tolist() == wrong.tolist()
    window.tools.acts["undo"].trigger()
    assert predictions.labels.tolist() == before
