"""Opens a file by answers that were given before, to the questions that files like it raise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lossacc_gui.files.choices import Choices, Question
from lossacc_gui.files.opening import Opened, open_predictions
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import FileRefusal


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """What was opened, and the questions that were answered from memory on the way, with the answers."""

    opened: Opened
    used: tuple[tuple[Question, str], ...] = ()


def open_answered(
    path: str,
    labels_path: str | None,
    progress: Progress,
    choices: Choices,
    known: Mapping[str, str],
) -> Answered:
    """Open predictions; where a question comes up whose signature is in ``known``, take that answer.

    What is in ``choices`` was decided for this very file, and goes first. Raises FileRefusal with the
    first question that nobody has answered; Stopped.
    """
    used: list[tuple[Question, str]] = []
    while True:
        try:
            opened = open_predictions(path, labels_path, progress, choices=choices)
        except FileRefusal as refusal:
            question = refusal.question
            answer = None if question is None else known.get(question.signature)
            if question is None or answer is None or choices.get(question.key) is not None:
                raise
            used.append((question, answer))
            choices = choices.put(question.key, answer)
        else:
            return Answered(opened, tuple(used))
