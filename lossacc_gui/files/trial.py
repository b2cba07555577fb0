"""Reads files once in a process of their own, where their library may crash over a damaged one.

A library in C that follows a wrong offset ends the whole process, with every edit in it. What the trial
reads is thrown away: nothing comes back but why the file was refused, if it was.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.files.choices import Ambiguous, Choices
from lossacc_gui.files.disk import open_file, size_of, stamp_within
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.registry import format_of

if sys.platform != "win32":
    import resource

SECONDS, PACE = 10, 1 << 20
"""What a trial may compute: so many seconds, which a slow machine may need, and one more for every so many bytes."""

PATIENCE = 120.0
"""Seconds after which a trial that does not compute either, but waits, is ended: for a disk, or for its turn."""

MOST = 1000
"""Letters of a reason; the pipe holds them, so that nobody has to read while the child writes."""

_LEAN = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""What libraries are told in the child: no threads, and no memory set apart beforehand, which counts as used."""

_GOOD: set[tuple[object, ...]] = set()
"""What has been tried with success: the stamps of the files, and how they were read."""

_LOOK = 0.05
_NO_MEMORY, _REFUSED = 3, 4
_TOO_LONG = getattr(signal, "SIGXCPU", 0)
_LINUX_SIZE = Path("/proc/self/statm")
_AGAIN = "copy it again, or save the predictions as .npz"
_START = (
    "import json, os, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from lossacc_gui.files.trial import main; os._exit(main(sys.stdin.read()))"
)
"""At its end nothing is taken down: Arrow aborts now and then when its threads are just beginning."""


def try_first(
    paths: Sequence[Path], progress: Progress, memory: int, choices: Choices, *, labels: bool = False
) -> None:
    """Raise Refusal when reading these files would end this process, or never end; Stopped.

    Files that went well and have not changed since are not tried again. In a bundle there is no interpreter
    to start, and no trial.
    """
    if getattr(sys, "frozen", False):
        return
    size, stamps = 0, []
    for path in paths:  # what is no file needs no trial to be refused
        with open_file(path) as file:
            size += size_of(file)
            stamps.append(stamp_within(file))
    known = (*stamps, memory, choices, labels)
    if known in _GOOD:
        return
    computing = SECONDS + size // PACE
    asked = json.dumps([[str(path) for path in paths], memory, computing, choices.given, labels])
    command = [sys.executable, "-c", _START, json.dumps(sys.path)]
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet, env=os.environ | _LEAN) as child:
        try:
            _tell(child, asked)
            code = _waited(child, PATIENCE + size / PACE, progress)
        finally:
            child.kill()
        said = child.stdout.read() if child.stdout else b""
    if code == _REFUSED:
        raise Refusal(*json.loads(said))
    if code == _NO_MEMORY:
        raise MemoryError
    if code == -_TOO_LONG:
        raise Refusal("file", "it is damaged: the library that reads it comes to no end", _AGAIN)
    if code:
        raise Refusal("file", "it is damaged: the library that reads it crashes over it", _AGAIN)
    _GOOD.add(known)


def _tell(child: subprocess.Popen[bytes], asked: str) -> None:
    """Say what is to be read. By a pipe, since the names of many files are too long for an argument."""
    assert child.stdin is not None
    with suppress(BrokenPipeError), child.stdin as stream:
        stream.write(asked.encode())


def _waited(child: subprocess.Popen[bytes], seconds: float, progress: Progress) -> int:
    """The child's exit status. Raises Refusal when that takes too long; Stopped."""
    end = time.monotonic() + seconds
    while True:
        with suppress(subprocess.TimeoutExpired):
            return child.wait(_LOOK)
        if progress.stop():
            raise Stopped
        if time.monotonic() > end:
            raise Refusal("file", f"it was not read within {seconds:.0f} s", _AGAIN)


def main(asked: str) -> int:
    """In the child: read, and say why the file was refused; a question is raised when it is read again."""
    paths, memory, seconds, given, labels = json.loads(asked)
    known = format_of(Path(paths[0]))
    for module in known.fragile:  # before the limits, since they are of what reading takes
        with suppress(ImportError):
            import_module(module)
    _limit(memory, seconds)
    choices = Choices(tuple((key, value) for key, value in given))
    for path in map(Path, paths):
        try:
            if labels:
                known.read_labels(path, Progress(), memory)
            else:
                known.read(path, Progress(), memory, choices)
        except MemoryError:
            return _NO_MEMORY
        except (Ambiguous, OSError):
            continue
        except Refusal as refusal:
            where = refusal.where if len(paths) == 1 else f"{path.name}, {refusal.where}"
            sys.stdout.write(json.dumps([where, refusal.what[:MOST], refusal.remedy]))
            sys.stdout.flush()
            return _REFUSED
    return 0


def _limit(memory: int, seconds: int) -> None:
    """Let this process have so much more memory and so much more time, and leave no image of it behind."""
    if sys.platform == "win32":
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        end = int(time.process_time()) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (end, end + 1))
        pages = int(_LINUX_SIZE.read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
