"""The baseline in grey against numbers taken before the edit, with and without a filter; and what is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from lossacc_gui.core.convention import Base, Convention, Rows, preset
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.curves.curve import Dots, Line, Role
from lossacc_gui.core.curves.plane import PLANE
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.ledger import Side, ledger
from lossacc_gui.core.metric_table import metric_table
from lossacc_gui.core.metrics import METRICS
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.state import Baseline
from lossacc_gui.core.wording import signed

BY_KEY = {curve.key: curve for curve in CURVES}
GREY = ("losses", "surprise", "margin", "temperature", "reliability", "threshold", "roc", "precision")
ROWS = 200


def pair(classes=2, rows=ROWS, seed=0):
    """Predictions before and now, and their labels."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, classes, rows)
    cells = draw.dirichlet(np.ones(classes), (2, rows))
    return cells[0], cells[1], labels


def scene_of(classes=2, rows=ROWS, now=None, then=None, **more) -> Scene:
    old, new, labels = pair(classes, rows)
    baseline = Baseline.of("b", evaluate(Predictions.of(old, labels), then or Convention()))
    evaluation = evaluate(Predictions.of(new, labels), now or Convention())
    return Scene(evaluation, 0, 0, Rule.ONLY, [], 0, baseline, **more)


def grey(drawn, kind=Line):
    return [mark for mark in drawn.marks if isinstance(mark, kind) and mark.role is Role.BASELINE]


@pytest.mark.parametrize("key", GREY)
@pytest.mark.parametrize("rows", [20, ROWS])
def test_a_baseline_is_drawn_in_grey_and_said(key, rows):
    drawn = BY_KEY[key].draw(scene_of(rows=rows))
    assert grey(drawn) or grey(drawn, Dots)
    assert all(line.dashed for line in grey(drawn))
    assert "At the baseline" in drawn.reading
    without = BY_KEY[key].draw(replace(scene_of(rows=rows), baseline=None))
    assert not grey(without)
    assert not grey(without, Dots)
    assert "aseline" not in without.reading


@pytest.mark.parametrize("filtered", [False, True])
def test_the_grey_lines_are_what_the_numbers_were(filtered):
    old, _, labels = pair()
    shown = np.arange(0, ROWS, 3)
    scene = scene_of(shown=shown if filtered else None)
    if filtered:
        old, labels = old[shown], labels[shown]
    score, positive = old[:, 1], labels == 1
    assert f"{roc_auc_score(positive, score):.4f}" in BY_KEY["roc"].draw(scene).reading.split("baseline")[1]
    precision = BY_KEY["precision"].draw(scene).reading.split("baseline")[1]
    assert f"{average_precision_score(positive, score):.4f}" in precision
    (line,) = grey(BY_KEY["threshold"].draw(scene))
    for at in (0.1, 0.35, 0.5, 0.8):
        assert np.interp(at, line.x, line.y) == pytest.approx(np.mean((score > at) == positive), abs=1e-9)
    loss = -np.log(old[np.arange(len(old)), labels])
    assert f"was {loss.mean():.4f}, now" in BY_KEY["losses"].draw(scene).reading
    (line,) = grey(BY_KEY["temperature"].draw(scene))
    z = np.log(old)
    for x, y in zip(line.x, line.y, strict=True):
        heated = z / 10.0**x
        expected = np.log(np.exp(heated).sum(axis=1)) - heated[np.arange(len(old)), labels]
        assert y == pytest.approx(expected.mean(), rel=1e-9)
    (line,) = grey(BY_KEY["reliability"].draw(scene))
    confidence, right = old.max(axis=1), old.argmax(axis=1) == labels
    its = np.minimum((confidence * 15).astype(int), 14)
    filled = np.unique(its)
    assert line.x == pytest.approx([confidence[its == i].mean() for i in filled], abs=1e-6)
    assert line.y == pytest.approx([right[its == i].mean() for i in filled])


def test_each_bar_has_a_dash_where_it_ended_at_the_baseline():
    scene = scene_of(rows=12, classes=3)
    old, _, labels = pair(3, 12)
    drawn = BY_KEY["losses"].draw(scene)
    (line,) = grey(drawn)
    rows = [int(pick.row) for pick in drawn.picks]
    ends = {round(float(x) + 0.42): y for x, y in zip(line.x[::3], line.y[::3], strict=True)}
    for place, row in enumerate(rows):
        assert ends[place] == pytest.approx(-np.log(old[row, labels[row]]))


def test_a_baseline_of_another_convention_is_read_anew_or_not_drawn():
    now = Convention(Rows.NORMALISED, temperature=2.0)
    scene = scene_of(now=now)
    old, _, labels = pair()
    heated = np.log(old) / 2
    loss = np.log(np.exp(heated).sum(axis=1)) - heated[np.arange(ROWS), labels]
    assert f"was {loss.mean():.4f}, now" in BY_KEY["losses"].draw(scene).reading
    assert scene.baseline is not None
    assert scene.baseline.rows is not None
    lost = replace(scene.baseline, rows=replace(scene.baseline.rows, cells=None))
    drawn = BY_KEY["losses"].draw(replace(scene, baseline=lost))
    assert not grey(drawn)
    assert "The baseline is not drawn: it was pinned under another convention" in drawn.reading


NOWS = (
    Convention(Rows.NORMALISED, temperature=2.0),
    Convention(Rows.LOGITS),
    Convention(clip=0.2, bins=5),
    preset("keras"),
    replace(preset("sklearn"), base=Base.BITS),
)


@pytest.mark.parametrize("now", NOWS)
@pytest.mark.parametrize("weighted", [False, True])
def test_a_baseline_is_read_by_the_present_rule_everywhere(now, weighted):
    """The tiles, the table of metrics, the plane and the ledger say the same of it as if it had been opened now."""
    old, new, labels = pair()
    weights = np.linspace(0.5, 2.0, ROWS) if weighted else None
    then, here = (Predictions.of(cells, labels, weights=weights) for cells in (old, new))
    baseline = Baseline.of("b", evaluate(then, Convention()))
    wanted, evaluation = evaluate(then, now), evaluate(here, now)
    scene = Scene(evaluation, 0, 0, Rule.ONLY, [], 0, baseline)
    assert baseline.aside(now) == ""
    for metric in METRICS:
        assert baseline.read(metric, now) == wanted.read(metric), metric.key
    lines = {line.metric.key: line.before for line in metric_table(scene).lines}
    assert lines["cross_entropy"] == wanted.read(CROSS_ENTROPY)
    was, is_now = wanted.read(CROSS_ENTROPY).value, evaluation.read(CROSS_ENTROPY).value
    assert was is not None
    assert is_now is not None
    change = signed(is_now - was)
    assert f"Since the baseline: cross-entropy {change}" in PLANE.draw(scene).reading
    found = ledger(baseline, evaluation)
    assert not found.across
    assert found.before == Side.of(wanted.stats.loss, wanted.stats.flags)


def test_a_baseline_that_cannot_be_read_anew_says_by_whose_rule_it_is():
    old, new, labels = pair()
    baseline = Baseline.of("b", evaluate(Predictions.of(old, labels), preset("keras")))
    assert baseline.rows is not None
    baseline = replace(baseline, rows=replace(baseline.rows, cells=None))
    scene = Scene(evaluate(Predictions.of(new, labels), Convention()), 0, 0, Rule.ONLY, [], 0, baseline)
    assert baseline.aside(preset("keras")) == ""
    assert baseline.aside(Convention()) == ", by Keras"
    assert metric_table(scene).since == "baseline b, by Keras"
    assert "Since the baseline, by Keras: cross-entropy" in PLANE.draw(scene).reading


def test_a_baseline_saved_without_confidences_is_no_error():
    scene = scene_of()
    assert scene.baseline is not None
    assert scene.baseline.rows is not None
    bare = replace(scene.baseline.rows, confidence=None, margin=None, score=None)
    for key in GREY:
        BY_KEY[key].draw(replace(scene, baseline=replace(scene.baseline, rows=bare)))


def test_the_histogram_draws_the_baseline_only_where_it_was_otherwise():
    old, _, labels = pair()
    baseline = Baseline.of("b", evaluate(Predictions.of(old, labels), Convention()))
    same = Scene(evaluate(Predictions.of(old.copy(), labels), Convention()), 0, 0, Rule.ONLY, [], 0, baseline)
    assert not grey(BY_KEY["losses"].draw(same))
    new = old.copy()
    new[0] = [0.001, 0.999] if labels[0] == 0 else [0.999, 0.001]  # one row moves to another bin
    moved = replace(same, evaluation=evaluate(Predictions.of(new, labels), Convention()))
    (line,) = grey(BY_KEY["losses"].draw(moved))
    bins = np.isfinite(line.y).reshape(-1, 2).any(axis=1)
    assert 1 <= bins.sum() <= 2
