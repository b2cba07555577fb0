"""From the cells of a block to the losses of its rows, by every choice a convention has.

Where p(label) and the row's sum are enough, nothing else is looked at. A temperature and smoothed labels
need every cell: they are taken in log space, where no probability is too small, and in pieces that fit
the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic

import numpy as np

from lossacc_gui.core.convention import LOG_CLAMP, Convention, Rows
from lossacc_gui.core.looks import Cells, Floats, Look, piece_rows
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.reductions import looked, row_sums


@dataclass(eq=False, slots=True)
class Read(Generic[Look]):
    """Rows as a convention reads them; every column has shape (n,).

    ``loss`` is in nats. ``p_label`` is the label's cell as given at temperature 1, and what the temperature makes
    of it at any other. ``softmax`` is the loss by a softmax alone, without smoothing or clip; None where rows are
    probabilities at temperature 1. ``cells`` (n, C), and what was seen of them as ``row``, are what is read as
    ``rows``: at another temperature than 1 always logits. Where the cells as given are no logits then, ``level``
    is what exp needs taken off before it gives their probabilities.
    """

    cells: Cells
    rows: Rows
    row: Look
    loss: Floats
    p_label: Floats
    softmax: Floats | None = None
    level: Floats | None = None

    def as_given(self, cells: Floats) -> Floats:
        """One of each row's cells (n,), in what ``p_label`` is in."""
        return cells if self.level is None else np.exp(cells - self.level)


def as_read(cells: Cells, label: Labels, row: Look, convention: Convention) -> Read[Look]:
    """The rows of ``cells`` (n, C), of which ``row`` was seen; ``label`` (n,) is a class everywhere."""
    if convention.temperature != 1:
        return _heated(cells, label, convention, type(row))
    softmax = softmax_loss(row.top, row.own, row.spread) if convention.rows is Rows.LOGITS else None
    if convention.smoothing:
        loss = _by_class(cells, label, convention)
    else:
        loss = label_loss(cells, row.own, row.total, convention) if softmax is None else softmax
    return Read(cells, convention.rows, row, loss, row.own, softmax)


def _at_label(cells: Cells, label: Labels) -> Floats:
    """Each row's cell at its label, (n,)."""
    places = np.arange(len(cells)) * cells.shape[1] + label
    found: Floats = cells.reshape(-1).take(places).astype(np.float64)
    return found


def clipped_loss(p: Floats, convention: Convention, dtype: np.dtype[Any]) -> Floats:
    """-ln p of predictions of this dtype with the convention's clip; ``p`` has any shape."""
    if convention.clip == LOG_CLAMP:
        return np.minimum(_minus_log(p), -LOG_CLAMP)
    return _minus_log(_clipped(p, convention, dtype))


def label_loss(cells: Cells, p_label: Floats, total: Floats, convention: Convention) -> Floats:
    """-ln p(label) of rows of probabilities, by the convention's order of clip and division."""
    if convention.clips_first:
        total = row_sums(cells, convention.bounds(cells.dtype))
        return _minus_log(_rounded(_clipped(p_label, convention, cells.dtype) / total, convention))
    divided = convention.rows is Rows.NORMALISED
    p = _rounded(p_label / total, convention) if divided else p_label
    return clipped_loss(p, convention, cells.dtype)


def _heated(cells: Cells, label: Labels, convention: Convention, how: type[Look]) -> Read[Look]:
    """Rows at another temperature than 1: their softmax(z / T), with z = ln p of probabilities."""
    logits = _over_temperature(cells, convention)
    row = looked(logits, label, True, how)
    softmax = softmax_loss(row.top, row.own, row.spread)
    loss = _by_class(cells, label, convention) if convention.smoothing else softmax
    given = convention.rows is Rows.LOGITS
    read = Read(
        logits, Rows.LOGITS, row, loss, row.own, softmax, None if given else row.top + np.log(row.spread)
    )
    read.p_label = read.as_given(row.own)
    read.p_label[np.isnan(read.p_label)] = np.nan  # of its many bit patterns always the same one
    return read


def _by_class(cells: Cells, label: Labels, convention: Convention) -> Floats:
    """The loss in nats of each row, (n,), with smoothing: a part of what every class would cost."""
    found = np.empty(len(cells))
    size = piece_rows(*cells.shape)
    part = convention.smoothing / cells.shape[1]
    for start in range(0, len(cells), size):
        piece = slice(start, start + size)
        each = _class_losses(cells[piece], convention)
        own = _at_label(each, label[piece])
        found[piece] = (1 - convention.smoothing) * own + part * row_sums(each)
    return found


def _class_losses(cells: Cells, convention: Convention) -> Floats:
    """What each class would cost in nats if it were the whole label, (n, C)."""
    if convention.rows is Rows.LOGITS or convention.temperature != 1:
        logits = _over_temperature(cells, convention)
        top = logits.max(axis=1, keepdims=True)
        each: Floats = (top - logits) + np.log(row_sums(np.exp(logits - top)))[:, np.newaxis]
        return each
    p = cells.astype(np.float64)
    if convention.clips_first:
        p = _clipped(p, convention, cells.dtype)
        return _minus_log(_rounded(p / row_sums(p)[:, np.newaxis], convention))
    if convention.rows is Rows.NORMALISED:
        p = _rounded(p / row_sums(p)[:, np.newaxis], convention)
    return clipped_loss(p, convention, cells.dtype)


def _over_temperature(cells: Cells, convention: Convention) -> Floats:
    """The rows (n, C) as logits over T: the cells themselves, or the logarithms of probabilities.

    A clip raises probabilities before, and not again: so a T moves the losses of all rows.
    """
    exact = cells.astype(np.float64)
    if convention.clips:
        np.maximum(exact, convention.eps(cells.dtype), out=exact)
    return (exact if convention.rows is Rows.LOGITS else np.log(exact)) / convention.temperature


def softmax_loss(top: Floats, own: Floats, spread: Floats) -> Floats:
    """-ln softmax(label) of rows of logits, (n,), from what was seen of them."""
    loss: Floats = (top - own) + np.log(spread)  # this order is finite and never negative
    return loss


def _clipped(p: Floats, convention: Convention, dtype: np.dtype[Any]) -> Floats:
    bounds = convention.bounds(dtype)
    return p if bounds is None else np.clip(p, *bounds)


def _minus_log(p: Floats) -> Floats:
    loss: Floats = 0.0 - np.log(p)  # 0.0 minus, so that p = 1 costs 0.0 and not -0.0
    return loss


def _rounded(p: Floats, convention: Convention) -> Floats:
    """Quotients as float32 has them, when the convention computes in it."""
    return p.astype(np.float32).astype(np.float64) if convention.single else p
