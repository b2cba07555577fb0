"""Opens files for a window: works in the background, and says what was found.

Nothing is asked about unsaved changes: what is opened takes their place in one step, which can be undone.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QByteArray, QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMainWindow

from lossacc_gui import files
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.edits import Edit, Replace, SetLabels
from lossacc_gui.core.paging import LARGE_ROWS, every_row, turned
from lossacc_gui.core.predictions import Labels
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted
from lossacc_gui.session.answers import Answers
from lossacc_gui.session.document import Document
from lossacc_gui.session.jobs import Job, Report, Stop
from lossacc_gui.session.reading import Found, ReadAs, Reading, Unclear, as_usual, read_labels
from lossacc_gui.session.recents import Recent, recents, remember
from lossacc_gui.session.settings import LAYOUT_VERSION, Settings
from lossacc_gui.ui.file_types import offer
from lossacc_gui.ui.saving import Saving

REOPEN = "reopen"
"""The setting that says whether a start opens the last file again."""

READY_MS = 500
"""So long after a window was made there is time to import what reads files; else the first file would wait for it."""


class Opening(QObject):
    """The files one window opens."""

    opening = Signal()
    """A file is read and about to take the place of what is there; an open editor should commit."""
    opened = Signal(object, bool)
    """The notes of a file that is open now, and whether it took its own place."""
    refused = Signal(str)
    """Why a file was not opened. Nothing was changed."""
    unclear = Signal(object)
    """An Unclear: a file that is opened once somebody says how it is to be read."""
    answered = Signal(object)
    """The questions, each with its answer, that were answered from memory for the file that is open now."""
    said = Signal(str)
    """What was done, in a few words."""

    def __init__(self, document: Document, settings: Settings, saving: Saving, window: QMainWindow) -> None:
        super().__init__(window)
        self.document, self.settings, self._saving, self._window = document, settings, saving, window
        self.large_rows = LARGE_ROWS
        """Files with more rows are looked at page by page."""
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(files.make_ready)
        self._idle.start(READY_MS)

    def ask_open(self) -> None:
        """Let the user choose a file, and open it."""
        if path := self._ask("Open predictions", readable()):
            self.open(path)

    def ask_labels(self) -> None:
        """Let the user choose a file of labels for the present rows."""
        if path := self._ask("Open labels", readable()):
            self.take_labels(path)

    def open_dropped(self, paths: list[str]) -> None:
        """Open what was dropped on the window: a file, one with its labels, or a folder of epochs."""
        try:
            path, labels = files.parted(paths)
        except Refusal as reason:
            self.refused.emit(str(reason))
            return
        self.open(path, labels)

    def open_recent(self, recent: Recent) -> None:
        """Open a file of the list of recent ones."""
        self.open(recent.path, recent.labels or None, files.Choices(recent.choices))

    def reload(self) -> None:
        """Read the present file again."""
        source = self.document.state.source
        if not source.path:
            self.refused.emit("Nothing to reload: these predictions come from no file.")
        else:
            self.open(source.path, source.labels_path or None, files.Choices(source.choices))

    def reopen_without(self, keys: set[str]) -> None:
        """Read the present file again, and let these be asked anew."""
        source = self.document.state.source
        kept = tuple(choice for choice in source.choices if choice[0] not in keys)
        if source.path:
            self.open(source.path, source.labels_path or None, files.Choices(kept))

    def toggle_reopen(self, reopen: bool) -> None:
        """Whether the next start opens the last file again."""
        self.settings.put(REOPEN, int(reopen))

    def reopen_last(self) -> None:
        """Open the last file again, where that is wished for and there is one."""
        if self.settings.whole(REOPEN, 0, 0, 1) and (found := recents(self.settings)):
            self.open_recent(found[0])

    def open(
        self,
        path: str,
        labels_path: str | None = None,
        choices: files.Choices = files.Choices(),  # noqa: B008 - frozen, so one for all is safe
        read_as: ReadAs = as_usual,
    ) -> None:
        """Open a file in the background. The window stays as it is until the file is whole and valid.

        ``choices`` were made for this file; what they leave open is taken from memory, or asked. ``read_as``
        makes the convention it is read by of the one that it would be read by otherwise.
        """
        convention, known = self._convention_for(path), Answers(self.settings).known()
        self._remember(path)
        reading = Reading(path, labels_path, choices, known, convention, read_as, self.large_rows)
        self._submit("open", f"Opening {Path(path).name}", reading.read, self._on_opened)

    def _convention_for(self, path: str) -> Convention:
        """The present convention; the temperature was fitted to what is there now, and is none of another file's."""
        state = self.document.state
        kept = state.source.path and Path(path).resolve() == Path(state.source.path).resolve()
        return state.convention if kept else replace(state.convention, temperature=1.0)

    def take_labels(
        self,
        path: str,
        choices: files.Choices = files.Choices(),  # noqa: B008 - frozen, so one for all is safe
    ) -> None:
        """Give the present rows the labels of a file, as one step."""
        predictions = every_row(self.document.state)
        self._remember(path)

        def work(_report: Report, stop: Stop) -> tuple[str, Labels] | Unclear:
            return read_labels(path, choices, predictions, stop)

        self._submit("open", f"Reading {Path(path).name}", work, self._on_labels)

    def _submit(self, kind: str, title: str, work: Any, done: Any) -> None:
        self.document.jobs.submit(Job(kind, title, work, done, self._on_failed), overtake=kind == "open")

    def _on_opened(self, result: Found | Unclear) -> None:
        if isinstance(result, Unclear):
            self.unclear.emit(result)
            return
        opened, found, project = result.answered.opened, result.evaluation, result.project
        self.opening.emit()
        again = opened.source.path == self.document.state.source.path
        classes = opened.predictions.classes
        convention = project.convention if project else self._convention_for(opened.source.path)
        state = replace(result.state, convention=result.read_as(convention.for_classes(classes)))
        edit = Replace(state, f"Open {opened.source.name}", opens=True)
        known = found if found.convention == edit.state.convention else None
        page, way_back = edit.state.page, self._saving.way_back()
        counted = f"These are {page.title()}; the others are being counted." if page else ""
        aside = " ".join(filter(None, (counted, way_back)))
        try:
            self.document.edit(edit, edit.what, evaluation=known, clean=True, aside=aside)
        except Refusal as reason:  # as while another job still works on every row
            self._on_failed(reason)
            return
        source = opened.source
        remember(self.settings, Recent(source.path, source.labels_path, source.choices))
        if project is not None:
            self.document.past.remember(project.history)
            self._saving.own(opened.source.path)
            self._window.restoreState(
                QByteArray.fromBase64(project.layout.encode("ascii", "replace")), LAYOUT_VERSION
            )
        self.opened.emit(opened.notes, again)
        if result.answered.used:
            self.answered.emit(result.answered.used)

    def _on_labels(self, result: tuple[str, Labels] | Unclear) -> None:
        if isinstance(result, Unclear):
            self.unclear.emit(result)
            return
        path, labels = result
        name = Path(path).name
        try:
            state = self.document.state
            whole = every_row(state)
            if len(labels) != whole.rows:
                raise Refusal(
                    path,
                    f"{counted(len(labels), 'label')} for {counted(whole.rows, 'row')}",
                    "the rows have changed; open it again",
                )
            edit: Edit = SetLabels(np.arange(whole.rows), labels)
            if state.page is not None:  # those of all pages
                labelled = replace(state.page, whole=replace(whole, labels=labels))
                edit = Replace(turned(state, labelled, labelled.number), f"Labels from {name}")
            self.document.edit(edit, f"Labels from {name}")
        except Refusal as reason:
            self.refused.emit(str(reason))

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, Refusal):
            raise error  # a bug: the error dialog says so
        self.refused.emit(str(error))

    def _ask(self, title: str, kinds: str) -> str:
        path, _ = QFileDialog.getOpenFileName(self._window, title, str(self._folder()), kinds)
        return path

    def _folder(self) -> Path:
        folder = Path(self.settings.text("folder", str(Path.home())))
        return folder if folder.is_dir() else Path.home()

    def _remember(self, path: str) -> None:
        self.settings.put("folder", str(Path(path).resolve().parent))


def readable() -> str:
    """What the open dialog offers."""
    every = " ".join(f"*{suffix}" for kind in files.FORMATS for suffix in kind.suffixes)
    each = ";;".join(offer(kind.title, kind.suffixes) for kind in files.FORMATS)
    return f"Predictions ({every});;{each};;All files (*)"
