"""What is switched on is ticked, and on again in the next window."""

from __future__ import annotations

import pytest

from lossacc_gui.ui.toggles import FORMS, REMEMBERED


@pytest.mark.parametrize("name", REMEMBERED)
def test_what_was_on_is_on_in_the_next_window_and_off_when_it_was_switched_off(open_window, name):
    for on in (True, False):
        first = open_window()
        first.tools.acts[name].trigger()
        assert first.tools.acts[name].isChecked() is on
        next_one = open_window()
        assert next_one.tools.acts[name].isChecked() is on
        state = {
            "top_five": next_one.grid.top.top.active,
            "one_hot": next_one.grid.one_hot.labels.active,
            "filter_metrics": next_one.filtering.own_metrics,
        }
        assert state[name] is on
        assert sum(state.values()) == on


def test_the_button_of_the_filter_line_ticks_the_menu(window):
    window.filtering.wrong()
    window.card.filter_line.metrics.click()
    assert window.tools.acts["filter_metrics"].isChecked()
    window.card.filter_line.metrics.click()
    assert not window.tools.acts["filter_metrics"].isChecked()


@pytest.mark.parametrize("form", FORMS)
def test_the_present_form_of_numbers_is_ticked_alone(open_window, form):
    window = open_window()
    window.tools.acts[FORMS[form]].trigger()
    for shown in (window, open_window()):
        ticked = [name for name in FORMS.values() if shown.tools.acts[name].isChecked()]
        assert ticked == [FORMS[form]]
        assert shown.viewing.form is form


def test_the_button_for_the_tiles_says_what_it_does_and_then_what_is_so(window):
    button = window.card.filter_line.metrics
    window.tools.acts["filter_wrong"].trigger()
    assert button.text() == "Show these in tiles"
    button.click()
    assert button.text() == "Tiles show these"
    window.tools.acts["filter_metrics"].trigger()
    assert button.text() == "Show these in tiles"
