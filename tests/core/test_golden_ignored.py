"""A class that a library is told to ignore is what "no label" is here: the same losses and shares."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lossacc_gui.core.convention import Convention, Reduction, Rows, preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import ACCURACY, CROSS_ENTROPY
from lossacc_gui.core.predictions import NO_LABEL, Predictions
from tests.core.test_golden import numbers

RENORMALISED, AS_TYPED = Convention(Rows.NORMALISED), Convention()
ROWS = {
    "torch.cross_entropy[logits=log P,ignore_index,none]": RENORMALISED,
    "torch.nll_loss[log P,ignore_index,none]": AS_TYPED,
    "keras(torch).sparse_categorical_crossentropy[ignore_class,rows]": preset("keras"),
}
"""Losses of the rows; one that is ignored is 0 there, and undefined here."""
SUMMED = {
    "torch.cross_entropy[logits=log P,ignore_index,mean]": (CROSS_ENTROPY, RENORMALISED),
    "torch.cross_entropy[logits=log P,ignore_index,sum]": (
        CROSS_ENTROPY,
        replace(RENORMALISED, reduction=Reduction.SUM),
    ),
    "torch.nll_loss[log P,ignore_index,mean]": (CROSS_ENTROPY, AS_TYPED),
    "torch.nll_loss[log P,ignore_index,sum]": (CROSS_ENTROPY, replace(AS_TYPED, reduction=Reduction.SUM)),
    "keras(torch).SparseCategoricalCrossentropy(ignore_class)": (CROSS_ENTROPY, preset("keras")),
    "torchmetrics.multiclass_accuracy[micro,ignore_index]": (ACCURACY, AS_TYPED),
}
"""Metrics of all rows; where every row is ignored they are 0 or NaN there, and undefined, with the reason, here."""


@pytest.fixture(scope="module")
def cases(shared_data):
    golden = json.loads((shared_data / "golden.json").read_text())["cases"]
    return [case for case in golden if "ignore_index" in case["inputs"]]


def held(case: dict[str, Any]) -> Predictions:
    labels = np.array(case["inputs"]["y"])
    labels[labels == case["inputs"]["ignore_index"]] = NO_LABEL
    return Predictions.of(np.array(numbers(case["inputs"]["P"])).astype(case["inputs"]["dtype"]), labels)


def test_there_are_such_cases_and_no_output_of_theirs_is_left_out(cases):
    outputs = {output for case in cases for output in case["outputs"] if "ignore_" in output}
    assert outputs == {*ROWS, *SUMMED}


def test_losses_of_rows_that_count_agree_and_the_others_have_none(cases):
    for case in cases:
        for output, convention in ROWS.items():
            loss = evaluate(held(case), convention).stats.loss
            ignored = held(case).labels == NO_LABEL
            assert np.isnan(loss[ignored]).all()
            want = np.array(numbers(case["outputs"][output]["value"]))
            np.testing.assert_allclose(loss[~ignored], want[~ignored], rtol=1e-14)
            assert not want[ignored].any()


def test_metrics_agree_unless_nothing_counts(cases):
    counted = 0
    for case in cases:
        for output, (metric, convention) in SUMMED.items():
            got = evaluate(held(case), convention).read(metric)
            if (held(case).labels == NO_LABEL).all():
                assert got.value is None
                assert got.reason
                continue
            record = case["outputs"][output]
            assert got.value == pytest.approx(
                float(record["value"]), rel=1e-6 if record["dtype"] == "float32" else 1e-14
            )
            counted += 1
    assert counted >= len(SUMMED)
