"""Top-k accuracy: the share of rows whose label is among the k largest cells."""

from __future__ import annotations

from dataclasses import replace

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import Tally


def top_k(tally: Tally, k: int) -> Reading:
    """The share of labels ranked before k; where ties decide, its interval, of which it is the upper end."""
    if not tally.rows:
        return NO_LABELS
    low, high = (int(tally.ranks[kind][:k].sum()) for kind in (1, 0))
    ties = "" if low == high else ", tied cells counting"
    note = f"{high:,} of {tally.rows:,} rows are among the top {k}{ties}"
    return Reading(high / tally.rows, low=low / tally.rows, high=high / tally.rows, note=note)


def _of(tally: Tally, _: Convention) -> Reading:
    k = 5 if tally.classes > 5 else 2
    return replace(top_k(tally, k), called=f"Top-{k} accuracy")


TOP_K = Metric(
    "top_k",
    "Top-k accuracy",
    Kind.SHARE,
    "rows with fewer than k cells larger than the label's / labelled rows; k is 5, and 2 up to 5 classes; "
    "where ties decide, the interval runs from losing every tie to winning every one",
    "Keras top_k_categorical_accuracy, which counts every tied cell; scikit-learn top_k_accuracy_score and "
    "torchmetrics where no tie decides",
    _of,
)
