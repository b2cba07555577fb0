"""What a run of the program said and drew, read as its user reads it."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage


def refused(done: subprocess.CompletedProcess[str], *parts: str) -> str:
    """The one line of a refusal: program, place, what is wrong, what to do."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("lossacc-gui: ")
    for part in parts:
        assert part in lines[0]
    return lines[0]


def picture(path: Path) -> tuple[int, int]:
    """The size of a PNG, by its header."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def looks(path: Path) -> tuple[int, float, float]:
    """How many colours, how much is not the ground, how light the ground is."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF
    values, counts = np.unique(pixels, return_counts=True)
    ground = int(values[counts.argmax()])
    light = sum(((ground >> shift) & 255) for shift in (0, 8, 16)) / 3
    return len(values), 1 - counts.max() / counts.sum(), light


def draws(path: Path) -> bool:
    """Whether a light picture shows something."""
    colours, drawn, light = looks(path)
    return colours > 20 and drawn > 0.02 and light > 230
