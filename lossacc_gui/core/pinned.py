"""What is kept of each row of a pinned baseline, and which present row it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.binary import scores
from lossacc_gui.core.cells import Probs
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.margins import margins
from lossacc_gui.core.predictions import Labels, Predictions
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.tally import Tally

KEPT_CELLS = 1_000_000
"""Up to so many cells are kept too, so that the baseline can be read under another convention."""

NEW = -1
"""The place of a row that the baseline does not have."""

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False, slots=True)
class PinnedRows:
    """A baseline row by row: 21 bytes each, 29 with two classes, and the cells (N, C) where they are few.

    ``loss`` (N,) is in nats under the convention of the pinning, ``flags`` (N,) are those of RowStats.
    ``confidence`` and ``margin`` (N,), float32, are for pictures; ``score`` (N,), of two classes, is exact,
    because ties count. ``weights`` (N,) are those of rows that have one of their own. Baselines that were saved
    before these were kept have none.
    ``places`` (rows there are now,) says for each present row which of these it is, or NEW; None when
    each is at its own place.
    """

    loss: Floats
    flags: NDArray[np.uint8]
    labels: Labels
    names: tuple[str, ...]
    cells: Probs | None = None
    places: Places | None = None
    confidence: NDArray[np.float32] | None = None
    margin: NDArray[np.float32] | None = None
    score: Floats | None = None
    weights: Floats | None = None

    @classmethod
    def of(cls, evaluation: Evaluation) -> PinnedRows:
        """Copies: the evaluation goes on being edited."""
        predictions, stats = evaluation.predictions, evaluation.stats
        cells = predictions.probs[evaluation.epoch]
        return cls(
            stats.loss.copy(),
            stats.flags.copy(),
            predictions.labels.copy(),
            predictions.class_names,
            np.array(cells) if cells.size <= KEPT_CELLS else None,
            None,
            stats.confidence.astype(np.float32),
            margins(stats.margin, stats.total, evaluation.convention).astype(np.float32),
            scores(evaluation, np.arange(len(stats))) if predictions.classes == 2 else None,
            None if predictions.weights is None else predictions.weights.copy(),
        )

    def __len__(self) -> int:
        return len(self.loss)

    def matched(self, rows: int) -> Places | None:
        """For each of the present rows which of these it is, or NEW; None when nobody knows any more."""
        if self.places is not None:
            return self.places if len(self.places) == rows else None
        return np.arange(rows) if rows == len(self) else None

    def evaluated(self, convention: Convention) -> Evaluation | None:
        """These rows by themselves under a convention, where their cells are kept."""
        if self.cells is None:
            return None
        held = Predictions(self.cells[np.newaxis], self.labels, self.names, weights=self.weights)
        return evaluate(held, convention)

    def tally(self, now: Convention) -> Tally | None:
        """Their tally by another convention's rule for rows, where their cells are kept."""
        found = _evaluated(self, _of_rows(now))
        return None if found is None else found.tally

    def read_as(self, then: Convention, now: Convention) -> PinnedRows | None:
        """The same rows, pinned under ``then``, by the rule of ``now``; None where nobody can tell any more."""
        return self if then.same_rows(now) else _read_as(self, _of_rows(now))

    def without(self, rows: Places, total: int) -> tuple[PinnedRows, Places]:
        """After deleting ``rows`` of so many: what is left, and which ones went, to come back with ``inserted``."""
        places = self.matched(total)
        if places is None:
            return self, np.full(len(rows), NEW)
        return replace(self, places=np.delete(places, rows)), places[rows]

    def inserted(self, rows: Places, total: int, which: Places | None) -> PinnedRows:
        """After inserting so many ``rows``, to be ``total`` in all: new ones, or these of the baseline."""
        places = self.matched(total - len(rows))
        if places is None:
            return self
        longer = np.full(total, NEW)
        kept = np.ones(total, bool)
        kept[rows] = False
        longer[kept] = places
        if which is not None:
            longer[rows] = which
        return replace(self, places=longer)


def _of_rows(now: Convention) -> Convention:
    """What of it acts on single rows: class weights may be those of other classes."""
    return now.summed_as(Convention())


@lru_cache(maxsize=1)  # tiles and several views ask for the same one
def _evaluated(pinned: PinnedRows, now: Convention) -> Evaluation | None:
    return pinned.evaluated(now)


@lru_cache(maxsize=1)
def _read_as(pinned: PinnedRows, now: Convention) -> PinnedRows | None:
    evaluation = _evaluated(pinned, now)
    return None if evaluation is None else replace(PinnedRows.of(evaluation), places=pinned.places)
