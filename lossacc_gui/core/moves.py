"""Moves that change which rows are right and leave the loss where it is.

What a row's loss is made of, p(label) and the row's sum, stays to the last bit; only other cells move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.cells import Probs
from lossacc_gui.core.convention import Rows
from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.flips import changed_cells
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.turning import Indices, turned_rows

BLOCK_CELLS = 1_048_576
"""Cells moved at a time."""


@dataclass(frozen=True, eq=False, slots=True)
class Push:
    """The edit that pushes accuracy to an end, the ``rows`` it changes, and those ``left`` to rounding."""

    edit: SetCells
    rows: int
    left: int


def pushable(evaluation: Evaluation, right: bool) -> Indices:
    """The rows (k,) that can be made right, or wrong, with their loss unchanged and are not so yet."""
    stats = evaluation.stats
    hit = stats.has(Flag.HIT)
    if evaluation.convention.mixes:
        return np.empty(0, np.intp)
    if right:
        return np.flatnonzero(stats.has(Flag.CAN_BE_RIGHT) & ~hit)
    return np.flatnonzero(hit & ~stats.has(Flag.MUST_BE_RIGHT))


def push(
    evaluation: Evaluation,
    right: bool,
    exact: bool = True,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Push:
    """Make as many rows right, or wrong, as their losses allow. O(classes) for each of the rows moved.

    ``len(pushable(...))`` says beforehand how many those are. Without ``exact`` a loss may differ by what the
    cells' dtype rounds, which lets float32 logits move. ``progress`` hears the finished share. Raises Refusal
    when there is nothing to move, and Stopped when ``stop`` says so.
    """
    rows = pushable(evaluation, right)
    if not len(rows):
        if reason := evaluation.convention.mixes:
            raise Refusal("accuracy", reason, "choose a convention without it")
        end = "right" if right else "wrong"
        raise Refusal("accuracy", f"no more rows can be {end} at these losses", "change a p(label) first")
    size = max(1, BLOCK_CELLS // evaluation.predictions.classes)
    places: list[Indices] = []
    columns: list[Indices] = []
    values: list[Probs] = []
    moved = 0
    for start in range(0, len(rows), size):
        if stop is not None and stop():
            raise Stopped
        block = rows[start : start + size]
        before = evaluation.predictions.probs[evaluation.epoch][block]
        after, done = turned_rows(
            before, evaluation.predictions.labels[block], evaluation.convention, right, exact
        )
        moved += int(done.sum())
        at, column = np.nonzero((after != before) & done[:, np.newaxis])
        places.append(block[at])
        columns.append(column)
        values.append(after[at, column])
        if progress is not None:
            progress(min(1.0, (start + size) / len(rows)))
    every = np.concatenate(places), np.concatenate(columns), np.concatenate(values)
    return Push(SetCells(*every, evaluation.epoch), moved, len(rows) - moved)


def turned(evaluation: Evaluation, row: int, right: bool, exact: bool = True) -> SetCells:
    """Make one row right, or wrong, with its loss unchanged. Raises Refusal with the reason it cannot be.

    ``exact`` is that of ``push``.
    """
    if reason := why_not(evaluation, row, right):
        raise Refusal(f"row {row + 1}", reason, _advice(evaluation, row, right))
    predictions, one = evaluation.predictions, slice(row, row + 1)
    before = predictions.probs[evaluation.epoch][one]
    after, done = turned_rows(before, predictions.labels[one], evaluation.convention, right, exact)
    if not done[0]:
        what = f"no other {before.dtype} cells keep its loss to the last bit"
        raise Refusal(f"row {row + 1}", what, "flip it with the smallest move instead")
    return changed_cells(row, before[0], after[0], evaluation.epoch)


def _advice(evaluation: Evaluation, row: int, right: bool) -> str:
    """What to do about a row that ``why_not`` speaks of."""
    stats = evaluation.stats[row : row + 1]
    if not stats.has(Flag.COUNTED)[0]:
        return "give it one first"
    if evaluation.convention.mixes:
        return "choose no label smoothing and T = 1 first"
    if bool(stats.has(Flag.HIT)[0]) is right:
        return f"make it {'wrong' if right else 'right'} instead, or go to another row"
    return "change its p(label) first"


def why_not(evaluation: Evaluation, row: int, right: bool) -> str:
    """Why a row cannot be made right, or wrong, with its loss unchanged; nothing when it can."""
    stats = evaluation.stats[row : row + 1]
    can, must, hit, counted = (
        bool(stats.has(flag)[0]) for flag in (Flag.CAN_BE_RIGHT, Flag.MUST_BE_RIGHT, Flag.HIT, Flag.COUNTED)
    )
    if not counted:
        return "it has no label"
    if evaluation.convention.mixes:
        return evaluation.convention.mixes
    if hit is right:
        return f"it is {'right' if right else 'wrong'} already"
    if can if right else not must:
        return ""
    cells, classes = evaluation.predictions.probs[evaluation.epoch, row], evaluation.predictions.classes
    logits, first = evaluation.convention.rows is Rows.LOGITS, int(evaluation.predictions.labels[row]) == 0
    if not np.isfinite(stats.total[0]):
        what = "it is not finite"
    elif not logits and cells.min() < 0:
        what = "it has a negative cell"
    elif classes == 2:
        what = "with two classes, p(label) fixes the other cell too"
    elif right:
        what = f"its p(label) is {'below' if first else 'not above'} 1/{classes} of the row's sum"
        what += ", so some other cell is larger" + ("" if first else ", or as large and before it")
    else:
        what = f"its p(label) is {'half or more' if first else 'more than half'} of the row's sum"
        what += ", so no other cell is larger" + ("" if first else ", or as large and before it")
    return what
