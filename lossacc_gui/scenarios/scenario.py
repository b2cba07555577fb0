"""What a scenario is: a lesson with its predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.state import Source, State


@dataclass(frozen=True, slots=True)
class Scenario:
    """One lesson. ``invitation`` asks for the first edit; ``row`` and ``column`` are where it happens.

    ``rows`` hold one row of cells each, ``labels`` the index of each row's true class.
    """

    key: str
    title: str
    lesson: str
    invitation: str
    classes: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    labels: tuple[int, ...]
    rule: Rule = Rule.HOLD
    row: int = 0
    column: int = 0
    convention: Convention = Convention()

    def state(self) -> State:
        """A fresh state with this lesson's predictions."""
        predictions = Predictions.of(np.array(self.rows), np.array(self.labels), self.classes)
        return State(predictions, self.convention, source=Source(self.title))
