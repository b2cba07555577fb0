"""Cross-entropy: the mean or sum of the rows' losses."""

from __future__ import annotations

from lossacc_gui.core.convention import BINARY, Convention, Reduction
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading, undefined_loss
from lossacc_gui.core.metrics.weighting import is_weighted, weighted_loss
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.wording import are, counted


def _of(tally: Tally, convention: Convention) -> Reading:
    found, unlike = _plain(tally, convention), convention.misfit(tally.classes)
    if not unlike or found.value is None:
        return found
    of = f" of {tally.classes:,} classes" if unlike == BINARY else ""
    note = ", ".join(filter(None, (found.note, f"no library’s rule{of}")))
    return found._replace(note=note, unlike=unlike)


def _plain(tally: Tally, convention: Convention) -> Reading:
    if is_weighted(tally, convention):
        found = weighted_loss(tally, convention)
        return found if found.value is None else found._replace(value=found.value / convention.nats)
    if not tally.loss_defined:
        return undefined_loss(tally)
    loss = tally.loss_mean if convention.reduction is Reduction.MEAN else tally.loss_sum
    give = are(tally.loss_inf, "gives its", "give their")
    note = f"{tally.loss_inf:,} of {counted(tally.rows, 'row')} {give} label 0" if tally.loss_inf else ""
    return Reading(loss / convention.nats, note=note)


def _unit(convention: Convention) -> str:
    return f"{convention.reduction}, {convention.base}"


CROSS_ENTROPY = Metric(
    "cross_entropy",
    "Cross-entropy",
    Kind.NUMBER,
    "mean over the labelled rows of −ln p(label); also called log loss or NLL. Weights multiply a row's loss, "
    "and a row of weight 0 is left out whatever its loss",
    "scikit-learn log_loss, Keras categorical_crossentropy, PyTorch cross_entropy and nll_loss, each "
    "under its own convention",
    _of,
    _unit,
)
