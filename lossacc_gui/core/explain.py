"""What one change did and why, from the actual rows: as data, and as a sentence made from it.

Cost: the classes of the rows that changed; the number of rows does not matter.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.bulk import MakeRows, ReorderClasses, SetRows, Together
from lossacc_gui.core.change import Change
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.edits import RenameClass, Replace, SetBaseline, SetCells, SetConvention, SetLabels
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.explanation import Explanation, Kind, Moment, Move, RowMoment, Span
from lossacc_gui.core.mending import Mend
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.naming import called
from lossacc_gui.core.rows import Flag, RowStats
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.state import State
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.telling import tell
from lossacc_gui.core.wording import shortened

__all__ = ["Explanation", "Kind", "Move", "Span", "explain"]

TYPED_DIGITS = 6
"""A number with at most so many characters is taken to be typed, and one that no longer shows so many
significant digits to have been rounded: float16 is told of, float32 only where it overflows."""


def explain(change: Change, evaluation: Evaluation, decimals: int = 4) -> Explanation:
    """What ``change`` did; ``evaluation`` is the one after it."""
    explanation = replace(_explained(change, evaluation), aside=change.aside)
    return replace(explanation, told=tell(explanation, decimals))


def _explained(change: Change, evaluation: Evaluation) -> Explanation:
    """The explanation before it is told."""
    old = change.convention_before or evaluation.convention
    explanation = Explanation(
        Kind.STEPS,
        _moment(change.tally_before, old),
        _moment(change.tally_after, evaluation.convention),
        change.undone,
        change.steps,
        classes=evaluation.predictions.classes,
    )
    if _is_several(change):
        touched = 0 if change.rows is None else len(change.rows)
        return replace(explanation, rows=touched, compares=not (change.convention or change.source))
    match change.edit:
        case SetCells():
            return _cells(explanation, change, change.edit, evaluation)
        case SetLabels():
            return _labels(explanation, change, evaluation)
        case SetRows() | MakeRows():
            return _made(explanation, change, evaluation)
        case Together() as edit:
            explanation = explanation if change.rows is None else _rows(explanation, change)
            return replace(explanation, kind=Kind.TOGETHER, parts=edit.parts())
        case _:
            return _whole(explanation, change, evaluation)


def _is_several(change: Change) -> bool:
    """Whether this is a jump over several steps, of which only the last one's edit is known."""
    in_place = isinstance(change.edit, SetCells | SetLabels)
    return abs(change.steps) > 1 or (change.before is None and (in_place or change.rows is not None))


def _moment(tally: Tally, convention: Convention) -> Moment:
    return Moment(tally, convention, CROSS_ENTROPY.of(tally, convention).value)


def _cells(explanation: Explanation, change: Change, edit: SetCells, evaluation: Evaluation) -> Explanation:
    """Cells that were set: in one row each of them, else how many and where."""
    assert isinstance(change.inverse, SetCells)
    was = change.inverse.values
    now = evaluation.predictions.probs[edit.epoch, edit.rows, edit.columns]
    moved = np.flatnonzero(~((was == now) | (np.isnan(was) & np.isnan(now))))
    explanation = replace(_rows(explanation, change), kind=Kind.CELLS, cells=len(moved))
    if explanation.rows != 1:
        return explanation
    assert change.before is not None
    assert change.after is not None
    names, label = evaluation.predictions.class_names, int(evaluation.predictions.labels[explanation.row])
    cells = evaluation.predictions.probs[evaluation.epoch, explanation.row]
    with np.errstate(invalid="ignore"):
        by = np.abs(now[moved].astype(np.float64) - was[moved])
    largest = moved[np.argsort(np.where(np.isnan(by), -np.inf, -by), kind="stable")]
    return replace(
        explanation,
        moves=tuple(
            Move(called(names, int(edit.columns[i])), float(was[i]), float(now[i])) for i in largest[:3]
        ),
        rounded=None if change.undone else _rounded(edit, now, largest),
        before_row=_row_moment(change.before, _cells_before(edit, was, evaluation), label, evaluation),
        after_row=_row_moment(change.after, cells, label, evaluation),
    )


def _rounded(edit: SetCells, now: NDArray[Any], largest: NDArray[np.intp]) -> tuple[float, float, str] | None:
    """A typed value that the dtype could not hold, so far off that it shows."""
    with np.errstate(all="ignore"):  # nearer than this no digit of a typed value changes
        near = np.abs(now.astype(np.float64) - edit.values) <= 2e-7 * np.abs(edit.values)
    for i in largest[~near[largest]].tolist():
        typed, stored = float(edit.values[i]), float(now[i])
        short = isfinite(typed) and len(f"{typed!r}") <= TYPED_DIGITS
        if short and f"{typed:.{TYPED_DIGITS}g}" != f"{stored:.{TYPED_DIGITS}g}":
            return typed, stored, str(now.dtype)
    return None


def _cells_before(edit: SetCells, was: NDArray[Any], evaluation: Evaluation) -> NDArray[Any]:
    """The one row that was edited as it was; of a cell set twice, the first old value is the true one."""
    cells: NDArray[Any] = evaluation.predictions.probs[evaluation.epoch, int(edit.rows[0])].copy()
    if edit.epoch == evaluation.epoch:
        cells[edit.columns[::-1]] = was[::-1]
    return cells


def _row_moment(stats: RowStats, cells: NDArray[Any], label: int, evaluation: Evaluation) -> RowMoment:
    names, winner = evaluation.predictions.class_names, int(stats.prediction[0])
    if evaluation.convention.single:
        with np.errstate(over="ignore"):
            cells = cells.astype(np.float32)
    top = cells[winner]
    tied = np.flatnonzero(cells == top)
    return RowMoment(
        label=called(names, label) if label >= 0 else "",
        p_label=float(stats.p_label[0]),
        total=float(stats.total[0]),
        loss=float(stats.loss[0]) / evaluation.convention.nats,
        prediction=called(names, winner),
        right=bool(stats.has(Flag.HIT)[0]),
        winner=winner,
        top=float(top),
        tied=tuple(called(names, i) for i in tied[:3].tolist()) if len(tied) > 1 else (),
        decides=bool(stats.has(Flag.HIT_ANY)[0] and not stats.has(Flag.HIT_UNIQUE)[0]),
        broken=bool(np.isnan(top)),
    )


def _made(explanation: Explanation, change: Change, evaluation: Evaluation) -> Explanation:
    """Whole rows that were set; one of them is told cell by cell."""
    back = change.inverse
    assert isinstance(back, SetRows)
    now = evaluation.predictions.probs[back.epoch, back.rows]
    at, columns = np.nonzero(~((now == back.probs) | (np.isnan(now) & np.isnan(back.probs))))
    if len(back.rows) != 1:
        return replace(_rows(explanation, change), kind=Kind.CELLS, cells=len(at))
    edit, inverse = (
        SetCells(back.rows[at], columns, cells[at, columns], back.epoch) for cells in (now, back.probs)
    )
    return _cells(explanation, replace(change, inverse=inverse), edit, evaluation)


def _labels(explanation: Explanation, change: Change, evaluation: Evaluation) -> Explanation:
    """Labels given, changed or taken away."""
    assert isinstance(change.inverse, SetLabels)
    assert isinstance(change.edit, SetLabels)
    was, now = change.inverse.labels, change.edit.labels
    taken, given = (now < 0) & (was >= 0), (now >= 0) & (now != was)
    explanation = replace(_rows(explanation, change), kind=Kind.LABELS)
    explanation = replace(explanation, lost=int(np.count_nonzero(taken)), cells=int(np.count_nonzero(given)))
    if explanation.rows != 1:
        return explanation
    assert change.before is not None
    assert change.after is not None
    cells = evaluation.predictions.probs[evaluation.epoch, explanation.row]
    return replace(
        explanation,
        before_row=_row_moment(change.before, cells, int(was[0]), evaluation),
        after_row=_row_moment(change.after, cells, int(now[0]), evaluation),
    )


def _rows(explanation: Explanation, change: Change) -> Explanation:
    """Which rows were touched, and which of them flipped."""
    assert change.rows is not None
    assert change.before is not None
    assert change.after is not None
    was, now, counts = change.before.has(Flag.HIT), change.after.has(Flag.HIT), change.after.has(Flag.COUNTED)
    losses = np.abs(np.append(change.before.loss, change.after.loss))
    return replace(
        explanation,
        row=int(change.rows[0]) if len(change.rows) else -1,
        rows=len(change.rows),
        became_right=int(np.count_nonzero(now & ~was)),
        became_wrong=int(np.count_nonzero(was & ~now & counts)),  # a row without a label is neither
        touched_loss=float(losses[np.isfinite(losses)].sum()),
    )


def _whole(explanation: Explanation, change: Change, evaluation: Evaluation) -> Explanation:
    """Changes that are not about the cells or the label of some rows."""
    explanation = replace(
        explanation, touched_loss=abs(explanation.after.entropy or 0.0) * max(explanation.after.n, 1)
    )
    match change.edit, change.inverse:
        case (InsertRows() | DeleteRows()) as edit, _:
            came = edit if isinstance(edit, InsertRows) else None
            return replace(
                explanation,
                kind=Kind.ROWS_ADDED if came else Kind.ROWS_DELETED,
                row=int(edit.rows[0]),
                rows=len(edit.rows),
                lost=int(np.count_nonzero(came.labels >= 0)) if came else 0,
            )
        case ((InsertClass() | DeleteClass() | RenameClass() | ReorderClasses()), _):
            return _class(explanation, change)
        case SetConvention() as edit, SetConvention() as inverse:
            same = edit.convention == inverse.convention
            kind = Kind.PAGE if change.page else Kind.EPOCH if same else Kind.CONVENTION
            return replace(explanation, kind=kind, row=evaluation.epoch, name=change.page)
        case SetBaseline() as edit, _:
            return replace(explanation, kind=Kind.BASELINE, name=edit.baseline.name if edit.baseline else "")
        case (Mend() | Replace()) as edit, Replace() as inverse:
            explanation = replace(explanation, rows=evaluation.predictions.rows)
            return _replaced(explanation, edit, inverse.state)
        case _:
            return explanation


def _replaced(explanation: Explanation, edit: Mend | Replace, before: State) -> Explanation:
    """Everything that was mended, or gave way to something else."""
    explanation = replace(explanation, kind=Kind.REPLACED)
    if isinstance(edit, Mend):
        return replace(explanation, name=edit.how.value)
    new = edit.state.source
    return replace(
        explanation, name=edit.what, old_name=new.name if edit.opens or new != before.source else ""
    )


def _class(explanation: Explanation, change: Change) -> Explanation:
    """A class that came, went, or has another name or place."""
    match change.edit, change.inverse:
        case InsertClass() as edit, _:
            name, lost = shortened(edit.name.strip()), len(edit.labelled)
            return replace(explanation, kind=Kind.CLASS_ADDED, name=name, lost=lost)
        case DeleteClass(), InsertClass() as gone:
            return replace(
                explanation, kind=Kind.CLASS_DELETED, name=shortened(gone.name), lost=len(gone.labelled)
            )
        case RenameClass() as edit, RenameClass() as back:
            name = shortened(edit.name.strip())
            return replace(explanation, kind=Kind.CLASS_RENAMED, name=name, old_name=shortened(back.name))
        case ReorderClasses(), _:
            return replace(explanation, kind=Kind.CLASSES_REORDERED)
        case _:
            return explanation
