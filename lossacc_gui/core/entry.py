"""What one row adds to a tally: an edit takes that out and puts something else in, and touches nothing beside it."""

from __future__ import annotations

from bisect import bisect
from dataclasses import fields
from functools import lru_cache
from math import isfinite, isnan
from operator import attrgetter
from typing import Any

from lossacc_gui.core.exact import exact
from lossacc_gui.core.one_row import Row
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.tally import HITS, INF, MINUS_INF, NAN, PREDICTED, ROWS, Tally, Weighted

NAMES, WEIGHTED = (tuple(column.name for column in fields(kind)) for kind in (Tally, Weighted))
_values = attrgetter(*NAMES)

Entry = dict[str, Any]
"""By the names of Tally's fields what is added to them: numbers, places of Counts, and groups and parts of Sums."""

FLAGS = (
    ("rows", int(Flag.COUNTED)),
    ("hits", int(Flag.HIT)),
    ("hits_any", int(Flag.HIT_ANY)),
    ("hits_unique", int(Flag.HIT_UNIQUE)),
    ("can_be_right", int(Flag.CAN_BE_RIGHT)),
    ("must_be_right", int(Flag.MUST_BE_RIGHT)),
    ("sum_off", int(Flag.SUM_OFF)),
    ("outside", int(Flag.OUTSIDE)),
)
"""Which field counts the rows with which flag."""


def exchanged(tally: Tally, old: Row, new: Row, bins: int, weight: float | None = None) -> Tally:
    """The tally of the same rows, of which one now has other numbers; ``weight`` is that row's, if rows have any.

    A field of which it adds the same as before stays the very object it was.
    """
    was, now = (_entry(row, tally.classes, bins, weight) for row in (old, new))
    return Tally(
        *[
            have if (out := was.get(name)) == (put := now.get(name)) else _exchanged(have, out, put)
            for name, have in zip(NAMES, _values(tally), strict=True)
        ]
    )


def _exchanged(have: Any, out: Any, put: Any) -> Any:
    """A field's value, with something taken out and something put in; None is nothing."""
    if type(have) is int:
        return have - (out or 0) + (put or 0)
    if type(have) is Weighted:
        was, now = out or {}, put or {}
        return Weighted(*[_exchanged(getattr(have, n), was.get(n), now.get(n)) for n in WEIGHTED])
    return have.exchanged(out or (), put or ())


def _entry(row: Row, classes: int, bins: int, weight: float | None) -> Entry:
    entry: Entry = {name: 1 for name, flag in FLAGS if row.flags & flag}
    if "rows" not in entry:
        return entry | {"unlabelled": 1}
    hit = "hits" in entry
    labels, predicted = [(ROWS, row.label)], (PREDICTED, row.prediction)
    entry["predictions"] = (predicted, (HITS, row.label)) if hit else (predicted,)
    if isfinite(row.loss):
        entry["loss"] = exact(row.loss)
        entry["losses"] = ((row.label, entry["loss"]),)
    else:
        name, kind = _odd(row.loss)
        entry[name] = 1
        labels.append((kind, row.label))
    if isfinite(row.brier):
        entry["brier"] = exact(row.brier)
    else:
        entry["brier_nan" if isnan(row.brier) else "brier_inf"] = 1
    if 0 <= row.confidence <= 1:
        found = bisect(_edges(bins), row.confidence) - 1
        entry["bins"] = ((0, found), (1, found)) if hit else ((0, found),)
        entry["confidence"] = ((found, exact(row.confidence)),)
    else:
        entry["unbinned"] = 1
    ranks = enumerate((row.rank_low, row.rank_high))
    entry["ranks"] = [(kind, rank) for kind, rank in ranks if rank < classes]
    entry["labels"], entry["rounded"] = labels, row.rounded
    if weight is not None:
        entry["weighted"] = _weighted(row, weight)
    return entry


def _weighted(row: Row, weight: float) -> Entry:
    """What a labelled row of this weight adds, by the names of Weighted's fields."""
    entry: Entry = {"rows": 1, "weight": ((row.label, exact(weight)),)}
    loss = row.loss * weight
    if weight and isfinite(loss):
        entry["losses"] = ((row.label, exact(loss)),)
    elif weight:
        entry["odd"] = ((_odd(loss)[1] - INF, row.label),)
    return entry


def _odd(loss: float) -> tuple[str, int]:
    """Where a loss that is not finite is counted: a field of the tally, and a row of its ``labels``."""
    if isnan(loss):
        return "loss_nan", NAN
    return ("loss_inf", INF) if loss > 0 else ("loss_minus_inf", MINUS_INF)


@lru_cache(maxsize=4)
def _edges(bins: int) -> tuple[float, ...]:
    """Where each bin begins, as ``bin_of`` has it."""
    return tuple(at / bins for at in range(bins))
