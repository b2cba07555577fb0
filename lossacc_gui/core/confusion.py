"""Which class is taken for which: the confusion matrix, and its largest cells where it has too many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.naming import called
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import are, rows, share

WHOLE = 24
"""Up to so many classes the whole matrix is shown."""

PAIRS = 50
"""Of more classes, so many of the most frequent confusions are listed."""

HEAVY_ROWS = 100_000


class Share(StrEnum):
    """What a cell of the matrix says."""

    COUNT = "rows"
    LABEL = "share of label"
    PREDICTION = "share of prediction"


@dataclass(frozen=True, slots=True)
class Pair:
    """Rows of one label that are predicted as one other class, with both shares."""

    label: int
    prediction: int
    count: int
    of_label: float
    of_prediction: float

    def value(self, what: Share) -> float:
        """The number asked for."""
        return {Share.COUNT: self.count, Share.LABEL: self.of_label}.get(what, self.of_prediction)


@dataclass(frozen=True, eq=False, slots=True)
class Confusion:
    """The matrix ``counts`` (C, C), labels down, predictions across, or None where it is too large.

    ``pairs`` are the most frequent confusions, the worst first; ``label_rows`` and ``predicted`` (C,) the
    sums of its rows and columns. ``here`` is the current row's cell, ``column`` the current class; -1 is none.
    """

    names: tuple[str, ...]
    counts: NDArray[np.int64] | None
    pairs: tuple[Pair, ...]
    label_rows: NDArray[np.int64]
    predicted: NDArray[np.int64]
    right: int
    here: tuple[int, int] = (NO_LABEL, NO_LABEL)
    column: int = -1
    filtered: bool = False
    reading: str = ""
    hint: str = ""
    empty: str = ""

    def values(self, what: Share) -> Floats:
        """The matrix as counts or shares, (C, C); a share of no rows is NaN."""
        assert self.counts is not None
        if what is Share.COUNT:
            return self.counts.astype(np.float64)
        whole = self.label_rows[:, np.newaxis] if what is Share.LABEL else self.predicted[np.newaxis]
        with np.errstate(invalid="ignore"):
            shares: Floats = self.counts / whole
        return shares


def confusion(scene: Scene) -> Confusion:
    """The confusion of the rows that are shown. Cost: the rows, and the classes squared where they are few."""
    predictions, stats, shown = scene.predictions, scene.evaluation.stats, scene.shown
    classes, names = predictions.classes, predictions.class_names
    label, guess = predictions.labels, stats.prediction
    if shown is not None:
        label, guess = label[shown], guess[shown]
    scene.reached(0.1)
    counted = label != NO_LABEL
    label, guess = label[counted].astype(np.int64), guess[counted].astype(np.int64)
    label_rows = np.bincount(label, minlength=classes)
    predicted = np.bincount(guess, minlength=classes)
    scene.reached(0.4)
    wrong = label != guess
    codes, counts = np.unique(label[wrong] * classes + guess[wrong], return_counts=True)
    scene.reached(0.8)
    worst = np.argsort(-counts, kind="stable")[:PAIRS]
    pairs = tuple(
        Pair(a, b, n, n / int(label_rows[a]), n / int(predicted[b]))
        for (a, b), n in (
            (divmod(code, classes), n)
            for code, n in zip(codes[worst].tolist(), counts[worst].tolist(), strict=True)
        )
    )
    matrix = None
    if classes <= WHOLE:
        matrix = np.bincount(label * classes + guess, minlength=classes * classes).reshape(classes, classes)
    right = len(label) - int(np.count_nonzero(wrong))
    hits = stats.flags if shown is None else stats.flags[shown]
    blank = right - int(np.count_nonzero((hits[counted] & np.uint8(Flag.HIT)) != 0))
    here = _here(scene)
    return Confusion(
        names,
        matrix,
        pairs,
        label_rows,
        predicted,
        right,
        here,
        scene.column,
        shown is not None,
        _reading(names, len(label), right, pairs, shown is not None, blank),
        empty="" if len(label) else "No row that is shown has a label: nothing can be confused.",
    )


def heavy(scene: Scene) -> bool:
    """Whether it takes longer than a frame."""
    return len(scene.evaluation.stats) > HEAVY_ROWS


def _here(scene: Scene) -> tuple[int, int]:
    if scene.row < 0:
        return NO_LABEL, NO_LABEL
    return int(scene.predictions.labels[scene.row]), int(scene.evaluation.stats.prediction[scene.row])


def _reading(
    names: tuple[str, ...], total: int, right: int, pairs: tuple[Pair, ...], filtered: bool, blank: int
) -> str:
    if not total:
        return "No row that is shown has a label."
    shown = " that are shown" if filtered else ""
    of = f"Of {rows(total)}{shown}, {right:,} {are(right)} on the diagonal."
    if blank:  # NaN is never right
        of += f" {blank:,} of those {are(blank)} not right, for the largest cell is no number."
    if not pairs:
        return f"{of} Nothing is confused."
    worst = pairs[0]
    label, guess = called(names, worst.label), called(names, worst.prediction)
    return f"{of} Most often {label} is taken for {guess}: {rows(worst.count)}, {share(worst.of_label)} of its own."
