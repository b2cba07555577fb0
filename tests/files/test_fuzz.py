"""Damaged files of every kind: none ends the process, hangs, grows, or is refused in anything but a sentence."""

from __future__ import annotations

import os

from tests.files.fuzz import run

COUNT = int(os.environ.get("LOSSACC_FUZZ", "400"))
"""10,000 are opened before a release; the suite opens the first of them."""


def test_damaged_files_are_refused_in_a_sentence():
    report = run(COUNT)
    assert report.faults == []
    assert report.opened + report.refused == COUNT
    assert report.opened > COUNT // 20  # damage that is always seen at once tries nothing
