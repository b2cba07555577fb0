"""The laws everything rests on: live equals recomputed, and undoing everything restores the first bytes."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Convention, Divisor, Rows, preset
from lossacc_gui.core.edits import NONE, Edit, SetCells, SetLabels
from lossacc_gui.core.evaluation import (
    ALONE,
    BLOCK_CELLS,
    BLOCK_ROWS,
    WORKERS,
    Evaluation,
    block_rows,
    evaluate,
)
from lossacc_gui.core.metrics import EVERY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import State
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.tally import Tally
from tests.core.strategies import contents, copied, edit, states
from tests.thorough import examples


def begun(state: State) -> Evaluation:
    """An evaluation that keeps the tally of a part of the rows true, too."""
    evaluation = evaluate(state.predictions, state.convention)
    evaluation.part = evaluation.part_of(np.arange(0, state.predictions.rows, 2))
    return evaluation


def kept(evaluation: Evaluation, state: State, touched) -> Evaluation:
    """The evaluation after an edit: refreshed where rows are named, computed anew for ALL."""
    if touched is None:
        return begun(state)
    evaluation.convention = state.convention  # unit and reduction may change without touching a row
    evaluation.refresh(touched)
    return evaluation


def check_live(evaluation: Evaluation, state: State) -> None:
    fresh = evaluate(state.predictions, state.convention)
    assert evaluation.predictions is state.predictions
    assert evaluation.tally == fresh.tally
    assert evaluation.part is not None
    assert evaluation.part.tally == fresh.tally_of(np.flatnonzero(evaluation.part.rows))
    for column in fields(fresh.stats):
        live, new = getattr(evaluation.stats, column.name), getattr(fresh.stats, column.name)
        assert live.tobytes() == new.tobytes(), column.name


@examples(250)
@given(states(), st.data())
def test_live_equals_recomputed_and_undo_restores_the_first_bytes(state, data):
    evaluation = begun(state)
    bytes_then = [contents(state)]
    undo: list[Edit] = []
    redo: list[Edit] = []
    for _ in range(data.draw(st.integers(1, 8))):
        step = data.draw(st.sampled_from(["edit", "edit", "edit", "undo", "redo"]))
        if step == "undo" and undo:
            inverse, touched = undo.pop().apply(state)
            redo.append(inverse)
            assert contents(state) == bytes_then[len(undo)]
        elif step == "redo" and redo:
            inverse, touched = redo.pop().apply(state)
            undo.append(inverse)
            assert contents(state) == bytes_then[len(undo)]
        else:
            change = data.draw(edit(state))
            inverse, touched = change.apply(state)
            undo.append(inverse)
            redo.clear()
            del bytes_then[len(undo) :]
            bytes_then.append(contents(state))
        evaluation = kept(evaluation, state, touched)
        check_live(evaluation, state)
    while undo:
        _, touched = undo.pop().apply(state)
        evaluation = kept(evaluation, state, touched)
    assert contents(state) == bytes_then[0]
    check_live(evaluation, state)


@examples(150)
@given(states(), st.data())
def test_an_idle_edit_is_one_that_changes_nothing(state, data):
    change = data.draw(edit(state))
    idle, before = change.idle(state), contents(state)
    assert change.cells(state) >= 0
    change.apply(state)
    if idle:
        assert contents(state) == before


@examples(150)
@given(states(), st.data())
def test_predictions_stay_as_of_makes_them(state, data):
    for _ in range(3):
        data.draw(edit(state)).apply(state)
        held = state.predictions
        again = Predictions.of(held.probs, held.labels, held.class_names)
        assert again.probs is held.probs  # C order, three axes, writeable: nothing to mend
        assert again.labels.tobytes() == held.labels.tobytes()
        assert again.class_names == held.class_names
        assert held.labels.dtype == np.int32


@given(states())
def test_evaluating_changes_nothing(state):
    before = contents(state)
    evaluate(state.predictions, state.convention)
    assert contents(state) == before


def large(rows: int = 30_000, classes: int = 12, *, weights: bool = False) -> Predictions:
    rng = np.random.default_rng(7)
    cells = rng.dirichlet(np.ones(classes), rows).astype(np.float32)
    each = rng.choice([0.0, 0.5, 3.0], rows) if weights else None
    return Predictions.of(cells, rng.integers(-1, classes, rows), weights=each)


@pytest.mark.parametrize(
    ("convention", "classes", "weights"),
    [
        (preset("by_hand"), 12, False),
        (preset("keras"), 12, False),
        (preset("pytorch_logits"), 12, True),
        (preset("sklearn"), 40, True),
        (Convention(Rows.NORMALISED, clip=1e-7, smoothing=0.1, bins=7), 40, False),
        (Convention(temperature=2.0, bins=10, divisor=Divisor.ROWS), 40, True),
        (Convention(Rows.LOGITS, temperature=0.5, smoothing=0.1, bins=1), 40, False),
    ],
)
def test_live_equals_recomputed_on_many_rows(convention, classes, weights):
    held = large(2_000 if classes > 12 else 30_000, classes, weights=weights)
    rng = np.random.default_rng(1)
    if weights:
        convention = replace(convention, weights=tuple(rng.choice([0.0, 1.0, 2.5], classes)))
    state = State(held, convention)
    evaluation = begun(state)
    for _ in range(30):
        rows = rng.integers(0, held.rows, 50)
        inverse, touched = SetCells(rows, rng.integers(0, classes, 50), rng.random(50)).apply(state)
        evaluation.refresh(touched)
        _, touched = SetLabels(rows[:9], rng.integers(-1, classes, 9, np.int32)).apply(state)
        evaluation.refresh(touched)
        _, touched = inverse.apply(state)
        evaluation.refresh(touched)
    check_live(evaluation, state)
    fresh = evaluate(held, convention)
    for metric in EVERY:
        assert evaluation.read(metric) == fresh.read(metric), metric.key


def test_a_row_named_twice_is_refreshed_once():
    held = Predictions.of([[0.5, 0.5], [0.2, 0.8]], [0, 1])
    evaluation = evaluate(held, Convention())
    held.probs[0, 0] = 0.9, 0.1
    evaluation.refresh(np.array([0, 0, 0]))
    assert evaluation.tally == evaluate(held, Convention()).tally


@pytest.mark.parametrize("classes", [2, 30])
def test_refreshing_no_row_changes_nothing(classes):
    held = Predictions.of(np.eye(classes), range(classes))
    evaluation = evaluate(held, Convention())
    before = evaluation.tally
    evaluation.refresh(NONE)
    assert evaluation.tally == before


def test_many_rows_are_evaluated_as_few_are():
    held = large()
    whole = evaluate(held, preset("keras"))
    parts = [
        Predictions.of(held.probs[:, at : at + 999], held.labels[at : at + 999])
        for at in range(0, 30_000, 999)
    ]
    assert sum((evaluate(part, preset("keras")).tally for part in parts), Tally()) == whole.tally
    assert len(whole.stats) == held.rows


@pytest.mark.parametrize("rows", [1, 7, 50_000, 600_001])
@pytest.mark.parametrize("classes", [2, 10, 1_000, 50_000_000])
def test_blocks_are_as_many_for_each_worker_and_none_is_too_large(rows, classes):
    size = block_rows(rows, classes)
    assert 1 <= size <= BLOCK_ROWS
    assert size == 1 or size * classes <= BLOCK_CELLS
    if rows * classes > ALONE and size > 100:
        assert -(-rows // size) % WORKERS == 0


@pytest.mark.parametrize("rows", [3, 200_000])
def test_progress_ends_at_1_and_a_stop_stops(rows):
    held = large(rows, 2)
    heard: list[float] = []
    evaluate(held, Convention(), progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    calls = iter(range(1_000_000))
    with pytest.raises(Stopped):
        evaluate(held, Convention(), stop=lambda: next(calls) >= 0)


def test_an_epoch_is_evaluated_apart_from_the_others():
    cells = np.array([[[0.9, 0.1]], [[0.2, 0.8]]])
    held = Predictions.of(cells, [0])
    assert [evaluate(held, Convention(), epoch).tally.hits for epoch in (0, 1)] == [1, 0]


@given(states())
def test_a_copy_of_a_state_evaluates_alike(state):
    other = copied(state)
    assert (
        evaluate(state.predictions, state.convention).tally
        == evaluate(other.predictions, other.convention).tally
    )
