"""Says that something went wrong inside the program, instead of letting it vanish in a slot."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from lossacc_gui.session.diagnostics import LOG_LINES, diagnostics
from lossacc_gui.session.document import Document
from lossacc_gui.session.log import last_lines, path_of_log
from lossacc_gui.ui.notices import DISMISS, Answer, Notices

log = logging.getLogger(__name__)

WRONG = "wrong"
COPY = Answer("copy", "Copy diagnostics", "What helps to find the fault: versions, shapes, the log; no data")


class Alarm(QObject):
    """One notice for all that goes wrong, however often; the log has each."""

    copied = Signal(str)
    """What helps to find a fault was asked for: the text."""
    interrupted = Signal()
    """Ctrl+C at the terminal."""

    def __init__(self, document: Document, notices: Notices) -> None:
        super().__init__(document)
        self._document, self._notices = document, notices
        self._times = 0
        notices.answered.connect(self._on_answered)

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """As sys.excepthook."""
        if issubclass(kind, KeyboardInterrupt):
            self.interrupted.emit()
            return
        log.error("unexpected error\n%s", "".join(traceback.format_exception(kind, error, trace)).rstrip())
        self._times += 1
        times = f" ({self._times} times by now)" if self._times > 1 else ""
        text = (
            f"Something went wrong inside the program{times}: {kind.__name__}. Nothing is lost; save under "
            "another name to be sure."
        )
        self._notices.tell(WRONG, text, COPY, DISMISS)

    def copy(self) -> None:
        """Ask for what helps to find a fault."""
        self.copied.emit(diagnostics(self._document, last_lines(path_of_log(), LOG_LINES)))

    def _on_answered(self, key: str, answer: str) -> None:
        if key != WRONG:
            return
        self._times = 0
        if answer == COPY.key:
            self.copy()
