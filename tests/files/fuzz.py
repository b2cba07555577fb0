"""Opens damaged files by the thousand, and reports each that crashes, hangs, grows or is refused badly.

    python -m tests.files.fuzz 10000 [first]

The files are opened in a process of their own, since a library in C may end it: it is started again
behind the file that did.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from tests.files.mutating import damaged

SECONDS, MEMORY = 20.0, 1 << 28
"""What a file may take. The time is that of a hang, on a slow machine too; the memory is what the reader is told
there is, and may grow by."""

HANGS = 300.0
"""After so long the process is ended: nothing is learnt from waiting."""


@dataclass
class Report:
    """What came of it: how many opened and were refused, the slowest, and every fault as a sentence."""

    opened: int = 0
    refused: int = 0
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)


def run(count: int, first: int = 0) -> Report:
    """Open so many damaged files."""
    report, at = Report(), first
    while at < first + count:
        at = _batch(at, first + count, report)
    return report


def _batch(at: int, end: int, report: Report) -> int:
    """Let one process open files until it is through or dies; the number of the next file."""
    command = [sys.executable, "-m", "tests.files.fuzz", "--open", str(at), str(end)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        while at < end:
            ready = select.select([child.stdout], [], [], HANGS)[0]
            line = child.stdout.readline() if ready else ""
            if not line:
                child.kill()
                how = f"ended the process ({_signal(child.wait())})" if ready else "hung"
                report.faults.append(f"{at} {damaged(at)[0]}: {how}")
                return at + 1
            result = json.loads(line)
            report.opened += result["opened"]
            report.refused += not result["opened"]
            report.slowest = max(report.slowest, result["seconds"])
            report.faults += [f"{at} {result['name']}: {fault}" for fault in result["faults"]]
            at += 1
    return at


def _signal(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"


def _open_all(first: int, end: int) -> None:
    """In the child: open the files one after another, a line of JSON for each."""
    warnings.simplefilter("error")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, end):
            print(json.dumps(_open(number, Path(folder))), flush=True)


def _open(number: int, folder: Path) -> dict[str, object]:
    from lossacc_gui.core.predictions import Predictions
    from lossacc_gui.files import FileRefusal, open_labels, open_predictions

    name, data = damaged(number)
    path = folder / f"{number}_{name}"
    path.write_bytes(data)
    rows = Predictions.of([[0.5, 0.25, 0.25]] * 3)
    faults, opened = [], False
    before, start = _peak(), time.process_time()
    for door in (lambda: open_predictions(path, memory=MEMORY), lambda: open_labels(path, rows)):
        try:
            door()
            opened = True
        except FileRefusal as refusal:
            said = str(refusal)
            if not said.startswith(f"{path}: ") or not said.isprintable() or len(said) > len(str(path)) + 700:
                faults.append(f"refused badly: {said[:300]!r}")
        except BaseException as error:  # noqa: BLE001 - the fault that is looked for
            where = traceback.extract_tb(error.__traceback__)[-1]
            faults.append(f"{type(error).__name__}: {error} at {Path(where.filename).name}:{where.lineno}")
    seconds = time.process_time() - start  # a hang, not a busy machine
    if seconds > SECONDS:
        faults.append(f"took {seconds:.1f} s")
    if (grown := _peak() - before) > MEMORY:
        faults.append(f"grew by {grown >> 20} MiB")
    path.unlink()
    return {"name": name, "opened": opened, "seconds": seconds, "faults": faults}


def _peak() -> int:
    """The most memory this process has had, in bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    if sys.argv[1] == "--open":
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        _open_all(int(sys.argv[2]), int(sys.argv[3]))
    else:
        done = run(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
        print(f"{done.opened:,} opened, {done.refused:,} refused, slowest {done.slowest:.2f} s")
        print("\n".join(done.faults) or "no fault")
