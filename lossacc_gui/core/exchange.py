"""Losses moved from one row to another: the mean stays, which rows are right may not.

One row's p(label) is multiplied by a factor and another's divided by it, so that the sum of the two losses,
minus the logarithms, is what it was. Each row's other cells keep their proportions, and the row its sum.
"""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.flips import changed_cells
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.weights import row_weights

FULL = 1 - 1e-9
"""The largest share that a label's logit is raised to: the others stay finite, and lose no digits."""

FINEST = float(np.finfo(np.float64).epsneg)


def exchange_range(evaluation: Evaluation, up: int, down: int) -> tuple[float, float]:
    """The lowest and highest factor t of ``exchange``. Raises Refusal where it is not defined."""
    if up == down:
        raise Refusal("exchange", "it takes two rows", "choose another row")
    _check(evaluation, up, down)
    (_, up_low, up_high), (_, down_low, down_high) = (_share(evaluation, row) for row in (up, down))
    p, q = _share(evaluation, up)[0], _share(evaluation, down)[0]
    return max(up_low / p, q / down_high), min(up_high / p, q / down_low if down_low else np.inf)


def exchange(evaluation: Evaluation, up: int, down: int, t: float) -> SetCells:
    """Multiply row ``up``'s p(label) by ``t`` and divide row ``down``'s by it.

    The rows' other cells keep their proportions and the rows their sums, so the mean loss stays, up to
    rounding. Raises Refusal outside ``exchange_range``.
    """
    low, high = exchange_range(evaluation, up, down)
    if not low <= t <= high:
        raise Refusal("factor", f"{t:g} is outside {low:g} to {high:g}", "use one inside")
    one, other = _scaled(evaluation, up, t), _scaled(evaluation, down, 1 / t)
    return SetCells(
        np.concatenate([one.rows, other.rows]),
        np.concatenate([one.columns, other.columns]),
        np.concatenate([one.values, other.values]),
        evaluation.epoch,
    )


def _check(evaluation: Evaluation, up: int, down: int) -> None:
    """Raises Refusal when the two losses do not count alike, or are made of more than p(label)."""
    predictions, convention = evaluation.predictions, evaluation.convention
    if convention.mixes:
        raise Refusal("exchange", convention.mixes, "choose a convention without it")
    weights = row_weights(predictions, convention, np.array([up, down]))
    if weights is not None and weights[0] != weights[1] and (predictions.labels[[up, down]] >= 0).all():
        what = f"the rows weigh {weights[0]:g} and {weights[1]:g}"
        raise Refusal("exchange", what, "choose rows of one weight")


def _share(evaluation: Evaluation, row: int) -> tuple[float, float, float]:
    """p(label) of a row, or its share for logits, and the least and most it may become with its sum kept."""
    predictions, convention = evaluation.predictions, evaluation.convention
    cells, stats = predictions.probs[evaluation.epoch, row], evaluation.stats
    where, loss = f"row {row + 1}", float(stats.loss[row])
    if predictions.labels[row] < 0:
        raise Refusal(where, "it has no label", "give it one first")
    if not (np.isfinite(loss) and np.isfinite(cells).all() and np.isfinite(stats.total[row])):
        raise Refusal(where, "its loss or a cell is not finite", "choose another row")
    if convention.rows is Rows.LOGITS:
        p = float(np.exp(-loss))
        if loss == 0:
            raise Refusal(where, "its label's logit leaves the others no share", "choose another row")
        return p, float(np.finfo(np.float64).tiny), max(p, FULL)
    p, total = float(stats.p_label[row]), float(stats.total[row])
    if cells.min() < 0:
        raise Refusal(where, "it has a negative cell", "choose another row")
    if convention.clips_first:
        raise Refusal(
            where, "cells are clipped before they are divided", "clip after dividing, or not at all"
        )
    eps = convention.eps(cells.dtype) if convention.clips else 0.0
    unit = total if convention.rows is Rows.NORMALISED else 1.0
    low, high = eps * unit, min(total, (1 - eps) * unit if eps else total)
    if not low <= p <= high or p == 0:
        raise Refusal(where, "its p(label) is clipped", "choose another row, or no clip")
    return p, max(low, float(np.finfo(cells.dtype).tiny)), high


def _scaled(evaluation: Evaluation, row: int, factor: float) -> SetCells:
    """One row with its p(label) times ``factor``, its other cells in proportion, its sum kept."""
    predictions = evaluation.predictions
    before, label = predictions.probs[evaluation.epoch, row], int(predictions.labels[row])
    after = before.astype(np.float64)
    if evaluation.convention.rows is Rows.LOGITS:
        loss = float(evaluation.stats.loss[row])
        left = min(float(np.log(factor)) - loss, -FINEST)
        others = np.log(-np.expm1(left)) - np.log(-np.expm1(-loss))
        after += others
        after[label] = float(before[label]) + np.log(factor)
    else:
        rest = float(np.delete(after, label).sum())
        now = float(before[label])
        left = max(0.0, rest + now - now * factor)
        after = after / rest * left if rest > 0 else np.full(len(after), left / (len(after) - 1))
        after[label] = now * factor
    return changed_cells(row, before, after.astype(before.dtype), evaluation.epoch)
