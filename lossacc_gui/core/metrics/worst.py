"""The worst rows: how much of the loss the worst 1 % of the rows carry."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.exact import Floats, exact_sum
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Reading, RowMetric
from lossacc_gui.core.rows import Flag, RowStats
from lossacc_gui.core.weights import by_weight
from lossacc_gui.core.wording import counted


def _of(stats: RowStats, weights: Floats | None) -> Reading:
    losses = stats.loss if (labelled := stats.has(Flag.COUNTED)).all() else stats.loss[labelled]
    if not losses.size:
        return NO_LABELS
    if weights is not None:
        losses = by_weight(losses, weights)
    if not np.isfinite(losses).all():
        return Reading(None, "a loss is infinite or not a number")
    if losses.min() < 0:
        return Reading(None, "a loss is negative, so they have no shares")
    total = exact_sum(losses)
    if not total:
        return Reading(None, "no row loses anything")
    worst = -(-len(losses) // 100)
    carried = exact_sum(np.partition(losses, len(losses) - worst)[len(losses) - worst :])
    return Reading(carried / total, note=f"{worst:,} of {counted(len(losses), 'row')}")


WORST_SHARE = RowMetric(
    "worst_share",
    "Share of the loss in the worst 1 %",
    Kind.SHARE,
    "the losses of the worst 1 % of the labelled rows, rounded up / all losses, by the rows’ weights",
    "",
    _of,
    short="Worst 1 %",
)
