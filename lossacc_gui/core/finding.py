"""Where to look next: a cell of some value, a row with a label, the next wrong row, the worst."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.filter_text import class_named
from lossacc_gui.core.filtering import Filter
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.wording import parse_number

Order = NDArray[np.intp]

BLOCK_CELLS = 1_000_000
"""Cells looked at between two questions whether to go on."""

_SIGNED = re.compile(r"(?P<sign><=|>=|[<>≤≥=])?(?P<value>.*)")


@dataclass(frozen=True, slots=True)
class CellSearch:
    """Looks for cells from ``low`` to ``high``; the ends belong to it unless they are ``open``."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def fits(self, cells: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
        """Which cells are looked for."""
        with np.errstate(over="ignore"):  # compared as the cells' own dtype rounds the ends
            low, high = (np.array(end).astype(cells.dtype) for end in (self.low, self.high))
        above = cells > low if self.low_open else cells >= low
        found: NDArray[np.bool_] = above & (cells < high if self.high_open else cells <= high)
        return found


@dataclass(frozen=True, slots=True)
class ClassSearch:
    """Looks for rows with this label, in the class's column."""

    column: int


Search = CellSearch | ClassSearch


def parse_search(text: str, names: Sequence[str], decimals: int) -> Search:
    """What somebody looks for: a class by name, or cells by value: 0.5, >0.9, <=0.1.

    A plain number fits the cells that look like it with as many ``decimals`` as are shown, or as it has
    itself. Raises Refusal when it is neither a number nor a class.
    """
    text = text.strip()
    if text in names:
        return ClassSearch(names.index(text))
    signed = _SIGNED.fullmatch(text)
    try:
        assert signed is not None  # any text of one line fits
        value = parse_number(signed["value"])
        sign = signed["sign"] or "="
    except Refusal:
        return ClassSearch(_class_like(text, names))
    if isnan(value):
        raise Refusal(
            "search",
            "an undefined number equals nothing",
            "filter the rows with cells that are no probabilities",
        )
    if sign == "=":
        typed = len(text.partition(".")[2].rstrip("0 ")) if "." in text else 0
        half = 0.5 * 10.0 ** -max(typed, decimals) if abs(value) < inf else 0.0
        return CellSearch(value - half, value + half)
    if sign in (">", ">=", "≥"):
        return CellSearch(value, inf, low_open=sign == ">")
    return CellSearch(-inf, value, high_open=sign == "<")


def _class_like(text: str, names: Sequence[str]) -> int:
    """The class named so, or the first whose name contains the text."""
    try:
        return class_named(text, names)
    except Refusal:
        folded = text.casefold()
        for fits in (str.startswith, str.__contains__):
            for column, name in enumerate(names):
                if folded and fits(name.casefold(), folded):
                    return column
        raise Refusal("search", f"“{text}” is neither a number nor in a class's name",
                      "type 0.5, >0.9 or a class") from None  # fmt: skip


def find(
    predictions: Predictions,
    epoch: int,
    order: Order | None,
    search: Search,
    after: tuple[int, int],
    stop: Callable[[], bool] | None = None,
    *,
    back: bool = False,
) -> tuple[int, int] | None:
    """The next fitting cell after (place in the order, column), reading row by row; around the end.

    ``order`` (k,) are the rows listed. Gives back (row, column) of the predictions, or None.
    """
    rows = np.arange(predictions.rows) if order is None else order
    if isinstance(search, ClassSearch):
        place = next_place(predictions.labels[rows] == search.column, after[0], back=back)
        return None if place is None else (int(rows[place]), search.column)
    return _find_cell(predictions, epoch, rows, search, after, stop, back=back)


def _find_cell(
    predictions: Predictions,
    epoch: int,
    rows: Order,
    search: CellSearch,
    after: tuple[int, int],
    stop: Callable[[], bool] | None,
    *,
    back: bool,
) -> tuple[int, int] | None:
    cells, step = predictions.probs[epoch], -1 if back else 1
    place, column = after
    here = search.fits(cells[rows[place]]) if len(rows) and place >= 0 else np.zeros(0, bool)
    ahead = np.flatnonzero(here[:column] if back else here[column + 1 :])
    if ahead.size:
        return int(rows[place]), int(ahead[-1]) if back else int(ahead[0]) + column + 1
    place = max(place, 0) if back else place
    around = np.roll(rows, -place)[::-1] if back else np.roll(rows, -place - 1)
    size = max(1, BLOCK_CELLS // predictions.classes)
    for start in range(0, len(around), size):
        if stop is not None and stop():
            raise Stopped
        block = around[start : start + size]
        fits = search.fits(cells[block])
        found = np.flatnonzero(fits.any(axis=1))
        if found.size:
            columns = np.flatnonzero(fits[found[0]])
            return int(block[found[0]]), int(columns[::step][0])
    return None


def next_place(mask: NDArray[np.bool_], after: int, *, back: bool = False) -> int | None:
    """The next place that is true after one, around the end; itself when it is the only one."""
    places = np.flatnonzero(mask)
    if not places.size:
        return None
    if back:
        return int(places[np.searchsorted(places, after) - 1])
    return int(places[np.searchsorted(places, after, side="right") % places.size])


def next_row(
    evaluation: Evaluation, order: Order | None, chosen: Filter, after: int, *, back: bool = False
) -> int | None:
    """The next listed row that a filter lets through, after this place of the order; around the end."""
    mask = chosen.rows(evaluation)
    place = next_place(mask if order is None else mask[order], after, back=back)
    return place if place is None or order is None else int(order[place])


def worst_row(evaluation: Evaluation, order: Order | None) -> int | None:
    """The listed row with the largest loss, the first of equals in the file; None when none has one."""
    losses = evaluation.stats.loss if order is None else evaluation.stats.loss[np.sort(order)]
    if not len(losses) or np.isnan(losses).all():
        return None
    place = int(np.nanargmax(losses))
    return place if order is None else int(np.sort(order)[place])
