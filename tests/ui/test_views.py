"""The curves in the hand: dragging, keys, clicks; and that they follow every change."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.convention import preset
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.edits import Replace, SetCells, SetConvention, SetLabels
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.shape_edits import DeleteRows
from lossacc_gui.ui.plots import Phase
from tests.core.strategies import contents
from tests.ui.conftest import bring, curves, drawn, pixel, stated, tile

LEFT = Qt.MouseButton.LeftButton


def cell(row, column, value):
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


class Mouse:
    """A mouse over one view."""

    def __init__(self, window, key: str) -> None:
        self.window, self.key, self.port = window, key, bring(window, key).view

    def at(self, x: float, y: float | None = None) -> QPoint:
        axis = drawn(self.window, self.key).left
        return pixel(self.window, self.key, x, (axis.low + axis.high) / 2 if y is None else y)

    def press(self, x: float, y: float | None = None) -> None:
        QTest.mousePress(self.port, LEFT, pos=self.at(x, y))

    def move(self, x: float) -> None:
        QTest.mouseMove(self.port, self.at(x))
        QApplication.processEvents()

    def release(self, x: float) -> None:
        QTest.mouseRelease(self.port, LEFT, pos=self.at(x))

    def click(self, x: float, y: float | None = None) -> None:
        QTest.mouseClick(self.port, LEFT, pos=self.at(x, y))


@pytest.fixture
def sweep(window):
    return Mouse(window, "sweep")


def test_every_curve_has_a_view_that_draws(window):
    assert list(curves(window)) == [curve.key for curve in CURVES]
    for key in curves(window):
        assert drawn(window, key).reading
        assert window.views[key].view.accessibleName() == drawn(window, key).reading


# --- dragging -------------------------------------------------------------------------------------


def test_a_drag_edits_the_cell_live_and_is_one_step(window, sweep):
    first = contents(window.document.state)
    changes: list[object] = []
    window.document.changed.connect(changes.append)
    sweep.press(0.5)
    for x in (0.45, 0.4, 0.35, 0.3):
        sweep.move(x)
        assert window.document.state.predictions.probs[0, 1, 1] == pytest.approx(x, abs=0.004)
    assert tile(window, "accuracy")[0] == "66.67%"  # while the button is still down
    sweep.release(0.3)
    assert len(changes) >= 4
    assert window.document.step == window.document.stack.count() == 1
    assert tile(window, "cross_entropy")[0] == "0.9378"
    assert len(drawn(window, "history").picks) == 2
    window.document.undo()
    assert contents(window.document.state) == first


def test_a_drag_that_ends_where_it_began_is_no_step(window, sweep):
    first = contents(window.document.state)
    sweep.press(0.5)
    sweep.move(0.2)
    sweep.move(0.5)
    sweep.release(0.5)
    if window.document.step:  # a pixel is not a number: only when it hits the very value again
        window.document.undo()
    assert contents(window.document.state) == first
    assert window.drag.origin is None


def test_a_drag_stops_at_the_ends_of_the_range(window, sweep):
    axis = drawn(window, "sweep").x
    handle = drawn(window, "sweep").handle
    assert handle is not None
    sweep.press(0.5)
    sweep.move(axis.low - 1)
    assert window.document.state.predictions.probs[0, 1, 1] == handle.low == 0
    sweep.move(axis.high + 1)
    assert window.document.state.predictions.probs[0, 1, 1] == pytest.approx(handle.high)
    sweep.release(axis.high + 1)
    assert window.document.step == 1
    assert window.document.evaluation.tally.loss_mean == pytest.approx(0.937804, abs=5e-7)


def test_while_dragging_the_axes_stand_still(window, sweep):
    window.focus.set_rule(Rule.ONLY)
    QApplication.processEvents()
    handle = drawn(window, "sweep").handle
    assert handle is not None
    x = handle.x
    sweep.press(x)
    sweep.move(x - 0.1)
    before = window.views["sweep"].view.scales.axes
    sweep.move(x - 0.2)
    after = window.views["sweep"].view.scales.axes
    assert [(a.low, a.high) for a in before if a] == [(a.low, a.high) for a in after if a]
    sweep.release(x - 0.2)


def test_a_press_beside_the_line_drags_nothing(window, sweep):
    first = contents(window.document.state)
    sweep.press(0.2)
    sweep.move(0.4)
    sweep.release(0.4)
    assert contents(window.document.state) == first


def test_the_right_button_drags_nothing(window, sweep):
    QTest.mousePress(sweep.port, Qt.MouseButton.RightButton, pos=sweep.at(0.5))
    sweep.move(0.3)
    QTest.mouseRelease(sweep.port, Qt.MouseButton.RightButton, pos=sweep.at(0.3))
    assert window.document.step == 0


def test_the_pointer_says_what_it_can_do(window, sweep):
    sweep.move(0.5)
    assert sweep.port.cursor().shape() == Qt.CursorShape.SizeHorCursor
    sweep.move(0.15)
    assert sweep.port.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_end_of_a_drag_lets_go_even_when_it_is_refused(window):
    window.focus.go_to(1, 2)  # the label's own cell under "hold p(label)"
    first = contents(window.document.state)
    for phase in Phase:
        window.dragging.on_dragged("cell", phase.value, 0.3)
    assert window.drag.origin is None
    assert contents(window.document.state) == first
    assert "label's own cell" in window.strip.text


def test_a_rule_that_cannot_hold_has_no_line_to_drag(window):
    window.focus.go_to(1, 2)
    assert drawn(window, "sweep").handle is None


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "modifier", "low", "high"),
    [
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0.485, 0.498),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 0.502, 0.515),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 0.498, 0.4999),
    ],
)
def test_arrows_move_the_line_each_as_a_step(window, key, modifier, low, high):
    view = window.views["sweep"].view
    view.setFocus()
    QTest.keyClick(view, key, modifier)
    assert low < window.document.state.predictions.probs[0, 1, 1] < high
    assert window.document.step == 1
    assert window.drag.origin is None
    QTest.keyClick(view, key, modifier)
    assert window.document.step == 2
    assert tile(window, "cross_entropy")[0] == "0.9378"


def test_keys_of_other_views_do_nothing(window):
    for key in curves(window):
        view = window.views[key].view
        for press in (Qt.Key.Key_Up, Qt.Key.Key_A, Qt.Key.Key_PageDown):
            QTest.keyClick(view, press)
    assert window.document.step == 0


# --- clicking -------------------------------------------------------------------------------------


def test_a_click_on_a_row_s_loss_goes_to_the_row(window):
    mouse = Mouse(window, "losses")
    for pick in drawn(window, "losses").picks:
        mouse.click(pick.x)
        assert window.focus.row == pick.row
        assert window.grid.cells.currentIndex().row() == pick.row
    assert window.document.step == 0


def test_a_click_in_the_histogram_of_many_rows_goes_to_one_of_them(open_window):
    draw = np.random.default_rng(2)
    window = open_window(stated(draw.dirichlet(np.ones(4), 3000), draw.integers(4, size=3000)))
    picks = drawn(window, "losses").picks
    assert picks
    assert len(picks) <= 1000
    pick = picks[-1]
    Mouse(window, "losses").click(pick.x)
    assert window.focus.row == pick.row


def test_a_click_in_the_history_goes_back_and_forth(window):
    for value in (0.4, 0.3, 0.2):
        window.document.edit(cell(1, 1, value), f"to {value}")
    picks = {pick.step: pick for pick in drawn(window, "history").picks}
    assert sorted(picks) == [0, 1, 2, 3]
    changes: list[object] = []
    window.document.changed.connect(changes.append)
    Mouse(window, "history").click(picks[0].x, picks[0].y)
    assert window.document.step == 0
    assert len(changes) == 1
    assert tile(window, "accuracy")[0] == "33.33%"
    pick = next(p for p in drawn(window, "history").picks if p.step == 3)
    Mouse(window, "history").click(pick.x, pick.y)
    assert window.document.step == 3
    assert window.document.state.predictions.probs[0, 1, 1] == 0.2


def test_the_pointer_over_a_point_is_told_at_the_foot(window):
    pick = drawn(window, "losses").picks[0]
    Mouse(window, "losses").move(pick.x)
    assert window.status.currentMessage() == pick.says != ""


# --- following ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [
        cell(1, 1, 0.3),
        SetLabels(np.array([1]), np.array([1], np.int32)),
        SetConvention(preset("keras")),
        DeleteRows(np.array([0])),
    ],
    ids=["cell", "label", "convention", "row"],
)
def test_every_view_draws_what_a_fresh_look_would(window, edit):
    for _ in range(2):
        window.document.edit(edit) if window.document.step == 0 else window.document.undo()
        for key in window.views:
            view = bring(window, key)
            assert view.view.accessibleName() == view.what.draw(window.scene()).reading
            assert view.card.reading.toolTip() in ("", view.view.accessibleName())


def test_the_sweep_follows_the_current_cell_and_the_rule(window):
    before = drawn(window, "sweep").reading
    window.focus.go_to(0, 2)
    moved = drawn(window, "sweep").reading
    assert moved != before
    window.focus.set_rule(Rule.ONLY)
    assert drawn(window, "sweep").x.text or drawn(window, "sweep").reading != moved


def test_a_hidden_view_does_not_draw_and_catches_up_when_shown(window):
    view = window.views["plane"]
    view.dock.close()
    old = view.view.drawn
    window.document.edit(cell(1, 1, 0.3))
    assert view.view.drawn is old
    view.dock.show()
    QApplication.processEvents()
    assert drawn(window, "plane") is not old
    fresh = next(curve for curve in CURVES if curve.key == "plane").draw(window.scene())
    assert drawn(window, "plane").reading == fresh.reading


def test_a_heavy_curve_comes_from_a_job_and_says_meanwhile_that_it_is_on_its_way(
    open_window, monkeypatch, qtbot
):
    from dataclasses import replace

    window = open_window(show=False)
    view = window.views["sweep"]
    view.what = replace(view.what, heavy=lambda scene: True)
    window.show()
    qtbot.waitUntil(lambda: not window.curve_jobs.is_busy())
    window.document.edit(cell(1, 2, 0.3))
    assert view.card.is_updating
    qtbot.waitUntil(lambda: not window.curve_jobs.is_busy())
    qtbot.waitUntil(lambda: not view.card.is_updating)
    fresh = next(curve for curve in CURVES if curve.key == "sweep").draw(window.scene())
    assert drawn(window, "sweep").reading == fresh.reading


def test_a_heavy_view_shows_no_picture_of_other_predictions_meanwhile(open_window, qtbot):
    from dataclasses import replace

    window = open_window(show=False)
    view = window.views["plane"]
    view.what = replace(view.what, heavy=lambda scene: True)
    window.show()
    qtbot.waitUntil(lambda: bool(view.card.reading.shown) and view.view.isVisible())
    window.document.edit(cell(1, 2, 0.3))
    assert view.view.isVisible()  # the last picture is of the same
    qtbot.waitUntil(lambda: not window.curve_jobs.is_busy())
    window.document.edit(Replace(stated([[0.5, 0.5], [0.25, 0.75]], [0, 1])))
    assert not view.view.isVisible()
    assert not view.card.reading.shown
    qtbot.waitUntil(lambda: bool(view.card.reading.shown) and view.view.isVisible())


def test_a_row_deleted_under_the_focus_leaves_it_inside(window):
    window.focus.go_to(2, 2)
    window.document.edit(DeleteRows(np.array([1, 2])))
    assert (window.focus.row, window.focus.column) == (0, 2)
    window.document.undo()
    assert window.grid.model.rowCount() == 3


# --- new hands ------------------------------------------------------------------------------------


def test_the_temperature_is_dragged_live_and_is_one_step(window):
    mouse = Mouse(window, "temperature")
    places = []
    mouse.press(0.0)
    for x in (0.1, 0.2, 0.3):
        mouse.move(x)
        places.append(window.document.state.convention.temperature)
    axis = window.views["temperature"].view.scales.axes[1]
    mouse.release(0.3)
    assert places == pytest.approx([10**0.1, 10**0.2, 10**0.3], rel=0.03)
    assert (axis.low, axis.high) == (
        drawn(window, "temperature").left.low,
        drawn(window, "temperature").left.high,
    )
    assert window.document.step == 1
    window.document.undo()
    assert window.document.state.convention.temperature == 1


def test_the_threshold_is_looked_at_and_changes_nothing(open_window):
    window = open_window(stated([[0.3, 0.7], [0.6, 0.4], [0.2, 0.8], [0.55, 0.45]], [1, 0, 0, 1]))
    first = contents(window.document.state)
    mouse = Mouse(window, "threshold")
    mouse.press(0.5)
    mouse.move(0.42)
    mouse.release(0.42)
    assert window.focus.threshold == pytest.approx(0.42, abs=0.01)
    assert "3 of 4 rows" in drawn(window, "threshold").reading
    assert contents(window.document.state) == first
    assert window.document.step == 0


def build_by_double_click(window, mouse):
    QTest.mouseDClick(mouse.port, LEFT, pos=mouse.at(0.6, 2 / 3))


def build_by_button(window, mouse):
    mouse.click(0.6, 2 / 3)
    window.views["plane"].view.target.click()


def build_by_return(window, mouse):
    mouse.click(0.6, 2 / 3)
    QTest.keyClick(window.views["plane"].view, Qt.Key.Key_Return)


@pytest.mark.parametrize("build", [build_by_double_click, build_by_button, build_by_return])
def test_in_the_plane_a_matrix_is_built_and_undo_brings_the_old_one_back(window, build):
    first = contents(window.document.state)
    build(window, Mouse(window, "plane"))
    tally = window.document.evaluation.tally
    assert tally.hits == 2
    assert tally.loss_mean == pytest.approx(0.6, abs=0.02)
    window.document.undo()
    assert contents(window.document.state) == first


def test_a_stray_click_in_the_plane_changes_nothing_and_offers_what_it_would(window):
    mouse, target = Mouse(window, "plane"), window.views["plane"].view.target
    mouse.click(0.6, 2 / 3)
    assert window.document.step == 0
    assert target.isVisible()
    assert "2 of 3 rows right" in target.toolTip()
    mouse.move(0.6)
    assert window.views["plane"].view.cursor().shape() is Qt.CursorShape.CrossCursor
    QTest.keyClick(window.views["plane"].view, Qt.Key.Key_Escape)
    assert not target.isVisible()
    mouse.click(0.05, 0.0)  # nothing can be there: 3 wrong rows cost more
    assert not target.isVisible()
    assert window.document.step == 0


def test_the_smooth_line_of_reliability_can_be_left_out(open_window):
    draw = np.random.default_rng(0)
    window = open_window(stated(draw.dirichlet([1, 1, 1], 200), draw.integers(0, 3, 200)))
    view = bring(window, "reliability")

    def smooth():
        return [m for m in drawn(window, "reliability").marks if getattr(m, "reads", "") == "accuracy nearby"]

    assert view.card.switch.isVisible()
    assert smooth()
    view.card.switch.click()
    assert not smooth()
    assert not bring(window, "losses").card.switch.isVisible()


def test_what_lines_say_is_read_off_under_the_pointer(window, sweep):
    sweep.move(0.15)
    assert ": accuracy 0.3333, cross-entropy 0.9378" in window.status.currentMessage()


def test_no_text_lies_on_another_at_any_size(window):
    for key, view in curves(window).items():
        for size in ((200, 120), (400, 300), (1200, 800)):
            view.view.resize(*size)
            QApplication.processEvents()
            rects = [
                item.text.rect.adjusted(2, 2, -2, -2)
                for item in view.view.marks.items
                if item.text is not None and item.text.is_shown and len(item.text.text.strip()) > 3
            ]
            for i, rect in enumerate(rects):
                assert not any(rect.intersects(other) for other in rects[:i]), (key, size)
