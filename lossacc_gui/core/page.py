"""A part of the rows that is looked at alone, where there are too many to keep the numbers of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lossacc_gui.core.predictions import Predictions


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """Which rows of ``whole`` are looked at: the ``number``-th ``size`` of them, counted from 0.

    ``image`` is how many rows, its pixels, one image has; 0 where rows are no pixels. ``whole`` is None in
    a record only, where it stands as the state's predictions.
    """

    size: int
    number: int = 0
    image: int = 0
    whole: Predictions | None = None

    @property
    def all(self) -> Predictions:
        """All rows of all pages."""
        assert self.whole is not None
        return self.whole

    @property
    def count(self) -> int:
        """How many pages there are."""
        return -(-self.all.rows // self.size)

    @property
    def start(self) -> int:
        """The first row of the page, among all."""
        return self.number * self.size

    def predictions(self) -> Predictions:
        """The page's rows: views, so that an edit of them is an edit of the whole."""
        whole, rows = self.all, slice(self.start, self.start + self.size)
        weights = None if whole.weights is None else whole.weights[rows]
        return replace(whole, probs=whole.probs[:, rows], labels=whole.labels[rows], weights=weights)

    def title(self) -> str:
        """Which page it is, in words."""
        if not self.image:
            last = min(self.start + self.size, self.all.rows)
            return f"rows {self.start + 1:,} to {last:,} of {self.all.rows:,}"
        each, images = self.size // self.image, self.all.rows // self.image
        first = self.number * each + 1
        last = min(first + each - 1, images)
        return (
            f"image {first:,} of {images:,}" if each == 1 else f"images {first:,} to {last:,} of {images:,}"
        )
