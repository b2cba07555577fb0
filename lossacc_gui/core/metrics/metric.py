"""What a metric is, and what it reads off a tally."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.tally import Tally


class Kind(StrEnum):
    """How a metric's value is to be shown."""

    NUMBER = "number"
    SHARE = "share"
    RANGE = "range of shares"


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric's value: ``value``, or None with the ``reason`` why it is undefined.

    ``low`` and ``high`` are given where ties, or what the metric is about, leave an interval;
    ``note`` adds what stands behind the value, such as "4 of 6 rows".
    """

    value: float | None
    reason: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def is_interval(self) -> bool:
        """Whether more than one value is possible."""
        return self.low is not None and self.low != self.high


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with a name; ``of`` is a pure function of the tally and the convention.

    ``formula`` says what is computed, ``agrees`` what computes the same, ``unit`` names the present unit
    under a convention.
    """

    key: str
    title: str
    kind: Kind
    formula: str
    agrees: str
    of: Callable[[Tally, Convention], Reading]
    unit: Callable[[Convention], str] = lambda _: ""


NO_LABELS = Reading(None, "no row has a label")


def undefined_loss(tally: Tally) -> Reading:
    """Why the losses of these rows have no mean."""
    if not tally.rows:
        return NO_LABELS
    if tally.loss_nan:
        rows = "1 row has" if tally.loss_nan == 1 else f"{tally.loss_nan:,} rows have"
        return Reading(None, f"{rows} no defined loss (not a number)")
    return Reading(None, f"{tally.loss_inf:,} losses are ∞ and {tally.loss_minus_inf:,} are −∞")
