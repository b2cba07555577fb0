"""What the numbers on screen are compared with: those before the last edit."""

from __future__ import annotations

from lossacc_gui.core.change import Change
from lossacc_gui.core.tally import Tally


class Since:
    """Follows the changes; ``tally`` is that of all rows before the last edit, None where nothing compares."""

    def __init__(self) -> None:
        self.tally: Tally | None = None
        self._earlier: Tally | None = None

    def follow(self, change: Change) -> None:
        """Take note of a change. A gesture that came to nothing leaves what was compared before it."""
        if change.back:
            self.tally = self._earlier
            return
        if not change.goes_on:
            self._earlier = self.tally
        looked = (change.epoch or change.page) and change.rows is None  # that is no edit
        comparable = not (change.source or change.convention or looked)
        self.tally = change.tally_before if comparable else None
