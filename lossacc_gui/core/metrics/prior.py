"""What knowing only how frequent the classes are gives: the same prediction for every row."""

from __future__ import annotations

from math import isnan, nan

import numpy as np

from lossacc_gui.core.convention import Convention, Divisor
from lossacc_gui.core.exact import Counts, Floats, exact_ratio
from lossacc_gui.core.metrics.metric import NO_LABELS, NO_WEIGHT, Kind, Metric, Reading
from lossacc_gui.core.metrics.weighting import Masses, class_masses, is_weighted
from lossacc_gui.core.tally import ROWS, Tally
from lossacc_gui.core.wording import counted


def prior_loss(tally: Tally, convention: Convention) -> float:
    """The mean loss in nats when every row gives each class the share of its label; NaN where no row counts.

    Rows count as in the cross-entropy.
    """
    if not is_weighted(tally, convention):
        return tally.labels.once(_of_labels)[0]
    masses = class_masses(tally, convention)
    if not masses.total:
        return nan
    entropy = tally.labels.once(_of_masses, masses)
    if convention.divisor is Divisor.ROWS:
        entropy *= exact_ratio(masses.total, masses.scale * tally.rows)
    return entropy


def _of_masses(_: Counts, masses: Masses) -> float:
    """The entropy of the labels by what their rows count."""
    total = masses.total
    shares = np.array([[one / total, (total - one) / total] for one in masses.each])
    return _entropy(shares[:, 0], shares[:, 1])


def _of_labels(counts: Counts) -> tuple[float, int]:
    """The entropy of the labels, and how many rows have the most frequent one."""
    rows = counts[ROWS]
    total = rows.sum()
    return _entropy(rows / total, (total - rows) / total), int(rows.max())


def _entropy(shares: Floats, rests: Floats) -> float:
    """Of classes with these shares, (C,), in nats; ``rests`` are what each leaves to the others.

    Of a share near 1 the rest says more: 1 - 1e-12 has lost digits that 1e-12 has.
    """
    small = (shares > 0) & (shares <= 0.5)
    large = shares > 0.5
    terms = shares[small] * np.log(shares[small]), shares[large] * np.log1p(-rests[large])
    return 0.0 - float(sum(part.sum() for part in terms))


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
