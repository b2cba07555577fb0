"""A journal on a disk that is full: it says so once, editing goes on, and what was recorded comes back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lossacc_gui.core.edits import SetCells
from lossacc_gui.session.journal import Journal
from lossacc_gui.session.recovery import find, load, replay, restore
from tests.session.conftest import Make
from tests.session.restoring import restore_all


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 64 kB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    try:
        words = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
        subprocess.run(words, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def put(value: float) -> SetCells:
    return SetCells(np.array([1]), np.array([2]), np.array([value]))


def test_editing_goes_on_and_what_was_recorded_comes_back(make: Make, tiny: Path):
    document = make()
    said: list[str] = []
    document.journal = journal = Journal(tiny, document)
    journal.failed.connect(said.append)
    journal.begin(document.state)
    done = 0
    while not said:
        document.edit(put(1 / (done + 2)))
        done += 1
        assert done < 1000
    for k in range(5):
        document.edit(put(k / 10))
    assert len(said) == 1
    assert "No space left" in said[0]
    assert document.step == done + 5
    journal.leave()
    (lost,) = find(tiny)
    other = make()
    restore_all(other, lost, load(lost))
    assert other.step == done - 1
    assert float(other.state.predictions.probs[0, 1, 2]) == 1 / done
    lost.discard()


def test_it_begins_again_when_there_is_room(make: Make, tiny: Path):
    rest = tiny / "rest"
    with rest.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\1" * 4096)
        except OSError:
            pass
    document = make()
    said: list[str] = []
    document.journal = journal = Journal(tiny, document)
    journal.failed.connect(said.append)
    journal.begin(document.state)
    assert len(said) == 1
    assert not journal.works
    assert [path.name for path in tiny.iterdir()] == ["rest"]  # nothing is left of the try
    document.edit(put(0.5))
    rest.unlink()
    journal.begin(document.state)
    document.edit(put(0.25))
    journal.leave()
    (lost,) = find(tiny)
    other = make()
    restore(other, lost, replay(load(lost)))
    assert float(other.state.predictions.probs[0, 1, 2]) == 0.25
    lost.discard()
