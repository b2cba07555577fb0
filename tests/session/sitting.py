"""A sitting to be killed: does the n-th thing of an endless list, again and again, and says so each time.

As a program it goes on where the last one was killed: ``python sitting.py JOURNALS TARGET``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication

from lossacc_gui import files
from lossacc_gui.core.convention import PRESETS
from lossacc_gui.core.edits import SetCells, SetConvention, SetLabels
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.shape_edits import InsertRows
from lossacc_gui.core.state import Source, State
from lossacc_gui.session.document import Document
from lossacc_gui.session.journal import Journal
from lossacc_gui.session.recovery import Step, find, load
from tests.session.restoring import restore_all

SAVE_EVERY = 13


def start() -> State:
    """What the first sitting begins with; the source's name says how many things were done before."""
    return State(Predictions.of(np.full((3, 4), 0.25), np.array([0, 1, 2])), source=Source("0"))


def do(document: Document, n: int) -> None:
    """The n-th thing: an edit, or every tenth time an undo of a plain one."""
    held = document.state.predictions
    value = (n + 1) * 0.6180339887 % 1
    if n % 10 == 9:
        document.undo()
    elif n % 10 == 4:
        document.edit(SetConvention(PRESETS[(n // 10 + 1) % 3].convention))
    elif n % 10 == 2:  # a block, as pasted
        rows, columns = np.repeat([0, held.rows - 1], 2), np.array([0, 1, 0, 1])
        document.edit(SetCells(rows, columns, value / np.arange(1.0, 5.0)))
    elif n % 10 == 6:
        row = n % held.rows
        document.edit(SetLabels(np.array([row]), (held.labels[[row]] + 1) % 4))
    elif n % 50 == 27:
        document.edit(InsertRows(np.array([1]), np.full((1, 1, 4), value), np.array([2], np.int32)))
    else:
        row, column = n % held.rows, n % 4
        document.edit(SetCells(np.array([row]), np.array([column]), np.array([value])))


def done_in(steps: list[Step]) -> int:
    """How many things a journal holds, with those done before it began."""
    begun = max(i for i, step in enumerate(steps) if step.head["op"] == "begin")
    return int(steps[begun].value.state.source.name) + sum(
        step.head["op"] in ("edit", "go") for step in steps[begun:]
    )


def go_on(document: Document, root: Path, target: Path) -> int:
    """Take up what was left: from the journal, else from the file; how many things are done."""
    if found := find(root):
        steps = load(found[0])
        restore_all(document, found[0], steps)
        return done_in(steps)
    project = files.open_project(target) if target.exists() else None
    n = 0
    if project is not None:
        n = int(project.layout)
        opened = files.open_predictions(target).predictions
        document.restart(State(opened, project.convention, None, Source(str(n), str(target))))
    assert document.journal is not None
    document.journal.begin(document.state)
    return n


def save(document: Document, target: Path, n: int) -> None:
    """Save, and say that nothing is unsaved."""
    project = files.Project(document.state.convention, layout=str(n))
    source = files.save_predictions(target, document.state.predictions, project=project)
    document.set_saved(Source(str(n), source.path), document.revision)


def main(root: Path, target: Path) -> None:
    """Until it is killed."""
    _application = QCoreApplication([])
    document = Document(start())
    document.journal = Journal(root, document)
    n = go_on(document, root, target)
    while True:
        do(document, n)
        n += 1
        os.write(1, b"did %d\n" % n)
        if n % SAVE_EVERY == 0 and n % 10 != 9:
            save(document, target, n)
            os.write(1, b"saved %d\n" % n)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
