"""The doors to the disk: opening what is really a file, and replacing a file in one step or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.leftovers import PREFIX, SUFFIX, claim, sweep
from lossacc_gui.files.refusals import ChangedSince

Stamp = tuple[int, ...]
"""Device, number, size and time of change in nanoseconds of a file; empty for one that is not there."""

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading, unbuffered; anything else is refused without being touched.

    Looked at first, since merely opening a pipe waits for a writer and opening a device can move it;
    opened without waiting and looked at again, since it may have been swapped between.
    """
    _require_file(_status(path))
    file = os.fdopen(os.open(path, os.O_RDONLY | _BINARY | getattr(os, "O_NONBLOCK", 0)), "rb", buffering=0)
    try:
        _require_file(os.fstat(file.fileno()))
    except Refusal:
        file.close()
        raise
    return file


def size_of(file: BinaryIO) -> int:
    """How many bytes an open file has."""
    return os.fstat(file.fileno()).st_size


def stamp_of(path: str | os.PathLike[str]) -> Stamp:
    """What tells a file from one that took its place or was written to: device, number, size, time.

    Empty when there is no such file.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return ()
    return _stamp(status)


def stamp_within(file: BinaryIO) -> Stamp:
    """The stamp of an open file, with all that was written to it."""
    file.flush()
    return _stamp(os.fstat(file.fileno()))


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def physical_memory() -> int:
    """The bytes of memory of this machine, or of the part of it this process may use."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        memory = 4 << 30  # unknown on this system: what a small machine has
    with suppress(OSError, ValueError):
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return memory


@contextmanager
def replacing(path: Path, expected: Stamp = ()) -> Iterator[BinaryIO]:
    """A new file to write in; when the block ends well it takes the place of ``path`` in one step.

    ``expected`` is the stamp of the file that may be replaced, where only that one may: another raises
    ChangedSince.

    1. a file with a name of its own beside the target (a rename must not cross disks), as new;
    2. written, flushed, and forced to the disk before the rename, or a power cut leaves it empty;
    3. the old file's permission bits, then the rename, then the folder forced to the disk.
    Whatever fails before the rename removes the new file and leaves the old one whole. A link is
    followed: its target is replaced, the link stays.
    """
    mode = _mode_to_keep(path)
    target = Path(os.path.realpath(path))
    sweep(target.parent)
    beside, descriptor = _new_file(target.parent, 0o666 if mode is None else mode | 0o200)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            with suppress(OSError):  # not every disk has permissions; it began with no more than these
                os.chmod(beside, mode)
        if expected and stamp_of(target) not in ((), expected):  # one that is gone can be put back
            raise ChangedSince(path, "saving it", "it has changed since it was opened", "save as another")
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
    _force_folder(target.parent)


def _status(path: Path) -> os.stat_result:
    try:
        return os.stat(path)
    except ValueError as error:  # a NUL, or half a character, in the name
        what = "it holds a NUL character" if "\0" in str(path) else "it holds a character no name can have"
        raise Refusal("file name", what, "check the name") from error


def _require_file(status: os.stat_result) -> None:
    for is_kind, what in _KINDS:
        if is_kind(status.st_mode):
            raise Refusal("file", f"this is {what}", "choose a regular file")


def _mode_to_keep(target: Path) -> int | None:
    """The permission bits of the file that is to be replaced; None when there is none yet."""
    try:
        status = _status(target)
    except FileNotFoundError:
        return None
    _require_file(status)
    if not os.access(target, os.W_OK):
        # A rename asks the folder only and would replace a file that was protected on purpose.
        raise Refusal("file", "it is write-protected", "change its permissions, or choose another name")
    return stat.S_IMODE(status.st_mode) & 0o777


def _new_file(folder: Path, mode: int) -> tuple[Path, int]:
    """A file that did not exist, with these permissions less what the system always takes away."""
    while True:
        beside = folder / f"{PREFIX}{os.urandom(6).hex()}{SUFFIX}"
        with suppress(FileExistsError):
            descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, mode)
            claim(descriptor)
            return beside, descriptor


def _force_folder(folder: Path) -> None:
    """Make the rename last through a power cut, where the system can: not every one opens folders."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
