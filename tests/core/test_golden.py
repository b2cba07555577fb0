"""Every output of the libraries this program claims to agree with, library by library.

The cases and what scikit-learn, Keras, PyTorch and torchmetrics gave for them are in golden.json. CLAIMS
says which output is compared with what; BY_CHOICE which outputs differ, and why; OF_ANOTHER_KIND which
outputs are nothing this program computes.
"""

from __future__ import annotations

import json
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pytest

from lossacc_gui.core.convention import Convention, Rows, preset
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Flag

READ = {
    "rows": lambda ev: ev.stats.loss,
    "mean": lambda ev: ev.tally.loss_mean,
    "sum": lambda ev: ev.tally.loss_sum,
    "prediction": lambda ev: ev.stats.prediction,
    "hit": lambda ev: ev.stats.has(Flag.HIT),
    "hits": lambda ev: ev.tally.hits,
    "accuracy": lambda ev: ev.tally.hits / ev.tally.rows,
}
RENORMALISED = Convention(Rows.NORMALISED)
CLIPPED = Convention(clip=1e-7)

# library -> output -> (convention, what is read)
CLAIMS: dict[str, dict[str, tuple[str | Convention, str]]] = {
    "exact": {
        "ref.raw_ce_rows": ("by_hand", "rows"),
        "ref.raw_ce_mean": ("by_hand", "mean"),
        "ref.renorm_ce_rows": (RENORMALISED, "rows"),
        "ref.renorm_ce_mean": (RENORMALISED, "mean"),
        "ref.pred_first_argmax": ("by_hand", "prediction"),
        "ref.correct": ("by_hand", "hits"),
    },
    "sklearn": {
        "sklearn.log_loss[labels=0..C-1]": ("sklearn", "mean"),
        "sklearn.log_loss[labels=0..C-1,normalize=False]": ("sklearn", "sum"),
        "sklearn.log_loss[labels=[0,1]]": ("sklearn", "mean"),
        "sklearn.log_loss[softmax(logits)]": ("pytorch_logits", "mean"),
        "sklearn.accuracy_score[argmax]": ("sklearn", "accuracy"),
        "sklearn.accuracy_score[p>.5]": ("sklearn", "accuracy"),
    },
    "keras": {
        "keras(torch).categorical_crossentropy[rows]": ("keras", "rows"),
        "keras(torch).sparse_categorical_crossentropy[rows]": ("keras", "rows"),
        "keras(torch).categorical_crossentropy[label_smoothing,rows]": ("keras", "rows"),
        "keras(torch).CategoricalCrossentropy()": ("keras_evaluate", "mean"),
        "keras(torch).SparseCategoricalCrossentropy()": ("keras_evaluate", "mean"),
        "keras(torch).binary_crossentropy[rows]": (CLIPPED, "rows"),
        "keras(torch).BinaryCrossentropy()": (replace(CLIPPED, single=True), "mean"),
        'keras(torch).Model.evaluate["loss"]': ("keras_evaluate", "mean"),
        'keras(torch).Model.evaluate["accuracy"]': ("keras_evaluate", "accuracy"),
        "keras(torch).categorical_accuracy[rows]": ("keras", "hit"),
        "keras(torch).sparse_categorical_accuracy[rows]": ("keras", "hit"),
        "keras(torch).metrics.SparseCategoricalAccuracy": ("keras", "accuracy"),
        "keras(torch).binary_accuracy[rows]": ("keras", "hit"),
        "keras(torch).categorical_crossentropy[from_logits,rows]": ("pytorch_logits", "rows"),
        "keras(torch).sparse_categorical_crossentropy[from_logits,rows]": ("pytorch_logits", "rows"),
    },
    "torch": {
        "torch.cross_entropy[logits,none]": ("pytorch_logits", "rows"),
        "torch.cross_entropy[logits,mean]": ("pytorch_logits", "mean"),
        "torch.cross_entropy[logits=P (the usual mistake),mean]": ("pytorch_logits", "mean"),
        "torch.cross_entropy[logits=log P,none]": (RENORMALISED, "rows"),
        "torch.cross_entropy[logits=log P,mean]": (RENORMALISED, "mean"),
        "torch.cross_entropy[logits=log P,label_smoothing,none]": (RENORMALISED, "rows"),
        "torch.cross_entropy[logits=log P,label_smoothing,mean]": (RENORMALISED, "mean"),
        "torch.cross_entropy[logits=log P,label_smoothing,sum]": (RENORMALISED, "sum"),
        "torch.binary_cross_entropy[none]": ("pytorch_bce", "rows"),
        "torch.binary_cross_entropy[mean]": ("pytorch_bce", "mean"),
        "torch.nll_loss[log P,none]": ("pytorch_nll", "rows"),
        "torch.nll_loss[log P,mean]": ("pytorch_nll", "mean"),
        "torch.nll_loss[log P,sum]": ("pytorch_nll", "sum"),
        "torch.argmax": ("pytorch_nll", "prediction"),
        "torchmetrics.multiclass_accuracy[micro]": ("pytorch_nll", "accuracy"),
        "torchmetrics.binary_accuracy": ("pytorch_nll", "accuracy"),
    },
}
COMPARED = {"exact": 575, "sklearn": 310, "keras": 927, "torch": 840}
"""How many outputs of each library are compared: an empty loop would agree with everything."""

SINGLE = ("Model.evaluate", "keras(torch).binary_crossentropy")
"""Outputs that went through float32, whatever type they came back in."""

NO_CLASS = "the label is no class: refused, or counted as no label, where libraries raise, ignore or miss"
ONE_CLASS = "one column is read as two classes"
RAISES = "scikit-learn raises: cells are not finite or outside 0..1; here they are shown with their loss"
RAISES_TOO = "it raises: cells are outside 0..1; here they are shown with their loss"
ONE_COLUMN = "one column is clipped there, and 1 minus it taken after; here each of two columns is clipped"
NAN_WRONG = "a NaN at the argmax is never correct"
BY_CHOICE = {
    ("label-*", "*"): NO_CLASS,
    ("c1", "*"): ONE_CLASS,
    ("c1-p", "*"): ONE_CLASS,
    ("nan-true", "*ccuracy*"): NAN_WRONG,
    ("nan-true", "ref.correct"): NAN_WRONG,
    ("logit-nan", "*accuracy*"): NAN_WRONG,
    ("nan-*", "sklearn.log_loss*"): RAISES,
    ("neg-*", "sklearn.log_loss*"): RAISES,
    ("bin-nan", "sklearn.log_loss*"): RAISES,
    ("bin-inf", "sklearn.log_loss*"): RAISES,
    ("bin-gt1", "sklearn.log_loss*"): RAISES,
    ("logit-inf", "sklearn.log_loss*"): RAISES,
    ("logit-nan", "sklearn.log_loss*"): RAISES,
    ("logit-large", "sklearn.log_loss*"): "clipped after the softmax there; logits are not clipped here",
    ("bin-0-1-right", "keras*.BinaryCrossentropy*"): ONE_COLUMN,
    ("bin-0-1-wrong-f32", "keras*inary*rossentropy*"): ONE_COLUMN,
    ("bin-nan", "keras*inary*rossentropy*"): RAISES_TOO,
    ("bin-nan", "torch.binary_cross_entropy*"): RAISES_TOO,
    ("bin-inf", "torch.binary_cross_entropy*"): RAISES_TOO,
    ("bin-gt1", "torch.binary_cross_entropy*"): RAISES_TOO,
    ("neg-wrong", "torch.cross_entropy[logits=log P,*"): "the logarithm of a wrong cell is NaN there",
    ("bin-nan", "torchmetrics.*"): "one cell outside 0..1 makes torchmetrics read all of them as logits",
    ("bin-inf", "torchmetrics.*"): "one cell outside 0..1 makes torchmetrics read all of them as logits",
    ("bin-gt1", "torchmetrics.*"): "one cell outside 0..1 makes torchmetrics read all of them as logits",
}
OF_ANOTHER_KIND = {
    "sklearn.log_loss": "without labels=, classes are guessed from the labels",
    "sklearn.log_loss[[]labels=None]": "without labels=, classes are guessed from the labels",
    "*sample_weight*": "weights, compared in test_golden_metrics.py",
    "*class_weight*": "weights, compared in test_golden_metrics.py",
    "*,weight*": "weights of classes",
    "*soft,*": "labels that are distributions",
    "*ignore_*": "compared in test_golden_ignored.py",
    "keras([!t]*": "another backend of Keras, listed only where it differs from the one compared",
    "keras(tensorflow)*": "another backend of Keras, listed only where it differs from the one compared",
    "*softmax": "probabilities",
    "*balanced_accuracy*": "compared in test_golden_metrics.py",
    "*brier*": "compared in test_golden_metrics.py",
    "*kappa*": "compared in test_golden_metrics.py",
    "*matthews*": "compared in test_golden_metrics.py",
    "*top_k*": "compared in test_golden_metrics.py",
    "*calibration*": "compared in test_golden_metrics.py",
    "*accuracy[[]macro]": "compared in test_golden_metrics.py",
    "*accuracy[[]weighted]": "compared in test_golden_metrics.py",
    "*accuracy[[]none]": "compared in test_golden_metrics.py",
}
ALL_CLAIMS = {output for claims in CLAIMS.values() for output in claims}


def numbers(value: Any) -> Any:
    """Numbers from JSON, where what is not finite is a text."""
    return [numbers(part) for part in value] if isinstance(value, list) else float(value)


@pytest.fixture(scope="module")
def golden(shared_data):
    return json.loads((shared_data / "golden.json").read_text())["cases"]


def predictions(case: dict[str, Any]) -> Predictions:
    inputs = case["inputs"]
    cells = next(inputs[name] for name in ("P", "p", "Z") if name in inputs)
    return Predictions.of(np.array(numbers(cells)).astype(inputs["dtype"]), inputs["y"])


def chosen(case: str, output: str) -> str:
    """Why this output may differ, or nothing."""
    return next((why for (c, o), why in BY_CHOICE.items() if fnmatchcase(case, c) and _fits(output, o)), "")


def _fits(output: str, pattern: str) -> bool:
    """Match * only: brackets are part of many names."""
    return fnmatchcase(output, pattern.replace("[", "[[]"))


def agrees(got: Any, record: dict[str, Any], dtype: str, output: str) -> bool:
    if "error" in record:
        return False
    want = np.array(numbers(record["value"]))
    narrow = "float32" in (dtype, record.get("dtype")) or any(part in output for part in SINGLE)
    # A single row whose loss is nearly 0 is known to an ulp of p, not to 14 digits of the loss.
    absolute = np.finfo(dtype).eps if output.endswith(("rows]", "none]", "_rows")) else 0.0
    got = np.asarray(got, np.float64)
    return got.shape == want.shape and np.allclose(
        got, want, rtol=1e-6 if narrow else 1e-14, atol=absolute, equal_nan=True
    )


def compare(case: dict[str, Any], claims: dict[str, Any]) -> dict[str, bool]:
    """Whether each claimed output of a case agrees."""
    held = predictions(case)
    known: dict[Any, Evaluation] = {}
    result = {}
    for output, (key, what) in claims.items():
        if output in case["outputs"]:
            convention = preset(key) if isinstance(key, str) else key
            if "label_smoothing" in output:
                convention = replace(convention, smoothing=case["inputs"]["label_smoothing"])
            if convention not in known:
                known[convention] = evaluate(held, convention)
            record = case["outputs"][output]
            result[output] = agrees(READ[what](known[convention]), record, case["inputs"]["dtype"], output)
    return result


@pytest.mark.parametrize("library", CLAIMS)
def test_agrees_with(library, golden):
    compared, wrong = 0, []
    for case in golden:
        claims = {o: c for o, c in CLAIMS[library].items() if not chosen(case["id"], o)}
        if not claims:
            continue
        for output, agreed in compare(case, claims).items():
            compared += 1
            if not agreed:
                wrong.append((case["id"], output))
    assert not wrong
    assert compared == COMPARED[library]


def test_every_choice_to_differ_is_still_one(golden):
    used = set()
    for case in golden:
        for pattern in BY_CHOICE:
            outputs = [o for o in ALL_CLAIMS if fnmatchcase(case["id"], pattern[0]) and _fits(o, pattern[1])]
            if not outputs:
                continue
            try:
                found = compare(case, {o: c for cs in CLAIMS.values() for o, c in cs.items() if o in outputs})
            except Refusal:
                used.add(pattern)
                continue
            if not all(found.values()):
                used.add(pattern)
    assert used == set(BY_CHOICE)


def test_every_output_is_claimed_or_of_another_kind(golden):
    outputs = {output for case in golden for output in case["outputs"]}
    rest = {o for o in outputs - ALL_CLAIMS if not any(fnmatchcase(o, kind) for kind in OF_ANOTHER_KIND)}
    assert not rest
    assert outputs >= ALL_CLAIMS
