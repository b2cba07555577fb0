"""The line at the foot: what is open, and what is being worked on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from lossacc_gui.core.change import Change
from lossacc_gui.core.paging import every_row
from lossacc_gui.core.sums import OffSums
from lossacc_gui.session.document import Document
from lossacc_gui.session.jobs import Jobs

MESSAGE_MS = 5000
BAR = 260
"""How wide the bar is at least, in pixels."""


class Status(QStatusBar):
    """Shows the source, short messages, and the progress of the running job with a way to stop it."""

    cancelled = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs = (document.jobs, document.counting.jobs)
        self._sums = OffSums(document.evaluation.stats)
        self._document = document
        document.changed.connect(self._on_changed)
        self._pointed = ""
        self._source = QLabel()
        self._progress = QProgressBar()
        self._progress.setFixedWidth(BAR)
        self._progress.setRange(0, 100)
        self._cancel = QToolButton()
        self._cancel.setText("Cancel")
        self._cancel.setToolTip("Stop this; nothing is changed")
        self.addWidget(self._source)
        self.addPermanentWidget(self._progress)
        self.addPermanentWidget(self._cancel)
        self._on_emptied()
        for each in jobs:
            each.progressed.connect(self._on_progress)
            each.emptied.connect(self._on_emptied)
        self._cancel.clicked.connect(self._on_cancel)

    def draw(self, document: Document) -> None:
        """Say what is open."""
        state, tally = document.state, document.tally
        predictions = state.predictions
        off = self._sums.off if state.page is None else tally.sum_off
        sums = "rows not summing to 1" if state.page is None else "rows not summing to exactly 1"
        parts = [
            state.source.name,
            f"{every_row(state).rows:,} × {predictions.classes:,}",
            str(predictions.probs.dtype),
            f"labels: {tally.rows:,}",
            "sample weights" if predictions.weights is not None else "",
        ]
        counts = (
            ("without label", tally.unlabelled),
            (sums, off),
            ("rows with cells that are no probabilities", tally.outside),
        )
        parts += [f"{what}: {count:,}" for what, count in counts if count]
        if state.page is None and tally.sum_off > off:
            parts.append(f"{'the others' if off else 'rows'} sum to 1 up to rounding")
        parts += state.convention.extras  # the tool bar may have no room for them
        if state.source.mapped:
            parts.append("mapped from the file")
        self._source.setText(" · ".join(filter(None, parts)))

    def say(self, text: str) -> None:
        """Show a message for a few seconds."""
        self.showMessage(text, MESSAGE_MS)

    def point(self, text: str) -> None:
        """Show what is under the pointer; nothing when there is nothing."""
        before, self._pointed = self._pointed, text
        if text:
            self.showMessage(text)
        elif self.currentMessage() == before:  # else it says something that is no pointer's business
            self.clearMessage()

    def forget(self) -> None:
        """What was under the pointer has given way to something else; a view that the pointer is in says what."""
        self.point("")

    def _on_changed(self, change: Change) -> None:
        self.forget()
        self._sums.follow(change, self._document.evaluation.stats)

    def _on_progress(self, title: str, share: float) -> None:
        jobs = self._foremost
        if jobs is None or self.sender() is not jobs:
            return
        text = f"{title} … %p%" + (f" · {jobs.pace}" if jobs.pace else "")
        self._progress.setFormat(text)
        self._progress.setFixedWidth(max(BAR, self.fontMetrics().horizontalAdvance(text) + 40))
        self._progress.setValue(round(100 * share))
        self._progress.show()
        self._cancel.show()

    @property
    def _foremost(self) -> Jobs | None:
        """Those whose work is shown: the first that have any."""
        return next((jobs for jobs in self._jobs if jobs.is_busy()), None)

    def _on_emptied(self) -> None:
        if self._foremost is None:
            self._progress.hide()
            self._cancel.hide()

    def _on_cancel(self) -> None:
        if (jobs := self._foremost) is not None:
            jobs.cancel()
        self._on_emptied()
        self.say("Cancelled; nothing was changed")
        self.cancelled.emit()
