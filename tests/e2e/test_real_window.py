"""The program on a real screen: keys and a window manager's close, as from a user's hands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from ctypes import CDLL
from pathlib import Path

import pytest

LIBRARIES = ("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1", "libxkbcommon-x11.so.0")

ROOT = Path(__file__).resolve().parents[2]

# Runs the program itself, and tells what the document holds when the window is closed.
PROGRAM = """
import json, sys
from lossacc_gui import cli
from lossacc_gui.ui.window import Window

class Told(Window):
    def closeEvent(self, event):
        self.document.stack.setClean()  # nobody is there to answer a question
        tally = self.document.evaluation.tally
        cells = self.document.state.predictions.probs[0].tolist()
        told = {"hits": tally.hits, "loss": tally.loss_mean, "cells": cells, "step": self.document.step}
        super().closeEvent(event)
        print(json.dumps(told), flush=True)

import lossacc_gui.ui.app
lossacc_gui.ui.app.Window = Told
sys.exit(cli.main([]))
"""


def ready(work, what: str):
    """The first true answer within some seconds."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if answer := work():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited too long for {what}")


@pytest.fixture
def screen(tmp_path):
    """A screen of its own with a window manager, when the machine has what that takes."""
    tools = [shutil.which(name) for name in ("Xvfb", "xdotool", "openbox")]
    if not all(tools):
        pytest.skip("needs Xvfb and xdotool, and openbox")
    try:
        for library in LIBRARIES:
            CDLL(library)
    except OSError as missing:
        pytest.skip(f"Qt opens no window without it: {missing}")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        display = f":{told.readline().strip()}"
    env = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    manager = subprocess.Popen(["openbox", "--sm-disable"], env=env, stderr=subprocess.DEVNULL)
    yield env
    for process in (manager, server):
        process.terminate()
        process.wait(10)


def test_typing_undoing_and_closing_with_real_keys(screen, python, tmp_path):
    def xdotool(*words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=screen, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    done = subprocess.Popen(
        [*python, "-c", PROGRAM],
        cwd=ROOT,
        env=screen,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        window = ready(lambda: xdotool("search", "--onlyvisible", "--name", "lossacc_gui"), "the window")
        number = window.splitlines()[0]
        xdotool("windowactivate", "--sync", number)
        ready(lambda: xdotool("getwindowfocus") == number, "the keyboard")
        xdotool("type", "--delay", "40", "0.3")  # into B of row 2, where the lesson has put the focus
        xdotool("key", "--delay", "60", "Return")
        ready(lambda: "*" in xdotool("getwindowname", number), "the title to say that something has changed")
        xdotool("key", "--delay", "60", "ctrl+z")
        ready(lambda: "*" not in xdotool("getwindowname", number), "undo")
        xdotool("key", "--delay", "60", "ctrl+shift+z")
        ready(lambda: "*" in xdotool("getwindowname", number), "redo")
        xdotool("key", "alt+F4")
        out, err = done.communicate(timeout=20)
    finally:
        done.kill()
        done.wait(10)
    assert done.returncode == 0, err
    told = json.loads(out)
    assert told["cells"][1] == pytest.approx([0.3, 0.3, 0.4])
    assert told["hits"] == 2
    assert told["loss"] == pytest.approx(0.937804, abs=5e-7)
    assert told["step"] == 1
    assert "Traceback" not in err
