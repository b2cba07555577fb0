"""Which pairs of cross-entropy and accuracy are possible, for any number of rows right.

With p(label) free and the row's sum s held, a right row has p(label) between s/C and s, a wrong one at
most s/2 because another cell is at least as large. The loss is minus the logarithm of p(label), clipped
as the convention clips it, or of what a temperature makes of the row after the clip; sums of such intervals
are intervals, so two numbers for every k say it all.
Ends are closed or open by the tie rule; that no pixel could show it is why nothing here says which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention, Divisor, Reduction, Rows
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.losses import clipped_loss
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.sums import is_off
from lossacc_gui.core.weights import is_weighted, row_weights

LEAST = float(np.nextafter(0.0, 1.0))
"""The smallest number above 0."""

TINY = 1e-300
"""Parts of a sum above this are no number so small that it is rounded."""

BLOCK_ROWS = 4_096
"""Flagged rows looked at together; a row without a bound is nearly always among the first."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The lowest and highest loss of a right row and of a wrong one, in nats; numbers or one each row."""

    right_low: Floats
    right_high: Floats
    wrong_low: Floats
    wrong_high: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Region:
    """What can be reached: ``bounds(k)`` for k of ``rows`` labelled rows right.

    ``says`` is the sentence to show with it. Where nothing bounds the pair, ``reason`` says why and
    ``bounds`` may not be asked. ``own`` names what of a row its ends depend on: "sum", "weight" or both; that is
    ``slight`` where it is but the rounding of sums.
    """

    rows: int
    says: str
    reason: str = ""
    own: str = ""
    slight: bool = False
    _lows: Floats | None = None
    _highs: Floats | None = None
    _ends: Ends | None = None
    _scale: float = 1.0

    def bounds(self, k: NDArray[np.integer]) -> tuple[Floats, Floats]:
        """The lowest and highest cross-entropy, in the convention's unit, with ``k`` (m,) rows right."""
        assert not self.reason
        if self._ends is not None:
            ends, wrong = self._ends, self.rows - k
            low = k * ends.right_low + wrong * ends.wrong_low
            with np.errstate(invalid="ignore"):  # no wrong row times an infinite end
                high = k * ends.right_high + np.where(wrong > 0, wrong * ends.wrong_high, 0.0)
        else:
            assert self._lows is not None
            assert self._highs is not None
            low, high = self._lows[k], self._highs[k]
        return low * self._scale, high * self._scale


def region(evaluation: Evaluation) -> Region:
    """What can be reached with as many rows and classes, each row keeping its sum.

    O(1) from the tally where rows sum to 1 (within the tolerance a row may be off unflagged, so ends
    are exact to that tolerance); row by row where they do not, O(N), or with a clip O(N log N).
    """
    tally, convention = evaluation.tally, evaluation.convention
    rows, classes = tally.rows, evaluation.predictions.classes
    counted = np.empty(0, bool)
    if tally.sum_off or is_weighted(evaluation.predictions, convention):
        counted = evaluation.stats.has(Flag.COUNTED)
    off = int(np.count_nonzero(evaluation.stats.has(Flag.SUM_OFF) & counted)) if tally.sum_off else 0
    weights = row_weights(evaluation.predictions, convention, counted)
    if reason := _reason(evaluation, off, weights):
        return _none(rows, reason)
    scale = _scale(convention, rows, weights)
    alike = not off or _keeps_shares(convention)
    if alike and weights is None:
        shape = "band" if rows <= 24 else "shade"
        says = f"{shape}{'s' if shape == 'band' else 'd'}: all that a {rows:,} × {classes:,} matrix can reach"
        return Region(rows, says, _ends=_ends(np.array(1.0), classes, evaluation), _scale=scale)
    sums = np.ones(rows) if alike else evaluation.stats.total[counted]
    told = int(np.count_nonzero(is_off(evaluation.stats) & counted))
    which = (
        "these rows do" if told == rows else "1 row does" if told == 1 else f"{told:,} of {rows:,} rows do"
    )
    slight = weights is None and not told
    says = f"{which} not sum to 1" if told else "rows sum to 1 up to rounding"
    says = f"{says}: bounds by each row's own sum"
    if weights is not None:
        says = "rows have weights: bounds by each row's own" if alike else f"{says} and weight"
    own = " and ".join(["sum"] * (not alike) + ["weight"] * (weights is not None))
    if weights is None and not (convention.clips or convention.mixes) and sums.min() > TINY:
        return Region(rows, says, own=own, slight=slight, _ends=_mean_ends(sums, classes), _scale=scale)
    ends = _ends(sums, classes, evaluation)
    if weights is not None:
        ends = _weighted(ends, weights)
    lows, highs = _row_by_row(ends)
    return Region(rows, says, own=own, slight=slight, _lows=lows, _highs=highs, _scale=scale)


def _keeps_shares(convention: Convention) -> bool:
    """Whether a row's sum is without effect: a temperature leaves it so only where no clip meets it before."""
    if convention.temperature != 1:
        return not convention.clips
    return convention.rows is Rows.LOGITS or convention.divides


def _reason(evaluation: Evaluation, off: int, weights: Floats | None) -> str:
    """Why nothing bounds the pair; nothing when something does. ``off`` rows do not sum to 1."""
    tally, convention = evaluation.tally, evaluation.convention
    if not tally.rows:
        return "no row has a label"
    if convention.smoothing:
        return convention.mixes
    if weights is not None and not weights.any():
        return "every labelled row has the weight 0"
    reason = _unfit(evaluation) if tally.outside else ""
    if tally.sum_off and not reason and convention.rows is not Rows.LOGITS:
        reason = _empty_row(evaluation)
    if off and not reason and convention.clips_first and convention.temperature == 1:
        reason = "cells are clipped before they are divided, and these rows do not sum to 1"
    return reason


def _none(rows: int, reason: str) -> Region:
    return Region(rows, f"no bound here: {reason}", reason)


def _scale(convention: Convention, rows: int, weights: Floats | None) -> float:
    scale = 1 / convention.nats
    if convention.reduction is Reduction.SUM:
        return scale
    if weights is None or convention.divisor is Divisor.ROWS:
        return scale / rows
    return scale / float(weights.sum())


def _weighted(ends: Ends, weights: Floats) -> Ends:
    """Each row's ends times its weight; a row of weight 0 is left out, whatever its loss."""
    each = (ends.right_low, ends.right_high, ends.wrong_low, ends.wrong_high)
    with np.errstate(invalid="ignore"):
        return Ends(*(np.where(weights > 0, end * weights, 0.0) for end in each))


def _unfit(evaluation: Evaluation) -> str:
    """Which labelled row is not finite or has a negative probability; nothing when none."""
    stats = evaluation.stats
    flagged = np.flatnonzero(stats.has(Flag.OUTSIDE) & stats.has(Flag.COUNTED))
    cells = evaluation.predictions.probs[evaluation.epoch]
    for start in range(0, len(flagged), BLOCK_ROWS):
        rows = flagged[start : start + BLOCK_ROWS]
        block = cells[rows]
        bad = ~np.isfinite(block).all(axis=1)
        if evaluation.convention.rows is not Rows.LOGITS:
            bad |= (block < 0).any(axis=1)
        if bad.any():
            row = int(rows[bad.argmax()])
            what = "has a negative cell" if np.isfinite(cells[row]).all() else "is not finite"
            return f"row {row + 1} {what}"
    return ""


def _empty_row(evaluation: Evaluation) -> str:
    """Which labelled row sums to 0, and so has no loss to bound; nothing when none."""
    stats = evaluation.stats
    empty = np.flatnonzero((stats.total == 0) & stats.has(Flag.COUNTED))
    return f"row {int(empty[0]) + 1} sums to 0" if len(empty) else ""


def _ends(sums: Floats, classes: int, evaluation: Evaluation) -> Ends:
    """The ends of rows with these sums; ``sums`` has any shape."""
    convention, dtype = evaluation.convention, evaluation.predictions.probs.dtype
    if convention.temperature != 1 and convention.clips:
        return _heated_ends(sums, classes, convention.eps(dtype), 1 / convention.temperature)
    best, even, half, none = sums, sums / classes, sums / 2, np.zeros_like(sums)
    # Of the smallest number the half is 0, and the loss would be infinite.
    even, half = (np.where(sums > 0, np.maximum(part, LEAST), part) for part in (even, half))
    clip = convention
    if convention.clips_first:
        # Zeros become eps before the row is divided by its new sum; an even row keeps its shares.
        eps, clip = convention.eps(dtype), replace(convention, clip=0.0)
        spread = 1 + (classes - 2) * eps
        best, half, none = (1 - eps) / spread * sums, half / spread, eps / spread * sums
    elif not convention.clips:
        clip = replace(convention, clip=0.0)
    with np.errstate(divide="ignore"):
        return Ends(*(clipped_loss(p, clip, dtype) for p in (best, even, half, none)))


def _mean_ends(sums: Floats, classes: int) -> Ends:
    """The ends of a row as they are on average: without a clip no two rows with sums (n,) gain otherwise."""
    mean = -float(np.log(sums).mean())
    return Ends(*map(np.array, (mean, mean + np.log(classes), mean + np.log(2), np.inf)))


def _heated_ends(sums: Floats, classes: int, eps: float, power: float) -> Ends:
    """The ends of rows raised to ``eps`` and then to a ``power``, 1 / T, in which a cell of 0 weighs as one of eps.

    With nothing on the label all is on so many others, alike, that they weigh most: on one where T is below 1.
    """
    floor, others = np.full_like(sums, eps), classes - 1
    whole, half = (np.maximum(part, eps) for part in (sums, sums / 2))
    few = np.ones_like(sums)
    if power < 1:
        few = np.clip(sums / eps * (1 - power) ** (1 / power), 1, others)

    def loss(label: Floats, *heaps: tuple[Floats | int, Floats]) -> Floats:
        """The loss where so many others are at so much each."""
        with np.errstate(divide="ignore"):
            each = [np.log(many) + power * np.log(cell / label) for many, cell in heaps]
        found: Floats = np.logaddexp.reduce([np.zeros_like(label), *each])
        return found

    def nothing(many: Floats) -> Floats:
        return loss(floor, (many, np.maximum(sums / many, eps)), (others - many, floor))

    return Ends(
        loss(whole, (others, floor)),
        np.full_like(sums, np.log(classes)),
        loss(half, (1, half), (others - 1, floor)),
        np.maximum(nothing(np.floor(few)), nothing(np.ceil(few))),
    )


def _row_by_row(ends: Ends) -> tuple[Floats, Floats]:
    """The lowest and highest sum for k = 0..N right rows: the rows that gain most from it go first."""
    lows = ends.wrong_low.sum() + _cumulated(np.sort(ends.right_low - ends.wrong_low))
    if np.isinf(ends.wrong_high).any():  # unclipped: one wrong row is enough for any loss
        highs = np.full(len(lows), np.inf)
        highs[-1] = ends.right_high.sum()
        return lows, highs
    gains = np.sort(ends.right_high - ends.wrong_high)[::-1]
    return lows, ends.wrong_high.sum() + _cumulated(gains)


def _cumulated(steps: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(steps)])
