"""Cohen's kappa: agreement of predictions and labels beyond what chance gives."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics.by_class import products
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import Tally


def _of(tally: Tally, _: Convention) -> Reading:
    if not tally.rows:
        return NO_LABELS
    n = tally.rows
    chance = tally.predictions.once(products, tally.labels)[2]
    if chance == n * n:
        return Reading(None, "all rows have one label, and it is all that is predicted")
    return Reading((tally.hits * n - chance) / (n * n - chance))


KAPPA = Metric(
    "kappa",
    "Cohen's kappa",
    Kind.NUMBER,
    "(accuracy − a) / (1 − a), where a is the accuracy if predictions were dealt out by chance, each as often "
    "as it is now",
    "scikit-learn cohen_kappa_score, torchmetrics CohenKappa",
    _of,
    short="Kappa",
)
