"""What is drawn at one moment: the numbers, where one looks, and the way that led here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.state import Baseline
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.tally import Tally

Stop = Callable[[], bool]
Report = Callable[[float], None]


class Sets(StrEnum):
    """What a hand can move in a plot."""

    CELL = "cell"
    """The current cell, under the edit rule."""
    TEMPERATURE = "temperature"
    """The convention's temperature."""
    THRESHOLD = "threshold"
    """The threshold one looks at: no edit."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where one step of the history stood: both metrics and what they were made of.

    ``what`` names the step in a few words; ``loss`` is in the convention's unit, NaN when undefined;
    ``opened`` counts the predictions opened up to here, so that those of two files are not one line.
    """

    what: str
    loss: float
    accuracy: float
    rows: int
    classes: int
    convention: Convention
    opened: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """What is drawn. ``row`` and ``column`` are the current cell, -1 when there is none.

    ``history`` has one point a step, of which ``step`` is the present one; later ones can be redone.
    ``shown`` are the rows a filter lets through, ascending, or None when there is no filter; ``among`` is
    that filter in words. ``switched`` says that a view shows what its switch names.
    ``dragged`` is what the hand is moving, if anything: axes stand still meanwhile. ``origin`` (C,) is the
    current row as it was when the drag of a cell began. ``threshold`` is the probability of the second of
    two classes above which it would be predicted. ``stop`` is asked and ``report`` told during long work,
    in a job. ``before`` is the tally before the last edit, or None where it cannot be compared with.
    ``held`` keeps from step to step of a drag what stands still in it; None when nothing is dragged.
    ``page`` says which rows the evaluation is of, where there are too many to look at all at once; else empty.
    """

    evaluation: Evaluation
    row: int
    column: int
    rule: Rule
    history: Sequence[Point]
    step: int
    baseline: Baseline | None = None
    origin: Floats | None = None
    shown: NDArray[np.intp] | None = None
    dragged: Sets | None = None
    threshold: float = 0.5
    stop: Stop | None = None
    before: Tally | None = None
    report: Report | None = None
    among: str = ""
    switched: bool = True
    held: dict[object, Any] | None = None
    page: str = ""

    def reached(self, share: float | None = None) -> None:
        """Tell how much of a picture is done, 0 to 1. Raises Stopped where it is not wanted any more."""
        if self.stop is not None and self.stop():
            raise Stopped
        if self.report is not None and share is not None:
            self.report(share)

    @property
    def predictions(self) -> Predictions:
        """The numbers and labels."""
        return self.evaluation.predictions

    @property
    def convention(self) -> Convention:
        """How they are read."""
        return self.evaluation.convention
