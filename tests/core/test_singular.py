"""One of a thing is told in the singular, wherever predictions of a single row are told about."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.detective import findings
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import EVERY
from lossacc_gui.core.predictions import Predictions

CELLS = (
    [0.2, 0.5, 0.3],
    [0.0, 0.5, 0.5],
    [0.2, 0.6, 0.1],
    [np.nan, 0.5, 0.5],
    [np.inf, 0.5, 0.5],
    [30, 50, 20],
)
WRONG = re.compile(r"(?<![\d.,/])1 (\w+ )?(rows|classes|labels|cells|losses|bins|columns|names)\b")


@pytest.mark.parametrize("cells", CELLS, ids=str)
@pytest.mark.parametrize("rows", Rows)
@pytest.mark.parametrize("bins", [1, 15])
def test_one_row_is_no_rows(cells, rows, bins):
    predictions = Predictions.of(np.array([cells]), np.array([0]))
    evaluation = evaluate(predictions, Convention(rows=rows, bins=bins))
    readings = [evaluation.read(metric) for metric in EVERY]
    told = [text for reading in readings for text in (reading.note, reading.reason)]
    told += [finding.text for finding in findings(evaluation)]
    assert any("1 row" in text for text in told)
    assert [text for text in told if WRONG.search(text)] == []
