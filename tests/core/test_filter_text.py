"""Typed filters mean what they say, and what cannot be read is refused in a sentence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.filter_text import class_named, parse_filter
from lossacc_gui.core.filtering import (
    All,
    Between,
    Filter,
    LabelHas,
    LabelIs,
    Outside,
    PredictionIs,
    Right,
    SumOff,
    Tied,
    Unlabelled,
    Wrong,
)
from lossacc_gui.core.refusal import Refusal

NAMES = ("cat", "red fox", "Dog", "7")


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("wrong", Wrong()),
        ("Right", Right()),
        ("correct", Right()),
        ("tied", Tied()),
        ("unlabelled", Unlabelled()),
        ("sumoff", SumOff()),
        ("odd", Outside()),
        ("loss>2", Between("loss", 2.0, low_open=True)),
        ("loss >= 2", Between("loss", 2.0)),
        ("loss ≥2", Between("loss", 2.0)),
        ("margin<0", Between("margin", high=0.0, high_open=True)),
        ("p<=50%", Between("p_label", high=0.5)),
        ("p(label) ≤ 0,5", Between("p_label", high=0.5)),
        ("confidence=1", Between("confidence", 1.0, 1.0)),
        ("sum>1", Between("total", 1.0, low_open=True)),
        ("loss=∞", Between("loss", math.inf, math.inf)),
        ("label=cat", LabelIs(0)),
        ("label = dog", LabelIs(2)),
        ('label="red fox"', LabelIs(1)),
        ('"red fox"', LabelIs(1)),
        ("label=7", LabelIs(3)),
        ("label=1", LabelIs(1)),
        ("predicted=cat", PredictionIs(0)),
        ("prediction=DOG", PredictionIs(2)),
        ("cat", LabelIs(0)),
        ("fox", LabelHas("fox")),
        ("wrong loss>2 label=cat", All((Wrong(), Between("loss", 2.0, low_open=True), LabelIs(0)))),
    ],
)
def test_a_typed_filter(text, chosen: Filter):
    assert parse_filter(text, NAMES) == chosen


def test_a_loss_is_typed_in_the_unit_that_is_shown():
    assert parse_filter("loss>1", NAMES, math.log(2)) == Between("loss", math.log(2), low_open=True)
    assert parse_filter("margin>1", NAMES, math.log(2)) == Between("margin", 1.0, low_open=True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("wolf", "no class's name"),
        ("loss>", "is no number"),
        ("loss>x", "is no number"),
        ("loss>nan", "undefined"),
        ("height>2", "no condition"),
        ("label>cat", "no condition"),
        ("label=wolf", "none of the 4 classes"),
        ("label=4", "none of the 4 classes"),
        ("wrong loss>two", "is no number"),
    ],
)
def test_what_makes_no_sense_is_refused(text, says):
    with pytest.raises(Refusal, match=says):
        parse_filter(text, NAMES)


@given(st.text())
def test_any_text_is_a_filter_or_a_refusal(text):
    try:
        chosen = parse_filter(text, NAMES)
    except Refusal:
        return
    assert chosen.text(NAMES)


@given(st.integers(0, 3))
def test_a_class_is_named_by_its_name(column):
    assert class_named(NAMES[column], NAMES) == column


def test_an_ambiguous_case_wants_the_exact_name():
    assert class_named("A", ("a", "A")) == 1
    with pytest.raises(Refusal):
        class_named("B", ("b ", "bB"))
