"""What is said about a change, word by word, and when "did not move" may be said."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.bulk import MakeRows, ReorderClasses, SetRows, Together
from lossacc_gui.core.change import Change
from lossacc_gui.core.convention import DTYPE_EPS, Base, Convention, Reduction, Rows, preset
from lossacc_gui.core.edits import ALL, RenameClass, Replace, SetBaseline, SetCells, SetConvention, SetLabels
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.explain import Explanation, Kind, explain
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.recipes import Even
from lossacc_gui.core.rules import Rule, edit_cell
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.state import Baseline, Source, State
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.wording import number
from tests.core import strategies
from tests.thorough import examples

MOCK_UP = [
    [0.30, 0.50, 0.20],
    [0.10, 0.50, 0.40],
    [0.25, 0.55, 0.20],
    [0.10, 0.15, 0.75],
    [0.62, 0.28, 0.10],
    [0.05, 0.90, 0.05],
]
"""The mock-up's matrix before the edit its strip speaks of."""


class Session:
    """A state that is edited, and what is said about each edit."""

    def __init__(self, rows, labels, names=None, convention=None, dtype=np.float64) -> None:
        predictions = Predictions.of(np.array(rows, dtype), labels, names)
        self.state = State(predictions, convention or Convention())
        self.evaluation = evaluate(predictions, self.state.convention)

    def do(self, edit, **said) -> Change:
        """As the document does it."""
        old = self.evaluation
        tally, before = old.tally, None
        said = {"convention_before": self.state.convention} | said
        inverse, rows = edit.apply(self.state)
        if rows is ALL:
            self.evaluation = evaluate(self.state.predictions, self.state.convention)
        else:
            before = old.stats[rows]
            self.evaluation.convention = self.state.convention
            self.evaluation.refresh(rows)
        after = None if rows is ALL else self.evaluation.stats[rows]
        return Change(edit, inverse, rows, before, after, tally, self.evaluation.tally, **said)

    def explain(self, edit, decimals=4, **said) -> Explanation:
        return explain(self.do(edit, **said), self.evaluation, decimals)

    def say(self, edit, **said) -> str:
        return self.explain(edit, **said).text

    def cell(self, row, column, value, rule=Rule.ONLY) -> str:
        return self.say(edit_cell(self.state, 0, row, column, value, rule))


def mock_up(convention=None, dtype=np.float64) -> Session:
    labels = ["cat", "fox", "dog", "fox", "cat", "cat"]
    return Session(MOCK_UP, labels, ["cat", "dog", "fox"], convention, dtype)


def labels(*codes) -> np.ndarray:
    return np.array(codes, np.int32)


# --- one row ---------------------------------------------------------------------------------------


def test_the_mock_up_s_sentence():
    session = mock_up()
    told = session.explain(edit_cell(session.state, 0, 1, 1, 0.3, Rule.HOLD))
    assert [(span.text, span.style) for span in told.told] == [
        ("Row 2: 0.20 moved from dog to cat.", "strong"),
        (" The label is ", "plain"),
        ("fox", "em"),
        (" and ", "plain"),
        ("p(fox) stayed 0.40, so the row's loss stayed 0.916 and ", "plain"),
        ("cross-entropy did not move", "loss"),
        (".", "plain"),
        (" But dog fell below fox: the prediction became fox, and ", "plain"),
        ("accuracy rose from 3 to 4 of 6 rows", "accuracy"),
        (".", "plain"),
    ]


def test_the_data_behind_it():
    session = mock_up()
    told = session.explain(edit_cell(session.state, 0, 1, 1, 0.3, Rule.HOLD))
    assert (told.kind, told.row, told.rows, told.cells) == (Kind.CELLS, 1, 1, 2)
    assert {(move.name, move.before, move.after) for move in told.moves} == {
        ("dog", 0.5, 0.3),
        ("cat", 0.1, 0.3),
    }
    assert told.before_row is not None
    assert told.after_row is not None
    assert (told.before_row.prediction, told.after_row.prediction) == ("dog", "fox")
    assert told.after_row.label == "fox"
    assert told.after_row.loss == told.before_row.loss == pytest.approx(0.9163, abs=1e-4)
    assert (told.before.hits, told.after.hits, told.after.n) == (3, 4, 6)
    assert (told.became_right, told.became_wrong, told.flipped) == (1, 0, 1)
    assert told.before.entropy == told.after.entropy == pytest.approx(1.0799, abs=1e-4)


def test_the_label_s_own_cell():
    assert mock_up().cell(1, 2, 0.2) == (
        "Row 2: fox went from 0.40 to 0.20. The label is fox: p(fox) fell from 0.40 to 0.20, so the row's "
        "loss rose from 0.916 to 1.609 and cross-entropy rose from 1.0799 to 1.1954. The prediction stayed "
        "dog, so accuracy stayed at 3 of 6 rows."
    )


def test_both_metrics_for_the_better_and_one_each_way():
    assert (
        mock_up()
        .cell(5, 0, 0.96)
        .endswith(
            "cross-entropy fell from 1.0799 to 0.5874. And cat rose above dog: the prediction became cat, "
            "and accuracy rose from 3 to 4 of 6 rows."
        )
    )
    two = Session([[0.5, 0.4, 0.45]], [0])
    cells = SetCells(np.zeros(2, int), np.array([0, 1]), np.array([0.6, 0.7]))
    assert two.say(cells) == (
        "Row 1: class 1 went from 0.40 to 0.70 and class 0 went from 0.50 to 0.60. The label is class 0: "
        "p(class 0) rose from 0.50 to 0.60, so the row's loss fell from 0.693 to 0.511 and cross-entropy "
        "fell from 0.6931 to 0.5108. But class 1 rose above class 0: the prediction became class 1, and "
        "accuracy fell from 1 to 0 of 1 row."
    )


def test_many_cells_of_one_row_name_the_largest_move():
    text = mock_up().cell(1, 1, 0.3, Rule.RESCALE)
    assert text.startswith("Row 2: 3 cells changed, most of all dog from 0.50 to 0.30. The label is fox: ")


def test_wrong_to_wrong():
    text = mock_up().cell(0, 2, 0.7)
    assert text.endswith(
        "cross-entropy did not move. And fox rose above dog: the prediction became fox, still wrong, and "
        "accuracy stayed at 3 of 6 rows."
    )


def test_a_tie_that_decides_is_said():
    session = mock_up()
    assert session.cell(1, 1, 0.4).endswith(
        "cross-entropy did not move. The prediction stayed dog (dog and fox tie; the first counts), and "
        "accuracy stayed at 3 of 6 rows."
    )
    session.cell(1, 1, 0.3)
    assert session.cell(1, 1, 0.4).endswith(
        "But dog and fox tie; the first counts, so the prediction became dog, and accuracy fell from 4 to 3 "
        "of 6 rows."
    )


def test_a_tie_that_names_another_prediction_is_no_overtaking():
    session = Session([[0.0, 0.0, 1.0, 0.0]], [0])
    assert session.cell(0, 1, 1.0).endswith(
        "And class 1 and class 2 tie; the first counts, so the prediction became class 1, still wrong, and "
        "accuracy stayed at 0 of 1 row."
    )


def test_a_row_without_a_label():
    session = Session([[0.5, 0.5], [0.2, 0.8]], [-1, 1])
    assert session.cell(0, 0, 0.7) == (
        "Row 1: class 0 went from 0.50 to 0.70. The row has no label, so neither metric counts it."
    )


def test_a_label_whose_class_weighs_nothing_leaves_cross_entropy_undefined():
    weighed = Session([[0.0, 0.0]], [1], convention=Convention(weights=(0.0, 0.1)))
    assert "cross-entropy became undefined: every row has the weight 0" in weighed.say(
        SetLabels(np.array([0]), np.array([0], np.int32))
    )


def test_infinite_and_back():
    session = mock_up()
    assert session.cell(2, 1, 0.0) == (
        "Row 3: dog went from 0.55 to 0. The label is dog: p(dog) fell from 0.55 to 0, so the row's loss "
        "became infinite and cross-entropy became infinite: row 3 gives its label 0. And dog fell below "
        "cat: the prediction became cat, and accuracy fell from 3 to 2 of 6 rows."
    )
    assert "cross-entropy is still infinite: 2 rows give their label 0" in session.cell(3, 2, 0)
    assert "cross-entropy is still infinite: 1 row gives its label 0" in session.cell(3, 2, 0.75)
    assert "cross-entropy did not move (it is infinite: 1 row gives its label 0)" in session.cell(0, 1, 0.6)
    text = session.cell(2, 1, 0.55)
    assert "the row's loss is no longer infinite but 0.598 and cross-entropy became finite: 1.0799" in text


def test_undefined_and_back():
    session = mock_up()
    assert session.cell(3, 2, float("nan")).endswith(
        "p(fox) went from 0.75 to NaN, so the row's loss became undefined and cross-entropy became "
        "undefined: row 4 has no defined loss. fox is not a number, and such a row is never right: accuracy "
        "fell from 3 to 2 of 6 rows."
    )
    text = session.cell(3, 2, 0.75)
    assert "is no longer undefined but 0.288 and cross-entropy is defined now: 1.0799" in text
    assert text.endswith("The prediction is fox, and accuracy rose from 2 to 3 of 6 rows.")


def test_normalised_rows_lose_by_their_sum():
    session = mock_up(preset("keras"))
    assert session.cell(1, 1, 0.3).startswith(
        "Row 2: dog went from 0.50 to 0.30. The label is fox and p(fox) stayed 0.40, but the row's sum went "
        "from 1.00 to 0.80, so the row's loss fell from 0.916 to 0.693 and cross-entropy fell from"
    )
    double = SetCells(np.full(3, 5), np.arange(3), np.array([0.1, 1.8, 0.1]))
    assert "p(cat) rose from 0.05 to 0.10, yet its share of the row stayed, so" in session.say(double)
    session.cell(5, 0, 0)
    assert "p(cat) rose from 0 to 1e-09, yet both are clipped to the same value, so" in session.cell(
        5, 0, 1e-9
    )


def test_a_loss_that_stays_undefined():
    session = Session([[0.0, np.inf]], [1], convention=preset("keras"))
    assert "p(class 1) fell from ∞ to 0, so the row's loss stayed undefined and" in session.cell(0, 1, 0.0)


def test_logits_are_called_z():
    session = mock_up(preset("pytorch_logits"))
    text = session.say(edit_cell(session.state, 0, 1, 1, 0.3, Rule.HOLD))
    assert text.startswith("Row 2: z(cat) went from 0.10 to 0.3393 and z(dog) went from 0.50 to 0.30.")
    assert "z(fox) stayed 0.40, so the row's loss stayed 1.046 and" in text
    assert "z(fox) stayed 0.40, but the other logits changed, so the row's loss fell" in session.cell(1, 0, 0)


def test_float16_says_what_it_made_of_a_number_and_float32_does_not():
    text = mock_up(dtype=np.float16).cell(1, 1, 0.1)
    assert ". 0.1 became 0.0999755859375 in float16. The label is" in text
    assert "became 0.1" not in mock_up(dtype=np.float32).cell(1, 1, 0.1)
    assert "0.25 became" not in mock_up(dtype=np.float16).cell(1, 1, 0.25)
    assert ". 1e+39 became ∞ in float32. " in mock_up(dtype=np.float32).cell(1, 1, 1e39)


def test_a_move_too_small_for_the_decimals_is_still_said():
    session = Session([[0.5, 0.5]] * 100_000, [0] * 100_000)
    text = session.cell(0, 0, 0.6)
    assert "the row's loss fell from 0.693 to 0.511 and cross-entropy fell by 2e-06, to 0.6931" in text
    assert "cross-entropy fell by 2e-11, to 0.6931" in session.cell(0, 0, 0.600001)


def test_rounding_is_called_rounding():
    found = set()
    for value in np.linspace(0.01, 0.39, 60):
        session = Session([[0.5, 0.1, 0.2, 0.1, 0.1]], [0], convention=Convention(preset("keras").rows))
        text = session.say(edit_cell(session.state, 0, 0, 1, float(value), Rule.HOLD))
        assert ("did not move" in text) != ("moved by rounding, " in text)
        found.add("did not move" in text)
    assert found == {True, False}


def test_long_and_numeric_names():
    session = Session([[0.5, 0.3, 0.2]], [0], ["a very long name of a class indeed", "dog", "7"])
    text = session.cell(0, 2, 0.1)
    assert "Row 1: class 7 went" in text
    assert "The label is a very long name of a c…" in text


def test_decimals_are_adjustable():
    session = mock_up()
    text = session.explain(edit_cell(session.state, 0, 1, 2, 0.2, Rule.ONLY), 2).text
    assert "loss rose from 0.9 to 1.6 and cross-entropy rose from 1.08 to 1.20" in text


# --- several rows, labels, rows and classes ----------------------------------------------------------


def test_several_rows():
    session = mock_up()
    paste = SetCells(
        np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 1]), np.array([0.5, 0.3, 0.4, 0.2, 0.1])
    )
    assert session.say(paste) == (
        "5 cells in 3 rows changed. 1 row became right, 1 became wrong. Cross-entropy rose from 1.0799 to "
        "1.2789, and accuracy stayed at 3 of 6 rows."
    )


def test_labels():
    session = mock_up()
    assert session.say(SetLabels(np.array([1]), labels(1))) == (
        "Row 2: the label changed from fox to dog. p(dog) is 0.50, so the row's loss fell from 0.916 to "
        "0.693 and cross-entropy fell from 1.0799 to 1.0427. The prediction, dog, is right now: accuracy "
        "rose from 3 to 4 of 6 rows."
    )
    assert session.say(SetLabels(np.array([1]), labels(-1))) == (
        "Row 2: the label dog was taken away. The row no longer counts: cross-entropy rose from 1.0427 to "
        "1.1127, and accuracy went from 4 of 6 to 3 of 5 rows."
    )
    assert session.say(SetLabels(np.array([1]), labels(2))) == (
        "Row 2 was given the label fox. It counts now: p(fox) is 0.40, its loss is 0.916 and it is wrong, "
        "as its prediction is dog. Cross-entropy fell from 1.1127 to 1.0799, and accuracy went from 3 of 5 "
        "to 3 of 6 rows."
    )
    assert session.say(SetLabels(np.array([0, 1]), labels(1, 1))).startswith(
        "2 labels were set. 2 rows became right. Cross-entropy fell"
    )


def test_the_last_label_taken_away():
    session = Session([[0.4, 0.6]], [1])
    assert session.say(SetLabels(np.array([0]), labels(-1))) == (
        "Row 1: the label class 1 was taken away. The row no longer counts: cross-entropy became undefined: "
        "no row has a label, and accuracy is undefined: no row has a label."
    )


def test_rows_and_classes():
    session = mock_up()
    assert session.say(InsertRows(np.array([2]), np.full((1, 1, 3), 0.2), labels(-1))) == (
        "A row was inserted: it is row 3. Without a label, it does not count. Cross-entropy did not move, "
        "and accuracy stayed at 3 of 6 rows."
    )
    assert session.say(InsertRows(np.array([0, 1]), np.full((1, 2, 3), 0.2), labels(0, 1))) == (
        "2 rows were inserted, the first as row 1. Cross-entropy rose from 1.0799 to 1.2123, and accuracy "
        "went from 3 of 6 to 4 of 8 rows."
    )
    assert session.say(DeleteRows(np.array([0, 1]))).startswith("2 rows were deleted. Cross-entropy fell")
    assert session.say(DeleteRows(np.array([2]))).startswith("Row 3 was deleted. Cross-entropy did not move")
    owl = InsertClass(3, "owl", np.zeros((1, 6)), np.array([], int))
    assert session.say(owl).startswith("Class owl was added. Cross-entropy did not move")
    assert session.say(DeleteClass(1)).startswith(
        "Class dog was deleted. 1 row lost its label. Cross-entropy"
    )
    assert session.say(RenameClass(0, "lynx")) == "Class cat is now called lynx. No number changed."
    said = session.say(RenameClass(0, "a name that is much too long for a sentence"))
    assert said == "Class lynx is now called a name that is much too… No number changed."


# --- conventions, baselines, loads, and going back -----------------------------------------------------


def test_why_a_convention_changes_the_number():
    seed = Session([[0.3, 0.5, 0.1], [0.2, 0.3, 0.4], [0.3, 0.5, 0.1]], [0, 2, 1])
    assert seed.say(SetConvention(preset("keras"))) == (
        "By hand → Keras. 3 of 3 rows do not sum to exactly 1, so dividing by the sum changes the loss: "
        "cross-entropy fell from 0.9378 to 0.8324, and accuracy stayed at 2 of 3 rows."
    )
    assert seed.say(SetConvention(preset("pytorch_logits"))).startswith(
        "Keras → PyTorch, logits. The cells are read as logits now, so p(label) is a softmax of its row: "
    )
    assert seed.say(SetConvention(Convention())).startswith(
        "PyTorch, logits → By hand. The cells are read as probabilities now: cross-entropy fell"
    )
    bits = Convention(base=Base.BITS)
    assert seed.say(SetConvention(bits)) == (
        "By hand, nats → By hand, bits. No row's loss changed, only its unit: cross-entropy 0.9378 nats is "
        "1.3530 bits, and accuracy stayed at 2 of 3 rows."
    )
    assert "The rows' losses are added up now: cross-entropy 1.3530 bits is 4.0589 bits (sum)" in seed.say(
        SetConvention(replace(bits, reduction=Reduction.SUM))
    )


def test_a_clip_is_not_blamed_for_what_a_temperature_did():
    session = Session(
        [[0.6, 0.3, 0.1], [0.2, 0.7, 0.1]], [0, 1], convention=Convention(clip=1e-7, temperature=0.5)
    )
    said = session.say(SetConvention(Convention()))
    assert "p(label) is no longer clipped, and the logarithms of probabilities are read as they are" in said


def test_a_clip_makes_infinite_losses_finite():
    session = Session([[0, 1.0], [0.5, 0.5]], [0, 0])
    assert "1 row gives its label 0; the clip makes that a finite loss: cross-entropy became finite" in (
        session.say(SetConvention(Convention(clip=DTYPE_EPS)))
    )
    mild = Session([[0.25, 0.75]], [0])
    assert mild.say(SetConvention(Convention(clip=DTYPE_EPS))).startswith(
        "By hand → scikit-learn. p(label) is clipped now: cross-entropy did not move, and"
    )


def test_baselines():
    session = mock_up()
    assert session.say(SetBaseline(Baseline("before the edit", Tally(), Convention()))) == (
        "Baseline pinned: before the edit. Changes count from here: cross-entropy 1.0799 nats and accuracy "
        "3 of 6 rows."
    )
    assert session.say(SetBaseline(None)).startswith("The baseline was taken away.")


def test_what_was_opened():
    session = mock_up()
    opened = State(
        Predictions.of([[0.3, 0.7], [0.2, 0.8], [0.5, 0.5]], [0, 1, -1]), source=Source("mnist.npz")
    )
    assert session.say(Replace(opened, what="Open")) == (
        "Open: mnist.npz, 3 × 2. Cross-entropy is 0.7136 nats, and accuracy is 1 of 2 rows; 1 row without "
        "a label does not count."
    )
    pasted = replace(opened, predictions=Predictions.of([[0.4, 0.6]], [0]))
    assert session.say(Replace(pasted, what="Paste 2 cells")).startswith("Paste 2 cells. Cross-entropy rose")
    blank = State(Predictions.of([[0.5, 0.5]]), source=Source("untitled"))
    assert session.say(Replace(blank, what="New")) == (
        "New: untitled, 1 × 2. No row has a label yet: give one in the label column to see both metrics."
    )


def test_the_convention_of_the_file_before_is_said_and_so_is_one_that_came_with_a_file():
    session = mock_up()
    cells = Predictions.of([[0.3, 0.7], [0.2, 0.8]], [0, 1])
    session.do(SetConvention(preset("sklearn")))
    kept = State(cells, preset("sklearn"), source=Source("a.npy"))
    said = session.say(Replace(kept, what="Open"))
    assert said.endswith(". Read as scikit-learn, as before; the As menu has By hand and others.")
    bits = replace(preset("keras"), base=Base.BITS)
    own = State(cells, bits, source=Source("b.npz"))
    assert "Read as Keras, bits, as it was saved;" in session.say(Replace(own, what="Open"))
    odd = State(cells, replace(bits, clip=1e-3), source=Source("c.npz"))
    assert "Read as rows normalised, clip 0.001, bits, as it" in session.say(Replace(odd, what="Open"))
    plain = State(cells, Convention(), source=Source("d.npz"))
    assert "Read as" not in session.say(Replace(plain, what="Open"))


@pytest.mark.parametrize(("steps", "word"), [(-1, "Undone"), (1, "Redone"), (0, "Undo or redo")])
def test_going_back_says_so(steps, word):
    session = mock_up()
    inverse = session.do(edit_cell(session.state, 0, 1, 1, 0.3, Rule.HOLD)).inverse
    told = session.say(inverse, undone=True, steps=steps)
    assert told.startswith(f"{word}. Row 2: 0.20 moved from cat to dog. The label is fox and")


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_jump_that_ends_with_another_shape_does_not_speak_of_the_last_step_alone(steps):
    session = mock_up()
    change = session.do(DeleteClass(2), undone=True, steps=steps)
    word = "Undone" if steps < 0 else "Redone"
    assert explain(change, session.evaluation).text.startswith(f"{word}. 2 steps")
    alone = explain(replace(change, steps=steps // 2), session.evaluation).text
    assert "2 steps" not in alone


def test_a_jump_over_several_steps_speaks_of_its_ends_only():
    session = mock_up()
    change = session.do(edit_cell(session.state, 0, 1, 1, 0.3, Rule.HOLD), undone=True, steps=-3)
    change = replace(change, before=None, after=None, rows=np.array([1, 4]))
    assert explain(change, session.evaluation).text == (
        "Undone. 3 steps, 2 rows changed. Cross-entropy did not move, and accuracy rose from 3 to 4 of 6 "
        "rows."
    )
    text = explain(replace(change, rows=None, convention=True, steps=0), session.evaluation).text
    assert text == ("Undo or redo. Several steps. Cross-entropy is 1.0799 nats, and accuracy is 4 of 6 rows.")


def test_weights_that_went_with_their_classes_are_compared_as_they_were():
    session = mock_up(Convention(weights=(1.0, 5.0, 10.0)))
    loss = session.evaluation.tally
    told = session.explain(ReorderClasses(np.array([2, 0, 1]))).text
    assert "rose" not in told
    assert "fell" not in told
    assert CROSS_ENTROPY.of(loss, Convention(weights=(1.0, 5.0, 10.0))).value == pytest.approx(
        CROSS_ENTROPY.of(session.evaluation.tally, session.state.convention).value
    )


def test_another_epoch():
    session = mock_up()
    nothing = SetConvention(session.state.convention)
    tally = session.evaluation.tally
    change = Change(nothing, nothing, ALL, None, None, tally, tally, undone=True)
    assert explain(change, session.evaluation).text == (
        "Epoch 1 is shown. Cross-entropy is 1.0799 nats, and accuracy is 3 of 6 rows."
    )


# --- laws ----------------------------------------------------------------------------------------------


@given(strategies.states(), st.data())
@examples(300)
def test_every_edit_of_any_state_is_told_and_so_is_its_undoing(state, data):
    session = Session([[0.5, 0.5]], [0])
    session.state, session.evaluation = state, evaluate(state.predictions, state.convention)
    edit = data.draw(strategies.edit(state))
    if edit.idle(state):
        return
    change = session.do(edit)
    check(change, session)
    check(session.do(change.inverse, undone=True, steps=-1), session)


def check(change: Change, session: Session) -> None:
    told = explain(change, session.evaluation)
    assert told.text
    assert "inf" not in told.text.replace("infinite", "")
    assert "None" not in told.text
    assert told.text.count(". ") <= 4
    assert told.text[-1] == "."
    before, after = change.tally_before, change.tally_after
    still = [
        getattr(before, name) == getattr(after, name)
        for name in ("loss", "loss_inf", "loss_minus_inf", "loss_nan", "rows")
    ]
    speaks = any(span.style == "loss" and "cross-entropy" in span.text.lower() for span in told.told)
    if speaks and told.kind in (Kind.CELLS, Kind.LABELS, Kind.ROWS_ADDED, Kind.ROWS_DELETED):
        same = told.before.entropy == told.after.entropy  # by weights it may move where the losses do not
        assert ("did not move" in told.text) == (all(still) and same)
    claims(told)
    if "did not move" in told.text:
        assert all(still)
        now, was = told.after.entropy, told.before.entropy
        assert now == was or (now is not None and isnan(now))


def claims(told: Explanation) -> None:
    """What the sentence says of cross-entropy is so: which way it went, from what, and to what."""
    was, now = told.before.entropy, told.after.entropy
    text = told.text.lower()
    if found := re.search(r"cross-entropy (rose|fell) (?:from (\S+) to|by (\S+), to) ", text):
        assert was is not None
        assert now is not None
        assert was != now or told.before.losses != told.after.losses  # the exact sums say more
        if found[3]:
            assert number(was) == number(now)
        else:
            assert (now > was) == (found[1] == "rose")
            assert found[2] == number(was) != number(now)
    if "is defined now" in text:
        assert was is None
    if "cross-entropy became finite" in text:
        assert was is not None
        assert not isfinite(was)
    if found := re.search(r"accuracy (?:rose|fell) from (\S+) to (\S+) of", text):
        assert found[1] == f"{told.before.hits:,}" != found[2] == f"{told.after.hits:,}"


def test_one_row_of_a_million_is_explained_from_that_row_alone():
    """Cost is the row's classes: an evaluation whose other rows are not there does as well."""
    session = mock_up()
    change = session.do(edit_cell(session.state, 0, 1, 1, 0.3, Rule.HOLD))
    held = session.evaluation

    class Guarded(np.ndarray):
        def __getitem__(self, key):
            taken = super().__getitem__(key)
            assert taken.size <= 3 or taken.shape == self.shape[1:], "more than one row was read"
            return np.asarray(taken) if taken.size <= 3 else taken

    held.predictions.probs = held.predictions.probs.view(Guarded)
    assert explain(change, held).text.startswith("Row 2: 0.20 moved from dog to cat.")


# --- several things at once -----------------------------------------------------------------------


def test_a_row_set_whole_is_told_as_its_cells_are():
    one, other = (Session(MOCK_UP[:3], [0, 2, 1]) for _ in range(2))
    whole = one.say(SetRows(np.array([1]), np.array([[0.3, 0.3, 0.4]])))
    cells = SetCells(np.array([1, 1]), np.array([0, 1]), np.array([0.3, 0.3]))
    assert whole == other.say(cells)


def test_rows_made_anew_are_counted():
    said = Session(MOCK_UP[:3], [0, 2, 1]).say(MakeRows(np.arange(3), Even()))
    assert said.startswith("9 cells in 3 rows changed. ")


def test_cells_and_labels_set_at_once():
    labels = SetLabels(np.array([1]), np.array([1], np.int32))
    both = Together((SetCells(np.array([0, 1]), np.array([0, 0]), np.array([0.9, 0.1])), labels))
    said = Session(MOCK_UP[:3], [0, 2, 1]).say(both)
    assert said.startswith("2 cells set and 1 label set. 2 rows became right. Cross-entropy fell")


def test_a_paste_that_added_rows():
    rows = InsertRows(np.array([3]), np.zeros((1, 1, 3)), np.array([-1], np.int32))
    both = Together((rows, SetCells(np.array([3]), np.array([0]), np.array([1.0]))))
    assert (
        Session(MOCK_UP[:3], [0, 2, 1])
        .say(both)
        .startswith("1 row added and 1 cell set. Cross-entropy did not move")
    )


def test_classes_in_another_order():
    said = Session(MOCK_UP[:3], [0, 2, 1]).say(ReorderClasses(np.array([1, 0, 2])))
    assert said.startswith("The classes stand in another order. Of cells that tie the first counts. ")


@pytest.mark.parametrize("back", [False, True])
def test_a_class_with_a_weight_that_comes_or_goes_compares_with_the_weights_before(back):
    session = Session(
        [[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]], [0, 2], convention=Convention(weights=(1.0, 2.0, 3.0))
    )
    change = session.do(DeleteClass(1))
    if back:
        change = session.do(change.inverse)
    told = explain(change, session.evaluation)
    assert told.before.entropy is not None
    assert told.before.entropy == told.after.entropy


# --- sentences that must not claim too much ---------------------------------------------------------


def test_taking_many_labels_away_is_not_setting_them():
    session = Session(MOCK_UP[:3], [0, 2, 1])
    assert session.say(SetLabels(np.arange(3), np.full(3, -1, np.int32))).startswith(
        "3 labels were taken away."
    )
    session.say(SetLabels(np.array([0, 1]), np.array([0, 1], np.int32)))
    mixed = session.say(SetLabels(np.arange(3), np.array([-1, 2, 0], np.int32)))
    assert mixed.startswith("2 labels were set and 1 label was taken away.")
    empty = SetCells(np.repeat(np.arange(3), 3), np.tile(np.arange(3), 3), np.zeros(9))
    both = session.say(Together((empty, SetLabels(np.arange(1, 3), np.full(2, -1, np.int32)))))
    assert both.startswith("9 cells made 0 and 2 labels taken away. No row has a label any more")


def test_emptying_everything_says_that_nothing_counts_any_more():
    """A row that has lost its label has not become wrong."""
    session = Session(MOCK_UP[:3], [0, 2, 1])
    away = SetLabels(np.arange(3), np.full(3, -1, np.int32))
    told = session.say(Together((SetRows(np.arange(3), np.zeros((3, 3))), away)))
    none = "No row has a label any more, so both metrics are undefined."
    assert told == f"9 cells made 0 and 3 labels taken away. {none}"
    change = session.do(SetLabels(np.arange(3), np.zeros(3, np.int32)))
    assert "3 rows became right" in explain(change, session.evaluation).text
    assert session.say(away) == f"3 labels were taken away. {none}"
    session.say(SetLabels(np.arange(3), np.zeros(3, np.int32)))
    some = session.say(SetLabels(np.arange(2), np.full(2, -1, np.int32)))
    assert some.startswith("2 labels were taken away. No row became right or wrong.")


def test_class_weights_are_no_change_of_unit():
    said = mock_up().say(SetConvention(Convention(weights=(1.0, 5.0, 10.0))))
    assert "nats is" not in said
    assert "cross-entropy rose from" in said or "cross-entropy fell from" in said


def test_a_sum_within_float16_s_tolerance_is_not_called_1_when_it_shows():
    session = Session([[0.49, 0.3, 0.2], [0.505, 0.3, 0.21]], [0, 0], dtype=np.float16)
    said = session.say(SetConvention(Convention(Rows.NORMALISED)))
    assert "changes nothing" not in said
    assert "as nearly as its number type promises" in said


def test_what_the_clip_did_is_not_laid_at_the_sum():
    session = Session([[1.0, 0.0], [0.5, 0.5]], [1, 0])
    said = session.say(SetConvention(preset("keras")))
    assert "1 row gives its label 0; the clip makes that a finite loss: cross-entropy became finite" in said


def test_a_typed_change_is_not_called_rounding():
    session = Session([[1.0, 0.0], [0.5, 0.5]], [0, 0])
    said = session.say(SetCells(np.array([0]), np.array([0]), np.array([1 - 1e-13])))
    assert "rounding" not in said
    assert "cross-entropy rose by 5e-14" in said


def test_mass_that_moved_only_in_part_is_told_cell_by_cell():
    said = Session([[0.5, 0.1, 0.4]], [2]).say(
        SetCells(np.array([0, 0]), np.array([0, 1]), np.array([0.3, 0.3001]))
    )
    assert "moved from" not in said
    assert "0.50 to 0.30" in said


def test_a_tie_that_float32_makes_names_both():
    session = Session([[0.5, 0.3, 0.2]], [0], convention=Convention(single=True))
    said = session.say(SetCells(np.array([0, 0]), np.array([0, 1]), np.array([0.4, 0.4 + 1e-10])))
    assert "class 0 and class 1 tie; the first counts" in said


def test_classes_whose_names_look_alike_when_cut_are_two():
    names = ["a" * 30 + "1", "a" * 30 + "2", "b"]
    session = Session([[0.5, 0.3, 0.2]], [0], names)
    assert "prediction became" in session.say(
        SetCells(np.array([0, 0]), np.array([0, 1]), np.array([0.3, 0.5]))
    )


def test_a_share_of_an_infinite_sum_is_not_called_the_cell():
    session = Session([[0.5, 0.3, 0.2]], [0], convention=Convention(Rows.NORMALISED))
    said = session.say(SetCells(np.array([0]), np.array([1]), np.array([np.inf])))
    assert "row 1 gives its label a share of 0" in said
