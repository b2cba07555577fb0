"""What would it take? Each question about the predictions is answered by an edit and a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention, Reduction, Rows
from lossacc_gui.core.design import bounds, design
from lossacc_gui.core.edits import Edit, Replace, SetCells
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.exchange import exchange
from lossacc_gui.core.flips import changed_cells, smallest_flip
from lossacc_gui.core.moves import push, turned
from lossacc_gui.core.naming import called
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Flag, RowStats, row_stats
from lossacc_gui.core.state import State
from lossacc_gui.core.weights import is_weighted
from lossacc_gui.core.wording import number, rows


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """The edit that does what was asked, the name of its step, and what to add to the explanation."""

    edit: Edit
    what: str
    says: str


def flip(evaluation: Evaluation, row: int) -> Answer:
    """Make a right row wrong, or a wrong one right, by moving as little as possible."""
    predictions = evaluation.predictions
    cells, label = predictions.probs[evaluation.epoch, row], int(predictions.labels[row])
    try:
        found = smallest_flip(cells, label, evaluation.convention.rows)
    except Refusal as reason:
        raise Refusal(f"row {row + 1}", reason.what, reason.remedy) from reason
    name = called(predictions.class_names, found.rival)
    if evaluation.convention.rows is Rows.LOGITS:
        how = f"the label's logit had to pass that of {name}, {number(found.distance)} away"
    else:
        how = f"{number(found.distance / 2)} of its probability had to change places"
    least = (
        "No smaller move does it" if found.attained else "Any move that does it is larger, if ever so little"
    )
    edit = changed_cells(row, cells, found.cells, evaluation.epoch)
    return Answer(edit, f"Flip row {row + 1}", f"{least}: {how}.")


def turn(evaluation: Evaluation, row: int, right: bool) -> Answer:
    """Make a row right, or wrong, and leave its loss where it is."""
    end = "right" if right else "wrong"
    edit = turned(evaluation, row, right)
    return Answer(edit, f"Make row {row + 1} {end}", "Only cells besides the label's moved.")


def push_accuracy(
    evaluation: Evaluation,
    right: bool,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Answer:
    """Make as many rows right, or wrong, as their losses allow. Raises Stopped when ``stop`` says so."""
    pushed = push(evaluation, right, progress=progress, stop=stop)
    end = "highest" if right else "lowest"
    dtype = evaluation.predictions.probs.dtype
    says = f"This is the {end} accuracy at these row losses."
    if pushed.left:
        says = (
            f"{rows(pushed.left)} more could follow, but no {dtype} cells keep "
            f"{'its loss' if pushed.left == 1 else 'their losses'} to the last bit."
        )
    return Answer(pushed.edit, f"Push accuracy to its {end}", says)


def give_and_take(evaluation: Evaluation, up: int, down: int, factor: float) -> Answer:
    """Multiply one row's p(label) by a factor and divide another's by it: the mean loss stays."""
    edit = exchange(evaluation, up, down, factor)
    says = (
        f"p(label) of row {up + 1} was multiplied by {factor:g} and that of row {down + 1} divided by it, so "
        "their losses still add up to what they did."
    )
    return Answer(edit, f"Exchange losses of rows {up + 1} and {down + 1}", says)


def outcome(evaluation: Evaluation, answer: Answer, asked: NDArray[np.intp]) -> tuple[str, ...]:
    """What an answer that sets cells would do to the rows ``asked`` (k,), ascending: a line a row."""
    edit = answer.edit
    assert isinstance(edit, SetCells)
    held = evaluation.predictions
    cells = held.probs[evaluation.epoch][asked]  # a copy
    cells[np.searchsorted(asked, edit.rows), edit.columns] = edit.values
    was, now = evaluation.stats[asked], row_stats(cells, held.labels[asked], evaluation.convention)
    return tuple(
        f"row {row + 1}: loss {_went(was.loss[i] / evaluation.convention.nats, now.loss[i] / evaluation.convention.nats)}, "
        f"{_end(was, i)} → {_end(now, i)}"
        for i, row in enumerate(asked.tolist())
    )


def _went(was: float, now: float) -> str:
    return f"{number(was)} → {number(now)}"


def _end(stats: RowStats, i: int) -> str:
    return "right" if stats.has(Flag.HIT)[i] else "wrong"


def build(state: State, evaluation: Evaluation, loss: float, hits: int, seed: int = 0) -> Answer:
    """Other cells for the same labels, with cross-entropy ``loss`` in the shown unit and ``hits`` rows right.

    Raises Refusal, naming the bound, where no such rows exist.
    """
    held, convention = evaluation.predictions, evaluation.convention
    counted = evaluation.tally.rows
    if reason := convention.mixes or ("rows have weights" if is_weighted(held, convention) else ""):
        raise Refusal("", f"no matrix can be made to measure: {reason}", "choose a convention without it")
    cells = design(
        held.labels, held.classes, in_nats(loss, convention, counted), hits, np.random.default_rng(seed)
    )
    if convention.rows is Rows.LOGITS:
        with np.errstate(divide="ignore"):
            cells = np.log(cells)
    epochs = np.array(held.probs, dtype=np.float64)
    epochs[evaluation.epoch] = cells
    made = Predictions(epochs, held.labels.copy(), held.class_names, weights=held.weights)
    says = f"Its rows were drawn at random among those with these two numbers (seed {seed})."
    if held.probs.dtype != np.float64:
        says += f" Its cells are float64; they were {held.probs.dtype}."
    what = f"Build a matrix at {number(loss)} and {hits:,} of {rows(counted)}"
    return Answer(Replace(replace(state, predictions=made), what), what, says)


def reachable(evaluation: Evaluation, hits: int) -> tuple[float, float]:
    """The lowest and highest cross-entropy, in the shown unit, that ``build`` can give these rows."""
    low, high = bounds(evaluation.tally.rows, evaluation.predictions.classes, hits)
    scale = in_nats(1.0, evaluation.convention, evaluation.tally.rows)
    return low / scale, high / scale


def in_nats(loss: float, convention: Convention, counted: int) -> float:
    """A cross-entropy as the convention shows it, as the mean over ``counted`` rows in nats."""
    summed = convention.reduction is Reduction.SUM
    return loss * convention.nats / (max(counted, 1) if summed else 1)
