"""The current row as bars: label, prediction, what the hand may move, and the smallest move that flips it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, isnan
from typing import cast

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.curves.axes import nice_up
from lossacc_gui.core.flips import Flip, smallest_flip
from lossacc_gui.core.naming import called
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Flag, Floats
from lossacc_gui.core.rules import span
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import brief, number

MOST = 20
"""Of more classes, so many of the largest cells have a bar; the label and the current class always do."""

SMALL = 0.2
"""Of a row without a larger cell, such as one that guesses among 1,000 classes, the axis ends sooner than at 1."""

TINY = 1e-9
"""A row that has nothing above it is a row of zeros to the eye."""

ROOM = 4.0
"""How far beyond a row's logits their axis goes."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One class of the row. ``low`` to ``high`` is what the edit rule lets it be, both NaN when it cannot be
    moved, for the reason in ``fixed``; ``flipped`` is its value after the smallest flip."""

    column: int
    name: str
    value: float
    low: float
    high: float
    fixed: str = ""
    flipped: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class RowBars:
    """The bars of row ``row``, by class. ``label``, ``prediction`` and ``column`` are classes, -1 for none.

    ``low`` to ``high`` is the axis; ``others`` how many classes have no bar. ``right`` is None without label.
    """

    row: int
    bars: tuple[Bar, ...]
    label: int = NO_LABEL
    prediction: int = NO_LABEL
    column: int = -1
    right: bool | None = None
    low: float = 0.0
    high: float = 1.0
    others: int = 0
    reading: str = ""
    hint: str = ""
    empty: str = ""


def row_bars(scene: Scene) -> RowBars:
    """The bars of the current row. Cost: its cells."""
    if scene.row < 0:
        return RowBars(-1, (), reading="No row is chosen.", empty="Choose a row in the grid.")
    predictions, stats = scene.predictions, scene.evaluation.stats
    cells = predictions.probs[scene.evaluation.epoch, scene.row]
    label, prediction = int(predictions.labels[scene.row]), int(stats.prediction[scene.row])
    # While a bar is dragged, the choice of bars and the axis stay those of its beginning.
    start = cells.astype(np.float64) if scene.origin is None else scene.origin
    columns = _chosen(start, label, scene.column)
    flip, why = _flip(cells, label, scene)
    low, high = _axis(start, columns, scene)
    bars = tuple(_bar(int(column), start, cells, label, flip, scene) for column in columns)
    right = None if label == NO_LABEL else bool(stats.flags[scene.row] & Flag.HIT)
    return RowBars(
        scene.row,
        bars,
        label,
        prediction,
        scene.column,
        right,
        low,
        high,
        len(cells) - len(columns),
        _reading(scene, flip, why),
        f"the bars end at {brief(high)}" if 0 < high < 1 else "",
    )


def _chosen(start: Floats, label: int, column: int) -> NDArray[np.intp]:
    """Which classes have a bar, ascending."""
    if len(start) <= MOST:
        return np.arange(len(start))
    musts = sorted({each for each in (label, column) if each >= 0})
    order = np.argsort(-start, kind="stable")  # NaN goes last
    largest = order[~np.isin(order, musts)]
    return np.sort(np.concatenate([musts, largest])[:MOST].astype(np.intp))


def _flip(cells: Floats, label: int, scene: Scene) -> tuple[Flip | None, str]:
    try:
        return smallest_flip(cells, label, scene.convention.rows), ""
    except Refusal as reason:
        return None, reason.what


def _bar(column: int, start: Floats, cells: Floats, label: int, flip: Flip | None, scene: Scene) -> Bar:
    name, value = scene.predictions.class_names[column], float(cells[column])
    flipped = float(flip.cells[column]) if flip is not None else value
    low, high, fixed = _range(column, start, label, scene)
    return Bar(column, name, value, low, high, fixed, None if flipped == value else flipped)


def _range(column: int, start: Floats, label: int, scene: Scene) -> tuple[float, float, str]:
    """From where to where a cell can be dragged, or why it cannot; in a drag it is looked for once."""
    key = _range, scene.row, column, scene.rule
    if scene.held is not None and key in scene.held:
        return cast("tuple[float, float, str]", scene.held[key])
    try:
        low, high = span(start, label, column, scene.rule, scene.convention)
        if scene.convention.rows is not Rows.LOGITS:
            low, high = max(low, 0.0), min(high, 1.0) if high == inf else high
        found = low, high, ""
    except Refusal as reason:
        found = np.nan, np.nan, reason.what
    if scene.held is not None and scene.origin is not None:
        scene.held[key] = found
    return found


def _axis(start: Floats, columns: NDArray[np.intp], scene: Scene) -> tuple[float, float]:
    """From 0 to 1, or as far as the cells go: beyond, or where all of them are small, twice as far as they do."""
    finite = start[np.isfinite(start)]
    if scene.convention.rows is Rows.LOGITS:
        shown = start[columns][np.isfinite(start[columns])]
        low, high = (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 0.0)
        return float(np.floor(min(low, 0.0) - ROOM)), float(np.ceil(max(high, 0.0) + ROOM))
    low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    end = nice_up(2 * high) if TINY < high < SMALL else nice_up(high) if high > 1 else 1.0
    return (-nice_up(-low) if low < 0 else 0.0), end


def _reading(scene: Scene, flip: Flip | None, why: str) -> str:
    """What the row says, and what it would take to flip it."""
    names, stats, row = scene.predictions.class_names, scene.evaluation.stats, scene.row
    guess, label = int(stats.prediction[row]), int(scene.predictions.labels[row])
    value = float(scene.predictions.probs[scene.evaluation.epoch, row, guess])
    said = f"Row {row + 1}: predicted {called(names, guess)}, {_cell(value)}"
    if label == NO_LABEL:
        return f"{said}. It has no label."
    if bool(stats.flags[row] & Flag.HIT):
        said = f"{said}, which is its label."
    else:
        cell = float(scene.predictions.probs[scene.evaluation.epoch, row, label])
        said = f"{said}; its label is {called(names, label)}, {_cell(cell)}."
    if flip is None:
        return f"{said} No smallest flip: {why}."
    if scene.convention.rows is Rows.LOGITS:
        way = f"moves the label's logit by {_brief(flip.distance)}"
    else:
        way = f"moves {_brief(flip.distance / 2)} from class to class"
    if not flip.distance:
        return f"{said} It is a tie: the smallest move decides it."
    return f"{said} The smallest move that makes it {'right' if flip.right else 'wrong'} {way}."


def _cell(value: float) -> str:
    return "which is no number" if isnan(value) else brief(value)


def _brief(value: float) -> str:
    return brief(value) if isfinite(value) else number(value)
