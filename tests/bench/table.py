"""The table that the benchmarks print: each figure beside what it is measured against in the same run.

Times are the shortest of several, in milliseconds of the clock. On a machine that does other work, too, the
clock says little, so the last column has the ratio of the processor time, over all cores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

HEAD = f"{'what':<58}{'here':>11}  {'measured against':<33}{'that':>11}{'ratio':>9}{'target':>9}{'':9}{'processor':>9}"


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of the clock, and of the processor."""

    clock: float
    work: float


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured, and what it is measured against; ``target`` is the largest ratio wished for."""

    what: str
    here: Took | float
    against: str
    that: Took | float
    target: float | None = None
    unit: str = "ms"

    def __str__(self) -> str:
        here, that = (size.clock if isinstance(size, Took) else size for size in (self.here, self.that))
        target, met = "", ""
        if self.target is not None:
            target, met = _times(self.target), " met" if here / that <= self.target else " not met"
        sizes = [f"{size:,.{2 if size < 10 else 0}f} {self.unit}" for size in (here, that)]
        work = ""
        if isinstance(self.here, Took) and isinstance(self.that, Took):
            work = _times(self.here.work / self.that.work)
        return (
            f"{self.what:<58}{sizes[0]:>11}  {self.against:<33}{sizes[1]:>11}{_times(here / that):>9}"
            f"{target:>9}{met:<9}{work:>9}"
        ).rstrip()


def show(title: str, lines: list[Line]) -> None:
    """Print a table."""
    print(f"{title}\n{HEAD}", *lines, "", sep="\n", flush=True)


def best(call: Callable[[], object], repeats: int = 7) -> Took:
    """The shortest time of several: the others waited for something else."""
    clocks, works = [], []
    for _ in range(repeats):
        start, worked = perf_counter(), process_time()
        call()
        clocks.append(perf_counter() - start)
        works.append(process_time() - worked)
    return Took(1000 * min(clocks), 1000 * min(works))


def memory(kind: str) -> int:
    """The memory this process holds, in bytes, of a ``kind`` that /proc/self/status names."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{kind}:"))


def _times(ratio: float) -> str:
    return f"1/{1 / ratio:,.0f}" if ratio < 0.1 else f"{ratio:.2f}"
