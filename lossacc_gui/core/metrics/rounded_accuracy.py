"""Element-wise accuracy: the share of cells that round to the one-hot label."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import Tally


def _of(tally: Tally, _: Convention) -> Reading:
    if not tally.rows:
        return NO_LABELS
    cells = tally.rows * tally.classes
    return Reading(tally.rounded / cells, note=f"{tally.rounded:,} of {cells:,} cells")


ROUNDED_ACCURACY = Metric(
    "rounded_accuracy",
    "Element-wise accuracy",
    Kind.SHARE,
    "probabilities that round, halves to even, to 1 at the label or to 0 elsewhere / all of them; it does not "
    "see which cell is the largest",
    "Keras binary_accuracy on one-hot labels, for cells within 0..1",
    _of,
)
