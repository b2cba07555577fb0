"""A mapped file that another program writes to is noticed before anything is read from it again."""

from __future__ import annotations

import mmap
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from lossacc_gui import files
from lossacc_gui.core.convention import PRESETS
from lossacc_gui.core.edits import Replace, SetCells, SetConvention
from lossacc_gui.core.paging import paged
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State
from lossacc_gui.session.document import Document
from tests.session.conftest import Make

ROWS = 4 * mmap.PAGESIZE // 8


@pytest.fixture
def path(tmp_path: Path) -> Path:
    np.save(tmp_path / "p.npy", np.full((ROWS, 2), 0.5, np.float32))
    return tmp_path / "p.npy"


@pytest.fixture
def mapped(make: Make, path: Path) -> Document:
    """A document on a file that is too large for the memory it is told to reckon with."""
    opened = files.open_predictions(path, memory=1000)
    assert opened.source.mapped
    return make(State(opened.predictions, source=opened.source))


def put(row: int, value: float) -> SetCells:
    return SetCells(np.array([row]), np.array([0]), np.array([value]))


def overwrite(path: Path) -> None:
    """What a program does that opens the file for writing and writes in it."""
    with path.open("r+b") as file:
        file.seek(-4, os.SEEK_END)
        file.write(b"\0\0\0\0")
    os.utime(path, ns=(1, 1))


class Shaken:
    def __init__(self, document: Document) -> None:
        self.times = 0
        document.shaken.connect(self.hear)

    def hear(self) -> None:
        self.times += 1


def test_an_untouched_file_is_edited(mapped: Document):
    assert mapped.edit(put(1, 0.25))
    assert mapped.look_at_ground()


@pytest.mark.parametrize(
    "edit", [put(1, 0.25), SetConvention(PRESETS[1].convention)], ids=["cell", "convention"]
)
def test_an_edit_is_refused_when_the_file_was_written_to(mapped: Document, path: Path, edit):
    shaken = Shaken(mapped)
    overwrite(path)
    for _ in range(2):
        with pytest.raises(Refusal, match="another program"):
            mapped.edit(edit)
    assert shaken.times == 1
    assert mapped.stale
    assert mapped.step == 0


def test_undo_is_refused_too(mapped: Document, path: Path):
    mapped.edit(put(1, 0.25))
    overwrite(path)
    mapped.undo()
    assert mapped.step == 1
    assert mapped.state.predictions.probs[0, 1, 0] == 0.25


def test_opening_another_file_is_no_edit_of_this_one(mapped: Document, path: Path):
    overwrite(path)
    assert not mapped.look_at_ground()
    opened = files.open_predictions(path, memory=1000)
    mapped.edit(Replace(State(opened.predictions, source=opened.source), "Reload"))
    assert not mapped.stale
    assert mapped.edit(put(1, 0.25))


@pytest.mark.parametrize("then", ["gone", "replaced"])
def test_a_file_that_was_renamed_over_or_removed_is_held_on_to(mapped: Document, path: Path, then: str):
    if then == "replaced":
        np.save(path.with_name("new.npy"), np.zeros((2, 2)))
        path.with_name("new.npy").rename(path)
    else:
        path.unlink()
    assert mapped.edit(put(1, 0.25))
    assert mapped.state.predictions.probs[0, -1].tolist() == [0.5, 0.5]


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs Linux: elsewhere a mapped file cannot shrink"
)
def test_a_file_that_shrank_does_not_end_the_process(mapped: Document, path: Path):
    mapped.edit(put(0, 0.25))
    os.truncate(path, mmap.PAGESIZE + 1)
    with pytest.raises(Refusal):
        mapped.edit(put(2, 0.25))
    cells = mapped.state.predictions.probs[0]
    assert cells[0].tolist() == [0.25, 0.5]  # what was edited is the document's own
    assert cells[1].tolist() == [0.5, 0.5]
    assert not cells[-1].any()


def test_what_is_saved_elsewhere_does_not_move_the_cells(mapped: Document, path: Path, tmp_path: Path):
    written = files.save_predictions(tmp_path / "copy.npz", mapped.state.predictions)
    mapped.set_saved(written, mapped.revision)
    assert mapped.state.source.path == str(tmp_path / "copy.npz")
    overwrite(path)
    with pytest.raises(Refusal):
        mapped.edit(put(1, 0.25))


def test_counting_stops_when_the_file_is_written_to(make: Make, path: Path):
    opened = files.open_predictions(path, memory=1000)
    overwrite(path)
    said: list[str] = []
    document = make(State(opened.predictions))
    document.failed.connect(said.append)
    document.edit(Replace(paged(State(opened.predictions, source=opened.source), most=9, rows=99), "Open"))
    document.counting.jobs.wait()
    assert not document.counting.done
    assert "another program" in said[0]


def test_cells_that_are_let_go_are_read_again(mapped: Document):
    mapped.edit(put(1, 0.25))
    cells = mapped.state.predictions.probs
    files.let_go(cells[0, : ROWS // 2])
    files.let_go(cells[0, 3:5])
    files.let_go(np.zeros((2, 2)))
    assert cells[0, 1].tolist() == [0.25, 0.5]
    assert cells[0, 2].tolist() == [0.5, 0.5]
