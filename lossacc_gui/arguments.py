"""What can be asked for on the command line, and in one line what is wrong with a call."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

from lossacc_gui import __version__
from lossacc_gui.core.convention import PRESETS, Convention, Rows
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule
from lossacc_gui.files.choices import Choices
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

RULED = ("window", "sweep")
"""Of what a picture is another one under another edit rule: where bars may be dragged to, they show only then."""

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
    choose: list[str]
    choices: Choices = Choices()
    scenario: str | None = None
    convention: str | None = None
    rows: Rows | None = None
    smoothing: float | None = None
    temperature: float | None = None
    float32: bool = False
    json: bool = False
    epoch: int = 1
    theme: str | None = None
    out: Path | None = None
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
        parser.add("--epoch", _whole, "N", "which of several, from 1")
    else:
        parser.add("--theme", _one_of(("light", "dark")), "light|dark", "colours")
    if command == "figure":
        _add_figure(parser)
    if not command:
        parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    found, rest = parser.parse_known_args(words[1:] if command else words, Asked(command=command))
    if rest:
        what = "there is no such option" if rest[0].startswith("-") else "there is a FILE already"
        parser.refuse(rest[0], what, f"see {parser.prog} --help")
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
        self.refuse(
            where, what.replace("expected one argument", "its value is missing"), f"see {self.prog} --help"
        )

    def add(
        self, option: str, read: Callable[[str], Value], metavar: str, about: str, dest: str | None = None
    ) -> None:
        """An option with a value, which ``read`` makes of its text, or raises Refusal."""

        def value(text: str) -> Value:
            try:
                return read(text)
            except Refusal as reason:
                self.refuse(f"{option} {text}", reason.what, reason.remedy)

        self.add_argument(option, type=value, metavar=metavar, help=about, dest=dest)


def _add_input(parser: _Parser) -> None:
    keys = [scenario.key for scenario in SCENARIOS]
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="predictions: .npy, .npz, .csv, .json, .parquet …"
    )
    parser.add("--labels", str, "FILE", "a file with the labels")
    parser.add_argument(
        "--choose",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="how to read a file that can be read in several ways; the refusal names the choices",
    )
    parser.add("--scenario", _one_of(keys), "KEY", f"a lesson: {', '.join(keys)}")


def _add_convention(parser: _Parser) -> None:
    keys = [preset.key for preset in PRESETS]
    parser.add("--convention", _one_of(keys), "KEY", f"how rows become losses: {', '.join(keys)}")
    parser.add(
        "--rows", _named(ROWS), "ROWS", f"what is in them, whatever the convention says: {', '.join(ROWS)}"
    )
    parser.add("--smoothing", _smoothing, "A", "label smoothing, 0 to below 1")
    parser.add("--temperature", _temperature, "T", "what logits are divided by")
    parser.add_argument("--float32", action="store_true", help="compute as float32")


def _add_figure(parser: _Parser) -> None:
    keys = views()
    parser.add("--out", Path, "F.png", "the picture to write; of a view .svg and .pdf, too")
    parser.add("--view", _one_of(keys), "window|KEY", ", ".join(keys))
    parser.add("--size", _size, "WxH", "in pixels, such as 1440x900")
    parser.add_argument("--column", action="store_true", help="a view 85 mm wide, 300 dots an inch")
    parser.add("--row", _whole, "N", "the row to look at and to mark, from 1")
    parser.add("--class", str, "NAME", "the class of it; its label if not given", dest="of")
    parser.add("--rule", _named(RULES), "RULE", f"what else moves with its cell: {', '.join(RULES)}")


def views() -> list[str]:
    """The keys of all that there can be a picture of."""
    from lossacc_gui.core.curves import CURVES
    from lossacc_gui.ui.panels import PANELS

    return ["window", *(curve.key for curve in CURVES), *(panel.key for panel in PANELS)]


def _check(asked: Asked) -> None:
    """What options ask of each other. Raises Refusal."""
    if asked.file and asked.scenario:
        raise Refusal(f"--scenario {asked.scenario}", "there is a FILE, too", "leave out one of them")
    for option, given in (("--labels", asked.labels), ("--choose", asked.choose)):
        if given and not asked.file:
            raise Refusal(option, "it is about a FILE, and there is none", "name the predictions, too")
    asked.choices = Choices.of(asked.choose)
    if asked.command == "figure":
        _check_out(asked)
        _check_view(asked)


def _check_out(asked: Asked) -> None:
    """Whether there is a picture to write, of a kind that can be written. Raises Refusal."""
    if asked.out is None:
        raise Refusal("--out", "it is missing", "name the picture to write, such as --out F.png")
    window = asked.view == "window"
    endings = (".png",) if window else (".png", ".svg", ".pdf")
    if asked.out.suffix.lower() not in endings:
        ending = repr(asked.out.suffix) if asked.out.suffix else "a name without ending"
        what = f"pictures{' of the window' if window else ''} are written as {', '.join(endings)}, not as {ending}"
        raise Refusal(f"--out {asked.out}", what, "name it F.png")


def _check_view(asked: Asked) -> None:
    """Whether the picture asked for depends on what is asked of it. Raises Refusal."""
    if asked.column and asked.view == "window":
        raise Refusal("--column", "the window does not fit a column", "name a view, such as --view sweep")
    if asked.column and asked.size is not None:
        raise Refusal("--column", "it gives the size, and so does --size", "leave out one of them")
    if asked.rule is not None and asked.view not in RULED:
        what = f"the picture of --view {asked.view} is the same under every rule"
        raise Refusal("--rule", what, f"leave it out, or use --view {RULED[-1]}")


def _one_of(keys: Iterable[str]) -> Callable[[str], str]:
    return _named({key: key for key in keys})


def _named(values: Mapping[str, Value]) -> Callable[[str], Value]:
    """Reads the name of one of the values."""

    def read(text: str) -> Value:
        if text not in values:
            raise Refusal("", "it is unknown", f"use one of {', '.join(values)}")
        return values[text]

    return read


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Refusal("", "not a whole number", "use one such as 1") from None


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
    width, _, height = text.lower().partition("x")
    if not all(side.isdecimal() and int(side) in SIDES for side in (width, height)):
        remedy = f"use WIDTHxHEIGHT such as 1440x900, each {SIDES[0]} to {SIDES[-1]}"
        raise Refusal("", "not a size", remedy)
    return int(width), int(height)
