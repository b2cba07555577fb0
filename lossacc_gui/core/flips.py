"""The smallest move that turns one row's prediction from right to wrong or back.

Probabilities: mass moves inside the row, so its sum is kept; the size of a move is the sum of the absolute
changes of its cells, twice the mass moved. Logits: the label's own cell moves, by its distance to the best
other one; no change of less than that, spread over whatever cells, can flip the row.

A tie goes to the first class. Where that is the wanted side the row ends in a tie, and the move is
the smallest there is. Elsewhere there is no smallest move, and the row goes one step of its dtype beyond.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.refusal import Refusal

Row = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False, slots=True)
class Flip:
    """A row after the smallest move that flips it.

    ``cells`` (C,) has the dtype of the row given. ``distance`` is the sum of the absolute changes that no
    flip can be below; ``attained`` says that one is exactly that, by a tie. ``right`` says which way it went,
    ``rival`` which class was predicted in place of the label before, or is after.
    """

    cells: Row
    distance: float
    attained: bool
    right: bool
    rival: int


def smallest_flip(cells: Row, label: int, rows: Rows = Rows.AS_TYPED) -> Flip:
    """The smallest flip of one row, ``cells`` (C,). Raises Refusal where none is defined."""
    if label == NO_LABEL:
        raise Refusal(
            "this row", "it has no label, so it is neither right nor wrong", "give it a label first"
        )
    with np.errstate(over="ignore", invalid="ignore"):  # the step beyond the largest number is refused
        return (_of_logits if rows is Rows.LOGITS else _of_probabilities)(cells, label)


def changed_cells(row: int, before: Row, after: Row, epoch: int = 0) -> SetCells:
    """The edit that makes the row ``before`` (C,) the row ``after``, of the cells that differ only."""
    columns = np.flatnonzero(before != after)
    return SetCells(np.full(len(columns), row, np.intp), columns, after[columns], epoch)


def _of_probabilities(cells: Row, label: int) -> Flip:
    total = float(cells.sum(dtype=np.float64))
    if not (np.isfinite(total) and float(cells.min()) >= 0):
        raise Refusal(
            "this row", "moving mass needs finite numbers that are not negative", "mend its cells first"
        )
    if total == 0:
        raise Refusal("this row", "it sums to 0: there is no mass to move", "give a cell a value first")
    return _to_wrong(cells, label) if int(cells.argmax()) == label else _to_right(cells, label)


def _best_other(cells: Row, label: int) -> int:
    """The first maximal class besides the label's."""
    other = int(np.delete(cells, label).argmax())
    return other + (other >= label)


def _to_wrong(cells: Row, label: int) -> Flip:
    rival = _best_other(cells, label)
    gap = float(cells[label]) - float(cells[rival])
    moved = _levelled(cells, rival, np.array([label, rival]))
    return Flip(moved, gap, rival < label, False, rival)


def _to_right(cells: Row, label: int) -> Flip:
    """Fill the label's cell from the highest others, all of them down to one level."""
    exact = cells.astype(np.float64)
    others = np.sort(np.delete(exact, label))[::-1]
    # The level with m others drawn in; the first that the next one does not stick out of.
    count = np.arange(2, len(cells) + 1)
    levels = (exact[label] + np.cumsum(others)) / count
    level = float(levels[int((levels >= np.append(others[1:], -1.0)).argmax())])
    above = exact > level
    above[label] = True
    mean = fsum(exact[above].tolist()) / int(above.sum())
    low = float(_floor(np.float64(mean), cells.dtype))
    drawn = np.flatnonzero((exact >= low) | above)
    moved = _levelled(cells, label, drawn)
    attained = not bool((np.flatnonzero(exact >= mean) < label).any())
    return Flip(moved, 2 * (mean - float(exact[label])), attained, True, int(cells.argmax()))


def _levelled(cells: Row, winner: int, drawn: NDArray[np.intp]) -> Row:
    """The row with the cells ``drawn`` at one level, their sum kept, and ``winner``, one of them, ahead.

    All get the number at or below the level; what they lack of their sum are steps of the dtype, given
    first to the winner, then to those behind it, which may tie with it, then as it must be to all.
    """
    values, dtype = cells[drawn].astype(np.float64).tolist(), cells.dtype
    low = _floor(np.float64(fsum(values) / len(values)), dtype)
    while (lack := fsum([*values, *[-float(low)] * len(values)])) < 0:  # the mean was rounded up
        low = np.nextafter(low, -np.inf, dtype=dtype)
    lacking = round(lack / (float(np.nextafter(low, np.inf, dtype=dtype)) - float(low)))
    moved = cells.copy()
    moved[drawn] = low
    ahead = drawn[drawn < winner]
    if lacking == 0 and ahead.size:  # even, and the tie would go to another: take a step from one of them
        moved[ahead[-1]] = np.nextafter(low, -np.inf, dtype=dtype)
        lacking = 1
    while lacking > 0:
        moved[winner] = ceiling = np.nextafter(moved[winner], np.inf, dtype=dtype)
        below = np.nextafter(ceiling, -np.inf, dtype=dtype)
        lower = drawn[moved[drawn] < np.where(drawn > winner, ceiling, below)]
        raised = lower[np.argsort(moved[lower], kind="stable")][: lacking - 1]
        moved[raised] = np.nextafter(moved[raised], np.inf, dtype=dtype)
        lacking -= 1 + len(raised)
    return _checked(moved, winner)


def _of_logits(cells: Row, label: int) -> Flip:
    rival = _best_other(cells, label)
    mine, best = float(cells[label]), float(cells[rival])
    if not (np.isfinite(mine) and np.isfinite(best)) or np.isnan(cells).any():
        raise Refusal(
            "this row", "the label's logit and the best other one must be finite", "mend its cells first"
        )
    right = int(cells.argmax()) != label
    attained = (label < rival) is right
    target = cells[rival]
    if not attained:
        target = np.nextafter(target, np.inf if right else -np.inf, dtype=cells.dtype)
    moved = cells.copy()
    moved[label] = target
    return Flip(_checked(moved, label), abs(mine - best), attained, right, rival)


def _floor(value: np.float64, dtype: np.dtype[Any]) -> Any:
    """The largest number of a dtype that is not above a float64."""
    near = value.astype(dtype)
    return np.nextafter(near, -np.inf, dtype=dtype) if near > value else near


def _checked(moved: Row, cell: int) -> Row:
    """A row in which this cell has not gone beyond what its dtype can hold."""
    if not np.isfinite(moved[cell]):
        raise Refusal("this row", f"{moved.dtype} has no number beyond its cells", "scale the row down first")
    return moved
