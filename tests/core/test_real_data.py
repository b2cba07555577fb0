"""Predictions of real models, whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.convention import preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions

ACCURACY = {"mnist": (10_000, 10, 0.9913), "20news": (7_532, 20, 0.923394)}


@pytest.fixture(scope="module")
def real(shared_data):
    return {
        name: Predictions.of(
            np.load(shared_data / f"{name}_pred_probs.npy"), np.load(shared_data / f"{name}_labels.npy")
        )
        for name in ACCURACY
    }


@pytest.mark.parametrize("name", ACCURACY)
def test_shape_and_accuracy(real, name):
    rows, classes, accuracy = ACCURACY[name]
    tally = evaluate(real[name], preset("by_hand")).tally
    assert (real[name].rows, real[name].classes, tally.rows) == (rows, classes, rows)
    assert tally.hits / tally.rows == pytest.approx(accuracy, abs=5e-7)


@pytest.mark.parametrize(
    ("name", "key", "loss", "within"),
    [
        ("mnist", "by_hand", 0.030282, 5e-7),
        ("20news", "keras", 0.558, 5e-4),
        ("20news", "sklearn", 0.719, 5e-4),
    ],
)
def test_loss(real, name, key, loss, within):
    assert evaluate(real[name], preset(key)).tally.loss_mean == pytest.approx(loss, abs=within)


def test_sixty_one_rows_make_the_loss_of_20news_infinite(real):
    tally = evaluate(real["20news"], preset("by_hand")).tally
    assert tally.loss_mean == np.inf
    assert (tally.loss_inf, tally.loss_minus_inf, tally.loss_nan) == (61, 0, 0)


@pytest.mark.parametrize("name", ACCURACY)
def test_no_row_depends_on_the_rows_around_it(real, name):
    held = real[name]
    whole = evaluate(held, preset("keras"))
    some = slice(1234, 1301)
    part = evaluate(Predictions.of(held.probs[:, some].copy(), held.labels[some]), preset("keras"))
    assert part.stats.loss.tobytes() == whole.stats.loss[some].tobytes()
    assert part.stats.flags.tobytes() == whole.stats.flags[some].tobytes()
