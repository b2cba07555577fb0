"""What else moves in a row when one of its cells moves.

Each rule is written in masses: the cells themselves where rows are probabilities, and exp(z) as a share
of the row's exp(logsumexp) where they are logits. There the sum that is kept is the row's logsumexp.
"""

from __future__ import annotations

from enum import StrEnum
from math import expm1, inf, isfinite, isnan, log

import numpy as np

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.state import State
from lossacc_gui.core.wording import number

ENDS = 1e-6
"""A value this little above its range, as a part of it, is meant to be the upper end."""


class Rule(StrEnum):
    """What else moves when a cell moves."""

    ONLY = "only this cell"
    RESCALE = "rescale the rest"
    HOLD = "hold p(label)"


def edit_cell(
    state: State, epoch: int, row: int, column: int, value: float, rule: Rule, origin: Floats | None = None
) -> SetCells:
    """The edit that gives one cell a value under a rule. Raises Refusal when the rule cannot hold.

    That cell is the first the edit sets. ``origin`` (C,) is the row from which the rest is scaled: a drag gives
    the row as it was when it began, so that proportions survive a cell that goes through its end and back.
    """
    predictions = state.predictions
    if rule is Rule.ONLY:
        return SetCells(np.array([row]), np.array([column]), np.array([value]), epoch)
    start = predictions.probs[epoch, row].astype(np.float64) if origin is None else origin
    moved = move(start, int(predictions.labels[row]), column, value, rule, state.convention)
    given_way = _rest(start, int(predictions.labels[row]), column, rule)  # never the label's own bits to hold
    columns = np.append(column, np.flatnonzero(given_way))
    return SetCells(np.full(len(columns), row), columns, moved[columns], epoch)


def move(cells: Floats, label: int, column: int, value: float, rule: Rule, convention: Convention) -> Floats:
    """The row ``cells`` (C,) after one was given a value. Raises Refusal when the rule cannot hold."""
    moved = cells.copy()
    if rule is Rule.ONLY:
        moved[column] = value
        return moved
    low, high = span(cells, label, column, rule, convention)
    near = ENDS * max(1.0, abs(high))  # a float32 row sums to 0.9999999, and 1 is meant to be its end
    if not low <= value <= high + near:
        typed = "nan" if isnan(value) else number(value)
        raise Refusal(
            f"class {column + 1}",
            f"{typed} is outside {number(low)} to {number(high)}, all that “{rule}” leaves",
            "type a number inside, or choose “only this cell”",
        )
    if value == cells[column]:
        return moved
    rest = _rest(cells, label, column, rule)
    moved[column] = value
    if convention.rows is Rows.LOGITS:
        moved[rest] = _logits_of_rest(cells[rest], min(value, high), high)
    else:
        others = cells[rest]
        # The rest and this cell together keep what they have; taking it from these two alone, and
        # not from the row's sum, makes 0.1 and 0.5 become 0.3 and 0.3 without a stray last digit.
        total = float(others.sum())
        left = max(0.0, (total + float(cells[column])) - value)
        moved[rest] = others / total * left if total > 0 else left / len(others)
    return moved


def span(cells: Floats, label: int, column: int, rule: Rule, convention: Convention) -> tuple[float, float]:
    """The lowest and highest value one cell may take under a rule. Raises Refusal when it cannot hold."""
    if rule is Rule.ONLY:
        return -inf, inf
    _check(cells, label, column, rule, convention)
    rest = _rest(cells, label, column, rule)
    if convention.rows is Rows.LOGITS:
        both = np.append(cells[rest], cells[column])
        top = float(both.max())
        return -inf, top + log(float(np.exp(both - top).sum()))
    return 0.0, float(cells[rest].sum()) + float(cells[column])


def refusal(cells: Floats, label: int, column: int, rule: Rule, convention: Convention) -> str:
    """Why a rule cannot hold for a cell, or nothing when it can."""
    try:
        span(cells, label, column, rule, convention)
    except Refusal as reason:
        return f"{reason.what}: {reason.remedy}"
    return ""


def _check(cells: Floats, label: int, column: int, rule: Rule, convention: Convention) -> None:
    where, remedy = f"class {column + 1}", "choose “only this cell”"
    if rule is Rule.HOLD:
        if convention.mixes:
            raise Refusal(where, convention.mixes, "choose another edit rule, or a plain convention")
        remedy = "choose “rescale the rest” or “only this cell”"
        if label == NO_LABEL:
            raise Refusal(where, "the row has no label whose p could be held", "give the row a label first")
        if column == label:
            raise Refusal(where, "this is the label's own cell, which “hold p(label)” keeps", remedy)
        if len(cells) == 2:
            raise Refusal(where, "with two classes, p(label) fixes the other cell too", remedy)
    with np.errstate(over="ignore"):
        finite = all(map(isfinite, cells.tolist())) and isfinite(float(cells.sum()))
    if convention.rows is not Rows.LOGITS and not (finite and float(cells.min()) >= 0):
        raise Refusal(
            where, f"“{rule}” needs a row of finite numbers that are not negative", "choose “only this cell”"
        )
    if convention.rows is Rows.LOGITS and not finite:
        raise Refusal(where, f"“{rule}” needs a row of finite logits", "choose “only this cell”")


def _rest(cells: Floats, label: int, column: int, rule: Rule) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """The cells that give way."""
    rest = np.ones(len(cells), bool)
    rest[column] = False
    if rule is Rule.HOLD:
        rest[label] = False
    return rest


def _logits_of_rest(others: Floats, value: float, high: float) -> Floats:
    """Shift the other logits so that they and the cell keep their logsumexp, ``high``."""
    if value == high:
        return np.full(len(others), -inf)
    top = float(others.max())
    now = top + log(float(np.exp(others - top).sum()))  # not from the old cell: it may equal high
    return others + (high + log(-expm1(value - high)) - now)
