"""The ledger against a slow count with fractions, after any edits; its parts add up exactly."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core import pinned
from lossacc_gui.core.bulk import ReorderClasses, Together
from lossacc_gui.core.convention import Convention, Reduction, preset
from lossacc_gui.core.edits import RenameClass, Replace, SetBaseline, SetCells, SetConvention, SetLabels
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.ledger import UNIT, Group, Ledger, Side, ledger
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.state import Baseline, State
from tests.core import strategies
from tests.thorough import examples

CELLS = [[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7], [0.6, 0.3, 0.1]]
LABELS = [0, 2, 2, 1]


def pin(state: State) -> None:
    state.baseline = Baseline.of("then", evaluate(state.predictions, state.convention))


def stated(cells=CELLS, labels=LABELS, convention=None) -> State:
    state = State(Predictions.of(np.array(cells, float), labels, ("A", "B", "C")), convention or Convention())
    pin(state)
    return state


def read(state: State) -> Ledger:
    assert state.baseline is not None
    return ledger(state.baseline, evaluate(state.predictions, state.convention))


def rows_of(state: State) -> pinned.PinnedRows:
    assert state.baseline is not None
    assert state.baseline.rows is not None
    return state.baseline.rows


def counts(found: Ledger) -> dict[Group, int]:
    return {entry.group: entry.rows for entry in found.entries}


def put(*cells: tuple[int, int, float]) -> SetCells:
    rows, columns, values = zip(*cells, strict=True)
    return SetCells(np.array(rows), np.array(columns), np.array(values))


# --- the law ----------------------------------------------------------------------------------------


@st.composite
def followed(draw):
    """A state with a baseline, edited; and which row of the baseline each row is, kept beside it."""
    state = draw(strategies.states())
    pin(state)
    ids = list(range(state.predictions.rows))
    for _ in range(draw(st.integers(0, 5))):
        edit = draw(strategies.edit(state).filter(lambda edit: not isinstance(edit, Replace | SetBaseline)))
        for part in edit.edits if isinstance(edit, Together) else (edit,):
            try:
                part.apply(state)
            except Refusal:
                continue
            if isinstance(part, InsertRows):
                for row in part.rows.tolist():
                    ids.insert(row, -1)
            elif isinstance(part, DeleteRows):
                ids = [each for row, each in enumerate(ids) if row not in part.rows.tolist()]
    return state, ids


def slow_group(before: tuple[int, bool] | None, now: tuple[int, bool] | None) -> Group | None:
    """The group of a row, given (label's name or -1, right) of both times."""
    if now is None:
        return Group.REMOVED if before is not None and before[0] != -1 else None
    if before is None:
        return Group.ADDED if now[0] != -1 else None
    if before[0] != now[0]:
        return Group.RELABELLED
    if now[0] == -1:
        return None
    return Group(2 * (not before[1]) + (not now[1]))


@given(followed())
@examples(150)
def test_the_parts_add_up_exactly_after_any_edits(story):
    state, ids = story
    found = read(state)
    assert found.matched
    assert sum((entry.accuracy for entry in found.entries), Fraction(0)) == found.accuracy
    assert sum((entry.loss for entry in found.entries), Fraction(0)) == found.loss(state.convention.reduction)
    for column in Side.__slots__:
        for side in ("before", "now"):
            parts = sum(getattr(getattr(entry, side), column) for entry in found.entries)
            assert parts == getattr(getattr(found, side), column), (side, column)
    assert len(found.codes) == len(ids)
    assert sum(len(found.rows_of(entry.group)) for entry in found.entries) == sum(found.codes < Group.REMOVED)


@given(followed())
@examples(100)
def test_each_row_is_in_the_group_that_a_slow_look_puts_it_in(story):
    state, ids = story
    now = evaluate(state.predictions, state.convention)
    found, kept = read(state), rows_of(state)
    old, new = kept.names, now.predictions.class_names
    if set(old) - set(new):  # a class that has another name is the same one or not: tested by hand below
        return

    def of(evaluation, names, row):
        label = int(evaluation.predictions.labels[row])
        return (names[label] if label >= 0 else -1, bool(evaluation.stats.flags[row] & Flag.HIT))

    labels = [old[i] if i >= 0 else -1 for i in kept.labels.tolist()]
    hits = ((kept.flags & Flag.HIT) != 0).tolist()
    expected = [
        slow_group(None if i < 0 else (labels[i], hits[i]), of(now, new, row)) for row, i in enumerate(ids)
    ]
    assert [Group(code) if code < 7 else None for code in found.codes.tolist()] == expected
    gone = [i for i in range(len(kept)) if i not in ids and labels[i] != -1]
    removed = next((e for e in found.entries if e.group is Group.REMOVED), None)
    assert (removed.before.rows if removed else 0) == len(gone)
    for entry in found.entries:
        mine = [row for row, group in enumerate(expected) if group is entry.group]
        losses = [now.stats.loss[row] for row in mine if now.stats.flags[row] & Flag.COUNTED]
        assert Fraction(entry.now.loss, UNIT) == sum(Fraction(x) for x in losses if isfinite(x))
        assert entry.now.undefined == sum(isnan(x) for x in losses)


@given(st.data())
@examples(80)
def test_undoing_all_gives_every_row_its_place_back(data):
    state = data.draw(strategies.states())
    pin(state)
    inverses = []
    for _ in range(data.draw(st.integers(1, 6))):
        edit = data.draw(
            strategies.edit(state).filter(lambda edit: not isinstance(edit, Replace | SetBaseline))
        )
        inverses.append(edit.apply(state)[0])
    for inverse in reversed(inverses):
        inverse.apply(state)
    found = read(state)
    assert found.matched
    assert set(counts(found)) <= {Group.RIGHT_RIGHT, Group.WRONG_WRONG}
    assert found.loss(Reduction.SUM) == 0
    assert found.accuracy == 0


# --- by hand ----------------------------------------------------------------------------------------


def test_the_four_groups_by_hand():
    state = stated()
    put((0, 0, 0.1), (0, 1, 0.8), (1, 2, 0.9), (2, 2, 0.8), (3, 2, 0.2)).apply(state)
    found = read(state)
    assert counts(found) == {
        Group.RIGHT_WRONG: 1,
        Group.WRONG_RIGHT: 1,
        Group.RIGHT_RIGHT: 1,
        Group.WRONG_WRONG: 1,
    }
    parts = {entry.group: entry for entry in found.entries}
    assert parts[Group.RIGHT_WRONG].accuracy == Fraction(-1, 4)
    assert parts[Group.WRONG_RIGHT].accuracy == Fraction(1, 4)
    assert float(parts[Group.RIGHT_WRONG].loss) == pytest.approx((np.log(0.7) - np.log(0.1)) / 4)
    assert float(parts[Group.WRONG_RIGHT].loss) == pytest.approx((np.log(0.1) - np.log(0.9)) / 4)
    assert parts[Group.WRONG_WRONG].loss == 0
    assert found.rows_of(Group.WRONG_RIGHT).tolist() == [1]
    assert found.accuracy == 0


def test_rows_that_come_go_and_change_their_label_have_groups_of_their_own():
    state = stated()
    InsertRows(np.array([1]), np.array([[[0.1, 0.8, 0.1]]]), np.array([1], np.int32)).apply(state)
    DeleteRows(np.array([3])).apply(state)  # the baseline's third row
    SetLabels(np.array([0]), np.array([1], np.int32)).apply(state)
    found = read(state)
    assert counts(found) == {Group.RELABELLED: 1, Group.ADDED: 1, Group.WRONG_WRONG: 2, Group.REMOVED: 1}
    assert found.rows_of(Group.ADDED).tolist() == [1]
    assert found.rows_of(Group.RELABELLED).tolist() == [0]
    removed = next(entry for entry in found.entries if entry.group is Group.REMOVED)
    assert float(removed.loss) == pytest.approx(np.log(0.7) / 4)
    assert (removed.before.rows, removed.now.rows) == (1, 0)


def test_a_deleted_row_that_comes_back_is_the_same_row():
    state = stated()
    inverse, _ = DeleteRows(np.array([1, 2])).apply(state)
    assert counts(read(state))[Group.REMOVED] == 2
    inverse.apply(state)
    assert set(counts(read(state))) == {Group.RIGHT_RIGHT, Group.WRONG_WRONG}


def test_infinite_and_undefined_losses_are_counted_apart():
    state = stated()
    put((0, 0, 0.0), (2, 2, np.nan)).apply(state)
    found = read(state)
    assert found.now.infinite == 1
    assert found.now.undefined == 1
    assert found.before.infinite == 0
    worse = next(entry for entry in found.entries if entry.now.infinite)
    assert worse.group is Group.RIGHT_WRONG
    assert sum((entry.loss for entry in found.entries), Fraction(0)) == found.loss(Reduction.MEAN)


@pytest.mark.parametrize(
    "edit",
    [
        ReorderClasses(np.array([2, 0, 1])),
        RenameClass(1, "bee"),
        InsertClass(0, "D", np.zeros((1, 4)), np.empty(0, np.intp)),
    ],
    ids=["reordered", "renamed", "one more"],
)
def test_labels_are_followed_when_classes_change_their_place_or_name(edit):
    state = stated()
    edit.apply(state)
    assert set(counts(read(state))) == {Group.RIGHT_RIGHT, Group.WRONG_WRONG}


def test_rows_of_a_deleted_class_are_relabelled():
    state = stated()
    DeleteClass(2).apply(state)
    assert counts(read(state))[Group.RELABELLED] == 2


def test_another_convention_is_computed_anew_while_the_cells_are_kept(monkeypatch):
    state = stated([[0.7, 0.2, 0.2], [0.2, 0.7, 0.1]], [0, 2])
    SetConvention(preset("keras")).apply(state)
    found = read(state)
    assert not found.across
    assert found.loss(Reduction.SUM) == 0
    monkeypatch.setattr(pinned, "KEPT_CELLS", 1)
    state = stated([[0.7, 0.2, 0.2], [0.2, 0.7, 0.1]], [0, 2])
    SetConvention(preset("keras")).apply(state)
    found = read(state)
    assert found.across
    assert float(found.loss(Reduction.SUM)) == pytest.approx(np.log(1.1), abs=1e-6)


def test_the_unit_is_no_other_convention(monkeypatch):
    monkeypatch.setattr(pinned, "KEPT_CELLS", 1)
    state = stated()
    SetConvention(Convention(reduction=Reduction.SUM)).apply(state)
    put((0, 0, 0.35)).apply(state)
    found = read(state)
    assert not found.across
    assert float(found.loss(Reduction.SUM)) == pytest.approx(np.log(2))
    assert float(sum(entry.loss for entry in found.entries)) == pytest.approx(np.log(2))


def test_other_predictions_of_as_many_rows_are_matched_by_place_and_of_others_not_at_all():
    state = stated()
    baseline = state.baseline
    state.predictions = Predictions.of(np.array(CELLS)[::-1].copy(), LABELS, ("A", "B", "C"))
    assert read(state).matched
    state.predictions = Predictions.of(np.array(CELLS[:2]), LABELS[:2], ("A", "B", "C"))
    found = read(state)
    assert not found.matched
    assert found.entries == ()
    assert baseline is state.baseline


def test_what_was_pinned_does_not_change_with_the_edits_after_it():
    state = stated()
    evaluation = evaluate(state.predictions, state.convention)
    state.baseline = Baseline.of("then", evaluation)
    kept = rows_of(state)
    assert kept.cells is not None
    before = kept.loss.tobytes(), kept.labels.tobytes(), kept.cells.tobytes()
    put((0, 0, 0.01)).apply(state)
    evaluation.refresh(np.array([0]))
    SetLabels(np.array([0]), np.array([1], np.int32)).apply(state)
    assert (kept.loss.tobytes(), kept.labels.tobytes(), kept.cells.tobytes()) == before
