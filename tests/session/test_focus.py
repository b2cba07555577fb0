"""Looking elsewhere is told once, and only when it is elsewhere."""

from __future__ import annotations

import pytest

from lossacc_gui.core.rules import Rule


@pytest.fixture
def moves(focus):
    seen = []
    focus.moved.connect(lambda: seen.append((focus.row, focus.column, focus.rule)))
    return seen


def test_going_somewhere_is_told_once(focus, moves):
    focus.go_to(2, 1)
    assert moves == [(2, 1, Rule.ONLY)]


def test_staying_is_not_told(focus, moves):
    focus.go_to(0, 0)
    focus.go_to(0)
    focus.set_rule(Rule.ONLY)
    assert moves == []


def test_the_column_stays_when_none_is_given(focus, moves):
    focus.go_to(0, 2)
    focus.go_to(5)
    assert moves == [(0, 2, Rule.ONLY), (5, 2, Rule.ONLY)]


def test_a_rule_is_told_once(focus, moves):
    focus.set_rule(Rule.HOLD)
    focus.set_rule(Rule.HOLD)
    assert moves == [(0, 0, Rule.HOLD)]


def test_following_a_change_says_nothing_and_the_label_is_left_with_the_next_look(focus, moves):
    focus.follow(5, 4, at_label=True)
    assert (focus.row, focus.column, focus.at_label) == (5, 4, True)
    assert moves == []
    focus.go_to(5, 4)
    assert not focus.at_label
