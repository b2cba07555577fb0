"""Makes the test run the strictest place: leaks, stray logs and unexpected skips fail a test.

- No test reads or writes the user's own settings, and none needs a display.
- A test that leaves a window, a thread or a running timer behind fails.
- A log record of WARNING or above fails, unless ``@pytest.mark.expects_log(pattern)`` asks for it.
- A skip fails unless its reason begins with "needs ".
- Tests of the floors without Qt cannot use it.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before anything imports Qt. LOSSACC_QPA=xcb runs the same tests on a real screen.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("LOSSACC_QPA", "offscreen")

import pytest
from hypothesis import settings
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from tests.patience import PATIENCE, PatientBot
from tests.thorough import THOROUGH, examples

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
WITHOUT_QT = frozenset({"core", "files", "scenarios", "report"})
QT_FIXTURES = frozenset({"qapp", "qapp_args", "qapp_cls", "qtbot", "qtmodeltester"})
ALLOWED_SKIP = "needs "

_FAILED = pytest.StashKey[bool]()

# An ordinary run looks at the same examples as the last one.
settings.register_profile("here", examples(100), derandomize=not THOROUGH, database=None, print_blob=True)
settings.load_profile("here")


def _folder(path: Path) -> str:
    """Return the folder of tests/ that the test file lies in, "" for tests/ itself."""
    parts = path.relative_to(TESTS).parts if path.is_relative_to(TESTS) else ()
    return parts[0] if len(parts) > 1 else ""


# --- collection ----------------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = _folder(item.path)
        if folder == "bench":
            item.add_marker("bench")
        if item.get_closest_marker("bench"):
            item.add_marker("no_cover")  # tracing would be what is measured
        used = QT_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if folder in WITHOUT_QT and used:
            raise pytest.UsageError(
                f"{item.nodeid} uses {', '.join(sorted(used))}: tests/{folder} runs without Qt"
            )


def pytest_collection_finish() -> None:
    # What is imported by now stays, and need not be gone through again and again for what can be freed.
    gc.collect()
    gc.freeze()


# --- skips ---------------------------------------------------------------------------------------


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not reason.startswith(ALLOWED_SKIP):
        report.outcome = "failed"
        report.longrepr = f"skipped, and the reason does not begin with 'needs ': {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    _refuse_skip(report)
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Any:
    report = yield
    _refuse_skip(report)
    return report


# --- the user's own files ------------------------------------------------------------------------

_home = tempfile.TemporaryDirectory(prefix="lossacc-tests-")


def _move_home(home: Path) -> None:
    """Let everything that Qt or the program remembers be written below ``home``."""
    for variable in ("CONFIG", "DATA", "CACHE", "STATE"):
        os.environ[f"XDG_{variable}_HOME"] = str(home / variable.lower())
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(home / "config"))


def pytest_configure() -> None:
    runtime = Path(_home.name) / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # Qt warns where there is none
    _move_home(Path(_home.name))


def pytest_unconfigure() -> None:
    _home.cleanup()


@pytest.fixture(autouse=True)
def _own_settings(request: pytest.FixtureRequest) -> None:
    """Give each test that may use Qt settings of its own, empty at its start."""
    if _folder(request.path) not in WITHOUT_QT:
        _move_home(request.getfixturevalue("tmp_path"))


# --- leaks ---------------------------------------------------------------------------------------


def _windows() -> set[QWidget]:
    return set(QApplication.topLevelWidgets()) if QApplication.instance() else set()


def _alive() -> dict[int, str]:
    """Return what runs in the background now, by identity: Python's and Qt's threads and timers."""
    # A dummy only says that a thread Python did not start asked for its name once; Qt's are below.
    found = {
        id(thread): repr(thread)
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread)
    }
    main = QThread.currentThread()
    for thing in gc.get_objects():
        # Not isinstance: that asks proxies for __class__, which may import a module.
        if not issubclass(type(thing), QThread | QTimer) or thing is main or not isValid(thing):
            continue
        if thing.isRunning() if isinstance(thing, QThread) else thing.isActive():
            found[id(thing)] = repr(thing)
    return found


def _settle() -> None:
    """Let Qt and Python delete what nobody holds any more."""
    if QCoreApplication.instance():
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
    gc.collect()


def _left(windows: set[QWidget], alive: dict[int, str]) -> list[str]:
    """Return what is there now and was not before."""
    left = [repr(window) for window in _windows() - windows]
    left += [name for key, name in _alive().items() if key not in alive]
    if QThreadPool.globalInstance().activeThreadCount():
        left.append("a job in Qt's global thread pool")
    return left


@pytest.fixture(autouse=True)
def _no_leaks(request: pytest.FixtureRequest, _own_settings: None) -> Iterator[None]:
    """Fail a test that leaves a window, a thread or a running timer behind."""
    if _folder(request.path) in WITHOUT_QT:
        application, threads = QCoreApplication.instance(), set(threading.enumerate())
        yield
        assert QCoreApplication.instance() is application, "a test without Qt made an application"
        begun = set(threading.enumerate()) - threads
        for thread in begun:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in begun), "a thread was left running"
        return
    # What was there before stays, and is looked at no more: else each test costs as much as all before it left.
    gc.freeze()
    windows, alive = _windows(), _alive()
    yield
    if request.node.stash.get(_FAILED, False):
        return  # its traceback still holds what it made
    _settle()
    end = time.monotonic() + PATIENCE
    while (left := _left(windows, alive)) and time.monotonic() < end:
        time.sleep(0.01)
        _settle()
    assert not left, f"left behind: {', '.join(left)}"


# --- logs ----------------------------------------------------------------------------------------


class _Loud(logging.Handler):
    """Keeps every record of WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_stray_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning nobody expects, or that does not log the one it expects."""
    loud = _Loud()
    logging.getLogger().addHandler(loud)
    yield
    logging.getLogger().removeHandler(loud)
    marker = request.node.get_closest_marker("expects_log")
    if marker is None:
        assert not loud.messages, f"logged: {loud.messages}"
        return
    pattern = re.compile(marker.args[0])
    assert loud.messages, f"nothing was logged that matches {pattern.pattern!r}"
    stray = [message for message in loud.messages if not pattern.search(message)]
    assert not stray, f"logged besides {pattern.pattern!r}: {stray}"


# --- data ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real predictions and reference values that lies beside the project."""
    folder = Path(os.environ.get("LOSSACC_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("needs the shared data: set LOSSACC_DATA to its folder")
    return folder


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Return hands that wait as long as a busy machine needs."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def python() -> list[str]:
    """Return the command that starts this Python, for tests that need a process of their own."""
    return [sys.executable, "-W", "error"]
