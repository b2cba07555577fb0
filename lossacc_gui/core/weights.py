"""How much each row counts in the cross-entropy: its own weight times that of its label's class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.predictions import Predictions

Floats = NDArray[np.float64]


def is_weighted(predictions: Predictions, convention: Convention) -> bool:
    """Whether rows count by weights."""
    return predictions.weights is not None or convention.weights is not None


def row_weights(predictions: Predictions, convention: Convention, rows: NDArray[Any]) -> Floats | None:
    """The weights (k,) of these labelled ``rows``, a mask or indices; None where rows have none."""
    if not is_weighted(predictions, convention):
        return None
    labels = predictions.labels[rows]
    weights = np.ones(len(labels)) if predictions.weights is None else predictions.weights[rows]
    return weights if convention.weights is None else weights * np.array(convention.weights)[labels]


def by_weight(loss: Floats, weight: Floats) -> Floats:
    """What rows add to the cross-entropy, (k,): their loss times their weight; of weight 0, nothing whatever its loss."""
    with np.errstate(invalid="ignore"):
        return np.where(weight > 0, loss * weight, 0.0)


def balanced(predictions: Predictions) -> tuple[float, ...]:
    """The class weights N / (C * its rows), as scikit-learn has them; 1 for a class without a row."""
    labels = predictions.labels[predictions.labels >= 0]
    rows = np.bincount(labels, minlength=predictions.classes).tolist()
    return tuple(len(labels) / (predictions.classes * count) if count else 1.0 for count in rows)
