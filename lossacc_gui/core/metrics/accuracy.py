"""Accuracy: the share of rows whose prediction is the label."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.wording import counted


def _of(tally: Tally, _: Convention) -> Reading:
    if not tally.rows:
        return NO_LABELS
    unique, every = tally.hits_unique, tally.hits_any
    ties = "" if unique == every else f"; ties make it {unique:,} to {every:,}"
    return Reading(
        tally.hits / tally.rows,
        low=tally.hits_unique / tally.rows,
        high=tally.hits_any / tally.rows,
        note=f"{tally.hits:,} of {counted(tally.rows, 'row')}{ties}",
    )


ACCURACY = Metric(
    "accuracy",
    "Accuracy",
    Kind.SHARE,
    "rows whose first largest cell is the label / labelled rows; where a tie decides, the interval "
    "runs from counting no tied row to counting every one",
    "scikit-learn accuracy_score on the argmax, Keras categorical_accuracy, torchmetrics micro accuracy",
    _of,
)
