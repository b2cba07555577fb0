"""The line at the foot: what is open, and what is being worked on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from lossacc_gui.core.change import Change
from lossacc_gui.core.sums import FarSums
from lossacc_gui.session.document import Document

MESSAGE_MS = 5000


class Status(QStatusBar):
    """Shows the source, short messages, and the progress of the running job with a way to stop it."""

    cancelled = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs = document.jobs
        self._sums = FarSums(document.evaluation.stats)
        self._document = document
        document.changed.connect(self._on_changed)
        self._source = QLabel()
        self._progress = QProgressBar()
        self._progress.setFixedWidth(260)
        self._progress.setRange(0, 100)
        self._cancel = QToolButton()
        self._cancel.setText("Cancel")
        self._cancel.setToolTip("Stop this; nothing is changed")
        self.addWidget(self._source)
        self.addPermanentWidget(self._progress)
        self.addPermanentWidget(self._cancel)
        self._on_emptied()
        jobs.progressed.connect(self._on_progress)
        jobs.emptied.connect(self._on_emptied)
        self._cancel.clicked.connect(self._on_cancel)

    def draw(self, document: Document) -> None:
        """Say what is open."""
        state, tally = document.state, document.evaluation.tally
        predictions, far = state.predictions, self._sums.far
        parts = [
            state.source.name,
            f"{predictions.rows:,} × {predictions.classes:,}",
            str(predictions.probs.dtype),
            f"labels: {tally.rows:,}",
            "sample weights" if predictions.weights is not None else "",
        ]
        counts = (
            ("without label", tally.unlabelled),
            ("rows not summing to 1", far),
            ("rows with odd numbers", tally.outside),
        )
        parts += [f"{what}: {count:,}" for what, count in counts if count]
        if tally.sum_off > far:
            parts.append("rows sum to 1 up to rounding")
        parts += state.convention.extras  # the tool bar may have no room for them
        if state.source.mapped:
            parts.append("mapped from the file")
        self._source.setText(" · ".join(filter(None, parts)))

    def say(self, text: str) -> None:
        """Show a message for a few seconds."""
        self.showMessage(text, MESSAGE_MS)

    def point(self, text: str) -> None:
        """Show what is under the pointer; nothing when there is nothing."""
        if text:
            self.showMessage(text)
        else:
            self.clearMessage()

    def _on_changed(self, change: Change) -> None:
        self._sums.follow(change, self._document.evaluation.stats)

    def _on_progress(self, title: str, share: float) -> None:
        self._progress.setFormat(f"{title} … %p%")
        self._progress.setValue(round(100 * share))
        self._progress.show()
        self._cancel.show()

    def _on_emptied(self) -> None:
        self._progress.hide()
        self._cancel.hide()

    def _on_cancel(self) -> None:
        self._jobs.cancel()
        self.say("Cancelled; nothing was changed")
        self.cancelled.emit()
