"""The ledger in words and in the present unit: what its panel shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Base, Reduction
from lossacc_gui.core.ledger import Group, Ledger, ledger
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import are, counted, rows, signed

HEAVY_ROWS = 30_000

TITLES = {
    Group.RIGHT_RIGHT: "right, still right",
    Group.RIGHT_WRONG: "right, now wrong",
    Group.WRONG_RIGHT: "wrong, now right",
    Group.WRONG_WRONG: "wrong, still wrong",
    Group.RELABELLED: "relabelled",
    Group.ADDED: "added",
    Group.REMOVED: "removed",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One group, or the whole where ``group`` is None: its parts of both changes, ``loss`` in the present
    unit and ``accuracy`` in points; ``infinite`` rows are in no sum of losses."""

    group: Group | None
    title: str
    rows: int
    accuracy: float
    loss: float
    infinite: int


@dataclass(frozen=True, eq=False, slots=True)
class LedgerView:
    """What became of the baseline's rows. ``here`` is the group of the current row."""

    items: tuple[Item, ...]
    ledger: Ledger
    here: Group | None = None
    reading: str = ""
    hint: str = ""
    empty: str = ""

    def rows_of(self, group: Group) -> NDArray[np.intp]:
        """The present rows of a group."""
        return self.ledger.rows_of(group)


def ledger_view(scene: Scene) -> LedgerView:
    """The ledger from the baseline to now. Cost: all rows."""
    if scene.baseline is None:
        text = "Pin a baseline (Ctrl+B), then edit: here stands what became of each row."
        return LedgerView((), Ledger(()), reading="No baseline is pinned.", empty=text)
    found = ledger(scene.baseline, scene.evaluation, scene.reached)
    if not found.matched:
        text = "The baseline has other rows than these: pin a new one (Ctrl+B, twice) to compare row by row."
        return LedgerView((), found, reading="The baseline has other rows than these.", empty=text)
    nats = scene.convention.nats
    items = [
        Item(
            entry.group,
            TITLES[entry.group],
            entry.rows,
            100 * float(entry.accuracy),
            float(entry.loss) / nats,
            max(entry.before.infinite + entry.before.undefined, entry.now.infinite + entry.now.undefined),
        )
        for entry in found.entries
    ]
    odd = max(found.before.infinite + found.before.undefined, found.now.infinite + found.now.undefined)
    change = float(found.loss(scene.convention.reduction)) / nats
    whole = Item(None, "together", found.now.rows, 100 * float(found.accuracy), change, odd)
    return LedgerView((*items, whole), found, _here(found, scene.row), _reading(found, whole, scene))


def heavy(scene: Scene) -> bool:
    """Whether it takes longer than a frame."""
    return len(scene.evaluation.stats) > HEAVY_ROWS


def _here(found: Ledger, row: int) -> Group | None:
    code = int(found.codes[row]) if 0 <= row < len(found.codes) else len(Group)
    return Group(code) if code < len(Group) else None


def _reading(found: Ledger, whole: Item, scene: Scene) -> str:
    sizes = {entry.group: entry.rows for entry in found.entries}
    gained, lost = sizes.get(Group.WRONG_RIGHT, 0), sizes.get(Group.RIGHT_WRONG, 0)
    convention = scene.convention
    unit = "bits" if convention.base is Base.BITS else "nats"
    mean = "mean" if convention.reduction is Reduction.MEAN else "sum"
    said = (
        f"Since the baseline {rows(gained)} became right and {lost:,} wrong: accuracy {signed(whole.accuracy, 2)} "
        f"points, {mean} loss {signed(whole.loss)} {unit}."
    )
    if whole.infinite:
        odd = whole.infinite
        said += f" {counted(odd, 'row')} without a finite loss {are(odd)} left out of it."
    if found.across and scene.baseline is not None:
        said += (
            f" The baseline's losses are those of {scene.baseline.convention.title or 'its own convention'}."
        )
    if convention.weights is not None:
        said += " Class weights are left out."
    if scene.shown is not None:
        said += (
            f" The groups are of all rows, so that one can go to another; {len(scene.shown):,} are listed."
        )
    return said
