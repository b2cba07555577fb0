"""What the three pictures of two classes share: the rows' scores, and when there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.binary import Thresholds, scores, thresholds
from lossacc_gui.core.curves.before import Before
from lossacc_gui.core.curves.curve import Drawn, nothing
from lossacc_gui.core.curves.listed import Indices, listed, no_rows
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import shortened

MOST = 500
"""So many points a line has at most; with a baseline there are two."""


@dataclass(frozen=True, eq=False, slots=True)
class Two:
    """The listed rows (n,) with their scores, and the counts at every threshold."""

    rows: Indices
    score: Floats
    counts: Thresholds

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
            "with more, the largest cell decides."
        )
    rows = listed(scene)
    if not len(rows):
        return no_rows(scene)
    score = scores(scene.evaluation, rows)
    scene.reached(0.3)
    known = ~np.isnan(score)
    rows, score = rows[known], score[known]
    if not len(rows):
        return nothing(
            "No row has two cells that can be compared: look for cells that are no numbers, or 0 both."
        )
    scene.reached(0.4)
    return Two(rows, score, thresholds(score, predictions.labels[rows] == 1))


def old_counts(then: Before | None) -> Thresholds | None:
    """The counts of the baseline's rows at every threshold, where their scores were kept."""
    if then is None or then.reason:
        return None
    known = ~np.isnan(then.score)
    return thresholds(then.score[known], then.label[known] == 1) if known.any() else None


def positive_name(scene: Scene) -> str:
    """The second class, as texts call it."""
    return shortened(scene.predictions.class_names[1], 16)


def needs_both(two: Two) -> Drawn | None:
    """What is said where all rows have one label."""
    if two.counts.positive and two.counts.negative:
        return None
    return nothing("All these rows have the same label: there is nothing to tell apart.")
