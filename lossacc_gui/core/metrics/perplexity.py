"""Perplexity: among how many equally likely classes the loss is as good as guessing."""

from __future__ import annotations

from math import exp

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading, undefined_loss
from lossacc_gui.core.tally import Tally


def _of(tally: Tally, _: Convention) -> Reading:
    if not tally.loss_defined:
        return undefined_loss(tally)
    try:
        return Reading(exp(tally.loss_mean))
    except OverflowError:
        return Reading(float("inf"))


PERPLEXITY = Metric(
    "perplexity",
    "Perplexity",
    Kind.NUMBER,
    "e to the power of the mean loss in nats, each row counting alike; guessing evenly among C classes gives C",
    "torchmetrics Perplexity",
    _of,
)
