"""A disk that is full to the brim, or takes no new file: the old file stays whole, and nothing is left over."""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.files import FORMATS, FileRefusal, leftovers, open_predictions, save_predictions
from lossacc_gui.files.leftovers import YOUNG_SECONDS

SMALL = Predictions.of(np.array([[0.25, 0.75], [1.0, 0.0]]), [1, 0])
LARGE = Predictions.of(np.random.default_rng(0).dirichlet(np.ones(5), 20_000), np.zeros(20_000, int))
WRITABLE = sorted({kind.suffixes[0] for kind in FORMATS if kind.write})


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 256 kB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    try:
        mount("-t", "tmpfs", "-o", "size=256k", "none", str(folder))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave not a byte of room."""
    rest = folder / "rest"
    with rest.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\1" * 4096)
        except OSError:
            return rest


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("suffix", WRITABLE)
@pytest.mark.parametrize("room", ["none", "too little"])
def test_a_full_disk_keeps_the_old_file(tiny: Path, suffix: str, room: str):
    target = tiny / f"p{suffix}"
    save_predictions(target, SMALL)
    old = target.read_bytes()
    if room == "none":
        fill(tiny)
    before = names(tiny)
    with pytest.raises(FileRefusal, match="the disk is full: free some space"):
        save_predictions(target, LARGE)
    assert target.read_bytes() == old
    assert names(tiny) == before


def test_with_room_again_it_is_saved(tiny: Path):
    target = tiny / "p.npz"
    save_predictions(target, SMALL)
    rest = fill(tiny)
    with pytest.raises(FileRefusal):
        save_predictions(target, SMALL)
    rest.unlink()
    save_predictions(target, SMALL)
    assert open_predictions(target).predictions.labels.tolist() == [1, 0]


def test_a_disk_for_reading_only_keeps_the_old_file(tiny: Path):
    target = tiny / "p.npz"
    save_predictions(target, SMALL)
    old = target.read_bytes()
    mount("-o", "remount,ro", str(tiny))
    with pytest.raises(FileRefusal, match=r"read-only|write-protected"):
        save_predictions(target, SMALL)
    with pytest.raises(FileRefusal, match=r"read-only|write-protected"):
        save_predictions(tiny / "new.npz", SMALL)
    assert target.read_bytes() == old
    assert names(tiny) == ["p.npz"]


# --- what a kill leaves ---------------------------------------------------------------------------


def leave(folder: Path, seconds: float) -> Path:
    """A file that a save was writing so long ago."""
    left = folder / ".lossacc-0123456789ab.part"
    left.write_bytes(b"half")
    then = time.time() - seconds
    os.utime(left, (then, then))
    return left


def test_what_a_killed_save_left_goes_with_the_next(tmp_path: Path):
    left = leave(tmp_path, 2 * YOUNG_SECONDS)
    save_predictions(tmp_path / "p.npz", SMALL)
    assert not left.exists()


def test_what_is_being_written_stays(tmp_path: Path):
    left = leave(tmp_path, 2 * YOUNG_SECONDS)
    with left.open("r+b") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        save_predictions(tmp_path / "p.npz", SMALL)
        assert left.exists()


@pytest.mark.parametrize("name", [".lossacc-mine.part", ".lossacc-0123456789ab.part.bak", "lossacc.part"])
def test_what_others_called_alike_stays(tmp_path: Path, name: str):
    leave(tmp_path, 2 * YOUNG_SECONDS).rename(tmp_path / name)
    save_predictions(tmp_path / "p.npz", SMALL)
    assert (tmp_path / name).exists()


def test_what_was_made_just_now_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(leftovers, "YOUNG_SECONDS", 3600.0)  # whatever time the save takes
    left = leave(tmp_path, 0)
    save_predictions(tmp_path / "p.npz", SMALL)
    assert left.exists()


def test_nothing_is_followed_and_nothing_waits(tmp_path: Path):
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / ".lossacc-00000000000a.part").symlink_to(tmp_path / "mine")
    os.mkfifo(tmp_path / ".lossacc-00000000000b.part")
    for path in tmp_path.glob(".lossacc-*"):
        os.utime(path, (1, 1), follow_symlinks=False)
    save_predictions(tmp_path / "p.npz", SMALL)
    assert (tmp_path / "mine").read_bytes() == b"mine"
