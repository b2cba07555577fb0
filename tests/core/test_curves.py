"""Plane, row losses and history against independent slow computations."""

from __future__ import annotations

from dataclasses import replace
from math import inf, log, ulp
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.convention import Base, Convention, Reduction, Rows, preset
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.curves.axes import accuracy_axis, nice_step, nice_up, padded, ticks
from lossacc_gui.core.curves.curve import (
    Area,
    Axis,
    Bands,
    Bars,
    Dots,
    Drawn,
    Level,
    Line,
    Role,
    Text,
    Upright,
    words,
)
from lossacc_gui.core.curves.history import HISTORY
from lossacc_gui.core.curves.plane import PLANE
from lossacc_gui.core.curves.reliability import RELIABILITY
from lossacc_gui.core.curves.row_losses import ROW_LOSSES
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.exact import UNIT_BITS
from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Point, Scene, Sets
from lossacc_gui.core.state import Baseline
from lossacc_gui.core.tally import Tally
from tests.core import strategies
from tests.thorough import examples

MOCK_UP = [
    [0.30, 0.50, 0.20],
    [0.30, 0.30, 0.40],
    [0.25, 0.55, 0.20],
    [0.10, 0.15, 0.75],
    [0.62, 0.28, 0.10],
    [0.05, 0.90, 0.05],
]


def at(rows, labels, convention=None) -> Evaluation:
    return evaluate(Predictions.of(rows, labels), convention or Convention())


def point(evaluation: Evaluation, what="edit") -> Point:
    loss = CROSS_ENTROPY.of(evaluation.tally, evaluation.convention).value
    accuracy = ACCURACY.of(evaluation.tally, evaluation.convention).value
    return Point(
        what,
        np.nan if loss is None else loss,
        np.nan if accuracy is None else accuracy,
        evaluation.tally.rows,
        evaluation.predictions.classes,
        evaluation.convention,
    )


def scene(evaluation, history=None, step=None, row=0, **more) -> Scene:
    history = [point(evaluation)] if history is None else history
    step = len(history) - 1 if step is None else step
    return Scene(evaluation, row, 0, Rule.ONLY, history, step, **more)


def mock_up(convention=None) -> Evaluation:
    return at(MOCK_UP, [0, 2, 1, 2, 0, 0], convention)


def of(drawn: Drawn, kind: type, role: Role | None = None) -> list[Any]:
    return [m for m in drawn.marks if isinstance(m, kind) and role in (None, getattr(m, "role", None))]


def random_rows(count, classes, seed=0):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(classes), count), rng.integers(0, classes, count)


# --- all of them ---------------------------------------------------------------------------------------


@given(strategies.states(), st.data())
@examples(200)
def test_every_curve_draws_any_state(state, data):
    """Nothing raises or warns, arrays fit together, axes are finite, and there is always a sentence."""
    held = state.predictions
    evaluation = evaluate(held, state.convention)
    row, column = data.draw(st.integers(-1, held.rows - 1)), data.draw(st.integers(-1, held.classes - 1))
    origin = held.probs[0, row].astype(float) if data.draw(st.booleans()) and row >= 0 else None
    rule = data.draw(st.sampled_from(Rule))
    shown = Scene(evaluation, row, column, rule, [point(evaluation)] * 3, 1, origin=origin)
    for curve in CURVES:
        drawn = curve.draw(shown)
        assert drawn.reading
        assert drawn.empty or drawn.marks
        for axis in (drawn.x, drawn.left, drawn.right):
            if axis is not None:
                assert np.isfinite([axis.low, axis.high]).all()
                assert axis.low < axis.high
        for mark in drawn.marks:
            if isinstance(mark, (Line, Dots)):
                assert len(mark.x) == len(mark.y) > 0
                assert not np.isnan(mark.x).any()
                assert np.isfinite(mark.y).any(), "a mark with no point at all"
                assert not np.isinf(mark.y).any()
            if isinstance(mark, Bars):
                assert np.isfinite(mark.heights).all()
        assert all(np.isfinite([pick.x, pick.y]).all() for pick in drawn.picks)
        assert curve.heavy(shown) is False


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.key)
def test_about_a_thousand_points_a_picture_at_most(curve):
    rows, labels = random_rows(5_000, 4)
    evaluation = at(rows, labels)
    drawn = curve.draw(scene(evaluation, [point(evaluation)] * 5_000))
    assert len(drawn.marks) <= 24
    for mark in drawn.marks:
        assert len(np.atleast_1d(mark.x if hasattr(mark, "x") else 0)) <= 1_001
    assert len(drawn.picks) <= 1_000


@pytest.mark.parametrize("curve", [c for c in CURVES if c.key != "history"], ids=lambda curve: curve.key)
def test_without_labels_a_curve_says_what_to_do(curve):
    two = [row[:2] for row in MOCK_UP]
    assert curve.draw(scene(at(two, None))).empty == (
        "No row has a label yet: give one in the label column, or use File > Open labels."
    )


# --- plane ---------------------------------------------------------------------------------------------


def test_the_mock_up_s_bands():
    drawn = PLANE.draw(scene(mock_up()))
    (bands,) = of(drawn, Bands)
    np.testing.assert_allclose(bands.y, np.arange(7) / 6)
    np.testing.assert_allclose(bands.low, (1 - np.arange(7) / 6) * np.log(2), atol=1e-12)
    np.testing.assert_allclose(bands.high, [*[drawn.x.high] * 6, np.log(3)])
    (edge,) = of(drawn, Line, Role.FAINT)
    assert edge.dashed
    np.testing.assert_allclose(edge.x, (1 - edge.y) * np.log(2), atol=1e-12)
    assert drawn.x.text == "cross-entropy (nats)"
    assert [text.text for text in of(drawn, Text)] == ["impossible"]
    assert drawn.hint == "bands: all that a 6 × 3 matrix can reach"
    assert drawn.reading == (
        "Cross-entropy 1.0799 nats at accuracy 66.7%; with 4 of 6 rows right it is at least 0.2310."
    )
    (now,) = of(drawn, Dots, Role.HERE)
    assert (now.x[0], now.y[0]) == pytest.approx((1.0799, 4 / 6), abs=1e-4)


@given(st.integers(25, 60), st.integers(2, 6), st.integers(0, 3), st.booleans())
@examples(40)
def test_the_area_covers_what_can_be_reached_and_nothing_else(count, classes, seed, off):
    rows, labels = random_rows(count, classes, seed)
    sums = np.random.default_rng(seed).uniform(0.5, 1.5, (count, 1)) if off else 1.0
    evaluation = at(rows * sums, labels, Convention(clip=1e-3))
    drawn = PLANE.draw(scene(evaluation))
    (area,) = of(drawn, Area)
    share = evaluation.tally.hits / evaluation.tally.rows
    loss = evaluation.tally.loss_mean
    assert np.interp(loss, area.x, area.low) <= share + 1 / count
    assert np.interp(loss, area.x, area.high) >= share - 1 / count
    assert (area.low <= area.high).all()
    if not off:
        for x, low, high in zip(area.x, area.low, area.high, strict=True):
            possible = [
                k / count
                for k in range(count + 1)
                if (1 - k / count) * np.log(2) - 1e-3 <= x
                and x * count <= k * np.log(classes) + (count - k) * -np.log(1e-3) + 1e-9
            ]
            assert low == pytest.approx(min(possible), abs=1.01 / count)
            assert high == pytest.approx(max(possible), abs=1e-9)


def test_all_rows_right_ends_at_guessing():
    rows, labels = random_rows(200, 3)
    (area,) = of(PLANE.draw(scene(at(rows, labels))), Area)
    np.testing.assert_allclose(area.high[area.x <= np.log(3)], 1)
    np.testing.assert_allclose(area.high[area.x > np.log(3)], 199 / 200)


def test_the_trail_reaches_back_to_the_last_change_of_shape_or_convention():
    now = point(mock_up())
    older = [replace(now, rows=5), replace(now, loss=0.9), replace(now, loss=np.nan), now, now]
    drawn = PLANE.draw(scene(mock_up(), older, 3))
    (trail,) = of(drawn, Line, Role.PLAIN)
    assert trail.x.tolist() == pytest.approx([0.9, now.loss])
    assert [pick.step for pick in drawn.picks] == [1, 3]
    assert words(drawn, drawn.picks[0]) == "edit 1: cross-entropy 0.9000, accuracy 66.7%"
    changed = [replace(now, convention=preset("keras")), now]
    assert not of(PLANE.draw(scene(mock_up(), changed)), Line, Role.PLAIN)
    many = PLANE.draw(scene(mock_up(), [now] * 200))
    assert len(of(many, Line, Role.PLAIN)[0].x) == 50


def test_an_infinite_point_stands_at_the_right_edge():
    drawn = PLANE.draw(scene(at([[0, 1.0], [0.5, 0.5]], [0, 0])))
    (now,) = of(drawn, Dots, Role.HERE)
    span = drawn.x.high - drawn.x.low
    assert drawn.x.high - 0.03 * span < now.x[0] < drawn.x.high  # with room for the whole dot
    assert "at ∞" in [text.text for text in of(drawn, Text)]
    assert drawn.reading.startswith("Cross-entropy is ∞, at accuracy 50.0%; with 1 of 2 rows right")
    drawn = PLANE.draw(scene(at([[np.inf, 1.0], [0.5, 0.5]], [0, 0])))
    assert (
        drawn.x.low < of(drawn, Dots, Role.HERE)[0].x[0] < drawn.x.low + 0.03 * (drawn.x.high - drawn.x.low)
    )
    assert "at −∞" in [text.text for text in of(drawn, Text)]
    undefined = PLANE.draw(scene(at([[np.nan, 1.0]], [0])))
    assert not of(undefined, Dots, Role.HERE)
    assert undefined.reading == (
        "Cross-entropy is undefined, at accuracy 0.0%; no bound here: row 1 is not finite."
    )


def test_the_baseline_is_a_point():
    half = Tally(rows=4, loss=2 << UNIT_BITS, hits=1)  # two nats over four rows
    pinned = Baseline("start", half, Convention())
    (dot,) = of(PLANE.draw(scene(mock_up(), baseline=pinned)), Dots, Role.BASELINE)
    assert (dot.x[0], dot.y[0]) == (0.5, 0.25)
    in_bits = scene(mock_up(convention=Convention(base=Base.BITS)), baseline=pinned)
    (dot,) = of(PLANE.draw(in_bits), Dots, Role.BASELINE)
    assert dot.x[0] == pytest.approx(0.5 / log(2))  # pinned in nats, drawn in the present unit
    broken = Baseline("start", Tally(rows=4, loss_nan=1, hits=1), Convention())
    assert not of(PLANE.draw(scene(mock_up(), baseline=broken)), Dots, Role.BASELINE)


def test_negative_losses_have_room():
    drawn = PLANE.draw(scene(at([[3.0, 0.5]], [0])))
    (now,) = of(drawn, Dots, Role.HERE)
    assert drawn.x.low < now.x[0] < 0
    assert drawn.hint == "these rows do not sum to 1: bounds by each row's own sum"


def test_only_rows_that_have_to_be_sorted_make_the_plane_heavy():
    evaluation = mock_up()
    evaluation.tally = replace(evaluation.tally, rows=5_000_000)
    assert not PLANE.heavy(scene(evaluation))
    evaluation.tally = replace(evaluation.tally, sum_off=1)
    assert PLANE.heavy(scene(evaluation))
    assert ROW_LOSSES.heavy(scene(evaluation))


# --- row losses ----------------------------------------------------------------------------------------


def test_the_mock_up_s_bars():
    drawn = ROW_LOSSES.draw(scene(mock_up(), row=1))
    right, wrong = of(drawn, Bars)
    assert (right.role, wrong.role) == (Role.RIGHT, Role.WRONG)
    losses = -np.log([0.75, 0.62, 0.55, 0.40, 0.30, 0.05])
    np.testing.assert_allclose(right.heights, losses[:4])
    np.testing.assert_allclose(wrong.heights, losses[4:])
    assert right.x.tolist() == [0, 1, 2, 3]
    assert [text for _, text in drawn.x.ticks or ()] == ["row 4", "row 5", "row 3", "row 2", "row 1", "row 6"]
    (level,) = of(drawn, Level)
    assert (level.text, level.y) == ("guessing: ln 3", np.log(3))
    assert [pick.row for pick in drawn.picks] == [3, 4, 2, 1, 0, 5]
    assert drawn.picks[-1].says == "row 6: loss 2.9957, wrong"
    label, here = of(drawn, Text, Role.NOW)
    assert (here.text, here.x) == ("▾", 3)
    assert label.text == "• labelled 0"
    assert of(drawn, Dots, Role.NOW)[0].x.tolist() == [1, 4, 5]  # rows 5, 1 and 6
    assert drawn.nearest_x
    assert drawn.reading == "The worst row, row 6, carries 46.2% of the loss."


def test_bits_stretch_the_bars():
    drawn = ROW_LOSSES.draw(scene(at([[0.25, 0.75]], [0], Convention(base=Base.BITS))))
    assert of(drawn, Bars, Role.WRONG)[0].heights.tolist() == [2]
    assert of(drawn, Level)[0].text == "guessing: log₂ 2"
    assert drawn.left.text == "loss of the row (bits)"


def test_infinite_and_undefined_bars():
    drawn = ROW_LOSSES.draw(scene(at([[0, 1.0], [0.5, 0.5], [np.nan, 1]], [0, 0, 0])))
    assert of(drawn, Text)[0].text == "∞"
    assert len(drawn.picks) == 2
    assert drawn.reading == (
        "The loss of row 1 is infinite, and with it the whole. 1 row without a defined loss."
    )


@pytest.mark.parametrize("count", [62, 500, 20_000])
def test_the_histogram_counts_every_row(count):
    rows, labels = random_rows(count, 3)
    rows[:2] = [[0, 0.5, 0.5]] * 2
    labels[:2] = 0
    labels[5] = -1
    evaluation = at(rows, labels)
    drawn = ROW_LOSSES.draw(scene(evaluation, row=7))
    wrong, right = of(drawn, Bars)
    assert right.base is wrong.heights
    feet, tops = wrong.heights, wrong.heights + right.heights
    if drawn.left.text == "rows (logarithmic)":
        feet, tops = 10**feet - 1, 10**tops - 1
    stats = evaluation.stats
    hits = stats.prediction == labels
    finite = np.isfinite(stats.loss)
    for i, (x, foot, top) in enumerate(zip(wrong.x, feet, tops, strict=True)):
        if i == len(feet) - 1:
            inside = np.isinf(stats.loss)
        else:
            low, high = x - wrong.x[0], x + wrong.x[0]  # bins begin at 0
            inside = finite & (stats.loss > low - (i == 0)) & (stats.loss <= high)
        assert round(top) == inside.sum()
        assert round(foot) == (inside & ~hits).sum()
    worst = [pick.row for pick in drawn.picks]
    assert np.isinf(stats.loss[worst[-1]])
    assert worst[-2] == int(np.argmax(np.where(finite, stats.loss, -1)))
    assert (drawn.x.ticks or ())[-1][1] == "∞"
    (guess,) = of(drawn, Upright)
    assert guess.text == "guessing: ln 3"


def test_the_worst_one_percent():
    rows = np.full((1_000, 2), 0.5)
    rows[:10] = [1e-3, 1 - 1e-3]
    drawn = ROW_LOSSES.draw(scene(at(rows, [0] * 1_000)))
    part = 10 * np.log(1e3) / (10 * np.log(1e3) + 990 * np.log(2))
    assert drawn.reading == f"The worst 1 % of rows carry {100 * part:.1f}% of the loss."


def test_a_drag_leaves_the_axes_alone():
    origin = np.array([0.2, 0.8])
    pictures = []
    for p in (0.05, 0.5, 0.9):
        evaluation = at([[p, 1 - p], [0.7, 0.3]], [0, 0])
        history = [point(at([origin, [0.7, 0.3]], [0, 0])), point(evaluation)]
        shown = replace(scene(evaluation, history), rule=Rule.RESCALE, origin=origin)
        # The axis of temperature is held by the widget: it would take a second look at every T.
        pictures.append([curve.draw(shown) for curve in CURVES if curve.key != "temperature"])
    for one, *others in zip(*pictures, strict=True):
        for other in others:
            assert (one.x.low, one.x.high) == (other.x.low, other.x.high)
            assert (one.left.low, one.left.high) == (other.left.low, other.left.high)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.key)
def test_what_is_kept_along_a_drag_changes_no_picture(curve):
    origin = [0.5, 0.3, 0.2]
    held: dict[object, object] = {}
    for value in (0.1, 0.4, 0.7):
        row = [value, (1 - value) * 0.6, (1 - value) * 0.4]
        evaluation = at([row, [0.7, 0.2, 0.1], [0.1, 0.1, 0.8]], [0, 0, 1])
        shown = scene(evaluation, steps((1.0, 0.5)))
        shown = replace(shown, rule=Rule.RESCALE, origin=np.array(origin), dragged=Sets.CELL)
        kept = curve.draw(replace(shown, held=held))
        alone = curve.draw(shown)
        assert (kept.x, kept.left, kept.right) == (alone.x, alone.left, alone.right)
        assert kept.reading == alone.reading


# --- history ---------------------------------------------------------------------------------------------


def steps(*values, convention=None, rows=6) -> list[Point]:
    return [Point("edit", loss, acc, rows, 3, convention or Convention()) for loss, acc in values]


def test_both_metrics_after_every_edit():
    history = steps((1.33, 1 / 6), (1.2, 2 / 6), (1.08, 0.5))
    drawn = HISTORY.draw(scene(mock_up(), history))
    (loss,), (accuracy,) = of(drawn, Line, Role.LOSS), of(drawn, Line, Role.ACCURACY)
    assert (loss.x.tolist(), loss.y.tolist()) == ([0, 1, 2], [1.33, 1.2, 1.08])
    assert loss.dots
    assert accuracy.x.tolist() == [0, 1, 1, 2, 2]
    assert accuracy.y.tolist() == pytest.approx([1 / 6, 1 / 6, 2 / 6, 2 / 6, 0.5])
    assert [pick.step for pick in drawn.picks] == [0, 1, 2]
    assert drawn.reading == (
        "Over 2 edits, cross-entropy went from 1.3300 to 1.0800 and accuracy from 16.7% to 50.0%."
    )
    assert drawn.x.text == "edit"


def test_what_history_says_has_a_verb_for_each_metric():
    said = HISTORY.draw(scene(mock_up(), steps((1.2, 1 / 6), (1.2, 0.5)))).reading
    assert "cross-entropy is where it began, 1.2000, and accuracy went from 16.7% to 50.0%." in said
    said = HISTORY.draw(scene(mock_up(), steps((1.2, 1 / 6), (1.1, float("nan"))))).reading
    assert said.endswith("and accuracy, 16.7% at first, is undefined.")


def test_a_step_alone_has_a_dot_for_accuracy_too():
    (alone,) = of(HISTORY.draw(scene(mock_up(), steps((1.2, 1 / 6)))), Line, Role.ACCURACY)
    assert not np.isfinite(alone.y[:-1] + alone.y[1:]).any()  # no piece of a line
    points = steps((1.2, 1 / 6), (1.1, np.nan), (1.0, 0.5), (0.9, 0.5), (0.8, np.nan), (0.7, 0.5))
    (dots,) = [
        mark for mark in of(HISTORY.draw(scene(mock_up(), points)), Dots, Role.ACCURACY) if mark.size < 10
    ]
    assert (dots.x.tolist(), dots.y.tolist()) == ([0, 5], [1 / 6, 0.5])


def test_nothing_is_drawn_of_accuracy_where_it_is_undefined():
    points = steps((1.2, 0.5), (1.1, 1 / 6), (1.0, np.nan), (0.9, 0.5), (0.8, 0.5))
    (line,) = of(HISTORY.draw(scene(mock_up(), points)), Line, Role.ACCURACY)
    fine = np.isfinite(line.y)
    pieces = {(a, b) for a, b, p, q in zip(line.x, line.x[1:], fine, fine[1:], strict=False) if p and q}
    assert pieces == {(0, 1), (1, 1), (3, 4), (4, 4)}


def test_every_change_of_convention_has_a_name_for_which_there_may_be_room():
    conventions = [Convention(base=base) for base in (Base.NATS, Base.BITS)] * 15
    history = [point for one in conventions for point in steps((1.0, 0.5), convention=one)]
    drawn = HISTORY.draw(scene(mock_up(), history))
    turns = of(drawn, Upright)
    assert [mark.x for mark in turns] == list(range(29, 0, -1))
    assert all(mark.text and mark.close for mark in turns)
    assert "Where a dashed line stands, the convention changed or something else was opened." in drawn.reading
    assert "dashed" not in HISTORY.draw(scene(mock_up(), history[:1])).reading


def test_steps_that_can_be_redone_are_dashed():
    drawn = HISTORY.draw(scene(mock_up(), steps((1, 0.5), (2, 0.5), (3, 0.5)), 1))
    done, later = of(drawn, Line, Role.LOSS)
    assert done.x.tolist() == [0, 1]
    assert later.x.tolist() == [1, 2]
    assert later.dashed
    assert [dots.x.tolist() for dots in of(drawn, Dots)] == [[1], [1]]
    assert (
        drawn.reading
        == "Over 1 edit, cross-entropy went from 1.0000 to 2.0000 and accuracy is 50.0% as at the start."
    )


def test_infinite_and_undefined_steps_leave_a_gap():
    drawn = HISTORY.draw(scene(mock_up(), steps((1, 0.5), (np.inf, 0.5), (np.nan, 0.5), (2, 0.5))))
    (loss,) = of(drawn, Line, Role.LOSS)
    assert np.isnan(loss.y).tolist() == [False, True, True, False]
    assert [(text.x, text.text) for text in of(drawn, Text)] == [(1, "∞")]
    assert words(drawn, drawn.picks[2]) == "edit 2, edit: cross-entropy undefined, accuracy 50.0%"
    alone = HISTORY.draw(scene(mock_up(), steps((np.inf, 0.5))))
    assert not of(alone, Line, Role.LOSS)


def test_a_change_of_convention_is_marked_and_units_are_converted():
    history = [
        *steps((np.log(2), 0.5)),
        *steps((1.0, 0.5), convention=Convention(base=Base.BITS)),
        *steps((6.0, 0.5), convention=Convention(base=Base.BITS, reduction=Reduction.SUM)),
        *steps((0.9, 0.5), convention=Convention(Rows.NORMALISED, clip=1e-7)),
    ]
    drawn = HISTORY.draw(scene(mock_up(Convention(Rows.NORMALISED, clip=1e-7)), history))
    assert of(drawn, Line, Role.LOSS)[0].y.tolist() == pytest.approx([np.log(2)] * 3 + [0.9])
    assert [(mark.x, mark.text) for mark in of(drawn, Upright)] == [
        (3, "Keras"),
        (2, "By hand, bits, sum"),
        (1, "By hand, bits"),
    ]


def test_what_was_opened_begins_a_span_of_its_own():
    history = steps((1.0, 0.5), (2.0, 0.5), (0.25, 0.5), (0.5, 1 / 6), (0.75, 1 / 6))
    history[2:] = [replace(point, opened=1) for point in history[2:]]
    history[2] = replace(history[2], what="open other.npy")
    readings = [HISTORY.draw(scene(mock_up(), history, step)).reading for step in range(5)]
    assert readings[0].startswith("At the start: cross-entropy 1.0000")
    assert readings[1].startswith("Over 1 edit, cross-entropy went from 1.0000 to 2.0000")
    assert readings[2].startswith("With “open other.npy”: cross-entropy 0.2500")
    assert readings[3].startswith("Over 1 edit, cross-entropy went from 0.2500 to 0.5000")
    assert readings[4].startswith("Over 2 edits, cross-entropy went from 0.2500 to 0.7500")


def test_the_loss_axis_is_that_of_what_is_looked_at_now():
    """Points of a lesson opened before are left out where they are far, and do not squeeze the present ones."""
    history = steps((0.938, 0.5), rows=6) + [
        replace(point, opened=1) for point in steps((np.inf, 0.5), (40.0, 0.5), (40.1, 0.5))
    ]
    drawn = HISTORY.draw(scene(mock_up(), history))
    assert 38 < drawn.left.low < 40.0
    assert [mark.x.tolist() for mark in of(drawn, Line, Role.LOSS)] == [[1, 2, 3]]
    assert "Losses of others that are beyond the axis are left out." in drawn.reading
    back = HISTORY.draw(scene(mock_up(), history, 0))
    assert back.left.low < 0.938 < back.left.high < 2


def test_where_only_others_have_a_finite_loss_the_axis_is_as_wide_as_theirs_would_be():
    """298 rows make 0.007 of two nats in one of them: ticks round 0.938 would need three decimals."""
    history = steps((0.938, 0.5), rows=6) + [
        replace(point, opened=1) for point in steps((np.inf, 0.5), rows=298)
    ]
    evaluation = mock_up()
    evaluation.tally = replace(evaluation.tally, rows=298)
    drawn = HISTORY.draw(scene(evaluation, history))
    assert drawn.left.ticks is not None
    assert drawn.left.low < 0.938 < drawn.left.high
    assert max(len(text) for _, text in drawn.left.ticks) <= 3
    assert "left out" not in drawn.reading


def test_a_long_history_is_thinned_but_keeps_its_end_and_the_present():
    history = steps(*((1 + i / 1e4, 0.5) for i in range(3_000)))
    drawn = HISTORY.draw(scene(mock_up(), history, 1_234))
    shown = [pick.step for pick in drawn.picks]
    assert len(shown) <= 501
    assert shown[-250:] == list(range(2_750, 3_000))
    assert shown[0] == 0
    assert 1_234 in shown
    assert not of(drawn, Line, Role.LOSS)[0].dots


def test_one_row_of_ten_thousand_is_seen_in_the_history():
    evaluation = mock_up()
    evaluation.tally = replace(evaluation.tally, rows=10_000)
    history = steps((0.03, 0.9913), (0.0301, 0.9912), rows=10_000)
    drawn = HISTORY.draw(scene(evaluation, history))
    assert drawn.right is not None
    assert drawn.right.high - drawn.right.low < 1e-3
    assert drawn.left.high - drawn.left.low < 1e-3
    assert "accuracy from 9,913 to 9,912 of 10,000 rows" in drawn.reading


# --- axes ------------------------------------------------------------------------------------------------


@given(st.floats(1e-12, 1e12))
def test_round_numbers(value):
    assert value <= nice_up(value) <= 1.6 * value
    step = nice_step(value)
    assert value / 5 <= step * (1 + 1e-9)
    assert step <= value / 5 * 2.5 * (1 + 1e-9)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(1e-6, 10))
def test_a_range_holds_what_is_drawn(low, width, least):
    bottom, top = padded(low, low + width, least)
    assert bottom <= low
    assert low + width <= top
    assert top - bottom >= least * (1 - 1e-9) - 2 * ulp(max(-bottom, top))  # as wide as floats tell there


def test_ticks_are_written_with_the_decimals_they_need():
    assert [text for _, text in ticks(0.0301, 0.0317)] == ["0.0305", "0.0310", "0.0315"]
    assert [text for _, text in ticks(0, 12_000)] == ["0", "5,000", "10,000"]
    assert accuracy_axis(3, 4, 6) == Axis(
        "accuracy", -0.04, 1.04, Role.ACCURACY, tuple((k / 5, f"{k / 5:.1f}") for k in range(6))
    )


# --- by hand ---------------------------------------------------------------------------------------------


def test_the_plane_aims_at_what_can_be_built_and_at_nothing_else():
    evaluation = mock_up()
    drawn = PLANE.draw(scene(evaluation))
    assert drawn.aim is not None
    pick = drawn.aim(0.8, 0.48)
    assert pick is not None
    assert pick.build == (0.8, 3)
    assert "with 3 of 6 rows right: double-click to build" in pick.says
    assert drawn.aim(0.1, 0.0) is None  # below 6/6 ln 2
    assert drawn.aim(1.2, 1.0) is None  # above ln 3
    assert drawn.aim(0.5, 1.2) is None
    off = PLANE.draw(scene(at([[0.3, 0.3], [0.5, 0.5]], [0, 1])))
    assert off.aim is None


def test_a_filter_shows_in_the_row_losses():
    evaluation = mock_up()
    drawn = ROW_LOSSES.draw(scene(evaluation, shown=np.array([0, 5])))
    assert [pick.row for pick in drawn.picks] == [0, 5]
    assert drawn.reading.startswith("2 of 6 rows are listed: ")


def test_the_worst_one_percent_begin_at_a_line():
    rows = np.full((1_000, 2), 0.5)
    rows[:10] = [1e-3, 1 - 1e-3]
    drawn = ROW_LOSSES.draw(scene(at(rows, [0] * 1_000)))
    line = of(drawn, Upright, Role.LOSS)[0]
    assert line.x == pytest.approx(np.log(1e3))
    assert line.text.startswith("worst 1 % ▸ carry 9.1")


def test_the_outline_of_a_class_does_not_run_to_the_infinite_bin():
    cells = np.vstack([np.tile([0.7, 0.3], (99, 1)), [[0.0, 1.0]]])
    drawn = ROW_LOSSES.draw(scene(at(cells, [0] * 100)))
    (line,) = of(drawn, Line, Role.NOW)
    bars = of(drawn, Bars)[0]
    drawn_pieces = np.isfinite(line.y[:-1]) & np.isfinite(line.y[1:])
    assert np.diff(line.x)[drawn_pieces].max() <= bars.width / 0.92 + 1e-9
    assert np.isfinite(line.y[-2:]).all()


def test_counts_of_few_rows_are_whole_numbers():
    predictions = at([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]], [0, 1, 0])
    drawn = RELIABILITY.draw(scene(predictions))
    assert drawn.right is not None
    assert [text for _, text in drawn.right.ticks or ()] == ["0", "1"]


def listed_of(probs, labels, shown) -> Drawn:
    evaluation = at(probs, labels)
    shown = np.array(shown)
    evaluation.part = evaluation.part_of(shown)
    return PLANE.draw(scene(evaluation, shown=shown, among="some"))


def test_rows_listed_that_lie_beyond_the_plane_are_told_by_an_arrow_at_its_edge():
    sure = [[0.98, 0.01, 0.01]] * 60
    near, far = (
        listed_of([*sure, [0.05, 0.9, 0.05]], [0] * 61, [60]),
        listed_of([*sure, [1e-9, 1.0, 0.0]], [0] * 61, [60]),
    )
    (dot,) = of(near, Dots, Role.PLAIN)
    assert near.x.low < dot.x[0] < near.x.high  # the picture is wider for it
    assert "rows listed" in [text.text for text in of(near, Text)]
    assert not of(far, Dots, Role.PLAIN)
    arrow, name = of(far, Text, Role.PLAIN)
    assert (arrow.text, arrow.x, arrow.anchor) == ("▸", far.x.high, (1.0, 0.5))
    assert name.text == "rows listed at 20.72"


def test_accuracy_that_stands_still_is_not_drawn_over_a_loss_that_does():
    evaluation = at(*random_rows(500, 3))
    drawn = HISTORY.draw(scene(evaluation))
    assert drawn.right is not None
    heights = []
    for axis, metric in ((drawn.left, CROSS_ENTROPY), (drawn.right, ACCURACY)):
        value = metric.of(evaluation.tally, evaluation.convention).value
        assert value is not None
        heights.append((value - axis.low) / (axis.high - axis.low))
    assert heights[1] - heights[0] > 0.08


def test_where_the_baseline_and_now_are_one_dot_the_name_says_so():
    evaluation = at(*random_rows(60, 3))
    names = []
    for other in (evaluation, at(*random_rows(60, 3, seed=1))):
        drawn = PLANE.draw(scene(evaluation, baseline=Baseline.of("b", other)))
        names += [text.text for text in of(drawn, Text, Role.BASELINE)]
    assert names == ["baseline and now", "baseline"]


def test_steps_at_infinity_have_one_sign_a_run():
    evaluation = at(*random_rows(40, 3))
    losses = [0.5, inf, inf, inf, 0.6, inf, 0.7]
    history = [replace(point(evaluation), loss=loss) for loss in losses]
    drawn = HISTORY.draw(scene(evaluation, history))
    signs = [text for text in of(drawn, Text) if text.text == "∞"]
    assert [sign.x for sign in signs] == [2.0, 5.0]
    (along,) = [line for line in of(drawn, Line, Role.LOSS) if len(line.x) == 2]
    assert along.x.tolist() == [1.0, 3.0]


def test_the_plane_says_once_that_the_baseline_and_now_are_at_infinity():
    evaluation = at([[0.0, 1.0], [0.5, 0.5]], [0, 0])
    drawn = PLANE.draw(scene(evaluation, baseline=Baseline.of("b", evaluation)))
    assert [text.text for text in of(drawn, Text) if "∞" in text.text] == ["baseline and now at ∞"]
