"""Does what the command line asks for: opens the window, prints metrics or writes a figure."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lossacc_gui.arguments import PROGRAM, ROWS, Asked, WrongCall, parse
from lossacc_gui.core.convention import Convention, preset
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.scenarios import SCENARIOS, Scenario, scenario

if TYPE_CHECKING:
    from lossacc_gui.core.detective import Finding
    from lossacc_gui.core.metrics import Metric, Reading, RowMetric
    from lossacc_gui.core.state import State


def main(words: Sequence[str] | None = None) -> int:
    """Run the program; the exit status: 0, 1 when the input cannot be used, 2 when the call is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # ∞ and – where the terminal knows no such characters
            stream.reconfigure(errors="replace")
    try:
        asked = parse(sys.argv[1:] if words is None else words)
        return {"metrics": _metrics, "figure": _figure, "": _window}[asked.command](asked)
    except WrongCall as reason:
        print(reason, file=sys.stderr)
        return 2
    except Refusal as reason:
        print(f"{PROGRAM}: {reason}", file=sys.stderr)
        return 1
    except OSError as problem:  # of standard output: its reader went away, or its disk is full
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(problem, BrokenPipeError):
            print(f"{PROGRAM}: standard output: {problem.strerror}: write it elsewhere", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


@dataclass(frozen=True, slots=True)
class _Input:
    """What the arguments name: a state, and what was said when it was read."""

    state: State
    notes: tuple[str, ...]
    lesson: Scenario


def _read(asked: Asked) -> _Input:
    """The state the arguments ask for. Raises Refusal."""
    from lossacc_gui.core.paging import paged
    from lossacc_gui.core.state import State
    from lossacc_gui.files import open_predictions

    if not asked.file:
        return _Input(_lesson_state(asked), (), _lesson(asked))
    opened = open_predictions(asked.file, asked.labels, choices=asked.choices)
    convention = _convention(asked, preset("by_hand"))
    state = State(opened.predictions, convention, None, opened.source)
    return _Input(paged(state, opened.image), opened.notes, _lesson(asked))


def _lesson(asked: Asked) -> Scenario:
    return scenario(asked.scenario or SCENARIOS[0].key)


def _lesson_state(asked: Asked) -> State:
    """The lesson's predictions, read under the convention asked for."""
    state = _lesson(asked).state()
    state.convention = _convention(asked, state.convention)
    return state


def _convention(asked: Asked, usual: Convention) -> Convention:
    """The convention asked for, on top of what is ``usual``. Raises Refusal."""
    found = preset(asked.convention) if asked.convention else usual
    if asked.rows is not None:
        found = replace(found, rows=asked.rows)
    if asked.smoothing is not None:
        found = replace(found, smoothing=asked.smoothing)
    if asked.temperature is not None:
        found = replace(found, temperature=asked.temperature)
    return replace(found, single=True) if asked.float32 else found


def _metrics(asked: Asked) -> int:
    """Print every metric, without Qt."""
    from lossacc_gui.core.detective import findings
    from lossacc_gui.core.evaluation import evaluate
    from lossacc_gui.core.metrics import EVERY, METRICS
    from lossacc_gui.core.paging import every_row, tally_of_all
    from lossacc_gui.core.wording import counted

    given = _read(asked)
    state = given.state
    predictions = every_row(state)
    epoch = _epoch(asked.epoch, predictions.epochs)
    odd: Sequence[Finding] = ()
    readings: dict[Metric | RowMetric, Reading]
    if state.page is None:
        found = evaluate(predictions, state.convention, epoch)
        tally, readings = found.tally, {metric: found.read(metric) for metric in EVERY}
        odd = findings(found) if asked.file else ()  # a lesson is odd on purpose
    else:  # without a number of every row
        tally = tally_of_all(predictions, state.convention, epoch)
        readings = {metric: metric.of(tally, state.convention) for metric in METRICS}
    key = _key(asked, state.convention)
    unlike = state.convention.misfit(predictions.classes)
    for said in (
        *given.notes,
        *filter(None, (unlike,)),
        *(_advised(finding, state.convention) for finding in odd),
    ):
        print(f"{PROGRAM}: {said}", file=sys.stderr)
    if asked.json:
        import json

        from lossacc_gui.report.numbers import as_json

        told = as_json(predictions, epoch, key, state.convention, readings, tally, odd)
        print(json.dumps(told, indent=2, allow_nan=False))
        return 0
    rows = f"{counted(predictions.rows, 'row')} × {counted(predictions.classes, 'class')}"
    if predictions.epochs > 1:
        rows += f", epoch {asked.epoch} of {predictions.epochs}"
    if tally.unlabelled:
        rows += f", {tally.unlabelled:,} without a label"
    read_as = [key, *([f"rows {asked.rows}"] if asked.rows else ()), *state.convention.extras]
    print(f"{state.source.name}: {rows}, convention {', '.join(read_as)}")
    from lossacc_gui.report.text import table

    print(table(readings, state.convention))
    return 0


def _key(asked: Asked, convention: Convention) -> str:
    """What the convention is called: as it was asked for, where several names are one convention."""
    if asked.convention and convention == preset(asked.convention):
        return asked.convention
    return convention.key


def _advised(finding: Finding, convention: Convention) -> str:
    """What looks odd, and what to do about it: by an option where one does it."""
    from lossacc_gui.core.edits import SetConvention

    edit = None if finding.edit is None else finding.edit(convention)
    if edit is None:
        return finding.text
    if isinstance(edit, SetConvention):
        wanted = edit.convention
        if wanted == replace(convention, rows=wanted.rows):
            name = next(name for name, rows in ROWS.items() if rows is wanted.rows)
            return f"{finding.text} {finding.does}: --rows {name}"
        if wanted.key != "custom":
            return f"{finding.text} {finding.does}: --convention {wanted.key}"
    return f"{finding.text} The window offers: {finding.does}."


def _epoch(number: int, epochs: int) -> int:
    """The epoch of that number, counted from 0. Raises Refusal."""
    if 1 <= number <= epochs:
        return number - 1
    remedy = "there is one epoch: leave --epoch out" if epochs == 1 else f"use 1 to {epochs}"
    raise Refusal(f"--epoch {number}", "there is no such epoch", remedy)


def _figure(asked: Asked) -> int:
    """Write a picture."""
    assert asked.out is not None  # see arguments
    given = _read(asked)
    from lossacc_gui.ui.app import Wish, save_figure
    from lossacc_gui.ui.theme import Scheme

    wish = Wish(
        given.lesson,
        state=given.state,
        notes=given.notes,
        scheme=Scheme(asked.theme or "light"),
        cell=_cell(asked, given.state),
        rule=asked.rule,
    )
    save_figure(wish, asked.out, asked.view, asked.size, column=asked.column)
    return 0


def _cell(asked: Asked, state: State) -> tuple[int, int] | None:
    """The row and the class asked for, counted from 0; the row's label where no class is. Raises Refusal."""
    predictions = state.predictions
    if asked.row is None and asked.of is None:
        return None
    row = 1 if asked.row is None else asked.row
    if not 1 <= row <= predictions.rows:
        raise Refusal(f"--row {row}", "there is no such row", f"use 1 to {predictions.rows:,}")
    names = predictions.class_names
    if asked.of is None:
        return row - 1, max(0, int(predictions.labels[row - 1]))
    if asked.of not in names:
        some = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        raise Refusal(f"--class {asked.of}", "there is no such class", f"use one of {some}")
    return row - 1, names.index(asked.of)


def _window(asked: Asked) -> int:
    """Open the window."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")
    ):
        raise Refusal(
            "",
            "there is no display to open a window on",
            f"write a picture instead: {PROGRAM} figure --out F.png",
        )
    gc.disable()  # until the window stands: nothing made on the way there is garbage
    from lossacc_gui.ui.app import Wish, run_window
    from lossacc_gui.ui.theme import Scheme

    for path in filter(None, (asked.file, asked.labels)):
        if not Path(path).exists():
            raise Refusal(path, "there is no such file", "check the name")
    scheme = Scheme(asked.theme) if asked.theme else None
    wish = Wish(
        _lesson(asked),
        asked.file or "",
        asked.labels or "",
        asked.choices,
        _lesson_state(asked),
        scheme=scheme,
    )
    return run_window(replace(wish, reopen=not (asked.file or asked.scenario)))
