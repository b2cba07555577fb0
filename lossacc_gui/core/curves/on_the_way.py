"""Between what the metrics go while a cell is dragged: so axes can stand still all along the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isfinite, nan
from typing import cast

import numpy as np

from lossacc_gui.core.convention import Divisor, Reduction
from lossacc_gui.core.curves.sweep import Ends, Sweep
from lossacc_gui.core.metrics.weighting import is_weighted, loss_divisor, weighted_loss
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.weights import row_weights


def other_rows(scene: Scene) -> Tally:
    """The tally of all rows but the current one: what stands still while a cell of it is dragged."""
    here = np.array([scene.row])
    return scene.evaluation.tally - scene.evaluation.tally_of(here)


def dragged_losses(scene: Scene) -> Ends | None:
    """While a cell is dragged: the lowest and highest loss of its row on the way, in nats.

    Axes that include it stand still all along the drag. None when nothing is dragged.
    """
    return _kept(scene, _losses_on_the_way)


def dragged_total(scene: Scene) -> Ends | None:
    """While a cell is dragged: the lowest and highest sum of all losses on the way, in nats."""
    return _kept(scene, _totals_on_the_way)


def _kept(scene: Scene, work: Callable[[Scene], Ends | None]) -> Ends | None:
    """What does not change along a drag, worked out once in it."""
    if scene.origin is None or scene.row < 0 or scene.column < 0:
        return None
    if scene.held is None:
        return work(scene)
    key = (work, scene.row, scene.column, scene.rule)
    if key not in scene.held:
        scene.held[key] = work(scene)
    return cast("Ends | None", scene.held[key])


def _losses_on_the_way(scene: Scene) -> Ends | None:
    try:
        low, high = Sweep.of(scene).loss_range()
    except Refusal:
        return None
    return (low, high) if isfinite(low) else None


def _totals_on_the_way(scene: Scene) -> Ends | None:
    losses = dragged_losses(scene)
    rest = rest_loss(scene, other_rows(scene)) if losses is not None else nan
    if losses is None or not isfinite(rest):
        return None
    weight = own_weight(scene)
    return rest + weight * losses[0], rest + weight * losses[1]


def rest_loss(scene: Scene, others: Tally) -> float:
    """The sum of the other rows' losses in nats, by their weights; infinite or NaN as they make it."""
    if not is_weighted(scene.evaluation.tally, scene.convention):
        return others.loss_sum if others.rows else 0.0
    summed = replace(scene.convention, reduction=Reduction.SUM)
    if not others.rows or not loss_divisor(others, replace(summed, divisor=Divisor.WEIGHTS)):
        return 0.0
    found = weighted_loss(others, summed).value
    return nan if found is None else found


def own_weight(scene: Scene) -> float:
    """How much the current row's loss counts; 1 where rows have no weights, or it has no label."""
    if scene.predictions.labels[scene.row] < 0:
        return 1.0
    weights = row_weights(scene.predictions, scene.convention, np.array([scene.row]))
    return 1.0 if weights is None else float(weights[0])


def scale(scene: Scene) -> float:
    """What one weighted nat adds to cross-entropy as the convention shows it; NaN where all weights are 0."""
    tally, convention = scene.evaluation.tally, scene.convention
    if not loss_divisor(tally, replace(convention, divisor=Divisor.WEIGHTS)):
        return nan
    divisor = 1.0 if convention.reduction is Reduction.SUM else loss_divisor(tally, convention)
    return 1 / convention.nats / divisor
