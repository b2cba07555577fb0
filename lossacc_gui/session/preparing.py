"""What has to be made of many cells before it is an edit, or a text: in a job when that takes longer than a frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.edits import Edit
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Pace, Stopped, unhurried
from lossacc_gui.session.document import Document
from lossacc_gui.session.jobs import Job, Report, Stop

FRAME_CELLS = 20_000
"""More cells than this are read, written or laid out in a job."""

KIND = "prepare"


class Preparing(QObject):
    """Makes things for one document. One at a time: what is being made is never overtaken, and so never lost."""

    refused = Signal(str)
    """Why something was not made, or not done."""

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document

    def edit(self, make: Callable[[Pace], Edit], what: str, cells: int, aside: str = "") -> None:
        """Do the edit that ``make`` gives back, which has to look at so many cells to make it, at this pace."""
        self.run(make, partial(self._do, what, aside), what, cells)

    def run(
        self,
        make: Callable[[Pace], Any],
        then: Callable[[Any], None],
        what: str,
        cells: int,
        *,
        loose: bool = False,
    ) -> None:
        """Make something and hand it to ``then``, unless the document has changed meanwhile.

        ``loose`` says that this does not matter. What ``make`` and ``then`` refuse is told by ``refused``.
        """
        if cells <= FRAME_CELLS:
            self._hand(make, then)
            return
        if self._document.jobs.is_busy(KIND):
            self.refused.emit(
                "Another block is still being worked on: wait for it, or cancel it at the foot."
            )
            return

        def work(report: Report, stop: Stop) -> Any:
            return make(partial(keep_pace, report, stop))

        done = partial(self._on_made, then, what, None if loose else self._document.revision)
        self._document.jobs.submit(Job(KIND, what, work, done, self._on_failed))

    def _hand(self, make: Callable[[Pace], Any], then: Callable[[Any], None]) -> None:
        try:
            then(make(unhurried))
        except Refusal as reason:
            self.refused.emit(f"{reason}.")

    def _do(self, what: str, aside: str, edit: Edit) -> None:
        self._document.edit(edit, what, aside=aside)

    def _on_made(self, then: Callable[[Any], None], what: str, revision: int | None, made: Any) -> None:
        if revision is not None and self._document.revision != revision:
            self.refused.emit(f"“{what}” was dropped: the predictions changed meanwhile: do it again.")
            return
        try:
            then(made)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, Refusal):
            raise error  # a bug: the error dialog says so
        self.refused.emit(f"{error}.")


def keep_pace(report: Report, stop: Stop, share: float) -> None:
    """The Pace of a job, once it is given what the job was given."""
    if stop():
        raise Stopped
    report(share)
