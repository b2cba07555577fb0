"""Confusion and the classes' table against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from sklearn.utils.class_weight import compute_class_weight

from lossacc_gui.core.class_table import balanced, class_table
from lossacc_gui.core.confusion import PAIRS, WHOLE, Share, confusion
from lossacc_gui.core.convention import Base, Convention
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from tests.core import strategies
from tests.thorough import examples


def scene(probs, labels, shown=None, convention=None, row=0, names=None) -> Scene:
    predictions = Predictions.of(probs, labels, names)
    shown = None if shown is None else np.array(shown, np.intp)
    return Scene(evaluate(predictions, convention or Convention()), row, 0, Rule.ONLY, (), 0, shown=shown)


@st.composite
def scenes(draw):
    state = draw(strategies.states())
    held = state.predictions
    shown = draw(st.none() | st.sets(st.integers(0, held.rows - 1)))
    rows = None if shown is None else np.array(sorted(shown), np.intp)
    return Scene(evaluate(held, state.convention), 0, 0, Rule.ONLY, (), 0, shown=rows)


def counted(made: Scene):
    """Labels and predictions of the labelled rows that are shown."""
    rows = np.arange(made.predictions.rows) if made.shown is None else made.shown
    labels, guesses = made.predictions.labels[rows], made.evaluation.stats.prediction[rows]
    return labels[labels >= 0], guesses[labels >= 0], rows[labels >= 0]


@given(scenes())
@examples(100)
def test_the_matrix_is_scikit_learns(made):
    found = confusion(made)
    labels, guesses, _ = counted(made)
    if not len(labels):
        assert found.empty
        return
    classes = np.arange(made.predictions.classes)
    expected = confusion_matrix(labels, guesses, labels=classes)
    assert found.counts is not None
    assert found.counts.tolist() == expected.tolist()
    assert found.right == int(np.trace(expected))
    assert found.label_rows.tolist() == expected.sum(axis=1).tolist()
    assert found.predicted.tolist() == expected.sum(axis=0).tolist()
    off = expected - np.diag(np.diag(expected))
    assert [pair.count for pair in found.pairs] == sorted(off[off > 0].tolist(), reverse=True)
    for pair in found.pairs:
        assert off[pair.label, pair.prediction] == pair.count
        assert pair.of_label == pytest.approx(pair.count / expected[pair.label].sum())
        assert pair.of_prediction == pytest.approx(pair.count / expected[:, pair.prediction].sum())


@pytest.mark.parametrize(("what", "mode"), [(Share.LABEL, "true"), (Share.PREDICTION, "pred")])
def test_shares_are_scikit_learns_normalised_matrices(what, mode):
    draw = np.random.default_rng(3)
    made = scene(draw.dirichlet(np.ones(4), 60), draw.integers(4, size=60))
    labels, guesses, _ = counted(made)
    expected = confusion_matrix(labels, guesses, labels=np.arange(4), normalize=mode)
    assert confusion(made).values(what) == pytest.approx(expected, nan_ok=True)


def test_a_share_of_no_rows_is_undefined():
    values = confusion(scene([[0.9, 0.1, 0.0]], [0])).values(Share.LABEL)
    assert values[0].tolist() == [1, 0, 0]
    assert np.isnan(values[1:]).all()


def test_of_many_classes_the_most_frequent_confusions_are_listed():
    classes, draw = WHOLE + 100, np.random.default_rng(4)
    labels = draw.integers(classes, size=3000)
    guesses = np.where(draw.random(3000) < 0.5, labels, (labels * 7) % classes)
    guesses[:40] = 5
    labels[:40] = 9
    made = scene(np.eye(classes)[guesses], labels)
    found = confusion(made)
    assert found.counts is None
    assert len(found.pairs) == PAIRS
    expected = confusion_matrix(labels, guesses, labels=np.arange(classes))
    np.fill_diagonal(expected, 0)
    assert [p.count for p in found.pairs] == sorted(expected.ravel().tolist(), reverse=True)[:PAIRS]
    assert (found.pairs[0].label, found.pairs[0].prediction) == (9, 5)
    assert "class 9 is taken for class 5" in found.reading


def test_the_reading_says_what_is_confused_and_what_is_filtered():
    probs, labels = [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9]], [0, 1, 1]
    names = ("cat", "dog")
    assert "dog is taken for cat: 1 row, 50.0%" in confusion(scene(probs, labels, names=names)).reading
    only = confusion(scene(probs, labels, [0, 2], names=names))
    assert only.filtered
    assert only.reading == "Of 2 rows that are shown, 2 are on the diagonal. Nothing is confused."


def test_the_current_row_has_its_cell():
    made = scene([[0.9, 0.1], [0.8, 0.2]], [0, 1], row=1)
    assert confusion(made).here == (1, 0)
    assert class_table(made).label == 1
    assert confusion(scene([[0.9, 0.1]], [0], row=-1)).here == (-1, -1)


# --- classes ------------------------------------------------------------------------------------------


@given(scenes())
@examples(100)
def test_recall_and_precision_are_scikit_learns(made):
    found = class_table(made)
    labels, guesses, rows = counted(made)
    classes = np.arange(made.predictions.classes)
    hits = made.evaluation.stats.has(Flag.HIT)[rows]
    if len(labels) and not ((labels == guesses) & ~hits).any():  # NaN that is predicted: never right here
        precision, recall, _, support = precision_recall_fscore_support(
            labels, guesses, labels=classes, zero_division=np.nan
        )
        assert found.recall == pytest.approx(recall, nan_ok=True)
        assert found.precision == pytest.approx(precision, nan_ok=True)
        assert found.rows.tolist() == support.tolist()
    for at in classes:
        losses = made.evaluation.stats.loss[rows[labels == at]] / made.convention.nats
        with np.errstate(invalid="ignore"):
            expected = losses.sum() / len(losses) if len(losses) else np.nan
        assert found.mean_loss[at] == pytest.approx(expected, nan_ok=True)


def test_shares_of_the_loss_follow_the_weights_and_add_up():
    probs, labels = [[0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]], [0, 1, 2]
    plain = class_table(scene(probs, labels))
    assert plain.share == pytest.approx([0.25, 0.5, 0.25])
    weighed = class_table(
        scene(probs, labels, convention=Convention(weights=(2.0, 1.0, 0.0), base=Base.BITS))
    )
    assert weighed.share == pytest.approx([0.5, 0.5, 0.0])
    assert weighed.mean_loss == pytest.approx([1, 2, 1])  # without weights, in bits


def test_a_weight_of_0_takes_an_infinite_loss_out_of_the_shares():
    probs, labels = [[0.0, 1.0], [0.5, 0.5]], [0, 1]
    assert np.isnan(class_table(scene(probs, labels)).share).all()
    table = class_table(scene(probs, labels, convention=Convention(weights=(0.0, 1.0))))
    assert table.share == pytest.approx([0, 1])


def test_balanced_weights_are_scikit_learns():
    labels = np.array([0] * 8 + [1] * 3 + [2] * 1)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=labels)
    assert balanced(np.bincount(labels)) == pytest.approx(expected)
    assert balanced(np.array([4, 0, 4])) == (1.0, 1.0, 1.0)


def test_the_classes_reading_names_the_worst():
    probs, names = [[0.9, 0.1], [0.9, 0.1], [0.8, 0.2]], ("cat", "dog")
    said = class_table(scene(probs, [0, 1, 0], names=names)).reading
    assert said.startswith("dog has the lowest recall, 0.0%, and the largest part of the loss, ")
    infinite = class_table(scene([[0.0, 1.0], [0.5, 0.5]], [0, 1], names=names)).reading
    assert infinite == "Both classes have recall 0.0%; the mean loss of cat is ∞."
    assert class_table(scene(probs, [-1, -1, -1])).reading == "No row that is shown has a label."
