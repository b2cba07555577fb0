"""No row moves under the mouse when a chip, a notice or the line in which one asks comes or goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from lossacc_gui.core.filtering import Wrong
from lossacc_gui.ui.grid_head import fit
from lossacc_gui.ui.notices import DISMISS
from lossacc_gui.ui.window import Window
from tests.ui.conftest import Open, stated


def top(window: Window) -> int:
    """How far below the window's edge the rows begin."""
    QApplication.processEvents()
    return window.grid.cells.viewport().mapTo(window, QPoint(0, 0)).y()


def many(classes: int = 4) -> Any:
    cells = np.random.default_rng(0).dirichlet(np.ones(classes), 200)
    return stated(cells, np.arange(200) % classes)


@pytest.mark.parametrize("size", [(900, 650), (1280, 800)])
def test_nothing_that_comes_and_goes_moves_a_row(open_window: Open, size):
    window = open_window(many(), size=size)
    stands = top(window)
    window.focus.set_filter(Wrong())
    assert top(window) == stands
    window.filtering.sort_by(1)
    assert top(window) == stands
    window.grid.model.setData(window.grid.model.index(0, 0), "0.5")
    assert window.card.filter_line.reapply.isVisible()
    assert top(window) == stands
    window.notices.tell("odd", "Something looks odd about these predictions.", DISMISS)
    assert window.notices.isVisible()
    assert top(window) == stands
    for act in ("find", "go_row", "filter"):
        window.tools.acts[act].trigger()
        assert window.card.ask_line.isVisible()
        assert top(window) == stands
    window.notices.answer("odd", DISMISS.key)
    window.filtering.all_rows()
    window.filtering.file_order()
    assert top(window) == stands


def test_a_second_click_on_a_heading_hits_the_same_heading(qtbot, open_window: Open):
    """The chip that tells of the first click had pushed the heading away."""
    window = open_window(many())
    header = window.grid.facts.horizontalHeader()
    where = header.viewport().mapTo(window, QPoint(20, header.height() // 2))
    for _ in range(2):
        target = window.childAt(where)
        assert target is header.viewport()
        qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(window, where))
        QApplication.processEvents()
    assert window.focus.listing.sort is not None
    assert window.focus.listing.sort.descending


def test_a_notice_that_comes_where_one_types_leaves_the_row_in_sight(open_window: Open):
    window = open_window(many(), size=(1280, 800))
    facts = window.grid.facts
    last = facts.rowAt(facts.viewport().height() - 40)
    window.focus.go_to(last)
    before = facts.verticalScrollBar().value()
    window.notices.tell("odd", "Something looks odd about these predictions.", DISMISS)
    QApplication.processEvents()
    assert facts.verticalScrollBar().value() > before
    assert facts.visualRect(facts.model().index(last, 4)).bottom() < facts.viewport().height()


def test_a_notice_leaves_rows_alone_while_the_current_one_is_above_it(open_window: Open):
    window = open_window(many(), size=(1280, 800))
    window.grid.facts.verticalScrollBar().setValue(600)
    window.focus.go_to(25)
    before = window.grid.facts.verticalScrollBar().value()
    window.notices.tell("odd", "Something looks odd about these predictions.", DISMISS)
    QApplication.processEvents()
    assert window.grid.facts.verticalScrollBar().value() == before


@pytest.mark.parametrize("width", [900, 1000, 1280, 1920])
def test_no_chip_is_cut_off_or_laid_over_another(open_window: Open, width):
    names = ("comp.sys.ibm.pc.hardware", "alt.atheism", "soc.religion.christian", "sci")
    predictions = many().predictions
    window = open_window(stated(predictions.probs[0], predictions.labels, names), size=(width, 650))
    window.filtering.typed("wrong loss>0.1 p<0.9")
    window.filtering.sort_by(0)
    window.grid.model.setData(window.grid.model.index(0, 0), "0.5")
    QApplication.processEvents()
    head, line = window.card.head, window.card.filter_line
    shown: list[QWidget] = [line.filter, line.reapply, line.metrics]
    assert all(part.isVisible() for part in shown)
    right = 0
    for part in shown:
        left = part.mapTo(head, QPoint(0, 0)).x()
        assert left >= right
        right = left + part.width()
        assert part.width() >= part.sizeHint().width()
    assert right <= head.width()
    assert line.filter.label.width() >= line.filter.label.fontMetrics().horizontalAdvance(
        line.filter.label.text
    )


class Said:
    """A part that can be said in some widths."""

    def __init__(self, *widths: int) -> None:
        self._widths, self.taken = widths, -1

    def widths(self) -> list[int]:
        return list(self._widths)

    def take(self, which: int) -> None:
        self.taken = which


@pytest.mark.parametrize(
    ("room", "taken"),
    [(210, (0, 0)), (209, (1, 0)), (110, (2, 0)), (100, (2, 0)), (99, (2, 1)), (1, (2, 1))],
)
def test_the_least_telling_gives_way_first_and_only_as_far_as_it_must(room, taken):
    aside, telling = Said(100, 50, 0), Said(100, 20)
    fit([aside, aside, telling, telling], room, 10)
    assert (aside.taken, telling.taken) == taken
