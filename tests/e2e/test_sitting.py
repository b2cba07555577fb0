"""A sitting with a spreadsheet's hands, on a real screen, beside another program's clipboard."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from lossacc_gui import files
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.evaluation import evaluate
from tests.e2e.conftest import ROOT, ready, with_keyboard
from tests.patience import PATIENCE

START = [[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6], [0.4, 0.35, 0.25]]
TEXT = "cat,dog,fox,label\n0.5,0.3,0.2,cat\n0.1,0.6,0.3,fox\n0.2,0.2,0.6,fox\n0.4,0.35,0.25,dog\n"

# Tells after every change and move what the document holds, and where the current cell is on the screen.
TELLING = """
import json, sys
from PySide6.QtCore import QTimer
from lossacc_gui import cli
from lossacc_gui.ui.window import Window

class Telling(Window):
    def __init__(self, *words):
        super().__init__(*words)
        self.document.changed.connect(self.tell)
        self.focus.moved.connect(self.tell)
        self.focus.listed.connect(self.tell)
        self.saving.saved.connect(self.tell)

    def tell(self, *_):
        QTimer.singleShot(0, self.tell_now)  # when all that follows has happened

    def tell_now(self):
        held, cells = self.document.state.predictions, self.grid.cells
        place = cells.visualRect(cells.currentIndex())
        corner = cells.viewport().mapToGlobal(place.topLeft())
        print(json.dumps({
            "cells": held.probs[0].tolist(), "labels": held.labels.tolist(),
            "loss": self.document.evaluation.tally.loss_mean, "hits": self.document.evaluation.tally.hits,
            "step": self.document.step, "saved": self.document.is_saved,
            "at": [self.focus.row, self.focus.column],
            "order": [self.grid.model.data_row(row) for row in range(self.grid.model.rowCount())],
            "place": [corner.x(), corner.y(), place.width(), place.height()],
        }), flush=True)

import lossacc_gui.ui.app
lossacc_gui.ui.app.Window = Telling
sys.exit(cli.main(sys.argv[1:]))
"""


class Program:
    """The program on a screen: keys and a mouse go in, what it tells comes out."""

    def __init__(self, screen, python, path) -> None:
        self.env = screen
        self.process = subprocess.Popen(
            [*python, "-c", TELLING, str(path)],
            cwd=ROOT,
            env=screen,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.told: list[dict[str, Any]] = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.told.append(json.loads(line))

    def xdotool(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=self.env, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def key(self, *keys: str) -> None:
        self.xdotool("key", "--delay", "60", *keys)

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", "40", text)

    def until(self, what: str, **holds: Any) -> dict[str, Any]:
        """What it tells once these hold: each a value, or a function of one."""

        def held() -> bool:
            return bool(self.told) and all(
                wanted(self.told[-1][key]) if callable(wanted) else self.told[-1][key] == wanted
                for key, wanted in holds.items()
            )

        try:
            ready(held, what)
        except AssertionError as late:
            raise AssertionError(f"{late}; it told {self.told[-1:]}") from None
        return self.told[-1]

    def end(self) -> str:
        """Close it if it is still open; what it complained about."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        with self.process.stdout, self.process.stderr as errors:
            return errors.read()


def copied_elsewhere(screen: dict[str, str], text: str) -> None:
    """Another program copies this, and holds it."""
    copy = ["xclip", "-selection", "clipboard"]
    subprocess.run(copy, input=text, text=True, env=screen, stdout=subprocess.DEVNULL, check=True)


def pasted_elsewhere(screen: dict[str, str]) -> str:
    """What another program would paste."""
    read = ["xclip", "-selection", "clipboard", "-o"]
    return subprocess.run(read, env=screen, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "predictions.csv"
    path.write_text(TEXT)
    return path


@pytest.fixture
def program(screen, python, path):
    """The program with that file open and the keyboard in its grid."""
    if not shutil.which("xclip"):
        pytest.skip("needs xclip, for the clipboard of another program")
    program = Program(screen, python, path)
    try:
        ready(lambda: with_keyboard(program.xdotool, "predictions"), "the keyboard")
        yield program
    finally:
        errors = program.end()
    assert "Traceback" not in errors


def type_and_tab(program: Program, step: int) -> None:
    program.type("0.25")
    program.key("Tab")
    program.type("0,5")
    program.key("Return")
    assert program.until("typing, tabbing", step=step + 2)["cells"][0] == [0.25, 0.5, 0.2]
    program.until("Return to go down, to where Tab began", at=[1, 0])
    program.key("ctrl+End", "Right")  # the label of the last row
    program.until("the last row", at=lambda at: at[0] == 3)
    program.type("do")  # is dog already: no step
    program.key("Return", "Up")
    program.type("ca")
    program.key("Return")
    assert program.until("a label by a part of its name", step=step + 3)["labels"] == [0, 2, 0, 1]


def paste(program: Program, step: int) -> None:
    copied_elsewhere(program.env, "0,2;0,3;0,5\r\n0,7;0,2;0,1\r\n")
    program.key("ctrl+Home", "Down")
    program.until("the second row", at=[1, 0])
    program.key("ctrl+v")
    told = program.until("the paste of another program's block", step=step + 1)
    assert told["cells"] == [[0.25, 0.5, 0.2], [0.2, 0.3, 0.5], [0.7, 0.2, 0.1], [0.4, 0.35, 0.25]]


def step_and_pull(program: Program, step: int) -> None:
    program.xdotool("keydown", "alt")
    program.key("Up", "Up", "Up", "Prior", "Right")
    program.xdotool("keyup", "alt")
    told = program.until("steps", step=step + 1, cells=lambda cells: cells[1][0] == 0.331)
    x, y, width, height = told["place"]
    middle = str(y + height // 2)
    program.xdotool("mousemove", str(x + width // 4), middle, "mousedown", "2")
    for share in (0.35, 0.5, 0.75):
        program.xdotool("mousemove", str(x + round(width * share)), middle)
    program.xdotool("mouseup", "2")
    pulled = program.until("a hand that pulls", step=step + 2, cells=lambda cells: cells[1][0] > 0.8)
    assert pulled["cells"][1][0] == pytest.approx(0.831, abs=0.02)


def sort_and_copy(program: Program) -> None:
    program.key("F7")  # by cat
    program.until("the rows by cat", order=[1, 2, 3, 0])  # the largest first
    program.key("shift+F7")
    program.until("the file's order", order=[0, 1, 2, 3])
    program.key("ctrl+Home", "shift+Right", "ctrl+c")
    ready(
        lambda: pasted_elsewhere(program.env).rstrip("\n") == "0.25\t0.5", "the copy to reach another program"
    )


def undo_and_redo(program: Program, opened: int) -> dict[str, Any]:
    last = program.told[-1]
    for step in range(last["step"], opened, -1):
        program.key("ctrl+z")
        program.until("undo", step=step - 1)
    assert program.told[-1]["cells"] == START
    assert program.told[-1]["labels"] == [0, 2, 2, 1]
    program.key(*["ctrl+shift+z"] * (last["step"] - opened))
    return program.until("redo", step=last["step"], cells=last["cells"], labels=last["labels"])


def save_and_close(program: Program, target: Path) -> None:
    program.key("ctrl+shift+s")
    ready(lambda: with_keyboard(program.xdotool, "^Save predictions$"), "the dialog to have the keyboard")
    program.type(str(target))
    program.key("Return")
    program.until("the save", saved=True)
    program.key("alt+F4")
    assert program.process.wait(PATIENCE) == 0


def test_what_hands_did_is_what_the_file_holds(program, tmp_path):
    opened = program.until("the file", cells=START, labels=[0, 2, 2, 1])["step"]
    type_and_tab(program, opened)
    paste(program, opened + 3)
    step_and_pull(program, opened + 4)
    sort_and_copy(program)
    last = undo_and_redo(program, opened)
    target = tmp_path / "saved.npz"
    save_and_close(program, target)
    saved = files.open_predictions(target).predictions
    assert saved.probs[0].tolist() == last["cells"]
    assert saved.labels.tolist() == last["labels"]
    assert saved.class_names == ("cat", "dog", "fox")
    fresh = evaluate(saved, Convention())
    assert (fresh.tally.loss_mean, fresh.tally.hits) == (last["loss"], last["hits"])
