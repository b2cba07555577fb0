"""Perplexity: among how many equally likely classes the loss is as good as guessing."""

from __future__ import annotations

from math import exp

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading
from lossacc_gui.core.metrics.weighting import mean_loss
from lossacc_gui.core.tally import Tally


def _of(tally: Tally, convention: Convention) -> Reading:
    loss = mean_loss(tally, convention)
    if loss.value is None:
        return loss
    try:
        return Reading(exp(loss.value))
    except OverflowError:
        return Reading(float("inf"))


PERPLEXITY = Metric(
    "perplexity",
    "Perplexity",
    Kind.NUMBER,
    "e to the power of the cross-entropy, as a mean in nats; guessing evenly among C classes gives C",
    "torchmetrics Perplexity",
    _of,
)
