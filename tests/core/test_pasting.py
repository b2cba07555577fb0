"""A block of texts put into the grid, and cells copied out of it."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core import copying
from lossacc_gui.core.blocks import read_block
from lossacc_gui.core.bulk import Together
from lossacc_gui.core.convention import preset
from lossacc_gui.core.copying import Style, class_columns, fact_column, text
from lossacc_gui.core.edits import SetCells, SetLabels
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.labelling import LabelReader
from lossacc_gui.core.pasting import Target, paste, plan
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State
from lossacc_gui.core.stopping import Stopped
from tests.core.strategies import contents, states
from tests.thorough import examples

ROWS = [[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.6, 0.3, 0.1]]


@pytest.fixture
def state():
    return State(Predictions.of(np.array(ROWS), [0, 2, -1], ["a", "b", "c"]))


def at(row: int, column: int, state: State) -> Target:
    return Target(np.arange(row, state.predictions.rows), column)


def pasted(text: str, row: int, column: int, state: State):
    edit = paste(read_block(text), at(row, column, state), state.predictions)
    before = contents(state)
    inverse, _ = edit.apply(state)
    after = contents(state)
    again, _ = inverse.apply(state)
    assert contents(state) == before
    again.apply(state)
    assert contents(state) == after
    return edit


def test_cells_are_set_where_they_are_pasted_and_nowhere_else(state):
    edit = pasted("0.7\t0.8\n0.9\t1", 1, 1, state)
    assert isinstance(edit, SetCells)
    assert state.predictions.probs[0].tolist() == [[0.3, 0.5, 0.2], [0.1, 0.7, 0.8], [0.6, 0.9, 1]]


def test_a_view_in_another_order_is_pasted_in_that_order(state):
    target = Target(np.array([2, 0]), 0)
    paste(read_block("0.7\n0.8"), target, state.predictions).apply(state)
    assert state.predictions.probs[0, :, 0].tolist() == [0.8, 0.1, 0.7]
    labels = Target(np.array([2, 0]), 3)
    paste(read_block("b\nc"), labels, state.predictions).apply(state)
    assert state.predictions.labels.tolist() == [2, 2, 1]


@pytest.mark.parametrize(("text", "labels"), [("b\n2\n\n", [1, 2, -1]), ("label\nA\n0\nnone", [0, 0, -1])])
def test_labels_by_name_index_or_none(state, text, labels):
    edit = pasted(text, 0, 3, state)
    assert isinstance(edit, SetLabels)
    assert state.predictions.labels.tolist() == labels


def test_a_block_across_cells_and_labels_is_one_edit(state):
    edit = pasted("0.7\tb\n0.8\tc", 0, 2, state)
    assert isinstance(edit, Together)
    assert state.predictions.probs[0, :, 2].tolist() == [0.7, 0.8, 0.1]
    assert state.predictions.labels.tolist() == [1, 2, -1]


def test_rows_and_classes_are_added_as_they_are_needed(state):
    block = read_block("0.7\t0.8\n0.9\t1")
    todo = plan(block, at(2, 2, state), state.predictions)
    assert (todo.new_rows, todo.new_classes) == (1, 1)
    assert todo.grows == "1 row and 1 class"
    pasted("0.7\t0.8\n0.9\t1", 2, 2, state)
    held = state.predictions
    assert held.class_names == ("a", "b", "c", "3")
    assert held.probs[0, 2:].tolist() == [[0.6, 0.3, 0.7, 0.8], [0, 0, 0.9, 1]]
    assert held.labels.tolist() == [0, 2, -1, -1]


def test_new_classes_are_called_as_the_header_says(state):
    pasted("c\td\ta\tlabel\n0.1\t0.2\t0.7\td", 0, 2, state)
    held = state.predictions
    assert held.class_names == ("a", "b", "c", "d", "4")  # "a" is taken
    assert held.labels.tolist() == [3, 2, -1]


def test_names_behind_more_numbers_than_classes_are_labels(state):
    todo = plan(read_block("0.1\t0.2\t0.3\t0.4\tb"), at(0, 0, state), state.predictions)
    assert (todo.new_classes, todo.cells, todo.labels) == (1, 4, 4)


@pytest.mark.parametrize("key", ["by_hand", "pytorch_logits"])
def test_a_whole_copy_with_its_computed_columns_goes_back_where_it_was(state, key):
    held, evaluation = state.predictions, evaluate(state.predictions, preset(key))
    rows = np.arange(3)
    columns = class_columns(held, 0, rows, np.arange(3))
    columns += [
        fact_column(evaluation, rows, f) for f in ("label", "prediction", "p(label)", "loss", "margin")
    ]
    assert [column.name for column in columns][5] == ("p(label)" if key == "by_hand" else "z(label)")
    for style in (Style.TABS, Style.HEADED):
        block = read_block(text(columns, style))
        todo = plan(block, at(0, 0, state), held)
        assert (todo.grows, todo.left_out) == ("", 4)
        assert paste(block, at(0, 0, state), held).idle(state)


@pytest.mark.parametrize(
    ("text", "row", "column", "says"),
    [
        ("0.1\tabc", 1, 1, "row 2, c: “abc” is no number"),
        ("0.1\t\n0.2\t0.3", 0, 0, "row 1, b: the cell is empty"),
        ("0.1\nzebra", 0, 3, "row 1, label: “0.1” is none of the 3 classes"),
        ("a\nzebra", 1, 3, "row 3, label: “zebra” is none of the 3 classes"),
        ("a\t0.5", 0, 3, "do not fit into the label column"),
        ("0.5", 0, 4, "computed"),
    ],
)
def test_what_cannot_be_read_names_its_cell(state, text, row, column, says):
    with pytest.raises(Refusal) as caught:
        paste(read_block(text), at(row, column, state), state.predictions)
    assert says in str(caught.value)


@examples(100)
@given(states(), st.data())
def test_what_is_copied_is_pasted_to_the_last_bit(state, data):
    """But for the sign and the kind of a NaN, which no text tells."""
    held = state.predictions
    epoch = data.draw(st.integers(0, held.epochs - 1))
    rows = np.array(data.draw(st.permutations(range(held.rows))))
    first = data.draw(st.integers(0, held.classes - 1))
    classes = np.arange(first, data.draw(st.integers(first + 1, held.classes)))
    copied = text(class_columns(held, epoch, rows, classes), Style.TABS)
    edit = paste(read_block(copied), Target(rows, first, epoch), held)
    before = held.probs.copy()
    edit.apply(state)
    np.testing.assert_array_equal(state.predictions.probs, before)
    signs = ~np.isnan(before)
    assert (np.signbit(before) == np.signbit(state.predictions.probs))[signs].all()


# --- copying --------------------------------------------------------------------------------------


@pytest.fixture
def columns(state):
    held, rows = state.predictions, np.array([0, 2])
    label = fact_column(evaluate(held, state.convention), rows, "label")
    return [*class_columns(held, 0, rows, np.array([0, 1])), label]


def test_text_has_every_digit_and_headers_when_asked(columns):
    assert text(columns, Style.TABS) == "0.3\t0.5\ta\n0.6\t0.3\t\n"
    assert text(columns, Style.HEADED) == "a\tb\tlabel\n0.3\t0.5\ta\n0.6\t0.3\t\n"
    assert text([copying.Column("x", np.array([1 / 3]))], Style.TABS) == "0.3333333333333333"
    assert text([copying.Column("x", np.array([1 / 3], np.float32))], Style.TABS) == "0.33333334"
    assert text([copying.Column("a\tb", np.array([0.5]))], Style.HEADED) == '"a\tb"\n0.5\n'


def test_markdown_and_latex_align_numbers_to_the_right(columns):
    assert text(columns, Style.MARKDOWN) == (
        "| a | b | label |\n| ---: | ---: | :--- |\n| 0.3000 | 0.5000 | a |\n| 0.6000 | 0.3000 |  |\n"
    )
    assert text(columns, Style.LATEX) == (
        "% needs \\usepackage{booktabs}\n\\begin{tabular}{rrl}\n\\toprule\na & b & label \\\\\n\\midrule\n"
        "0.3000 & 0.5000 & a \\\\\n0.6000 & 0.3000 &  \\\\\n\\bottomrule\n\\end{tabular}\n"
    )


def test_signs_that_mean_something_to_latex_and_markdown():
    odd = [copying.Column("50%_a|b", np.array([-np.inf])), copying.Column("n", np.array(["x & {y}"]))]
    assert "50\\%\\_a|b & n" in text(odd, Style.LATEX)
    assert "$-$$\\infty$ & x \\& \\{y\\}" in text(odd, Style.LATEX)
    assert "| 50%_a\\|b |" in text(odd, Style.MARKDOWN)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_numpy_statement_makes_the_same_array(dtype):
    cells = np.array([[0.1, np.nan, 1e-7], [np.inf, -np.inf, -0.5]], dtype)
    made = eval(text([copying.Column(str(i), cells[:, i]) for i in range(3)], Style.NUMPY), {"np": np})
    assert made.dtype == dtype
    np.testing.assert_array_equal(made, cells)


def test_a_numpy_statement_of_names_is_one_of_texts(columns):
    made = eval(text(columns, Style.NUMPY), {"np": np})
    assert made.tolist() == [["0.3", "0.5", "a"], ["0.6", "0.3", ""]]


def test_many_lines_come_in_pieces_that_are_the_whole():
    cells = np.random.default_rng(0).uniform(size=(12_500, 2))
    columns = [copying.Column("ab"[i], cells[:, i]) for i in range(2)]
    for style in Style:
        assert len(list(copying.pieces(columns, style))) >= 3
        assert text(columns, style).count("\n") >= 2_500
    np.testing.assert_array_equal(np.array(read_block(text(columns, Style.TABS)).rows, np.float64), cells)


def test_a_row_without_a_label_has_no_numbers(state):
    columns = [
        fact_column(evaluate(state.predictions, state.convention), np.array([2]), f)
        for f in ("p(label)", "loss")
    ]
    assert text(columns, Style.TABS) == "\t"


# --- labels ---------------------------------------------------------------------------------------


def test_names_come_before_no_label_before_any_case_before_indices():
    read = LabelReader(("1", "none", "a", "A", "Bee"))
    assert [read(t) for t in ("1", "none", "a", "A", "bee", "4", "", "-1")] == [0, 1, 2, 3, 4, 4, -1, -1]
    for text_of in ("5", "²", "1.0", "zebra"):
        assert not read.reads(text_of)


def test_a_markdown_table_that_was_copied_is_pasted_again(state):
    names = np.array(["a|b", "c"])
    columns = [copying.Column("x|y", np.array([0.5, -0.25])), copying.Column("label", names)]
    block = read_block(text(columns, Style.MARKDOWN))
    assert block.header == ("x|y", "label")
    assert block.rows == (("0.5000", "a|b"), ("−0.2500", "c"))


def shares(told: list[float]) -> bool:
    """Whether they are shares that grow, more than a few."""
    return len(told) > 3 and told == sorted(told) and told[0] >= 0 and told[-1] <= 1


def test_long_work_tells_its_share_and_can_be_stopped():
    """Each of the three that take long: writing a block, reading it, and putting it in."""
    cells = np.random.default_rng(2).random((5_000, 10))
    columns = [copying.Column(str(i), cells[:, i]) for i in range(10)]
    held = Predictions.of(cells)
    written: list[float] = []
    said = text(columns, Style.TABS, written.append)
    read: list[float] = []
    block = read_block(said, read.append)
    put: list[float] = []
    paste(block, Target(np.arange(5_000), 0), held, put.append)
    assert [shares(told) for told in (written, read, put)] == [True] * 3

    def stop(share: float) -> None:
        if share > 0.5:
            raise Stopped

    for work in (
        partial(text, columns, Style.NUMPY, stop),
        partial(read_block, said, stop),
        partial(paste, block, Target(np.arange(5_000), 0), held, stop),
    ):
        with pytest.raises(Stopped):
            work()
