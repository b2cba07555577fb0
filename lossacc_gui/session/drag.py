"""What a hand moves in a plot or a cell: many edits while it lasts, one step afterwards."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np

from lossacc_gui.core.edits import Edit, SetConvention
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.rules import edit_cell
from lossacc_gui.core.scene import Sets
from lossacc_gui.session.document import JOB_CELLS, Document
from lossacc_gui.session.focus import Focus

_GESTURES = count(1)


class Drag:
    """From ``begin`` to ``end`` every ``to`` gives what is dragged another value.

    A cell is edited each time from the row as it was at the start: that keeps the proportions of the
    others when the cell passes through an end of its range and back.
    """

    def __init__(self, document: Document, focus: Focus) -> None:
        self.document, self.focus = document, focus
        self.sets: Sets | None = None
        """What is being dragged."""
        self.held: dict[object, Any] | None = None
        """What pictures keep from step to step, because it stands still while this is dragged."""
        self._origin: Floats | None = None
        self._gesture = -1
        self._revision = -1
        self._waiting: tuple[Edit, str] | None = None
        self._held = (0, 0, 0, focus.rule)
        self._what = ""
        self._threshold = focus.threshold
        self._editing = False
        document.changed.connect(self._on_changed)

    @property
    def origin(self) -> Floats | None:
        """The current row as it was when the drag of its current cell began; None when there is none."""
        return self._origin if self.holds_focus else None

    @property
    def holds_focus(self) -> bool:
        """Whether another ``to`` would go on with the current cell, under the present edit rule."""
        looked = (self.document.epoch, self.focus.row, self.focus.column, self.focus.rule)
        return self.sets is Sets.CELL and self._held == looked

    def begin(self, sets: Sets = Sets.CELL, what: str = "") -> None:
        """Remember where it began, and open a step that is called ``what``."""
        focus, document = self.focus, self.document
        self.sets, self._what, self.held = sets, what, {}
        if sets is Sets.CELL:
            self._held = (document.epoch, focus.row, focus.column, focus.rule)
            self._origin = document.state.predictions.probs[document.epoch, focus.row].astype(np.float64)
        self._threshold = focus.threshold
        self._revision = document.revision
        self._gesture = next(_GESTURES)

    def to(self, value: float) -> None:
        """Give what is dragged this value. Raises Refusal when the edit rule cannot hold.

        Does nothing once anything but this drag has changed the document: its row may be another now.
        """
        if self.sets is None or self.document.revision != self._revision:
            self.end()
            return
        if self.sets is Sets.THRESHOLD:
            self.focus.set_threshold(value)
            return
        edit, what = self._edit(value)
        self._waiting = None
        if self.sets is Sets.TEMPERATURE and edit.cells(self.document.state) > JOB_CELLS:
            self._waiting = edit, what  # computed once, when the hand has made up its mind
            return
        self._do(edit, what)

    def end(self) -> None:
        """Close the step."""
        waiting, self._waiting = self._waiting, None
        same = self.document.revision == self._revision
        self.sets = self._origin = self.held = None
        self._gesture = -1
        if waiting is not None and same:
            self.document.edit(*waiting)

    def take_back(self) -> None:
        """Close the step as if nothing had been dragged: not even a step is left to be done again."""
        if self.sets is Sets.THRESHOLD:
            self.focus.set_threshold(self._threshold)
        self._waiting = None
        step = self.document.last_of(self._gesture)
        if step is not None and self.document.revision == self._revision:
            self._do(step.edit, step.text())  # merges with the step it is the inverse of, and both are gone
        self.end()

    def _do(self, edit: Edit, what: str) -> None:
        self._editing = True
        try:
            self.document.edit(edit, what, gesture=self._gesture)
        finally:
            self._editing = False
        self._revision = self.document.revision

    def _on_changed(self) -> None:
        """Let go when anything else changes the document: the row may be another by now, or be gone."""
        if not self._editing:
            self._waiting = None
            self.end()

    def _edit(self, value: float) -> tuple[Edit, str]:
        if self.sets is Sets.TEMPERATURE:
            convention = replace(self.document.state.convention, temperature=value)
            return SetConvention(convention), "Drag the temperature"
        epoch, row, column, rule = self._held
        edit = edit_cell(self.document.state, epoch, row, column, value, rule, self.origin)
        return edit, self._what or f"Drag row {row + 1}"
