"""What a metric is, and what it reads off a tally."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.exact import Floats
from lossacc_gui.core.rows import RowStats
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.wording import are, counted


class Kind(StrEnum):
    """How a metric's value is to be shown."""

    NUMBER = "number"
    SHARE = "share"
    RANGE = "range of shares"


class Reading(NamedTuple):
    """A metric's value: ``value``, or None with the ``reason`` why it is undefined.

    ``low`` and ``high`` are given where ties, or what the metric is about, leave an interval;
    ``note`` adds what stands behind the value, such as "4 of 6 rows"; ``called`` is what the metric is called
    here, where that depends on the predictions: "Top-5 accuracy"; ``unlike`` is why nothing else computes this.
    """

    value: float | None
    reason: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""
    called: str = ""
    unlike: str = ""

    @property
    def is_interval(self) -> bool:
        """Whether more than one value is possible."""
        return self.low is not None and self.low != self.high


def no_unit(_: Convention) -> str:
    """The unit of a number that has none."""
    return ""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with a name; ``of`` is a pure function of the tally and the convention.

    ``formula`` says what is computed, ``agrees`` what computes the same, ``unit`` names the present unit
    under a convention. ``per_class``, where the metric is a mean over the classes, gives each one's own
    number, (C,), NaN where it is undefined.
    """

    key: str
    title: str
    kind: Kind
    formula: str
    agrees: str
    of: Callable[[Tally, Convention], Reading]
    unit: Callable[[Convention], str] = no_unit
    per_class: Callable[[Tally], Floats] | None = None
    short: str = ""

    @property
    def name(self) -> str:
        """Its title where there is little room."""
        return self.short or self.title


@dataclass(frozen=True, slots=True)
class RowMetric:
    """A metric that is no function of sums. Cost: the rows.

    ``of`` reads the row stats, and how much each labelled row, (k,) in their order, counts in the cross-entropy;
    None where all count alike.

    It is read live up to LIVE_ROWS rows, and when somebody asks for it above.
    """

    key: str
    title: str
    kind: Kind
    formula: str
    agrees: str
    of: Callable[[RowStats, Floats | None], Reading]
    unit: Callable[[Convention], str] = no_unit
    short: str = ""

    @property
    def name(self) -> str:
        """Its title where there is little room."""
        return self.short or self.title


LIVE_ROWS = 100_000
"""A metric of more rows than these is not read anew at every edit."""

NO_LABELS = Reading(None, "no row has a label")
NO_WEIGHT = Reading(None, "every labelled row has the weight 0")


def undefined_loss(tally: Tally) -> Reading:
    """Why the losses of these rows have no mean."""
    if not tally.rows:
        return NO_LABELS
    return Reading(None, no_sum(tally.loss_inf, tally.loss_minus_inf, tally.loss_nan))


def no_sum(inf: int, minus_inf: int, nan: int) -> str:
    """Why so many infinite and NaN losses have no sum."""
    if nan:
        rows = "1 row has" if nan == 1 else f"{nan:,} rows have"
        return f"{rows} no defined loss (not a number)"
    return f"{counted(inf, 'loss')} {are(inf)} ∞ and {minus_inf:,} {are(minus_inf)} −∞"
