"""F1: the harmonic mean of precision and recall."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.exact import Floats
from lossacc_gui.core.metrics.by_class import OF_BOTH, class_mean, class_shares
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading
from lossacc_gui.core.tally import Tally


def f1s(tally: Tally) -> Floats:
    """The F1 of each class, (C,); NaN where it is neither a label nor predicted."""
    return class_shares(tally, OF_BOTH)


def _of(tally: Tally, _: Convention) -> Reading:
    return class_mean(tally, "neither a label nor predicted", OF_BOTH)


F1 = Metric(
    "f1",
    "F1, mean of classes",
    Kind.SHARE,
    "of each class, 2 × rows rightly predicted / (rows of its label + rows it is predicted for); the mean over "
    "the classes that are either",
    'scikit-learn f1_score(average="macro", zero_division=nan)',
    _of,
    per_class=f1s,
    short="F1",
)
