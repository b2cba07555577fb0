"""Brier score: the squared distance of the probabilities from the one-hot label."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.exact import exact_ratio
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import Tally


def _of(tally: Tally, _: Convention) -> Reading:
    if not tally.rows:
        return NO_LABELS
    if tally.brier_nan:
        rows = "1 row has" if tally.brier_nan == 1 else f"{tally.brier_nan:,} rows have"
        return Reading(None, f"{rows} a probability that is no number")
    return Reading(float("inf") if tally.brier_inf else exact_ratio(tally.brier, tally.rows))


BRIER = Metric(
    "brier",
    "Brier score",
    Kind.NUMBER,
    "mean over the labelled rows of the sum over the classes of (p − 1 at the label, p − 0 elsewhere)²: 0 is "
    "best, 2 the worst that rows summing to 1 can do",
    "scikit-learn brier_score_loss, which halves it for two classes (scale_by_half)",
    _of,
    short="Brier",
)
