"""Every filter against the same question asked row by row."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.between import Between, RowsBetween
from lossacc_gui.core.convention import preset
from lossacc_gui.core.evaluation import evaluate
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
    TheseRows,
    Tied,
    Unlabelled,
    Wrong,
)
from lossacc_gui.core.predictions import Predictions
from tests.core.strategies import conventions, predictions

CELLS = [
    [0.7, 0.2, 0.1],
    [0.4, 0.4, 0.2],
    [0.1, 0.2, 0.7],
    [0.5, 0.6, 0.2],
    [0.3, math.nan, 0.2],
    [0.2, 0.5, 0.3],
]
LABELS = [0, 1, 0, 1, 1, -1]
NAMES = ("cat", "Dog", "fox")


@pytest.mark.parametrize(
    ("chosen", "rows", "text"),
    [
        (Wrong(), [1, 2, 4], "wrong"),
        (Right(), [0, 3], "right"),
        (Tied(), [1], "label tied"),
        (Unlabelled(), [5], "no label"),
        (SumOff(), [3], "row sum not 1"),
        (Outside(), [4], "cells that are no probabilities"),
        (LabelIs(1), [1, 3, 4], "label Dog"),
        (PredictionIs(0), [0, 1], "predicted cat"),
        (ConfusionCell(0, 2), [2], "label cat, predicted fox"),
        (LabelHas("DO"), [1, 3, 4], "label has “DO”"),
        (LabelHas("o"), [1, 3, 4], "label has “o”"),
        (LabelHas("c"), [0, 2], "label has “c”"),  # not row 5, which has no label
        (Between("p_label", 0.4), [0, 1, 3], "p(label) ≥ 0.40"),
        (Between("p_label", 0.4, low_open=True), [0, 3], "p(label) > 0.40"),
        (Between("margin", high=0.0), [1, 2], "margin ≤ 0.00"),
        (Between("margin", high=0.0, high_open=True), [2], "margin < 0.00"),
        (Between("total", 0.95, 1.05), [0, 1, 2, 5], "0.95 ≤ row sum ≤ 1.05"),
        (Between("p_label", 0.7, 0.7), [0], "p(label) = 0.70"),
        (Between(1, 0.4), [1, 3, 5], "Dog ≥ 0.40"),
        (Between(1, high=0.4, high_open=True), [0, 2], "Dog < 0.40"),  # undefined is nowhere
        (RowsBetween(2, 4), [1, 2, 3], "rows 2–4"),
        (RowsBetween(6, 6), [5], "row 6"),
        (Not(Wrong()), [0, 3, 5], "not wrong"),
        (TheseRows("worst two", np.array([2, 4])), [2, 4], "worst two"),
        (All((Wrong(), LabelIs(0))), [2], "wrong · label cat"),
        (All(()), [0, 1, 2, 3, 4, 5], ""),
    ],
)
def test_a_filter_lets_these_rows_through_and_says_so(chosen: Filter, rows, text):
    evaluation = evaluate(Predictions.of(np.array(CELLS), LABELS, NAMES), preset("by_hand"))
    assert np.flatnonzero(chosen.rows(evaluation)).tolist() == rows
    assert chosen.text(NAMES) == text


def test_a_loss_is_compared_in_nats():
    assert Between("loss", 2.0, low_open=True).text(NAMES) == "loss > 2.00 nats"


@given(predictions(), conventions, st.data())
def test_right_wrong_and_unlabelled_share_the_rows_out(held, convention, data):
    evaluation = evaluate(held, convention)
    masks = [chosen.rows(evaluation) for chosen in (Right(), Wrong(), Unlabelled())]
    assert (np.sum(masks, axis=0) == 1).all()
    cells = [
        ConfusionCell(label, prediction).rows(evaluation)
        for label in range(held.classes)
        for prediction in range(held.classes)
    ]
    assert (np.sum(cells, axis=0) == ~masks[2]).all()


@pytest.mark.parametrize(
    ("chosen", "by_class", "by_row"),
    [
        (Wrong(), False, False),
        (LabelIs(0), True, False),
        (ConfusionCell(0, 1), True, False),
        (LabelHas("x"), False, False),
        (TheseRows("x", np.array([0])), False, True),
        (All((Wrong(), PredictionIs(1))), True, False),
        (All((Wrong(), All((TheseRows("x", np.array([0])),)))), False, True),
    ],
)
def test_a_filter_knows_what_it_depends_on(chosen: Filter, by_class, by_row):
    assert (chosen.by_class, chosen.by_row) == (by_class, by_row)
