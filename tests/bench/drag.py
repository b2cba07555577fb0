"""Measures frames while something is dragged, against bare plots of pyqtgraph that are filled anew each time.

    python tests/bench/drag.py [quick] [profile]

A step is one move of the mouse until everything that changed is painted: grid, tiles, sentences and all views of
the layout Learn, and the view whose handle is dragged; the cell sweep is dragged in the other layouts, too. The
reference paints as many bare plots as there are views in sight, each of 1,000 points. Milliseconds are those the
main thread works: on a machine that does other work, too, the clock says little. MNIST and 20news are read from
the folder that LOSSACC_DATA names.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = os.environ.get("LOSSACC_QPA", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from lossacc_gui.core.rules import Rule
from tests.bench.window import Bench, Paints, sample

STEPS, WARM = 120, 15
LONGEST = 0.1
"""Where a step paints nothing, the next is made after so many seconds."""

FRAME_MS = 16.0
POINTS = 1_000
SIZES = ((1280, 800), (1920, 1080))
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Times = NDArray[np.float64]


def data() -> Iterator[tuple[str, NDArray[Any], NDArray[Any]]]:
    """Predictions of several sizes, with a name."""
    yield "3 x 3", *sample(3, 3, np.float64)
    yield "300 x 2", *sample(300, 2, np.float64)
    if folder := os.environ.get("LOSSACC_DATA"):
        for name in ("mnist", "20news"):
            yield name, *(np.load(Path(folder) / f"{name}_{part}.npy") for part in ("pred_probs", "labels"))
    yield "50,000 x 1,000", *sample(50_000, 1_000, np.float32)


def steps(app: QApplication, seen: QWidget, step: Callable[[int], None], count: int) -> Times:
    """Milliseconds the main thread works on each step, until ``seen`` is painted."""
    paints = Paints()
    app.installEventFilter(paints)
    times = []
    for i in range(count + WARM):
        paints.seen.clear()
        begun = time.thread_time()
        step(i)
        end = time.monotonic() + LONGEST
        while id(seen) not in paints.seen and time.monotonic() < end:  # Qt puts a painting off for a while
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)
            time.sleep(0.0005)
        times.append(1000 * (time.thread_time() - begun))
    app.removeEventFilter(paints)
    return np.array(times[WARM:])


def bare(app: QApplication, plots: int, size: tuple[int, int], count: int) -> Times:
    """The same of a window with nothing but plots of pyqtgraph, each with other numbers each time."""
    window = QWidget()
    layout = QHBoxLayout(window)
    curves = []
    for _ in range(plots):
        plot = pg.PlotWidget()
        plot.setYRange(-1, 1)
        curves.append(plot.plot(antialias=True))
        layout.addWidget(plot)
    window.resize(*size)
    window.show()
    app.processEvents()
    x = np.linspace(0.0, 20.0, POINTS)

    def step(i: int) -> None:
        for curve in curves:
            curve.setData(x, np.sin(x + 0.1 * i))

    times = steps(app, plot.viewport(), step, count)
    window.close()
    window.deleteLater()
    app.processEvents()
    return times


class Hand:
    """A mouse that holds the handle of a view and goes to and fro."""

    def __init__(self, bench: Bench, key: str) -> None:
        self.view: Any = bench.window.views[key].view
        if key == "bars":
            column = bench.window.focus.column
            at = next(i for i, bar in enumerate(self.view.bars) if bar.column == column)
            room = self.view.bar_rect(at, self.view.picture.high)
            self.start = room.center()
        else:
            room = self.view.scales.area
            self.start = QPointF(
                self.view.scales.seen_at(self.view.drawn.handle.x, 0.0).x(), room.center().y()
            )
        self.middle, self.far = room.center(), 0.4 * room.width()
        self._send(QEvent.Type.MouseButtonPress, self.start)

    def move(self, i: int) -> None:
        """One step: a pixel or two, as a hand moves."""
        way = abs((3 * i) % int(4 * self.far) - 2 * self.far) - self.far
        self._send(QEvent.Type.MouseMove, self.middle + QPointF(way, 0.0))

    def release(self) -> None:
        """Let go."""
        self._send(QEvent.Type.MouseButtonRelease, self.start)

    def _send(self, kind: QEvent.Type, at: QPointF) -> None:
        where = QPointF(self.view.mapToGlobal(QPoint(0, 0))) + at
        QApplication.sendEvent(self.view, QMouseEvent(kind, at, where, LEFT, LEFT, NONE))


def dragged(bench: Bench, key: str, count: int, layout: str = "learn") -> Times:
    """Milliseconds of each step of a drag of the handle of this view, beside those of a layout."""
    window = bench.window
    window.docking.choose(layout)
    if not window.views[key].in_sight:
        window.views[key].dock.toggle()
    window.focus.set_rule(Rule.RESCALE)
    window.focus.go_to(2, 1)
    bench.settle()
    hand = Hand(bench, key)
    times = steps(bench.app, hand.view, hand.move, count)
    hand.release()
    bench.settle()
    return times


def measure(count: int) -> None:
    """A line for each data set, size of the window and view."""
    heads = "".join(f"{head:>9}" for head in ("best", "median", "p99", "bare", "ratio", "target"))
    print(f"{'a step of a drag until painted, ms of work':<52}{heads}")
    for name, cells, labels in data():
        bench = Bench(cells, labels)
        for size in SIZES:
            bench.window.resize(*size)
            bench.settle()
            plots = sum(view.in_sight for view in bench.window.views.values())
            reference = float(np.median(bare(bench.app, plots, size, count // 2)))
            keys = ["sweep", "bars", "temperature", *(["threshold"] if cells.shape[1] == 2 else [])]
            cases = [(key, "learn") for key in keys]
            if size == SIZES[0]:
                cases += [("sweep", "diagnose"), ("sweep", "report")]
            for key, layout in cases:
                beside = "" if layout == "learn" else f" in {layout}"
                show(
                    f"{name}, {size[0]} x {size[1]}, {key}{beside}",
                    dragged(bench, key, count, layout),
                    reference,
                )
        bench.close()


def show(said: str, times: Times, reference: float) -> None:
    """Print a line."""
    middle = float(np.median(times))
    print(
        f"{said:<52}{times.min():9.2f}{middle:9.2f}{np.quantile(times, 0.99):9.2f}"
        f"{reference:9.2f}{middle / reference:9.2f}{FRAME_MS:6.0f} ms",
        flush=True,
    )


def profile() -> None:
    """Where the time of a step goes."""
    bench = Bench(*sample(10_000, 10, np.float32))
    with cProfile.Profile() as watch:
        dragged(bench, "sweep", STEPS)
    pstats.Stats(watch).strip_dirs().sort_stats("tottime").print_stats(40)
    bench.close()


if __name__ == "__main__":
    if "profile" in sys.argv:
        profile()
    else:
        measure(STEPS // 4 if "quick" in sys.argv else STEPS)
