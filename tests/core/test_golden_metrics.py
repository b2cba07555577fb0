"""Every output of the libraries' other metrics, and of weights, that this program claims to agree with.

Beside test_golden.py, which compares losses, predictions and accuracy: CLAIMS says what is compared with what,
and BY_CHOICE which outputs differ, and why.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pytest

from lossacc_gui.core.convention import Convention, Divisor, Reduction, Rows, preset
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.metrics import EVERY
from lossacc_gui.core.metrics.recall import recalls
from lossacc_gui.core.metrics.top_k import top_k
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from tests.core.test_golden import numbers

METRIC = {metric.key: metric for metric in EVERY}
BY_HAND = Convention()
RENORMALISED = Convention(Rows.NORMALISED)
SUM = Reduction.SUM
Read = Callable[[Evaluation], Any]


def value(key: str) -> Read:
    """A metric; undefined is NaN."""

    def read(found: Evaluation) -> float:
        got = found.read(METRIC[key]).value
        return float("nan") if got is None else got

    return read


def halved(found: Evaluation) -> Any:
    """Brier as scikit-learn scales it: halved for two classes."""
    return value("brier")(found) / (2 if found.predictions.classes == 2 else 1)


def among_two(found: Evaluation) -> Any:
    return (found.stats.rank_low >= 0) & (found.stats.rank_low < min(2, found.predictions.classes))


def share_among_two(found: Evaluation) -> float | None:
    return top_k(found.tally, 2).value


def each_recall(found: Evaluation) -> Any:
    """Of each class, 0 where torchmetrics has 0 and it is undefined here: no row has the label."""
    return np.nan_to_num(recalls(found.tally))


CLAIMS: dict[str, tuple[Convention, Read]] = {
    "sklearn.balanced_accuracy_score[argmax]": (BY_HAND, value("balanced_accuracy")),
    "sklearn.brier_score_loss": (BY_HAND, halved),
    "sklearn.brier_score_loss[labels=0..C-1]": (BY_HAND, halved),
    "sklearn.cohen_kappa_score[argmax]": (BY_HAND, value("kappa")),
    "sklearn.matthews_corrcoef[argmax]": (BY_HAND, value("matthews")),
    "sklearn.top_k_accuracy_score[k=2]": (BY_HAND, share_among_two),
    "keras(torch).sparse_top_k_categorical_accuracy[k=2,rows]": (BY_HAND, among_two),
    "torchmetrics.multiclass_accuracy[micro,top_k=2]": (BY_HAND, share_among_two),
    "torchmetrics.multiclass_accuracy[macro]": (BY_HAND, value("balanced_accuracy")),
    "torchmetrics.multiclass_accuracy[weighted]": (BY_HAND, value("accuracy")),
    "torchmetrics.multiclass_accuracy[none]": (BY_HAND, each_recall),
    "torchmetrics.multiclass_cohen_kappa": (BY_HAND, value("kappa")),
    "torchmetrics.binary_cohen_kappa": (BY_HAND, value("kappa")),
    "torchmetrics.multiclass_matthews_corrcoef": (BY_HAND, value("matthews")),
    "torchmetrics.binary_matthews_corrcoef": (BY_HAND, value("matthews")),
    "torchmetrics.multiclass_calibration_error[n_bins=10,l1]": (Convention(bins=10), value("ece")),
    "torchmetrics.multiclass_calibration_error[n_bins=10,max]": (Convention(bins=10), value("mce")),
    "torchmetrics.multiclass_calibration_error[n_bins=15,l1]": (BY_HAND, value("ece")),
}
WEIGHED: dict[str, Convention] = {
    "sklearn.log_loss[labels=0..C-1,sample_weight]": preset("sklearn"),
    "sklearn.log_loss[labels=0..C-1,sample_weight,normalize=False]": replace(
        preset("sklearn"), reduction=SUM
    ),
    "keras(torch).SparseCategoricalCrossentropy(reduction=sum_over_batch_size)[sample_weight]": preset(
        "keras"
    ),
    "keras(torch).SparseCategoricalCrossentropy(reduction=sum)[sample_weight]": replace(
        preset("keras"), reduction=SUM
    ),
    "keras(torch).SparseCategoricalCrossentropy(reduction=mean_with_sample_weight)[sample_weight]": replace(
        preset("keras"), divisor=Divisor.WEIGHTS
    ),
    "keras(torch).metrics.SparseCategoricalCrossentropy[sample_weight]": replace(
        preset("keras"), divisor=Divisor.WEIGHTS
    ),
    "torch.cross_entropy[logits=log P,weight,mean]": RENORMALISED,
    "torch.cross_entropy[logits=log P,weight,sum]": replace(RENORMALISED, reduction=SUM),
    "torch.nll_loss[log P,weight,mean]": BY_HAND,
    "torch.nll_loss[log P,weight,sum]": replace(BY_HAND, reduction=SUM),
    'keras(torch).Model.train_on_batch(class_weight=)["loss"]': preset("keras"),
}
"""Cross-entropies with class or sample weights."""

NO_CLASS = "the label is no class: refused, or counted as no label, where libraries raise or miss"
NAN = "a NaN at the argmax is never correct, and has no confidence"
RAISES = "scikit-learn raises: cells are not finite or outside 0..1"
AS_LOGITS = "one cell outside 0..1, or NaN, makes torchmetrics read all of them as logits"
ONE_CLASS = "one column is read as two classes"
CONSTANT = "undefined when all labels or all predictions are the same; 0 there, or -1, or nearly 1"
NEVER_TRUE = "a class that is predicted and never true counts as 0 there, and not at all here"
TIES = "which of tied cells are among the first k is arbitrary there; here and in Keras all are"
BY_CHOICE: dict[tuple[str, str], str] = {
    ("label-*", "*"): NO_CLASS,
    ("c1*", "*"): ONE_CLASS,
    ("nan-*", "*"): NAN,
    ("bin-nan", "*"): NAN,
    ("bin-inf", "sklearn.brier*"): RAISES,
    ("bin-gt1", "sklearn.brier*"): RAISES,
    ("neg-*", "sklearn.brier*"): RAISES,
    ("neg-*", "torchmetrics.*calibration*"): AS_LOGITS,
    ("bin-inf", "torchmetrics.*"): AS_LOGITS,
    ("bin-gt1", "torchmetrics.*"): AS_LOGITS,
    ("logit-inf", "torchmetrics.*calibration*"): AS_LOGITS,
    ("logit-nan", "torchmetrics.*calibration*"): AS_LOGITS,
    ("logit-zero", "torchmetrics.*calibration*"): "logits within 0..1 are read as probabilities there",
    (
        "rand-8",
        "torchmetrics.*max]",
    ): "computed as float32 there, which moves a row across an edge of its bin",
    **{
        (case, "*matthews*"): CONSTANT
        for case in (
            "seed-b*",
            "seed-fix-before*",
            "dyadic-before*",
            "seed-ps-rows",
            "seed3-*",
            "seed-ce-above-1",
            "tie-half-half-*",
            "uniform-3-*",
            "one-label-present",
            "n1",
            "ii-all",
            "cm-imbalanced",
            "ece-*",
            "bin-half*",
            "bin-tiny",
            "bin-one-label",
        )
    },
    **{
        (case, "*[macro]"): NEVER_TRUE
        for case in (
            "seed-ce-above-1",
            "row-zero-y1",
            "tie-2way-true-second",
            "near-tie-1ulp-f32",
            "one-label-present",
            "c12",
            "ii-all",
            "cm-pred-not-in-y",
            "rand-2",
            "rand-6*",
        )
    },
    **{
        (case, "*top_k*=2]"): TIES
        for case in (
            "all-wrong-certain",
            "row-zero",
            "uniform-3-y?",
            "negzero-tie",
            "one-label-present",
            "cm-pred-not-in-y",
            "sw-zero-one",
            "cw-basic",
            "ls-*",
            "ii-*",
            "soft-*",
        )
    },
}


@pytest.fixture(scope="module")
def golden(shared_data):
    return json.loads((shared_data / "golden.json").read_text())["cases"]


def evaluated(case: dict[str, Any], convention: Convention) -> Evaluation:
    inputs = case["inputs"]
    cells = next(inputs[name] for name in ("P", "p", "Z") if name in inputs)
    cells = np.array(numbers(cells)).astype(inputs["dtype"])
    held = Predictions.of(cells, inputs["y"], weights=inputs.get("sample_weight"))
    weights = inputs.get("class_weight")
    if "Z" in inputs:
        convention = replace(convention, rows=Rows.LOGITS)
    return evaluate(held, replace(convention, weights=None if weights is None else tuple(weights)))


def agrees(got: Any, record: dict[str, Any], dtype: str, output: str) -> bool:
    if "error" in record:
        return False
    want, got = np.array(numbers(record["value"])), np.asarray(got, np.float64)
    single = "float32" in (dtype, record.get("dtype")) or output.startswith(("keras", "torchmetrics"))
    rtol, atol = (2e-6, 1e-6 if "calibration" in output else 1e-7) if single else (1e-14, 1e-15)
    return got.shape == want.shape and np.allclose(got, want, rtol=rtol, atol=atol, equal_nan=True)


def chosen(case: str, output: str) -> str:
    return next((why for (c, o), why in BY_CHOICE.items() if fits(case, c) and fits(output, o)), "")


def fits(text: str, pattern: str) -> bool:
    """Match * only: brackets are part of many names."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def compared(golden: list[dict[str, Any]]) -> dict[tuple[str, str], bool]:
    """Whether each claimed output of each case agrees."""
    found: dict[tuple[str, str], bool] = {}
    for case in golden:
        for output, (convention, read) in CLAIMS.items():
            if output in case["outputs"]:
                record, dtype = case["outputs"][output], case["inputs"]["dtype"]
                try:
                    got = read(evaluated(case, convention))
                    found[case["id"], output] = agrees(got, record, dtype, output)
                except Refusal:
                    found[case["id"], output] = False
    return found


def test_agrees_unless_it_is_a_choice(golden):
    found = compared(golden)
    assert [key for key, agreed in found.items() if not agreed and not chosen(*key)] == []
    assert len([key for key in found if not chosen(*key)]) > 1200


def test_every_choice_to_differ_is_still_one(golden):
    differing = [key for key, agreed in compared(golden).items() if not agreed]
    for case, output in BY_CHOICE:
        assert any(fits(c, case) and fits(o, output) for c, o in differing), (case, output)


def test_agrees_with_weighted_cross_entropies(golden):
    done = set()
    for case in golden:
        # With smoothing, PyTorch weighs each class of the smoothed label; here a row has one weight, as in Keras.
        if case["id"] not in ("sw-zero-one", "cw-basic"):
            continue
        for output, convention in WEIGHED.items():
            if output in case["outputs"]:
                found = evaluated(case, convention)
                got = found.read(METRIC["cross_entropy"]).value
                assert agrees(got, case["outputs"][output], case["inputs"]["dtype"], output), output
                done.add(output)
    assert done == set(WEIGHED)
