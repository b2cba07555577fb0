"""The rows a picture of row losses is made of, what they carry of the whole, and the range they take."""

from __future__ import annotations

from math import ceil, isnan, log

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.curves.axes import logarithm, per_nat
from lossacc_gui.core.curves.before import Before, compared, since
from lossacc_gui.core.curves.carried import Carried
from lossacc_gui.core.curves.listed import listed, loss_ends, mean, told
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import all_of, are, brief, number, rows, share

BARS = 60
"""Up to this many labelled rows each has a bar of its own."""

HUNDRED = 100
"""From so many rows on the worst 1 % are spoken of."""


class LossRows:
    """The labelled rows that have a loss, in the convention's unit; few of them sorted by it."""

    def __init__(self, scene: Scene) -> None:
        stats = scene.evaluation.stats
        labelled = listed(scene)
        scene.reached(0.1)
        losses = stats.loss[labelled] * per_nat(scene.convention)
        defined = ~np.isnan(losses)
        order = np.flatnonzero(defined)
        if len(losses) <= BARS:
            order = order[np.argsort(losses[order], kind="stable")]
        self.undefined = len(losses) - len(order)
        self.rows: NDArray[np.intp] = labelled[order]
        self.loss: Floats = losses[order]
        self.carried = Carried.of(scene, self.rows, self.loss)
        self.right: NDArray[np.bool_] = (stats.flags[self.rows] & np.uint8(Flag.HIT)) != 0
        self.finite = int(np.count_nonzero(self.loss < np.inf))
        self.guessing = log(scene.predictions.classes) * per_nat(scene.convention)
        scene.reached(0.3)

    def __len__(self) -> int:
        return len(self.loss)

    @property
    def few(self) -> bool:
        """Whether each has room for a bar of its own."""
        return len(self) + self.undefined <= BARS

    @property
    def infinite(self) -> int:
        """How many rows have an infinite loss."""
        return len(self) - self.finite

    @property
    def concentration(self) -> tuple[float, float]:
        """The share of the whole loss the worst 1 % of the rows carry, and the least of what they add to it.

        NaN where fewer than a hundred rows have one, or some loss is infinite or negative.
        """
        first, total = len(self) - ceil(len(self) / HUNDRED), self.carried.total
        if len(self) < HUNDRED or isnan(total):
            return float("nan"), float("nan")
        parted = np.partition(self.carried.loss, first)
        return float(parted[first:].sum()) / total, float(parted[first])

    def place_of(self, row: int) -> int:
        """The index of a row among these; -1 when it has no loss."""
        found = np.flatnonzero(self.rows == row)
        return int(found[0]) if len(found) else -1

    def says(self, i: int) -> str:
        """One of them in words."""
        right = "right" if self.right[i] else "wrong"
        weight = "" if self.carried.weight is None else f", weight {brief(float(self.carried.weight[i]))}"
        return f"row {int(self.rows[i]) + 1}: loss {number(float(self.loss[i]))}{weight}, {right}"

    def reading(self) -> str:
        """How the loss is spread over them, in a sentence."""
        undefined = f" {rows(self.undefined).capitalize()} without a defined loss." if self.undefined else ""
        return self.carried.told(f"{self._spread()}{undefined}")

    def _spread(self) -> str:
        carried = self.carried.loss
        worst = self.rows[carried == np.inf]
        if len(worst) == 1:
            return f"The loss of row {int(worst[0]) + 1} is infinite, and with it the whole."
        if len(worst):
            return f"The losses of {rows(len(worst))} are infinite, and with them the whole."
        low, high = float(self.loss.min()), float(self.loss.max())
        if low == high:
            have = are(len(self), "has", "have")
            return f"{all_of(len(self), 'row').capitalize()} {have} a loss of {number(low)}."
        if isnan(self.carried.total):
            return f"Losses go from {number(low)} to {number(high)}."
        if len(self) < HUNDRED:
            last = int(len(self) - 1 - carried[::-1].argmax())
            part = share(float(carried[last]) / self.carried.total)
            return f"The worst row, row {int(self.rows[last]) + 1}, carries {part} of the loss."
        return f"The worst 1 % of rows carry {share(self.concentration[0])} of the loss."


def top(scene: Scene, losses: LossRows, then: Before | None) -> tuple[float, float]:
    """The range of losses that is drawn: round, and the same all along a drag."""
    return loss_ends(scene, losses.rows, losses.loss, None if then is None else then.loss)


def compared_reading(scene: Scene, losses: LossRows, then: Before | None) -> str:
    """The sentence, with the mean loss at the baseline and now."""
    means = since(mean(then.loss) if then is not None else None, mean(losses.loss)).removesuffix(",")
    alike = "" if losses.carried.weight is None else ", each row counting alike"
    reading = told(scene, len(losses.rows), losses.reading())
    return compared(reading, then, f"At the baseline the mean loss was {means}{alike}.")


def guessing(scene: Scene) -> str:
    """What a line at the loss of guessing says."""
    return f"guessing: {logarithm(scene.predictions.classes, scene.convention)}"
