"""What the program writes to: a pipe nobody reads, a full disk, nothing at all."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.told import picture

ROOT = Path(__file__).resolve().parents[2]
FULL = "lossacc-gui: standard output: No space left on device: write it elsewhere"


@pytest.fixture
def shell(python, tmp_path, file):
    """Runs a line of a shell's, in which LOSSACC is the program; Python buffers what it writes, as it does
    where nobody asks it not to, or not."""

    def shell(
        line: str, unbuffered: str = "", stdout: Any = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered}
        line = line.replace("LOSSACC", shlex.join([*python, "-m", "lossacc_gui"]))
        command = ["sh", "-c", line]
        return subprocess.run(
            command, cwd=tmp_path, env=env, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
        )

    return shell


@pytest.mark.parametrize(
    ("words", "unbuffered"), [("metrics p.npz", ""), ("metrics p.npz --json", "1"), ("--help", "")]
)
def test_a_reader_that_goes_away_is_no_error(shell, words, unbuffered):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write) as unread:
        done = shell(f"LOSSACC {words}", unbuffered, stdout=unread)
    assert done.returncode == 1
    assert all(line.startswith("lossacc-gui: ") for line in done.stderr.splitlines())
    assert FULL not in done.stderr.splitlines()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    ("words", "unbuffered"), [("metrics p.npz", ""), ("metrics p.npz", "1"), ("metrics --help", "")]
)
def test_a_full_disk_is_told_in_one_line(shell, words, unbuffered):
    done = shell(f"LOSSACC {words} >/dev/full", unbuffered)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == FULL
    assert "Exception" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("away", ["2>&-", "2>/dev/full"])
def test_numbers_are_told_where_notes_cannot_be(shell, away):
    done = shell(f"LOSSACC metrics p.npz --json {away}")
    assert done.returncode == 0
    assert json.loads(done.stdout)["rows"] == 3
    done = shell(f"LOSSACC --bad {away}")
    assert (done.returncode, done.stdout) == (2, "")


def test_numbers_that_nobody_gets_are_told_of(shell):
    for words in ("metrics p.npz", "--help"):
        done = shell(f"LOSSACC {words} >&-")
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == FULL.replace("No space left on device", "Bad file descriptor")


def test_nothing_has_to_be_open(shell, tmp_path):
    assert shell("LOSSACC metrics p.npz <&- >&- 2>&-").returncode == 1
    assert shell("LOSSACC figure --out x.png --view bars <&- >&- 2>&-").returncode == 0
    assert picture(tmp_path / "x.png")
