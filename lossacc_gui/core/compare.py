"""The same predictions under every library's rule, and the row that makes each of them differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite, isnan

import numpy as np

from lossacc_gui.core.cells import Probs
from lossacc_gui.core.convention import PRESETS, Convention, Divisor, Preset, Reduction, Rows, preset
from lossacc_gui.core.curves.listed import Indices, told
from lossacc_gui.core.exact import UNIT_BITS, exact_sum
from lossacc_gui.core.looks import Cells, Glance
from lossacc_gui.core.losses import as_read
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.metrics.weighting import loss_divisor
from lossacc_gui.core.predictions import NO_LABEL, Labels
from lossacc_gui.core.reductions import looked
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.weights import is_weighted, row_weights
from lossacc_gui.core.wording import are, brief, number

HEAVY_CELLS = 20_000

BLOCK_CELLS = 4_194_304
BLOCK_ROWS = 131_072
"""Cells and rows compared at a time: they are copied for every library."""

SAME = 1e-12
"""Losses, in nats, that differ by no more than this are the same but for rounding."""


LIBRARIES = (
    *(known for known in PRESETS if known.key in ("by_hand", "sklearn", "sklearn_1_4", "kaggle", "keras")),
    Preset(
        "pytorch_log",
        "PyTorch on logits",
        Convention(Rows.NORMALISED),
        "torch.nn.functional.cross_entropy given the logits, or the logarithms of the rows",
    ),
    Preset(
        "pytorch_twice",
        "PyTorch on probabilities",
        preset("pytorch_logits"),
        "torch.nn.functional.cross_entropy given probabilities by mistake: one softmax too many",
    ),
)
"""Whose rules are compared: those that differ in what they make of the same probabilities."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One library: ``value`` in the present unit and reduction, NaN when undefined; ``differ`` rows have
    another loss than under the present convention, ``row`` most of all, -1 when none has."""

    title: str
    agrees: str
    value: float
    difference: float
    differ: int
    row: int
    why: str


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """All libraries beside the present convention, whose value is ``now``."""

    entries: tuple[Compared, ...]
    now: float
    row: int = -1
    reading: str = ""
    hint: str = ""
    empty: str = ""


class _Running:
    """What is gathered of one library, block by block."""

    def __init__(self) -> None:
        self.sum = self.differ = 0
        self.odd: list[float] = []
        self.row, self.most = -1, 0.0

    def add(self, losses: Floats, now: Floats, rows: Indices, weights: Floats | None) -> None:
        """Labelled rows that count, with their losses under the library and under the present convention."""
        finite = np.isfinite(losses)
        self.sum += exact_sum(losses[finite] if weights is None else (losses * weights)[finite])
        self.odd += np.unique(losses[~finite]).tolist()
        with np.errstate(invalid="ignore"):
            apart = np.abs(losses - now) * (1.0 if weights is None else weights)
        apart[np.isnan(apart)] = np.inf
        apart[(losses == now) | (np.isnan(losses) & np.isnan(now))] = 0.0
        self.differ += int(np.count_nonzero(apart > SAME))
        if len(apart) and apart.max() > max(self.most, SAME):
            self.most, self.row = float(apart.max()), int(rows[apart.argmax()])

    def value(self, convention: Convention, divisor: float) -> float:
        """Their sum by the divisor, in the convention's unit."""
        if self.odd:
            return float(np.unique(self.odd).sum())  # of ∞ and −∞ together, NaN
        top, bottom = divisor.as_integer_ratio()
        return self.sum * bottom / (top << UNIT_BITS) / convention.nats


class _Read:
    """Labelled rows, looked through once for all rules that read them as probabilities."""

    def __init__(self, cells: Cells, label: Labels) -> None:
        self._cells, self._label = cells, label
        self._shares: Glance | None = None

    def losses(self, rule: Convention) -> Floats:
        """Their losses (n,) in nats under a rule: those of ``row_stats``."""
        with np.errstate(all="ignore"):
            if rule.rows is Rows.LOGITS:
                row = looked(self._cells, self._label, True, Glance)
            else:
                row = self._shares = self._shares or looked(self._cells, self._label, False, Glance)
            return as_read(self._cells, self._label, row, rule).loss


def compare(scene: Scene) -> Comparison:
    """Every library's number for the rows that are shown, by their weights. Cost: their cells, once a library.

    Cells that are read as logits go through one softmax first, but for the library that takes logits.
    Smoothing is left out of the libraries' numbers; "now" is the number of the tile.
    """
    cells, labels = scene.predictions.probs[scene.evaluation.epoch], scene.predictions.labels
    shown = np.arange(len(labels)) if scene.shown is None else scene.shown
    shown = shown[labels[shown] != NO_LABEL]
    if not len(shown):
        hidden = bool((labels != NO_LABEL).any())
        empty = "No row with a label is listed: clear the filter." if hidden else "Give a row a label."
        return Comparison((), np.nan, reading="No row that is shown has a label.", empty=empty)
    convention, logits = scene.convention, scene.convention.rows is Rows.LOGITS
    tally = scene.evaluation.tally if scene.shown is None else scene.evaluation.tally_of(shown)
    divisor = _divisor(tally, convention, convention.divisor)
    value = CROSS_ENTROPY.of(tally, convention).value
    if not divisor:
        empty = "Every row that is listed has the weight 0."
        return Comparison((), np.nan, reading=empty, empty=empty)
    value = np.nan if value is None else value
    running = [_Running() for _ in LIBRARIES]
    size = min(BLOCK_ROWS, max(1, BLOCK_CELLS // cells.shape[1]))
    for start in range(0, len(shown), size):
        scene.reached(start / len(shown))
        rows = shown[start : start + size]
        weights = row_weights(scene.predictions, convention, rows)
        if weights is not None:  # a row of weight 0 counts nowhere
            rows, weights = rows[weights > 0], weights[weights > 0]
        block, label, now = cells[rows], labels[rows], scene.evaluation.stats.loss[rows]
        read = _Read(softmax(block) if logits else block, label)
        for library, each in zip(LIBRARIES, running, strict=True):
            if logits and library.key == "pytorch_log":
                losses = _Read(block, label).losses(Convention(Rows.LOGITS))
            else:
                losses = read.losses(library.convention)
            each.add(losses, now, rows, weights)
    divisors = {kind: _divisor(tally, convention, kind) for kind in Divisor}
    entries = tuple(
        _entry(library, each, value, divisors, scene)
        for library, each in zip(LIBRARIES, running, strict=True)
    )
    reading = told(scene, len(shown), _reading(entries, value, scene))
    return Comparison(entries, value, scene.row, reading)


def _divisor(tally: Tally, convention: Convention, kind: Divisor) -> float:
    """What the sum of the losses is divided by, where it is by this."""
    if convention.reduction is Reduction.SUM:
        return 1.0
    return loss_divisor(tally, replace(convention, divisor=kind))


def heavy(scene: Scene) -> bool:
    """Whether it takes longer than a frame."""
    return bool(scene.predictions.probs[0].size > HEAVY_CELLS)


def softmax(cells: Cells) -> Probs:
    """Rows of logits (n, C) as probabilities, float64."""
    with np.errstate(invalid="ignore"):
        powers = np.exp(cells.astype(np.float64) - cells.max(axis=1, keepdims=True))
        shares: Probs = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _entry(
    library: Preset, each: _Running, now: float, divisors: Mapping[Divisor, float], scene: Scene
) -> Compared:
    its = library.convention.divisor
    divided = divisors[its] != divisors[scene.convention.divisor]
    value = each.value(scene.convention, divisors[its])
    if each.row < 0 and not divided:  # but for rounding
        value = now
    difference = value - now if isfinite(value) and isfinite(now) else np.nan
    if value == now:
        difference = 0.0
    why = "The same as now." if each.row < 0 else _why(library, each, scene)
    if divided:
        by = f"the weighted losses are divided by the {its}"
        why = f"Every row is the same, but {by}." if each.row < 0 else f"{why[:-1]}; {by}, too."
    return Compared(library.title, library.agrees, value, difference, each.differ, each.row, why)


def _why(library: Preset, each: _Running, scene: Scene) -> str:
    """What of the row that differs most makes it differ."""
    row, now, then = each.row, scene.convention, library.convention
    total = float(scene.evaluation.stats.total[row])
    p = float(scene.predictions.probs[scene.evaluation.epoch, row, scene.predictions.labels[row]])
    if now.rows is Rows.LOGITS and then.rows is Rows.LOGITS:
        why = "its softmax goes through another softmax, which flattens it"
    elif now.rows is Rows.LOGITS:
        why = "the softmax gives its label so little, or so much, that the clip decides"
    elif now.temperature != 1 or now.smoothing:
        why = f"now there is {'a temperature' if now.temperature != 1 else 'smoothing'}, here there is none"
    elif then.rows is Rows.LOGITS:
        why = f"its p(label) of {brief(p)} is taken for a logit, and a softmax flattens the row"
    elif clip := _clip(then, now, min(p, p / total if total > 0 else p), scene):
        why = f"p(label) is {brief(p)}, and here it is {clip}"
    elif total != 1 and (then.rows is Rows.NORMALISED) is not (now.rows is Rows.NORMALISED):
        why = f"it sums to {brief(total)} and is {'' if then.rows is Rows.NORMALISED else 'not '}divided by that here"
    else:
        why = f"its p(label) of {brief(p)} is so near 1 that the clip decides"
    return f"Row {row + 1}: {why}."


def _clip(then: Convention, now: Convention, least: float, scene: Scene) -> str:
    """What a clip does to a probability, when one of the two rules clips it."""
    eps, held = (rule.eps(scene.predictions.probs.dtype) for rule in (then, now))
    if least >= max(eps, held):
        return ""
    return f"raised to {number(eps)}" if eps > least else f"not raised to {number(held)}"


def _reading(entries: tuple[Compared, ...], now: float, scene: Scene) -> str:
    same = [entry for entry in entries if entry.row < 0]
    finite = [entry for entry in entries if isfinite(entry.value)]
    weighted = is_weighted(scene.predictions, scene.convention)
    unit = f"{scene.convention.base}{', all by the rows’ weights' if weighted else ''}"
    give = are(len(same), "gives", "give")
    now_is = "Now undefined" if isnan(now) else f"Now {number(now)} {unit}"
    said = f"{now_is}; {len(same)} of {len(entries)} rules {give} the same for every row."
    if len(finite) < 2:
        return said
    low, high = min(finite, key=_value), max(finite, key=_value)
    if high.value - low.value <= SAME:
        return said
    said = f"{said} From {number(low.value)} ({low.title}) to {number(high.value)} ({high.title})."
    far = max((entry for entry in finite if isfinite(entry.difference)), key=_distance, default=None)
    return said if far is None or far.row < 0 else f"{said} {far.title}: {far.why[:1].lower()}{far.why[1:]}"


def _distance(entry: Compared) -> float:
    return abs(entry.difference)


def _value(entry: Compared) -> float:
    return entry.value
