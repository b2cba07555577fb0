"""Ways to make rows anew: equal shares, random, sharper, softer, with noise, summing to 1.

A recipe makes rows out of rows, as numbers; where they are read as logits it makes logits. A row that a
recipe cannot work on, because it is not finite, negative or sums to 0, stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lossacc_gui.core.cells import Probs
from lossacc_gui.core.convention import Rows
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.temperature import tempered
from lossacc_gui.core.wording import brief

SMALLEST = 1e-300
"""A Dirichlet share below this is taken to be this, so that its logit is finite."""


class Recipe(Protocol):
    """One way to make rows."""

    @property
    def text(self) -> str:
        """What it does, as the name of a step."""

    @property
    def random(self) -> bool:
        """Whether it draws random numbers."""

    def of(self, cells: Probs, rows: Rows, draw: Generator) -> NDArray[np.floating]:
        """Rows (k, C) made out of ``cells`` (k, C), which stay as they are."""


@dataclass(frozen=True, slots=True)
class Even:
    """Every class the same share."""

    random = False

    @property
    def text(self) -> str:
        """See Recipe."""
        return "Equal shares"

    def of(self, cells: Probs, rows: Rows, draw: Generator) -> Floats:
        """See Recipe."""
        return np.full(cells.shape, 0.0 if rows is Rows.LOGITS else 1 / cells.shape[1])


@dataclass(frozen=True, slots=True)
class Dirichlet:
    """Random shares; the smaller the ``concentration``, the more one class has. 1: any row equally likely."""

    concentration: float = 1.0
    random = True

    def __post_init__(self) -> None:
        _check(self.concentration, "concentration")

    @property
    def text(self) -> str:
        """See Recipe."""
        return f"Random rows, concentration {brief(self.concentration)}"

    def of(self, cells: Probs, rows: Rows, draw: Generator) -> Floats:
        """See Recipe."""
        shares = draw.dirichlet(np.full(cells.shape[1], self.concentration), len(cells))
        return np.log(np.maximum(shares, SMALLEST)) if rows is Rows.LOGITS else shares


@dataclass(frozen=True, slots=True)
class Temper:
    """The rows as softmax(z / T): sharper below T = 1, softer above. No prediction changes."""

    temperature: float = 2.0
    random = False

    def __post_init__(self) -> None:
        _check(self.temperature, "temperature")

    @property
    def text(self) -> str:
        """See Recipe."""
        return f"{'Sharpen' if self.temperature < 1 else 'Soften'} by T = {brief(self.temperature)}"

    def of(self, cells: Probs, rows: Rows, draw: Generator) -> NDArray[np.floating]:
        """See Recipe."""
        return tempered(cells, self.temperature, rows)


@dataclass(frozen=True, slots=True)
class Noise:
    """Normal noise of this ``size`` on every logit (ln p for probabilities); each row keeps its sum."""

    size: float = 0.5
    random = True

    def __post_init__(self) -> None:
        _check(self.size, "noise")

    @property
    def text(self) -> str:
        """See Recipe."""
        return f"Noise of {brief(self.size)}"

    def of(self, cells: Probs, rows: Rows, draw: Generator) -> NDArray[np.floating]:
        """See Recipe."""
        exact, noise = cells.astype(np.float64), draw.normal(0.0, self.size, cells.shape)
        if rows is Rows.LOGITS:
            return exact + noise
        with np.errstate(all="ignore"):
            moved = exact * np.exp(noise)
            moved *= exact.sum(axis=1, keepdims=True) / moved.sum(axis=1, keepdims=True)
        return _but_for(odd(exact) | ~np.isfinite(moved).all(axis=1), cells, moved)


@dataclass(frozen=True, slots=True)
class Normalise:
    """Each row divided by its sum; one that sums to 1 as nearly as its dtype can stays."""

    random = False

    @property
    def text(self) -> str:
        """See Recipe."""
        return "Normalise"

    def of(self, cells: Probs, rows: Rows, draw: Generator) -> NDArray[np.floating]:
        """See Recipe."""
        if rows is Rows.LOGITS:
            raise Refusal(
                "rows", "logits need not sum to anything", "read the rows as probabilities to normalise them"
            )
        exact = cells.astype(np.float64)
        near = float(np.finfo(cells.dtype).eps) * cells.shape[1]
        with np.errstate(all="ignore"):
            total = exact.sum(axis=1, keepdims=True)
            moved = exact / total
        return _but_for(odd(exact) | (np.abs(total[:, 0] - 1) <= near), cells, moved)


def odd(cells: Floats) -> NDArray[np.bool_]:
    """Which rows (k,) are no shares of a sum: not finite, negative, or all zero."""
    with np.errstate(all="ignore"):
        total = cells.sum(axis=1)
    fine: NDArray[np.bool_] = np.isfinite(total) & (total > 0) & (cells >= 0).all(axis=1)
    return ~fine


def shuffled(labels: Labels, seed: int) -> Labels:
    """The labels (k,) dealt out anew among the same rows: what a model that learned nothing would face."""
    return np.random.default_rng(seed).permutation(labels)


def _but_for(kept: NDArray[np.bool_], cells: Probs, moved: Floats) -> NDArray[np.floating]:
    """The rows ``moved``, in the dtype of ``cells``; those ``kept`` are as they were, to the last bit."""
    with np.errstate(over="ignore", invalid="ignore"):
        new: NDArray[np.floating] = moved.astype(cells.dtype)
    new[kept] = cells[kept]
    return new


def _check(value: float, name: str) -> None:
    if not (isfinite(value) and value > 0):
        raise Refusal(name, f"{value} is not above 0", "give a number above 0")
