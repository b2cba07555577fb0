"""Opening a file of 200 MB in a window that runs: how long until its numbers stand, and what memory it takes.

``python -m tests.bench.opening [--small]`` prints a table. The time runs from the command to open until the
accuracy tile has been painted with the file's accuracy. Each memory figure is of a process of its own: what a
window with the file holds more than the same window held before.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from unittest.mock import patch

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench.table import Line, Took, best, memory, show

MB = 1e6
ALLOWED = 150
"""Megabytes a window may take besides the file's bytes."""

SETTLED_MS = 1000
"""Milliseconds after which a window stands and has loaded what it needs."""


def write(folder: Path, rows: int, classes: int) -> Path:
    """A matrix with its labels beside it."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, classes, rows)
    cells = rng.random((rows, classes), np.float32)
    cells[np.arange(rows), labels] += 0.5
    cells /= cells.sum(axis=1, keepdims=True)
    np.save(folder / "big_pred_probs.npy", cells)
    np.save(folder / "big_labels.npy", labels)
    return folder / "big_pred_probs.npy"


def opened(path: Path, mapped: bool) -> None:
    """Print the milliseconds to open a file, by the clock and of the processor, and the megabytes then held more:
    of its own, and mapped."""
    from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

    from lossacc_gui.core.metrics import ACCURACY
    from lossacc_gui.scenarios import SCENARIOS
    from lossacc_gui.session.settings import Settings
    from lossacc_gui.ui.app import Wish, make_application, make_window
    from lossacc_gui.ui.theme import Scheme
    from lossacc_gui.ui.tiles import FittingLabel

    class Painted(QObject):
        """Stops the clock when the last line of a tile is painted with what a file says, then ends a loop."""

        took: tuple[float, ...] = ()

        def eventFilter(self, _: QObject, event: QEvent) -> bool:
            new = tile.shown != lesson and bool(window.document.state.source.path)
            if event.type() is QEvent.Type.Paint and new and not self.took:
                self.took = 1000 * (perf_counter() - start), 1000 * (process_time() - worked)
                loop.quit()  # once what goes on is done
            return False

    if mapped:  # a file larger than a quarter of the memory there is
        patch("lossacc_gui.files.opening.physical_memory", lambda: 2 * path.stat().st_size).start()
    app = make_application()
    window = make_window(Wish(SCENARIOS[0]), Settings(), Scheme.LIGHT)
    window.show()
    painted, loop = Painted(), QEventLoop()
    QTimer.singleShot(SETTLED_MS, loop.quit)
    loop.exec()
    tile = next(tile for tile in window.tools.tiles if ACCURACY in tile.metrics)
    lesson, *_, line = tile.shown, *tile.findChildren(FittingLabel)
    line.installEventFilter(painted)
    before = [memory(kind) for kind in ("RssAnon", "RssFile")]
    start, worked = perf_counter(), process_time()
    window.opening.open(str(path))
    loop.exec()
    while window.curve_jobs.is_busy() or window.document.jobs.is_busy():
        app.processEvents()
    grown = [(memory(kind) - had) / MB for kind, had in zip(("RssAnon", "RssFile"), before, strict=True)]
    print(*painted.took, *grown)
    sys.stdout.flush()
    os._exit(0)  # a window that holds edits would ask


def in_another_process(path: Path, how: str) -> list[float]:
    """The figures of one opening."""
    call = [sys.executable, __file__, "--open", str(path), "--how", how]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


def loaded(path: Path) -> None:
    """What anybody would write to see which classes are predicted."""
    np.load(path).argmax(axis=1)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the rows")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--how", default="read", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.open:
        opened(asked.open, asked.how == "mapped")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), 5_000 if asked.small else 50_000, 1_000)
        size = path.stat().st_size / MB
        reads = [in_another_process(path, "read") for _ in range(5)]
        mapped = in_another_process(path, "mapped")
        calls = best(lambda: loaded(path), 5)
        what = f"a {size:.0f} MB .npy to painted tiles"
        kept = "memory of its window over an empty one"
        took = Took(min(run[0] for run in reads), min(run[1] for run in reads))
        grown = min(own + file for _, _, own, file in reads)
        lines = [
            Line(what, took, "np.load and argmax", calls, 1.0),
            Line(kept, grown, "its bytes", size, 1 + ALLOWED / size, "MB"),
            Line(f"{kept}, mapped", mapped[2], "its bytes", size, ALLOWED / size, "MB"),
        ]
        show("opening", lines)


if __name__ == "__main__":
    main()
