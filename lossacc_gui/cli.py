"""Does what the command line asks for: opens the window, prints metrics or writes a figure."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from lossacc_gui.arguments import MENDS, PROGRAM, ROWS, Asked, WrongCall, name_in, parse
from lossacc_gui.core.convention import Convention, preset
from lossacc_gui.core.edits import SetConvention
from lossacc_gui.core.mending import Mend
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.refusals import one_line
from lossacc_gui.input import convention, find, lesson, lesson_state, read

if TYPE_CHECKING:
    from lossacc_gui.core.detective import Finding
    from lossacc_gui.core.metrics import Metric, Reading, RowMetric
    from lossacc_gui.core.predictions import Predictions
    from lossacc_gui.core.state import State
    from lossacc_gui.core.tally import Tally


def main(words: Sequence[str] | None = None) -> int:
    """Run the program; the exit status: 0, 1 when the input cannot be used, 2 when the call is wrong."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed: what is meant for it would go to the other, or to a file opened next
            setattr(sys, name, _closed(os.O_RDONLY if name == "stdout" else os.O_WRONLY))
        elif isinstance(stream, io.TextIOWrapper):  # ∞ and – where the terminal knows no such characters
            stream.reconfigure(errors="replace")
    try:
        return _run(sys.argv[1:] if words is None else words)
    except OSError as problem:  # of standard output: closed, its reader went away, or its disk is full
        _mute(sys.stdout.fileno())
        if not isinstance(problem, BrokenPipeError):
            _say(f"{PROGRAM}: standard output: {problem.strerror}: write it elsewhere")
        return 1


def _closed(how: int) -> TextIO:
    """A stream to nobody, which fails as a closed one does, or swallows all: ``how`` its file is opened."""
    return os.fdopen(os.open(os.devnull, how), "w", encoding="utf-8", closefd=False)


def _run(words: Sequence[str]) -> int:
    """Do what the words ask for; the exit status. Raises OSError when standard output takes no more."""
    try:
        asked = parse(words)
        return {"metrics": _metrics, "figure": _figure, "": _window}[asked.command](asked)
    except WrongCall as reason:
        _say(str(reason))
        return 2
    except Refusal as reason:
        _say(f"{PROGRAM}: {reason}")
        return 1
    except ImportError as problem:
        library, missing, _ = str(problem).partition(": cannot open shared object file")
        if not missing:
            raise
        remedy = f"install the system's package of it; {PROGRAM} metrics works without"
        _say(f"{PROGRAM}: {library}: Qt needs this library, and it is not there: {remedy}")
        return 1
    except (MemoryError, RuntimeError) as problem:
        lacking = _lacking(problem)
        if not lacking:
            raise
        _say(f"{PROGRAM}: {lacking}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:  # of --help, too; at the interpreter's end nobody could say what went wrong
        sys.stdout.flush()


def _lacking(problem: MemoryError | RuntimeError) -> str:
    """What the machine is short of, and the remedy; empty for what is a mistake of the program."""
    if isinstance(problem, MemoryError):
        return "there is not enough memory: close other programs, or take fewer rows"
    if "can't start new thread" in str(problem):
        return "the system allows no more threads: close other programs, or raise the limit (ulimit -u)"
    return ""


def _say(text: str) -> None:
    """Put one line on standard error, if there is anybody to read it."""
    try:
        print(one_line(text), file=sys.stderr, flush=True)
    except OSError:
        _mute(2)


def _mute(stream: int) -> None:
    """Throw away what is still to be written there."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def _metrics(asked: Asked) -> int:
    """Print every metric, without Qt."""
    from lossacc_gui.core.detective import findings
    from lossacc_gui.core.evaluation import evaluate
    from lossacc_gui.core.metrics import EVERY, METRICS
    from lossacc_gui.core.paging import every_row, tally_of_all

    given = read(asked)
    state, epoch = given.state, given.epoch
    predictions = every_row(state)
    odd: Sequence[Finding] = ()
    readings: dict[Metric | RowMetric, Reading]
    if state.page is None:
        found = evaluate(predictions, state.convention, epoch)
        tally, readings = found.tally, {metric: found.read(metric) for metric in EVERY}
        odd = findings(found) if asked.file else ()  # a lesson is odd on purpose
    else:  # without a number of every row
        tally = tally_of_all(predictions, state.convention, epoch)
        readings = {metric: metric.of(tally, state.convention) for metric in METRICS}
    unlike = state.convention.misfit(predictions.classes)
    advice = [_advised(finding, state.convention, predictions.epochs) for finding in odd]
    for said in filter(None, (*given.notes, unlike, *advice)):
        _say(f"{PROGRAM}: {said}")
    key = _key(asked, state.convention)
    if asked.json:
        import json

        from lossacc_gui.report.numbers import as_json

        told = as_json(predictions, epoch, key, state.convention, readings, tally, odd)
        print(json.dumps(told, indent=2, allow_nan=False))
        return 0
    from lossacc_gui.report.text import table

    read_as = ", ".join([key, *([f"rows {asked.rows}"] if asked.rows else ()), *state.convention.extras])
    print(one_line(f"{state.source.name}: {_size(predictions, epoch, tally)}, convention {read_as}"))
    print(table(readings, state.convention))
    return 0


def _size(predictions: Predictions, epoch: int, tally: Tally) -> str:
    """What was counted, in words."""
    from lossacc_gui.core.wording import counted

    size = f"{counted(predictions.rows, 'row')} × {counted(predictions.classes, 'class')}"
    if predictions.epochs > 1:
        size += f", epoch {epoch + 1} of {predictions.epochs}"
    return f"{size}, {tally.unlabelled:,} without a label" if tally.unlabelled else size


def _key(asked: Asked, convention: Convention) -> str:
    """What the convention is called: as it was asked for, where several names are one convention."""
    if asked.convention and convention == preset(asked.convention):
        return asked.convention
    return convention.key


def _advised(finding: Finding, convention: Convention, epochs: int) -> str:
    """What looks odd, and the option that puts it right."""
    edit = None if finding.edit is None else finding.edit(convention)
    option = ""
    if isinstance(edit, SetConvention):
        wanted = edit.convention
        only_rows = wanted == replace(convention, rows=wanted.rows)
        option = f"--rows {name_in(ROWS, wanted.rows)}" if only_rows else f"--convention {wanted.key}"
    elif isinstance(edit, Mend) and edit.how in MENDS.values():
        option = f"--mend {name_in(MENDS, edit.how)}"
    elif isinstance(edit, Mend):  # reads the labels anew, too
        option = f'--choose "axes={"epochs, " if epochs > 1 else ""}classes, rows"'
    return f"{finding.text} {finding.does}: {option}" if option else finding.text


def _figure(asked: Asked) -> int:
    """Write a picture."""
    given = read(asked)
    from lossacc_gui.ui.app import Wish, save_figure
    from lossacc_gui.ui.theme import Scheme

    wish = Wish(
        lesson(asked),
        state=given.state,
        notes=given.notes,
        scheme=Scheme(asked.theme or "light"),
        cell=_cell(asked, given.state),
        epoch=given.epoch,
        rule=asked.rule,
    )
    save_figure(wish, Path(asked.out), asked.view, asked.size, column=asked.column)
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
        raise Refusal(f"--class {asked.of or repr(asked.of)}", "there is no such class", f"use one of {some}")
    return row - 1, names.index(asked.of)


def _window(asked: Asked) -> int:
    """Open the window."""
    find(asked)
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

    scheme = Scheme(asked.theme) if asked.theme else None
    wish = Wish(
        lesson(asked),
        asked.file or "",
        asked.labels or "",
        asked.choices,
        partial(convention, asked),
        lesson_state(asked),
        scheme=scheme,
    )
    return run_window(replace(wish, reopen=not (asked.file or asked.scenario)))
