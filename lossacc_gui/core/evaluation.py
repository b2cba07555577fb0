"""What predictions mean in numbers under a convention, kept true edit by edit."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.entry import exchanged
from lossacc_gui.core.metrics.metric import Metric, Reading, RowMetric
from lossacc_gui.core.one_row import Row, row_of
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rows import Flag, RowStats, row_stats
from lossacc_gui.core.steady import STEADY_CELLS, map_of, steady
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.weights import row_weights

BLOCK_CELLS = 16_777_216
BLOCK_ROWS = 131_072
"""At most so many cells and rows are taken at a time: few enough to be stopped within some frames, and enough that
workers seldom wait for the interpreter, which costs more than a block that does not fit the cache."""

ALONE = 1_048_576
"""Up to so many cells are not worth sharing between workers."""

WORKERS = 2
"""Blocks computed side by side; numpy lets go of the interpreter while it computes."""


@dataclass(eq=False, slots=True)
class Part:
    """Some of the rows, by a mask (N,), and their tally."""

    rows: NDArray[np.bool_]
    tally: Tally


@dataclass(eq=False, slots=True)
class Evaluation:
    """The numbers of every row, and their tally, of one epoch under one convention.

    ``part`` is a part of the rows whose tally is kept true as well.
    """

    predictions: Predictions
    convention: Convention
    epoch: int
    stats: RowStats
    tally: Tally
    part: Part | None = None

    def refresh(self, rows: NDArray[np.intp]) -> None:
        """Take in that these rows' cells or labels changed. Cost: the rows' cells, whatever N is."""
        rows = distinct(rows) if len(rows) > 1 else rows
        held = self.predictions
        if len(rows) == 1:
            self._refresh_row(rows.item())
            return
        new = row_stats(held.probs[self.epoch][rows], held.labels[rows], self.convention)
        old = self.stats[rows]
        self.tally += self._tally(new, rows) - self._tally(old, rows)
        if self.part is not None:
            inside = np.flatnonzero(self.part.rows[rows])
            kept = rows[inside]
            self.part.tally += self._tally(new[inside], kept) - self._tally(old[inside], kept)
        self.stats.put(rows, new)

    def _refresh_row(self, row: int) -> None:
        """The same of one row, without an array of one for each of its numbers."""
        held, bins = self.predictions, self.convention.bins
        weight = None if held.weights is None else held.weights.item(row)
        old = Row.at(self.stats, row)
        new = row_of(held.probs[self.epoch, row], held.labels.item(row), self.convention)
        self.tally = exchanged(self.tally, old, new, bins, weight)
        if self.part is not None and self.part.rows[row]:
            self.part.tally = exchanged(self.part.tally, old, new, bins, weight)
        new.put(self.stats, row)

    def read(self, metric: Metric | RowMetric, among: NDArray[np.intp] | None = None) -> Reading:
        """A metric under the present convention. Cost: see the metric.

        ``among`` (k,) are the rows that one of row stats is of, or None for all; others are of the tally.
        """
        if not isinstance(metric, RowMetric):
            return metric.of(self.tally, self.convention)
        stats = self.stats if among is None else self.stats[among]
        counted = np.flatnonzero(stats.has(Flag.COUNTED))
        weights = row_weights(self.predictions, self.convention, counted if among is None else among[counted])
        return metric.of(stats, weights)

    def tally_of(self, rows: NDArray[np.intp]) -> Tally:
        """The tally of these rows. Cost: their numbers, whatever N is."""
        return self._tally(self.stats[rows], rows)

    def part_of(self, rows: NDArray[np.intp]) -> Part:
        """These rows as a part. Cost: the part's rows."""
        mask = np.zeros(len(self.stats), bool)
        mask[rows] = True
        return Part(mask, self.tally_of(rows))

    def _tally(self, stats: RowStats, rows: NDArray[np.intp]) -> Tally:
        weights = self.predictions.weights
        weights = None if weights is None else weights[rows]
        return Tally.of(stats, self.predictions.classes, self.convention.bins, weights)


def block_rows(rows: int, classes: int) -> int:
    """How many rows are taken at a time; shared between workers, each gets as many blocks."""
    most = min(BLOCK_ROWS, max(1, BLOCK_CELLS // classes))
    if rows * classes <= ALONE:
        return most
    turns = -(-rows // (most * WORKERS))
    return -(-rows // (turns * WORKERS))


def evaluate(
    predictions: Predictions,
    convention: Convention,
    epoch: int = 0,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Evaluation:
    """Every row's numbers and the exact tally. Raises Stopped when ``stop`` says so.

    ``progress`` hears the finished share, 0 to 1, in the calling thread.
    """
    cells, labels, weights = predictions.probs[epoch], predictions.labels, predictions.weights
    stats = RowStats.empty(len(cells))
    size = block_rows(*cells.shape)
    if map_of(cells) is not None:
        size = max(1, min(size, STEADY_CELLS // cells.shape[1]))

    def fill(start: int) -> None:
        if stop is not None and stop():
            raise Stopped
        block = slice(start, start + size)
        stats.put(block, row_stats(steady(cells[block]), labels[block], convention))

    def count(start: int) -> Tally:
        block = slice(start, start + BLOCK_ROWS)
        part = None if weights is None else weights[block]
        return Tally.of(stats[block], predictions.classes, convention.bins, part)

    starts = range(0, len(cells), size)
    with ThreadPoolExecutor(WORKERS) as pool:  # starts no thread before it is given work
        each = pool.map if cells.size > ALONE else map
        for done, _ in enumerate(each(fill, starts), 1):
            if progress is not None:
                progress(done / len(starts))
        # Not block by block: with many classes a block of few rows has as many sums as rows.
        total = sum(each(count, range(0, len(cells), BLOCK_ROWS)), Tally())
    return Evaluation(predictions, convention, epoch, stats, total)
