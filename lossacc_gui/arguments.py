"""What can be asked for on the command line, and in one line what is wrong with a call."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from lossacc_gui import __version__
from lossacc_gui.core.convention import PRESETS, Convention, Rows
from lossacc_gui.core.mending import Mending
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.refusals import short
from lossacc_gui.scenarios import SCENARIOS

PROGRAM = "lossacc-gui"

COMMANDS = {
    "": f"Open the window. Subcommands: metrics prints numbers, figure writes a picture; see {PROGRAM} metrics --help.",
    "metrics": "Print the metrics of predictions.",
    "figure": "Write a picture of the window or of one view; needs no display.",
}
"""The subcommands, and what they do; the one without a name is the window."""

ROWS = {rows.value.replace(" ", "-"): rows for rows in Rows}
"""What cells can be taken to be, as the command line calls it."""

RULES = {"only": Rule.ONLY, "rescale": Rule.RESCALE, "hold": Rule.HOLD}
"""What edit rules are called on the command line."""

MENDS = {
    "percent": Mending.PERCENT,
    "softmax": Mending.UNSOFTMAX,
    "labels": Mending.LABELS_DOWN,
    "columns": Mending.COLUMNS,
}
"""What can be mended in a file, as the command line calls it; whose axes are exchanged, ``--choose`` reads."""

_CELL = ("window", "sweep", "losses", "surprise", "margin", "reliability", "threshold", "roc", "precision")

SHOWN = {"--row": (*_CELL, "bars"), "--class": _CELL, "--rule": ("window", "sweep")}
"""Of which pictures an option makes another one. For all others it is refused: nothing would come of it."""

SIDES = range(50, 10_001)
"""How many pixels wide and high a picture may be."""

Value = TypeVar("Value")


class WrongCall(Exception):
    """A call that no file could make right: the place, the value and the remedy, behind the command's name."""


class Asked(argparse.Namespace):
    """What a call asks for; what it leaves out, or its command does not have, is as here."""

    command: str = ""
    file: str | None = None
    labels: str | None = None
    choose: Sequence[str] | None = None
    choices: Choices = Choices()
    scenario: str | None = None
    convention: str | None = None
    rows: Rows | None = None
    mend: Sequence[Mending] | None = None
    smoothing: float | None = None
    temperature: float | None = None
    float32: bool = False
    json: bool = False
    epoch: int = 1
    theme: str | None = None
    out: str = ""
    view: str = "window"
    size: tuple[int, int] | None = None
    column: bool = False
    row: int | None = None
    of: str | None = None
    rule: Rule | None = None


def parse(words: Sequence[str]) -> Asked:
    """What the words of a call ask for. Raises WrongCall."""
    command = words[0] if words and words[0] in COMMANDS else ""
    parser = _Parser(f"{PROGRAM} {command}".strip(), description=COMMANDS[command], allow_abbrev=False)
    _add_input(parser)
    _add_convention(parser)
    if command == "metrics":
        parser.add_argument("--json", action="store_true", help="print JSON")
    else:
        parser.add("--theme", _one_of(("light", "dark")), "light|dark", "colours")
    if command:
        parser.add("--epoch", _count, "N", "which of several epochs, from 1")
        about = f"what to put right in the file, where it looks odd: {', '.join(MENDS)}"
        parser.add("--mend", _named(MENDS), "WHAT", about, action="append")
    if command == "figure":
        _add_figure(parser)
    if not command:
        parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    found, rest = parser.parse_known_args(words[1:] if command else words, Asked(command=command))
    if rest := [word for word in rest if word != "--"]:  # argparse leaves it where no name follows
        if rest[0].startswith("-"):
            parser.refuse(rest[0], "there is no such option", f"see {parser.prog} --help")
        remedy = "name its labels with --labels" + ("" if command else ", or begin with metrics or figure")
        parser.refuse(rest[0], f"there is a FILE already, {found.file}", remedy)
    try:
        _check(found)
    except Refusal as reason:
        parser.refuse(reason.where, reason.what, reason.remedy)
    return found


class _Parser(argparse.ArgumentParser):
    """One that tells in one line what is wrong."""

    def refuse(self, where: str, what: str, remedy: str) -> NoReturn:
        raise WrongCall(f"{self.prog}: {where}: {what}: {remedy}")

    def error(self, message: str) -> NoReturn:
        """What argparse itself finds: an option without its value, or with one too many."""
        where, _, what = message.removeprefix("argument ").partition(": ")
        if what == "expected one argument":
            self.refuse(where, "its value is missing", f"write {where}=…")
        what = what.replace("ignored explicit argument", "it takes no value, and there is")
        self.refuse(where, what, f"see {self.prog} --help")

    def add(self, option: str, read: Callable[[str], Value], metavar: str, about: str, **how: Any) -> None:
        """An option with a value, which ``read`` makes of its text, or raises Refusal."""

        def value(text: str) -> Value:
            try:
                return read(text)
            except Refusal as reason:
                self.refuse(f"{option} {short(text) or repr(text)}", reason.what, reason.remedy)

        self.add_argument(option, type=value, metavar=metavar, help=about, **how)


def _add_input(parser: _Parser) -> None:
    keys = [scenario.key for scenario in SCENARIOS]
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="predictions: .npy, .npz, .csv, .json, .parquet …"
    )
    parser.add("--labels", str, "FILE", "a file with the labels")
    about = "how to read a file that can be read in several ways; the refusal names the choices"
    parser.add("--choose", str, "KEY=VALUE", about, action="append")
    parser.add("--scenario", _one_of(keys), "KEY", f"a lesson: {', '.join(keys)}")


def _add_convention(parser: _Parser) -> None:
    keys = [preset.key for preset in PRESETS]
    parser.add("--convention", _one_of(keys), "KEY", f"how rows become losses: {', '.join(keys)}")
    parser.add(
        "--rows", _named(ROWS), "ROWS", f"what rows hold, whatever the convention says: {', '.join(ROWS)}"
    )
    parser.add("--smoothing", _smoothing, "A", "label smoothing, 0 to below 1")
    parser.add("--temperature", _temperature, "T", "what logits are divided by")
    parser.add_argument("--float32", action="store_true", help="compute as float32")


def _add_figure(parser: _Parser) -> None:
    keys = views()
    parser.add("--out", str, "F.png", "the picture to write, never left out; of a view .svg and .pdf, too")
    parser.add("--view", _one_of(keys), "window|KEY", f"what to draw: {', '.join(keys)}")
    parser.add("--size", _size, "WxH", "in pixels, such as 1440x900")
    parser.add_argument("--column", action="store_true", help="a view 85 mm wide, 300 dots an inch")
    parser.add("--row", _count, "N", "the row to look at and to mark, from 1")
    parser.add("--class", str, "NAME", "the class of it; its label if not given", dest="of")
    parser.add("--rule", _named(RULES), "RULE", f"what else moves with its cell: {', '.join(RULES)}")


def views() -> list[str]:
    """The keys of all that there can be a picture of."""
    from lossacc_gui.core.curves import CURVES
    from lossacc_gui.ui.panels import PANELS

    return ["window", *(curve.key for curve in CURVES), *(panel.key for panel in PANELS)]


def _check(asked: Asked) -> None:
    """What options ask of each other. Raises Refusal."""
    for place, name in (("FILE", asked.file), ("--labels", asked.labels)):
        if name == "":  # what a shell makes of a variable that is not set
            raise Refusal(place, "the name is empty", "name a file, or leave it out")
    if asked.file and asked.scenario:
        raise Refusal(f"--scenario {asked.scenario}", "there is a FILE, too", "leave out one of them")
    for option, given in (("--labels", asked.labels), ("--choose", asked.choose), ("--mend", asked.mend)):
        if given and not asked.file:
            raise Refusal(option, "it is about a FILE, and there is none", "name the predictions, too")
    asked.choices = Choices.of(asked.choose or ())
    if asked.command == "figure":
        _check_out(asked)
        _check_view(asked)


def _check_out(asked: Asked) -> None:
    """Whether there is a picture to write, of a kind that can be written. Raises Refusal."""
    if not asked.out:
        raise Refusal("--out", "it is missing", "name the picture to write, such as --out F.png")
    window, ending = asked.view == "window", Path(asked.out).suffix
    endings = (".png",) if window else (".png", ".svg", ".pdf")
    if ending.lower() not in endings:
        ending = repr(ending) if ending else "a name without ending"
        what = f"pictures{' of the window' if window else ''} are written as {', '.join(endings)}, not as {ending}"
        raise Refusal(f"--out {asked.out}", what, "name it F.png")


def _check_view(asked: Asked) -> None:
    """Whether the picture asked for depends on what is asked of it. Raises Refusal."""
    if asked.column and asked.view == "window":
        raise Refusal("--column", "the window does not fit a column", "name a view, such as --view sweep")
    if asked.column and asked.size is not None:
        raise Refusal("--column", "it gives the size, and so does --size", "leave out one of them")
    for option, given in (("--row", asked.row), ("--class", asked.of), ("--rule", asked.rule)):
        if given is not None and asked.view not in SHOWN[option]:
            what = f"the picture of --view {asked.view} is the same with and without it"
            raise Refusal(option, what, f"leave it out, or use one of {', '.join(SHOWN[option])}")


def name_in(names: Mapping[str, object], wanted: object) -> str:
    """What the command line calls it."""
    return next(name for name, value in names.items() if value is wanted)


def _one_of(keys: Iterable[str]) -> Callable[[str], str]:
    return _named({key: key for key in keys})


def _named(values: Mapping[str, Value]) -> Callable[[str], Value]:
    """Reads the name of one of the values."""

    def read(text: str) -> Value:
        if text not in values:
            raise Refusal("", "it is unknown", f"use one of {', '.join(values)}")
        return values[text]

    return read


def _count(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{,17}", text):
        raise Refusal("", "not a whole number from 1 on", "use one such as 1")
    return int(text)


def _smoothing(text: str) -> float:
    return _number(text, "0.1", lambda value: Convention(smoothing=value))


def _temperature(text: str) -> float:
    return _number(text, "1.5", lambda value: Convention(temperature=value))


def _number(text: str, such_as: str, make: Callable[[float], Convention]) -> float:
    """A number that a convention can be made with."""
    try:
        value = float(text)
        make(value)
    except Refusal as reason:
        raise Refusal("", "out of range", reason.remedy) from None
    except ValueError:
        raise Refusal("", "not a number", f"use one such as {such_as}") from None
    return value


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,5})x([0-9]{1,5})", text.lower())
    width, height = map(int, found.groups()) if found else (0, 0)
    if width not in SIDES or height not in SIDES:
        remedy = f"use WIDTHxHEIGHT such as 1440x900, each {SIDES[0]} to {SIDES[-1]}"
        raise Refusal("", "not a size", remedy)
    return width, height
