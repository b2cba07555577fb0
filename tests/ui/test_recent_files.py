"""The last files are a key away, F5 reads the present one again, and a change on the disk is noticed."""

from __future__ import annotations

import os

import numpy as np
import pytest

from lossacc_gui.core.edits import SetCells
from lossacc_gui.session.recents import MOST, Recent, recents, remember
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui.watching import CHANGED, Watching


def cell(row, column, value):
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


def load(window, path, labels=None):
    window.opening.open(str(path), labels and str(labels))
    window.document.jobs.wait()


def shown(window):
    return [action.text() for action in window.tools.recents.actions if action.isVisible()]


@pytest.fixture
def paths(tmp_path):
    made = [tmp_path / f"p{k}.npy" for k in range(2)]
    for k, path in enumerate(made):
        np.save(path, np.full((2, 2 + k), 0.25))
    return made


def test_the_last_files_are_in_the_menu_and_open(open_window, paths, tmp_path):
    np.save(tmp_path / "y.npy", np.array([1, 0]))
    window = open_window()
    assert shown(window) == []
    load(window, paths[0], tmp_path / "y.npy")
    load(window, paths[1])
    assert shown(window) == ["&1  p1.npy", "&2  p0.npy"]
    again = open_window()
    again.tools.recents.actions[1].trigger()
    again.document.jobs.wait()
    assert again.document.state.source.name == "p0.npy"
    assert again.document.state.predictions.labels.tolist() == [1, 0]  # with the labels it had
    assert shown(again) == ["&1  p0.npy", "&2  p1.npy"]


def test_a_recent_file_that_is_gone_says_so(open_window, paths):
    window = open_window()
    load(window, paths[0])
    paths[0].unlink()
    window.tools.recents.actions[0].trigger()
    window.document.jobs.wait()
    assert "no such file" in window.strip.text


def test_a_saved_file_is_recent(window, tmp_path):
    window.saving.save_to(str(tmp_path / "x.npz"))
    window.document.jobs.wait()
    assert shown(window) == ["&1  x.npz"]


def test_the_list_is_short_and_names_each_once(qapp):
    store = Settings()
    for k in range(15):
        remember(store, Recent(f"/{k % 12}.npy"))
    assert [recent.path for recent in recents(store)] == [f"/{k}.npy" for k in (2, 1, 0, *range(11, 5, -1))]
    assert len(recents(store)) == MOST


@pytest.mark.parametrize("garbage", ["x", "3", '[3, ["a"], ["a", 3], {}]', "[" * 5000])
def test_garbage_in_the_list_does_no_harm(qapp, garbage):
    store = Settings()
    store.put("recent", garbage)
    assert recents(store) == []
    remember(store, Recent("/a.npy"))
    assert recents(store) == [Recent("/a.npy")]


@pytest.mark.parametrize("wished", [True, False])
def test_the_last_file_opens_at_the_start_when_wished(open_window, paths, wished):
    first = open_window()
    load(first, paths[0])
    if wished:
        first.tools.acts["reopen"].trigger()
    window = open_window()
    assert window.tools.acts["reopen"].isChecked() is wished
    window.opening.reopen_last()
    window.document.jobs.wait()
    assert (window.document.state.source.name == "p0.npy") is wished


def test_reload_reads_the_file_again_and_can_be_undone(window, paths):
    assert not window.tools.acts["reload"].isEnabled()
    load(window, paths[0])
    np.save(paths[0], np.full((3, 2), 0.5))
    window.tools.acts["reload"].trigger()
    window.document.jobs.wait()
    assert window.document.state.predictions.rows == 3
    window.document.undo()
    assert window.document.state.predictions.rows == 2


def test_reload_keeps_unsaved_changes_a_step_away(window, paths):
    load(window, paths[0])
    window.document.edit(cell(0, 0, 0.75))
    window.tools.acts["reload"].trigger()
    window.document.jobs.wait()
    assert window.document.state.predictions.probs[0, 0, 0] != 0.75
    assert "Ctrl+Z brings back “p0.npy” with its changes." in window.strip.text
    window.document.undo()
    assert window.document.state.predictions.probs[0, 0, 0] == 0.75


# --- what other programs do ----------------------------------------------------------------------


@pytest.fixture
def watching(window, paths):
    load(window, paths[0])
    return Watching(window.document, window.opening, window.notices)


def touch(path, later=5):
    os.utime(path, (path.stat().st_atime + later, path.stat().st_mtime + later))


def test_a_change_is_said_once_and_reloading_takes_it_away(window, watching, paths):
    watching.look()
    assert window.notices.text(CHANGED) == ""
    np.save(paths[0], np.full((4, 2), 0.5))
    watching.look()
    assert "“p0.npy” was changed by another program." in window.notices.text(CHANGED)
    window.notices.answer(CHANGED, "dismiss")
    watching.look()
    assert window.notices.text(CHANGED) == ""
    touch(paths[0])
    watching.look()
    assert window.notices.text(CHANGED) != ""
    window.notices.answer(CHANGED, "reload")
    window.document.jobs.wait()
    assert window.document.state.predictions.rows == 4
    watching.look()
    assert window.notices.text(CHANGED) == ""


def test_a_file_that_is_gone_and_one_that_is_back(window, watching, paths):
    kept = paths[0].rename(paths[0].with_suffix(".kept"))
    watching.look()
    assert "gone from the disk" in window.notices.text(CHANGED)
    kept.rename(paths[0])
    watching.look()
    assert window.notices.text(CHANGED) == ""


def test_its_own_saves_and_lessons_are_no_change(window, tmp_path):
    watching = Watching(window.document, window.opening, window.notices)
    watching.look()
    for value in (0.25, 0.75):
        window.document.edit(cell(0, 0, value))
        window.saving.save_to(str(tmp_path / "x.npz"))
        window.document.jobs.wait()
        watching.look()
    assert window.notices.text(CHANGED) == ""


def test_it_looks_by_itself(window, watching, paths, qtbot):
    watching._timer.setInterval(5)
    watching.start()
    touch(paths[0])
    qtbot.waitUntil(lambda: window.notices.text(CHANGED) != "")
    watching.end()
