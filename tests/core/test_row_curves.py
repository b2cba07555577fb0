"""Surprise, margin, reliability, temperature and thresholds against slow computations, row by row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.curves.curve import Area, Dots, Line, Role, Side
from lossacc_gui.core.curves.listed import spread, thinned
from lossacc_gui.core.curves.margin import MARGIN, band
from lossacc_gui.core.curves.precision_recall import PRECISION_RECALL
from lossacc_gui.core.curves.reliability import RELIABILITY, binned, smooth
from lossacc_gui.core.curves.roc import ROC
from lossacc_gui.core.curves.surprise import SURPRISE
from lossacc_gui.core.curves.temperature import TEMPERATURE
from lossacc_gui.core.curves.threshold import THRESHOLD
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.filtering import Wrong
from lossacc_gui.core.margins import margins
from lossacc_gui.core.metrics.calibration import ECE
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rows import Flag
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene, Sets
from lossacc_gui.core.wording import number
from tests.thorough import examples

ALL = (SURPRISE, MARGIN, RELIABILITY, TEMPERATURE, THRESHOLD, ROC, PRECISION_RECALL)


def seen(cells, labels, convention=None, row=0, **more) -> Scene:
    evaluation = evaluate(Predictions.of(np.asarray(cells, float), labels), convention or Convention())
    return Scene(evaluation, row, 0, Rule.ONLY, [], 0, **more)


def random(rows, classes, seed=0, convention=None, **more) -> Scene:
    draw = np.random.default_rng(seed)
    cells = draw.dirichlet(np.ones(classes), rows)
    if convention is not None and convention.rows is Rows.LOGITS:
        cells = 3 * draw.normal(size=(rows, classes))
    return seen(cells, draw.integers(0, classes, rows), convention, **more)


def of(drawn, kind, role):
    return [mark for mark in drawn.marks if isinstance(mark, kind) and mark.role == role]


# --- few enough points ---------------------------------------------------------------------------


@given(st.integers(1, 3_000), st.integers(0, 9), st.integers(40, 900))
@examples(40)
def test_no_place_of_a_picture_is_left_empty(rows, seed, most):
    draw = np.random.default_rng(seed)
    x, y = draw.normal(size=rows), draw.exponential(size=rows) ** 4
    box = (float(x.min()), float(x.max()), float(y.min()), float(y.max()))
    some = spread(x, y, box, most)
    assert some.count.sum() == rows
    assert len(some.chosen) <= max(most, 64)
    assert len(np.unique(some.chosen)) == len(some.chosen)
    wide, tall = box[1] - box[0], box[3] - box[2]
    worst = int(y.argmax())  # an outlier has somebody beside it: itself, if it stands alone
    near = np.hypot((x[some.chosen] - x[worst]) / (wide or 1), (y[some.chosen] - y[worst]) / (tall or 1))
    assert near.min() < 0.2


@given(st.integers(5, 3_000), st.integers(0, 9))
@examples(40)
def test_a_thinned_line_keeps_its_ends_and_extremes(count, seed):
    y = np.random.default_rng(seed).normal(size=count)
    kept = thinned(np.arange(count, dtype=float), y, 200)
    assert len(kept) <= 200
    assert {0, count - 1, int(y.argmin()), int(y.argmax())} <= set(kept.tolist())


@pytest.mark.parametrize("curve", ALL, ids=lambda curve: curve.key)
def test_a_filter_shows_in_the_picture_and_is_said(curve):
    shown = random(300, 2, seed=1)
    wrong = np.flatnonzero(Wrong().rows(shown.evaluation))
    drawn = curve.draw(replace(shown, shown=wrong))
    assert drawn.reading.startswith(f"{len(wrong)} of 300 rows are listed: ")
    assert all(pick.row in wrong for pick in drawn.picks if pick.row >= 0)
    none = curve.draw(replace(shown, shown=np.empty(0, np.intp)))
    assert none.empty.startswith("No row of the filter has a label")


# --- surprise --------------------------------------------------------------------------------------


def test_every_row_stands_on_its_loss():
    shown = random(60, 4)
    drawn = SURPRISE.draw(shown)
    p = shown.predictions.probs[0][np.arange(60), shown.predictions.labels]
    picked = {pick.row: (pick.x, pick.y) for pick in drawn.picks}
    assert sorted(picked) == list(range(60))
    for row, (x, y) in picked.items():
        assert (x, y) == pytest.approx((p[row], -np.log(p[row])))
    now = of(drawn, Dots, Role.NOW)[-1]
    assert now.x[0] == pytest.approx(p[0])


def test_right_and_wrong_rows_have_a_lane_each():
    drawn = SURPRISE.draw(random(500, 3))
    for role in (Role.RIGHT, Role.WRONG):
        lane = of(drawn, Dots, role)[-1]
        assert len(set(lane.y.tolist())) == 1
        assert lane.y[0] < 0
    assert [text for _, text in (drawn.left.ticks or ())][:3] == ["class 0", "wrong", "right"]


@pytest.mark.parametrize("curve", [SURPRISE, MARGIN], ids=lambda curve: curve.key)
def test_infinite_losses_stand_at_the_end_of_the_axis_which_says_so(curve):
    drawn = curve.draw(seen([[0.0, 1.0], [0.5, 0.5]], [0, 0]))
    (end,) = [at for at, text in drawn.left.ticks or () if text == "∞"]
    assert end == next(pick.y for pick in drawn.picks if pick.row == 0)
    finite = curve.draw(seen([[0.1, 0.9], [0.5, 0.5]], [0, 0]))
    assert "∞" not in [text for _, text in finite.left.ticks or ()]


# --- margin ------------------------------------------------------------------------------------------


@given(st.integers(2, 6), st.integers(0, 20), st.sampled_from([Rows.AS_TYPED, Rows.NORMALISED, Rows.LOGITS]))
@examples(80)
def test_every_row_lies_in_the_band(classes, seed, rows):
    shown = random(50, classes, seed, Convention(rows))
    stats = shown.evaluation.stats
    loss = stats.loss
    low, high = band(margins(stats.margin, stats.total, shown.convention), classes, shown.convention)
    assert (low <= loss + 1e-9).all()
    assert (loss <= high + 1e-9).all()


@given(st.floats(-0.999, 0.999), st.integers(2, 6))
def test_both_edges_of_the_band_are_reached(margin, classes):
    """All of the rest on one rival, and all others as large as the largest."""
    low, high = band(np.array([margin]), classes, Convention())
    one = np.zeros(classes)
    one[:2] = (1 + margin) / 2, (1 - margin) / 2
    q = ((classes - 1) * margin + 1) / classes
    assert low[0] == pytest.approx(-np.log(one[0]))
    if q > 0:
        rest = (1 - q) / (classes - 1)
        assert q - rest == pytest.approx(margin)
        assert high[0] == pytest.approx(-np.log(q))
    else:
        assert high[0] == np.inf


def test_there_is_no_band_where_rows_do_not_sum_to_one():
    drawn = MARGIN.draw(seen([[0.3, 0.3], [0.5, 0.6]], [0, 1]))
    assert not [mark for mark in drawn.marks if isinstance(mark, Area)]
    assert "no band here: 2 rows do not sum to 1" in drawn.reading
    normalised = MARGIN.draw(seen([[0.3, 0.3, 0.1]], [0], Convention(Rows.NORMALISED)))
    assert [mark for mark in normalised.marks if isinstance(mark, Area)]


def test_of_two_classes_the_band_is_a_line():
    drawn = MARGIN.draw(seen([[0.3, 0.7], [0.6, 0.4]], [0, 1]))
    (line,) = of(drawn, Line, Role.FAINT)
    for pick in drawn.picks:
        assert np.interp(pick.x, line.x, line.y) == pytest.approx(pick.y, abs=0.01)


def test_one_row_that_does_not_sum_to_one_takes_the_band_from_no_other():
    drawn = MARGIN.draw(seen([[0.3, 0.3, 0.2], [0.5, 0.5, 0.0], [0.2, 0.8, 0.0]], [0, 1, 1]))
    assert [mark for mark in drawn.marks if isinstance(mark, Area)]
    assert drawn.reading.endswith("1 row does not sum to 1 and may lie beside the band.")
    odd = MARGIN.draw(seen([[-0.1, 1.1], [0.5, 0.6], [0.2, 0.8]], [1, 1, 1]))
    said = "2 rows are negative, not finite or larger than 1 or do not sum to 1 and may lie beside the band."
    assert odd.reading.endswith(said)


def test_rows_off_by_rounding_keep_their_band():
    """Single precision stored as double: flagged as scikit-learn does, yet in the band to a pixel."""
    cells = np.random.default_rng(1).dirichlet(np.ones(4), 50).astype(np.float32).astype(float)
    shown = seen(cells * (1 + 1e-6), [0] * 50)
    assert shown.evaluation.tally.sum_off == 50
    drawn = MARGIN.draw(shown)
    assert "no band" not in drawn.reading
    assert [mark for mark in drawn.marks if isinstance(mark, Area)]
    assert (
        "2 rows do not sum to 1"
        in MARGIN.draw(seen([[0.5, 0.501], [0.5, 0.5], [0.4, 0.5]], [0, 1, 1])).reading
    )


def test_accuracy_is_the_count_right_of_zero():
    shown = random(200, 4)
    drawn = MARGIN.draw(shown)
    assert drawn.reading.startswith(f"{int((shown.evaluation.stats.margin > 0).sum())} of 200 rows")
    assert shown.evaluation.tally.hits == (shown.evaluation.stats.margin > 0).sum()


# --- reliability ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confidence", "right", "rows", "says"),
    [
        (0.558, 0.56, 300, "as far as 300 rows can tell, as confident as right."),
        (0.62, 0.56, 300, "the rows are overconfident."),
        (0.50, 0.56, 300, "the rows are underconfident."),
        (0.558, 0.56, 1_000_000, "the rows are underconfident."),
        (0.9, 1.0, 10, "as far as 10 rows can tell, as confident as right."),
        (1.0, 0.9, 10, "the rows are overconfident."),
    ],
)
def test_rows_are_called_overconfident_only_beyond_what_chance_does(confidence, right, rows, says):
    cells = np.tile([confidence, 1 - confidence - 1e-9], (rows, 1))
    labels = (np.arange(rows) >= round(right * rows)).astype(int)
    if confidence == 1.0:
        cells[:, 1] = 0.0
    assert RELIABILITY.draw(seen(cells, labels)).reading.endswith(says)


@given(st.integers(1, 400), st.integers(1, 30), st.integers(0, 9))
@examples(40)
def test_bins_and_their_error_as_counted_one_by_one(rows, bins, seed):
    draw = np.random.default_rng(seed)
    confidence, right = draw.integers(0, 21, rows) / 20, draw.random(rows) < 0.5
    found = binned(confidence, right, bins)
    error = 0.0
    for b in range(bins):
        low, high = b / bins, (b + 1) / bins
        mine = [
            i for i in range(rows) if low <= confidence[i] < high or (b == bins - 1 and confidence[i] == 1)
        ]
        assert found.rows[b] == len(mine)
        if mine:
            error += len(mine) / rows * abs(confidence[mine].mean() - right[mine].mean())
    assert found.error == pytest.approx(error)


@pytest.mark.parametrize("bins", [1, 7, 15])
def test_the_error_of_the_bins_is_the_tile_s_to_the_last_bit(bins):
    evaluation = evaluate(random(3000, 4).predictions, Convention(bins=bins))
    stats = evaluation.stats
    assert binned(stats.confidence, stats.has(Flag.HIT), bins).error == evaluation.read(ECE).value


def test_a_click_on_a_bin_lists_exactly_its_rows():
    shown = random(300, 3)
    drawn = RELIABILITY.draw(shown)
    total = 0
    for pick in drawn.picks:
        assert pick.filter is not None
        inside = pick.filter.rows(shown.evaluation)
        total += int(inside.sum())
        assert shown.evaluation.stats.has(Flag.HIT)[inside].mean() == pytest.approx(pick.y)
    assert total == 300
    (line,) = of(drawn, Line, Role.ACCURACY)
    assert len(line.x) == len(drawn.picks) < shown.convention.bins  # empty bins are drawn as nothing


# --- temperature ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("convention", [Convention(), Convention(Rows.LOGITS)], ids=lambda c: str(c.rows))
def test_the_curve_is_the_loss_of_softened_rows_and_accuracy_is_flat(convention):
    shown = random(40, 3, 5, convention)
    drawn = TEMPERATURE.draw(shown)
    z, label = shown.predictions.probs[0], shown.predictions.labels
    z = z if convention.rows is Rows.LOGITS else np.log(z)
    (loss,) = of(drawn, Line, Role.LOSS)
    for x, y in zip(loss.x, loss.y, strict=True):
        power = np.exp(z / 10.0**x - (z / 10.0**x).max(axis=1, keepdims=True))
        p = power[np.arange(40), label] / power.sum(axis=1)
        with np.errstate(divide="ignore"):
            assert y == pytest.approx(-np.log(p).mean(), rel=1e-6)
    (accuracy,) = of(drawn, Line, Role.ACCURACY)
    assert accuracy.side is Side.RIGHT
    assert set(accuracy.y.tolist()) == {shown.evaluation.tally.hits / 40}
    assert drawn.handle is not None
    assert (drawn.handle.sets, drawn.handle.value(drawn.handle.x)) == (Sets.TEMPERATURE, 1.0)


def test_the_best_temperature_in_its_four_kinds():
    right = TEMPERATURE.draw(seen([[0.6, 0.4], [0.3, 0.7]], [0, 1]))
    assert right.reading.startswith("T towards 0 is best: every row is right")
    worse = TEMPERATURE.draw(seen([[0.6, 0.4], [0.3, 0.7]], [1, 0]))
    assert worse.reading.startswith("T towards ∞ is best: no better than guessing")
    none = TEMPERATURE.draw(seen([[0.0, 1.0], [0.5, 0.5]], [0, 0]))
    assert none.reading.startswith("No temperature is best: row 1 gives its label probability 0")
    over = TEMPERATURE.draw(seen([[0.99, 0.01]] * 8 + [[0.01, 0.99]] * 2, [0] * 10))
    assert "of your loss can go without changing one prediction" in over.reading


# --- thresholds ------------------------------------------------------------------------------------------


def test_accuracy_along_the_threshold_as_counted_one_by_one():
    shown = random(60, 2)
    drawn = THRESHOLD.draw(shown)
    (line,) = of(drawn, Line, Role.ACCURACY)
    score, labels = shown.predictions.probs[0][:, 1], shown.predictions.labels
    steps = np.unique(score)
    for middle in (steps[1:] + steps[:-1]) / 2:
        expected = ((score > middle) == (labels == 1)).mean()
        assert np.interp(middle, line.x, line.y) == pytest.approx(expected)
    (flat,) = of(drawn, Line, Role.LOSS)
    assert set(flat.y.tolist()) == {shown.evaluation.tally.loss_mean}
    assert drawn.handle is not None
    assert drawn.handle.sets is Sets.THRESHOLD


def test_more_than_two_classes_are_told_why_there_is_no_threshold():
    assert "needs two classes, and these predictions have 3" in THRESHOLD.draw(random(5, 3)).empty


@pytest.mark.parametrize("convention", [Convention(), Convention(temperature=0.5), Convention(Rows.LOGITS)])
def test_of_more_classes_the_current_one_stands_against_the_rest(convention):
    shown = random(300, 4, 3, convention, row=7)
    cells, labels = shown.predictions.probs[0], shown.predictions.labels
    z = cells if convention.rows is Rows.LOGITS else np.log(cells) / convention.temperature
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    for column in range(4):
        here = replace(shown, column=column)
        roc, precision = ROC.draw(here), PRECISION_RECALL.draw(here)
        assert roc.hint == precision.hint == f"class {column} against the rest"
        area, average = (
            found(labels == column, p[:, column]) for found in (roc_auc_score, average_precision_score)
        )
        assert roc.reading.startswith(f"Area under the curve {number(area)}:")
        assert precision.reading.startswith(f"Average precision {number(average)}.")
        (point,) = of(roc, Dots, Role.NOW)
        called = p[:, column] > p[7, column]
        assert point.y[0] == pytest.approx(called[labels == column].mean(), abs=1e-9)


def test_of_two_classes_it_is_the_second_wherever_one_stands():
    shown = random(50, 2)
    for curve in (ROC, PRECISION_RECALL):
        assert curve.draw(shown).reading == curve.draw(replace(shown, column=1)).reading


def test_a_class_without_rows_says_to_go_to_another():
    shown = seen([[0.5, 0.3, 0.2], [0.2, 0.7, 0.1]], [0, 1])
    assert "No row that is listed has the label class 2" in ROC.draw(replace(shown, column=2)).empty


@pytest.mark.parametrize("curve", [ROC, PRECISION_RECALL], ids=lambda curve: curve.key)
def test_rows_that_all_score_alike_are_seen(curve):
    (line,) = of(curve.draw(seen([[0.5, 0.5], [0.5, 0.5]], [0, 1])), Line, Role.ACCURACY)
    assert line.dots
    assert not of(curve.draw(random(200, 2)), Line, Role.ACCURACY)[0].dots


def test_one_label_alone_has_no_roc():
    assert ROC.draw(seen([[0.4, 0.6], [0.7, 0.3]], [1, 1])).empty.startswith(
        "All these rows have the same label"
    )


def test_the_smooth_line_is_drawn_only_where_some_rows_are_near():
    confidence = np.concatenate([np.full(40, 0.9), [0.3, 0.31]])
    right = np.concatenate([np.arange(40) % 10 > 0, [True, False]])
    x, y = smooth(confidence, right)
    assert np.isnan(y[x < 0.8]).all()
    assert y[-1] == pytest.approx(0.9, abs=0.01)
