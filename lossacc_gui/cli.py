"""Reads the command line and picks what to do: window, metrics or figure."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lossacc_gui import __version__
from lossacc_gui.core.convention import PRESETS, Convention, preset
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule
from lossacc_gui.scenarios import SCENARIOS, Scenario, scenario

if TYPE_CHECKING:
    from lossacc_gui.core.detective import Finding
    from lossacc_gui.core.metrics import Metric, Reading, RowMetric
    from lossacc_gui.core.state import State

PROGRAM = "lossacc-gui"

RULES = {"only": Rule.ONLY, "rescale": Rule.RESCALE, "hold": Rule.HOLD}
"""What edit rules are called on the command line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit status: 0, 1 when the input cannot be used, 2 when the call is wrong."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = words[0] if words and words[0] in ("metrics", "figure") else ""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # ∞ and – where the terminal knows no such characters
            stream.reconfigure(errors="replace")
    parser = _parser(name)
    asked = parser.parse_args(words[1:] if name else words)
    if asked.file and asked.scenario:
        parser.error("give a FILE or --scenario, not both")
    if asked.labels and not asked.file:
        parser.error("--labels needs a FILE")
    try:
        return {"metrics": _metrics, "figure": _figure, "": _window}[name](asked)
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


def _parser(name: str) -> argparse.ArgumentParser:
    """The arguments of the window, or of one of the subcommands."""
    about = {
        "": "Open the window. Subcommands: metrics prints numbers, figure writes a picture; "
        f"see {PROGRAM} metrics --help.",
        "metrics": "Print the metrics of predictions.",
        "figure": "Write a picture of the window or of one view; needs no display.",
    }[name]
    parser = argparse.ArgumentParser(f"{PROGRAM} {name}".strip(), description=about, allow_abbrev=False)
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="predictions: .npy, .npz, .csv, .json, .parquet …"
    )
    parser.add_argument("--labels", metavar="FILE", help="a file with the labels")
    keys = [s.key for s in SCENARIOS]
    parser.add_argument(
        "--choose",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="how to read a file that can be read in several ways; the refusal names the choices",
    )
    parser.add_argument("--scenario", choices=keys, metavar="KEY", help=f"a lesson: {', '.join(keys)}")
    keys = [p.key for p in PRESETS]
    parser.add_argument(
        "--convention", choices=keys, metavar="KEY", help=f"how rows become losses: {', '.join(keys)}"
    )
    parser.add_argument("--smoothing", type=float, metavar="A", help="label smoothing, 0 to below 1")
    parser.add_argument("--temperature", type=float, metavar="T", help="what logits are divided by")
    parser.add_argument("--float32", action="store_true", help="compute as float32")
    if name == "metrics":
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument("--epoch", type=int, default=1, metavar="N", help="which of several, from 1")
    else:
        parser.add_argument("--theme", choices=("light", "dark"), help="colours")
    if name == "figure":
        parser.add_argument(
            "--out", required=True, metavar="F.png", help="the picture to write; of a view .svg and .pdf, too"
        )
        parser.add_argument("--view", default="window", metavar="window|KEY", help=f"{', '.join(_views())}")
        parser.add_argument("--size", type=_size, metavar="WxH", help="in pixels, such as 1440x900")
        parser.add_argument("--column", action="store_true", help="a view 85 mm wide, 300 dots an inch")
        parser.add_argument("--row", type=int, metavar="N", help="the row to look at and to mark, from 1")
        parser.add_argument(
            "--class", dest="of", metavar="NAME", help="the class of it; its label if not given"
        )
        parser.add_argument(
            "--rule", choices=RULES, metavar="RULE", help=f"what else moves with its cell: {', '.join(RULES)}"
        )
    if not name:
        parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.set_defaults(parser=parser)
    return parser


def _views() -> list[str]:
    from lossacc_gui.core.curves import CURVES
    from lossacc_gui.ui.panels import PANELS

    return ["window", *(curve.key for curve in CURVES), *(panel.key for panel in PANELS)]


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (
        width.isdigit() and height.isdigit() and 50 <= int(width) <= 10_000 and 50 <= int(height) <= 10_000
    ):
        raise argparse.ArgumentTypeError(f"{text!r} is no size: use WIDTHxHEIGHT, each 50 to 10000")
    return int(width), int(height)


@dataclass(frozen=True, slots=True)
class _Input:
    """What the arguments name: a state, and what was said when it was read."""

    state: State
    notes: tuple[str, ...]
    lesson: Scenario


def _read(asked: argparse.Namespace) -> _Input:
    """The state the arguments ask for. Raises Refusal."""
    from lossacc_gui.core.paging import paged
    from lossacc_gui.core.state import State
    from lossacc_gui.files import open_predictions
    from lossacc_gui.files.choices import Choices

    if not asked.file:
        return _Input(_lesson_state(asked), (), _lesson(asked))
    opened = open_predictions(asked.file, asked.labels, choices=Choices.of(asked.choose))
    convention = _convention(asked, preset("by_hand"))
    state = State(opened.predictions, convention, None, opened.source)
    return _Input(paged(state, opened.image), opened.notes, _lesson(asked))


def _lesson(asked: argparse.Namespace) -> Scenario:
    return scenario(asked.scenario or SCENARIOS[0].key)


def _lesson_state(asked: argparse.Namespace) -> State:
    """The lesson's predictions, read under the convention asked for."""
    state = _lesson(asked).state()
    state.convention = _convention(asked, state.convention)
    return state


def _convention(asked: argparse.Namespace, usual: Convention) -> Convention:
    """The convention asked for, on top of what is ``usual``. Raises Refusal."""
    found = preset(asked.convention) if asked.convention else usual
    if asked.smoothing is not None:
        found = replace(found, smoothing=asked.smoothing)
    if asked.temperature is not None:
        found = replace(found, temperature=asked.temperature)
    return replace(found, single=True) if asked.float32 else found


def _metrics(asked: argparse.Namespace) -> int:
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
    key = asked.convention if asked.convention and not state.convention.extras else state.convention.key
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
    print(f"{state.source.name}: {rows}, convention {', '.join((key, *state.convention.extras))}")
    from lossacc_gui.report.text import table

    print(table(readings, state.convention))
    return 0


def _advised(finding: Finding, convention: Convention) -> str:
    """What looks odd, and what to do about it."""
    from lossacc_gui.core.edits import SetConvention

    edit = None if finding.edit is None else finding.edit(convention)
    if edit is None:
        return finding.text
    if isinstance(edit, SetConvention) and edit.convention.key != "custom":
        return f"{finding.text} {finding.does}: --convention {edit.convention.key}"
    return f"{finding.text} The window offers: {finding.does}."


def _epoch(number: int, epochs: int) -> int:
    """The epoch of that number, counted from 0. Raises Refusal."""
    if 1 <= number <= epochs:
        return number - 1
    remedy = "there is one epoch: leave --epoch out" if epochs == 1 else f"use 1 to {epochs}"
    raise Refusal(f"--epoch {number}", "there is no such epoch", remedy)


def _figure(asked: argparse.Namespace) -> int:
    """Write a picture."""
    if asked.view not in _views():
        asked.parser.error(f"--view {asked.view!r} is unknown: use one of {', '.join(_views())}")
    out = Path(asked.out)
    endings = [".png"] if asked.view == "window" else [".png", ".svg", ".pdf"]
    if out.suffix.lower() not in endings:
        raise Refusal(
            str(out),
            f"{'pictures of the window' if asked.view == 'window' else 'pictures'} are written as "
            f"{', '.join(endings)}, not as {out.suffix or 'a name without ending'!r}",
            f"name it F{endings[0]}",
        )
    given = _read(asked)
    from lossacc_gui.ui.app import Wish, save_figure
    from lossacc_gui.ui.theme import Scheme

    wish = Wish(
        given.lesson,
        state=given.state,
        notes=given.notes,
        scheme=Scheme(asked.theme or "light"),
        cell=_cell(asked, given.state),
        rule=RULES.get(asked.rule),
    )
    save_figure(wish, out, asked.view, asked.size, column=asked.column)
    return 0


def _cell(asked: argparse.Namespace, state: State) -> tuple[int, int] | None:
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


def _window(asked: argparse.Namespace) -> int:
    """Open the window."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")
    ):
        raise Refusal(
            "",
            "there is no display to open a window on",
            f"write a picture instead: {PROGRAM} figure --out F.png",
        )
    from lossacc_gui.files.choices import Choices

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
        Choices.of(asked.choose),
        _lesson_state(asked),
        scheme=scheme,
    )
    return run_window(replace(wish, reopen=not (asked.file or asked.scenario)))
