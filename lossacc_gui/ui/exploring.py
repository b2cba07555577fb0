"""The Explore menu: what would it take? Each answer is one step, with a sentence about what it did."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from lossacc_gui.core import questions
from lossacc_gui.core.moves import pushable
from lossacc_gui.core.questions import Answer
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.jobs import Job, Report, Stop
from lossacc_gui.session.preparing import FRAME_CELLS
from lossacc_gui.ui.exploring_dialogs import BuildMatrix, ExchangeLosses
from lossacc_gui.ui.hidden import means_all

Find = Callable[[Report | None, Stop | None], Answer]


class Exploring(QObject):
    """Finds the answers to questions about the current row or all rows, and hands them to the document."""

    refused = Signal(str)
    """Why there is no answer."""

    def __init__(
        self, document: Document, focus: Focus, selected: Callable[[], NDArray[np.intp]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.document, self.focus, self._selected, self._window = document, focus, selected, parent

    def flip(self) -> None:
        """Flip the current row with the smallest move."""
        self._ask("Flip", 0, lambda *_: questions.flip(self.document.evaluation, self.focus.row))

    def make_right(self) -> None:
        """Make the current row right at its loss."""
        self._turn(right=True)

    def make_wrong(self) -> None:
        """Make the current row wrong at its loss."""
        self._turn(right=False)

    def push_up(self) -> None:
        """Push accuracy as high as it goes at these row losses."""
        self._push(right=True)

    def push_down(self) -> None:
        """Push accuracy as low as it goes at these row losses."""
        self._push(right=False)

    def exchange(self) -> None:
        """Ask for two rows and a factor, and move their losses against each other."""
        dialog = ExchangeLosses(self.document, self._pair(), self._window)
        try:
            if dialog.exec() == QDialog.DialogCode.Accepted:
                up, down, factor = dialog.asked()
                evaluation = self.document.evaluation
                self._ask("Exchange", 0, lambda *_: questions.give_and_take(evaluation, up, down, factor))
        finally:
            dialog.deleteLater()

    def build(self) -> None:
        """Ask for a cross-entropy and a number of rows right, and build a matrix that has them."""
        dialog = BuildMatrix(self.document.evaluation, self._window)
        try:
            if dialog.exec() == QDialog.DialogCode.Accepted:
                self.build_at(*dialog.asked())
        finally:
            dialog.deleteLater()

    def build_at(self, loss: float, hits: int, seed: int = 0) -> None:
        """Build a matrix for the present labels with this cross-entropy, as shown, and so many rows right."""
        state, evaluation = self.document.state, self.document.evaluation
        if not means_all(self.focus, evaluation.predictions.rows, self._window):
            return
        size = evaluation.predictions.rows * evaluation.predictions.classes
        self._ask("Build", size, lambda *_: questions.build(state, evaluation, loss, hits, seed))

    def _turn(self, *, right: bool) -> None:
        evaluation, row = self.document.evaluation, self.focus.row
        self._ask("Turn", 0, lambda *_: questions.turn(evaluation, row, right))

    def _push(self, *, right: bool) -> None:
        evaluation = self.document.evaluation
        if not means_all(self.focus, evaluation.predictions.rows, self._window):
            return
        size = len(pushable(evaluation, right)) * evaluation.predictions.classes
        self._ask("Push accuracy", size, partial(questions.push_accuracy, evaluation, right))

    def _pair(self) -> tuple[int, int]:
        """Two rows to begin with: the selected ones, or the current one and the worst other."""
        rows = self._selected()
        if len(rows) == 2:
            return int(rows[0]), int(rows[1])
        loss = self.document.evaluation.stats.loss.copy()
        loss[~np.isfinite(loss)] = -np.inf
        loss[self.focus.row] = -np.inf
        return self.focus.row, int(loss.argmax())

    def _ask(self, title: str, cells: int, find: Find) -> None:
        """Find an answer, in a job when it has to look at many cells, and do it."""
        if cells <= FRAME_CELLS:
            try:
                self._do(find(None, None))
            except Refusal as reason:
                self.refused.emit(f"{reason}.")
            return
        done = partial(self._on_found, self.document.revision)
        self.document.jobs.submit(Job("explore", title, find, done, self._on_failed), overtake=True)

    def _do(self, answer: Answer) -> None:
        done = self.document.edit(answer.edit, answer.what, aside=answer.says)
        if not done and not self.document.jobs.is_busy("edit"):  # where it looks whether it changes anything
            self.refused.emit("It is so already.")

    def _on_found(self, revision: int, answer: Answer) -> None:
        if revision != self.document.revision:
            self.refused.emit("The predictions changed meanwhile: ask again.")
            return
        try:
            self._do(answer)
        except Refusal as reason:
            self.refused.emit(f"{reason}.")

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, Refusal):
            raise error  # a bug: the error dialog says so
        self.refused.emit(f"{error}.")
