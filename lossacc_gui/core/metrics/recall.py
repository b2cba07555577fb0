"""Recall: of the rows with a label, the share predicted to have it."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.exact import Floats
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading, class_mean
from lossacc_gui.core.tally import HITS, LABELS, Tally


def recalls(tally: Tally) -> Floats:
    """The recall of each class, (C,); NaN where no row has the label."""
    with np.errstate(invalid="ignore"):
        shares: Floats = tally.by_class[HITS] / tally.by_class[LABELS]
    return shares


def _of(tally: Tally, _: Convention) -> Reading:
    return class_mean(tally, recalls(tally), "without a row of that label")


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
