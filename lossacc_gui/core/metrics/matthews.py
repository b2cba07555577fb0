"""Matthews correlation: how predictions and labels go together, beyond how often each is."""

from __future__ import annotations

from math import sqrt

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.by_class import products
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import Tally


def _of(tally: Tally, _: Convention) -> Reading:
    if not tally.rows:
        return NO_LABELS
    n, (labels, predictions, both) = tally.rows, tally.predictions.once(products, tally.labels)
    spread_labels, spread_predictions = n * n - labels, n * n - predictions
    if not spread_labels:
        return Reading(None, "all rows have one label")
    if not spread_predictions:
        return Reading(None, "all rows have one prediction")
    return Reading((tally.hits * n - both) / sqrt(spread_labels * spread_predictions))


MATTHEWS = Metric(
    "matthews",
    "Matthews correlation (MCC)",
    Kind.NUMBER,
    "the correlation of one-hot predictions and labels over all classes: 1 is perfect, 0 is chance; undefined "
    "when either is the same for all rows, where scikit-learn gives 0 and torchmetrics 0 or nearly 1",
    "scikit-learn matthews_corrcoef",
    _of,
    short="Matthews",
)
