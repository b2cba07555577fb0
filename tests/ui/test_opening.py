"""What a window does when a file arrives, and in which order."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from lossacc_gui import files
from lossacc_gui.core.edits import SetLabels
from lossacc_gui.core.listing import Sort
from lossacc_gui.core.metrics import ACCURACY
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule
from lossacc_gui.session import document as session
from lossacc_gui.ui.opening import READY_MS
from lossacc_gui.ui.status import Status
from lossacc_gui.ui.tiles import FittingLabel
from lossacc_gui.ui.views import View
from tests.ui.conftest import bring

RIGHT = 30
"""Of 40 rows."""


@pytest.fixture
def file(tmp_path):
    labels = np.arange(40) % 5
    probs = np.full((40, 5), 0.1)
    probs[np.arange(40), np.where(np.arange(40) < RIGHT, labels, (labels + 1) % 5)] = 0.6
    np.save(tmp_path / "run_pred_probs.npy", probs)
    np.save(tmp_path / "run_labels.npy", labels)
    return tmp_path / "run_pred_probs.npy"


class Painted(QObject):
    """Notes what the accuracy tile shows whenever its value has to be painted."""

    def __init__(self, window, order):
        super().__init__(window)
        self._tile, self._order = next(t for t in window.tools.tiles if ACCURACY in t.metrics), order
        self._tile.findChildren(FittingLabel)[1].installEventFilter(self)

    def eventFilter(self, _, event):
        if event.type() is QEvent.Type.Paint:
            self._order.append(self._tile.shown[0])
        return False


class Rows(Painted):
    """Notes when the rows of the grid are painted and are those of the file."""

    def __init__(self, window, order):
        QObject.__init__(self, window)
        self._grid, self._order = window.grid, order
        window.grid.cells.viewport().installEventFilter(self)

    def eventFilter(self, _, event):
        if event.type() is QEvent.Type.Paint and self._grid.model.rowCount() == 40:
            self._order.append("rows")
        return False


def in_sight(window):
    return [view for view in window.views.values() if view.in_sight]


@pytest.fixture
def large(monkeypatch):
    """As many cells as these files have are many."""
    monkeypatch.setattr(session, "JOB_CELLS", 100)


@pytest.mark.usefixtures("large")
def test_pictures_of_a_large_file_are_made_when_its_numbers_and_rows_are_painted(
    window, file, qtbot, monkeypatch
):
    order: list[str] = []
    draw = View.draw

    def noted(view, scene, **how):
        draw(view, scene, **how)
        if not view.stale and scene.predictions.rows == 40:
            order.append(view.what.key)

    monkeypatch.setattr(View, "draw", noted)
    Painted(window, order)
    Rows(window, order)
    first: list[str] = []

    def look():  # now: before the waiting ends, the loop may do what else is due
        first.extend(order)
        assert not any(view.view.isVisible() for view in in_sight(window))  # an old picture would tell lies

    window.opening.opened.connect(look)
    with qtbot.waitSignal(window.opening.opened):
        window.opening.open(str(file))
    assert first == []  # nothing is painted of half of what there is
    qtbot.waitUntil(lambda: not any(view.stale for view in in_sight(window)))
    qtbot.waitUntil(lambda: not window.curve_jobs.is_busy())
    made = [what for what in order if what in window.views]
    assert sorted(made) == sorted(view.what.key for view in in_sight(window))  # each once
    assert max(order.index("rows"), order.index("75.00%")) < order.index(made[0])
    assert window.document.evaluation.tally.hits == RIGHT
    assert all(view.view.isVisible() for view in in_sight(window))


@pytest.mark.usefixtures("large")
def test_a_picture_that_was_on_its_way_is_not_shown_of_another_file(window, file, qtbot):
    view = bring(window, "plane")
    view.put_off()
    view._put_if_newer(view._number + 1, (window.document.state.predictions,), None, hold_axes=False)
    assert not view.view.isVisible()
    view.catch_up(window.scene())
    assert view.view.isVisible()


def test_reading_a_file_again_keeps_the_cell_the_rule_and_the_order(window, file, qtbot):
    with qtbot.waitSignal(window.opening.opened):
        window.opening.open(str(file))
    assert (window.focus.row, window.focus.column, window.focus.rule) == (0, 0, Rule.ONLY)
    window.focus.set_sort(Sort("loss", descending=True))
    window.focus.set_rule(Rule.RESCALE)
    window.focus.go_to(35, 3)
    np.save(file, np.load(file)[::-1].copy())
    with qtbot.waitSignal(window.opening.opened):
        window.opening.reload()
    assert (window.focus.row, window.focus.column, window.focus.rule) == (35, 3, Rule.RESCALE)
    assert window.focus.listing.sort == Sort("loss", descending=True)
    assert window.grid.cells.currentIndex().row() == window.grid.model.view_row(35)
    order = window.focus.listing.order.tolist()
    losses = window.document.evaluation.stats.loss
    assert losses[order].tolist() == sorted(losses.tolist(), reverse=True)


def test_an_edit_is_painted_with_the_next_frame_as_ever(window):
    order: list[str] = []
    Painted(window, order)
    label = window.document.state.predictions.labels[0]
    window.document.edit(SetLabels(np.array([0]), np.array([(label + 1) % 3])))
    assert order == []


def test_what_reads_files_is_loaded_when_the_window_has_time(window, qtbot, monkeypatch):
    assert window.opening._idle.interval() == READY_MS
    monkeypatch.setattr(files, "_HOMES", {"one": "opening", "other": "opening"})
    loaded: list[str] = []
    monkeypatch.setattr(files, "import_module", loaded.append)
    window.opening._idle.start(0)
    qtbot.waitUntil(lambda: bool(loaded))
    assert loaded == ["lossacc_gui.files.opening"]


def test_the_strip_says_once_what_was_opened(window, file, qtbot):
    with qtbot.waitSignal(window.opening.opened):
        window.opening.open(str(file))
    assert window.strip.text.startswith(f"Opened {file.name}, 40 × 5.")
    assert "beside it" in window.strip.text
    assert window.strip._text.accessibleName().count(file.name) == 1


@pytest.mark.usefixtures("large")
def test_going_back_past_an_opened_file_paints_no_cell_that_is_gone(window, file, qtbot):
    """Whatever was due to be painted before asks for cells there are none of, if the grid does not know it yet."""
    with qtbot.waitSignal(window.opening.opened):
        window.opening.open(str(file))
    window.document.edit(SetLabels(np.array([0]), np.array([1])))
    QApplication.processEvents()
    for step in (1, 0, 1, 2, 0):
        for widget in window.findChildren(QWidget):
            widget.update()
        window.document.go_to(step)
        QApplication.processEvents()
        assert window.grid.model.classes == window.document.state.predictions.classes == (5 if step else 3)


def test_a_file_that_comes_while_every_row_is_worked_on_is_refused_in_a_sentence(
    window, qtbot, file, monkeypatch
):
    def busy(*_args, **_how):
        raise Refusal(
            "", "“Change convention” is still being worked on", "wait for it, or cancel it at the foot"
        )

    before = window.document.state.source
    monkeypatch.setattr(window.document, "edit", busy)
    with qtbot.waitSignal(window.opening.refused) as told:
        window.opening.open(str(file))
    assert "is still being worked on" in told.args[0]
    assert window.document.state.source == before


@pytest.mark.parametrize("beside", ["none", "top", "one hot"])
def test_whatever_else_hears_of_a_change_finds_the_grid_told(open_window, qtbot, file, beside, monkeypatch):
    """It may have the window laid out and painted anew, as a longer text at the foot does."""
    heard = []

    def hear(status, _change):
        window, document = status.window(), status._document
        assert window.grid.model.classes == document.state.predictions.classes
        for block in (window.grid.cells, window.grid.facts, window.grid.top, window.grid.one_hot):
            block.updateGeometries()
            for part in (block.viewport(), block.horizontalHeader(), block.verticalHeader()):
                part.repaint()
        heard.append(document.step)

    monkeypatch.setattr(Status, "_on_changed", hear)
    window = open_window()
    with qtbot.waitSignal(window.opening.opened):
        window.opening.open(str(file))
    if beside != "none":
        (window.grid.toggle_top if beside == "top" else window.grid.toggle_one_hot)()
    QApplication.processEvents()
    window.document.undo()
    window.document.redo()
    assert heard == [1, 0, 1]
