"""Every lesson is valid, and its invitation's edit does what it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lossacc_gui import scenarios as package
from lossacc_gui.core.convention import preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics.balanced_accuracy import BALANCED_ACCURACY
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule, edit_cell, refusal
from lossacc_gui.core.tally import Tally
from lossacc_gui.scenarios import SCENARIOS, Scenario, scenario

KEYS = [lesson.key for lesson in SCENARIOS]


@pytest.fixture(params=SCENARIOS, ids=KEYS)
def lesson(request) -> Scenario:
    lesson: Scenario = request.param
    return lesson


def edited(lesson: Scenario, value: float, key: str = "") -> tuple[Tally, Tally, str]:
    """The tallies before and after the invited cell gets a value under the lesson's rule, and the prediction."""
    state = lesson.state()
    if key:
        state.convention = preset(key)
    before = evaluate(state.predictions, state.convention).tally
    edit_cell(state, 0, lesson.row, lesson.column, value, lesson.rule).apply(state)
    after = evaluate(state.predictions, state.convention)
    return before, after.tally, lesson.classes[after.stats.prediction[lesson.row]]


# --- all of them ----------------------------------------------------------------------------------


def test_the_opening_lesson_comes_first():
    assert SCENARIOS[0].key == "same-loss"
    state = SCENARIOS[0].state()
    assert state.predictions.probs[0].tolist() == [[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.3, 0.5, 0.2]]
    assert state.predictions.labels.tolist() == [0, 2, 1]
    assert SCENARIOS[0].rule is Rule.HOLD
    assert evaluate(state.predictions, state.convention).tally.loss_mean == pytest.approx(0.937804, abs=5e-7)


def test_no_file_is_forgotten():
    folder = Path(package.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "scenario"}
    assert len(files) == len(SCENARIOS)


def test_keys_are_the_command_line_s_and_differ():
    assert len(set(KEYS)) == len(KEYS)
    for key in KEYS:
        assert key == key.lower()
        assert key.replace("-", "").isalnum()
        assert scenario(key).key == key
    assert len({lesson.title for lesson in SCENARIOS}) == len(KEYS)


def test_an_unknown_key_names_the_known_ones():
    with pytest.raises(Refusal, match="same-loss"):
        scenario("nothing")


def test_each_has_valid_predictions_that_show_as_they_are_written(lesson):
    state = lesson.state()
    held = state.predictions
    assert held.probs[0].tolist() == [list(row) for row in lesson.rows]
    assert held.labels.tolist() == list(lesson.labels)
    assert held.class_names == lesson.classes
    assert held.notes == ()
    assert state.source.name == lesson.title
    assert state.source.path == ""
    assert np.all(held.labels >= 0)


def test_each_time_a_fresh_state_is_made(lesson):
    lesson.state().predictions.probs[0, 0, 0] = 0.123
    assert lesson.state().predictions.probs[0, 0, 0] == lesson.rows[0][0]


def test_the_invited_cell_exists_and_its_rule_can_hold(lesson):
    assert 0 <= lesson.row < len(lesson.rows)
    assert 0 <= lesson.column < len(lesson.classes)
    cells = np.array(lesson.rows[lesson.row])
    assert not refusal(cells, lesson.labels[lesson.row], lesson.column, lesson.rule, lesson.convention)


def test_the_invitation_names_the_cell_and_the_value_it_has(lesson):
    name = lesson.classes[lesson.column]
    value = np.format_float_positional(lesson.rows[lesson.row][lesson.column])
    assert name in lesson.invitation
    assert f"row {lesson.row + 1} " in lesson.invitation
    assert f"from {value}" in lesson.invitation


def test_what_it_says_is_whole_sentences(lesson):
    for text in (lesson.lesson, lesson.invitation):
        assert text[0].isupper()
        assert text.endswith((".", "!", "?"))
        assert "  " not in text
    assert not lesson.title.endswith(".")


def test_rows_sum_to_one_unless_that_is_the_lesson(lesson):
    off = evaluate(lesson.state().predictions, lesson.convention).tally.sum_off
    assert bool(off) == (lesson.key == "row-sums")


# --- what each invites to -------------------------------------------------------------------------


def test_same_loss_steps_in_accuracy_and_stands_still_in_loss():
    lesson = scenario("same-loss")
    assert "from 0.5 to 0.3" in lesson.invitation
    before, after, _ = edited(lesson, 0.3)
    assert (before.hits, after.hits, after.rows) == (1, 2, 3)
    assert after.loss == before.loss
    assert after.loss_mean == before.loss_mean


def test_the_outlier_carries_most_of_the_loss():
    lesson = scenario("outlier")
    assert "to 0.1:" in lesson.invitation
    assert "80 %" in lesson.invitation
    assert "90 %" in lesson.invitation
    before, after, _ = edited(lesson, 0.1)
    assert before.hits == after.hits == 9
    assert 1 - after.loss_mean / before.loss_mean == pytest.approx(0.8, abs=0.03)
    losses = evaluate(lesson.state().predictions, lesson.convention).stats.loss
    assert losses[-1] / losses.sum() > 0.9


def test_rows_that_do_not_sum_to_one_move_the_loss_of_keras_alone():
    lesson = scenario("row-sums")
    assert "from 0.5 to 0.3" in lesson.invitation
    before, after, _ = edited(lesson, 0.3, "by_hand")
    assert after.loss == before.loss
    before, after, _ = edited(lesson, 0.3, "keras")
    assert after.loss != before.loss
    before, after, _ = edited(lesson, 0.3, "sklearn")
    assert after.loss == before.loss
    assert after.hits == before.hits + 1


def test_an_animal_changes_its_name_at_the_same_loss():
    lesson = scenario("animals")
    assert "from 0.5 to 0.3" in lesson.invitation
    before, after, prediction = edited(lesson, 0.3)
    assert prediction == "cat"
    assert after.loss == before.loss
    assert after.hits == before.hits + 1


def test_only_rows_between_a_third_and_a_half_can_go_either_way():
    """What the lesson about the animals says of its own rows."""
    state = scenario("animals").state()
    tally = evaluate(state.predictions, state.convention).tally
    held = state.predictions
    mine = [row[label] for row, label in zip(held.probs[0].tolist(), held.labels.tolist(), strict=True)]
    assert tally.can_be_right - tally.must_be_right == sum(1 / 3 < p <= 1 / 2 for p in mine) > 0


def test_rows_in_doubt_cross_the_middle_at_hardly_any_loss():
    lesson = scenario("crossing")
    assert "to 0.51:" in lesson.invitation
    assert "12.5 points" in lesson.invitation
    assert "0.005" in lesson.invitation
    before, after, _ = edited(lesson, 0.51)
    assert (before.hits, after.hits, after.rows) == (4, 5, 8)
    assert before.loss_mean - after.loss_mean == pytest.approx(0.005, abs=5e-4)
    for row in (5, 6, 7):
        before, after, _ = edited(replace(lesson, row=row, column=lesson.labels[row]), 0.51)
        assert after.hits == before.hits + 1
        assert before.loss_mean - after.loss_mean == pytest.approx(0.005, abs=5e-4)


def test_three_sure_mistakes_cost_more_than_guessing():
    lesson = scenario("overconfident")
    assert "to 0.6:" in lesson.invitation
    before, after, prediction = edited(lesson, 0.6)
    assert prediction == "dog"
    assert before.hits == after.hits == 7
    assert 1 - after.loss_mean / before.loss_mean == pytest.approx(0.25, abs=0.01)
    assert 1.8 * np.log(3) < before.loss_mean < 2 * np.log(3)
    losses = np.sort(evaluate(lesson.state().predictions, lesson.convention).stats.loss)
    assert losses[-3:].sum() / losses.sum() > 0.95


def test_all_right_at_nearly_the_loss_of_guessing():
    lesson = scenario("timid")
    assert "to 0.9:" in lesson.invitation
    assert "15 %" in lesson.invitation
    before, after, _ = edited(lesson, 0.9)
    assert before.hits == after.hits == before.rows
    assert 0.9 * np.log(3) < before.loss_mean < np.log(3)
    assert 1 - after.loss_mean / before.loss_mean == pytest.approx(0.15, abs=0.005)


def test_the_rare_class_counts_for_little_in_accuracy_and_for_half_when_balanced():
    lesson = scenario("imbalance")
    assert "to 0.6:" in lesson.invitation
    assert "5 points, balanced accuracy 25" in lesson.invitation
    before, after, _ = edited(lesson, 0.6)
    assert (before.hits, after.hits, before.rows) == (18, 19, 20)
    assert BALANCED_ACCURACY.of(before, lesson.convention).value == pytest.approx(0.5)
    assert BALANCED_ACCURACY.of(after, lesson.convention).value == pytest.approx(0.75)


def test_a_lesson_may_have_a_convention_of_its_own():
    lesson = replace(scenario("row-sums"), convention=preset("keras"))
    assert lesson.state().convention == preset("keras")
