"""Reads a file in a job, and makes all of it that can be made before it takes the place of what is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lossacc_gui import files
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.paging import paged
from lossacc_gui.core.predictions import Labels, Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State
from lossacc_gui.session.jobs import Report, Stop

WAITED_SECONDS = 0.1
"""Whoever opened a file waits for it by then, and is told how far it is."""

ReadAs = Callable[[Convention], Convention]


def as_usual(convention: Convention) -> Convention:
    """Read a file as it would be read."""
    return convention


@dataclass(frozen=True, eq=False, slots=True)
class Unclear:
    """A file that can be read in several ways: what was asked for, what is decided, and what is not.

    ``of_labels`` says that it holds labels for the present rows.
    """

    path: str
    labels_path: str | None
    choices: files.Choices
    question: files.Question
    where: str
    what: str
    read_as: ReadAs = as_usual
    of_labels: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What a file holds, as the state it leads to and what that means."""

    answered: files.Answered
    evaluation: Evaluation
    project: files.Project | None
    state: State
    read_as: ReadAs


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """Which file is to be read, and how. ``choices`` were made for it; ``known`` answers what they leave open.

    It is read by its project's convention or else by ``convention``, of which ``read_as`` makes another; in pages
    where it has more than ``most`` rows.
    """

    path: str
    labels_path: str | None
    choices: files.Choices
    known: Mapping[str, str]
    convention: Convention
    read_as: ReadAs
    most: int

    def read(self, report: Report, stop: Stop) -> Found | Unclear:
        """Read it, and evaluate its first epoch. Raises Refusal, and Stopped."""
        path, stamp, told = self.path, files.stamp_of(self.path), _if_it_lasts(report)
        progress = files.Progress(lambda share, _: told(0.8 * share), stop)
        try:
            answered = files.open_answered(path, self.labels_path, progress, self.choices, self.known)
        except files.FileRefusal as refusal:
            if refusal.question is None:
                raise
            question, where, what = refusal.question, refusal.where, refusal.what
            return Unclear(path, self.labels_path, self.choices, question, where, what, self.read_as)
        opened, project = answered.opened, files.open_project(path)
        usual, baseline = (project.convention, project.baseline) if project else (self.convention, None)
        convention = self.read_as(usual.for_classes(opened.predictions.classes))
        state = paged(
            State(opened.predictions, convention, baseline, opened.source), opened.image, most=self.most
        )
        evaluation = evaluate(state.predictions, convention, 0, lambda share: told(0.8 + 0.2 * share), stop)
        if files.stamp_of(path) != stamp:
            raise Refusal(path, "it was written to while it was read", "open it again")
        return Found(answered, evaluation, project, state, self.read_as)


def read_labels(
    path: str, choices: files.Choices, predictions: Predictions, stop: Stop
) -> tuple[str, Labels] | Unclear:
    """The labels that a file has for these rows, beside its path. Raises Refusal, and Stopped."""
    try:
        return path, files.open_labels(path, predictions, files.Progress(stop=stop), choices)
    except files.FileRefusal as refusal:
        if refusal.question is None:
            raise
        question, where, what = refusal.question, refusal.where, refusal.what
        return Unclear(path, None, choices, question, where, what, of_labels=True)


def _if_it_lasts(report: Report) -> Report:
    """Say how far it is once it has taken so long that somebody waits.

    What is open by then needs no bar that flashes, and to paint one takes its time from the work.
    """
    began = time.monotonic()

    def told(share: float) -> None:
        if time.monotonic() - began >= WAITED_SECONDS:
            report(share)

    return told
