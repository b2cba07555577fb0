"""Damaged files of every kind: none ends the process, hangs, grows, or is refused in anything but a sentence."""

from __future__ import annotations

from tests.files.fuzz import run
from tests.thorough import THOROUGH

COUNT = 10_000 if THOROUGH else 300


def test_damaged_files_are_refused_in_a_sentence():
    report = run(COUNT)
    assert report.faults == []
    assert report.opened + report.refused == COUNT
    assert report.opened > COUNT // 20  # damage that is always seen at once tries nothing
