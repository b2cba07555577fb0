"""The table of all metrics, as it is read and pointed at."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.edits import SetBaseline, SetCells
from lossacc_gui.core.metrics import EVERY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Baseline, State
from lossacc_gui.ui import theme as look

VALUE, CHANGE, BEHIND = 1, 2, 3


@pytest.fixture
def shown(open_window):
    """A window with the table in sight."""

    def show(state=None, size=(1440, 900)):
        window = open_window(state, size=size)
        window.views["metrics"].dock.action.trigger()
        QApplication.processEvents()
        assert window.views["metrics"].in_sight
        return window

    return show


def text(window, key: str, column: int):
    model = window.views["metrics"].view.model
    row = [metric.key for metric in EVERY].index(key)
    return model.index(row, column).data()


def test_every_metric_has_a_line_that_says_how_it_is_computed(shown):
    model = shown().views["metrics"].view.model
    assert model.rowCount() == len(EVERY)
    for row, metric in enumerate(EVERY):
        assert model.index(row, 0).data() == metric.name.replace("Top-k", "Top-2")
        for part in (metric.title, metric.formula, metric.agrees):
            assert part in model.index(row, VALUE).data(Qt.ItemDataRole.ToolTipRole)


def test_an_edit_changes_what_is_said(shown):
    window = shown()
    assert text(window, "accuracy", CHANGE) == ""
    window.document.edit(SetCells(np.array([1]), np.array([1]), np.array([0.3])), "edit")
    assert (text(window, "accuracy", VALUE), text(window, "accuracy", CHANGE)) == ("66.67%", "+33.3 points")
    assert text(window, "cross_entropy", CHANGE) == "±0.0000"
    window.document.undo()
    assert text(window, "accuracy", CHANGE) == "−33.3 points"


def test_a_baseline_is_what_is_compared_with(shown):
    window = shown()
    evaluation = window.document.evaluation
    window.document.edit(SetBaseline(Baseline.of("start", evaluation)), "pin")
    for value in (0.3, 0.35):
        window.document.edit(SetCells(np.array([1]), np.array([1]), np.array([value])), "edit")
    assert text(window, "accuracy", CHANGE) == "+33.3 points"
    assert window.views["metrics"].view.picture.since == "baseline start"


def test_what_is_undefined_says_why(shown):
    held = Predictions.of([[0.9, 0.1], [0.8, 0.2]], [0, 1])
    window = shown(State(held))
    assert (text(window, "matthews", VALUE), text(window, "matthews", BEHIND)) == (
        "undefined",
        "all rows have one prediction",
    )
    assert "undefined" in window.views["metrics"].view.accessibleName()


def test_the_keys_go_through_the_lines(shown):
    view = shown().views["metrics"].view
    view.table.setFocus()
    view.table.setCurrentIndex(view.model.index(0, 0))
    QTest.keyClick(view.table, Qt.Key.Key_Down)
    assert view.table.currentIndex().row() == 1
    QTest.keyClick(view.table, Qt.Key.Key_Return)  # chooses nothing, and breaks nothing


def test_nothing_is_cut_off_in_the_columns_of_numbers(shown):
    view = shown(size=(900, 650)).views["metrics"].view
    assert (
        view.table.columnViewportPosition(VALUE) + view.table.columnWidth(VALUE)
        <= view.table.viewport().width()
    )
    assert view.table.columnWidth(0) >= 92  # a name gives way, and the tool tip says all of it
    for column in (VALUE, CHANGE):
        for row in range(view.model.rowCount()):
            index = view.model.index(row, column)
            advance = QFontMetrics(look.font(look.SMALL_PIXELS)).horizontalAdvance(index.data())
            assert advance <= view.table.columnWidth(column), index.data()
