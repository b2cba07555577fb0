"""What each row adds to the cross-entropy: its loss by its weight, as the tile counts it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.curves.listed import Indices, mean
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.weights import by_weight, row_weights


@dataclass(frozen=True, eq=False, slots=True)
class Carried:
    """What rows add to the cross-entropy: ``loss`` (n,) by the rows' ``weight`` (n,), None where all count alike.

    A row of weight 0 adds nothing, whatever its loss.
    """

    loss: Floats
    weight: Floats | None

    @classmethod
    def of(cls, scene: Scene, rows: Indices, loss: Floats) -> Carried:
        """What these labelled rows add with these losses."""
        weight = row_weights(scene.predictions, scene.convention, rows)
        return cls(loss if weight is None else by_weight(loss, weight), weight)

    def mean(self, among: NDArray[np.bool_] | None = None) -> float:
        """The mean loss by weight, of all or of those ``among`` them; NaN where nothing counts."""
        loss = self.loss if among is None else self.loss[among]
        if self.weight is None:
            return mean(loss)
        mass = float((self.weight if among is None else self.weight[among]).sum())
        with np.errstate(invalid="ignore"):
            return float(loss.sum()) / mass if mass else float("nan")

    @property
    def total(self) -> float:
        """Their sum, where each has its share of it: finite and above 0, none negative; else NaN."""
        with np.errstate(invalid="ignore"):
            total = float(self.loss.sum()) if len(self.loss) else 0.0
        return total if isfinite(total) and total > 0 and self.loss.min() >= 0 else float("nan")

    def share(self, among: NDArray[np.bool_]) -> float:
        """What part of the total those ``among`` them carry; NaN where there is none."""
        total = self.total
        return float("nan") if isnan(total) else round(float(self.loss[among].sum()) / total, 12)

    def told(self, reading: str) -> str:
        """A reading, with a word where rows do not count alike."""
        return reading if self.weight is None else f"{reading} Rows count by their weights."
