"""Finds journals whose process has ended without closing them, and puts their steps back."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lossacc_gui.core.edits import Replace, SetConvention
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.paging import whole_or_page
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.record import EDITS, BadRecord, from_record
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import Source, State
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.files import stamp_of
from lossacc_gui.session.document import Document
from lossacc_gui.session.journal_file import NAME, read_arrays, read_heads, remove
from lossacc_gui.session.lock import locked
from lossacc_gui.session.unsaved import Saved

log = logging.getLogger(__name__)

_TRASH_SECONDS = 3600.0
"""A folder that never got its name is rubbish after so long."""


@dataclass(eq=False, slots=True)
class Lost:
    """A dead journal with unsaved steps, whose lock is held here.

    ``name`` is what was open last, ``edited`` what has unsaved steps, in their order; ``when`` is the time of
    the last step, ``steps`` how many are unsaved, as somebody would count them who undoes them; ``damaged`` says
    why it could not be read to its end.
    """

    folder: Path
    name: str
    when: float
    steps: int
    descriptor: int
    damaged: str = ""
    edited: tuple[str, ...] = ()

    def discard(self) -> None:
        """Remove it for good."""
        remove(self.folder)
        self.release()

    def release(self) -> None:
        """Leave it for another time."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One entry: what was done, and the edit or source it was done with.

    ``known`` is what a state that was put in place means, made where nobody waits for it.
    """

    head: dict[str, Any]
    value: Any
    end: int
    known: Evaluation | None = None


def find(root: Path) -> list[Lost]:
    """The dead journals that hold unsaved steps, newest first; those that hold none are removed."""
    found = [lost for folder in _folders(root) if (lost := _look(folder)) is not None]
    return sorted(found, key=lambda lost: -lost.when)


def _folders(root: Path) -> Iterator[Path]:
    with suppress(OSError):
        for folder in sorted(root.iterdir()):
            if folder.name.startswith("."):
                if time.time() - folder.stat().st_mtime > _TRASH_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)
            elif folder.is_dir():
                yield folder


def _look(folder: Path) -> Lost | None:
    try:
        descriptor = locked(folder / NAME)
    except OSError:
        remove(folder)  # a journal being removed loses this file first
        return None
    if descriptor is None:
        return None  # its window is alive
    lost = Lost(folder, "", 0.0, 0, descriptor)
    count = _Count(lost)
    try:
        for head, _, _ in read_heads(folder / NAME):
            count.take(head)
    except (OSError, ValueError, LookupError, TypeError, AssertionError) as error:
        if not lost.steps:  # who wrote it may know what is in it
            log.warning("the journal %s was left where it is: %s", folder, error)
            lost.release()
            return None
    if lost.steps:
        return lost
    lost.discard()
    return None


class _Count:
    """Follows a journal without doing what it says: which steps are unsaved, and what they were done to."""

    def __init__(self, lost: Lost) -> None:
        self._lost, self._saves, self._at = lost, Saved(Source()), 0

    def take(self, head: dict[str, Any]) -> None:
        """Take an entry into the summary."""
        lost, saves, before = self._lost, self._saves, self._at
        match head["op"]:
            case "begin":
                saves.begin(self._source(head), clean=head["clean"])
                self._at = 0
            case "edit":
                self._at = head["step"]
                minor = head["value"]["is"] == SetConvention.__name__
                opened = self._source(head) if head["value"]["is"] == Replace.__name__ else None
                if not head["clean"] and opened == saves.source(before):
                    opened = None  # an edit that puts a whole state in the place of another
                saves.did(self._at, before, clean=head["clean"], minor=minor, opened=opened)
            case "go":
                self._at = head["step"]
            case "saved":
                saves.saved(self._at, self._source(head), clean=head["clean"])
        unsaved = saves.unsaved(self._at)
        lost.name, lost.when = saves.source(self._at).name, head["at"]
        lost.steps = sum(work.steps for work in unsaved)
        lost.edited = tuple(dict.fromkeys(work.name for work in unsaved))

    @staticmethod
    def _source(head: dict[str, Any]) -> Source:
        """The source an entry speaks of."""
        value = head["value"]
        found = from_record(value if head["op"] == "saved" else value["state"]["source"], [])
        assert isinstance(found, Source)
        return found


def load(
    lost: Lost, progress: Callable[[float], None] | None = None, stop: Callable[[], bool] | None = None
) -> list[Step]:
    """Every step of a journal, from its beginning, with the states in it evaluated.

    Raises Refusal when what it points at is gone, Stopped when ``stop`` says so.
    """
    steps = []
    try:
        for head, inline, end in read_heads(lost.folder / NAME):
            arrays = read_arrays(lost.folder, head["arrays"], inline)
            value, known = from_record(head["value"], arrays), None
            if isinstance(value, Replace):
                value = replace(value, state=whole_or_page(value.state))
                known = evaluate(value.state.predictions, value.state.convention, 0, progress, stop)
            steps.append(Step(head, value, end, known))
    except (OSError, ValueError, LookupError, TypeError) as error:
        if isinstance(error, Refusal):
            raise
        if not steps:
            raise Refusal(lost.name, f"its journal cannot be read ({error})", "discard it") from error
        lost.damaged = str(error)
    return steps


@dataclass(eq=False, slots=True)
class Restored:
    """What a journal leads to: a document of its own, which somebody has to close; and how many entries did
    not fit. ``rules`` are the edit rules that were chosen last for each work, by the step that opened it."""

    document: Document
    steps: list[Step]
    left: int = 0
    rules: dict[int, str] = field(default_factory=dict)


def replay(
    steps: list[Step], progress: Callable[[float], None] | None = None, stop: Callable[[], bool] | None = None
) -> Restored:
    """Do again what a journal says, in whatever thread this is called. Raises Stopped when ``stop`` says so."""
    begins_anew = State(Predictions.of([[0.5, 0.5]]))  # as the first entry says
    found = Restored(Document(begins_anew, at_once=True), steps)
    document, gesture, done, rule = found.document, -2, 0, ""
    try:
        for step in steps:
            if stop is not None and stop():
                raise Stopped
            # Steps merge again as they did: each is a gesture of its own, unless it went into the last. A
            # save that ended while a hand was pulling is no step, and ends no gesture.
            gesture -= step.head["op"] == "edit" and not step.head["merged"]
            rule = step.head.get("rule", rule)
            try:
                _do(document, step, gesture)
            except (Refusal, IndexError, ValueError):
                break
            done += 1
            if rule:
                found.rules[document.saves.began(document.step)] = rule
            if progress is not None:
                progress(done / len(steps))
        document.saves.require(_holds)
    except BaseException:
        document.close()
        raise
    document.counting.jobs.close()  # where there are pages, the window's own document counts them
    found.left = len(steps) - done
    return found


def _holds(source: Source) -> bool:
    """Whether a file, if it is one, holds what it held when it was opened or saved."""
    return not source.path or stamp_of(source.path) == source.stamp


def restore(document: Document, lost: Lost, found: Restored) -> None:
    """Put what a journal led to in the place of what the document holds, and go on with the journal."""
    document.adopt(found.document)
    found.document.close()
    if document.journal is not None:
        if found.left or lost.damaged:  # what did not fit stays for another time
            lost.release()
            document.journal.begin(document.state, document.step, clean=document.is_saved)
        else:
            document.journal.go_on(lost.folder, lost.descriptor, found.steps[-1].end, document.stack.count())
            lost.descriptor = -1


def _do(document: Document, step: Step, gesture: int) -> None:
    """Do what an entry says. Raises Refusal, IndexError or ValueError when it does not fit."""
    head, value = step.head, step.value
    match head["op"]:
        case "begin" if isinstance(value, Replace):
            document.restart(value.state, step.known)
            document.saves.begin(value.state.source, clean=head["clean"])
        case "rule":
            pass  # it is no part of the document
        case "edit" if type(value) in EDITS:
            document.edit(value, head["what"], gesture=gesture, evaluation=step.known, clean=head["clean"])
        case "go":
            document.go_to(head["step"])
        case "epoch":
            document.show_epoch(head["epoch"])
        case "page":
            document.show_page(head["page"])
        case "saved" if isinstance(value, Source):
            document.set_saved(value, document.revision if head["clean"] else -1)
        case _:
            raise BadRecord("a step of another version")
