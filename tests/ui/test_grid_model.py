"""The item model keeps Qt's contract through anything, and takes what people type."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester

from lossacc_gui.core.convention import Base, Convention, preset
from lossacc_gui.core.edits import Edit, RenameClass, Replace, SetCells, SetConvention, SetLabels
from lossacc_gui.core.listing import CELL, Sort
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.state import Source, State
from lossacc_gui.core.wording import Form
from lossacc_gui.scenarios import scenario
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.facts import CHECK, FACTS, LABEL, LOSS, MARGIN, P_LABEL, PREDICTION
from lossacc_gui.ui.grid_model import GridModel
from tests.core.strategies import contents
from tests.ui.conftest import stated

Role = Qt.ItemDataRole


class Held:
    """A document with its model, as the window connects them, and what both say."""

    def __init__(self, state: State) -> None:
        self.document, self.focus = Document(state), Focus()
        self.model = GridModel(self.document, self.focus)
        self.document.changed.connect(self.model.on_changed)
        self.told: list[tuple[int, int, int, int]] = []
        self.changes: list[object] = []
        self.refusals: list[str] = []
        self.resets: list[int] = []
        self.model.dataChanged.connect(self._on_data)
        self.document.changed.connect(self.changes.append)
        self.model.refused.connect(self.refusals.append)
        self.model.modelReset.connect(lambda: self.resets.append(1))

    def _on_data(self, first: QModelIndex, last: QModelIndex) -> None:
        self.told.append((first.row(), first.column(), last.row(), last.column()))

    def clear(self) -> None:
        for heard in (self.told, self.changes, self.refusals, self.resets):
            heard.clear()

    def shows(self, row: int, column: int, role: int = Role.DisplayRole) -> Any:
        return self.model.data(self.model.index(row, column), role)

    def fact(self, row: int, fact: int) -> str:
        return str(self.shows(row, self.model.classes + fact))

    def types(self, row: int, column: int, text: str) -> bool:
        return self.model.setData(self.model.index(row, column), text)

    def labels(self, row: int, text: str) -> bool:
        return self.types(row, self.model.classes + LABEL, text)


@pytest.fixture
def hold(qapp) -> Any:
    made: list[Held] = []

    def one(state: State) -> Held:
        made.append(Held(state))
        return made[-1]

    yield one
    for held in made:
        held.document.close()
        held.model.deleteLater()


@pytest.fixture
def held(hold) -> Held:
    made: Held = hold(scenario("same-loss").state())
    return made


# --- Qt's contract --------------------------------------------------------------------------------


def something(draw: random.Random, document: Document) -> None:
    """One operation of any kind that fits the document."""
    held = document.state.predictions
    rows, classes = held.rows, held.classes
    row, column = draw.randrange(rows), draw.randrange(classes)
    fresh = f"n{draw.randrange(10**6)}"
    value = draw.choice([0.0, 0.25, 1.0, math.inf, math.nan])
    share = np.full((1, 1, classes), 1 / classes)
    edits: list[Edit] = [
        SetCells(np.array([row]), np.array([column]), np.array([value])),
        SetLabels(np.array([row]), np.array([draw.randrange(-1, classes)], np.int32)),
        InsertRows(np.array([draw.randrange(rows + 1)]), share, np.array([-1], np.int32)),
        InsertClass(draw.randrange(classes + 1), fresh, np.zeros((1, rows)), np.empty(0, np.intp)),
        RenameClass(column, fresh),
        SetConvention(draw.choice([preset("keras"), preset("by_hand"), Convention(base=Base.BITS)])),
        Replace(State(Predictions.of(np.full((draw.randrange(1, 5), draw.randrange(2, 5)), 0.5)))),
    ]
    if rows > 1:
        edits.append(DeleteRows(np.array([row])))
    if classes > 2:
        edits.append(DeleteClass(column))
    document.edit(draw.choice(edits))


def test_the_model_keeps_its_contract_through_random_operations(held, qtmodeltester):
    tester = QAbstractItemModelTester(held.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    draw = random.Random(7)
    for _ in range(250):
        doing = draw.random()
        if doing < 0.6:
            something(draw, held.document)
        elif doing < 0.75:
            held.document.undo()
        elif doing < 0.9:
            held.document.redo()
        else:
            held.document.go_to(draw.randrange(held.document.stack.count() + 1))
        shape = held.document.state.predictions.probs.shape
        assert held.model.rowCount() == shape[1]
        assert held.model.columnCount() == shape[2] + len(FACTS)
    qtmodeltester.check(held.model)
    tester.deleteLater()


def test_what_is_shown_is_the_document_whatever_happened(held):
    """No cell that was looked at before an edit may still show what it was."""
    draw = random.Random(8)
    for _ in range(150):
        something(draw, held.document)
        if draw.random() < 0.3:
            held.document.go_to(draw.randrange(held.document.stack.count() + 1))
        fresh = GridModel(held.document, held.focus)
        for row in range(held.model.rowCount()):
            for column in range(held.model.columnCount()):
                index = fresh.index(row, column)
                assert held.shows(row, column) == fresh.data(index, Role.DisplayRole)
        for column in range(held.model.columnCount()):
            assert held.model.headerData(column, Qt.Orientation.Horizontal) == fresh.headerData(
                column, Qt.Orientation.Horizontal
            )


def test_every_role_is_a_plain_python_value(held):
    """A NumPy number shows an empty cell, and a NumPy bool raises in a setter."""
    held.document.edit(SetCells(np.array([0]), np.array([0]), np.array([np.nan])))
    for row in range(held.model.rowCount()):
        for column in range(held.model.columnCount()):
            for role in Role:
                assert type(held.shows(row, column, role)) in (str, int, type(None))


def test_an_invalid_index_is_nothing(held):
    assert held.model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags
    assert held.model.data(QModelIndex(), Role.DisplayRole) is None
    assert held.model.setData(QModelIndex(), "1") is False
    assert held.model.rowCount(held.model.index(0, 0)) == 0
    assert held.model.columnCount(held.model.index(0, 0)) == 0


def test_classes_and_label_can_be_edited_and_nothing_else(held):
    editable = [
        column
        for column in range(held.model.columnCount())
        if held.model.flags(held.model.index(0, column)) & Qt.ItemFlag.ItemIsEditable
    ]
    assert editable == [0, 1, 2, 3 + LABEL]


# --- what is shown --------------------------------------------------------------------------------


def test_the_example_reads_as_it_should(held):
    assert [held.shows(1, column) for column in range(3)] == ["0.1000", "0.5000", "0.4000"]
    facts = {fact: held.fact(1, fact) for fact in range(len(FACTS))}
    assert facts == {
        LABEL: "C",
        PREDICTION: "B ✗",
        P_LABEL: "0.4000",
        LOSS: "0.9163",
        CHECK: "",
        MARGIN: "−0.1000",
    }
    assert held.fact(2, PREDICTION) == "B ✓"
    assert [held.model.headerData(i, Qt.Orientation.Horizontal) for i in range(9)] == ["A", "B", "C", *FACTS]
    assert held.model.headerData(1, Qt.Orientation.Vertical) == "2"


def test_editing_shows_every_digit(held):
    held.types(0, 0, "0.1234567890123")
    assert held.shows(0, 0) == "0.1235"
    assert held.shows(0, 0, Role.EditRole) == "0.1234567890123"


def test_bits_are_shown_in_bits(held):
    held.document.edit(SetConvention(Convention(base=Base.BITS)))
    assert held.fact(1, LOSS) == "1.3219"


def test_an_unlabelled_row_shows_its_prediction_and_no_numbers(held):
    held.labels(1, "")
    assert [held.fact(1, fact) for fact in (LABEL, PREDICTION, P_LABEL, LOSS, MARGIN)] == [
        "",
        "B",
        "",
        "",
        "",
    ]


def test_what_is_not_finite_never_shows_as_inf_or_nan(hold):
    odd = hold(
        State(Predictions.of([[np.inf, 0.0], [np.nan, 1.0], [0.0, 1.0], [-np.inf, 1.0]], [0, 0, 0, 1]))
    )
    texts = [
        str(odd.shows(row, column, role)).lower()
        for row in range(4)
        for column in range(odd.model.columnCount())
        for role in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole)
    ]
    assert odd.shows(0, 0) == "∞"
    assert odd.shows(1, 0) == "–"
    assert odd.fact(2, LOSS) == "∞"
    assert odd.shows(3, 0) == "−∞"
    for text in texts:
        assert "inf" not in text
        assert "nan" not in text


def test_ties_and_sums_are_flagged(hold):
    tied = hold(State(Predictions.of([[0.5, 0.5, 0.0], [0.5, 0.4, 0.3], [0.2, 0.3, 0.5]], [0, 0, 0])))
    assert "tie" in tied.fact(0, CHECK)
    assert "1.2" in tied.fact(1, CHECK)
    assert tied.fact(2, CHECK) == ""


def test_each_cell_says_itself_and_whether_its_row_is_right(held):
    said = [[held.shows(row, column, Role.AccessibleTextRole) for column in range(9)] for row in range(3)]
    assert said[1][0] == "Row 2, A: 0.1; label C, predicted B, wrong"
    assert said[1][1] == "Row 2, B: 0.5, the prediction; label C, wrong"
    assert said[1][2] == "Row 2, C: 0.4, the label; predicted B, wrong"
    assert said[2][1] == "Row 3, B: 0.5, the label, the prediction; right"
    assert said[1][3] == "Row 2, label: C; predicted B, wrong"
    assert said[1][4] == "Row 2, prediction: B ✗; label C, wrong"
    assert said[1][6] == "Row 2, loss: 0.9163; label C, predicted B, wrong"
    held.labels(1, "")
    assert held.shows(1, 1, Role.AccessibleTextRole) == "Row 2, B: 0.5, the prediction; no label"
    assert held.shows(1, 3, Role.AccessibleTextRole) == "Row 2, label: none; no label"


# --- what is typed --------------------------------------------------------------------------------


def test_one_typed_cell_is_one_change_over_its_row(held):
    assert held.types(1, 1, "0.3") is True
    assert len(held.changes) == 1
    assert held.told == [(1, 0, 1, 8)]
    assert held.resets == []
    assert held.fact(1, PREDICTION) == "C ✓"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0,25", 0.25),
        ("25%", 0.25),
        ("25 %", 0.25),
        ("1/4", 0.25),
        (" 0.25 ", 0.25),
        (".25", 0.25),
        ("2.5e-1", 0.25),
        ("−0.5", -0.5),
        ("∞", math.inf),
        ("-∞", -math.inf),
        ("inf", math.inf),
        ("7", 7.0),
    ],
)
def test_numbers_as_people_write_them(held, typed, value):
    assert held.types(0, 0, typed)
    assert held.document.state.predictions.probs[0, 0, 0] == value
    assert held.refusals == []


def test_nan_is_taken_and_flagged(held):
    assert held.types(0, 0, "nan")
    assert math.isnan(held.document.state.predictions.probs[0, 0, 0])
    assert held.fact(0, CHECK) != ""


@pytest.mark.parametrize("typed", ["", " ", "abc", "0.2.5", "1/0", "%", "/", "1/2/3", "0x10", "0.5 0.5"])
def test_garbage_is_refused_in_a_sentence_and_changes_nothing(held, typed):
    before = contents(held.document.state)
    assert held.types(1, 1, typed) is False
    assert contents(held.document.state) == before
    assert held.changes == held.told == []
    assert held.document.stack.count() == 0
    assert len(held.refusals) == 1
    assert held.refusals[0].startswith("Row 2: ")
    assert held.refusals[0].endswith(".")
    assert "is no number" in held.refusals[0]


def test_the_same_number_is_no_step(held):
    assert held.types(0, 0, "0.3") is False
    assert held.types(0, 0, "30%") is False
    assert held.changes == held.told == held.refusals == []


def test_a_rule_moves_the_rest_of_the_row_in_one_change(held):
    held.focus.set_rule(Rule.HOLD)
    held.types(1, 1, "0.3")
    assert held.document.state.predictions.probs[0, 1] == pytest.approx([0.3, 0.3, 0.4])
    assert len(held.changes) == len(held.told) == 1


@pytest.mark.parametrize(
    ("row", "column", "typed", "says"),
    [
        (1, 2, "0.3", "label's own cell"),
        (1, 1, "0.7", "outside"),
        (1, 1, "-0.1", "outside"),
        (1, 1, "nan", "outside"),
        (1, 1, "∞", "outside"),
    ],
)
def test_what_holding_p_of_the_label_cannot_do_is_said(held, row, column, typed, says):
    held.focus.set_rule(Rule.HOLD)
    before = contents(held.document.state)
    assert held.types(row, column, typed) is False
    assert contents(held.document.state) == before
    assert says in held.refusals[0]
    for word in (" inf ", "inf is"):
        assert word not in held.refusals[0]


def test_two_classes_and_no_label_cannot_hold(hold):
    two = hold(State(Predictions.of([[0.4, 0.6]], [0])))
    two.focus.set_rule(Rule.HOLD)
    assert two.types(0, 1, "0.5") is False
    assert "two classes" in two.refusals[0]
    none = hold(State(Predictions.of([[0.4, 0.3, 0.3]], [-1])))
    none.focus.set_rule(Rule.HOLD)
    assert none.types(0, 1, "0.2") is False
    assert "no label" in none.refusals[0]


# --- labels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "label"), [("A", 0), (" b ", 1), ("c", 2), ("1", 1), ("0", 0)])
def test_a_label_by_name_index_or_any_case(held, typed, label):
    held.labels(1, typed)
    assert held.document.state.predictions.labels[1] == label
    assert held.refusals == []


@pytest.mark.parametrize("typed", ["", " ", "-1", "?", "none"])
def test_an_empty_label_takes_it_away(held, typed):
    assert held.labels(1, typed)
    assert held.document.state.predictions.labels[1] == -1
    assert held.document.evaluation.tally.rows == 2


@pytest.mark.parametrize("typed", ["D", "3", "-2", "1.0", "AB", "²"])
def test_an_unknown_label_is_refused_and_changes_nothing(held, typed):
    before = contents(held.document.state)
    assert held.labels(1, typed) is False
    assert contents(held.document.state) == before
    assert len(held.refusals) == 1
    assert "none of the 3 classes" in held.refusals[0]


def test_the_same_label_is_no_step(held):
    for typed in ("C", "c", "2"):
        assert held.labels(1, typed) is False
    assert held.changes == held.refusals == []


def test_a_name_comes_before_an_index_and_before_no_label(hold):
    odd = hold(State(Predictions.of([[0.2, 0.3, 0.5]], [0], ("1", "none", "a"))))
    odd.labels(0, "1")
    assert odd.document.state.predictions.labels[0] == 0
    odd.labels(0, "none")
    assert odd.document.state.predictions.labels[0] == 1


def test_names_that_differ_in_case_only_want_the_exact_one(hold):
    odd = hold(State(Predictions.of([[0.2, 0.3]], [0], ("a", "A"))))
    odd.labels(0, "A")
    assert odd.document.state.predictions.labels[0] == 1
    odd.labels(0, "a")
    assert odd.document.state.predictions.labels[0] == 0


# --- names ----------------------------------------------------------------------------------------


def test_of_logits_the_label_has_a_z_and_no_p(held):
    told: list[tuple[int, int]] = []
    column = 3 + P_LABEL
    held.model.headerDataChanged.connect(lambda _, first, last: told.append((first, last)))
    tips = {"z(label)": "The logit", "p(label)": "The probability"}
    for key, name in (("pytorch_logits", "z(label)"), ("by_hand", "p(label)"), ("keras", "p(label)")):
        held.document.edit(SetConvention(preset(key)))
        assert told.pop() == (column, column)
        assert held.model.headerData(column, Qt.Orientation.Horizontal) == name
        index = held.model.index(0, column)
        assert held.model.data(index, Qt.ItemDataRole.ToolTipRole).startswith(f"Row 1, {name}: ")
        tip = held.model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        assert tip.startswith("The cell of the label" if key == "keras" else tips[name])


def test_a_class_is_renamed_in_its_heading(held):
    assert held.model.setHeaderData(1, Qt.Orientation.Horizontal, "bee")
    assert held.model.headerData(1, Qt.Orientation.Horizontal) == "bee"
    assert held.fact(2, LABEL) == "bee"
    assert held.fact(2, PREDICTION) == "bee ✓"
    assert held.resets == []
    assert held.model.setHeaderData(1, Qt.Orientation.Horizontal, "A") is False
    assert "taken" in held.refusals[0]


def test_decimals_are_a_view_and_no_edit(held):
    held.model.set_numbers(2, Form.DECIMALS)
    assert held.shows(0, 0) == "0.30"
    assert held.changes == []
    assert len(held.told) == 1


@pytest.mark.parametrize(
    ("form", "cell", "p_label", "loss", "margin"),
    [
        (Form.DECIMALS, "0.1000", "0.4000", "0.9163", "−0.1000"),
        (Form.PERCENT, "10.00%", "40.00%", "0.9163", "−10.00%"),  # a loss is no share
        (Form.SCIENTIFIC, "1.00e-01", "4.00e-01", "9.16e-01", "−1.00e-01"),
    ],
)
def test_numbers_in_another_form(held, form, cell, p_label, loss, margin):
    held.model.set_numbers(4, form)
    assert held.shows(1, 0) == cell
    assert [held.fact(1, fact) for fact in (P_LABEL, LOSS, MARGIN)] == [p_label, loss, margin]
    assert held.shows(1, 0, Role.EditRole) == "0.1"  # what is edited is the number itself
    align = held.shows(1, 0, Role.TextAlignmentRole)
    assert align & Qt.AlignmentFlag.AlignRight.value


def test_logits_are_never_percentages(held):
    held.document.edit(SetConvention(preset("pytorch_logits")))
    held.model.set_numbers(4, Form.PERCENT)
    assert held.shows(1, 0) == "0.1000"


def test_that_a_float32_file_rounds_what_is_typed_is_said_once(open_window):
    state = stated([[0.5, 0.25, 0.25]] * 3, [0, 1, 2])
    state.predictions = replace(state.predictions, probs=state.predictions.probs.astype(np.float32))
    window = open_window(state)
    model = window.grid.model

    def type_in(row: int, text: str) -> str:
        model.setData(model.index(row, 0), text)
        return str(window.strip.text)

    rounds = " 0.1 is kept as 0.1000000015 in this float32 file."
    assert "is kept" not in type_in(0, "0.75")
    assert type_in(0, "0.1").endswith(rounds)
    assert "is kept" not in type_in(1, "0.1")
    window.tools.acts["undo"].trigger()
    assert "is kept" not in window.strip.text
    window.document.edit(Replace(replace(state, source=Source("other", "/other.npy"))))
    assert type_in(2, "0.1").endswith(rounds)


def test_that_a_large_paste_is_rounded_is_said_too(open_window, monkeypatch):
    state = stated([[0.5, 0.25, 0.25]] * 90, [0, 1, 2] * 30)
    state.predictions = replace(state.predictions, probs=state.predictions.probs.astype(np.float32))
    window = open_window(state)
    monkeypatch.setattr("lossacc_gui.session.document.JOB_CELLS", 1)
    window.document.edit(SetCells(np.array([0, 1]), np.array([0, 0]), np.array([0.5, 0.1])), "Paste")
    window.document.jobs.wait()
    assert window.document.step == 1
    assert "0.1 is kept as 0.1000000015 in this float32 file." in window.strip.text


def test_the_check_column_stays_while_a_row_is_typed_and_goes_with_the_file(open_window):
    window = open_window(stated([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3]], [0, 1]))
    model, facts = window.grid.model, window.grid.facts
    hidden = []
    for column, text in ((0, "0.4"), (1, "0.4"), (1, "0.3"), (2, "0.3")):
        model.setData(model.index(0, column), text)
        hidden.append(facts.isColumnHidden(model.classes + CHECK))
    assert hidden == [False] * 4
    assert window.document.evaluation.tally.sum_off == 0
    window.document.edit(
        Replace(replace(stated([[0.5, 0.3, 0.2]], [0]), source=Source("other", "/other.npy")))
    )
    assert facts.isColumnHidden(model.classes + CHECK)


def test_one_long_name_leaves_room_for_all_classes_and_is_cut_like_no_other(open_window):
    names = ("cat", "very long class name of a bird", "very long class name of a bat", "owl", "fox")
    cells = np.full((5, 5), 0.2)
    short = open_window(State(Predictions.of(cells, range(5), ("a", "b", "c", "d", "e"))), size=(1280, 800))
    long = open_window(State(Predictions.of(cells, range(5), names)), size=(1280, 800))
    widths = [window.grid.cells.columnWidth(0) for window in (short, long)]
    assert widths[1] <= 1.5 * widths[0]
    model, metrics = long.grid.model, QFontMetrics(look.font(bold=True))
    for sort in (None, Sort(CELL, 1)):
        heads = [model.words.heading(column, sort) for column in range(5)]
        assert len(set(heads)) == 5
        assert all(metrics.horizontalAdvance(head) < widths[1] for head in heads)
        assert heads[0] == "cat"
        assert "…" in heads[1]
    assert names[1] in model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    long.document.edit(RenameClass(1, "emu"))
    assert model.headerData(1, Qt.Orientation.Horizontal) == "emu"
