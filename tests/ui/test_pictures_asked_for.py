"""The command line takes a row, a class and an edit rule for the pictures that show them, and for no other."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from lossacc_gui.arguments import SHOWN, views
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.state import State
from lossacc_gui.ui import shots
from lossacc_gui.ui.picturing import subject
from lossacc_gui.ui.sheet import SCREEN, Sheet
from tests.ui.conftest import bring

OTHERS = {
    "--row": ((1, 1, Rule.ONLY), (2, 1, Rule.ONLY)),
    "--class": ((1, 1, Rule.ONLY), (1, 0, Rule.ONLY)),
    "--rule": ((1, 1, Rule.ONLY), (1, 1, Rule.RESCALE), (1, 1, Rule.HOLD)),
}
"""What each option may ask to see: a row, a class and a rule."""


def settle(window) -> None:
    QApplication.processEvents()
    window.curve_jobs.wait()
    QApplication.processEvents()


def pictures(window, key, wishes, path):
    """What files are written for these wishes."""
    for row, of, rule in wishes:
        window.focus.set_rule(rule)
        window.focus.go_to(row, of)
        settle(window)
        if key == "window":
            shots.save_png(shots.png(window), path)
        else:
            sheet = Sheet(window.views[key], subject(window.document), chosen=True)
            shots.save(sheet, path, SCREEN.dots)
        yield path.read_bytes()


@pytest.fixture
def windows(open_window):
    """One on three classes, and one on two, whose threshold can be drawn."""
    two = Predictions.of(np.array([[0.2, 0.8], [0.7, 0.3], [0.4, 0.6]]), np.array([1, 1, 0]))
    return [open_window(), open_window(State(two))]


@pytest.mark.parametrize("key", views())
def test_a_picture_is_another_by_an_option_where_it_may_be_given(windows, tmp_path, key):
    for window in windows:
        if key != "window":
            bring(window, key)
    for option, wishes in OTHERS.items():
        drawn = [set(pictures(window, key, wishes, tmp_path / "x.png")) for window in windows]
        assert any(len(several) > 1 for several in drawn) == (key in SHOWN[option]), option
