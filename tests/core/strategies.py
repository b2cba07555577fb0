"""What Hypothesis draws predictions, conventions and edits from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from lossacc_gui.core import bulk, edits, recipes, shape_edits
from lossacc_gui.core.convention import (
    DTYPE_EPS,
    LOG_CLAMP,
    PRESETS,
    Base,
    Convention,
    Divisor,
    Reduction,
    Rows,
)
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule, edit_cell, refusal
from lossacc_gui.core.state import Baseline, Source, State
from lossacc_gui.core.tally import Tally

DTYPES = (np.float16, np.float32, np.float64)
ODD = (0.0, -0.0, 1.0, 0.5, 1 / 3, 1e-7, 1e-20, 5e-324, 1 - 2**-53, 1.5, -0.2, 1e30, np.inf, -np.inf, np.nan)
"""Values at which a library does something special."""

CONVENTIONS = (
    *(known.convention for known in PRESETS),
    Convention(Rows.NORMALISED),
    Convention(Rows.NORMALISED, clip=1e-3, clip_first=True),
    Convention(Rows.NORMALISED, clip=DTYPE_EPS, clip_first=True),
    Convention(clip=1e-15, base=Base.BITS),
    Convention(Rows.LOGITS, reduction=Reduction.SUM),
    Convention(clip=LOG_CLAMP, clip_first=True),
    Convention(Rows.NORMALISED, clip=LOG_CLAMP, clip_first=True),
    Convention(smoothing=0.1),
    Convention(Rows.NORMALISED, clip=1e-7, smoothing=0.5),
    Convention(Rows.NORMALISED, clip=1e-3, clip_first=True, smoothing=0.1, single=True),
    Convention(Rows.LOGITS, smoothing=0.1),
    Convention(temperature=2.0),
    Convention(Rows.NORMALISED, clip=1e-7, temperature=0.5),
    Convention(Rows.NORMALISED, clip=1e-3, clip_first=True, temperature=3.0),
    Convention(clip=LOG_CLAMP, temperature=0.01, smoothing=0.1),
    Convention(Rows.LOGITS, temperature=2.0, single=True),
    Convention(Rows.LOGITS, temperature=0.5, smoothing=0.1),
    Convention(Rows.NORMALISED, clip=DTYPE_EPS, single=True, bins=10),
)

tame = st.integers(0, 16).map(lambda k: k / 16) | st.floats(0, 1)
wild = tame | st.sampled_from(ODD)
steps = st.integers(-8, 8).map(lambda k: k / 4)
"""Numbers that are coarse enough for logits never to come near a tie without being one."""

conventions = st.sampled_from(CONVENTIONS)


@st.composite
def weighing(draw, classes):
    """A convention that gives the classes weights, or does not."""
    weights = st.lists(st.sampled_from([0.0, 0.1, 1.0, 2.5]), min_size=classes, max_size=classes).filter(any)
    return replace(
        draw(conventions),
        weights=draw(st.none() | weights.map(tuple)),
        divisor=draw(st.sampled_from(Divisor)),
        bins=draw(st.sampled_from([1, 2, 10, 15])),
    )


def cast(values: Any, dtype: Any) -> NDArray[Any]:
    """The values in another width; what is too large for it becomes infinite."""
    with np.errstate(all="ignore"):
        return np.asarray(values, np.float64).astype(dtype)


@st.composite
def cells(draw, shape, values=wild, dtype=np.float64):
    flat = draw(st.lists(values, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    return cast(flat, dtype).reshape(shape)


@st.composite
def labels(draw, rows, classes):
    return np.array(draw(st.lists(st.integers(-1, classes - 1), min_size=rows, max_size=rows)), np.int32)


@st.composite
def sample_weights(draw, rows):
    return np.array(draw(st.lists(st.sampled_from([0.0, 0.1, 1.0, 3.0]), min_size=rows, max_size=rows)))


@st.composite
def predictions(draw, values=wild, most_rows=6, most_classes=5, most_epochs=1):
    shape = (
        draw(st.integers(1, most_epochs)),
        draw(st.integers(1, most_rows)),
        draw(st.integers(2, most_classes)),
    )
    matrix = draw(cells(shape, values, draw(st.sampled_from(DTYPES))))
    weights = draw(st.none() | sample_weights(shape[1]))
    return Predictions.of(matrix, draw(labels(shape[1], shape[2])), weights=weights)


@st.composite
def states(draw):
    held = draw(predictions(most_epochs=2))
    return State(held, draw(weighing(held.classes)))


def copied(state: State) -> State:
    """A state that shares no array with another."""
    held = state.predictions
    return replace(state, predictions=replace(held, probs=held.probs.copy(), labels=held.labels.copy()))


def contents(state: State) -> tuple[Any, ...]:
    """All that an edit can change, as bits."""
    held = state.predictions
    bits = (held.probs.tobytes(), held.probs.shape, held.probs.dtype.str, held.labels.tobytes())
    weights = None if held.weights is None else held.weights.tobytes()
    return (*bits, weights, held.class_names, state.convention, state.baseline, state.source)


# --- one edit that fits a state --------------------------------------------------------------------


@st.composite
def _set_cells(draw, state):
    held = state.predictions
    count = draw(st.integers(1, 4))
    rows = draw(st.lists(st.integers(0, held.rows - 1), min_size=count, max_size=count))
    columns = draw(st.lists(st.integers(0, held.classes - 1), min_size=count, max_size=count))
    values = draw(cells((count,), dtype=np.float64))
    return edits.SetCells(np.array(rows), np.array(columns), values, draw(st.integers(0, held.epochs - 1)))


@st.composite
def _by_rule(draw, state):
    held = state.predictions
    row, column = draw(st.integers(0, held.rows - 1)), draw(st.integers(0, held.classes - 1))
    rule = draw(st.sampled_from(Rule))
    now = held.probs[0, row].astype(np.float64)
    if refusal(now, int(held.labels[row]), column, rule, state.convention):
        rule = Rule.ONLY
    value = draw(wild) if rule is Rule.ONLY else float(now[column]) * draw(st.floats(0, 1))
    if state.convention.rows is Rows.LOGITS and rule is not Rule.ONLY:
        value = float(now[column]) - draw(st.floats(0, 9))
    return edit_cell(state, 0, row, column, value, rule)


@st.composite
def _set_labels(draw, state):
    held = state.predictions
    rows = draw(st.lists(st.integers(0, held.rows - 1), min_size=1, unique=True))
    return edits.SetLabels(np.array(rows), draw(labels(len(rows), held.classes)))


@st.composite
def _insert_rows(draw, state):
    held = state.predictions
    count = draw(st.integers(1, 3))
    total = held.rows + count
    rows = draw(st.lists(st.integers(0, total - 1), min_size=count, max_size=count, unique=True))
    new = draw(cells((held.epochs, count, held.classes), dtype=draw(st.sampled_from(DTYPES))))
    return shape_edits.InsertRows(
        np.array(sorted(rows)),
        new,
        draw(labels(count, held.classes)),
        draw(st.none() | sample_weights(count)),
    )


@st.composite
def _delete_rows(draw, state):
    rows = draw(st.sets(st.integers(0, state.predictions.rows - 1), max_size=state.predictions.rows - 1))
    return shape_edits.DeleteRows(np.array(sorted(rows), np.intp))


@st.composite
def _insert_class(draw, state):
    held = state.predictions
    free = np.flatnonzero(held.labels < 0)
    labelled = free[: draw(st.integers(0, len(free)))]
    new = draw(cells((held.epochs, held.rows)))
    column = draw(st.integers(0, held.classes))
    return shape_edits.InsertClass(column, draw(_fresh_names(held.class_names)), new, labelled)


RECIPES = (recipes.Even(), recipes.Dirichlet(0.3), recipes.Temper(0.5), recipes.Noise(0.7))


@st.composite
def _set_rows(draw, state):
    held = state.predictions
    rows = np.array(sorted(draw(st.sets(st.integers(0, held.rows - 1), min_size=1))), np.intp)
    epoch = draw(st.integers(0, held.epochs - 1))
    if draw(st.booleans()):
        return bulk.MakeRows(rows, draw(st.sampled_from(RECIPES)), draw(st.integers(0, 99)), epoch)
    return bulk.SetRows(rows, draw(cells((len(rows), held.classes))), epoch)


@st.composite
def _reorder(draw, state):
    return bulk.ReorderClasses(np.array(draw(st.permutations(range(state.predictions.classes)))))


@st.composite
def _together(draw, state):
    parts = draw(st.lists(st.sampled_from([_set_cells, _set_labels, _set_rows]), min_size=1, max_size=3))
    drawn = [draw(part(state)) for part in parts]
    return bulk.Together((*drawn, draw(_insert_rows(state)))[: len(drawn) + draw(st.integers(0, 1))])


def _fresh_names(taken):
    return st.integers(100, 999).map(lambda k: f"new {k}").filter(lambda name: name not in taken)


@st.composite
def _replace(draw, state):
    held = draw(predictions())
    return edits.Replace(State(held, draw(weighing(held.classes)), source=Source("another")))


@st.composite
def edit(draw, state):
    """One edit of any kind that fits the state."""
    held = state.predictions
    kinds = [
        _set_cells(state),
        _by_rule(state),
        _set_labels(state),
        _insert_rows(state),
        _insert_class(state),
        st.builds(edits.RenameClass, st.integers(0, held.classes - 1), _fresh_names(held.class_names)),
        st.builds(edits.SetConvention, weighing(held.classes)),
        st.builds(
            edits.SetBaseline, st.sampled_from([None, Baseline("start", Tally(rows=2, hits=1), Convention())])
        ),
        _set_rows(state),
        _reorder(state),
        _together(state),
        _replace(state),
    ]
    if held.rows > 1:
        kinds.append(_delete_rows(state))
    weights = state.convention.weights or (1.0,) * held.classes
    free = [c for c in range(held.classes) if any(weights[:c] + weights[c + 1 :])]
    if held.classes > 2 and free:
        kinds.append(st.builds(shape_edits.DeleteClass, st.sampled_from(free)))
    return draw(st.sampled_from(kinds).flatmap(lambda kind: kind))
