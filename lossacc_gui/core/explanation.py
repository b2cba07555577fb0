"""What one change did, as data: which rows and cells, which losses, which predictions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.tally import Tally

Style = Literal["plain", "strong", "em", "loss", "accuracy", "rule"]
"""How a piece looks; a rule is one to choose."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence in one style."""

    text: str
    style: Style = "plain"


class Kind(StrEnum):
    """What was changed."""

    CELLS = "cells"
    LABELS = "labels"
    ROWS_ADDED = "rows added"
    ROWS_DELETED = "rows deleted"
    CLASS_ADDED = "class added"
    CLASS_DELETED = "class deleted"
    CLASS_RENAMED = "class renamed"
    CLASSES_REORDERED = "classes reordered"
    TOGETHER = "several things at once"
    CONVENTION = "convention"
    BASELINE = "baseline"
    REPLACED = "replaced"
    EPOCH = "epoch"
    PAGE = "page"
    STEPS = "steps"


@dataclass(frozen=True, slots=True)
class Move:
    """One cell that changed: its class, and its value before and after."""

    name: str
    before: float
    after: float

    @property
    def by(self) -> float:
        """How far it moved."""
        return abs(self.after - self.before)


@dataclass(frozen=True, slots=True)
class RowMoment:
    """One row at one moment; ``loss`` in the convention's unit, NaN without a label.

    ``label`` is empty where there is none. ``winner`` is the predicted class, ``prediction`` its name as a
    sentence writes it. ``tied`` names the classes that share the largest cell, where it is not one alone; ``decides``
    says that the label is among them. ``broken`` says that the largest cell is not a number.
    """

    label: str
    p_label: float
    total: float
    loss: float
    prediction: str
    right: bool
    winner: int = -1
    top: float = 0.0
    tied: tuple[str, ...] = ()
    decides: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """All rows at one moment, with cross-entropy as the convention shows it, None when undefined."""

    tally: Tally
    convention: Convention
    entropy: float | None

    @property
    def n(self) -> int:
        """The rows that count."""
        return self.tally.rows

    @property
    def hits(self) -> int:
        """The rows that are right."""
        return self.tally.hits

    @property
    def losses(self) -> tuple[int, int, int, int]:
        """The exact sum of the finite losses, and how many are ∞, −∞ and undefined."""
        t = self.tally
        return t.loss, t.loss_inf, t.loss_minus_inf, t.loss_nan


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one change did and why. Rows are indices; a row's text counts from 1.

    ``row`` is the one row that changed, or the first of several, -1 when it is all about something
    else. ``before_row`` and ``after_row`` are given for one row. ``moves`` are the cells that changed
    in it, the largest move first. ``cells`` and ``rows`` count what changed. ``name`` is the class,
    source or baseline it is about and ``old_name`` what it was before. ``rounded`` is a typed value
    and what the predictions' dtype made of it. ``lost`` counts rows that came with a label or lost it.
    ``parts`` says in counts what several edits at once did. ``compares`` says that the numbers before
    and after mean the same. ``aside`` is what whoever asked for the change has to say of it. ``told`` is
    the sentence.
    """

    kind: Kind
    before: Moment
    after: Moment
    undone: bool = False
    steps: int = 0
    row: int = -1
    rows: int = 0
    cells: int = 0
    moves: tuple[Move, ...] = ()
    before_row: RowMoment | None = None
    after_row: RowMoment | None = None
    became_right: int = 0
    became_wrong: int = 0
    name: str = ""
    old_name: str = ""
    classes: int = 0
    lost: int = 0
    rounded: tuple[float, float, str] | None = None
    touched_loss: float = 0.0
    parts: tuple[str, ...] = ()
    compares: bool = True
    aside: str = ""
    told: tuple[Span, ...] = field(default=(), repr=False)

    @property
    def flipped(self) -> int:
        """How many rows changed between right and wrong."""
        return self.became_right + self.became_wrong

    @property
    def text(self) -> str:
        """The sentences without their style."""
        return "".join(span.text for span in self.told)
