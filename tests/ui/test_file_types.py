"""A save suggests the kind of file that was opened, and asks nothing needless."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from lossacc_gui import files
from lossacc_gui.core.state import Source
from lossacc_gui.files.packed import ending
from lossacc_gui.ui.file_types import kind_of, named, suggested, writable

HOME = Path("/home/somebody")
READ = sorted({suffix for kind in files.FORMATS for suffix in kind.suffixes})
WRITTEN = {suffix for kind in files.FORMATS if kind.write for suffix in kind.suffixes}


@pytest.mark.parametrize("suffix", READ)
def test_what_was_opened_is_saved_as_its_kind_or_as_an_archive(suffix):
    path = suggested(Source("x" + suffix, f"/data/run.1{suffix}"), HOME)
    assert path == Path(f"/data/run.1{suffix if suffix in WRITTEN else '.npz'}")
    kind = kind_of(path)
    assert kind in writable().split(";;")
    assert f"*{ending(path)}" in kind


@pytest.mark.parametrize(
    ("opened", "saved"),
    [
        ("/data/run_1", "/data/run_1.npz"),  # a folder of epochs
        ("/data/p.part1_of_4.npy", "/data/p.npz"),
        ("/data/p.part1_of_4.csv", "/data/p.csv"),
        ("/data/P.CSV", "/data/P.CSV"),
        ("/data/epoch.v2", "/data/epoch.v2.npz"),
    ],
)
def test_the_name_is_that_of_the_whole(opened, saved):
    assert suggested(Source("x", opened), HOME) == Path(saved)


def test_a_lesson_is_saved_by_its_name():
    assert suggested(Source("Three rows 0.5"), HOME) == HOME / "Three rows 0.5.npz"


@pytest.mark.parametrize("kind", writable().split(";;"))
def test_a_name_without_an_ending_gets_that_of_the_kind(kind):
    assert named("/data/run.v2", kind) == "/data/run.v2" + kind.partition("(*")[2].split(" ")[0].rstrip(")")
    assert named("/data/run.v2", "") == "/data/run.v2.npz"
    for suffix in READ:
        assert named("/data/run" + suffix, kind) == "/data/run" + suffix


@pytest.mark.parametrize("suffix", [suffix for suffix in READ if ".gz" not in suffix])
def test_what_the_dialog_suggests_is_saved_without_another_question(
    open_window, tmp_path, monkeypatch, suffix
):
    window = open_window()
    source = window.document.state.source
    window.document.state.source = Source("x" + suffix, str(tmp_path / f"x{suffix}"))
    asked = []

    def answer(_parent, _title, path, kinds, kind):
        asked.append(path)
        assert kind in kinds.split(";;")
        return path, kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    for _ in range(2):  # the second time to its own file: nothing to ask
        window.saving.save()
        window.document.jobs.wait()
        assert window.document.is_saved
    assert len(asked) == 1
    assert files.open_predictions(asked[0]).predictions.rows == window.document.state.predictions.rows
    assert source.path == ""
