"""What can be asked for in a call, and the one line that says what is wrong with one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lossacc_gui.arguments import MENDS, ROWS, RULES, SHOWN, WrongCall, parse, views
from lossacc_gui.core.convention import Rows
from lossacc_gui.core.mending import Mending
from lossacc_gui.core.rules import Rule
from lossacc_gui.files.choices import Choices


def wrong(words: Sequence[str], *parts: str) -> str:
    """The line that says so: program and command, place, what is wrong, what to do."""
    with pytest.raises(WrongCall) as caught:
        parse(words)
    line = str(caught.value)
    command = words[0] if words[0] in ("metrics", "figure") else ""
    assert line.startswith(f"{f'lossacc-gui {command}'.strip()}: {parts[0]}")
    assert line.count(": ") >= 3
    for part in parts:
        assert part in line
    return line


def test_what_is_left_out_is_as_the_program_has_it():
    for words in ([], ["metrics"], ["figure", "--out", "x.png"]):
        asked = parse(words)
        assert asked.command == (words[0] if words else "")
        assert (asked.file, asked.labels, asked.rows, asked.view, asked.epoch) == (
            None,
            None,
            None,
            "window",
            1,
        )
        assert asked.choices == Choices()


def test_everything_is_read():
    call = "figure p.npy --labels y.npy --choose array=a --choose axes=b --convention keras --rows as-typed"
    call += " --smoothing 0.1 --temperature 2 --float32 --epoch 3 --mend percent --mend labels --theme dark"
    call += " --out x.PNG --view window --size 1440X900 --row 7 --class cat --rule hold"
    asked = parse(call.split())
    assert (asked.file, asked.labels, asked.convention, asked.theme) == ("p.npy", "y.npy", "keras", "dark")
    assert asked.choices.given == (("array", "a"), ("axes", "b"))
    assert (asked.rows, asked.smoothing, asked.temperature, asked.float32) == (Rows.AS_TYPED, 0.1, 2, True)
    assert (asked.epoch, asked.mend) == (3, [Mending.PERCENT, Mending.LABELS_DOWN])
    assert (asked.out, asked.size, asked.row, asked.of, asked.rule) == (
        "x.PNG",
        (1440, 900),
        7,
        "cat",
        Rule.HOLD,
    )


def test_words_after_two_dashes_are_names():
    assert parse(["metrics", "--json", "--", "--json"]).file == "--json"
    assert parse(["metrics", "a.npz", "--"]).file == "a.npz"
    assert parse(["metrics", "--"]).file is None
    wrong(["metrics", "a.npz", "--", "b.npz"], "b.npz: there is a FILE already, a.npz")


def test_every_name_of_the_core_can_be_asked_for():
    assert set(ROWS.values()) == set(Rows)
    assert set(RULES.values()) == set(Rule)
    assert set(MENDS.values()) | {Mending.TRANSPOSE} == set(Mending)  # axes are a choice of the file


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        ("--no-such-option", ("--no-such-option: ", "see lossacc-gui --help")),
        ("--json", ("--json: there is no such option", "see lossacc-gui --help")),
        ("--theme blue", ("--theme blue: ", "use one of light, dark")),
        ("metric a.npy", ("a.npy: there is a FILE already, metric", "begin with metrics or figure")),
        ("metrics a b", ("b: there is a FILE already, a", "name its labels with --labels")),
        ("metrics --jso", ("--jso: there is no such option",)),
        (
            "metrics --json=3",
            ("--json: it takes no value, and there is '3'", "see lossacc-gui metrics --help"),
        ),
        ("metrics --convention nothing", ("--convention nothing: ", "use one of by_hand, sklearn, ")),
        ("metrics --convention", ("--convention: its value is missing", "write --convention=…")),
        ("metrics --labels --json", ("--labels: its value is missing", "write --labels=…")),
        ("metrics --rows percent", ("--rows percent: ", "use one of as-typed, normalised, logits")),
        ("metrics --scenario nothing", ("--scenario nothing: ", "use one of ", "outlier")),
        ("metrics a.npy --scenario outlier", ("--scenario outlier: there is a FILE, too", "leave out one")),
        ("metrics --labels y.npy", ("--labels: ", "name the predictions")),
        ("metrics --choose array=x", ("--choose: ", "name the predictions")),
        ("metrics --mend percent", ("--mend: ", "name the predictions")),
        ("metrics a.npy --mend all", ("--mend all: ", "use one of percent, softmax, labels, columns")),
        ("a.npy --mend percent", ("--mend: there is no such option",)),
        ("metrics a.npy --choose colour=red", ("--choose: 'colour=red' is no choice", "array=…")),
        ("metrics --temperature abc", ("--temperature abc: not a number", "such as 1.5")),
        ("metrics --temperature 0", ("--temperature 0: out of range", "a finite number above 0")),
        ("metrics --temperature=", ("--temperature '': not a number", "such as 1.5")),
        ("metrics --smoothing 1", ("--smoothing 1: out of range", "a number below 1")),
        ("metrics --smoothing -0.1", ("--smoothing -0.1: out of range", "use 0 for none")),
        ("metrics --epoch x", ("--epoch x: not a whole number",)),
        ("metrics --epoch 0", ("--epoch 0: not a whole number from 1 on",)),
        ("figure", ("--out: it is missing", "--out F.png")),
        ("figure --out=", ("--out: it is missing", "--out F.png")),
        ("figure --out x.bmp", ("--out x.bmp: ", "not as '.bmp'", "name it F.png")),
        ("figure --out x --view plane", ("--out x: ", ".png, .svg, .pdf", "a name without ending")),
        ("figure --out x.svg", ("--out x.svg: pictures of the window are written as .png", "F.png")),
        ("figure --out x.png --view nothing", ("--view nothing: ", "use one of window, sweep, plane")),
        ("figure --out x.png --size 0x0", ("--size 0x0: not a size", "such as 1440x900, each 50 to 10000")),
        ("figure --out x.png --size 49x900", ("--size 49x900: not a size",)),
        ("figure --out x.png --size 900x10001", ("--size 900x10001: not a size",)),
        ("figure --out x.png --size wide", ("--size wide: not a size", "such as 1440x900")),
        ("figure --out x.png --row 3.5", ("--row 3.5: not a whole number from 1 on", "use one such as 1")),
        ("figure --out x.png --rule bad", ("--rule bad: ", "use one of only, rescale, hold")),
        ("figure --out x.png --column", ("--column: ", "name a view, such as --view sweep")),
        (
            "figure --out x.png --view plane --column --size 500x300",
            ("--column: it gives the size, and so does --size", "leave out one"),
        ),
    ],
)
def test_a_wrong_call_is_told_in_one_line(call, parts):
    wrong(call.split(), *parts)


def test_a_name_that_is_empty_is_no_name_left_out():
    for words in (["metrics", ""], ["figure", "--out", "x.png", ""], [""]):
        wrong(words, "FILE: the name is empty", "leave it out")
    wrong(["metrics", "p.npy", "--labels", ""], "--labels: the name is empty")


def test_a_long_value_is_told_short():
    digits = "9" * 5000
    for option in ("--row", "--epoch", "--size", "--temperature", "--view"):
        assert len(wrong(["figure", "--out", "x.png", option, digits], f"{option} 999")) < 400


@pytest.mark.parametrize("key", views())
def test_a_picture_that_would_not_show_it_takes_no_option(key):
    for option, value in (("--row", "2"), ("--class", "B"), ("--rule", "hold")):
        words = ["figure", "--out", "x.png", "--view", key, option, value]
        if key in SHOWN[option]:
            parse(words)
        else:
            wrong(words, f"{option}: ", f"--view {key}", f"use one of {', '.join(SHOWN[option])}")
