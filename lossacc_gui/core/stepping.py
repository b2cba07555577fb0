"""A value that is changed without typing: in steps, or by a hand that pulls it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from math import inf, isfinite

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.curves.sweep import LOGIT_STOP
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule, span
from lossacc_gui.core.state import State
from lossacc_gui.core.wording import number


class Stride(Enum):
    """How far one step goes."""

    FINE = Decimal("0.001")
    PLAIN = Decimal("0.01")
    COARSE = Decimal("0.1")


@dataclass(slots=True)
class Stepper:
    """One cell's way from ``start``, in decimals, so that 0.29 and 0.01 make 0.3 and nothing longer.

    ``low`` to ``high`` is where it may go.
    """

    start: Decimal
    low: float
    high: float
    free: Decimal
    """Where it would be if it could go anywhere."""

    @classmethod
    def of(cls, state: State, epoch: int, row: int, column: int, rule: Rule) -> Stepper:
        """For a cell as it is now. Raises Refusal when the rule cannot hold, or there is no next number."""
        predictions = state.predictions
        stored = predictions.probs[epoch, row, column]
        if not isfinite(stored):
            raise Refusal(f"row {row + 1}", f"{number(float(stored))} has no next value", "type a number")
        cells = predictions.probs[epoch, row].astype(float)
        low, high = span(cells, int(predictions.labels[row]), column, rule, state.convention)
        if state.convention.rows is Rows.LOGITS:
            high -= LOGIT_STOP  # at the end itself the others would be minus infinity for good
        elif rule is Rule.ONLY:  # a cell outside 0 to 1 is no probability, and goes on from there
            low, high = 0.0 if stored >= 0 else -inf, 1.0 if stored <= 1 else inf
        start = Decimal(str(stored))  # the shortest number that is stored so: 0.1 in float32, too
        return cls(start, min(low, float(stored)), max(high, float(stored)), start)

    @property
    def value(self) -> float:
        """What the cell is to be."""
        return float(self._inside(self.free))

    def by(self, steps: int, step: Stride) -> float:
        """Go so many steps up or down, and stop at the ends."""
        self.free = self._inside(self.free + steps * step.value)
        return self.value

    def pulled(self, amount: float, step: Stride) -> float:
        """Follow a hand, also past the ends, and stand on whole steps from the start."""
        self.free += Decimal(amount)
        whole = round((self.free - self.start) / step.value) * step.value
        return float(self._inside(self.start + whole))

    @property
    def at_end(self) -> bool:
        """Whether the next step may lead nowhere."""
        return self.value in (self.low, self.high)

    def _inside(self, value: Decimal) -> Decimal:
        if value < self.low:
            return Decimal(repr(self.low))
        return Decimal(repr(self.high)) if value > self.high else value
