"""The current row and the current class are marked in every curve; where not, the table says why."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.curves.curve import Drawn, Mark, Role, Text
from lossacc_gui.core.curves.threshold import THRESHOLD
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Point, Scene

WHOLE = "its points are whole matrices, and a row or a class of one is no such point"

NO_ROW = {
    "plane": WHOLE,
    "history": WHOLE,
    "temperature": "one T moves all rows at once, and its line is their mean",
}

NO_CLASS = {
    "plane": WHOLE,
    "history": WHOLE,
    "temperature": "one T moves all classes at once, and its line is the mean of all rows",
    "roc": "of two classes it is always the second against the first; of more, the current one is the picture",
    "precision": "as for ROC",
}


def scene(classes: int = 2, row: int = 3, column: int = 0) -> Scene:
    draw = np.random.default_rng(2)
    predictions = Predictions.of(draw.dirichlet(np.ones(classes), 40), draw.integers(0, classes, 40))
    evaluation = evaluate(predictions, Convention())
    point = Point("edit", 1.0, 0.5, 40, classes, evaluation.convention)
    return Scene(evaluation, row, column, Rule.ONLY, [point], 0)


def alike(one: Mark, other: Mark) -> bool:
    return type(one) is type(other) and all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)
    )


def same(one: Drawn, other: Drawn) -> bool:
    return len(one.marks) == len(other.marks) and all(map(alike, one.marks, other.marks))


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.key)
def test_the_current_row_is_marked(curve):
    moved = not same(curve.draw(scene()), curve.draw(scene(row=17)))
    assert moved is (curve.key not in NO_ROW)
    assert curve.follows_focus or not moved


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.key)
def test_the_current_class_is_marked(curve):
    moved = not same(curve.draw(scene()), curve.draw(scene(column=1)))
    assert moved is (curve.key not in NO_CLASS)
    assert curve.follows_focus or not moved


@pytest.mark.parametrize("curve", [c for c in CURVES if c is not THRESHOLD], ids=lambda curve: curve.key)
def test_of_three_classes_the_current_one_is_marked_too(curve):
    there = replace(scene(3), column=2)
    moved = not same(curve.draw(scene(3)), curve.draw(there))
    assert moved is (curve.key not in NO_CLASS or curve.key in ("roc", "precision"))


def test_whatever_is_drawn_for_the_current_class_is_explained():
    """Points, bars and lines in its colour have a text in it that begins with their sign, or a lane with its name."""
    draw = np.random.default_rng(4)
    cells, labels = draw.dirichlet(np.ones(3), 200), draw.integers(0, 3, 200)
    evaluation = evaluate(Predictions.of(cells, labels), Convention())
    for curve in CURVES:
        drawn = curve.draw(Scene(evaluation, -1, 1, Rule.ONLY, [], 0))
        chosen = [mark for mark in drawn.marks if mark.role is Role.NOW]
        if any(not isinstance(mark, Text) for mark in chosen):
            said = [mark.text for mark in chosen if isinstance(mark, Text)]
            assert drawn.lane == "class 1" or any("labelled 1" in text for text in said), curve.key
