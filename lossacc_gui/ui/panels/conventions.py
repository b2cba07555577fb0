"""Conventions: the same predictions by every library's rule, and why they differ."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

from lossacc_gui.core.compare import Compared, Comparison, compare, heavy
from lossacc_gui.core.curves.curve import Pick
from lossacc_gui.core.wording import number, signed
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.panel import Panel
from lossacc_gui.ui.panels.table import TablePanel
from lossacc_gui.ui.panels.table_model import Cell, Column, Entry

COLUMNS = (
    Column("rule", "Whose rule", number=False, elides=True, wraps=True),
    Column("loss", "Cross-entropy by this rule, in the present unit and by the present weights"),
    Column("difference", "How much more than by the present convention", spare=2),
    Column("rows", "How many rows have another loss than now", spare=3),
    Column("why", "The row that differs most, and what makes it differ", number=False, wide=True, spare=1),
)


class ConventionsView(TablePanel):
    """A click on a rule goes to the row that makes it differ."""

    def __init__(self, theme: look.Theme) -> None:
        super().__init__(theme, COLUMNS, lines)

    def unchosen(self) -> Comparison | None:
        """See PanelView."""
        return None if self.picture is None else replace(self.picture, row=-1)


def lines(comparison: Comparison) -> tuple[Entry, ...]:
    """The comparison as lines of texts."""
    return tuple(_line(entry, comparison.row) for entry in comparison.entries)


def _line(entry: Compared, row: int) -> Entry:
    apart = 0.0 if isnan(entry.difference) else entry.difference
    pick = Pick(0.0, 0.0, row=entry.row, says=f"{entry.title}: {entry.agrees}. {entry.why}")
    return Entry(
        (
            Cell(entry.title, entry.title),
            Cell(number(entry.value), entry.value),
            Cell(signed(entry.difference), apart),
            Cell(f"{entry.differ:,}", entry.differ),
            Cell(entry.why, entry.why),
        ),
        pick,
        marked=entry.row == row >= 0,
    )


CONVENTIONS = Panel(
    "conventions",
    "Conventions",
    "click a rule: go to the row that differs",
    compare,
    ConventionsView,
    heavy,
    follows_focus=True,
)
