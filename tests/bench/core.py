"""How long the core takes beside bare numpy calls and scikit-learn, as ratios measured in one run.

``python -m tests.bench.core [--small]`` prints a table. "Evaluate" is loss, prediction, row sum, range check
and margin of every row with the exact tally; the bare calls are argmax, row sum, gather and logarithm.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from lossacc_gui.core.convention import PRESETS
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import METRICS
from lossacc_gui.core.predictions import Predictions


def best(call: Callable[[], object], repeats: int = 7) -> float:
    """The shortest time of several, in seconds: the others waited for something else."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return min(times)


def matrix(rows: int, classes: int) -> Predictions:
    """Softmax rows of a model that is right most of the time."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, classes, rows)
    cells = rng.standard_normal((rows, classes), np.float32)
    cells[np.arange(rows), labels] += 4
    np.exp(cells, out=cells)
    cells /= cells.sum(axis=1, keepdims=True)
    return Predictions.of(cells, labels)


def bare(held: Predictions) -> None:
    """What anybody would write first."""
    cells = held.probs[0]
    cells.argmax(axis=1)
    cells.sum(axis=1)
    -np.log(cells[np.arange(len(cells)), held.labels])


def sklearn(held: Predictions) -> None:
    """Cross-entropy and accuracy by scikit-learn."""
    from sklearn.metrics import accuracy_score, log_loss

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        log_loss(held.labels, held.probs[0], labels=range(held.classes))
        accuracy_score(held.labels, held.probs[0].argmax(axis=1))


def full(rows: int, classes: int) -> None:
    """Evaluating everything, by each convention."""
    held = matrix(rows, classes)
    reference = best(lambda: bare(held))
    slow = best(lambda: sklearn(held), 1)
    print(
        f"{rows:,} x {classes:,}: bare numpy calls {1e3 * reference:.0f} ms, scikit-learn {1e3 * slow:.0f} ms"
    )
    for known in PRESETS:
        took = best(partial(evaluate, held, known.convention))
        line = f"{took / reference:5.2f} x bare   scikit-learn {slow / took:5.1f} x slower"
        print(f"  evaluate, {known.key:15} {1e3 * took:7.1f} ms   {line}")


def refreshed(rows: int, classes: int) -> None:
    """One edited row, taken in and every metric read."""
    held = matrix(rows, classes)
    convention = PRESETS[0].convention
    evaluation = evaluate(held, convention)
    row = np.array([rows // 2])

    def refresh() -> None:
        evaluation.refresh(row)
        for metric in METRICS:
            metric.of(evaluation.tally, convention)

    whole = best(lambda: evaluate(held, convention), 3)
    took = best(refresh, 2000)
    print(f"{rows:9,} x {classes:5,} {1e6 * took:7.0f} us   evaluate takes {whole / took:9.0f} x as long")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the rows")
    part = 10 if parser.parse_args().small else 1
    full(50_000 // part, 1_000)
    full(5_000_000 // part, 10)
    print("refresh of one row, all metrics")
    for rows, classes in ((1_000, 10), (100_000, 10), (5_000_000 // part, 10), (50_000 // part, 1_000)):
        refreshed(rows, classes)


if __name__ == "__main__":
    main()
