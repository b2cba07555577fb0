"""Rows made right, or wrong, by moving cells besides the label's, their loss kept to the last bit.

The moved cells keep their sum, so p(label) and the row's sum, all that a loss is made of, stay. Where the loss
depends on that sum, and the sum of moved cells rounds differently, one cell after another gives way by a
few steps of the dtype until it is the same. A row for which none does, as may be with coarse dtypes, is told.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.cells import Probs
from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.rows import Flag, Floats, RowStats, row_stats

ATTEMPTS = 60
"""How many times a cell gives way before a row is left as it was."""

LEADS = (0.5, 0.02, 0.3)
"""How far a row goes past the tie, as a share of all the way: clearly at first. Where the loss cannot be kept
to the last bit, a smaller share leaves more small cells, which are fine enough to settle it."""

ROUNDINGS = 16
"""Steps of its dtype by which a row's sum, or a loss that need not be exact, may differ."""

RANKS = 24
"""How many cells of a row may give way, from its largest to its smallest."""

SEEN = 2.0**-40
"""Cells below this share of the largest stay as they are: they have nothing to give."""

Indices = NDArray[np.intp]


def turned_rows(
    before: Probs, labels: Labels, convention: Convention, right: bool, exact: bool
) -> tuple[Probs, NDArray[np.bool_]]:
    """Rows (n, C) made right, or wrong, and which of them (n,) kept their loss."""
    old = row_stats(before, labels, convention)
    after, done = before.copy(), np.zeros(len(before), bool)
    for lead in LEADS:
        rest = np.flatnonzero(~done)
        if not len(rest):
            break
        new = _proposed(before[rest], labels[rest], old[rest], convention, right, lead)
        done[rest] = _settle(new, labels[rest], old[rest], convention, right)
        after[rest] = new
    if not exact:
        close = ROUNDINGS * float(np.finfo(before.dtype).eps)
        done |= _good(row_stats(after, labels, convention), old, right, close)
    return after, done


def _proposed(
    before: Probs, labels: Labels, old: RowStats, convention: Convention, right: bool, lead: float
) -> Probs:
    """Rows (n, C) made right, or wrong, by this share of what there is, their sums kept up to rounding."""
    masses = _masses(before, old, convention)
    free = np.arange(before.shape[1]) != labels[:, np.newaxis]
    mine = masses[~free][:, np.newaxis]
    others = np.where(free, masses, 0.0)
    # Neither a tie that goes to the wrong side nor rounding may undo what is asked for.
    same = before[~free][:, np.newaxis]
    earlier = np.arange(before.shape[1]) < labels[:, np.newaxis]
    if right:
        after = _cells(_flattened(others, mine, free, lead), masses, before, old, convention)
        after = np.minimum(after, np.where(earlier, np.nextafter(same, -np.inf, dtype=same.dtype), same))
    else:
        rival = _rival(others, mine, free, earlier)
        after = _cells(_heaped(others, mine, rival, lead), masses, before, old, convention)
        least = np.where(earlier, same, np.nextafter(same, np.inf, dtype=same.dtype))
        after = np.where(rival, np.maximum(after, least), after)
    return np.where(free, after, before)


def _flattened(others: Floats, mine: Floats, free: NDArray[np.bool_], lead: float) -> Floats:
    """What is above a level between even and p(label) given to the next largest; small ones stay."""
    even = others.sum(axis=1, keepdims=True) / (others.shape[1] - 1)
    cap = np.where(free, mine - lead * (mine - even), 0.0)
    low = np.minimum(others, cap)
    surplus = (others - low).sum(axis=1, keepdims=True)
    order = np.argsort(-low, axis=1, kind="stable")
    room = np.take_along_axis(cap - low, order, axis=1)
    taken = np.clip(surplus - (np.cumsum(room, axis=1) - room), 0.0, room)
    given = np.empty_like(low)
    np.put_along_axis(given, order, taken, axis=1)
    flat: Floats = np.minimum(low + given, cap)
    return flat


def _rival(
    others: Floats, mine: Floats, free: NDArray[np.bool_], earlier: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The cell (n, C) to heap mass on: the largest, or one before the label where only a tie is left."""
    rest = others.sum(axis=1, keepdims=True)
    tie = (rest - mine <= 1e-6 * rest) & earlier.any(axis=1, keepdims=True)
    best = np.where(np.where(tie, earlier, free), others, -1.0).argmax(axis=1)
    return np.asarray(np.arange(others.shape[1]) == best[:, np.newaxis])


def _heaped(others: Floats, mine: Floats, rival: NDArray[np.bool_], lead: float) -> Floats:
    """The rival between p(label) and all there is, at the cost of the largest others."""
    now = others[rival][:, np.newaxis]
    room = np.minimum(others.sum(axis=1, keepdims=True) - mine, mine)  # no further ahead than p(label) again
    goal = np.maximum(mine + lead * room, now)
    rest = np.where(rival, 0.0, others)
    order = np.argsort(-rest, axis=1, kind="stable")
    ordered = np.take_along_axis(rest, order, axis=1)
    before = np.cumsum(ordered, axis=1) - ordered
    giving = np.empty(rest.shape, bool)
    np.put_along_axis(giving, order, before < 1.5 * (goal - now), axis=1)
    giver = np.where(giving, rest, 0.0)
    total = giver.sum(axis=1, keepdims=True)
    kept = np.clip(1 - (goal - now) / np.where(total > 0, total, 1.0), 0.0, 1.0)
    return np.where(rival, goal, np.where(giving, giver * kept, rest))


def _masses(cells: Probs, stats: RowStats, convention: Convention) -> Floats:
    """The cells, or for logits exp(z) as shares of their sum."""
    masses: Floats = cells.astype(np.float64)
    if convention.rows is Rows.LOGITS:
        masses = np.exp(masses - _level(stats))
    return masses


def _level(stats: RowStats) -> Floats:
    """The logsumexp of each row of logits, (n, 1)."""
    level: Floats = (stats.loss + stats.p_label)[:, np.newaxis]
    return level


def _cells(new: Floats, masses: Floats, before: Probs, stats: RowStats, convention: Convention) -> Probs:
    """Masses as cells again; one that has not moved keeps its bits."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        cells: Floats = np.log(new) + _level(stats) if convention.rows is Rows.LOGITS else new
        return np.where(new == masses, before, cells.astype(before.dtype))


# --- to the last bit -------------------------------------------------------------------------------


def _settle(
    after: Probs, labels: Labels, old: RowStats, convention: Convention, right: bool
) -> NDArray[np.bool_]:
    """Let cells of ``after`` (n, C) give way until each loss is the old one; which rows (n,) have it.

    The sum is brought back too where that can be done, although the loss may not depend on it.
    """
    done = np.zeros(len(after), bool)
    pending = np.arange(len(after))
    ranked, ranks = (
        np.empty((len(after), min(after.shape[1] - 1, RANKS)), np.intp),
        np.ones(len(after), np.intp),
    )
    rng = np.random.default_rng(0)
    close = ROUNDINGS * float(np.finfo(after.dtype).eps)
    for attempt in range(ATTEMPTS):
        new, was = row_stats(after[pending], labels[pending], convention), old[pending]
        good = _good(new, was, right, 0.0)
        if convention.rows is not Rows.LOGITS:
            first = attempt <= ATTEMPTS // 3 and _keeps_sum(convention)
            good &= np.abs(new.total - was.total) <= (0.0 if first else close) * was.total
        done[pending[good]] = True
        left = np.flatnonzero(~good)
        pending, new, was = pending[left], new[left], was[left]
        if not len(pending):
            break
        if attempt == 0:
            masses = _masses(after[pending], was, convention)
            ranked[pending], ranks[pending] = _ranked(masses, labels[pending])
        column = ranked[pending, attempt % ranks[pending]]
        missing = _missing(new, was, convention)
        if attempt > ranked.shape[1]:  # the same cells again, and not by the same steps
            missing *= rng.uniform(0.5, 2, len(pending))
        after[pending, column] = _given(after[pending, column], missing, was, convention)
    return done


def _good(new: RowStats, was: RowStats, right: bool, close: float) -> NDArray[np.bool_]:
    """Which rows (n,) are as asked for with a loss this close to the old one, as a share of 1 and of it."""
    with np.errstate(invalid="ignore"):
        kept = (new.loss == was.loss) | (np.abs(new.loss - was.loss) <= close * (1 + np.abs(was.loss)))
    good: NDArray[np.bool_] = kept & (new.has(Flag.HIT) == right)
    good &= new.has(Flag.SUM_OFF) == was.has(Flag.SUM_OFF)
    return good


def _keeps_sum(convention: Convention) -> bool:
    """Whether a row's plain sum says how far its loss is off, or would be if it were in it."""
    return convention.rows is not Rows.LOGITS and not convention.clips_first


def _missing(new: RowStats, was: RowStats, convention: Convention) -> Floats:
    """The mass (n,) that rows lack for their old loss, to first order."""
    if _keeps_sum(convention):
        return was.total - new.total
    share = was.loss - new.loss
    return share if convention.rows is Rows.LOGITS else share * was.total


def _ranked(masses: Floats, labels: Labels) -> tuple[Indices, Indices]:
    """The columns besides the label's, (n, at most RANKS), from the largest mass down, and how many have any."""
    masses[np.arange(len(masses)), labels] = -1.0
    order = np.argsort(-masses, axis=1, kind="stable")[:, :-1]
    enough = np.count_nonzero(masses >= SEEN * masses.max(axis=1, keepdims=True), axis=1).clip(1)
    ranks = np.minimum(enough, RANKS)
    picked = np.arange(min(order.shape[1], RANKS)) * enough[:, np.newaxis] // ranks[:, np.newaxis]
    return np.take_along_axis(order, np.minimum(picked, order.shape[1] - 1), axis=1), ranks


def _given(cells: Probs, missing: Floats, was: RowStats, convention: Convention) -> Probs:
    """One cell a row (n,) with the ``missing`` mass added, or as it was where it cannot take it."""
    exact, new = cells.astype(np.float64), cells.astype(np.float64)
    with np.errstate(all="ignore"):
        if convention.rows is Rows.LOGITS:
            new += np.log1p(missing / np.exp(exact - _level(was)[:, 0]))
            return np.where(np.isfinite(new), new, exact).astype(cells.dtype)
        new += missing
        return np.where(new >= 0, new, exact).astype(cells.dtype)
