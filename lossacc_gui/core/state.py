"""All that an edit can change."""

from __future__ import annotations

from dataclasses import dataclass, field

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.metrics.metric import Metric, Reading
from lossacc_gui.core.page import Page
from lossacc_gui.core.pinned import PinnedRows
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.tally import Tally


@dataclass(frozen=True, slots=True)
class Source:
    """Where predictions came from.

    ``name`` is what a title shows; ``path`` is empty when no file holds them; ``labels_path`` is the
    separate file the labels came from, if any; ``mapped`` says that the cells still live in the file.
    ``stamp`` is what the file was like when it was read or written (files.stamp_of), empty for none.
    ``choices`` are the answers, one a key, by which an ambiguous file was read (files.Choices.given).
    ``left_out`` says what else the file holds, which saving over it would lose; empty for nothing.
    ``home`` is the file mapped cells live in, whatever was saved since, with the stamp it had then.
    """

    name: str = "untitled"
    path: str = ""
    labels_path: str = ""
    mapped: bool = False
    stamp: tuple[int, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    home: str = ""
    home_stamp: tuple[int, ...] = ()
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is compared with: the tally of all rows at one moment, and the convention it was made under.

    It is read by the present convention wherever it is shown; where its cells are too many to be kept, by its own.
    ``rows`` is what the ledger needs of each of them; it is no part of the baseline's identity.
    """

    name: str
    tally: Tally
    convention: Convention
    rows: PinnedRows | None = field(default=None, compare=False)

    @classmethod
    def of(cls, name: str, evaluation: Evaluation, whole: Tally | None = None) -> Baseline:
        """The present numbers, under this name; ``whole`` is the tally of all rows where these are a page."""
        if whole is not None:
            return cls(name, whole, evaluation.convention)
        return cls(name, evaluation.tally, evaluation.convention, PinnedRows.of(evaluation))

    def read(self, metric: Metric, now: Convention) -> Reading:
        """A metric of the baseline by the present convention, if it can be read by that."""
        tally = self._under(now)
        return (
            metric.of(self.tally, self.convention.summed_as(now)) if tally is None else metric.of(tally, now)
        )

    def aside(self, now: Convention) -> str:
        """By whose rule its numbers are where they can't be read by the present one: ", by Keras"; else empty."""
        return "" if self._under(now) is not None else f", by {self.convention.title or 'its own convention'}"

    def _under(self, now: Convention) -> Tally | None:
        """Its tally by the present rule for rows; None where that can't be told."""
        if self.convention.same_rows(now):
            return self.tally
        return None if self.rows is None else self.rows.tally(now)


@dataclass(eq=False, slots=True)
class State:
    """The predictions, how they are read, what they are compared with, and where they came from.

    Where there are more rows than numbers can be kept of, the predictions are those of the ``page``.
    """

    predictions: Predictions
    convention: Convention = field(default_factory=Convention)
    baseline: Baseline | None = None
    source: Source = field(default_factory=Source)
    page: Page | None = None
