"""Opens 20 GB of pixel predictions under a limit of memory, counts them, edits them, and says what it took.

``python -m tests.bench.twenty [--gigabytes 20] [--limit 4]`` makes a sparse file, in which the first
images and every hundredth have numbers. The limit holds for everything but the map of the file itself, which
the system counts as data whether it is touched or not, and gives back when it needs the room.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from lossacc_gui.core.paging import LARGE_ROWS

HEIGHT, WIDTH, CLASSES = 512, 512, 19
IMAGE = HEIGHT * WIDTH * CLASSES * 4


def make(folder: Path, images: int) -> Path:
    """A sparse file of images, and their labels beside it."""
    path = folder / "seg_pred_probs.npy"
    cells = np.lib.format.open_memmap(path, "w+", np.float32, (images, HEIGHT, WIDTH, CLASSES))
    numbers = np.random.default_rng(0).dirichlet(np.ones(CLASSES), (HEIGHT, WIDTH))
    first = range(min(16, images))  # they show which axis has the classes
    for image in {*first, *range(0, images, 100)}:
        cells[image] = numbers
    cells.flush()
    del cells
    labels = np.lib.format.open_memmap(folder / "seg_labels.npy", "w+", np.uint8, (images, HEIGHT, WIDTH))
    labels[::100] = 3
    labels.flush()
    return path


def kilobytes(what: str) -> int:
    """A line of the system's account of this process."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(what))


def say(what: str, since: float) -> None:
    """A line of the report."""
    own, all_in = kilobytes("RssAnon") / 2**20, kilobytes("VmRSS") / 2**20
    print(
        f"{what:<40}{perf_counter() - since:8.1f} s   own memory {own:5.2f} GiB   resident {all_in:5.2f} GiB"
    )


def main() -> None:
    """Print what each thing took."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gigabytes", type=float, default=20)
    asked.add_argument("--limit", type=float, default=4)
    asked.add_argument("--keep", default="", help="a folder for the file, which stays there")
    asked.add_argument("--rows", type=int, default=LARGE_ROWS, help="more rows than these are shown in pages")
    given = asked.parse_args()
    images = max(1, int(given.gigabytes * 1e9 / IMAGE))
    with tempfile.TemporaryDirectory() as gone:
        folder = Path(given.keep or gone)
        path = folder / "seg_pred_probs.npy"
        path = path if path.exists() else make(folder, images)
        size = path.stat().st_size
        limit = int(given.limit * 2**30) + size
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        print(f"{images:,} images, {size / 1e9:.1f} GB, limit {given.limit:g} GiB and the map")
        with patch("lossacc_gui.files.opening.physical_memory", return_value=int(given.limit * 2**30)):
            run(path, given.rows)


def run(path: Path, most: int) -> None:
    """What somebody does with it in a window."""
    from PySide6.QtWidgets import QApplication

    from lossacc_gui.core.edits import SetCells
    from lossacc_gui.scenarios import SCENARIOS
    from lossacc_gui.session.settings import Settings
    from lossacc_gui.ui.app import Wish, make_application, make_window
    from lossacc_gui.ui.theme import Scheme

    _application = make_application()
    window = make_window(Wish(SCENARIOS[0]), Settings(), Scheme.LIGHT)
    window.opening.large_rows = most
    window.show()
    start = perf_counter()
    window.opening.open(str(path))
    window.document.jobs.wait()
    document = window.document
    assert document.state.page is not None, window.strip.text
    say("open, first image shown", start)
    start = perf_counter()
    while not document.counting.done:
        QApplication.processEvents()
        if document.counting.share > 0.3 and document.step == 1:
            document.edit(SetCells(np.array([7]), np.array([1]), np.array([0.5])))
            say(f"edit at {document.counting.share:.0%} counted", start)
            print(window.status._progress.text())
    say("all rows counted", start)
    start = perf_counter()
    document.show_page(document.state.page.count - 1)
    document.jobs.wait()
    QApplication.processEvents()
    say("last image shown", start)
    start = perf_counter()
    document.go_to(1)
    say("undo, on the first image", start)
    print(window.status._source.text(), [tile.shown for tile in window.tools.tiles])
    window.end()
    window.deleteLater()


if __name__ == "__main__":
    main()
