"""Top-k accuracy: the share of rows whose label is among the k largest cells."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.wording import are, counted


def top_k(tally: Tally, k: int) -> Reading:
    """The share of labels ranked before k; where ties decide, its interval, of which it is the upper end."""
    if not tally.rows:
        return NO_LABELS
    high, low = (sum(kind[:k].tolist()) for kind in tally.ranks.array)
    ties = "" if low == high else ", tied cells counting"
    note = f"{high:,} of {counted(tally.rows, 'row')} {are(high)} among the top {k}{ties}"
    return Reading(
        high / tally.rows, low=low / tally.rows, high=high / tally.rows, note=note, called=f"Top-{k} accuracy"
    )


def _of(tally: Tally, _: Convention) -> Reading:
    return top_k(tally, 5 if tally.classes > 5 else 2)


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
