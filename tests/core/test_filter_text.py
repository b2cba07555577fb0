"""Typed filters mean what they say, and what cannot be read is refused in a sentence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.between import Between, RowsBetween
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.detective import findings
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.filter_text import class_named, parse_filter
from lossacc_gui.core.filtering import (
    All,
    ConfusionCell,
    Filter,
    LabelHas,
    LabelIs,
    Not,
    Outside,
    PredictionIs,
    Right,
    SumOff,
    Tied,
    Unlabelled,
    Wrong,
)
from lossacc_gui.core.predictions import Predictions
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
        ("z(label) ≤ 0,5", Between("p_label", high=0.5)),
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
        ("class 2", LabelIs(2)),
        ("class = 2", LabelIs(2)),
        ("label 2", LabelIs(2)),
        ("label: 2", LabelIs(2)),
        ("label is 2", LabelIs(2)),
        ("label class 2", LabelIs(2)),
        ("label red fox", LabelIs(1)),
        ("red fox", LabelIs(1)),
        ("true cat", LabelIs(0)),
        ("predicted 2", PredictionIs(2)),
        ("predicted as dog", PredictionIs(2)),
        ("predicted class 2", PredictionIs(2)),
        ("label has o", LabelHas("o")),
        ("mistakes", Wrong()),
        ("incorrect", Wrong()),
        ("ties", Tied()),
        ("no label", Unlabelled()),
        ("unlabeled", Unlabelled()),
        ("sum off", SumOff()),
        ("outside 0–1", Outside()),
        ("not wrong", Not(Wrong())),
        ("label != 2", Not(LabelIs(2))),
        ("label is not cat", Not(LabelIs(0))),
        ("sum≠1", Not(Between("total", 1.0, 1.0))),
        ("loss > 1", Between("loss", 1.0, low_open=True)),
        ("loss above 1", Between("loss", 1.0, low_open=True)),
        ("loss>1 bits", Between("loss", math.log(2), low_open=True)),
        ("p < 0.5", Between("p_label", high=0.5, high_open=True)),
        ("0.2<p<=0.5", Between("p_label", 0.2, 0.5, low_open=True)),
        ("p 0.2-0.5", Between("p_label", 0.2, 0.5)),
        ("p between 0.2 and 0.5", Between("p_label", 0.2, 0.5)),
        ("confidence at least 90%", Between("confidence", 0.9)),
        ("row sum>1", Between("total", 1.0, low_open=True)),
        ("cat>0.5", Between(0, 0.5, low_open=True)),
        ("red fox ≤ 0.5", Between(1, high=0.5)),
        ("class 2 = 0", Between(2, 0.0, 0.0)),
        ("row 5", RowsBetween(5, 5)),
        ("Row #5", RowsBetween(5, 5)),
        ("5-10", RowsBetween(5, 10)),
        ("rows 5 to 10", RowsBetween(5, 10)),
        ("rows 10–5", RowsBetween(5, 10)),
        ("row 4,211", RowsBetween(4211, 4211)),
        ("only wrong rows", Wrong()),
        ("wrong, label 2", All((Wrong(), LabelIs(2)))),
        ("rows with loss over 2 and label cat", All((Between("loss", 2.0, low_open=True), LabelIs(0)))),
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
        ("label>cat", "none of the 4 classes"),
        ("label", "names no class"),
        ("loss", "compared with no number"),
        ("loss 2", "type loss>0.5"),
        ("not", "no condition"),
        ("cat or Dog", "“or” is not understood"),
        ("row 0", "type numbers from 1"),
        ("y=2", "use wrong, right"),
        ("label=wolf", "none of the 4 classes"),
        ("label=4", "none of the 4 classes"),
        ("wrong loss>two", "is no number"),
    ],
)
def test_what_makes_no_sense_is_refused(text, says):
    with pytest.raises(Refusal, match=says):
        parse_filter(text, NAMES)


WORDS = 'wrong label class predicted has is not or and row rows 5-10 p loss < > = ≠ 0.5 cat fox " “ ” ,'
TYPED = st.lists(st.sampled_from(WORDS.split()), max_size=7).map(" ".join)


@given(st.one_of(st.text(), TYPED))
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


@pytest.mark.parametrize("names", [NAMES, ("class 1", "class 2", "class 3", "x"), tuple("0123")])
@pytest.mark.parametrize(
    "chosen",
    [
        Wrong(),
        Right(),
        Tied(),
        Unlabelled(),
        SumOff(),
        Outside(),
        LabelIs(1),
        PredictionIs(0),
        LabelHas("s"),
        Not(LabelIs(2)),
        Between(1, 0.25, 0.5, low_open=True),
        Between("loss", 2.0, low_open=True),
        Between("p_label", 0.2, 0.5, high_open=True),
        Between("total", high=1.0),
        Between("confidence", 0.75, 0.75),
        RowsBetween(5, 5),
        RowsBetween(5, 4211),
        All((Wrong(), LabelIs(0), Between("margin", high=-0.5))),
    ],
)
def test_what_a_chip_says_can_be_typed(chosen, names):
    assert parse_filter(chosen.text(names), names) == chosen


def test_a_confusion_s_chip_can_be_typed():
    text = ConfusionCell(0, 2).text(NAMES)
    assert parse_filter(text, NAMES) == All((LabelIs(0), PredictionIs(2)))


def test_what_the_detective_says_of_sums_can_be_typed():
    (found,) = findings(evaluate(Predictions.of([[0.5, 0.6], [0.5, 0.5]], [0, 1]), Convention()))
    assert parse_filter(found.text.partition(":")[0], tuple("0123")) == SumOff()


def test_rows_that_are_not_there_are_refused():
    assert parse_filter("rows 5-10", NAMES, rows=10) == RowsBetween(5, 10)
    with pytest.raises(Refusal, match="“rows 5-11” is not among the rows: type numbers from 1 to 10"):
        parse_filter("rows 5-11", NAMES, rows=10)
