"""The program on a real screen: keys and a window manager's close, as from a user's hands."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.e2e.conftest import ROOT, ready, with_keyboard
from tests.patience import PATIENCE

# Runs the program itself, and tells what the document holds when the window is closed.
PROGRAM = """
import json, sys
from lossacc_gui import cli
from lossacc_gui.ui.window import Window

class Told(Window):
    def closeEvent(self, event):
        # Nobody is there to answer a question.
        self.document.set_saved(self.document.state.source, self.document.revision)
        tally = self.document.evaluation.tally
        cells = self.document.state.predictions.probs[0].tolist()
        told = {"hits": tally.hits, "loss": tally.loss_mean, "cells": cells, "step": self.document.step}
        super().closeEvent(event)
        print(json.dumps(told), flush=True)

import lossacc_gui.ui.app
lossacc_gui.ui.app.Window = Told
sys.exit(cli.main([]))
"""


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
        number = ready(lambda: with_keyboard(xdotool, "lossacc_gui"), "the keyboard")
        xdotool("type", "--delay", "40", "0.3")  # into B of row 2, where the lesson has put the focus
        xdotool("key", "--delay", "60", "Return")
        ready(lambda: "*" in xdotool("getwindowname", number), "the title to say that something has changed")
        xdotool("key", "--delay", "60", "ctrl+z")
        ready(lambda: "*" not in xdotool("getwindowname", number), "undo")
        xdotool("key", "--delay", "60", "ctrl+shift+z")
        ready(lambda: "*" in xdotool("getwindowname", number), "redo")
        xdotool("key", "alt+F4")
        out, err = done.communicate(timeout=PATIENCE)
    finally:
        done.kill()
        done.wait(PATIENCE)
    assert done.returncode == 0, err
    told = json.loads(out)
    assert told["cells"][1] == pytest.approx([0.3, 0.3, 0.4])
    assert told["hits"] == 2
    assert told["loss"] == pytest.approx(0.937804, abs=5e-7)
    assert told["step"] == 1
    assert "Traceback" not in err
