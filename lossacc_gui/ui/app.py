"""Starts Qt: one window to work in, or one picture of it."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from lossacc_gui import assets
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.state import State
from lossacc_gui.files.choices import Choices
from lossacc_gui.scenarios import Scenario
from lossacc_gui.session.document import Document
from lossacc_gui.session.journal import folder_of_journals
from lossacc_gui.session.log import end_log, path_of_log, start_log
from lossacc_gui.session.reading import ReadAs, as_usual
from lossacc_gui.session.settings import Passing, Settings
from lossacc_gui.ui import shots
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.picturing import subject
from lossacc_gui.ui.recovering import Recovering
from lossacc_gui.ui.sheet import COLUMN, Sheet, of_pixels
from lossacc_gui.ui.watching import Watching
from lossacc_gui.ui.window import Window

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks to see. ``path`` is opened when given, as ``Opening.open`` does it, else
    ``scenario`` is shown.

    ``reopen`` says that nothing in particular was asked for, so the last file may be opened again. ``cell`` is the
    row and the class to look at, and ``rule`` what else moves when it moves, where that was asked for; ``epoch`` is
    which of several, from 0.
    """

    scenario: Scenario
    path: str = ""
    labels: str = ""
    choices: Choices = field(default_factory=Choices)
    read_as: ReadAs = as_usual
    state: State | None = None
    notes: tuple[str, ...] = ()
    scheme: look.Scheme | None = None
    reopen: bool = False
    cell: tuple[int, int] | None = None
    epoch: int = 0
    rule: Rule | None = None


def run_window(wish: Wish) -> int:
    """Show a window until it is closed; the exit status."""
    app = make_application()
    settings = Settings()
    scheme = wish.scheme or look.Scheme(_known(settings.text("theme", look.Scheme.SYSTEM)))
    window = make_window(wish, settings, scheme)
    with ExitStack() as ends:
        ends.callback(end_log, start_log(path_of_log()))
        ends.push(_tell_log)
        ends.callback(setattr, sys, "excepthook", sys.__excepthook__)
        ends.callback(window.end)
        sys.excepthook = window.alarm
        log.info("started")
        window.restore()
        recovering = keep_journal(window)
        ends.callback(recovering.end)
        window.show()
        recovering.offer()
        watching = Watching(window.document, window.opening, window.notices)
        ends.callback(watching.end)
        watching.start()
        if wish.path:
            window.opening.open(wish.path, wish.labels or None, wish.choices, wish.read_as)
        elif wish.reopen:
            window.opening.reopen_last()
        gc.enable()
        return app.exec()


def _tell_log(_kind: object, error: BaseException | None, _trace: object) -> None:
    """Put what ended the program into the log; there may be no terminal that shows it."""
    if error is not None:
        log.critical("the program ended with an error", exc_info=error)


def keep_journal(window: Window) -> Recovering:
    """Record what is done in a window, from now on."""
    recovering = Recovering(
        window.document, window.focus, window.ruling, window.saving, window.notices, folder_of_journals()
    )
    recovering.restored.connect(window.beginning.begin_restored)
    recovering.refused.connect(window.refusals.refuse)
    return recovering


def save_figure(
    wish: Wish, out: Path, view: str, size: tuple[int, int] | None, *, column: bool = False
) -> None:
    """Write a picture of the window, or of one of its views, with no display. Raises Refusal.

    ``column`` makes one of a view as wide as a column of a journal.
    What somebody's own window remembers has no say: a command draws the same everywhere.
    """
    form = COLUMN if column else of_pixels(size or (640, 480))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application()
    window = make_window(wish, Passing(), wish.scheme or look.Scheme.LIGHT)
    try:
        window.resize(*(size if view == "window" and size else (1440, 900)))
        if wish.epoch:
            window.document.show_epoch(wish.epoch)
            window.document.jobs.wait()
        if wish.notes:
            window.beginning.tell_notes(wish.notes)
        if wish.rule is not None:
            window.focus.set_rule(wish.rule)
        if wish.cell is not None:
            window.focus.go_to(*wish.cell)
        window.show()
        app.processEvents()
        window.curve_jobs.wait()
        if view == "window":
            app.processEvents()
            shots.save_png(shots.png(window), out)
            return
        if not window.views[view].in_sight:
            window.views[view].dock.toggle()
            app.processEvents()
            window.curve_jobs.wait()
        app.processEvents()
        chosen = wish.cell is not None
        theme = window.dressing.theme
        sheet = Sheet(window.views[view], subject(window.document), form, theme, chosen=chosen)
        shots.save(sheet, out, form.dots)
    finally:
        window.end()  # not close(): that remembers where the window stood
        window.deleteLater()


def make_application() -> QApplication:
    """The application, made inside a function so that nothing is left for the interpreter's end."""
    present, start = QApplication.instance(), _Start()
    qInstallMessageHandler(start.hear)
    app = present if isinstance(present, QApplication) else QApplication(sys.argv[:1])
    qInstallMessageHandler(_on_qt_message)
    start.pass_on()
    app.setApplicationName("lossacc_gui")
    app.setApplicationDisplayName("")
    app.setDesktopFileName("lossacc-gui")
    app.setWindowIcon(QIcon(str(assets.path("icon.svg"))))
    return app


def make_window(wish: Wish, settings: Settings, scheme: look.Scheme) -> Window:
    """A window on the wish, dressed in a scheme and not yet shown."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    look.dress(app, look.theme_for(scheme))
    window = Window(Document(wish.state or wish.scenario.state()), settings, scheme)
    if wish.state is None or not wish.state.source.path:
        window.beginning.begin_lesson(wish.scenario)
    return window


class _Start:
    """Hears Qt until there is an application; where there can be none, says why in one line.

    Qt would say it in six and abort the process, which leaves a core dump.
    """

    def __init__(self) -> None:
        self._said: list[tuple[QtMsgType, str]] = []

    def hear(self, kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
        """Keep it; at what Qt calls fatal, end the process."""
        if kind is not QtMsgType.QtFatalMsg:
            if not _is_idle(text):
                self._said.append((kind, text))
            return
        reason = self._said[0][1] if self._said else text.splitlines()[0]
        remedy = "check DISPLAY, or write a picture instead: lossacc-gui figure --out F.png"
        sys.stderr.write(f"lossacc-gui: no window can be opened: {reason.rstrip('.')}: {remedy}\n")
        sys.stderr.flush()
        os._exit(1)

    def pass_on(self) -> None:
        """Log what was kept."""
        for said in self._said:
            _log_qt(*said)


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    _log_qt(kind, text)


def _log_qt(kind: QtMsgType, text: str) -> None:
    if _is_idle(text):
        return
    level: Callable[..., None] = log.info if kind is QtMsgType.QtInfoMsg else log.warning
    (log.debug if kind is QtMsgType.QtDebugMsg else level)("Qt: %s", text)


def _is_idle(text: str) -> bool:
    """Whether it tells nobody anything: of the offscreen platform, or that Qt takes UTF-8 whatever LC_ALL says."""
    return "propagateSizeHints" in text or text.startswith("Detected locale")


def _known(name: str) -> str:
    return name if name in set(look.Scheme) else look.Scheme.SYSTEM
