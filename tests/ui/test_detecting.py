"""What looks odd about a file is said below the grid and put right by one press, which can be undone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from lossacc_gui.core.convention import Rows
from lossacc_gui.core.edits import SetCells, SetConvention
from lossacc_gui.scenarios import SCENARIOS
from lossacc_gui.ui import detecting

RNG = np.random.default_rng(3)
LABELS = np.arange(60) % 3
GOOD = (np.eye(3)[LABELS] * 4 + RNG.random((60, 3)) + 0.1) / 7
GOOD /= GOOD.sum(axis=1, keepdims=True)


def load(window, folder, cells, labels=LABELS):
    np.savez(folder / "x.npz", probs=cells, labels=labels)
    window.opening.open(str(folder / "x.npz"))
    window.document.jobs.wait()
    window.curve_jobs.wait()


def buttons(window):
    return [button.text() for button in window.notices.findChildren(QPushButton) if button.isVisible()]


def test_good_predictions_raise_nothing(open_window, tmp_path):
    window = open_window()
    load(window, tmp_path, GOOD)
    assert window.notices.isHidden()


@pytest.mark.parametrize("limit", [detecting.LOOK_CELLS, 1])
def test_percentages_are_divided_and_come_back_with_undo(open_window, tmp_path, monkeypatch, limit):
    monkeypatch.setattr(detecting, "LOOK_CELLS", limit)
    window = open_window()
    load(window, tmp_path, GOOD * 100)
    assert "percentages" in window.notices.text("finding percent")
    window.notices.answer("finding percent", "fix")
    window.curve_jobs.wait()
    np.testing.assert_allclose(window.document.state.predictions.probs[0], GOOD)
    assert window.notices.isHidden()
    window.document.undo()
    window.curve_jobs.wait()
    assert window.notices.text("finding percent")
    window.notices.answer("finding percent", "dismiss")
    window.document.redo()
    window.document.undo()
    window.curve_jobs.wait()
    assert window.notices.isHidden()


def test_logits_are_read_as_such(open_window, tmp_path):
    window = open_window()
    load(window, tmp_path, np.log(GOOD) * 2 + 1)
    window.notices.answer("finding logits", "fix")
    assert window.document.state.convention.rows is Rows.LOGITS
    assert window.notices.isHidden()


def test_only_two_are_shown_until_more_are_asked_for(open_window, tmp_path):
    window = open_window()
    cells = GOOD.copy()
    cells[:2] = [0.5, 0.0, 0.1]
    labels = LABELS.copy()
    labels[:2] = 1, 2
    load(window, tmp_path, cells, labels)
    QApplication.processEvents()  # a line added below another is laid out with the next event
    assert buttons(window) == [
        "Normalise rows",
        "Dismiss",
        "Clip as scikit-learn does",
        "1 more",
        "Dismiss",
    ]
    window.notices.answer("finding zeros", "more")
    assert window.notices.text("finding twins")


def test_a_lesson_takes_the_findings_away(open_window, tmp_path):
    window = open_window()
    load(window, tmp_path, GOOD * 100)
    window.beginning.show_scenario(SCENARIOS[0])
    assert window.notices.isHidden()


def wait_for_look(window, qtbot):
    detective = window.document.findChild(detecting.Detecting)
    qtbot.waitUntil(lambda: not detective._timer.isActive())
    window.curve_jobs.wait()


def test_it_looks_again_after_a_single_edit(open_window, tmp_path, qtbot):
    window, cells, label = open_window(), GOOD.copy(), int(LABELS[5])
    cells[5, label] = 0.0
    load(window, tmp_path, cells)
    shown = window.notices._shown["finding zeros"]
    nearly = np.nextafter(GOOD[7, :1], 1)
    window.document.edit(SetCells(np.array([7]), np.array([0]), nearly))
    wait_for_look(window, qtbot)
    assert window.notices._shown.get("finding zeros") is shown  # the same, which did not flicker
    window.document.edit(SetCells(np.array([5]), np.array([label]), GOOD[5, label : label + 1]))
    wait_for_look(window, qtbot)
    assert "finding zeros" not in window.notices._shown
    window.document.undo()
    wait_for_look(window, qtbot)
    assert window.notices.text("finding zeros")


def test_no_line_tells_of_what_is_no_more_while_one_looks_again(open_window, tmp_path, monkeypatch):
    """Emptied millions of rows had stood below what had been found in them before."""
    monkeypatch.setattr(detecting, "LOOK_CELLS", 0)  # every look is a job now
    window, cells = open_window(), GOOD.copy()
    cells[5] *= 0.5
    load(window, tmp_path, cells)
    window.curve_jobs.wait()
    assert window.notices.text("finding sums").startswith("1 of ")
    window.grid.cells.selectAll()
    window.tools.acts["clear_cells"].trigger()
    window.document.edit(SetConvention(replace(window.document.state.convention, bins=9)))
    assert window.notices.isHidden()
    window.curve_jobs.wait()
    assert window.notices.text("finding sums").startswith(
        f"{len(cells)} of {len(cells)} rows do not sum to 1"
    )


def test_what_is_only_typed_so_moves_no_grid(open_window, tmp_path, qtbot):
    """A row that is typed cell by cell does not sum to 1 until it is through."""
    window = open_window()
    load(window, tmp_path, GOOD)
    for value in (0.0, 0.9, 0.0):
        window.document.edit(SetCells(np.array([5]), np.array([int(LABELS[5])]), np.array([value])))
        wait_for_look(window, qtbot)
        assert window.notices.isHidden()
    window.document.edit(SetConvention(replace(window.document.state.convention, bins=9, clip=1e-15)))
    window.document.edit(SetConvention(replace(window.document.state.convention, clip=0.0)))
    window.curve_jobs.wait()
    assert window.notices.text("finding zeros")  # all rows were read anew: now it is told


def test_a_low_window_shows_one_finding_at_a_time(open_window, tmp_path):
    cells = GOOD.copy()
    cells[3] = [0.9, 0.9, 0.9]
    cells[5, LABELS[5]] = 0.0
    low, high = open_window(size=(900, 650)), open_window(size=(1280, 900))
    for window in (low, high):
        load(window, tmp_path, cells)
    assert "more" in " ".join(buttons(low))
    assert len(low.notices._shown) == 1
    assert len(high.notices._shown) == 2
