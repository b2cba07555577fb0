"""A fault in the program is said once and logged, the program goes on, and the journal has every edit."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.edits import SetCells
from lossacc_gui.ui.alarm import COPY, WRONG
from lossacc_gui.ui.notices import DISMISS

FAULT = pytest.mark.expects_log("unexpected error")


def fail(window, times: int = 1) -> None:
    for _ in range(times):
        try:
            raise ZeroDivisionError("anna")
        except ZeroDivisionError as error:
            window.alarm(type(error), error, error.__traceback__)


@FAULT
def test_it_is_said_in_one_notice_however_often(window):
    fail(window, 3)
    assert "(3 times by now): ZeroDivisionError" in window.notices.text(WRONG)
    assert "anna" not in window.notices.text(WRONG)
    window.notices.answer(WRONG, DISMISS.key)
    assert window.notices.text(WRONG) == ""
    fail(window)
    assert "times" not in window.notices.text(WRONG)


@FAULT
def test_the_program_goes_on(window):
    fail(window)
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.125])))
    assert window.grid.model.look(0).cells[0] == 0.125
    window.document.undo()


@FAULT
def test_the_notice_offers_what_helps_to_find_it(window):
    fail(window)
    window.notices.answer(WRONG, COPY.key)
    assert "PySide6" in QGuiApplication.clipboard().text()


def test_the_help_menu_copies_it_too(window):
    window.tools.acts["diagnostics"].trigger()
    assert "convention: by_hand" in QGuiApplication.clipboard().text()


@FAULT
def test_a_low_window_shows_the_newest_notice_and_then_the_one_before(open_window):
    low = open_window(size=(900, 650))
    low.notices.tell("first", "The first.", DISMISS)
    fail(low)
    first, wrong = low.notices._shown["first"], low.notices._shown[WRONG]
    assert (first.isVisible(), wrong.isVisible()) == (False, True)
    low.notices.answer(WRONG, DISMISS.key)
    assert first.isVisible()
    fail(low)
    low.resize(1280, 900)
    QApplication.processEvents()
    assert first.isVisible()
