"""Which accuracies are possible while every row keeps its loss."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.wording import counted


def _of(tally: Tally, convention: Convention) -> Reading:
    if not tally.rows:
        return NO_LABELS
    if convention.smoothing:
        return Reading(None, convention.mixes)
    low, high = tally.must_be_right, tally.can_be_right
    rows = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    ties = "" if tally.hits_any == tally.hits_unique else " by the first tied cell"
    return Reading(
        tally.hits / tally.rows,
        low=low / tally.rows,
        high=high / tally.rows,
        note=f"{rows} of {counted(tally.rows, 'row')}{ties}",
    )


ACCURACY_POSSIBLE = Metric(
    "accuracy_possible",
    "Accuracy possible at these row losses",
    Kind.RANGE,
    "from the share of rows with p(label) > 1/2 to the share with p(label) > 1/C of the row's sum: the "
    "loss fixes p(label) and nothing else; rows that are not finite or have negative cells count as they are; "
    "the first of tied cells counts, so where accuracy is an interval of every way to count ties, that may go beyond",
    "",
    _of,
    short="Accuracy possible",
)
