"""The program, ready to be run as a shell runs it, and a screen of its own where the machine has what that takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from ctypes import CDLL
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.e2e.copies import Copies
from tests.patience import PATIENCE

LIBRARIES = ("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1", "libxkbcommon-x11.so.0")

ROOT = Path(__file__).resolve().parents[2]


def ready(work, what: str):
    """The first true answer within some seconds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := work():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited too long for {what}")


def with_keyboard(xdotool, name: str) -> str:
    """The window of that name once it has the keyboard, else nothing.

    Looks and asks anew each time: the first asking may come too early, and Qt may make the window anew.
    """
    windows = xdotool("search", "--onlyvisible", "--name", name).splitlines()
    if windows:
        xdotool("windowactivate", windows[0])
    return windows[0] if windows and xdotool("getwindowfocus") == windows[0] else ""


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
        pytest.skip(f"needs the libraries with which Qt opens a window: {missing}")
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
    desktops = partial(subprocess.run, ["xdotool", "get_num_desktops"], env=env, capture_output=True)
    try:
        ready(lambda: desktops(check=False).returncode == 0, "the window manager")
        yield env
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="session")
def copies(python, tmp_path_factory):
    """The program, ready to be run many times."""
    copies = Copies(python, tmp_path_factory.mktemp("streams"))
    yield copies
    copies.end()


@pytest.fixture
def run(copies, tmp_path):
    """Runs the program in an empty folder, without a display."""

    def run(*words: object, **extra: str) -> subprocess.CompletedProcess[str]:
        hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        env = {key: value for key, value in os.environ.items() if key not in hidden}
        done: subprocess.CompletedProcess[str] = copies.run(
            [str(word) for word in words], tmp_path, env | extra
        )
        return done

    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "p.npz"
    cells = np.array([[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.3, 0.5, 0.2]])
    np.savez(path, probs=cells, labels=np.array([0, 2, 1]))
    return path
