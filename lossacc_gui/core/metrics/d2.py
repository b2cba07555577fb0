"""D2: the share of the class prior's loss that the predictions do away with."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading
from lossacc_gui.core.metrics.prior import prior_loss
from lossacc_gui.core.metrics.weighting import mean_loss
from lossacc_gui.core.tally import Tally


def _of(tally: Tally, convention: Convention) -> Reading:
    loss = mean_loss(tally, convention)
    if loss.value is None:
        return loss
    prior = prior_loss(tally, convention)
    if not prior:
        return Reading(None, "all rows that count have one label, so the class prior loses nothing")
    return Reading(1 - loss.value / prior)


D2 = Metric(
    "d2",
    "D² against the class prior",
    Kind.NUMBER,
    "1 − mean loss / mean loss of the class prior: 1 is perfect, 0 is no better than the prior",
    "scikit-learn d2_log_loss_score",
    _of,
    short="D²",
)
