"""What a long history costs: memory a step, and the time of an edit and of its undoing.

``python tests/bench/history.py [--small]`` makes 100,000 edits of single cells. The reference for time is
evaluating all rows anew, in the same run.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication

from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import State
from lossacc_gui.session.document import Document

ROWS, CLASSES = 10_000, 10


def resident() -> int:
    """The memory this process holds, in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the edits")
    steps = 10_000 if parser.parse_args().small else 100_000
    _app = QCoreApplication([])
    rng = np.random.default_rng(0)
    cells = rng.dirichlet(np.ones(CLASSES), ROWS)
    document = Document(State(Predictions.of(cells, rng.integers(0, CLASSES, ROWS))))
    start = perf_counter()
    evaluate(document.state.predictions, document.state.convention)
    whole = perf_counter() - start
    before, start = resident(), perf_counter()
    for i in range(steps):
        row, column, value = np.array([i % ROWS]), np.array([i % CLASSES]), np.array([rng.random()])
        document.edit(SetCells(row, column, value), "Edit")
    took, grown = (perf_counter() - start) / steps, resident() - before
    start = perf_counter()
    for _ in range(steps // 10):
        document.undo()
    undone = (perf_counter() - start) / (steps // 10)
    print(f"{steps:,} edits: {grown / 1e6:.0f} MB, {grown / steps:.0f} bytes a step")
    print(
        f"an edit {1e6 * took:.0f} us, its undoing {1e6 * undone:.0f} us; all rows anew {1e6 * whole:.0f} us"
    )
    document.close()


if __name__ == "__main__":
    main()
