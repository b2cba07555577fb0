"""Precision: of the rows predicted to be a class, the share that are."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.exact import Floats
from lossacc_gui.core.metrics.by_class import OF_PREDICTIONS, class_mean, class_shares
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading
from lossacc_gui.core.tally import Tally


def precisions(tally: Tally) -> Floats:
    """The precision of each class, (C,); NaN where it is never predicted."""
    return class_shares(tally, OF_PREDICTIONS)


def _of(tally: Tally, _: Convention) -> Reading:
    return class_mean(tally, "never predicted", OF_PREDICTIONS)


PRECISION = Metric(
    "precision",
    "Precision, mean of classes",
    Kind.SHARE,
    "of each class, rows rightly predicted / rows it is predicted for; the mean over the classes that are "
    "predicted at all",
    'scikit-learn precision_score(average="macro", zero_division=nan)',
    _of,
    per_class=precisions,
    short="Precision",
)
