"""How long the core takes beside bare numpy calls and scikit-learn, as ratios measured in one run.

``python -m tests.bench.core [--small]`` prints a table. The bare calls are argmax, row sum, gather and
logarithm, on one core. "Base" is ``row_scores``: loss, prediction, sum and range check of every row, which is all
that the comparison of libraries, a cell's sweep and a baseline under another convention ask for. "Rows" is
``row_stats``, which an evaluation begins with: the same, and margin, Brier score, ranks and what is possible.
"All" adds the exact tally and every metric of it.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from lossacc_gui.core.convention import Convention, preset
from lossacc_gui.core.evaluation import WORKERS, Evaluation, block_rows, evaluate
from lossacc_gui.core.metrics import METRICS
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.rows import RowStats, Scores, row_scores, row_stats
from tests.bench.table import Line, best, show

SIZES = ((50_000, 1_000, 0.9, 2.0), (5_000_000, 10, 0.55, 1.4))
"""Rows, classes, and the targets of "base" and of "all"."""
Kind = TypeVar("Kind", bound=Scores)
OTHERS = ("sklearn", "keras", "kaggle", "pytorch_logits")


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


def rows_alone(held: Predictions, kind: type[Kind], numbers: Callable[..., Kind]) -> None:
    """Scores or row stats by hand, block by block as ``evaluate`` takes them."""
    found, convention = kind.empty(held.rows), Convention()
    size = block_rows(held.rows, held.classes)

    def fill(start: int) -> None:
        block = slice(start, start + size)
        found.put(block, numbers(held.probs[0, block], held.labels[block], convention))

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(fill, range(0, held.rows, size)))


def read(evaluation: Evaluation) -> None:
    """Every metric of the tally."""
    for metric in METRICS:
        metric.of(evaluation.tally, evaluation.convention)


def everything(held: Predictions, convention: Convention) -> None:
    """Rows, tally, metrics."""
    read(evaluate(held, convention))


def full(rows: int, classes: int, base_target: float, all_target: float) -> list[Line]:
    """Evaluating everything."""
    held, by_hand = matrix(rows, classes), Convention()
    size = f"{rows:,} x {classes:,}"
    calls, slow = best(partial(bare, held)), best(partial(sklearn, held), 1)
    base = best(partial(rows_alone, held, Scores, row_scores))
    alone = best(partial(rows_alone, held, RowStats, row_stats))
    whole = best(partial(everything, held, by_hand))
    lines = [
        Line(f"base, {size} float32", base, "bare numpy calls", calls, base_target),
        Line(f"base, {size} float32", base, "scikit-learn's loss and accuracy", slow, 1 / 12),
        Line(f"rows, {size} float32", alone, "bare numpy calls", calls),
        Line(f"all, {size} float32", whole, "bare numpy calls", calls, all_target),
    ]
    for key in OTHERS:
        took = best(partial(everything, held, preset(key)), 3)
        lines.append(Line(f"all, {size} float32, {key}", took, "bare numpy calls", calls))
    return lines


def refreshed(rows: int, classes: int) -> list[Line]:
    """One edited row, taken in and every metric read: its p(label) to and fro, and another prediction each time."""
    held, convention = matrix(rows, classes), Convention()
    evaluation = evaluate(held, convention)
    row, place = np.array([rows // 2]), (0, rows // 2)
    label = held.labels[rows // 2]
    rival, own = (label + 1) % classes, held.probs[*place, label].copy()

    def refresh(cell: int, values: cycle[float]) -> None:
        held.probs[*place, cell] = next(values)
        evaluation.refresh(row)
        read(evaluation)

    whole = best(partial(everything, held, convention), 3)
    target = 1 / 300 if rows * classes >= 50_000_000 else None
    lines = []
    for what, cell, values in (
        ("an edit", label, (0.99 * own, own)),
        ("an edit that flips its row", rival, (1.0, 0.0)),
    ):
        took = best(partial(refresh, cell, cycle(values)), 2000)
        lines.append(Line(f"{what}, all metrics, {rows:,} x {classes:,}", took, "all", whole, target))
    return lines


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the rows")
    part = 10 if parser.parse_args().small else 1
    for rows, classes, base_target, all_target in SIZES:
        show("evaluating", full(rows // part, classes, base_target, all_target))
    sizes = ((1_000, 10), (100_000, 10), (5_000_000 // part, 10), (50_000 // part, 1_000))
    show("one edit, taken in and all metrics read", [line for size in sizes for line in refreshed(*size)])


if __name__ == "__main__":
    main()
