"""Hands every edit to the system before it is shown, so that a crash loses nothing."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Signal

from lossacc_gui.core.edits import Edit, Replace
from lossacc_gui.core.paging import closed
from lossacc_gui.core.record import BadRecord, to_record
from lossacc_gui.core.state import Source, State
from lossacc_gui.session.flusher import Flusher
from lossacc_gui.session.journal_file import (
    MAGIC,
    NAME,
    Array,
    Place,
    packed,
    place_in,
    place_of,
    remove,
    write_all,
    write_cells,
)
from lossacc_gui.session.lock import locked

INLINE_BYTES = 1 << 20
"""A larger array gets a file of its own."""

COPY_BYTES = 64 << 20
"""Cells of an opened file up to here are copied, larger ones pointed at: the file is not the journal's."""

log = logging.getLogger(__name__)

_Kept = dict[int, tuple[Array, Place]]
"""Arrays by their ids, and where they are."""


def folder_of_journals() -> Path:
    """Where the journals of all windows lie, a folder each."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(place) / "journals"


class Journal(QObject):
    """The record of one sitting: what it began with, and every step since.

    It never stops an edit: when it cannot be written, ``failed`` says so once and no more is written.
    """

    failed = Signal(str)
    """Why steps are not recorded any more."""
    _written = Signal()

    def __init__(self, root: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = root
        self.folder: Path | None = None
        self._file = -1
        self._end = 0
        self._first = self._last = 0
        """The steps of the document that are recorded: what it began with, and the one done last."""
        self._cut = (-1, 0)
        """The step before the last new one, and the last that was recorded then."""
        self._rule = ""
        self._numbers = count(1)
        self._kept: _Kept = {}
        self._writer: ThreadPoolExecutor | None = None
        self._entry: Future[int] | None = None
        self._behind: list[dict[str, Any]] = []
        """Entries without cells that came while the last one was written."""
        self._written.connect(self.settle)
        self._flusher: Flusher | None = None

    @property
    def works(self) -> bool:
        """Whether steps are recorded."""
        return self._file >= 0

    # --- beginning and ending ---

    def begin(self, state: State, step: int = 0, *, clean: bool = True) -> None:
        """Start a journal on this state, after so many steps. Its folder gets its name when its lock is held.

        ``clean`` says that a file holds the state, or that nobody has done anything to it yet. What was recorded
        before is removed when the new one holds all there is, and not a moment sooner.
        """
        old = self.folder
        self.leave()
        if state.source.mapped:  # edited since: neither the file nor a copy of it would do
            self._fail(OSError(0, "the predictions are larger than memory"))
            return
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.urandom(4).hex()}"
        new, descriptor = self._root / f".{name}", None
        try:
            new.mkdir(parents=True, mode=0o700)
            descriptor = locked(new / NAME, create=True)
            assert descriptor is not None  # nobody else knows the name
            write_all(descriptor, MAGIC)
            new.rename(self._root / name)
        except OSError as problem:
            if descriptor is not None:
                os.close(descriptor)
            shutil.rmtree(new, ignore_errors=True)
            self._fail(problem)
            return
        self.go_on(self._root / name, descriptor, len(MAGIC), 0)
        self._first = self._last = step
        self._write({"op": "begin", "clean": clean}, Replace(state))
        if self._rule:
            self._write({"op": "rule", "rule": self._rule})
        if self.works and old is not None:
            remove(old)

    def go_on(self, folder: Path, descriptor: int, end: int, last: int) -> None:
        """Go on with a journal whose lock is held, after its last whole entry, which ends at ``end``.

        The steps of the document are its own, from 0 to ``last``.
        """
        self.close()
        self._first, self._last, self._cut = 0, last, (-1, 0)
        self.folder, self._file, self._end = folder, descriptor, end
        with suppress(OSError):
            os.ftruncate(descriptor, end)
            os.lseek(descriptor, end, os.SEEK_SET)
        used = [int(path.stem) for path in folder.glob("*.cells") if path.stem.isdigit()]
        self._numbers = count(max(used, default=0) + 1)
        self._flusher = Flusher(descriptor)
        self._flusher.start()

    def close(self) -> None:
        """End the journal and remove it: what it holds is saved, or not wanted."""
        folder = self.folder
        self.leave()
        if folder is not None:
            remove(folder)

    def leave(self) -> None:
        """Let go of the journal as it is: the next start finds what is not saved."""
        self._stop()
        self.folder = None

    # --- what is recorded ---

    def edited(self, edit: Edit, what: str, step: int, *, merged: bool, clean: bool) -> None:
        """An edit was done, and made it so many steps; ``merged`` into the step before it, or ``clean`` as it
        leaves nothing to save."""
        if not merged:
            self._cut = step - 1, self._last
        back, last = self._cut
        self._last = (
            last if merged and back == step else step
        )  # come back to there: all after it is there again
        head = {"op": "edit", "what": what, "step": step - self._first, "merged": merged, "clean": clean}
        self._write(head, edit)

    def went(self, step: int, state: State, *, clean: bool) -> None:
        """Steps were undone or redone until this many are done, which led to this state; ``clean`` when that is
        what was saved."""
        if not self._first <= step <= self._last and self.works:
            self.begin(state, step, clean=clean)  # it was begun later, and cannot go there
        else:
            self._write({"op": "go", "step": step - self._first})

    def ruled(self, rule: str) -> None:
        """Another edit rule was chosen."""
        if rule != self._rule:
            self._rule = rule
            self._write({"op": "rule", "rule": rule})

    def looked(self, epoch: int) -> None:
        """Another epoch is shown: points of the history depend on it."""
        self._write({"op": "epoch", "epoch": epoch})

    def turned(self, page: int) -> None:
        """Another page of the rows is looked at."""
        self._write({"op": "page", "page": page})

    def saved(self, source: Source, *, clean: bool) -> None:
        """A file holds the predictions now; ``clean`` when nothing has changed since they were taken."""
        self._write({"op": "saved", "clean": clean}, source)

    def keep(self, edit: Edit) -> None:
        """Put the large arrays of an edit that is on its way where its entry can point at them. For a job's thread."""
        arrays: list[Array] = []
        with suppress(OSError, BadRecord):  # the entry itself will meet the same trouble and tell it
            to_record(closed(edit), arrays)
            large = [array for array in arrays if array.nbytes > INLINE_BYTES]
            if self.works:
                self._kept = {id(array): (array, self._cells(array)) for array in large}

    def settle(self) -> None:
        """Wait until the last entry is written: whoever changes the cells of a file that was opened has to."""
        entry, self._entry = self._entry, None
        if entry is None:
            return
        self._note(entry.result)
        behind, self._behind = self._behind, []
        for head in behind:
            self._write(head)

    # --- writing ---

    def _write(self, head: dict[str, Any], value: Edit | Source | None = None) -> None:
        if value is None and self._entry is not None and not self._entry.done():
            self._behind.append(head)
            return
        self.settle()
        opened = _opened_by(value)
        kept, self._kept = self._kept, {}  # once in the document the cells change, and are others
        if not self.works:
            return
        make = partial(self._make, head, value, kept, opened)
        if opened is None:
            self._note(make)
            return
        self._writer = self._writer or ThreadPoolExecutor(1, "journal entry")
        self._entry = self._writer.submit(make)
        self._entry.add_done_callback(self._on_written)

    def _on_written(self, _: Future[int]) -> None:
        """Say so to the document's thread, from whichever this is."""
        self._written.emit()

    def _note(self, make: Callable[[], int]) -> None:
        """Write an entry, or hear what became of it."""
        try:
            self._end += make()
        except Exception as problem:
            self._fail(problem)
            if not isinstance(problem, BadRecord | OSError):
                raise  # a bug: the error dialog says so
        else:
            assert self._flusher is not None
            self._flusher.dirty.set()

    def _make(
        self, head: dict[str, Any], value: Edit | Source | None, kept: _Kept, opened: Source | None
    ) -> int:
        """Write an entry; its size. Raises BadRecord, OSError."""
        arrays: list[Array] = []
        value = value if isinstance(value, Source) or value is None else closed(value)
        head = {**head, "at": time.time(), "value": to_record(value, arrays)}
        places = [
            kept[id(array)][1] if id(array) in kept
            else place_of(array) if array.nbytes <= INLINE_BYTES
            else self._place(array, value, opened)
            for array in arrays
        ]  # fmt: skip
        entry = packed(head, arrays, places)
        write_all(self._file, entry)
        return len(entry)

    def _place(self, array: Array, edit: Edit | Source | None, opened: Source | None) -> Place:
        labels = isinstance(edit, Replace) and array is edit.state.predictions.labels
        if opened is None or array.nbytes <= COPY_BYTES or not (labels or array.ndim == 3):
            return self._cells(array)
        return place_in(opened, array, labels=labels)

    def _cells(self, array: Array) -> Place:
        assert self.folder is not None
        return write_cells(self.folder / f"{next(self._numbers)}.cells", array)

    def _fail(self, problem: Exception) -> None:
        """Leave what is whole for the next start, and record no more: a gap would make it wrong."""
        if isinstance(problem, BadRecord):
            log.error("an edit has no record", exc_info=problem)
        if self.works:
            with suppress(OSError):
                os.ftruncate(self._file, self._end)
        folder = self.folder
        self._stop()
        self.folder = folder
        why = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        self.failed.emit(why)

    def _stop(self) -> None:
        """Let go of the file and its lock."""
        self.settle()
        if self._flusher is not None:
            self._flusher.end()
            self._flusher = None
        if self._writer is not None:
            self._writer.shutdown()
            self._writer = None
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _opened_by(value: Edit | Source | None) -> Source | None:
    """The file that an edit puts in place, with cells as the file has them; None of any other edit.

    The entry of such an edit is made while one looks at the file already: it takes long, and the file has all there is.
    """
    if isinstance(value, Replace) and value.opens and value.state.source.path:
        return value.state.source
    return None
