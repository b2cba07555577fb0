"""Every library's rule against scikit-learn and against plain formulas, and the row that is named."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.metrics import log_loss

from lossacc_gui.core.compare import LIBRARIES, compare, heavy, softmax
from lossacc_gui.core.convention import Base, Convention, Reduction, preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene


def scene(probs, labels, convention=None, shown=None) -> Scene:
    evaluation = evaluate(Predictions.of(np.array(probs, float), labels), convention or Convention())
    rows = None if shown is None else np.array(shown, np.intp)
    return Scene(evaluation, 0, 0, Rule.ONLY, (), 0, shown=rows)


def values(made: Scene) -> dict[str, float]:
    return {entry.title: entry.value for entry in compare(made).entries}


ODD = [[0.5, 0.4, 0.2], [0.2, 0.2, 0.5], [0.0, 0.7, 0.3], [1e-9, 0.5, 0.5]]
LABELS = [0, 2, 0, 0]


def slow(probs, labels) -> dict[str, float]:
    p = np.array(probs)
    at = np.arange(len(p)), np.array(labels)
    q = p / p.sum(axis=1, keepdims=True)
    eps = np.finfo(float).eps
    clipped = np.clip(p, eps, 1 - eps)
    powers = np.exp(p)
    with np.errstate(divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "By hand": -np.log(p[at]).mean(),
            "scikit-learn": log_loss(labels, p, labels=range(p.shape[1])),
            "scikit-learn 1.2–1.4": -np.log((clipped / clipped.sum(axis=1, keepdims=True))[at]).mean(),
            "Keras": -np.log(np.clip(q, 1e-7, 1 - 1e-7)[at]).mean(),
            "Kaggle": -np.log(np.clip(q, 1e-15, 1 - 1e-15)[at]).mean(),
            "PyTorch on logits": -np.log(q[at]).mean(),
            "PyTorch on probabilities": -np.log((powers / powers.sum(axis=1, keepdims=True))[at]).mean(),
        }


def test_every_rule_is_its_formula():
    found, expected = values(scene(ODD, LABELS)), slow(ODD, LABELS)
    assert set(found) == {library.title for library in LIBRARIES} == set(expected)
    for title, value in expected.items():
        assert found[title] == pytest.approx(value, rel=1e-12), title


def test_only_the_rows_that_are_shown_are_compared():
    found, expected = values(scene(ODD, LABELS, shown=[0, 1])), slow(ODD[:2], LABELS[:2])
    for title, value in expected.items():
        assert found[title] == pytest.approx(value, rel=1e-12), title


def test_sums_and_bits_are_the_present_unit():
    found = values(scene(ODD, LABELS, Convention(base=Base.BITS, reduction=Reduction.SUM)))
    assert found["Keras"] == pytest.approx(4 * slow(ODD, LABELS)["Keras"] / np.log(2))


def test_a_rule_that_is_the_present_one_differs_in_no_row():
    for key, title in (("by_hand", "By hand"), ("sklearn", "scikit-learn"), ("keras", "Keras")):
        entry = next(e for e in compare(scene(ODD, LABELS, preset(key))).entries if e.title == title)
        assert (entry.differ, entry.row, entry.difference) == (0, -1, 0)
        assert entry.why == "The same as now."


@pytest.mark.parametrize(
    ("title", "probs", "labels", "row", "why"),
    [
        ("Keras", [[0.5, 0.5], [0.5, 0.6]], [0, 0], 1, "it sums to 1.10 and is divided by that here"),
        ("Keras", [[0.5, 0.5], [0.0, 1.0]], [0, 0], 1, "p(label) is 0.00, and here it is raised to"),
        ("PyTorch on probabilities", [[0.5, 0.5], [0.9, 0.1]], [0, 0], 1, "is taken for a logit"),
        ("scikit-learn", [[0.5, 0.5], [1.0, 0.0]], [0, 0], -1, "The same as now."),
        ("Keras", [[0.5, 0.5], [1.0, 0.0]], [0, 0], 1, "so near 1 that the clip decides"),
    ],
)
def test_the_row_that_differs_most_is_named_with_its_reason(title, probs, labels, row, why):
    entry = next(e for e in compare(scene(probs, labels)).entries if e.title == title)
    assert entry.row == row
    assert why in entry.why


def test_logits_go_through_one_softmax_and_by_mistake_through_two():
    logits = np.array([[2.0, 0.0, -1.0], [0.5, 1.5, 0.0]])
    made = scene(logits, [0, 1], preset("pytorch_logits"))
    found, shares = values(made), softmax(logits)
    assert found["PyTorch on logits"] == compare(made).now
    twice = softmax(shares)
    assert found["PyTorch on probabilities"] == pytest.approx(-np.log(twice[[0, 1], [0, 1]]).mean())
    assert found["By hand"] == pytest.approx(-np.log(shares[[0, 1], [0, 1]]).mean())
    entry = next(e for e in compare(made).entries if e.title == "PyTorch on probabilities")
    assert "another softmax" in entry.why


def test_without_labels_there_is_nothing_to_compare():
    assert compare(scene([[0.5, 0.5]], [-1])).empty


def test_blocks_do_not_change_a_bit(monkeypatch):
    draw = np.random.default_rng(5)
    made = scene(draw.dirichlet(np.ones(3), 50), draw.integers(3, size=50))
    whole = compare(made)
    monkeypatch.setattr("lossacc_gui.core.compare.BLOCK_ROWS", 7)
    assert compare(made).entries == whole.entries
    assert not heavy(made)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_rule_gives_to_the_bit_what_evaluating_under_it_gives(dtype):
    draw = np.random.default_rng(5)
    cells = draw.dirichlet([0.2] * 5, 400).astype(dtype)
    cells[0], cells[1] = 0, 1
    predictions = Predictions.of(cells, draw.integers(0, 5, 400))
    found = compare(Scene(evaluate(predictions, Convention()), 0, 0, Rule.ONLY, [], 0))
    for library, entry in zip(LIBRARIES, found.entries, strict=True):
        tally = evaluate(predictions, library.convention).tally
        value = CROSS_ENTROPY.of(tally, library.convention).value
        assert entry.value == pytest.approx(np.nan if value is None else value, rel=1e-15, nan_ok=True)
