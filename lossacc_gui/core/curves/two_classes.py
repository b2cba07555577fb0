"""What the three pictures of thresholds share: the rows' scores of one class, and when there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.binary import Thresholds, scores, scores_against_rest, thresholds
from lossacc_gui.core.curves.before import Before
from lossacc_gui.core.curves.curve import Drawn, Line, Role, nothing
from lossacc_gui.core.curves.listed import HEAVY_ROWS, Indices, listed, no_rows
from lossacc_gui.core.naming import called
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Scene

HEAVY_CELLS = 100_000
"""More cells than this take longer than a frame."""

MOST = 500
"""So many points a line has at most; with a baseline there are two."""


DOTTED = 12
"""A line of so few points has a dot at each; one alone is no line."""


NOT_KEPT = "The baseline is not drawn: it keeps no scores to draw it by."


@dataclass(frozen=True, eq=False, slots=True)
class Two:
    """The listed rows (n,) with their scores of the ``positive`` class, and the counts at every threshold.

    ``name`` is what texts call that class.
    """

    rows: Indices
    score: Floats
    counts: Thresholds
    positive: int
    name: str

    def score_of(self, row: int) -> float | None:
        """A row's score, if it is one of them."""
        at = np.flatnonzero(self.rows == row)
        return float(self.score[at[0]]) if len(at) else None


def two_classes(scene: Scene) -> Two | Drawn:
    """The rows of two classes; else what is to be said."""
    predictions = scene.predictions
    if predictions.classes != 2:
        return nothing(
            f"A threshold needs two classes, and these predictions have {predictions.classes:,}: "
            "with more, the largest cell decides. ROC shows the current class against the rest."
        )
    return _of_class(scene, 1)


def against_rest(scene: Scene) -> Two | Drawn:
    """The second of two classes, or of more the current one against the rest; else what is to be said."""
    return _of_class(scene, 1 if scene.predictions.classes == 2 else max(scene.column, 0))


def is_heavy(scene: Scene) -> bool:
    """Whether looking through the rows, or with more than two classes through their cells, takes long."""
    many = scene.predictions.classes > 2 and scene.predictions.probs[0].size > HEAVY_CELLS
    return scene.evaluation.tally.rows > HEAVY_ROWS or many


def _of_class(scene: Scene, positive: int) -> Two | Drawn:
    rows = listed(scene)
    if not len(rows):
        return no_rows(scene)
    if scene.predictions.classes == 2:
        score = scores(scene.evaluation, rows)
    else:
        score = scores_against_rest(scene.evaluation, rows, positive, scene.reached)
    known = ~np.isnan(score)
    rows, score = rows[known], score[known]
    if not len(rows):
        return nothing(
            "No row has cells that can be compared: look for cells that are no numbers, or 0 all of them."
        )
    scene.reached(0.4)
    counts = thresholds(score, scene.predictions.labels[rows] == positive)
    return Two(rows, score, counts, positive, called(scene.predictions.class_names, positive, 16))


def old_counts(then: Before | None) -> Thresholds | None:
    """The counts of the baseline's rows at every threshold, where their scores were kept."""
    if then is None or then.reason:
        return None
    known = ~np.isnan(then.score)
    return thresholds(then.score[known], then.label[known] == 1) if known.any() else None


def needs_both(two: Two) -> Drawn | None:
    """What is said where all rows have one label."""
    if two.counts.positive and two.counts.negative:
        return None
    if not two.counts.positive and len(two.rows):
        return nothing(f"No row that is listed has the label {two.name}: go to a class that has rows.")
    return nothing("All these rows have the same label: there is nothing to tell apart.")


def curve_line(points: tuple[Floats, Floats]) -> Line:
    """The line through these points (x, y)."""
    return Line(*points, Role.ACCURACY, dots=len(points[0]) <= DOTTED)
