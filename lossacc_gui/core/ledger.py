"""From the baseline to now: which rows turned right or wrong, and each group's exact part of both changes.

All sums are integers, losses in units of 2**-1074 nats, so the parts add up to the whole with ``==``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Reduction
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.exact import UNIT_BITS, exact_sum
from lossacc_gui.core.pinned import NEW, PinnedRows
from lossacc_gui.core.predictions import NO_LABEL, Labels
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.state import Baseline

GONE = -2
"""The label of a baseline row whose class is no more."""

UNIT = 1 << UNIT_BITS


class Group(IntEnum):
    """What became of a row. All but the last three have kept their label."""

    RIGHT_RIGHT = 0
    RIGHT_WRONG = 1
    WRONG_RIGHT = 2
    WRONG_WRONG = 3
    RELABELLED = 4
    """Another label than before, or one where there was none, or none where there was one."""
    ADDED = 5
    REMOVED = 6


NOT_COUNTED = 7
"""The code of a row that has no label now and had none before."""


@dataclass(frozen=True, slots=True)
class Side:
    """Labelled rows: how many, how many right, the exact sum of their finite losses, and the other losses."""

    rows: int = 0
    hits: int = 0
    loss: int = 0
    infinite: int = 0
    undefined: int = 0

    @classmethod
    def of(cls, loss: Floats, flags: NDArray[np.uint8]) -> Side:
        """Of rows with these losses and RowStats flags, (n,) each."""
        counted = (flags & Flag.COUNTED) != 0
        hits = int(np.count_nonzero(flags & Flag.HIT))
        losses = loss[counted]
        finite = np.isfinite(losses)
        undefined = int(np.count_nonzero(np.isnan(losses)))
        infinite = len(losses) - int(np.count_nonzero(finite)) - undefined
        return cls(len(losses), hits, exact_sum(losses[finite]), infinite, undefined)


@dataclass(frozen=True, slots=True)
class Entry:
    """One group: its rows before and now, and its part of the change of the whole, exactly.

    ``accuracy`` is a part of the change in accuracy; ``loss`` one of the change in cross-entropy in nats,
    mean or sum, over finite losses.
    """

    group: Group
    before: Side
    now: Side
    accuracy: Fraction
    loss: Fraction

    @property
    def rows(self) -> int:
        """How many rows the group has."""
        return max(self.before.rows, self.now.rows)


@dataclass(frozen=True, eq=False, slots=True)
class Ledger:
    """All groups that have rows, and the whole.

    ``codes`` (N,) is the group of each present row. ``across`` says that the baseline's losses are those
    of another convention, which cannot be computed anew. ``matched`` is false when nobody knows any more
    which row of the baseline a present row is; then there are no entries.
    """

    entries: tuple[Entry, ...]
    before: Side = Side()
    now: Side = Side()
    codes: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    across: bool = False
    matched: bool = True

    @property
    def accuracy(self) -> Fraction:
        """The exact change in accuracy."""
        return _share(self.now.hits, self.now.rows) - _share(self.before.hits, self.before.rows)

    def loss(self, reduction: Reduction) -> Fraction:
        """The exact change in cross-entropy in nats, over finite losses."""
        return _reduced(self.now.loss, self.now.rows, reduction) - _reduced(
            self.before.loss, self.before.rows, reduction
        )

    def rows_of(self, group: Group) -> NDArray[np.intp]:
        """The present rows of a group; none for those that were removed."""
        return np.flatnonzero(self.codes == group)


def ledger(
    baseline: Baseline, evaluation: Evaluation, reached: Callable[[float], None] = lambda _: None
) -> Ledger:
    """Compare the present rows with those of a baseline that has kept its rows. Cost: all rows.

    ``reached`` hears the finished share, 0 to 1, and may raise Stopped.
    """
    pinned, convention, stats = baseline.rows, evaluation.convention, evaluation.stats
    places = pinned.matched(len(stats)) if pinned is not None else None
    if pinned is None or places is None:
        return Ledger((), matched=False)
    read = pinned.read_as(baseline.convention, convention)
    pinned, across = pinned if read is None else read, read is None
    old_labels = _labels(pinned, evaluation.predictions.class_names)
    there = places != NEW
    at = np.where(there, places, 0)
    reached(0.1)
    codes = _codes(
        there,
        (pinned.flags[at], stats.flags),
        (old_labels[at], evaluation.predictions.labels),
    )
    gone = np.ones(len(pinned), bool)
    gone[places[there]] = False
    reached(0.3)
    before = Side.of(pinned.loss, pinned.flags)
    now = Side.of(stats.loss, stats.flags)
    reduction, entries = convention.reduction, []
    for group in Group:
        reached(0.4 + 0.6 * group / len(Group))
        mine = np.flatnonzero(codes == group)
        old = np.flatnonzero(gone) if group is Group.REMOVED else places[mine]
        old = old[old != NEW]
        then, today = (
            Side.of(pinned.loss[old], pinned.flags[old]),
            Side.of(stats.loss[mine], stats.flags[mine]),
        )
        if then.rows or today.rows:
            entries.append(
                Entry(
                    group,
                    then,
                    today,
                    _share(today.hits, now.rows) - _share(then.hits, before.rows),
                    _reduced(today.loss, now.rows, reduction) - _reduced(then.loss, before.rows, reduction),
                )
            )
    return Ledger(tuple(entries), before, now, codes, across)


def _labels(pinned: PinnedRows, names: tuple[str, ...]) -> Labels:
    """The baseline's labels in the present classes: by name, or by place where a class was renamed."""
    if pinned.names == names:
        return pinned.labels
    index = {name: i for i, name in enumerate(names)}
    renamed = len(names) == len(pinned.names) and not set(names) >= set(pinned.names)
    found = [index.get(name, i if renamed else GONE) for i, name in enumerate(pinned.names)]
    return np.array([*found, NO_LABEL], np.int32)[pinned.labels]  # -1 is the last


def _codes(
    there: NDArray[np.bool_],
    flags: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    labels: tuple[Labels, Labels],
) -> NDArray[np.uint8]:
    """The group of each present row, given flags and labels before and now."""
    wrong_before, wrong_now = ((each & Flag.HIT) == 0 for each in flags)
    codes: NDArray[np.uint8] = (2 * wrong_before + wrong_now).astype(np.uint8)
    codes[labels[0] != labels[1]] = Group.RELABELLED
    codes[(labels[0] == NO_LABEL) & (labels[1] == NO_LABEL)] = NOT_COUNTED
    codes[~there] = np.where(labels[1][~there] == NO_LABEL, NOT_COUNTED, Group.ADDED)
    return codes


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


def _reduced(loss: int, rows: int, reduction: Reduction) -> Fraction:
    """An exact sum of losses as the convention's mean or sum, in nats."""
    return _share(loss, UNIT * (rows if reduction is Reduction.MEAN else 1))
