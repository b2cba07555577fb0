"""What a call is about: a file or a lesson, read by the convention and mended as asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lossacc_gui.arguments import MENDS, Asked, name_in
from lossacc_gui.core.convention import Convention, preset
from lossacc_gui.core.mending import Mend, Mending
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.refusals import about
from lossacc_gui.scenarios import SCENARIOS, Scenario, scenario

if TYPE_CHECKING:
    from lossacc_gui.core.state import State
    from lossacc_gui.files import Project


@dataclass(frozen=True, slots=True)
class Input:
    """A state, the epoch of it that is asked for, from 0, and what was said when it was read."""

    state: State
    epoch: int
    notes: tuple[str, ...] = ()


def find(asked: Asked) -> None:
    """Raise FileRefusal where a file that is named cannot be found, whatever its name says it holds."""
    for name in filter(None, (asked.file, asked.labels)):
        with about(name):
            Path(name).stat()


def read(asked: Asked) -> Input:
    """What the arguments name. Raises Refusal."""
    from lossacc_gui.core.paging import paged
    from lossacc_gui.core.state import State
    from lossacc_gui.files import open_predictions

    if not asked.file:
        state = lesson_state(asked)
        return Input(state, _epoch(asked, state.predictions.epochs))
    find(asked)
    opened = open_predictions(asked.file, asked.labels, choices=asked.choices)
    project = _project(asked.file)
    usual = project.convention.for_classes(opened.predictions.classes) if project else preset("by_hand")
    baseline = project.baseline if project else None
    whole = State(opened.predictions, convention(asked, usual), baseline, opened.source)
    state, epoch = paged(whole, opened.image), _epoch(asked, opened.predictions.epochs)
    for how in asked.mend or ():
        _mend(state, how, epoch)
    notes = ["the convention is the one saved with it"] if project and not asked.convention else []
    notes += [f"{how.value}, as asked" for how in asked.mend or ()]
    for key, value in asked.choices.given:
        if key not in asked.choices.asked:
            notes.append(f"the choice {key}={value} changes nothing: the file does not ask for it")
    told = (*opened.notes, *notes)
    state.predictions = replace(state.predictions, notes=told)  # what is asked for, too, is said in JSON
    return Input(state, epoch, told)


def _project(name: str) -> Project | None:
    """What was saved beside the predictions. Raises FileRefusal."""
    if Path(name).suffix.lower() != ".npz":  # what reads it takes a while to import
        return None
    from lossacc_gui.files import open_project

    return open_project(name)


def lesson(asked: Asked) -> Scenario:
    """The lesson asked for, or the first."""
    return scenario(asked.scenario or SCENARIOS[0].key)


def lesson_state(asked: Asked) -> State:
    """The lesson's predictions, read under the convention asked for."""
    state = lesson(asked).state()
    state.convention = convention(asked, state.convention)
    return state


def convention(asked: Asked, usual: Convention) -> Convention:
    """The convention asked for, on top of what is ``usual``."""
    found = preset(asked.convention) if asked.convention else usual
    if asked.rows is not None:
        found = replace(found, rows=asked.rows)
    if asked.smoothing is not None:
        found = replace(found, smoothing=asked.smoothing)
    if asked.temperature is not None:
        found = replace(found, temperature=asked.temperature)
    return replace(found, single=True) if asked.float32 else found


def _epoch(asked: Asked, epochs: int) -> int:
    """The epoch asked for, from 0. Raises Refusal."""
    if asked.epoch <= epochs:
        return asked.epoch - 1
    remedy = "there is one epoch: leave --epoch out" if epochs == 1 else f"use 1 to {epochs}"
    raise Refusal(f"--epoch {asked.epoch}", "there is no such epoch", remedy)


def _mend(state: State, how: Mending, epoch: int) -> None:
    """Put right what looks odd in that way. Raises Refusal where nothing does, or where it cannot be done."""
    from lossacc_gui.core.detective import findings
    from lossacc_gui.core.evaluation import evaluate

    where = f"--mend {name_in(MENDS, how)}"
    if state.page is not None:
        raise Refusal(where, "the file is too large to be copied", "write it anew")
    found = findings(evaluate(state.predictions, state.convention, epoch))
    edits = [finding.edit(state.convention) for finding in found if finding.edit is not None]
    edit = next((edit for edit in edits if isinstance(edit, Mend) and edit.how is how), None)
    if edit is None:
        raise Refusal(where, "nothing in the file looks as if it needed that", "leave it out")
    try:
        edit.apply(state)
    except Refusal as reason:
        raise Refusal(where, reason.what, reason.remedy) from None
