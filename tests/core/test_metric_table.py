"""The table of all metrics as data."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metric_table import heavy, metric_table
from lossacc_gui.core.metrics import EVERY, LIVE_ROWS, RowMetric
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.state import Baseline


def scene(rows, labels) -> Scene:
    found = evaluate(Predictions.of(rows, labels), Convention())
    return Scene(found, 0, 0, Rule.ONLY, deque(), 0)


ROWS = [[0.3, 0.7], [0.6, 0.4]]


def test_without_a_past_nothing_is_compared():
    table = metric_table(scene(ROWS, [0, 0]))
    assert [line.metric for line in table.lines] == list(EVERY)
    assert all(line.before is None for line in table.lines)
    assert table.since == ""


def test_a_baseline_goes_before_the_last_edit():
    now = scene(ROWS, [0, 0])
    earlier, first = scene(ROWS, [0, 1]).evaluation, scene(ROWS, [1, 0]).evaluation
    edited = replace(now, before=earlier.tally)
    pinned = replace(edited, baseline=Baseline("b", first.tally, Convention()))
    for table, was, since in (
        (metric_table(edited), earlier, "last edit"),
        (metric_table(pinned), first, "baseline b"),
    ):
        assert table.since == since
        for line in table.lines:
            want = None if isinstance(line.metric, RowMetric) else was.read(line.metric)
            assert (line.now, line.before) == (now.evaluation.read(line.metric), want)


def test_what_is_undefined_is_counted_aloud():
    assert "undefined" in metric_table(scene(ROWS, [-1, -1])).reading


@pytest.mark.parametrize(("rows", "slow"), [(LIVE_ROWS, False), (LIVE_ROWS + 1, True)])
def test_many_rows_are_read_in_a_job(rows, slow):
    assert heavy(scene(np.full((rows, 2), 0.5), np.zeros(rows, int))) is slow


@pytest.mark.parametrize(
    ("classes", "name"), [(2, "Top-2 accuracy"), (5, "Top-2 accuracy"), (6, "Top-5 accuracy")]
)
def test_top_k_says_its_k(classes, name):
    table = metric_table(scene(np.full((1, classes), 1 / classes), [0]))
    (line,) = [line for line in table.lines if line.metric.key == "top_k"]
    assert line.now.called == name
