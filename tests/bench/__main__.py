"""Every benchmark, one after the other, each in a process of its own: ``python tests/bench [--small]``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

for name in ("core", "opening", "files", "history", "window", "views"):
    more = [] if name in ("window", "views") else sys.argv[1:]
    subprocess.run([sys.executable, str(Path(__file__).with_name(f"{name}.py")), *more], check=True)
