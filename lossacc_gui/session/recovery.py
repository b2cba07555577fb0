"""Finds journals whose process has ended without closing them, and puts their steps back."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lossacc_gui.core.edits import Replace
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.paging import whole_or_page
from lossacc_gui.core.record import EDITS, BadRecord, from_record
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import Source
from lossacc_gui.session.document import Document
from lossacc_gui.session.journal import remove
from lossacc_gui.session.journal_file import NAME, read_arrays, read_heads
from lossacc_gui.session.lock import locked

_TRASH_SECONDS = 3600.0
"""A folder that never got its name is rubbish after so long."""


@dataclass(eq=False, slots=True)
class Lost:
    """A dead journal with unsaved steps, whose lock is held here.

    ``name`` is what was open last, ``edited`` what has unsaved steps, in their order; ``when`` is the time of
    the last step, ``steps`` how many are unsaved; ``damaged`` says why it could not be read to its end.
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
    with suppress(OSError, ValueError):
        for head, _, _ in read_heads(folder / NAME):
            count.take(head)
    if lost.steps:
        return lost
    lost.discard()
    return None


class _Count:
    """Counts the unsaved steps of a journal, and what they were done to."""

    def __init__(self, lost: Lost) -> None:
        self._lost, self._names, self._at = lost, [""], 0
        """What was open after each step, and how many are done."""

    def take(self, head: dict[str, Any]) -> None:
        """Take an entry into the summary."""
        lost, op = self._lost, head["op"]
        name = self._source(head).get("name", self._names[self._at])
        opened = name != self._names[self._at]
        if op == "edit" and not head.get("merged"):
            del self._names[self._at + 1 :]
            self._names.append(name)
            self._at += 1
        elif op == "go":
            self._at = min(head["step"], len(self._names) - 1)
            name = self._names[self._at]
        self._names[self._at] = lost.name = name
        lost.when = head["at"]
        if head.get("clean"):
            lost.steps, lost.edited = 0, ()
        elif op in ("edit", "go"):
            lost.steps += not head.get("merged")
            if op == "go" or not opened:  # what is merely opened has no unsaved step
                lost.edited = (*(other for other in lost.edited if other != name), name)

    @staticmethod
    def _source(head: dict[str, Any]) -> dict[str, Any]:
        """The source an entry speaks of, if any."""
        value = head["value"]
        if head["op"] == "saved":
            return dict(value)
        return dict(value.get("state", {}).get("source", {})) if head["op"] in ("begin", "edit") else {}


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


def restore(document: Document, lost: Lost, steps: list[Step]) -> int:
    """Put the steps back in the document's place, and go on with the journal; how many did not fit.

    The result is marked unsaved. Whatever was in the document is gone.
    """
    done, gesture = 0, -2
    with document.as_one_change():
        for step in steps:
            # Steps merge again as they did: each is a gesture of its own, unless it went into the last. A
            # save that ended while a hand was pulling is no step, and ends no gesture.
            gesture -= step.head["op"] == "edit" and not step.head["merged"]
            try:
                _do(document, step, gesture)
            except (Refusal, IndexError, ValueError):
                break
            done += 1
        document.stack.resetClean()
    left = len(steps) - done
    if document.journal is not None:
        if left or lost.damaged:  # what did not fit stays for another time
            lost.release()
            document.journal.begin(document.state)
        else:
            document.journal.go_on(lost.folder, lost.descriptor, steps[-1].end)
            lost.descriptor = -1
    return left


def _do(document: Document, step: Step, gesture: int) -> None:
    """Do what an entry says. Raises Refusal, IndexError or ValueError when it does not fit."""
    head, value = step.head, step.value
    match head["op"]:
        case "begin" if isinstance(value, Replace):
            document.restart(value.state, step.known)
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
