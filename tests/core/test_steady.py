"""Mapped cells are read through the system: a file that is cut short under the hand ends no process."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import sys

import numpy as np
import pytest

from lossacc_gui.core import steady as module
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.steady import map_of, steady
from lossacc_gui.files import FileRefusal, save_predictions

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")

ROWS, CLASSES = 3000, 4


@pytest.fixture
def path(tmp_path):
    np.save(tmp_path / "p.npy", np.random.default_rng(1).dirichlet(np.ones(CLASSES), ROWS))
    return tmp_path / "p.npy"


@pytest.fixture
def mapped(path) -> Predictions:
    pages = np.load(path, mmap_mode="c")
    held = np.ndarray(pages.shape, pages.dtype, map_of(pages), pages.offset)
    return Predictions.of(held[np.newaxis], np.arange(ROWS) % CLASSES)


def test_mapped_cells_are_copied_with_their_edits_and_others_are_not(mapped):
    mapped.probs[0, 7, 1] = 0.125
    cells = mapped.probs[0, 5:900]
    copy = steady(cells)
    assert map_of(cells) is not None
    assert map_of(copy) is None
    assert copy.tobytes() == cells.tobytes()
    assert copy[2, 1] == 0.125
    plain = np.zeros((2, 2))
    assert steady(plain) is plain
    assert steady(mapped.probs[0, ::2]).base is not None  # in parts: as they lie
    assert steady(cells[:0]).shape == (0, CLASSES)


def test_the_numbers_are_those_of_cells_in_memory(mapped, monkeypatch):
    monkeypatch.setattr("lossacc_gui.core.evaluation.STEADY_CELLS", 1000)
    held = Predictions.of(mapped.probs.copy(), mapped.labels)
    mine, theirs = evaluate(mapped, Convention()), evaluate(held, Convention())
    assert mine.tally == theirs.tally
    assert mine.stats.loss.tobytes() == theirs.stats.loss.tobytes()


@pytest.mark.parametrize("left", [0, mmap.PAGESIZE + 100, 20 * mmap.PAGESIZE])
def test_a_file_cut_short_while_it_is_read_is_refused(mapped, path, left):
    os.truncate(path, left)
    with pytest.raises(Refusal, match="has cut the file short"):
        evaluate(mapped, Convention())


@pytest.mark.parametrize("name", ["q.npz", "q.csv"])
def test_and_while_it_is_saved(mapped, path, tmp_path, name):
    os.truncate(path, mmap.PAGESIZE)
    with pytest.raises(FileRefusal, match="has cut the file short"):
        save_predictions(tmp_path / name, mapped)
    assert not (tmp_path / name).exists()


def forbidden(*_: object) -> int:
    ctypes.set_errno(errno.EPERM)
    return -1


def test_where_the_system_has_no_such_call_the_cells_are_read_where_they_lie(mapped, monkeypatch):
    monkeypatch.setattr(module, "_reader", lambda: None)
    cells = mapped.probs[0]
    assert steady(cells) is cells
    monkeypatch.setattr(module, "_reader", lambda: forbidden)
    assert steady(cells) is cells
