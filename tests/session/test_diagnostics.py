"""What is copied to find a fault says a lot about the program and nothing about the user."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import lossacc_gui
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Source, State
from lossacc_gui.session import log as logs
from lossacc_gui.session.diagnostics import diagnostics, harmless
from lossacc_gui.session.log import end_log, last_lines, start_log
from tests.session.conftest import Make


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A log that is being written."""
    handler = start_log(tmp_path / "deep" / "l.log")
    yield tmp_path / "deep" / "l.log"
    end_log(handler)


def test_it_names_versions_and_shapes_and_no_name_of_the_user(make: Make):
    held = Predictions.of(np.full((7, 3), 1 / 3, np.float32), [0] * 7, ("anna", "bert", "carl"))
    document = make(State(held, source=Source("secret.csv.gz", "/home/anna/secret.csv.gz")))
    text = diagnostics(document, ["2026-01-01 10:00:00,000 INFO x: opened /home/anna/secret.csv.gz"])
    assert lossacc_gui.__version__ in text
    assert f"Python {sys.version.split()[0]}" in text
    assert "1 × 7 × 3 float32 from .csv.gz" in text
    assert "by_hand" in text
    assert "not recorded" in text
    for secret in ("anna", "bert", "secret", "/home"):
        assert secret not in text


def test_a_stack_is_told_without_what_the_error_said():
    lines = [
        "2026-01-01 10:00:00,000 ERROR lossacc_gui.ui.alarm: unexpected error",
        "Traceback (most recent call last):",
        '  File "/home/anna/venv/lossacc_gui/core/rows.py", line 5, in row_stats',
        "    cells[row]",
        "KeyError: 'anna'",
        "and a second line about anna",
        "lossacc_gui.core.refusal.Refusal: anna: no",
    ]
    assert harmless(lines) == [
        *lines[:2],
        '  File "rows.py", line 5, in row_stats',
        "    cells[row]",
        "KeyError: …",
        "lossacc_gui.core.refusal.Refusal: …",
    ]


def test_the_log_holds_what_the_program_says(path: Path):
    logging.getLogger("lossacc_gui.some.place").info("hello")
    logging.getLogger("another.library").info("not this")
    assert [line.split("place: ")[-1] for line in last_lines(path, 5)] == ["hello"]


def test_the_log_stays_small(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(logs, "MOST_BYTES", 2000)
    handler = start_log(tmp_path / "l.log")
    try:
        for k in range(200):
            logging.getLogger("lossacc_gui").info("line %d of many", k)
    finally:
        end_log(handler)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 3 * 2000
    assert last_lines(tmp_path / "l.log", 1)[0].endswith("line 199 of many")


def test_no_log_is_no_trouble(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    assert start_log(tmp_path / "file" / "l.log") is None
    end_log(None)
    assert last_lines(tmp_path / "none", 5) == []
