"""Ledger: what became of the baseline's rows, and each group's part of both changes."""

from __future__ import annotations

from dataclasses import replace

from lossacc_gui.core.curves.curve import Pick, Role
from lossacc_gui.core.filtering import TheseRows
from lossacc_gui.core.ledger import Group
from lossacc_gui.core.ledger_view import Item, LedgerView, heavy, ledger_view
from lossacc_gui.core.wording import rows, signed
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.panel import Panel
from lossacc_gui.ui.panels.table import TablePanel
from lossacc_gui.ui.panels.table_model import Cell, Column, Entry

COLUMNS = (
    Column(
        "group",
        "What became of a row since the baseline; ▸ marks the current row's",
        number=False,
        elides=True,
        wraps=True,  # its last word is what the table is about
    ),
    Column("rows", "How many rows"),
    Column("accuracy", "The group's exact part of the change in accuracy, in points"),
    Column("loss", "The group's exact part of the change in cross-entropy, over finite losses"),
    Column("infinite", "Rows whose loss is not finite, before or now", spare=1),
)
ROLES = {Group.RIGHT_WRONG: Role.WRONG, Group.WRONG_RIGHT: Role.RIGHT}


class LedgerPanel(TablePanel):
    """A click on a group shows its rows in the grid."""

    def __init__(self, theme: look.Theme) -> None:
        super().__init__(theme, COLUMNS, lines, sortable=False)

    def unchosen(self) -> LedgerView | None:
        """See PanelView."""
        return None if self.picture is None else replace(self.picture, here=None)


def lines(view: LedgerView) -> tuple[Entry, ...]:
    """The ledger as lines of texts."""
    most = max((abs(item.loss) for item in view.items), default=0.0) or 1.0
    return tuple(_line(view, item, most) for item in view.items)


def _line(view: LedgerView, item: Item, most: float) -> Entry:
    pick = None
    if item.group is not None and item.group is not Group.REMOVED:
        chosen = TheseRows(item.title, view.rows_of(item.group))
        pick = Pick(0.0, 0.0, filter=chosen, says=f"{item.title}: {rows(item.rows)}; click to list them")
    role = ROLES.get(item.group) if item.group is not None else None
    return Entry(
        (
            Cell(item.title, item.title, role),
            Cell(f"{item.rows:,}", item.rows),
            Cell(signed(item.accuracy, 2), item.accuracy),
            Cell(signed(item.loss), item.loss, bar=item.loss / most),
            Cell(f"{item.infinite:,}", item.infinite),
        ),
        pick,
        marked=item.group is not None and item.group is view.here,
        bold=item.group is None,
    )


LEDGER = Panel(
    "ledger",
    "Ledger",
    "baseline to now · click a group: filter the grid",
    ledger_view,
    LedgerPanel,
    heavy,
    follows_focus=True,
)
