"""Edits of whole rows, of the order of the classes, and of several things at once; see ``edits``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.cells import Probs
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.edits import ALL, NONE, Edit, Replace, SetCells, SetLabels, Touched, rounded
from lossacc_gui.core.mending import Mend, Mending
from lossacc_gui.core.predictions import NO_LABEL, Labels
from lossacc_gui.core.recipes import Recipe
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.shape_edits import DeleteClass, DeleteRows, InsertClass, InsertRows
from lossacc_gui.core.shifts import Shift, Shifts
from lossacc_gui.core.state import State
from lossacc_gui.core.wording import counted

LOOKED_AT = 65_536
"""So many cells of a recipe are made to see whether it would change anything; of more, it is taken to."""

BLOCK_CELLS = 1_048_576
"""Cells made at a time."""


@dataclass(frozen=True, eq=False, slots=True)
class SetRows:
    """Put ``probs`` (k, C) into ``rows`` (k,), ascending, of one epoch."""

    rows: NDArray[np.intp]
    probs: Probs
    epoch: int = 0

    def apply(self, state: State) -> tuple[SetRows, NDArray[np.intp]]:
        """See Edit."""
        matrix = state.predictions.probs[self.epoch]
        old = matrix[self.rows]
        matrix[self.rows] = rounded(self.probs, state.predictions)
        return replace(self, probs=old), self.rows

    def idle(self, state: State) -> bool:
        """See Edit. Compared by bits, so that NaN equals NaN, and block by block: mostly the first differs."""
        held, step = state.predictions, max(1, BLOCK_CELLS // state.predictions.classes)
        return all(
            held.probs[self.epoch][self.rows[start : start + step]].tobytes()
            == rounded(self.probs[start : start + step], held).tobytes()
            for start in range(0, len(self.rows), step)
        )

    def cells(self, state: State) -> int:
        """See Edit."""
        return len(self.rows) * state.predictions.classes


@dataclass(frozen=True, eq=False, slots=True)
class MakeRows:
    """Make ``rows`` (k,), ascending, of one epoch anew by a recipe; ``seed`` fixes what is random in it."""

    rows: NDArray[np.intp]
    recipe: Recipe
    seed: int = 0
    epoch: int = 0

    def apply(self, state: State) -> tuple[SetRows, NDArray[np.intp]]:
        """See Edit."""
        matrix = state.predictions.probs[self.epoch]
        old, draw = matrix[self.rows], np.random.default_rng(self.seed)
        step = max(1, BLOCK_CELLS // state.predictions.classes)
        for start in range(0, len(self.rows), step):
            part = self.rows[start : start + step]
            matrix[part] = self._made(matrix[part], state, draw)
        return SetRows(self.rows, old, self.epoch), self.rows

    def idle(self, state: State) -> bool:
        """See Edit."""
        if len(self.rows) * state.predictions.classes > LOOKED_AT:
            return False
        now = state.predictions.probs[self.epoch][self.rows]
        return bool(now.tobytes() == self._made(now, state, np.random.default_rng(self.seed)).tobytes())

    def cells(self, state: State) -> int:
        """See Edit."""
        return len(self.rows) * state.predictions.classes

    def _made(self, cells: Probs, state: State, draw: np.random.Generator) -> Probs:
        return rounded(self.recipe.of(cells, state.convention.rows, draw), state.predictions)


@dataclass(frozen=True, eq=False, slots=True)
class ReorderClasses:
    """Put the classes in another order: the class ``order[i]`` (C,) will stand at i, with its weight."""

    order: NDArray[np.intp]

    def apply(self, state: State) -> tuple[ReorderClasses, Touched]:
        """See Edit. Raises Refusal unless each class is named once."""
        old = state.predictions
        if not np.array_equal(np.sort(self.order), np.arange(old.classes)):
            raise Refusal("classes", "the new order does not name each of them once", "name each class once")
        back = np.argsort(self.order)
        labels: Labels = np.append(back, NO_LABEL)[old.labels].astype(np.int32)  # -1 is the last
        state.predictions = replace(
            old,
            probs=np.ascontiguousarray(old.probs[:, :, self.order]),
            labels=labels,
            class_names=tuple(old.class_names[i] for i in self.order.tolist()),
        )
        if (weights := state.convention.weights) is not None:
            weights = tuple(weights[i] for i in self.order.tolist())
            state.convention = replace(state.convention, weights=weights)
        return ReorderClasses(back), ALL

    def idle(self, state: State) -> bool:
        """See Edit."""
        return bool(np.array_equal(self.order, np.arange(state.predictions.classes)))

    def cells(self, state: State) -> int:
        """See Edit."""
        return state.predictions.probs.size


@dataclass(frozen=True, eq=False, slots=True)
class Together:
    """Several edits as one, each of the state that those before it left."""

    edits: tuple[Edit, ...]

    def apply(self, state: State) -> tuple[Together, Touched]:
        """See Edit. When one of them refuses, those before it are taken back."""
        inverses: list[Edit] = []
        touched: list[Touched] = []
        try:
            for edit in self.edits:
                inverse, rows = edit.apply(state)
                inverses.insert(0, inverse)
                touched.append(rows)
        except Exception:
            for inverse in inverses:
                inverse.apply(state)
            raise
        some = [rows for rows in touched if rows is not ALL]
        every = ALL if len(some) < len(touched) else distinct(np.concatenate([NONE, *some]))
        return Together(tuple(inverses)), every

    def idle(self, state: State) -> bool:
        """See Edit. The first that does anything settles it, so each may be asked of the same state."""
        return all(edit.idle(state) for edit in self.edits)

    def cells(self, state: State) -> int:
        """See Edit."""
        return sum(edit.cells(state) for edit in self.edits)

    def parts(self) -> tuple[str, ...]:
        """What it does, in counts: "2 rows added", "12 cells set"."""
        counts: Counter[tuple[str, str]] = Counter()
        for edit in self.edits:
            match edit:
                case InsertRows():
                    counts["row", "added"] += len(edit.rows)
                case DeleteRows():
                    counts["row", "deleted"] += len(edit.rows)
                case InsertClass():
                    counts["class", "added"] += 1
                case DeleteClass():
                    counts["class", "deleted"] += 1
                case SetCells():
                    counts["cell", "set" if edit.values.any() else "made 0"] += edit.values.size
                case SetRows():
                    counts["cell", "set" if edit.probs.any() else "made 0"] += edit.probs.size
                case MakeRows():
                    counts["row", "made anew"] += len(edit.rows)
                case SetLabels():
                    gone = int(np.count_nonzero(edit.labels < 0))
                    counts["label", "set"] += len(edit.rows) - gone
                    counts["label", "taken away"] += gone
        return tuple(f"{counted(count, what)} {done}" for (what, done), count in counts.items() if count)


def parts_of(edit: Edit) -> tuple[Edit, ...]:
    """The edits that one is made of: itself, unless it is several."""
    return edit.edits if isinstance(edit, Together) else (edit,)


def shifts_of(edit: Edit) -> Shifts | None:
    """Which rows come and go with an edit, in turn; None where it is not known that the others stay."""
    shifts: list[Shift] = []
    for part in parts_of(edit):
        match part:
            case InsertRows() | DeleteRows():
                shifts.append(Shift(part.rows, isinstance(part, InsertRows)))
            case Mend(how=Mending.TRANSPOSE):
                return None
            case Replace():
                if part.shifts is None:
                    return None
                shifts += part.shifts
    return tuple(shifts)


def epoch_of(edit: Edit) -> int | None:
    """The one epoch whose cells an edit sets, or None when it is not about one."""
    epochs = [part.epoch for part in parts_of(edit) if isinstance(part, SetCells | SetRows | MakeRows)]
    return epochs[0] if epochs else None
