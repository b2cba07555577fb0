"""Predictions made to measure: rows that sum to 1, at a chosen cross-entropy with a chosen number of hits.

Each row is given a loss first: a right one from 0 to ln C, a wrong one from ln 2 on, drawn, and then all
of them moved towards the lower or the upper ends by one share, which makes their sum the one asked for.
"""

from __future__ import annotations

from math import inf, isfinite, log

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.wording import counted, number

LARGEST = 700.0
"""The largest finite loss given to a row: float64 still holds exp(-700) with all its digits."""

CLOSE = 1e-9
"""How close to the target the mean loss comes, as a share of it."""

NEAR = 1e-15
"""How close it comes in nats where that is more: near 1, float64 has no finer p(label)."""

SLACK = 1e-12
"""How far rows stay from an end that the tie rule leaves open, as a share of it."""

BLOCK_ROWS = 16_384


def design(
    labels: Labels, classes: int, loss: float, hits: int, rng: np.random.Generator | None = None
) -> Floats:
    """Rows (N, C) with exactly ``hits`` right and, over labelled rows, a mean loss of ``loss`` nats.

    ``labels`` (N,), -1 for a row that does not count. The same ``rng``, or none, gives the same rows.
    Raises Refusal, naming the bound, when no such rows exist or float64 cannot hold them.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    counted = np.flatnonzero(labels >= 0)
    _check(len(counted), classes, loss, hits)
    right = np.zeros(len(labels), bool)
    right[rng.choice(counted, hits, replace=False)] = True
    p_label = np.full(len(labels), -1.0)
    p_label[counted] = _p_labels(labels[counted], right[counted], classes, loss, rng)
    cells = np.empty((len(labels), classes))
    for start in range(0, len(labels), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        cells[block] = _filled(p_label[block], labels[block], right[block], classes, rng)
    return cells


def bounds(rows: int, classes: int, hits: int) -> tuple[float, float]:
    """The lowest and highest mean loss in nats of ``rows`` rows that sum to 1, ``hits`` of them right."""
    return (rows - hits) * log(2) / rows, log(classes) if hits == rows else inf


def _check(rows: int, classes: int, loss: float, hits: int) -> None:
    if not rows:
        raise Refusal("labels", "no row has one", "give at least one row a label")
    if not 0 <= hits <= rows:
        raise Refusal("rows right", f"{hits} of {rows}", f"use 0 to {rows}")
    low, high = bounds(rows, classes, hits)
    what = f"with {hits} of {counted(rows, 'row')} right it is"
    if not loss >= low * (1 - CLOSE):
        raise Refusal(
            "cross-entropy", f"{number(loss)}: {what} {number(low)} or more", "ask for more, or for more hits"
        )
    if loss > high * (1 + CLOSE):
        raise Refusal(
            "cross-entropy",
            f"{number(loss)}: {what} {number(high)} at most",
            "ask for less, or for fewer hits",
        )
    most = (hits * log(classes) + (rows - hits) * LARGEST) / rows
    if isfinite(loss) and loss > most * (1 + CLOSE):
        raise Refusal(
            "cross-entropy",
            f"{number(loss)}: so small a p(label) cannot be held; {what} {number(most)} at most",
            "ask for less, or for ∞",
        )


def _p_labels(
    labels: Labels, right: NDArray[np.bool_], classes: int, loss: float, rng: np.random.Generator
) -> Floats:
    """p(label) of each row, so that the mean of the losses is the one asked for."""
    rows = len(labels)
    # An end is met only where the tie rule allows it: even rows are right for the first class alone,
    # and halves wrong for all the others.
    low = np.where(right, 0.0, log(2) * np.where(labels > 0, 1.0, 1 + SLACK))
    high = np.where(right, log(classes) * np.where(labels > 0, 1 - SLACK, 1.0), LARGEST)
    drawn = low + np.where(right, rng.beta(0.5, 2, rows) * high, rng.exponential(1.0, rows))
    p_label: Floats
    if loss == inf:
        p_label = np.exp(-drawn)
        p_label[rng.choice(np.flatnonzero(~right))] = 0.0
        return p_label
    excess = loss * rows - drawn.sum()
    if excess < 0:
        share = min(1.0, -excess / max((drawn - low).sum(), NEAR))
        losses = drawn + share * (low - drawn)
    else:
        losses = drawn + min(1.0, excess / max((high - drawn).sum(), NEAR)) * (high - drawn)
    p_label = np.exp(-np.clip(losses, low, high))
    return p_label


def _filled(
    p_label: Floats, labels: Labels, right: NDArray[np.bool_], classes: int, rng: np.random.Generator
) -> Floats:
    """Rows (n, C) with this p(label), -1 for a row without a label, that are right or wrong as asked."""
    rows = len(labels)
    here, wrong = np.arange(rows), ~right & (labels >= 0)
    label = np.where(labels >= 0, labels, 0)
    shares = rng.standard_exponential((rows, classes)) ** 2
    shares[labels >= 0, label[labels >= 0]] = 0.0
    shares /= shares.sum(axis=1, keepdims=True)
    top = shares.max(axis=1)
    p = np.where(labels >= 0, p_label, 0.0)
    rest = 1 - p
    # Right: mixed with even shares until none is above p(label). Wrong: mixed with one rival's whole
    # until it is above. Both ends exist: p(label) is 1/C or more there, and 1/2 or less here.
    even, goal = 1 / (classes - 1), p / np.maximum(rest, NEAR)
    with np.errstate(divide="ignore", invalid="ignore"):
        keep = np.where(top > goal, np.clip(0.98 * (goal - even) / (top - even), 0, 1), 1.0)
        add = np.where(
            top <= goal, np.clip((goal - top) / np.maximum(1 - top, NEAR) * 1.02 + 0.02, 0, 1), 0.0
        )
    evens = np.full((rows, classes), even)
    evens[here, label] = 0.0
    rival = shares.argmax(axis=1)
    tied = wrong & (rest <= p * (1 + SLACK)) & (label > 0)
    rival[tied] = (rng.random(int(tied.sum())) * label[tied]).astype(np.intp)  # before it: the tie is theirs
    whole = np.zeros((rows, classes))
    whole[here, rival] = 1.0
    keep, add = np.where(right, keep, 1.0)[:, None], np.where(wrong, add, 0.0)[:, None]
    cells: Floats = (keep * shares + (1 - keep) * evens) * (1 - add) + add * whole
    cells *= rest[:, None]
    cells = np.where(right[:, None], np.minimum(cells, p[:, None]), cells)
    cells[labels >= 0, label[labels >= 0]] = p[labels >= 0]
    return cells
