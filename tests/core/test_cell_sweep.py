"""The cell sweep against editing the cell and evaluating everything again."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lossacc_gui.core.convention import PRESETS, Base, Convention, Divisor, Reduction, Rows
from lossacc_gui.core.curves.cell_sweep import CELL_SWEEP
from lossacc_gui.core.curves.curve import Dots, Drawn, Line, Role, Text, Upright
from lossacc_gui.core.curves.sweep import Sweep
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule, edit_cell, move, refusal
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.state import State
from tests.thorough import examples

MOCK_UP = [
    [0.30, 0.50, 0.20],
    [0.30, 0.30, 0.40],
    [0.25, 0.55, 0.20],
    [0.10, 0.15, 0.75],
    [0.62, 0.28, 0.10],
    [0.05, 0.90, 0.05],
]
LABELS = ["cat", "fox", "dog", "fox", "cat", "cat"]
NAMES = ["cat", "dog", "fox"]
LOGITS = Convention(Rows.LOGITS)


def scene(
    rows, labels, convention=None, row=0, column=0, rule=Rule.ONLY, *, names=None, origin=None
) -> Scene:
    predictions = Predictions.of(rows, labels, names)
    evaluation = evaluate(predictions, convention or Convention())
    return Scene(evaluation, row, column, rule, (), 0, origin=origin)


def mock_up(rule, column=1, row=1, convention=None) -> Scene:
    return scene(MOCK_UP, LABELS, convention, row, column, rule, names=NAMES)


def after(given: Scene, value: float):
    """The tally and the row's prediction after the cell was really edited."""
    old = given.predictions
    state = State(Predictions.of(old.probs.copy(), old.labels.copy()), given.convention)
    edit_cell(state, 0, given.row, given.column, value, given.rule).apply(state)
    evaluation = evaluate(state.predictions, given.convention)
    return evaluation.tally, int(evaluation.stats.prediction[given.row])


def line(drawn: Drawn, role: Role) -> Line:
    return next(mark for mark in drawn.marks if isinstance(mark, Line) and mark.role is role)


def texts(drawn: Drawn) -> list[str]:
    return [mark.text for mark in drawn.marks if isinstance(mark, (Upright, Text))]


ROWS = hnp.arrays(
    float,
    st.tuples(st.integers(1, 4), st.integers(2, 5)),
    elements=st.floats(0, 1, allow_subnormal=False).map(lambda v: round(v, 6)),
)
CONVENTIONS = st.sampled_from(
    [
        *(preset.convention for preset in PRESETS),
        Convention(base=Base.BITS, reduction=Reduction.SUM),
        Convention(smoothing=0.1),
        Convention(Rows.LOGITS, smoothing=0.1, temperature=2.0),
        Convention(temperature=0.5),
    ]
)


@st.composite
def scenes(draw) -> Scene:
    rows = draw(ROWS)
    convention, rule = draw(CONVENTIONS), draw(st.sampled_from(Rule))
    if convention.rows is Rows.LOGITS:
        rows = rows * 10 - 5
    if draw(st.booleans()):
        some = st.lists(st.sampled_from([0.0, 0.5, 3.0]), min_size=rows.shape[1], max_size=rows.shape[1])
        weights = tuple(draw(some.filter(any)))
        convention = replace(convention, weights=weights, divisor=draw(st.sampled_from(Divisor)))
    labels = draw(st.lists(st.integers(0, rows.shape[1] - 1), min_size=len(rows), max_size=len(rows)))
    row = draw(st.integers(0, len(rows) - 1))
    column = draw(st.integers(0, rows.shape[1] - 1))
    assume(not refusal(rows[row], labels[row], column, rule, convention))
    found = scene(rows, labels, convention, row, column, rule)
    try:
        Sweep.of(found)
    except Refusal:
        assume(False)
    return found


@given(scenes(), st.floats(0, 1))
def test_the_rows_on_the_way_are_those_the_edit_rule_makes(given, where):
    sweep = Sweep.of(given)
    value = sweep.low + where * (sweep.high - sweep.low)
    label = int(given.predictions.labels[given.row])
    cells = given.predictions.probs[0, given.row]
    expected = move(cells, label, given.column, value, given.rule, given.convention)
    np.testing.assert_allclose(sweep.cells(np.array([value]))[0], expected, rtol=1e-9, atol=1e-12)


@given(scenes())
@examples(60)
def test_cross_entropy_is_what_evaluating_after_the_edit_gives(given):
    drawn = CELL_SWEEP.draw(given)
    lines = [mark for mark in drawn.marks if isinstance(mark, Line) and mark.role is Role.LOSS]
    if not lines:
        return
    for i in range(0, len(lines[0].x), 17):
        tally, _ = after(given, float(lines[0].x[i]))
        value = CROSS_ENTROPY.of(tally, given.convention).value
        expected = np.nan if value is None or not np.isfinite(value) else value
        np.testing.assert_allclose(lines[0].y[i], expected, rtol=1e-9, atol=1e-9)


@given(scenes())
def test_the_prediction_changes_exactly_at_the_flips(given):
    sweep = Sweep.of(given)
    first, flips = sweep.winners()
    edges = [sweep.low, *(flip.at for flip in flips), sweep.high]
    winners = [first, *(flip.after for flip in flips)]
    for low, high, winner in zip(edges[:-1], edges[1:], winners, strict=True):
        room = (1e-6 if given.convention.single else 1e-9) * max(1.0, abs(low), abs(high))
        for value in (low + room, (low + high) / 2, high - room):
            if low < value < high and high - low > 3e-6:
                assert after(given, value)[1] == winner
    for flip in flips:
        assert flip.before != flip.after


@given(scenes())
def test_accuracy_steps_where_evaluating_after_the_edit_steps(given):
    drawn = CELL_SWEEP.draw(given)
    steps = line(drawn, Role.ACCURACY)
    assert (steps.x[0], steps.x[-1]) == (drawn.x.low, drawn.x.high)
    for low, high, share in zip(steps.x[::2], steps.x[1::2], steps.y[::2], strict=True):
        if high - low > 3e-6:
            tally, _ = after(given, (low + high) / 2)
            assert share == tally.hits / tally.rows


@given(scenes(), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_axes_and_flips_stand_still_all_along_a_drag(given, first, second):
    origin = given.predictions.probs[0, given.row].copy()
    sweep = Sweep.of(given)
    pictures = []
    for where in (first, second):
        state = State(Predictions.of(given.predictions.probs.copy(), given.predictions.labels.copy()))
        state.convention = given.convention
        value = sweep.low + where * (sweep.high - sweep.low)
        edit = edit_cell(state, 0, given.row, given.column, value, given.rule, origin)
        edit.apply(state)
        evaluation = evaluate(state.predictions, given.convention)
        pictures.append(
            CELL_SWEEP.draw(Scene(evaluation, given.row, given.column, given.rule, (), 0, origin=origin))
        )
        assert pictures[-1].handle is not None
        assert pictures[-1].handle.x == pytest.approx(value)
    one, other = pictures
    assert (one.x, one.left, one.right) == (other.x, other.left, other.right)
    np.testing.assert_array_equal(line(one, Role.ACCURACY).x, line(other, Role.ACCURACY).x)


def height(drawn: Drawn, value: float) -> float:
    """The accuracy that is drawn at a value: a dot's where there is one, else the line's."""
    for mark in drawn.marks:
        if isinstance(mark, Dots) and value in mark.x.tolist():
            return float(mark.y[mark.x.tolist().index(value)])
    steps = line(drawn, Role.ACCURACY)
    found = {
        float(share)
        for low, high, share in zip(steps.x[::2], steps.x[1::2], steps.y[::2], strict=True)
        if low <= value <= high
    }
    assert len(found) == 1, "a step has a dot that says what holds there"
    return found.pop()


@st.composite
def coarse_scenes(draw) -> Scene:
    """Cells that tie often, in every width."""
    classes = draw(st.integers(2, 4))
    values = st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.5, 0.7, 1.0])
    dtype = draw(st.sampled_from([np.float16, np.float32, np.float64]))
    rows = draw(hnp.arrays(float, (draw(st.integers(1, 3)), classes), elements=values)).astype(dtype)
    labels = draw(st.lists(st.integers(0, classes - 1), min_size=len(rows), max_size=len(rows)))
    convention, rule = draw(CONVENTIONS), draw(st.sampled_from(Rule))
    column = draw(st.integers(0, classes - 1))
    assume(not refusal(rows[0].astype(float), labels[0], column, rule, convention))
    found = scene(rows, labels, convention, 0, column, rule)
    try:
        Sweep.of(found)
    except Refusal:
        assume(False)
    return found


@given(coarse_scenes())
@examples(400)
def test_at_a_tie_the_sweep_shows_what_the_metrics_say_at_that_very_value(given):
    drawn, sweep = CELL_SWEEP.draw(given), Sweep.of(given)
    _, flips = sweep.winners()
    for value in (sweep.low, *(flip.at for flip in flips), sweep.high):
        tally, _ = after(given, value)
        assert height(drawn, value) == tally.hits / tally.rows
    tally = given.evaluation.tally
    assert height(drawn, sweep.value) == tally.hits / tally.rows


@pytest.mark.parametrize(
    ("rows", "column", "says"),
    [
        ([[0.0, 0.0, 1.0]], 0, "accuracy is 0.0%, 100.0% at 1.00."),
        ([[0.0, 0.0, 0.0]], 1, "accuracy is 100.0% at 0.00, 0.0% above 0.00."),
        ([[0.0, 0.5, 0.2]], 0, "accuracy is 0.0%, 100.0% from 0.50 on."),
        ([[0.5, 0.2, 0.2]], 1, "accuracy is 100.0%, 0.0% above 0.50."),
    ],
)
def test_a_tie_belongs_to_the_first_class_in_words(rows, column, says):
    assert CELL_SWEEP.draw(scene(rows, [0], column=column)).reading.endswith(says)


def test_a_third_class_can_be_the_first_of_three_that_tie():
    drawn = CELL_SWEEP.draw(scene([[0.3, 0.6, 0.0]], [0], column=2, rule=Rule.HOLD))
    assert drawn.reading.endswith("accuracy is 0.0%, 100.0% at 0.30, 0.0% above 0.30.")


def test_the_mock_up_s_picture():
    drawn = CELL_SWEEP.draw(mock_up(Rule.HOLD))
    assert drawn.x.text == "row 2 · dog (cat takes the rest, fox holds)"
    assert (drawn.x.low, drawn.x.high) == (0, 0.6)
    assert drawn.left.text == "cross-entropy (nats)"
    assert texts(drawn) == ["◂ cat wins", "dog wins ▸"]
    uprights = [mark for mark in drawn.marks if isinstance(mark, Upright)]
    assert [mark.x for mark in uprights] == pytest.approx([0.2, 0.4])
    assert [mark.align for mark in uprights] == ["left", "right"]
    assert drawn.handle is not None
    assert (drawn.handle.x, drawn.handle.name) == (0.3, "now")
    assert (drawn.handle.low, drawn.handle.high) == (0, 0.6)
    assert drawn.reading == (
        "Row 2, dog from 0.00 to 0.60: cross-entropy stays at 1.0799 nats; "
        "accuracy is 50.0%, 66.7% from 0.20 on, 50.0% from 0.40 on."
    )


def test_flat_is_drawn_flat():
    """Normalising rounds: the axis must be so tall that it does not show."""
    drawn = CELL_SWEEP.draw(mock_up(Rule.HOLD, convention=Convention(Rows.NORMALISED)))
    loss = line(drawn, Role.LOSS).y
    assert np.ptp(loss) < 1e-9 * (drawn.left.high - drawn.left.low)
    assert "stays at" in drawn.reading


def test_one_row_of_many_is_a_visible_step():
    rows = np.tile([[0.6, 0.4]], (10_000, 1))
    drawn = CELL_SWEEP.draw(scene(rows, [0] * 10_000, row=7, column=0, rule=Rule.RESCALE))
    steps = line(drawn, Role.ACCURACY)
    assert drawn.right is not None
    assert np.ptp(steps.y) * 10_000 == pytest.approx(1)
    assert np.ptp(steps.y) > 0.1 * (drawn.right.high - drawn.right.low)
    assert [text for _, text in drawn.right.ticks or ()] == ["9,996", "9,997", "9,998", "9,999", "10,000"]
    assert "9,999 of 10,000 rows, 10,000 of 10,000 rows from 0.50 on" in drawn.reading


def test_the_rest_is_scaled_from_the_row_as_the_drag_began():
    origin = np.array([0.3, 0.1, 0.6])
    now = scene([[0, 0, 1.0]], [0], column=2, rule=Rule.RESCALE, origin=origin)
    np.testing.assert_allclose(Sweep.of(now).cells(np.array([0.6]))[0], origin)
    lost = scene([[0, 0, 1.0]], [0], column=2, rule=Rule.RESCALE)
    np.testing.assert_allclose(Sweep.of(lost).cells(np.array([0.6]))[0], [0.2, 0.2, 0.6])


def test_a_confident_logit_can_be_swept():
    """Its share rounds to 1: nothing may be made of 1 minus that share."""
    confident = scene([[50.0, 0, -3]], [0], LOGITS, rule=Rule.RESCALE)
    sweep = Sweep.of(confident)
    assert sweep.low < 45 < sweep.high
    drawn = CELL_SWEEP.draw(confident)
    assert np.isfinite(line(drawn, Role.LOSS).y).all()
    state = State(confident.predictions, LOGITS)
    edit_cell(state, 0, 0, 0, 48.0, Rule.RESCALE).apply(state)
    z = state.predictions.probs[0, 0]
    assert z[1] - z[2] == pytest.approx(3)
    assert np.log(np.exp(z).sum()) == pytest.approx(50)


def test_logits_are_swept_six_beyond_the_others():
    drawn = CELL_SWEEP.draw(scene([[1.0, -2, 3]], [0], LOGITS))
    assert (drawn.x.low, drawn.x.high) == (-8, 9)
    assert drawn.x.text == "row 1 · z(class 0) (only this cell)"


def test_an_end_of_infinite_loss_is_cut_off():
    drawn = CELL_SWEEP.draw(mock_up(Rule.ONLY, column=2))
    loss = line(drawn, Role.LOSS).y
    assert np.isnan(loss[0])
    assert np.nanmax(loss) > drawn.left.high
    assert "goes from ∞ to 0.9272, beyond what is drawn" in drawn.reading


def test_other_rows_can_make_it_infinite_or_undefined():
    drawn = CELL_SWEEP.draw(scene([[0.5, 0.5], [0, 1]], [0, 0]))
    assert "cross-entropy is ∞: another row gives its label 0" in texts(drawn)
    assert line(drawn, Role.ACCURACY).y.tolist() == [0, 0, 0.5, 0.5]
    drawn = CELL_SWEEP.draw(scene([[0.5, 0.5], [np.nan, 1]], [0, 0]))
    assert "undefined because of other rows" in drawn.reading


def test_cells_that_are_no_numbers():
    drawn = CELL_SWEEP.draw(scene([[np.nan, 0.5, 0.5]], [1]))
    assert drawn.handle is None
    assert (drawn.x.low, drawn.x.high) == (0, 1)
    elsewhere = CELL_SWEEP.draw(scene([[np.nan, 0.5, 0.5]], [0], column=1))
    assert line(elsewhere, Role.ACCURACY).y.tolist() == [0, 0]
    wide = CELL_SWEEP.draw(scene([[1.5, 0.5]], [0]))
    assert (wide.x.low, wide.x.high) == (0, 1.5)


def test_a_row_without_a_label_moves_nothing():
    drawn = CELL_SWEEP.draw(scene([[0.5, 0.5], [0.2, 0.8]], [-1, 0]))
    assert np.ptp(line(drawn, Role.LOSS).y) == 0
    assert np.ptp(line(drawn, Role.ACCURACY).y) == 0
    assert drawn.reading.startswith("Row 1 has no label, so neither metric depends on it.")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (scene([[0.5, 0.5]], [0], row=-1), "Choose a cell in the grid: its whole range is drawn here."),
        (
            scene([[0.5, 0.5]], None),
            "No row has a label yet: give one in the label column, or use File > Open labels.",
        ),
        (
            scene([[0, 0, 1.0]], [2], rule=Rule.HOLD),
            (
                "Row 1, class 0: this cell and those that would give way are all 0. "
                "You can choose “only this cell”."
            ),
        ),
    ],
)
def test_what_to_do_where_there_is_nothing_to_draw(given, text):
    assert CELL_SWEEP.draw(given).empty == text


def test_a_label_that_is_held_is_drawn_by_the_other_rule_and_cannot_be_dragged():
    """Tab after the first edit of all leads to such a cell: that must not empty the picture."""
    held, other = (CELL_SWEEP.draw(mock_up(rule, column=2)) for rule in (Rule.HOLD, Rule.RESCALE))
    assert held.handle is None
    assert other.handle is not None
    np.testing.assert_array_equal(line(held, Role.LOSS).y, line(other, Role.LOSS).y)
    assert [mark.x for mark in held.marks if isinstance(mark, Upright)][-1] == other.handle.x
    assert held.reading == (
        f"“hold p(label)” keeps the label's own cell; “rescale the rest” would do this. {other.reading}"
    )


def test_where_no_rule_can_hold_the_reason_is_said():
    smooth = Convention(smoothing=0.1)
    assert CELL_SWEEP.draw(mock_up(Rule.HOLD, column=2, convention=smooth)).empty
    assert "own cell" in CELL_SWEEP.draw(scene([[-0.5, 0.5, 1]], [2], column=2, rule=Rule.HOLD)).empty


# --- while a cell is dragged ----------------------------------------------------------------------


@pytest.mark.parametrize("rule", Rule)
def test_all_but_the_handle_is_drawn_once_in_a_drag_and_stays_true(rule):
    first = mock_up(rule)
    state = State(Predictions.of(first.predictions.probs.copy(), first.predictions.labels.copy(), NAMES))
    origin = first.predictions.probs[0, 1].copy()
    held: dict[object, object] = {}
    marks = []
    for value in (0.1, 0.25, 0.4):
        edit_cell(state, 0, 1, 1, value, rule, origin).apply(state)
        shown = Scene(evaluate(state.predictions, Convention()), 1, 1, rule, (), 0, origin=origin)
        kept, fresh = CELL_SWEEP.draw(replace(shown, held=held)), CELL_SWEEP.draw(shown)
        assert kept.handle == fresh.handle
        assert kept.handle is not None
        assert kept.handle.x == value
        assert (kept.x, kept.left, kept.right, kept.reading) == (
            fresh.x,
            fresh.left,
            fresh.right,
            fresh.reading,
        )
        x = np.linspace(0.0, 0.5, 50)
        for role in (Role.LOSS, Role.ACCURACY):
            one, other = line(kept, role), line(fresh, role)
            assert np.interp(x, one.x, one.y) == pytest.approx(np.interp(x, other.x, other.y), rel=1e-4)
        marks.append(kept.marks)
    assert marks[0] is marks[1] is marks[2]
    elsewhere = CELL_SWEEP.draw(replace(shown, held=held, column=0))
    assert elsewhere.x != kept.x
