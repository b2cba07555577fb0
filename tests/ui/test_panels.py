"""The panels in the hand: what they show, what a click, a key and a drag in them do."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from lossacc_gui.core.edits import SetCells, SetLabels
from lossacc_gui.core.filtering import ConfusionCell, LabelIs
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels import PANELS
from lossacc_gui.ui.panels.confusion_picture import Numbers
from lossacc_gui.ui.panels.painted import elided
from lossacc_gui.ui.theme import Scheme
from tests.core.strategies import contents
from tests.ui.conftest import bring, stated

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support raise\\(\\)$", extend=True)

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def cell(row, column, value):
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


def panel(window, key):
    return bring(window, key).view


def click(widget, point) -> None:
    QTest.mouseClick(widget, LEFT, pos=QPoint(int(point.x()), int(point.y())))
    QApplication.processEvents()


def texts(view) -> list[list[str]]:
    model = view.model
    return [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("what", PANELS, ids=lambda what: what.key)
@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_every_panel_draws_says_what_it_shows_and_follows(open_window, what, scheme):
    window = open_window(scheme=scheme)
    view = panel(window, what.key)
    for act in (lambda: window.document.edit(cell(0, 0, 0.9)), window.document.undo, window.editing.pin):
        act()
        QApplication.processEvents()
        assert view.accessibleName() == what.draw(window.scene()).reading
        assert not view.grab().isNull()


@pytest.mark.parametrize("what", PANELS, ids=lambda what: what.key)
@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        ([[np.nan, 0.5, np.inf], [0.0, 0.0, 0.0]], [0, 1]),
        ([[0.5, 0.5], [0.2, 0.8]], [-1, -1]),
        (np.eye(40).tolist(), list(range(40))),
    ],
    ids=["odd", "unlabelled", "many classes"],
)
def test_no_panel_minds_odd_predictions(open_window, what, cells, labels):
    window = open_window(stated(cells, labels))
    window.editing.pin()
    view = panel(window, what.key)
    assert view.accessibleName()
    assert "nan" not in view.accessibleName().lower()
    assert not view.grab().isNull()


# --- row bars -------------------------------------------------------------------------------------


def test_a_bar_dragged_edits_its_cell_and_is_one_step(window):
    first = contents(window.document.state)
    window.focus.set_rule(Rule.RESCALE)
    view = panel(window, "bars")
    rect = view.bar_rect(1, 0.5)
    y = int(rect.center().y())
    QTest.mousePress(view, LEFT, pos=QPoint(int(rect.right()), y))
    assert (window.focus.row, window.focus.column) == (1, 1)
    for value in (0.4, 0.3, 0.2):
        QTest.mouseMove(view, QPoint(int(view.x_of(value)), y))
        QApplication.processEvents()
        assert window.document.state.predictions.probs[0, 1, 1] == pytest.approx(value, abs=0.01)
    QTest.mouseRelease(view, LEFT, pos=QPoint(int(view.x_of(0.2)), y))
    assert window.document.step == 1
    assert window.drag.origin is None
    assert window.document.state.predictions.probs[0, 1].sum() == pytest.approx(1)
    window.document.undo()
    assert contents(window.document.state) == first


def test_a_bar_that_the_rule_holds_is_chosen_and_not_moved(window):
    view = panel(window, "bars")
    rect = view.bar_rect(2, 0.4)  # the label's own cell under "hold p(label)"
    QTest.mousePress(view, LEFT, pos=rect.center().toPoint())
    QTest.mouseMove(view, QPoint(int(view.x_of(0.9)), int(rect.center().y())))
    QTest.mouseRelease(view, LEFT, pos=rect.center().toPoint())
    assert window.focus.column == 2
    assert window.document.step == 0


def test_keys_choose_a_bar_and_move_it_each_as_a_step(window):
    window.focus.set_rule(Rule.RESCALE)
    view = panel(window, "bars")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert window.focus.column == 0
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert window.document.state.predictions.probs[0, 1, 0] == pytest.approx(0.11)
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert window.document.state.predictions.probs[0, 1, 0] == pytest.approx(0.109)
    assert window.document.step == 2


# --- confusion ------------------------------------------------------------------------------------


def test_a_click_on_a_cell_filters_and_one_more_lifts_it(window):
    view = panel(window, "confusion")
    click(view, view.cell_rect(2, 1).center())
    assert window.focus.filter == ConfusionCell(2, 1)
    assert window.focus.listing.shown.tolist() == [1]
    assert "that are shown" in view.accessibleName()
    click(view, view.cell_rect(2, 1).center())
    assert window.focus.filter is None


def test_the_keyboard_reaches_every_cell(window):
    view = panel(window, "confusion")
    view.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(view, key)
    assert window.focus.filter == ConfusionCell(2, 1)


def test_the_keys_stay_within_a_matrix_of_fewer_classes(window):
    view = panel(window, "confusion")
    view.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(view, key)
    window.document.edit(DeleteClass(2))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert window.focus.filter == ConfusionCell(0, 0)


def test_of_many_classes_that_are_all_right_there_is_nothing_to_choose(open_window):
    window = open_window(stated(np.eye(40), np.arange(40)))
    view = panel(window, "confusion")
    view.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(view, key)
    assert window.focus.filter is None


def test_of_many_classes_a_click_on_a_confusion_filters(open_window):
    labels = np.arange(40)
    labels[:3] = 39
    window = open_window(stated(np.eye(40), labels))
    view = panel(window, "confusion")
    click(view, view.lane_rect(1).center())
    assert window.focus.filter == ConfusionCell(39, 1)


# --- classes --------------------------------------------------------------------------------------


def test_a_click_on_a_class_filters_by_its_label(window):
    view = panel(window, "classes")
    view.table.chosen.emit(2)
    assert window.focus.filter == LabelIs(2)


def test_the_table_sorts_and_clicks_mean_what_is_seen(open_window):
    window = open_window(stated([[0.9, 0.1], [0.4, 0.6], [0.3, 0.7]], [0, 1, 1]))
    view = panel(window, "classes")
    view.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert [line[1] for line in texts(view)] == ["2", "1"]
    view.table.chosen.emit(0)
    assert window.focus.filter == LabelIs(1)


def test_a_typed_weight_is_one_step_that_undo_takes_back(window):
    view = panel(window, "classes")
    model = view.model
    assert model.setData(model.index(0, 6), "2.5")
    assert window.document.state.convention.weights == (2.5, 1, 1)
    assert window.document.step == 1
    assert texts(view)[0][6] == "2.50"
    window.document.undo()
    assert window.document.state.convention.weights is None


@pytest.mark.parametrize("typed", ["-1", "abc", "inf"])
def test_a_bad_weight_changes_nothing_and_is_told(window, typed):
    model = panel(window, "classes").model
    model.setData(model.index(0, 6), typed)
    assert window.document.step == 0
    assert window.document.state.convention.weights is None
    assert window.strip._title.text() == "Nothing was changed"


def test_weights_are_balanced_and_taken_away_by_buttons(open_window):
    window = open_window(stated([[0.9, 0.1], [0.4, 0.6], [0.3, 0.7]], [0, 1, 1]))
    view = panel(window, "classes")
    view.balance.click()
    assert window.document.state.convention.weights == (1.5, 0.75)
    view.clear.click()
    assert window.document.state.convention.weights is None


# --- ledger ---------------------------------------------------------------------------------------


def test_the_ledger_says_what_became_of_the_rows_and_a_click_lists_them(window):
    view = panel(window, "ledger")
    assert "Pin a baseline" in view.picture.empty
    window.editing.pin()
    window.document.edit(cell(1, 2, 0.6))
    lines = texts(view)
    assert ["wrong, now right" in line[0] for line in lines].count(True) == 1
    gained = next(row for row, line in enumerate(lines) if "wrong, now right" in line[0])
    assert lines[gained][1:3] == ["1", "+33.33"]
    assert lines[-1][0] == "together"
    view.table.chosen.emit(gained)
    assert window.focus.listing.shown.tolist() == [1]


def test_added_removed_and_relabelled_rows_have_lines_and_come_back_with_undo(window):
    window.editing.pin()
    window.document.edit(DeleteRows(np.array([2])))
    window.document.edit(SetLabels(np.array([0]), np.array([1], np.int32)))
    view = panel(window, "ledger")
    titles = {line[0].removeprefix("▸ ") for line in texts(view)}
    assert {"relabelled", "removed", "wrong, still wrong", "together"} == titles
    window.document.undo()
    window.document.undo()
    assert not {"relabelled", "removed"} & {line[0].removeprefix("▸ ") for line in texts(view)}


# --- conventions ----------------------------------------------------------------------------------


def test_a_click_on_a_rule_goes_to_the_row_that_makes_it_differ(open_window):
    window = open_window(stated([[0.5, 0.5], [0.5, 0.5], [0.5, 0.7]], [0, 1, 0]))
    view = panel(window, "conventions")
    at = next(row for row, line in enumerate(texts(view)) if "Keras" in line[0])
    view.table.chosen.emit(at)
    assert window.focus.row == 2
    assert "sums to 1.20" in texts(view)[at][4]


def test_where_the_keyboard_is_in_a_table_is_a_mark_at_its_edge_and_no_button(open_window):
    window = open_window()
    view = bring(window, "classes").view
    table, theme = view.table, view.theme
    window.activateWindow()
    table.setFocus()
    table.setCurrentIndex(view.model.index(1, 0))
    QApplication.processEvents()
    picture = table.viewport().grab().toImage()
    cell = table.visualRect(view.model.index(1, 0))
    edge = QColor(picture.pixel(cell.left(), cell.center().y())).name()
    assert edge == theme.accent
    inside = {
        QColor(picture.pixel(x, cell.top() + 2)).name() for x in range(cell.left() + 3, cell.right() - 1)
    }
    assert len(inside) == 1  # no frame, no gradient


def test_in_a_low_dock_row_bars_show_those_that_matter_and_say_how_many_they_leave_out(open_window):
    cells = np.full((1, 20), 0.01)
    cells[0, [4, 11, 17]] = 0.5, 0.2, 0.14
    window = open_window(stated(cells, [8]))
    window.focus.go_to(0, 2)
    view = panel(window, "bars")
    view.resize(400, 20 * 14)
    assert len(view.bars) == 20
    view.resize(400, 100)
    assert view._lane >= 13
    kept = [bar.column for bar in view.bars]
    assert kept == sorted(kept)
    assert set(kept) >= {2, 4, 8, 11, 17}
    assert view._left_out == 20 - len(kept) > 0
    last = view.bar_rect(len(kept) - 1, 0.5)
    assert last.bottom() + 13 <= 100
    window.focus.go_to(0, kept[-1])  # chosen by hand: nothing moves
    assert [bar.column for bar in view.bars] == kept
    window.focus.go_to(0, 19)  # chosen in the grid
    assert 19 in [bar.column for bar in view.bars]


def columns_seen(view) -> list[str]:
    return [column.title for at, column in enumerate(view.model.columns) if not view.table.isColumnHidden(at)]


def test_a_table_leaves_a_column_out_rather_than_cut_it(open_window):
    view = bring(open_window(), "conventions").view
    view.resize(1_000, 300)
    QApplication.processEvents()
    assert columns_seen(view)[-1] == "why"
    view.resize(300, 300)
    QApplication.processEvents()
    assert columns_seen(view) == [
        "rule",
        "loss",
        "why",
    ]  # the numbers go first: why is what the table is about
    view.resize(250, 300)
    QApplication.processEvents()
    assert "why" not in columns_seen(view)
    assert not view.table.horizontalScrollBar().maximum()


def cut_texts(view) -> list[str]:
    """What is in cells that are in sight and have no room for it, on however many lines."""
    found = []
    for row in range(view.model.rowCount()):
        for at in range(len(view.model.columns)):
            index = view.model.index(row, at)
            metrics = QFontMetrics(index.data(Qt.ItemDataRole.FontRole))
            room = view.table.visualRect(index).adjusted(3, 0, -3, 0)
            wraps = Qt.TextFlag.TextWordWrap if view.table.wordWrap() else Qt.TextFlag.TextSingleLine
            needed = metrics.boundingRect(QRect(0, 0, room.width(), 10_000), wraps, index.data())
            if not view.table.isColumnHidden(at) and (
                needed.width() > room.width()
                or needed.height() > room.height()
                or room.right() > view.table.viewport().width()
            ):
                found.append(index.data())
    return found


@pytest.mark.parametrize("key", ["ledger", "conventions", "metrics"])
@pytest.mark.parametrize("width", [297, 330, 400, 496, 700])
def test_words_that_carry_the_point_are_broken_and_not_cut(open_window, key, width):
    draw = np.random.default_rng(3)
    window = open_window(stated(draw.dirichlet(np.ones(3), 60), draw.integers(0, 3, 60)))
    window.editing.pin()
    for row in range(12):
        window.document.edit(cell(row, row % 3, 0.99))
    view = bring(window, key).view
    view.resize(width, 900)
    QApplication.processEvents()
    assert not cut_texts(view)


@pytest.mark.parametrize("key", ["classes", "ledger", "metrics"])
def test_lines_that_are_not_broken_are_as_low_in_every_table(window, key):
    window.editing.pin()
    view = bring(window, key).view
    view.resize(900, 900)
    QApplication.processEvents()
    assert {view.table.rowHeight(row) for row in range(view.model.rowCount())} == {24}


def test_a_column_with_nothing_in_it_is_left_out(window):
    view = bring(window, "metrics").view
    view.resize(1_000, 600)
    QApplication.processEvents()
    assert "change" not in columns_seen(view)
    window.editing.pin()
    QApplication.processEvents()
    assert "change" in columns_seen(view)


def test_columns_do_not_drift_apart_in_a_wide_table(window):
    view = bring(window, "classes").view
    view.resize(1_900, 600)
    QApplication.processEvents()
    assert max(view.table.columnWidth(at) for at in range(7)) < 160


def test_bold_names_are_not_cut(open_window):
    window = open_window()
    window.editing.pin()
    view = bring(window, "ledger").view
    view.resize(460, 300)
    QApplication.processEvents()
    metrics = QFontMetrics(look.font(look.SMALL_PIXELS, bold=True))
    for row in range(view.model.rowCount()):
        said = view.model.index(row, 0).data()
        assert metrics.horizontalAdvance(said) < view.table.columnWidth(0), said


def test_cells_of_a_small_confusion_matrix_fill_a_large_dock(window):
    view = bring(window, "confusion").view
    view.resize(1_000, 500)
    assert view.cell_rect(0, 0).height() > 90
    view.resize(300, 220)
    assert view.cell_rect(2, 2).bottom() <= 220


@pytest.mark.parametrize("key", ["classes", "metrics", "conventions"])
def test_no_heading_is_cut_in_a_small_dock(window, key):
    view = bring(window, key).view
    view.resize(250, 200)
    QApplication.processEvents()
    metrics = QFontMetrics(look.font(look.SMALL_PIXELS))
    for at, column in enumerate(view.model.columns):
        if not view.table.isColumnHidden(at):
            assert view.table.columnWidth(at) >= metrics.horizontalAdvance(column.title) + 12, column.title


def test_long_names_of_classes_can_still_be_told_apart_in_a_small_dock(open_window):
    names = ("comp.os.ms-windows.misc and more", "comp.sys.ibm.pc.hardware", "sci.space")
    window = open_window(stated(np.eye(3), [0, 1, 2], names))
    view = bring(window, "classes").view
    view.resize(380, 260)
    QApplication.processEvents()
    assert view.table.columnWidth(0) >= 92
    assert "of loss" in columns_seen(view)
    assert "precision" not in columns_seen(view)


def test_where_not_all_counts_fit_the_confusions_do(open_window):
    labels = np.repeat(np.arange(4), 3_000)
    cells = np.eye(4)[labels]
    cells[:7] = np.eye(4)[1]
    view = bring(open_window(stated(cells, labels)), "confusion").view
    assert view._number_font(60.0, 40.0)[1] is Numbers.ALL
    assert view._number_font(22.0, 20.0)[1] is Numbers.WRONG
    assert view._number_font(6.0, 20.0)[1] is Numbers.NONE


LONG_NAMES = tuple(
    f"European domestic {hair}hair cat, {age}" for hair in ("short", "long") for age in ("young", "old")
)


@pytest.mark.parametrize("width", [260, 360, 900])
def test_long_names_that_are_alike_are_told_apart_in_tables(open_window, width):
    draw = np.random.default_rng(3)
    window = open_window(stated(draw.dirichlet(np.ones(4), 40), draw.integers(0, 4, 40), LONG_NAMES))
    table = bring(window, "classes").view.table
    bring(window, "classes").view.resize(width, 300)
    QApplication.processEvents()
    said = []
    for row in range(4):
        option = QStyleOptionViewItem()
        option.rect = table.visualRect(table.model().index(row, 0))
        table.itemDelegate().initStyleOption(option, table.model().index(row, 0))
        assert option.fontMetrics.horizontalAdvance(option.text) <= option.rect.width()
        said.append(option.text)
    assert width < 300 or len(set(said)) == 4, said
    assert table.horizontalScrollBar().maximum() == 0  # no heading is cut


def test_a_name_is_cut_where_it_is_like_no_other(qapp):
    metrics = QFontMetrics(QFont())
    for room in range(70, 300, 7):
        said = [elided(metrics, name, room, LONG_NAMES) for name in LONG_NAMES]
        assert all(metrics.horizontalAdvance(text) <= room for text in said)
        assert len(set(said)) == (4 if room > 90 else len(set(said))), (room, said)


def test_in_a_narrow_ledger_no_number_is_cut(open_window):
    draw = np.random.default_rng(3)
    window = open_window(stated(draw.dirichlet(np.ones(4), 10_000), draw.integers(0, 4, 10_000)))
    window.editing.pin()
    for row in range(40):
        window.document.edit(cell(row, 0, 0.9))
    view = bring(window, "ledger").view
    QApplication.processEvents()
    view.resize(260, 300)
    QApplication.processEvents()
    assert view.table.horizontalScrollBar().maximum() == 0
