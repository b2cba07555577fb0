"""Balanced accuracy: every class counts alike, however many rows it has."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.by_class import OF_LABELS, class_mean
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading
from lossacc_gui.core.tally import Tally


def _of(tally: Tally, _: Convention) -> Reading:
    return class_mean(tally, "without a row of that label", OF_LABELS)


BALANCED_ACCURACY = Metric(
    "balanced_accuracy",
    "Balanced accuracy",
    Kind.SHARE,
    "the mean of the recalls of the classes that are somebody's label; one that is only predicted does not "
    "count, where torchmetrics macro accuracy counts it as 0",
    "scikit-learn balanced_accuracy_score",
    _of,
)
