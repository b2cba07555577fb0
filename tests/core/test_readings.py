"""The sentences under all views, on odd and ordinary predictions: true, and plain English."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from lossacc_gui.core.class_table import class_table
from lossacc_gui.core.compare import compare
from lossacc_gui.core.confusion import confusion
from lossacc_gui.core.convention import Base, Convention, Reduction, Rows, preset
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.ledger_view import ledger_view
from lossacc_gui.core.metric_table import metric_table
from lossacc_gui.core.metrics import ACCURACY, CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.row_bars import row_bars
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Point, Scene

PANELS = (class_table, compare, confusion, ledger_view, metric_table, row_bars)

VIEWS = {
    **{curve.key: curve.draw for curve in CURVES},
    **{panel.__name__: panel for panel in PANELS},
}

draw = np.random.default_rng(0)
Z, Y = draw.normal(0.0, 2.0, (40, 4)), draw.integers(0, 4, 40)
P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)

CASES: dict[str, tuple[Any, Any, Convention | None]] = {
    "one row": ([[0.2, 0.8]], [1], None),
    "one row, wrong": ([[0.2, 0.8]], [0], None),
    "a row of nan": ([[0.2, 0.8], [np.nan, 0.5], [0.6, 0.4]], [1, 0, 1], None),
    "a wrong cell is nan": ([[np.nan, 0.6], [0.3, 0.7]], [1, 1], None),
    "nothing but nan": ([[np.nan, np.nan]] * 2, [1, 0], None),
    "no labels": ([[0.2, 0.8], [0.6, 0.4]], [-1, -1], None),
    "few labels": (P, np.where(np.arange(40) < 3, Y, -1), None),
    "logits": (Z, Y, preset("pytorch_logits")),
    "logits taken for probabilities": (Z, Y, None),
    "class weights": (P, Y, Convention(weights=(1.0, 2.0, 0.0, 4.0))),
    "smoothing": (P, Y, Convention(smoothing=0.1)),
    "bits, sum, T": (
        P,
        Y,
        Convention(Rows.NORMALISED, base=Base.BITS, reduction=Reduction.SUM, temperature=2.0),
    ),
    "zeros": ([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]], [0, 0, 1], None),
    "all right": ([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 0], None),
    "all wrong": ([[0.9, 0.1], [0.2, 0.8]], [1, 0], None),
    "ties": (np.full((3, 3), 1 / 3), [0, 1, 2], None),
    "a negative cell": ([[-0.1, 1.1], [0.5, 0.5]], [0, 1], None),
    "perfect": (np.eye(3), [0, 1, 2], None),
}


def seen(case, row=0):
    cells, labels, convention = CASES[case]
    evaluation = evaluate(
        Predictions.of(np.array(cells, float), np.array(labels)), convention or Convention()
    )
    numbers = [
        metric.of(evaluation.tally, evaluation.convention).value for metric in (CROSS_ENTROPY, ACCURACY)
    ]
    loss, accuracy = (np.nan if value is None else value for value in numbers)
    point = Point("start", loss, accuracy, evaluation.tally.rows, np.shape(cells)[1], evaluation.convention)
    return Scene(evaluation, row, max(int(labels[row]), 0), Rule.ONLY, [point], 0)


def said(case, key, row=0):
    return VIEWS[key](seen(case, row)).reading


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("key", VIEWS)
def test_every_sentence_is_plain_and_whole(case, key):
    picture = VIEWS[key](seen(case))
    for text in filter(None, (picture.reading, picture.empty)):
        assert text[0].isupper() or text[0].isdigit(), text
        assert text.endswith("."), text
        assert "  " not in text, text
        assert not re.search(r"\b(nan|inf|None|NaN)\b|–(?!\d)(?!NLL)", text), text
        assert not re.search(r"\b1 (rows|classes|edits)\b(?! \w+ed)|(?<!of )\b1 row (are|have)\b", text), text
        assert not re.search(r"\b1 of \d+ rows? (\(\S+\) )?(are|have|carry)\b", text), text


def test_only_what_is_right_counts_as_recalled():
    """A prediction whose cell is no number is never right, though it stands on the diagonal."""
    scene = seen("a row of nan")
    table = class_table(scene)
    hits = scene.evaluation.stats.has(Flag.HIT)
    assert table.right.tolist() == np.bincount(scene.predictions.labels[hits], minlength=2).tolist() == [0, 1]
    assert "2 are on the diagonal. 1 of those is not right" in confusion(scene).reading
    assert "not right" not in said("zeros", "confusion")


@pytest.mark.parametrize(
    ("case", "key", "part"),
    [
        ("one row", "losses", "The only row has a loss of 0.2231."),
        ("ties", "losses", "All 3 rows have a loss of 1.0986."),
        ("one row", "surprise", "The only row is right"),
        ("perfect", "temperature", "T = 1.00 is best already"),
        ("ties", "row_bars", "It is a tie"),
        ("zeros", "threshold", "at 1.00 it would be 2"),
        ("all right", "class_table", "Both classes have recall 100.0%"),
        ("a row of nan", "margin", "1 row without a defined loss is left out."),
        ("a wrong cell is nan", "margin", "1 row without a defined loss or margin is left out."),
        ("a wrong cell is nan", "surprise", "1 of 2 rows is wrong"),
        (
            "a wrong cell is nan",
            "reliability",
            "ECE undefined: 1 row has a confidence outside 0..1; without it it is 0.3000",
        ),
        ("a row of nan", "history", "cross-entropy undefined"),
        ("a row of nan", "compare", "Now undefined;"),
        ("nothing but nan", "row_bars", "predicted class 0, which is no number"),
        ("no labels", "metric_table", "No row has a label"),
        ("class weights", "plane", "Bounds go by each row's own weight."),
        ("zeros", "compare", "1 of 7 rules gives the same"),
    ],
)
def test_what_is_said_of_odd_predictions(case, key, part):
    assert part in said(case, key)
