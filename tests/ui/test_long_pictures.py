"""Every picture that a job may make tells how far it is, and is not finished where nobody wants it any more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.state import Baseline
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.ui.panels import PANELS

EVERY: tuple[Any, ...] = (*CURVES, *PANELS)
LONG = [what for what in EVERY if what.key not in ("sweep", "plane", "history", "bars")]
"""All but those whose cost does not grow with the rows."""


def scene_of(rows=400):
    draw = np.random.default_rng(4)
    evaluation = evaluate(
        Predictions.of(draw.dirichlet([1, 1], rows), draw.integers(0, 2, rows)), Convention()
    )
    return Scene(evaluation, 0, 0, Rule.ONLY, [], 0, Baseline.of("b", evaluation))


@pytest.mark.parametrize("what", LONG, ids=lambda what: what.key)
def test_it_stops_when_asked_and_tells_its_progress(what):
    heard: list[float] = []
    what.draw(replace(scene_of(), report=heard.append))
    assert heard
    assert heard == sorted(heard)
    assert heard[-1] <= 1
    with pytest.raises(Stopped):
        what.draw(replace(scene_of(), stop=lambda: True))


def test_what_looks_at_every_row_is_left_to_a_job_when_rows_are_many():
    few, many = scene_of(100), scene_of(120_000)
    for what in LONG:
        assert what.heavy(many), what.key
        assert what.key in ("conventions", "temperature") or not what.heavy(few), what.key
