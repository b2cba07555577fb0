"""The command line takes an edit rule for the pictures that show it, and for no other."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from lossacc_gui.arguments import RULED, views
from lossacc_gui.core.rules import Rule
from lossacc_gui.ui import shots
from lossacc_gui.ui.picturing import subject
from lossacc_gui.ui.sheet import SCREEN, Sheet
from tests.ui.conftest import bring


@pytest.mark.parametrize("key", views())
def test_a_picture_is_another_under_another_rule_where_one_may_be_asked_for(window, tmp_path, key):
    window.focus.go_to(1, 1)
    if key != "window":
        bring(window, key)
    drawn = set()
    for rule in Rule:
        window.focus.set_rule(rule)
        QApplication.processEvents()
        window.curve_jobs.wait()
        QApplication.processEvents()
        path = tmp_path / "x.png"
        if key == "window":
            shots.save_png(shots.png(window), path)
        else:
            shots.save(Sheet(window.views[key], subject(window.document), chosen=True), path, SCREEN.dots)
        drawn.add(path.read_bytes())
    assert (len(drawn) > 1) == (key in RULED)
