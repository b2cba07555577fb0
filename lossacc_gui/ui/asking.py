"""Asks how ambiguous files are to be read, remembers the answers, and says when one was used."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QMainWindow

from lossacc_gui import files
from lossacc_gui.files.refusals import short
from lossacc_gui.session.answers import Answers
from lossacc_gui.session.reading import Unclear
from lossacc_gui.ui.notices import DISMISS, Answer, Notices
from lossacc_gui.ui.opening import Opening
from lossacc_gui.ui.opening_dialog import OpeningDialog

USED = "used"
OTHERWISE = Answer("otherwise", "Read it otherwise …", "Forget the answer, and ask about this file again")


class Asking(QObject):
    """The questions of one window, one dialog after another."""

    def __init__(self, opening: Opening, notices: Notices, window: QMainWindow) -> None:
        super().__init__(window)
        self._opening, self._notices, self._window = opening, notices, window
        self._answers = Answers(opening.settings)
        self._unclear: Unclear | None = None
        self.dialog: OpeningDialog | None = None
        self._used: tuple[files.Question, ...] = ()
        opening.unclear.connect(self.ask)
        opening.answered.connect(self.tell)
        opening.opening.connect(self._on_opening)
        notices.answered.connect(self._on_answered)

    def forget(self) -> None:
        """Forget every answer that was remembered."""
        count = self._answers.forget_all()
        self._notices.drop(USED)
        said = f"{count} remembered answer{'s were' if count != 1 else ' was'} forgotten"
        self._opening.said.emit(said if count else "No answers about files are remembered")

    def ask(self, unclear: Unclear) -> None:
        """Show the question; the window waits behind it."""
        if self.dialog is not None:
            self.dialog.reject()
        self._unclear, name = unclear, Path(unclear.path).name
        why = f"“{name}” can be read in more than one way. {short(f'{unclear.where}: {unclear.what}', 150)}."
        self.dialog = OpeningDialog(unclear.question, why, partial(self._read, unclear), self._window)
        self.dialog.remember.setVisible(not unclear.of_labels)  # nothing says that it was used
        self.dialog.finished.connect(self._on_finished)
        self.dialog.open()

    def _read(self, unclear: Unclear, answer: str, progress: files.Progress) -> files.Preview:
        """What a file would be by an answer."""
        choices = unclear.choices.put(unclear.question.key, answer)
        if unclear.of_labels:
            predictions = self._opening.document.state.predictions
            return files.preview_labels(unclear.path, predictions, progress, choices)
        return files.preview(unclear.path, unclear.labels_path, progress, choices)

    def tell(self, used: tuple[tuple[files.Question, str], ...]) -> None:
        """Say which remembered answers the file that is open now was read by."""
        self._used = tuple(question for question, _ in used)
        said = "; ".join(f"{question.text} {_meaning(question, answer)}" for question, answer in used)
        text = f"“{self._opening.document.state.source.name}” was read as files like it before. {said}."
        self._notices.tell(USED, text, OTHERWISE, DISMISS)

    def _on_opening(self) -> None:
        self._notices.drop(USED)  # it speaks of the file before

    def _on_finished(self, result: int) -> None:
        dialog, unclear = self.dialog, self._unclear
        self.dialog = self._unclear = None
        if dialog is None or unclear is None:
            return
        question, answer = dialog.question, dialog.answer()
        remembering = dialog.remember.isChecked()
        dialog.deleteLater()
        if result != QDialog.DialogCode.Accepted:
            self._opening.refused.emit(f"“{Path(unclear.path).name}” was not opened")
            return
        choices = unclear.choices.put(question.key, answer)
        if unclear.of_labels:
            self._opening.take_labels(unclear.path, choices)
            return
        if remembering:
            self._answers.keep(question.signature, answer)
        else:
            self._answers.forget(question.signature)
        self._opening.open(unclear.path, unclear.labels_path, choices, unclear.read_as)

    def _on_answered(self, key: str, answer: str) -> None:
        if key == USED and answer == OTHERWISE.key:
            self._answers.forget(*(question.signature for question in self._used))
            self._opening.reopen_without({question.key for question in self._used})


def _meaning(question: files.Question, answer: str) -> str:
    """What an answer is called in its dialog."""
    texts = {option.value: option.text for option in question.options}
    values = answer.split("\t") if question.several else [answer]
    return ", ".join(f"“{texts[value]}”" for value in values)
