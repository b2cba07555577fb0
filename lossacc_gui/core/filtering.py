"""Which rows to look at: conditions on a row, as values with words for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.naming import called
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.sums import is_off

Mask = NDArray[np.bool_]


class Filter(Protocol):
    """A condition on rows. One that names classes or rows by index means nothing any more when those are
    inserted, deleted or reordered."""

    @property
    def by_class(self) -> bool:
        """Whether it names a class by its index."""

    @property
    def by_row(self) -> bool:
        """Whether it names rows by their indices."""

    def text(self, names: Sequence[str]) -> str:
        """The condition in plain words, given the names of the classes: "wrong", "label fox"."""

    def rows(self, evaluation: Evaluation) -> Mask:
        """Which rows it lets through, shape (N,)."""


@dataclass(frozen=True, slots=True)
class _Plain:
    """A condition that names neither classes nor rows."""

    by_class = False
    by_row = False


@dataclass(frozen=True, slots=True)
class Wrong(_Plain):
    """Labelled rows whose prediction is another class."""

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return "wrong"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return evaluation.stats.has(Flag.COUNTED) & ~evaluation.stats.has(Flag.HIT)


@dataclass(frozen=True, slots=True)
class Right(_Plain):
    """Labelled rows whose prediction is the label."""

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return "right"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return evaluation.stats.has(Flag.HIT)


@dataclass(frozen=True, slots=True)
class Tied(_Plain):
    """Rows whose label shares the largest cell with another class: ties that decide the accuracy."""

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return "label tied"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return evaluation.stats.has(Flag.HIT_ANY) & ~evaluation.stats.has(Flag.HIT_UNIQUE)


@dataclass(frozen=True, slots=True)
class Unlabelled(_Plain):
    """Rows without a label."""

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return "no label"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return ~evaluation.stats.has(Flag.COUNTED)


@dataclass(frozen=True, slots=True)
class SumOff(_Plain):
    """Rows that do not sum to 1."""

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return "row sum not 1"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return is_off(evaluation.stats)


@dataclass(frozen=True, slots=True)
class Outside(_Plain):
    """Rows with a cell that is not finite or, read as a probability, outside 0 to 1."""

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return "cells that are no probabilities"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return evaluation.stats.has(Flag.OUTSIDE)


@dataclass(frozen=True, slots=True)
class LabelIs:
    """Rows whose label is this class."""

    column: int
    by_class = True
    by_row = False

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return f"label {called(names, self.column).removeprefix('class ')}"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        found: Mask = evaluation.predictions.labels == self.column
        return found


@dataclass(frozen=True, slots=True)
class PredictionIs:
    """Rows whose prediction is this class."""

    column: int
    by_class = True
    by_row = False

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return f"predicted {called(names, self.column).removeprefix('class ')}"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        found: Mask = evaluation.stats.prediction == self.column
        return found


@dataclass(frozen=True, slots=True)
class ConfusionCell:
    """Rows of one label that are predicted as one class: a cell of the confusion matrix."""

    label: int
    prediction: int
    by_class = True
    by_row = False

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return f"{LabelIs(self.label).text(names)}, {PredictionIs(self.prediction).text(names)}"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return LabelIs(self.label).rows(evaluation) & PredictionIs(self.prediction).rows(evaluation)


@dataclass(frozen=True, slots=True)
class LabelHas(_Plain):
    """Rows whose label's name contains a text, in upper or lower case."""

    part: str

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return f"label has “{self.part}”"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        predictions = evaluation.predictions
        part = self.part.casefold()
        # One more at the end, which is where -1, no label, looks.
        fitting = np.array([*(part in name.casefold() for name in predictions.class_names), False])
        found: Mask = fitting[predictions.labels]
        return found


@dataclass(frozen=True, eq=False, slots=True)
class TheseRows:
    """Rows by index (k,), with words for what they are."""

    what: str
    chosen: NDArray[np.intp]
    by_class = False
    by_row = True

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return self.what

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        found = np.zeros(len(evaluation.stats), bool)
        found[self.chosen] = True
        return found


@dataclass(frozen=True, slots=True)
class All:
    """Rows that every one of several conditions lets through."""

    parts: tuple[Filter, ...]

    @property
    def by_class(self) -> bool:
        """See Filter."""
        return any(part.by_class for part in self.parts)

    @property
    def by_row(self) -> bool:
        """See Filter."""
        return any(part.by_row for part in self.parts)

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return " · ".join(part.text(names) for part in self.parts)

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        found = np.ones(len(evaluation.stats), bool)
        for part in self.parts:
            found &= part.rows(evaluation)
        return found


@dataclass(frozen=True, slots=True)
class Not:
    """Rows that a condition does not let through."""

    part: Filter

    @property
    def by_class(self) -> bool:
        """See Filter."""
        return self.part.by_class

    @property
    def by_row(self) -> bool:
        """See Filter."""
        return self.part.by_row

    def text(self, names: Sequence[str]) -> str:
        """See Filter."""
        return f"not {self.part.text(names)}"

    def rows(self, evaluation: Evaluation) -> Mask:
        """See Filter."""
        return ~self.part.rows(evaluation)
