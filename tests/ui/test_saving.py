"""A save asks before it writes over what others wrote, and a project comes back with all that is its own."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from lossacc_gui import files
from lossacc_gui.core.convention import preset
from lossacc_gui.core.edits import SetCells
from tests.ui.conftest import tile

Buttons = QMessageBox.StandardButton


def cell(row, column, value):
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


def save(window, path):
    window.saving.save_to(str(path))
    window.document.jobs.wait()


def load(window, path):
    window.opening.open(str(path))
    window.document.jobs.wait()


@pytest.fixture
def press(monkeypatch):
    """Presses a button of the next question by its text; what was asked."""
    asked: list[str] = []
    wanted: list[str] = []

    def answer(box):
        asked.append(box.text())
        text = wanted.pop(0)
        (button,) = (button for button in box.buttons() if button.text().replace("&", "") == text)
        button.click()

    monkeypatch.setattr(QMessageBox, "exec", answer)
    return wanted, asked


def test_a_project_opens_as_it_was_saved(open_window, tmp_path):
    window = open_window()
    window.document.edit(cell(0, 0, 0.25))
    window.editing.pin()
    window.editing.set_convention(preset("keras"))
    save(window, tmp_path / "x.npz")
    assert window.document.is_saved
    other = open_window()
    load(other, tmp_path / "x.npz")
    assert other.document.state.convention == preset("keras")
    assert other.document.state.baseline.tally == window.document.state.baseline.tally
    assert tile(other, "cross_entropy")[0] == tile(window, "cross_entropy")[0]
    assert other.document.is_saved
    other.document.edit(cell(0, 0, 0.125))
    other.tools.acts["save"].trigger()  # a project holds all there is: no question
    other.document.jobs.wait()
    assert other.document.is_saved


def test_a_project_holds_the_history_of_its_own_predictions_alone(window, tmp_path):
    window.document.edit(cell(0, 0, 0.25), "of the lesson")
    np.savez(tmp_path / "p.npz", probs=[[0.2, 0.8], [0.6, 0.4]], labels=[0, 1])
    load(window, tmp_path / "p.npz")
    window.document.edit(cell(0, 0, 0.5), "of the file")
    save(window, tmp_path / "x.npz")
    project = files.open_project(tmp_path / "x.npz")
    assert project is not None
    assert [point.what for point in project.history] == ["Open p.npz", "of the file"]
    load(window, tmp_path / "x.npz")  # whose steps are these, and stand there already
    shown, _ = window.document.past.shown()
    assert [point.what for point in shown][2:] == ["Open p.npz", "of the file", "Open x.npz"]


@pytest.mark.parametrize("answer", ["Overwrite it", "Save as …", "Cancel"])
def test_two_windows_on_one_file_do_not_overwrite_each_other(
    open_window, tmp_path, press, monkeypatch, answer
):
    path, elsewhere = tmp_path / "x.npz", tmp_path / "mine.npz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(elsewhere), ""))
    one, other = open_window(), open_window()
    save(one, path)
    load(other, path)
    one.document.edit(cell(0, 0, 0.25))
    save(one, path)  # its own file, as it left it: no question
    assert press[1] == []
    other.document.edit(cell(0, 0, 0.75))
    press[0].append(answer)
    save(other, path)
    assert press[1] == ["“x.npz” has changed since it was opened."]
    written = files.open_predictions(path).predictions.probs[0, 0, 0]
    assert written == (0.75 if answer == "Overwrite it" else 0.25)
    assert other.document.is_saved == (answer != "Cancel")
    assert elsewhere.exists() == (answer == "Save as …")


@pytest.mark.parametrize("answer", ["Overwrite it", "Save as …", "Cancel"])
def test_columns_that_were_not_read_are_not_lost_without_a_word(window, tmp_path, press, monkeypatch, answer):
    path, beside = tmp_path / "x.csv", tmp_path / "x-edited.csv"
    text = "id,prob_A,prob_B,label,Note\nr1,0.2,0.8,B,fine\nr2,0.6,0.4,A,odd\n"
    path.write_text(text)
    load(window, path)
    window.document.edit(cell(0, 0, 0.25))
    offered: list[str] = []

    def ask(_window, _title, start, *_):
        offered.append(start)
        return str(beside), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    press[0].append(answer)
    save(window, path)
    assert press[1] == ["Saving over “x.csv” would lose what was not read of it."]
    assert (path.read_text() == text) == (answer != "Overwrite it")
    assert beside.exists() == (answer == "Save as …")
    assert offered == ([str(beside)] if answer == "Save as …" else [])
    window.document.edit(cell(0, 0, 0.5))
    if answer == "Overwrite it":  # there is nothing more to lose
        save(window, path)
        assert len(press[1]) == 1


def test_a_file_is_known_by_another_path_too(window, tmp_path, press):
    path, link = tmp_path / "x.csv", tmp_path / "link.csv"
    path.write_text("prob_A,prob_B,label,note\n0.2,0.8,B,fine\n0.6,0.4,A,odd\n")
    link.symlink_to(path)
    load(window, path)
    press[0].append("Cancel")
    save(window, link)
    assert press[1] == ["Saving over “x.csv” would lose what was not read of it."]


def test_a_csv_says_what_it_does_not_hold(window, tmp_path):
    window.document.edit(cell(0, 0, 0.25))
    save(window, tmp_path / "x.csv")
    assert "predictions, labels and class names" in window.status.currentMessage()


def test_a_project_of_another_version_is_refused_and_changes_nothing(window, tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, pred_probs=np.full((2, 2), 0.5), lossacc_gui=np.array("{}"))
    load(window, path)
    assert "no project of this version" in window.strip.text
    assert window.document.step == 0
