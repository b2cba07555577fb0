"""A file larger than the memory there is: opened, counted, edited and undone within a limit of the system."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

LIMIT = 1


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs Linux, which can limit a program's data"
)
def test_pixels_are_counted_within_a_limit_of_memory():
    words = ["--gigabytes", "0.3", "--limit", str(LIMIT), "--rows", "500000"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.twenty", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "all rows counted" in done.stdout
    assert "3,932,160 × 19" in done.stdout
    assert all(float(own) < LIMIT for own in re.findall(r"own memory +([\d.]+)", done.stdout))
