"""Which rows the loss comes from: sorted bars for few rows, a histogram for many."""

from __future__ import annotations

from lossacc_gui.core.curves.curve import Curve, Drawn, nothing
from lossacc_gui.core.curves.listed import is_heavy, no_rows
from lossacc_gui.core.curves.loss_bars import bars
from lossacc_gui.core.curves.loss_histogram import histogram
from lossacc_gui.core.curves.loss_rows import LossRows
from lossacc_gui.core.scene import Scene


def _draw(scene: Scene) -> Drawn:
    if not scene.evaluation.tally.rows:
        return nothing("No row has a label yet: give one in the label column, or use File > Open labels.")
    losses = LossRows(scene)
    if not len(losses) + losses.undefined:
        return no_rows(scene)
    if not len(losses):
        return nothing("No row has a defined loss: look for cells that are no numbers or are negative.")
    return bars(scene, losses) if losses.few else histogram(scene, losses)


ROW_LOSSES = Curve(
    "losses",
    "Row losses",
    "click a bar to see its worst row",
    _draw,
    is_heavy,
    follows_focus=True,
)
