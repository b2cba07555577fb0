"""A save is whole or it never was; and what may be neither opened nor written over."""

from __future__ import annotations

import errno
import os
import socket
import stat

import numpy as np
import pytest

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.files import FORMATS, FileRefusal, Progress, open_predictions, save_predictions
from lossacc_gui.files import Stopped as FilesStopped

P = Predictions.of([[0.25, 0.75], [1.0, 0.0]], [1, -1], ["a", "b"])
OLD = b"what was there before"
WRITABLE = [suffix for known in FORMATS if known.write for suffix in known.suffixes]


@pytest.fixture(params=WRITABLE)
def target(request, tmp_path):
    path = tmp_path / f"p{request.param}"
    path.write_bytes(OLD)
    return path


def unchanged(target):
    return target.read_bytes() == OLD and [p.name for p in target.parent.iterdir()] == [target.name]


def full(*_args):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_before_the_rename_leaves_the_old_file(target, monkeypatch, step):
    monkeypatch.setattr(os, step, full)
    with pytest.raises(FileRefusal, match="saving it: the disk is full: free some space") as refused:
        save_predictions(target, P)
    assert str(refused.value).startswith(f"{target}: ")
    monkeypatch.undo()
    assert unchanged(target)


class FullDisk:
    """A file on a disk that is full after some bytes."""

    def __init__(self, file, room):
        self._file, self._room = file, room

    def write(self, data):
        self._room -= len(data)
        if self._room < 0:
            full()
        return self._file.write(data)

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()


@pytest.mark.parametrize("room", [0, 10])
def test_a_full_disk_while_writing_leaves_the_old_file(target, monkeypatch, room):
    real = os.fdopen
    monkeypatch.setattr(os, "fdopen", lambda *args, **more: FullDisk(real(*args, **more), room))
    with pytest.raises(FileRefusal, match="the disk is full"):
        save_predictions(target, P)
    monkeypatch.undo()
    assert unchanged(target)


def test_a_limit_of_the_system_itself_leaves_the_old_file(target):
    resource = pytest.importorskip("resource", reason="needs limits on files")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    many = Predictions.of(np.random.default_rng(1).random((50_000, 3)))  # which no packing makes small
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(FileRefusal, match="the file would be too large for this disk"):
            save_predictions(target, many)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert unchanged(target)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (errno.EROFS, "this place is read-only: choose another place"),
        (errno.EACCES, "you are not allowed to: change its permissions"),
    ],
)
def test_a_place_that_takes_no_new_file(target, monkeypatch, code, message):
    def closed(*_args):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "open", closed)  # root is bound by no permissions
    with pytest.raises(FileRefusal, match=f"saving it: {message}"):
        save_predictions(target, P)
    monkeypatch.undo()
    assert unchanged(target)


def test_stop_leaves_the_old_file(target):
    assert Stopped is FilesStopped
    with pytest.raises(Stopped):
        save_predictions(target, P, progress=Progress(stop=lambda: True))
    assert unchanged(target)


def test_progress_rises_to_one(target):
    seen: list[float] = []
    many = Predictions.of(np.ones((100_000, 3)))
    save_predictions(target, many, progress=Progress(lambda fraction, what: seen.append(fraction)))
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_the_new_file_takes_the_old_ones_place_and_permissions(target):
    target.chmod(0o640)
    save_predictions(target, P)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert [p.name for p in target.parent.iterdir()] == [target.name]
    assert open_predictions(target).predictions.labels.tolist() == [1, -1]


def test_it_is_secret_from_the_start_when_the_old_file_was(target, monkeypatch):
    target.chmod(0o600)
    seen = []
    real = os.fsync

    def look(descriptor):
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    save_predictions(target, P)
    assert seen[0] == 0o600


def test_a_new_file_has_the_usual_permissions(tmp_path):
    (tmp_path / "usual").touch()
    save_predictions(tmp_path / "p.npz", P)
    assert (tmp_path / "p.npz").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_what_an_interrupted_save_left_is_no_obstacle(target, monkeypatch):
    left = target.with_name(".lossacc-aa.part")
    left.write_bytes(OLD)
    drawn = iter([b"\xaa", b"\xaa", b"\xbb"])
    monkeypatch.setattr("lossacc_gui.files.disk.os.urandom", lambda _count: next(drawn))
    save_predictions(target, P)
    assert left.read_bytes() == OLD
    assert sorted(p.name for p in target.parent.iterdir()) == sorted([left.name, target.name])
    assert open_predictions(target).predictions.labels.tolist() == [1, -1]


def test_a_link_stays_a_link(tmp_path, target):
    link = tmp_path / "elsewhere" / target.name
    link.parent.mkdir()
    link.symlink_to(target)
    save_predictions(link, P)
    assert link.is_symlink()
    assert [p.name for p in link.parent.iterdir()] == [link.name]
    assert open_predictions(target).predictions.labels.tolist() == [1, -1]


def test_a_mapped_file_can_be_saved_over_what_it_came_from(tmp_path):
    save_predictions(tmp_path / "q.npz", P)
    np.save(tmp_path / "p.npy", P.probs[0])
    mapped = open_predictions(tmp_path / "p.npy", memory=0)
    assert mapped.source.mapped
    save_predictions(tmp_path / "q.npz", mapped.predictions)
    np.testing.assert_array_equal(open_predictions(tmp_path / "q.npz").predictions.probs, P.probs)


def test_a_protected_file_is_not_replaced(target, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write to anything
    with pytest.raises(FileRefusal, match="it is write-protected: change its permissions"):
        save_predictions(target, P)
    assert unchanged(target)


@pytest.mark.skipif(os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_folder_one_may_not_write_to(target):
    target.parent.chmod(0o500)
    try:
        with pytest.raises(FileRefusal, match="saving it: you are not allowed to"):
            save_predictions(target, P)
        assert unchanged(target)
    finally:
        target.parent.chmod(0o700)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "p.npy",
            r"format: \.npy files are read and not written: labels or names would be lost: save as one of \.npz",
        ),
        ("p.doc", r"format: \.doc files cannot be written: save as one of"),
        ("p", "the name has no ending that says what it holds"),
        ("none/p.npz", "saving it: there is no such file or folder: check the name"),
        ("file/p.npz", "saving it: a folder in its path is a file"),
        ("folder.npz", "file: this is a folder: choose a regular file"),
        ("x" * 300 + ".npz", "saving it: the name is too long"),
        ("a\0b.npz", "it holds a NUL character"),
        ("a\ud800b.npz", "it holds a character no name can have"),
    ],
)
def test_places_that_are_none(tmp_path, name, message):
    (tmp_path / "file").touch()
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(FileRefusal, match=message) as refused:
        save_predictions(tmp_path / name, P)
    assert str(refused.value).isprintable()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder.npz"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("p.doc", r"format: \.doc files cannot be read: use one of \.npy \.npz \.csv \.tsv"),
        ("p", r"the name has no ending that says what it holds: use one of"),
        ("p.pt", r"if you trust it, re-save it: numpy\.save\(.*torch\.load"),
        ("p.PTH", r"torch\.load"),
        ("p.pkl", r"pickle\.load"),
        ("p.pickle", r"pickle\.load"),
        ("p.joblib", r"joblib\.load"),
        ("gone.npy", "reading it: there is no such file or folder: check the name"),
        ("gone.csv/p.npy", "there is no such file"),
        ("a\0b.csv", "it holds a NUL character"),
        ("new\nline.csv", r"new\\nline\.csv: reading it"),
    ],
)
def test_names_that_cannot_be_opened(tmp_path, name, message):
    with pytest.raises(FileRefusal, match=message) as refused:
        open_predictions(tmp_path / name)
    assert str(refused.value).isprintable()
    assert refused.value.path == str(tmp_path / name)


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".csv"])
def test_pipes_devices_sockets_and_folders_are_refused_and_not_waited_for(tmp_path, suffix):
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    (tmp_path / f"device{suffix}").symlink_to("/dev/zero")
    (tmp_path / f"terminal{suffix}").symlink_to("/dev/tty")
    (tmp_path / f"circle{suffix}").symlink_to(tmp_path / f"circle{suffix}")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(tmp_path, os.O_RDONLY)  # a socket's path must be short
        try:
            listening.bind(f"/proc/self/fd/{here}/socket{suffix}")
        finally:
            os.close(here)
        for path in tmp_path.iterdir():
            with pytest.raises(FileRefusal, match=r"this is a (pipe|folder|device|socket)|a circle"):
                open_predictions(path)
            if suffix != ".npy":
                with pytest.raises(FileRefusal, match=r"this is a (pipe|folder|device|socket)|a circle"):
                    save_predictions(path, P)


def test_too_little_memory_is_said(tmp_path, monkeypatch):
    np.save(tmp_path / "p.npy", P.probs[0])

    def empty(*_args):
        raise MemoryError

    monkeypatch.setattr("lossacc_gui.files.npy.np.empty", empty)
    with pytest.raises(FileRefusal, match="reading it: there is not enough memory: close other programs"):
        open_predictions(tmp_path / "p.npy")


def test_an_error_the_table_does_not_know_is_told_as_the_system_tells_it(tmp_path, monkeypatch):
    np.save(tmp_path / "p.npy", P.probs[0])

    def broken(*_args):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("lossacc_gui.files.npy.read_header", broken)
    with pytest.raises(FileRefusal, match="reading it: Input/output error: try again"):
        open_predictions(tmp_path / "p.npy")
