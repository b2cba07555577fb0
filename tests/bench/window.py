"""Measures the window: its start against a bare one, and an edit until every view is painted.

    python tests/bench/window.py [start] [edits] [scroll] [profile]

All figures of a table come from one run on one machine, so that their ratios mean something.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

os.environ["QT_QPA_PLATFORM"] = os.environ.get("LOSSACC_QPA", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QWidget

START_TARGET = 1.6
FRAME_MS = 16.0
EDIT_TARGETS_MS = {(10_000, 10): (FRAME_MS,), (50_000, 1_000): (12.0, 33.0)}
"""The median, and where there is a second one the 99th percentile, for so many rows and classes."""
STARTS = 9

PAINTED = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

class Paints(QObject):
    seen = 0
    def eventFilter(self, watched, event):
        self.seen += event.type() is QEvent.Type.Paint
        return False

def until_painted(app):
    paints = Paints()
    app.installEventFilter(paints)
    while not paints.seen:
        app.processEvents()
    app.processEvents()
    app.removeEventFilter(paints)
    print(time.monotonic(), time.process_time())
"""
BARE = (
    PAINTED
    + """
import pyqtgraph
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QTableView, QWidget
app = QApplication([])
window = QWidget()
table, plot = QTableView(), pyqtgraph.PlotWidget()
model = QStandardItemModel(3, 3)
for i in range(9):
    model.setItem(i // 3, i % 3, QStandardItem(str(i)))
table.setModel(model)
plot.plot([0, 1, 2], [1, 0, 2])
layout = QHBoxLayout(window)
layout.addWidget(table)
layout.addWidget(plot)
window.resize(1440, 900)
window.show()
until_painted(app)
import os
os._exit(0)
"""
)
OURS = (
    PAINTED
    + """
from lossacc_gui import cli
def exec_(app=None):
    until_painted(QApplication.instance())
    return 0
QApplication.exec = exec_
sys.exit(cli.main([]))
"""
)


def start_of(code: str) -> tuple[float, float]:
    """Seconds from the start of a process to its first painted window, and seconds it computed."""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    end, worked = map(float, done.stdout.split()[:2])
    return end - begun, worked


def measure_start() -> None:
    """Bare and ours by turns, so that a slow moment of the machine meets both."""
    for code in (BARE, OURS):
        start_of(code)  # the first one writes byte code and warms the disk
    bare, ours = [], []
    for _ in range(STARTS):
        bare.append(start_of(BARE))
        ours.append(start_of(OURS))
    heads = "".join(f"{head:>10}" for head in ("median ms", "min ms", "CPU ms"))
    print(f"{'start to first painted window':<40}{heads}")
    medians = []
    for name, runs in (("bare: one table, one plot", bare), ("lossacc-gui", ours)):
        walls, works = [1000 * wall for wall, _ in runs], [1000 * work for _, work in runs]
        medians.append((median(walls), min(walls), median(works)))
        print(f"{name:<40}" + "".join(f"{value:10.0f}" for value in medians[-1]))
    ratios = [mine / theirs for mine, theirs in zip(medians[1], medians[0], strict=True)]
    print(f"{f'ratio (target: median <= {START_TARGET})':<40}" + "".join(f"{r:10.2f}" for r in ratios) + "\n")


class Paints(QObject):
    """Counts what is painted, by widget."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[int] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.seen.add(id(watched))
        return False


def painted_by(view: Any) -> QWidget:
    """The widget that paints a view: a plot's or a table's viewport, or the panel itself."""
    found: QWidget = getattr(view, "table", view)
    return found.viewport() if isinstance(found, QAbstractScrollArea) else found


class Bench:
    """A shown window on a matrix, and edits in it."""

    def __init__(self, cells: NDArray[Any], labels: NDArray[Any]) -> None:
        from lossacc_gui.core.predictions import Predictions
        from lossacc_gui.core.state import Source, State
        from lossacc_gui.scenarios import SCENARIOS
        from lossacc_gui.session.settings import Settings
        from lossacc_gui.ui.app import Wish, make_application, make_window
        from lossacc_gui.ui.theme import Scheme

        self.app = make_application()
        self.draw = np.random.default_rng(3)
        state = State(Predictions.of(cells, labels), source=Source("bench", "bench.npy"))
        self._folder = TemporaryDirectory()  # what somebody's own window remembers has no say
        settings = Settings(Path(self._folder.name) / "settings.ini")
        begun = time.perf_counter()
        self.window = make_window(Wish(SCENARIOS[0], state=state), settings, Scheme.LIGHT)
        self.window.show()
        self.settle()
        self.opened = time.perf_counter() - begun
        self.views: dict[str, QWidget] = {
            key: painted_by(view.view) for key, view in self.window.views.items() if view.in_sight
        }
        self.views["grid"] = self.window.grid.cells.viewport()
        self.views["facts"] = self.window.grid.facts.viewport()
        self.views |= {f"tile {tile.metrics[0].key}": tile for tile in self.window.tools.tiles}
        self.painted: dict[str, int] = dict.fromkeys(self.views, 0)

    def settle(self) -> None:
        """Everything drawn and computed; asleep while jobs compute, as a window is."""
        self.app.processEvents()
        while self.window.curve_jobs.is_busy() or self.window.document.jobs.is_busy():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self.app.processEvents()

    def edits(self, count: int, act: Callable[[int], None] | None = None) -> list[float]:
        """Milliseconds of each edit, from the model's setData to the last painted view."""
        window, model = self.window, self.window.grid.model
        draw = self.draw
        rows, classes = min(15, model.rowCount()), min(8, model.classes)
        times = []
        grid = {id(self.views["grid"]), id(self.views["facts"])}
        self.worked: list[float] = []
        paints = Paints()
        self.app.installEventFilter(paints)
        for i in range(count):
            row, column = int(draw.integers(rows)), int(draw.integers(classes))
            window.focus.go_to(row, column)
            self.settle()
            paints.seen.clear()
            text = repr(float(draw.random()))
            begun, worked = time.perf_counter(), time.process_time()
            if act is None:
                assert model.setData(model.index(row, column), text)
            else:
                act(i)
            self.settle()
            while paints.seen.isdisjoint(grid):  # Qt may put a painting off for some milliseconds
                self.app.processEvents()
            times.append(1000 * (time.perf_counter() - begun))
            self.worked.append(1000 * (time.process_time() - worked))
            for key, widget in self.views.items():
                self.painted[key] += id(widget) in paints.seen
        self.app.removeEventFilter(paints)
        return times

    def scrolled(self, bar: QScrollBar, step: int, count: int = 100) -> tuple[list[float], list[float]]:
        """Milliseconds of each step, to and fro where the end is near: on the clock, and computing."""
        times, works = [], []
        for _ in range(count):
            if not bar.minimum() <= bar.value() + step <= bar.maximum():
                step = -step
            begun, worked = time.perf_counter(), time.process_time()
            bar.setValue(bar.value() + step)
            self.app.processEvents()
            times.append(1000 * (time.perf_counter() - begun))
            works.append(1000 * (time.process_time() - worked))
        return times, works

    def close(self) -> None:
        """Without a question."""
        self.window.document.set_saved(self.window.document.state.source, self.window.document.revision)
        self.window.close()
        self.window.deleteLater()
        self.app.processEvents()
        self._folder.cleanup()


def sample(rows: int, classes: int, dtype: type) -> tuple[NDArray[Any], NDArray[Any]]:
    """Predictions as of a fairly good model."""
    draw = np.random.default_rng(1)
    labels = draw.integers(classes, size=rows)
    cells: NDArray[Any] = draw.random((rows, classes), np.float32).astype(dtype)
    cells **= 8
    cells[np.arange(rows), labels] += 4 * draw.random(rows).astype(dtype)
    cells /= cells.sum(axis=1, keepdims=True)
    return cells, labels


CASES = (
    (3, 3, np.float64, 300),
    (10_000, 10, np.float64, 300),
    (10_000, 10, np.float32, 100),
    (50_000, 1_000, np.float32, 200),
)


def measure_edits() -> None:
    """An edit until every visible view is painted, in matrices of several sizes."""
    columns = ("open ms", "median", "p99", "max", "CPU", "CPU p99", "target", "p99")
    print(f"{'one edit until every view is painted':<36}{''.join(f'{head:>9}' for head in columns)}")
    for rows, classes, dtype, count in CASES:
        bench = Bench(*sample(rows, classes, dtype))
        bench.edits(10)
        bench.painted = dict.fromkeys(bench.painted, 0)
        times = np.array(bench.edits(count))
        targets = "".join(f"{target:6.0f} ms" for target in EDIT_TARGETS_MS.get((rows, classes), ()))
        print(
            f"{f'{rows:,} x {classes:,} {np.dtype(dtype).name}':<36}{1000 * bench.opened:9.0f}"
            f"{np.median(times):9.2f}{np.quantile(times, 0.99):9.2f}{times.max():9.2f}"
            f"{median(bench.worked):9.2f}{np.quantile(bench.worked, 0.99):9.2f}{targets}"
        )
        rare = {key: seen for key, seen in bench.painted.items() if seen < count}
        if rare:
            print(
                "    did not always have to be painted:",
                ", ".join(f"{k} {v}/{count}" for k, v in rare.items()),
            )
        bench.close()
    print()


def measure_scroll() -> None:
    """A step of a scroll bar until both halves of the grid are painted, beside the views and alone."""
    heads = "".join(f"{head:>9}" for head in ("median", "p99", "CPU", "target"))
    for rows, classes in ((50_000, 1_000), (5_000_000, 10)):
        bench = Bench(*sample(rows, classes, np.float32))
        window, grid = bench.window, bench.window.grid
        down, right = grid.facts.verticalScrollBar(), grid.cells.horizontalScrollBar()
        print(f"{f'scrolling {rows:,} x {classes:,}':<36}{heads}")
        for where in ("beside the views", "alone, 1920 x 1080"):
            if where.startswith("alone"):
                window.resize(1920, 1080)
                grid.take_keyboard()
                window.docking.maximise()
                bench.settle()
            for what, bar, step in (
                ("three rows down", down, 90),
                ("a page down", down, down.pageStep()),
                ("right", right, 150),
                ("a page right", right, right.pageStep()),
            ):
                bar.setValue(0)
                bench.settle()
                if bar.maximum() < step:
                    continue
                times, works = bench.scrolled(bar, step)
                print(
                    f"{f'{what}, {where}':<36}{np.median(times):9.2f}{np.quantile(times, 0.99):9.2f}"
                    f"{np.median(works):9.2f}{FRAME_MS:6.0f} ms"
                )
        bench.close()
    print()


def profile() -> None:
    """Where the time of an edit goes."""
    bench = Bench(*sample(10_000, 10, np.float64))
    bench.edits(20)
    with cProfile.Profile() as watch:
        bench.edits(200)
    pstats.Stats(watch).strip_dirs().sort_stats("tottime").print_stats(28)
    pstats.Stats(watch).strip_dirs().sort_stats("cumulative").print_stats(45)
    bench.close()


if __name__ == "__main__":
    asked = sys.argv[1:] or ["start", "edits", "scroll"]
    for name, work in (
        ("start", measure_start),
        ("edits", measure_edits),
        ("scroll", measure_scroll),
        ("profile", profile),
    ):
        if name in asked:
            work()
