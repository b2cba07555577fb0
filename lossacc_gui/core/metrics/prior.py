"""What knowing only how frequent the classes are gives: the same prediction for every row."""

from __future__ import annotations

from math import isnan

import numpy as np

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.exact import Counts, Floats
from lossacc_gui.core.metrics.metric import NO_LABELS, NO_WEIGHT, Kind, Metric, Reading
from lossacc_gui.core.metrics.weighting import class_masses, is_weighted, loss_divisor
from lossacc_gui.core.tally import ROWS, Tally
from lossacc_gui.core.wording import counted


def prior_loss(tally: Tally, convention: Convention) -> float:
    """The mean loss in nats when every row gives each class the share of its label; NaN where no row counts.

    Rows count as in the cross-entropy.
    """
    if not is_weighted(tally, convention):
        return tally.labels.once(_of_labels)[0]
    masses = class_masses(tally, convention)
    entropy = _entropy(masses)
    return entropy if isnan(entropy) else entropy * float(masses.sum()) / loss_divisor(tally, convention)


def _of_labels(counts: Counts) -> tuple[float, int]:
    """The entropy of the labels, and how many rows have the most frequent one."""
    return _entropy(counts[ROWS].astype(np.float64)), int(counts[ROWS].max())


def _entropy(masses: Floats) -> float:
    """Of classes that count so much, (C,), in nats; NaN where none counts."""
    mass = float(masses.sum())
    if not mass:
        return float("nan")
    shares = masses[masses > 0] / mass
    return 0.0 - float((shares * np.log(shares)).sum())


def _cross_entropy(tally: Tally, convention: Convention) -> Reading:
    if not tally.rows:
        return NO_LABELS
    loss = prior_loss(tally, convention)
    if isnan(loss):
        return NO_WEIGHT
    return Reading(loss / convention.nats)


def _accuracy(tally: Tally, _: Convention) -> Reading:
    if not tally.rows:
        return NO_LABELS
    most = tally.labels.once(_of_labels)[1]
    return Reading(most / tally.rows, note=f"{most:,} of {counted(tally.rows, 'row')}")


def _unit(convention: Convention) -> str:
    return f"mean, {convention.base}"


PRIOR_CROSS_ENTROPY = Metric(
    "prior_cross_entropy",
    "Cross-entropy of the class prior",
    Kind.NUMBER,
    "the mean loss when every row is given the shares of the labels, which is their entropy; rows count as in the "
    "cross-entropy",
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
