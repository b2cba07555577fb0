"""With a filter every view draws the listed rows and says so, or says why it draws all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.core.class_table import class_table
from lossacc_gui.core.compare import compare
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.curves.curve import Dots, Line, Role
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metric_table import metric_table
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Point, Scene
from lossacc_gui.core.state import Baseline
from lossacc_gui.ui.panels import PANELS

BY_KEY = {curve.key: curve for curve in CURVES}
SHOWN = np.arange(0, 90, 4)


def filtered(row=4, classes=2, weights=None, convention=Convention()) -> Scene:
    draw = np.random.default_rng(2)
    cells, labels = draw.dirichlet(np.ones(classes), 90), draw.integers(0, classes, 90)
    evaluation = evaluate(Predictions.of(cells, labels, weights=weights), convention)
    evaluation.part = evaluation.part_of(SHOWN)
    point = Point("opened", 0.5, 0.5, 90, classes, Convention())
    baseline = Baseline.of("b", evaluation)
    return Scene(evaluation, row, 1, Rule.RESCALE, [point], 0, baseline, shown=SHOWN, among="every fourth")


@pytest.mark.parametrize("what", [*CURVES, *PANELS], ids=lambda what: what.key)
def test_it_says_which_rows_it_speaks_of(what):
    reading = what.draw(filtered()).reading
    if what.key == "bars":  # of one row
        return
    said = (
        "23 of 90 rows are listed (every fourth): ",
        "All rows count here",
        "of all rows",
        "that are shown",
    )
    assert any(words in reading for words in said), reading


def test_the_sweep_moves_the_numbers_of_the_listed_rows():
    scene = filtered()
    drawn = BY_KEY["sweep"].draw(scene)
    (line,) = [mark for mark in drawn.marks if isinstance(mark, Line) and mark.role is Role.ACCURACY]
    cells = scene.predictions.probs[0][SHOWN].copy()
    labels, mine = scene.predictions.labels[SHOWN], int(np.flatnonzero(SHOWN == 4)[0])
    for value in (0.05, 0.93):
        cells[mine] = 1 - value, value
        expected = (cells.argmax(axis=1) == labels).mean()
        assert np.interp(value, line.x, line.y) == pytest.approx(expected)


def test_the_sweep_of_a_row_that_is_not_listed_is_of_all_rows():
    assert "because row 6 is not one of those listed" in BY_KEY["sweep"].draw(filtered(row=5)).reading


def test_the_plane_shows_where_the_listed_rows_stand():
    scene = filtered()
    drawn = BY_KEY["plane"].draw(scene)
    (dot,) = [mark for mark in drawn.marks if isinstance(mark, Dots) and mark.role is Role.PLAIN]
    stats = scene.evaluation.stats
    assert dot.x[0] == pytest.approx(stats.loss[SHOWN].mean())
    assert dot.y[0] == pytest.approx(stats.has(Flag.HIT)[SHOWN].mean())


@pytest.mark.parametrize("weights", [None, np.arange(90.0)], ids=["rows alike", "rows weighted"])
@pytest.mark.parametrize("of_classes", [None, (1.0, 3.0)], ids=["classes alike", "classes weighted"])
def test_tables_are_of_the_listed_rows(weights, of_classes):
    convention = Convention(weights=of_classes)
    scene = filtered(weights=weights, convention=convention)
    held = scene.predictions
    own = None if weights is None else weights[SHOWN]
    alone = evaluate(Predictions.of(held.probs[0][SHOWN], held.labels[SHOWN], weights=own), convention)
    metrics = {line.metric.key: line.now.value for line in metric_table(scene).lines}
    plain = replace(scene, evaluation=alone, shown=None)
    assert metrics == {line.metric.key: line.now.value for line in metric_table(plain).lines}
    assert (class_table(scene).rows == class_table(plain).rows).all()
    assert [e.value for e in compare(scene).entries] == [e.value for e in compare(plain).entries]
