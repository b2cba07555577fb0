"""What knowing only how frequent the classes are gives: the same prediction for every row."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import LABELS, Tally


def prior_loss(tally: Tally) -> float:
    """The mean loss in nats when every row gives each class the share of its label. Needs a labelled row."""
    rows = tally.by_class[LABELS]
    shares = rows[rows > 0] / tally.rows
    return 0.0 - float((shares * np.log(shares)).sum())


def _cross_entropy(tally: Tally, convention: Convention) -> Reading:
    return Reading(prior_loss(tally) / convention.nats) if tally.rows else NO_LABELS


def _accuracy(tally: Tally, _: Convention) -> Reading:
    if not tally.rows:
        return NO_LABELS
    most = int(tally.by_class[LABELS].max())
    return Reading(most / tally.rows, note=f"{most:,} of {tally.rows:,} rows")


def _unit(convention: Convention) -> str:
    return f"mean, {convention.base}"


PRIOR_CROSS_ENTROPY = Metric(
    "prior_cross_entropy",
    "Cross-entropy of the class prior",
    Kind.NUMBER,
    "the mean loss when every row is given the shares of the labels, which is their entropy",
    'scikit-learn DummyClassifier(strategy="prior") with log_loss',
    _cross_entropy,
    _unit,
    short="Prior’s cross-entropy",
)
PRIOR_ACCURACY = Metric(
    "prior_accuracy",
    "Accuracy of the class prior",
    Kind.SHARE,
    "rows of the most frequent label / labelled rows",
    'scikit-learn DummyClassifier(strategy="prior") with accuracy_score',
    _accuracy,
    short="Prior’s accuracy",
)
