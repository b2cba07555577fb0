"""The program as a shell runs it, as often as one likes: importing takes half a second, and happens once.

A process imports all that the program may import, and does nothing else. Each run is a copy of it, with a folder,
an environment and standard streams of its own, which ends as the program ends.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMPORTED = ("lossacc_gui.cli", "lossacc_gui.core.detective", "lossacc_gui.report.text", "lossacc_gui.ui.app")


class Copies:
    """Runs copies of one process, one after the other."""

    def __init__(self, python: Sequence[str], folder: Path) -> None:
        command = [*python, "-m", "tests.e2e.copies"]
        pipe, env = subprocess.PIPE, os.environ | {"PYTHONIOENCODING": "utf-8"}
        self._first = subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)
        self._streams = [folder / "stdout", folder / "stderr"]

    def run(
        self, words: Sequence[str], cwd: Path, env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run the program with these words; what came of it."""
        asked, told = self._first.stdin, self._first.stdout
        assert asked is not None
        assert told is not None
        asked.write(json.dumps([list(words), str(cwd), dict(env), *map(str, self._streams)]) + "\n")
        asked.flush()
        status = int(told.readline())
        out, err = (stream.read_text("utf-8") for stream in self._streams)
        return subprocess.CompletedProcess(list(words), status, out, err)

    def end(self) -> None:
        """End the process that is copied."""
        self._first.communicate()


def serve() -> None:
    """In the process that is copied: make a copy for each line that comes in, and tell how it ended."""
    for name in IMPORTED:
        import_module(name)
    gc.collect()
    gc.freeze()
    while line := sys.stdin.readline():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # libraries have threads, but none at work
            copy = os.fork()
        if not copy:
            become(*json.loads(line))
        _, status = os.waitpid(copy, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def become(words: list[str], cwd: str, env: dict[str, str], *streams: str) -> None:
    """In the copy: be the program, started with these words in this folder."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for number, path in enumerate([os.devnull, *streams]):
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    sys.argv = ["lossacc-gui", *words]
    raise SystemExit(import_module("lossacc_gui.cli").main())


if __name__ == "__main__":
    serve()
