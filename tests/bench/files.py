"""How long it takes to open a file beside NumPy and pandas on the same file, as ratios measured in one run.

``python -m tests.bench.files [--small]`` prints a table. Opening reads the numbers, finds the labels and checks
both; the references read the numbers alone. The start of a second process, in which some kinds of file are
tried the first time, is shown by itself: it is the same for files of any size.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from lossacc_gui.files import open_predictions, save_predictions, trial
from tests.bench.core import matrix
from tests.bench.table import best


def together(
    ours: Callable[[], object], theirs: Callable[[], object], repeats: int = 5
) -> tuple[float, float]:
    """The shortest time of each, taken in turns, so that a busy moment hits both."""
    times: list[list[float]] = [[], []]
    for _ in range(repeats):
        for call, taken in zip((ours, theirs), times, strict=True):
            start = perf_counter()
            call()
            taken.append(perf_counter() - start)
    return min(times[0]), min(times[1])


def compare(path: Path, name: str, reference: Callable[[Path], object]) -> None:
    """Print how long one file takes to open, and beside a reference."""
    ours, theirs = together(partial(open_predictions, path), partial(reference, path))
    size = path.stat().st_size / 2**20
    print(f"  {path.suffix:9} {size:7.1f} MiB  {1e3 * ours:8.1f} ms   {ours / theirs:6.2f} x {name}")


def load_npz(path: Path) -> object:
    """Every array of an archive."""
    with np.load(path) as arrays:
        return [arrays[name] for name in arrays]


def table(rows: int, classes: int, folder: Path) -> None:
    """Open one matrix in every kind of file there is a reference for."""
    held = matrix(rows, classes)
    print(f"{rows:,} x {classes:,}")
    np.save(folder / "p.npy", held.probs[0])
    compare(folder / "p.npy", "numpy.load", np.load)
    for suffix, name, reference in (
        (".npz", "numpy.load", load_npz),
        (".csv", "pandas.read_csv", pd.read_csv),
        (".json", "json.load + numpy.array", load_json),
        (".parquet", "pandas.read_parquet", pd.read_parquet),
        (".feather", "pandas.read_feather", pd.read_feather),
    ):
        path = folder / f"p{suffix}"
        save_predictions(path, held)
        compare(path, name, reference)
    np.savetxt(folder / "p.txt", held.probs[0])
    compare(folder / "p.txt", "numpy.loadtxt", np.loadtxt)


def load_json(path: Path) -> object:
    """The numbers of a file of JSON, as anybody would load them."""
    import json

    return np.array(json.loads(path.read_bytes())["pred_probs"])


def open_anew(path: Path) -> None:
    """Open a file as if for the first time."""
    trial._GOOD.clear()
    open_predictions(path)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the rows")
    part = 10 if parser.parse_args().small else 1
    for rows, classes in ((100_000 // part, 10), (10_000 // part, 100)):
        with tempfile.TemporaryDirectory() as folder:
            table(rows, classes, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        tiny = Path(folder) / "p.parquet"
        save_predictions(tiny, matrix(3, 3))
        print(f"the trial in a second process: {best(partial(open_anew, tiny), 3).clock:.0f} ms")


if __name__ == "__main__":
    main()
