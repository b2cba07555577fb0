"""The sentence under a view: measured and painted when it changes, and not at every edit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from lossacc_gui.ui.plots.card import Reading
from lossacc_gui.ui.theme import DARK, LIGHT
from tests.ui.conftest import Paints, bring


@pytest.fixture
def reading(qtbot):
    reading = Reading(LIGHT)
    qtbot.addWidget(reading)
    reading.resize(300, 40)
    with qtbot.waitExposed(reading):
        reading.show()
    reading.say("One sentence. Another one.", hold=False)
    QApplication.processEvents()
    return reading


def test_the_same_sentence_is_not_painted_again(reading, qtbot):
    paints = Paints(reading)
    reading.say("One sentence. Another one.", hold=True)
    qtbot.wait(20)
    assert paints.count == 0
    reading.say("One sentence. A third one.", hold=True)
    qtbot.waitUntil(lambda: paints.count == 1)
    assert reading.shown == reading.toolTip() == reading.accessibleName() == "One sentence. A third one."


def test_what_there_is_room_for_is_found_anew_at_another_width(reading):
    text = "This is a first sentence. And this one is longer than the first, by some words."
    reading.say(text, hold=False)
    assert reading.shown == text
    reading.resize(150, 40)
    QApplication.processEvents()
    assert reading.shown == "This is a first sentence."


def test_a_sentence_that_is_too_long_loses_its_head_before_its_end(reading):
    says = "Row 28, class 0 from 0.00 to 1.00: cross-entropy is ∞: 61 other rows give their label 0; accuracy stays."
    reading.say(f"577 of 7,532 rows are listed (wrong): {says}", hold=False)
    reading.resize(280, 40)
    assert reading.shown == says
    assert reading.toolTip().startswith("577 of 7,532")
    reading.resize(120, 40)
    assert reading.shown.startswith("577 of 7,532")
    assert reading.shown.endswith(" …")


def test_another_theme_is_painted_at_once(window):
    card = window.views["plane"].card
    window.dressing.choose("dark")
    QApplication.processEvents()
    image = card.grab().toImage()
    at = card.reading.geometry().bottomRight()
    assert image.pixelColor(at) == QColor(DARK.card)


@pytest.mark.parametrize("key", ["confusion", "bars"])
def test_a_painted_panel_that_looks_the_same_is_not_painted_again(window, qtbot, key):
    view = bring(window, key)
    window.curve_jobs.wait()
    qtbot.wait(20)
    paints = Paints(view.view)
    view.view.draw(replace(view.view.picture))
    qtbot.wait(20)
    assert paints.count == 0
    window.focus.go_to(0, 2)
    qtbot.waitUntil(lambda: paints.count > 0)
