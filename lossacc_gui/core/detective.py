"""What looks odd about predictions, with its evidence in numbers and the edit that would put it right.

A sample of rows decides what the cells are; only what it makes likely is looked for in every row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core import suspects
from lossacc_gui.core.convention import DTYPE_EPS, Convention, Rows
from lossacc_gui.core.edits import Edit, SetConvention
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.mending import Mend, Mending
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.sums import is_off
from lossacc_gui.core.suspects import Sample
from lossacc_gui.core.wording import are, counted, number, share

SUM_DIGITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One odd thing. ``does`` names the fix, for a button; ``rows`` (k,) are the rows it is about, if few.

    ``edit`` makes the fix from the convention that holds when it is asked for; None where there is none.
    """

    key: str
    text: str
    does: str = ""
    edit: Callable[[Convention], Edit] | None = None
    rows: NDArray[np.intp] | None = None


def findings(evaluation: Evaluation, stop: Callable[[], bool] | None = None) -> tuple[Finding, ...]:
    """All there is, the most telling first. Raises Stopped when ``stop`` says so."""
    sample = Sample.of(evaluation)
    kind = _kind(evaluation, sample)
    found = [kind] if kind else []
    scores = kind is not None and kind.key in ("logs", "logits")
    if (broken := _unfinite(evaluation, scores)) is not None:
        found.insert(0, broken)
    for look in (_labels, _twins) if scores else (_labels, _zeros, _twins):
        if stop is not None and stop():
            raise Stopped
        if (one := look(evaluation)) is not None:
            found.append(one)
    return tuple(found)


def _kind(evaluation: Evaluation, sample: Sample) -> Finding | None:
    """What the cells are, when they are no probabilities, or none that one would expect."""
    rows = evaluation.convention.rows
    if rows is Rows.LOGITS:
        return _probabilities(evaluation, sample)
    for look in (_logs, _percent, _transposed, _logits, _twice):
        if (found := look(evaluation, sample)) is not None:
            return found
    return _sums(evaluation) if rows is Rows.AS_TYPED else None


def _logs(_: Evaluation, sample: Sample) -> Finding | None:
    if not (sample.high <= 0 and sample.low < 0 and sample.all_near(sample.exponentials, 1)):
        return None
    text = (
        f"These look like log-probabilities: no cell is above 0 (the lowest is {number(sample.low, 2)}), and "
        f"the exponentials of each row sum to 1. Their softmax is the probabilities."
    )
    return Finding("logs", text, "Read as logits", _as_logits)


def _percent(_: Evaluation, sample: Sample) -> Finding | None:
    if not (sample.low >= 0 and sample.high > 1 and sample.all_near(sample.totals / 100, 1)):
        return None
    text = f"These look like percentages: rows sum to 100 and the largest cell is {number(sample.high, 2)}."
    return Finding("percent", text, "Divide by 100", _mend(Mending.PERCENT))


def _transposed(evaluation: Evaluation, sample: Sample) -> Finding | None:
    cells = evaluation.predictions.probs[evaluation.epoch]
    if sample.share_near(sample.totals, 1) > 0.5 or not 0 <= sample.low <= sample.high <= 1 or len(cells) < 2:
        return None
    with np.errstate(all="ignore"):
        totals = cells[:, : suspects.ROWS].sum(axis=0, dtype=np.float64)
    if not (np.abs(totals - 1) < suspects.NEAR).all():
        return None
    rows, classes = cells.shape
    text = (
        f"Rows and classes may be exchanged: columns sum to 1 and rows do not. It would be "
        f"{counted(classes, 'row')} × {counted(rows, 'class')}; labels have to be opened again."
    )
    return Finding("transposed", text, "Exchange", _mend(Mending.TRANSPOSE))


def _logits(_: Evaluation, sample: Sample) -> Finding | None:
    negative = float(sample.negative.mean()) if len(sample.cells) else 0.0
    if negative < 0.1 or sample.share_near(sample.totals, 1) > 0.5:
        return None
    text = (
        f"These look like logits: {share(negative)} of the rows have a negative cell, and cells go from "
        f"{number(sample.low, 2)} to {number(sample.high, 2)}."
    )
    return Finding("logits", text, "Read as logits", _as_logits)


def _probabilities(evaluation: Evaluation, sample: Sample) -> Finding | None:
    """Of rows that are read as logits."""
    if not (0 <= sample.low <= sample.high <= 1 and sample.all_near(sample.totals, 1)):
        return None
    text = "These look like probabilities and are read as logits: every row sums to 1, and goes through softmax again."
    if evaluation.convention.temperature == 1 and not evaluation.convention.smoothing:
        text += f" No loss can be below {number(_least_of_two_softmaxes(evaluation))} nats."
    return Finding("probabilities", text, "Read as typed", _as_typed)


def _twice(evaluation: Evaluation, sample: Sample) -> Finding | None:
    if not (sample.low > 0 and sample.all_near(sample.totals, 1)):
        return None
    largest = suspects.softmaxed_twice(evaluation)
    if largest is None:
        return None
    floor = _least_of_two_softmaxes(evaluation)
    text = (
        f"These may have gone through softmax twice: undone once, every row is still a distribution, with "
        f"cells up to {number(largest)}. As they are, no loss could be below {number(floor)} nats."
    )
    return Finding("twice", text, "Undo one softmax", _mend(Mending.UNSOFTMAX))


def _least_of_two_softmaxes(evaluation: Evaluation) -> float:
    """The loss, in nats, of a row whose softmax is 1 at its label when softmax is taken of that."""
    return float(np.log1p((evaluation.predictions.classes - 1) / np.e))


def _unfinite(evaluation: Evaluation, scores: bool) -> Finding | None:
    """Rows with a cell that is NaN or infinite; the −∞ of logits and logarithms is a probability of 0."""
    rows = suspects.unfinite(evaluation, scores or evaluation.convention.rows is Rows.LOGITS)
    if not rows.size:
        return None
    text = (
        f"{counted(len(rows), 'row')} {are(len(rows), 'holds', 'hold')} a NaN or an infinite number; "
        f"the first is row {rows[0] + 1:,}."
    )
    return Finding("unfinite", text, rows=rows)


def _sums(evaluation: Evaluation) -> Finding | None:
    total = evaluation.stats.total
    off = np.flatnonzero(is_off(evaluation.stats))
    if not off.size:
        return None
    worst = int(off[np.argmax(np.abs(total[off] - 1))])
    low, high = number(float(total[off].min()), SUM_DIGITS), number(float(total[off].max()), SUM_DIGITS)
    between = f"they sum to {low}" if low == high else f"their sums go from {low} to {high}"
    told = f"{between}; the one farthest off is row {worst + 1:,}"
    if len(off) == 1:
        told = f"row {worst + 1:,} sums to {low}"
    many = f"{len(off):,} of {counted(len(total), 'row')} {'does' if len(off) == 1 else 'do'} not sum to 1"
    text = f"{many}: {told}."
    return Finding("sums", text, "Normalise rows", _normalised, off)


def _labels(evaluation: Evaluation) -> Finding | None:
    """Labels that would fit far better if they meant other classes."""
    shifted = suspects.counted_from_one(evaluation)
    if shifted is not None:
        text = (
            f"Labels may count from 1: none is {evaluation.predictions.class_names[0]}. Each one lower, "
            f"accuracy would be {share(shifted.would)} instead of {share(shifted.now)}."
        )
        return Finding("from one", text, "Count from 0", _mend(Mending.LABELS_DOWN))
    moved = suspects.permuted(evaluation)
    if moved is None:
        return None
    count = int(np.count_nonzero(moved.order != np.arange(len(moved.order))))
    text = (
        f"{counted(count, 'class')} of {len(moved.order)} may stand in each other's columns: put where their "
        f"labels are, accuracy would be {share(moved.would)} instead of {share(moved.now)}."
    )
    return Finding("permuted", text, "Move the columns", _mend(Mending.COLUMNS, moved.order))


def _zeros(evaluation: Evaluation) -> Finding | None:
    convention = evaluation.convention
    if convention.rows is Rows.LOGITS or convention.clips or convention.smoothing:
        return None
    zero = np.flatnonzero(evaluation.stats.loss == np.inf)
    if not zero.size or CROSS_ENTROPY.of(evaluation.tally, convention).value != np.inf:
        return None
    give = "gives its" if len(zero) == 1 else "give their"
    text = (
        f"{counted(len(zero), 'row')} {give} label probability 0, so cross-entropy is infinite; "
        f"the first is row {zero[0] + 1:,}."
    )
    return Finding("zeros", text, "Clip as scikit-learn does", _clipped, zero)


def _twins(evaluation: Evaluation) -> Finding | None:
    twins = suspects.twins(evaluation)
    if twins is None:
        return None
    text = (
        f"{counted(len(twins.rows), 'row')} are equal in every cell to another with a different label, in "
        f"{counted(twins.groups, 'group')}: at least {counted(twins.lost, 'row')} must be wrong, whatever the model."
    )
    return Finding("twins", text, rows=twins.rows)


def _mend(how: Mending, order: NDArray[np.intp] | None = None) -> Callable[[Convention], Edit]:
    def make(_: Convention) -> Edit:
        return Mend(how, order)

    return make


def _as_logits(now: Convention) -> Edit:
    return SetConvention(replace(now, rows=Rows.LOGITS))


def _as_typed(now: Convention) -> Edit:
    return SetConvention(replace(now, rows=Rows.AS_TYPED))


def _normalised(now: Convention) -> Edit:
    return SetConvention(replace(now, rows=Rows.NORMALISED))


def _clipped(now: Convention) -> Edit:
    return SetConvention(replace(now, clip=DTYPE_EPS))
