"""Recall: of the rows with a label, the share predicted to have it."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.exact import Floats
from lossacc_gui.core.metrics.by_class import OF_LABELS, class_mean, class_shares
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading
from lossacc_gui.core.tally import Tally


def recalls(tally: Tally) -> Floats:
    """The recall of each class, (C,); NaN where no row has the label."""
    return class_shares(tally, OF_LABELS)


def _of(tally: Tally, _: Convention) -> Reading:
    return class_mean(tally, "without a row of that label", OF_LABELS)


RECALL = Metric(
    "recall",
    "Recall, mean of classes",
    Kind.SHARE,
    "of each class, rows rightly predicted / rows of its label; the mean over the classes that have such rows",
    'scikit-learn recall_score(average="macro", zero_division=nan)',
    _of,
    per_class=recalls,
    short="Recall",
)
