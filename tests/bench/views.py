"""Measures every view of large matrices: how long its picture takes, where, and how much is drawn.

    python tests/bench/views.py

Milliseconds of each curve and panel, whether a job makes it, the points that reach the screen, and milliseconds
until a stop is obeyed. How long a step of a drag takes is measured by drag.py.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = os.environ.get("LOSSACC_QPA", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.curves.curve import Bands, Bars, Dots, Drawn, Line
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Point, Scene
from lossacc_gui.core.state import Baseline
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.ui.panels import PANELS
from tests.bench.window import sample

SIZES = ((30_000, 10), (200_000, 10), (50_000, 1_000), (5_000_000, 10), (5_000_000, 2))
FRAME_MS = 16.0
TWO = ("threshold", "roc", "precision")
"""Views of thresholds: alone at two classes, where all are; with more, the first has nothing to show."""


def scene_of(evaluation: Evaluation, baseline: Baseline | None) -> Scene:
    """A scene in the middle of work."""
    point = Point("opened", 0.5, 0.5, evaluation.tally.rows, evaluation.predictions.classes, Convention())
    return Scene(evaluation, 7, 1, Rule.RESCALE, (point,), 0, baseline)


def points(picture: Any) -> int:
    """How many points, bars and bands a picture asks to be drawn."""
    if not isinstance(picture, Drawn):
        return 0
    shown = [mark for mark in picture.marks if isinstance(mark, Line | Dots | Bars | Bands)]
    return sum(len(mark.y if isinstance(mark, Bands) else mark.x) for mark in shown)


def timed(draw: Any, scene: Scene) -> tuple[float, Any]:
    """Milliseconds of work, the best of two unless it is slow, and the picture."""
    best, picture = np.inf, None
    for _ in range(2):
        begun = time.thread_time()
        picture = draw(scene)
        best = min(best, 1000 * (time.thread_time() - begun))
        if best > 1000:
            break
    return best, picture


def stopped_after(draw: Any, scene: Scene, whole: float) -> float:
    """Milliseconds from a stop asked for in the middle of the work to its end; NaN where it never obeys."""
    from dataclasses import replace

    asked = threading.Event()
    timer = threading.Timer(whole / 3000, asked.set)
    timer.start()
    begun = time.perf_counter()
    try:
        draw(replace(scene, stop=asked.is_set))
    except Stopped:
        return 1000 * (time.perf_counter() - begun) - whole / 3
    finally:
        timer.cancel()
    return float("nan")


def measure_pictures() -> None:
    """Each picture of each size, with a baseline pinned."""
    for rows, classes in SIZES:
        evaluation = evaluate(Predictions.of(*sample(rows, classes, np.float32)), Convention())
        scene = scene_of(evaluation, Baseline.of("before", evaluation))
        heads = "".join(f"{head:>10}" for head in ("ms", "in a job", "points", "stops ms"))
        print(f"{f'{rows:,} x {classes:,} float32':<26}{heads}")
        whats: tuple[Any, ...] = (*CURVES, *PANELS)
        for what in whats:
            if (what.key not in TWO) if classes == 2 else (what.key == TWO[0]):
                continue
            heavy = bool(what.heavy(scene))
            ms, picture = timed(what.draw, scene)
            stops = stopped_after(what.draw, scene, ms) if heavy and ms > 100 else float("nan")
            slow = "   <- longer than a frame, in the main thread" if ms > FRAME_MS and not heavy else ""
            print(
                f"{what.title:<26}{ms:10.1f}{'yes' if heavy else 'no':>10}{points(picture):10,}{stops:10.0f}{slow}"
            )
        print()


if __name__ == "__main__":
    measure_pictures()
