"""Whatever hands do in the grid, in any order: live equals recomputed, and undoing all gives the first bytes.

The gestures are those of a user - keys, clipboard, wheel, menu - in one real window, with Qt's own tester
watching every model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenuBar, QMessageBox

from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.rules import Rule
from lossacc_gui.ui import exploring
from lossacc_gui.ui.facts import CHECK, LABEL, MARGIN
from lossacc_gui.ui.grid_model import GridModel
from lossacc_gui.ui.window import Window
from tests.core.strategies import contents
from tests.thorough import examples
from tests.ui.conftest import stated

Key, Modifier, Button = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton

CELLS = [
    [0.3, 0.5, 0.2],
    [0.1, 0.5, 0.4],
    [0.3, 0.5, 0.2],
    [0.25, 0.25, 0.5],
    [0.0, 1.0, 0.0],
]
LABELS = [0, 2, 1, -1, 1]

TYPED = ("0.3", "1", "0", "0,25", "1/3", "-0.5", "1e3", "nan", "x")
"""Numbers as people write them, odd ones, and one that is refused."""

NAMED = ("A", "b", "0", "none", "zebra")

BLOCKS = (
    "0.25\t0.75\n0.5\t0.5\n",
    "0,25;0,5;0,25",
    "[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]",
    "0.1 0.2 0.3 0.4 0.5 0.6",
    "0.5\tA\n0.5\tB\n",
    "B\n\nA\n",
    "no number",
)

STEPS = ("step_up", "step_down", "step_up_far", "step_down_far", "step_up_finely", "step_down_finely")
EDITS = (
    "fill_down", "fill_right", "clear_cells", "clear_label", "label_predicted", "cut", "insert_row", "duplicate_rows",
    "delete_rows", "insert_class", "delete_class", "rename_class", "class_left", "class_right", "flip", "make_right",
    "make_wrong", "push_up", "pin",
)  # fmt: skip
LISTINGS = (
    "filter_wrong", "filter_right", "filter_unlabelled", "filter_label", "filter_none", "sort", "file_order",
    "reapply", "top_five", "one_hot",
)  # fmt: skip


class Hands:
    """What can be done in one window; every gesture draws what it needs."""

    def __init__(self, window: Window) -> None:
        self.window, self.grid, self.document = window, window.grid, window.document
        models = (self.grid.model, self.grid.top.top, self.grid.one_hot.labels)
        warns = QAbstractItemModelTester.FailureReportingMode.Warning
        self.testers = [QAbstractItemModelTester(model, warns) for model in models]
        self.answers: list[QMessageBox.StandardButton] = []
        self.names: list[str] = []

    def begin(self) -> None:
        """Everything as it is on the first day."""
        self.act("filter_none")
        self.act("file_order")
        for shown, act in ((self.grid.top.top, "top_five"), (self.grid.one_hot.labels, "one_hot")):
            if shown.active:
                self.act(act)
        self.document.restart(stated(CELLS, LABELS))
        self.window.focus.set_rule(Rule.ONLY)
        self.window.focus.go_to(0, 0)

    def act(self, key: str) -> None:
        self.window.tools.acts[key].trigger()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        at = QApplication.focusWidget() or self.grid.cells
        QTest.keyClick(at, key, modifiers)

    def go(self, data: st.DataObject, first: int = 0, last: int = MARGIN) -> bool:
        """To a cell between these columns, facts counted behind the classes; False where no row is listed."""
        model = self.grid.model
        if not model.rowCount():
            return False
        columns = [
            column for column in range(first, model.classes + last + 1) if column != model.classes + CHECK
        ]
        row = data.draw(st.integers(0, model.rowCount() - 1), "row")
        index = model.index(row, data.draw(st.sampled_from(columns), "column"))
        half = self.grid.cells if index.column() < model.classes else self.grid.facts
        half.setFocus()
        half.setCurrentIndex(index)
        half.scrollTo(index)
        return True

    # --- gestures ---

    def types(self, data: st.DataObject) -> None:
        """Into a cell or a label, left by Return, Tab, Esc or by going elsewhere."""
        if not self.go(data, 0, LABEL) or self.grid.top.top.active:
            return
        at_label = self.grid.cells.currentIndex().column() >= self.grid.model.classes
        for letter in data.draw(st.sampled_from(NAMED if at_label else TYPED), "typed"):
            QTest.keyClicks(QApplication.focusWidget() or self.grid.cells, letter)
        leave = data.draw(
            st.sampled_from((Key.Key_Return, Key.Key_Tab, Key.Key_Escape, Key.Key_Down)), "leave"
        )
        self.key(leave)
        self.grid.commit()
        self.key(Key.Key_Escape)

    def selects(self, data: st.DataObject) -> None:
        """From a cell some steps with Shift."""
        if self.go(data):
            moves = (Key.Key_Right, Key.Key_Down, Key.Key_Up, Key.Key_End)
            for key in data.draw(st.lists(st.sampled_from(moves), max_size=3), "moves"):
                self.key(key, Modifier.ShiftModifier)

    def pastes(self, data: st.DataObject) -> None:
        """A block of another program, which may have to add rows and classes."""
        if self.go(data, 0, LABEL):
            QGuiApplication.clipboard().setText(data.draw(st.sampled_from(BLOCKS), "block"))
            yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
            self.answers = [data.draw(st.sampled_from((yes, no)), "grow")]
            self.act("paste")

    def steps(self, data: st.DataObject) -> None:
        """With Alt held, perhaps into the end, perhaps taken back."""
        if not self.go(data):
            return
        handle = self.window.windowHandle()
        QTest.keyPress(handle, Key.Key_Alt, Modifier.AltModifier)
        for key in data.draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=4), "steps"):
            self.act(key)
        if data.draw(st.booleans(), "back"):
            QTest.keyPress(handle, Key.Key_Escape, Modifier.AltModifier)
        QTest.keyRelease(handle, Key.Key_Alt)
        if isinstance(QApplication.focusWidget(), QMenuBar):  # for it, Alt was let go without another key
            self.grid.take_keyboard()

    def turns(self, data: st.DataObject) -> None:
        """The wheel, with Alt, over a cell in sight."""
        if not self.go(data, 0, LABEL):
            return
        model, index = self.grid.model, self.grid.cells.currentIndex()
        view = self.grid.cells if index.column() < model.classes else self.grid.facts
        if not view.isVisible():
            return
        where = view.visualRect(index).center()
        for notches in data.draw(st.lists(st.integers(-3, 3), min_size=1, max_size=3), "notches"):
            turned = QWheelEvent(
                QPointF(where), QPointF(view.viewport().mapToGlobal(where)), QPoint(), QPoint(0, 120 * notches),
                Button.NoButton, Modifier.AltModifier, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(view.viewport(), turned)
        QApplication.sendEvent(self.window, QEvent(QEvent.Type.WindowDeactivate))

    def pulls(self, data: st.DataObject) -> None:
        """A cell's bar, with the middle button."""
        if not self.go(data, 0, -1) or self.grid.top.top.active:
            return
        viewport, where = (
            self.grid.cells.viewport(),
            self.grid.cells.visualRect(self.grid.cells.currentIndex()),
        )
        QTest.mousePress(viewport, Button.MiddleButton, pos=where.center())
        for by in data.draw(st.lists(st.integers(-60, 60), min_size=1, max_size=3), "by"):
            QTest.mouseMove(viewport, where.center() + QPoint(by, 0))
        QTest.mouseRelease(viewport, Button.MiddleButton, pos=where.center())

    def edits(self, data: st.DataObject) -> None:
        """Something of the menus, with what is selected."""
        self.names = [data.draw(st.sampled_from(("Z", "A", "", "Zed")), "name")]
        self.act(data.draw(st.sampled_from(EDITS), "edit"))

    def lists(self, data: st.DataObject) -> None:
        """Another view of the rows: no edit."""
        before, step = contents(self.document.state), self.document.step
        self.act(data.draw(st.sampled_from(LISTINGS), "listing"))
        assert contents(self.document.state) == before
        assert self.document.step == step

    def chooses(self, data: st.DataObject) -> None:
        """Another edit rule."""
        self.window.focus.set_rule(data.draw(st.sampled_from(Rule), "rule"))

    def undoes(self, data: st.DataObject) -> None:
        """Some steps back, and some of them forth."""
        for act in data.draw(st.lists(st.sampled_from(("undo", "redo")), min_size=1, max_size=4), "way"):
            self.act(act)


GESTURES: tuple[Callable[[Hands, st.DataObject], None], ...] = (
    Hands.types, Hands.selects, Hands.pastes, Hands.steps, Hands.turns, Hands.pulls, Hands.edits, Hands.edits,
    Hands.lists, Hands.chooses, Hands.undoes,
)  # fmt: skip


@pytest.fixture
def hands(open_window, monkeypatch) -> Iterator[Hands]:
    window = open_window(stated(CELLS, LABELS), size=(1280, 800))
    made = Hands(window)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: made.answers.pop())
    monkeypatch.setattr(exploring, "means_all", lambda *_: True)  # of rows a filter hides, too
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: (made.names.pop(), True))
    yield made
    QGuiApplication.clipboard().clear()
    made.testers.clear()


def check(window: Window) -> None:
    """What is live is what a fresh look finds, and the grid shows it."""
    document, model = window.document, window.grid.model
    state = document.state
    assert document.evaluation.tally == evaluate(state.predictions, state.convention, document.epoch).tally
    assert len(document.history) == document.stack.count() + 1
    shown = [model.data_row(row) for row in range(model.rowCount())]
    assert len(set(shown)) == len(shown)
    assert all(model.view_row(row) == at for at, row in enumerate(shown))
    assert window.drag.sets is None
    for row, at in ((row, at) for at, row in enumerate(shown)):
        assert written(model, at) == [
            model.words.written(float(cell)) for cell in state.predictions.probs[0, row]
        ]


def written(model: GridModel, view_row: int) -> list[str]:
    return [model.index(view_row, column).data() for column in range(model.classes)]


@examples(12, HealthCheck.function_scoped_fixture)
@given(data=st.data())
def test_any_gestures_keep_the_numbers_true_and_undo_to_the_first_bytes(hands, data):
    hands.begin()
    document = hands.document
    seen = [contents(document.state)]  # one a step of the history
    for _ in range(data.draw(st.integers(4, 14), "gestures")):
        data.draw(st.sampled_from(GESTURES), "gesture")(hands, data)
        if document.step < len(seen) and contents(document.state) == seen[document.step]:
            del seen[document.stack.count() + 1 :]
        else:
            assert document.step == document.stack.count()
            missing = document.step - len(seen)
            seen[document.step :] = [contents(document.state)]
            assert missing <= 0, "a gesture made several steps"
        check(hands.window)
    while document.step:
        hands.act("undo")
        assert contents(document.state) == seen[document.step]
        check(hands.window)
    assert contents(document.state) == seen[0]
    while document.step < document.stack.count():
        hands.act("redo")
    assert contents(document.state) == seen[-1]
    check(hands.window)
