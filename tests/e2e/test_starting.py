"""A start that fails does not fail in silence."""

from __future__ import annotations

import os
import subprocess

from tests.e2e.conftest import ROOT

FAILING = """
import lossacc_gui.ui.app
from lossacc_gui import cli

def fail(window):
    raise RuntimeError("a broken journal")

lossacc_gui.ui.app.keep_journal = fail
cli.main([])
"""


def test_why_is_said_on_the_terminal_and_in_the_log(python, tmp_path):
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    env |= {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE")}
    done = subprocess.run(
        [*python, "-c", FAILING],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "RuntimeError: a broken journal" in done.stderr
    (log,) = (tmp_path / "data").rglob("*.log")
    assert "RuntimeError: a broken journal" in log.read_text()


INTERRUPTED = """
import sys

class Interrupt:
    def find_spec(self, name, *_):
        if name == "numpy":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
from lossacc_gui.__main__ import main
sys.exit(main())
"""


def test_an_early_interrupt_ends_it_without_a_word(python):
    """While modules are on their way, which is most of the time before the first line."""
    done = subprocess.run([*python, "-c", INTERRUPTED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
