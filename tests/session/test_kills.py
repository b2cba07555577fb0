"""Killed at any moment of editing and saving, nothing that was confirmed is lost, and no file is torn."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import numpy as np

from lossacc_gui import files
from lossacc_gui.session.document import Document
from lossacc_gui.session.recovery import find, load
from tests.core.strategies import contents
from tests.session import sitting
from tests.session.restoring import restore_all
from tests.thorough import THOROUGH

SITTING = Path(sitting.__file__)
KILLS = 100 if THOROUGH else 6


class Told:
    """What is there after so many things, from an undisturbed sitting."""

    def __init__(self) -> None:
        self._document = Document(sitting.start())
        self._seen = [self._now()]

    def after(self, n: int) -> tuple[object, ...]:
        """The state after the n-th thing, without baseline and source."""
        while len(self._seen) <= n:
            sitting.do(self._document, len(self._seen) - 1)
            self._seen.append(self._now())
        return self._seen[n]

    def _now(self) -> tuple[object, ...]:
        return contents(self._document.state)[:-2]

    def close(self) -> None:
        self._document.close()


def killed(python: list[str], root: Path, target: Path, seconds: float) -> list[list[str]]:
    """Let a sitting run and kill it; what it had confirmed."""
    child = subprocess.Popen(
        [*python, str(SITTING), str(root), str(target)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    first = child.stdout.readline()
    time.sleep(seconds)
    child.kill()
    rest, _ = child.communicate()
    return [line.split() for line in (first + rest).splitlines() if line.count(" ") == 1]


def last(lines: list[list[str]], word: str, default: int) -> int:
    return max((int(n) for said, n in lines if said == word), default=default)


def check_file(target: Path, saved: int, told: Told) -> int:
    """The file is whole, holds a state that was there, and not one from before the last confirmed save."""
    if not target.exists():
        assert saved == 0
        return 0
    with np.load(target) as archive:
        assert archive["pred_probs"].shape[1] == 4
    project = files.open_project(target)
    assert project is not None
    n = int(project.layout)
    assert n >= saved
    held = files.open_predictions(target).predictions
    assert held.probs.tobytes() == told.after(n)[0]
    return n


def check_journal(root: Path, n_file: int, did: int, told: Told) -> int:
    """What is unsaved comes back, to the last confirmed step."""
    found = find(root)
    if not found:
        assert n_file >= did
        return n_file
    (lost,) = found
    steps = load(lost)
    document = Document(sitting.start())
    try:
        restore_all(document, lost, steps)
        n = sitting.done_in(steps)
        assert did <= n <= did + 1
        assert contents(document.state)[:-2] == told.after(n)
    finally:
        lost.release()
        document.close()
    return n


def kill_many(python: list[str], folder: Path, times: int, seed: int) -> int:
    """Kill a sitting again and again, and look after each; how many things were done in all."""
    root, target, told = folder / "journals", folder / "work.npz", Told()
    draw, did, saved = random.Random(seed), 0, 0
    try:
        for _ in range(times):
            lines = killed(python, root, target, draw.uniform(0, 0.03))
            did, saved = last(lines, "did", did), last(lines, "saved", saved)
            did = check_journal(root, check_file(target, saved, told), did, told)
    finally:
        told.close()
    return did


def test_kills_lose_nothing(qapp, python, tmp_path):
    assert kill_many(python, tmp_path, KILLS, KILLS) >= KILLS  # each sitting did something
