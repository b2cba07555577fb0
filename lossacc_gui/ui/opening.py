"""Opens and saves files for a window: asks, works in the background, and says what was found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from lossacc_gui import files
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.edits import Replace, SetLabels
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import Source, State
from lossacc_gui.session.document import JOB_CELLS, Document
from lossacc_gui.session.jobs import Job, Report, Stop
from lossacc_gui.session.settings import Settings


class Opening(QObject):
    """The file work of one window."""

    opening = Signal()
    """A file is read and about to take the place of what is there; an open editor should commit."""
    opened = Signal(object)
    """The notes of a file that is open now."""
    refused = Signal(str)
    """Why a file was not opened or saved. Nothing was changed."""
    saved = Signal(str)
    """The path of a file that holds the predictions now."""

    def __init__(self, document: Document, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.document, self.settings, self._window = document, settings, parent
        self._own: set[str] = set()

    def ask_open(self) -> None:
        """Let the user choose a file, and open it."""
        if self.may_discard() and (path := self._ask("Open predictions", readable())):
            self.open(path)

    def ask_labels(self) -> None:
        """Let the user choose a file of labels for the present rows."""
        if path := self._ask("Open labels", readable()):
            self.take_labels(path)

    def open_dropped(self, paths: list[str]) -> None:
        """Open a file that was dropped on the window, and the labels dropped with it."""
        if self.may_discard():
            labels = [path for path in paths if "label" in Path(path).stem.lower()]
            others = [path for path in paths if path not in labels] or paths
            self.open(others[0], labels[0] if labels and labels[0] != others[0] else None)

    def open(self, path: str, labels_path: str | None = None) -> None:
        """Open a file in the background. The window stays as it is until the file is whole and valid."""
        convention = self.document.state.convention
        self._remember(path)

        def work(report: Report, stop: Stop) -> tuple[files.Opened, Evaluation]:
            stamp = files.stamp_of(path)
            progress = files.Progress(lambda share, _: report(0.8 * share), stop)
            opened = files.open_predictions(path, labels_path, progress)
            fits = convention.for_classes(opened.predictions.classes)
            found = evaluate(opened.predictions, fits, 0, lambda share: report(0.8 + 0.2 * share), stop)
            if files.stamp_of(path) != stamp:
                raise Refusal(path, "it was written to while it was read", "open it again")
            if self.document.journal is not None:
                self.document.journal.keep(_replacing(opened, fits), opened.source)
            return opened, found

        self._submit("open", f"Opening {Path(path).name}", work, self._on_opened)

    def take_labels(self, path: str) -> None:
        """Give the present rows the labels of a file, as one step."""
        predictions = self.document.state.predictions
        self._remember(path)

        def work(_report: Report, stop: Stop) -> tuple[str, Any]:
            return path, files.open_labels(path, predictions, files.Progress(stop=stop))

        self._submit("open", f"Reading {Path(path).name}", work, self._on_labels)

    def save(self) -> None:
        """Save to the file this window has saved to; else ask, since another may hold more than is read."""
        path = self.document.state.source.path
        if path in self._own and not self.document.state.source.mapped:
            self.save_to(path)
        else:
            self.ask_save()

    def ask_save(self) -> bool:
        """Let the user choose where to save; whether a save was begun."""
        source = self.document.state.source
        stem = Path(source.path) if source.path else self._folder() / f"{source.name}.npz"
        if stem.suffix.lower() not in writable_suffixes():
            stem = stem.with_suffix(".npz")
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save predictions", str(stem), writable())
        if not chosen:
            return False
        self.save_to(chosen if Path(chosen).suffix else chosen + ".npz")
        return True

    def save_to(self, path: str) -> None:
        """Save in the background what is there now; edits made meanwhile stay unsaved."""
        document = self.document

        def work(report: Report, stop: Stop) -> tuple[Source, int]:
            predictions, revision = _snapshot(document)
            progress = files.Progress(lambda share, _: report(share), stop)
            return files.save_predictions(path, predictions, progress=progress), revision

        self._remember(path)
        if document.state.predictions.probs.size > JOB_CELLS:
            self._submit("save", f"Saving {Path(path).name}", work, self._on_saved)
            return
        try:
            self._on_saved(work(lambda _: None, lambda: False))
        except Refusal as reason:
            self.refused.emit(str(reason))

    def may_discard(self) -> bool:
        """Ask what to do with unsaved changes; False when the user would rather stay."""
        if self.document.is_saved:
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(f"Save the changes to “{self.document.state.source.name}”?")
        box.setInformativeText("They would be lost otherwise.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        if answer == buttons.Save:
            self.save()
            self.document.jobs.wait()
            return self.document.is_saved
        return bool(answer == buttons.Discard)

    def _submit(self, kind: str, title: str, work: Any, done: Any) -> None:
        self.document.jobs.submit(Job(kind, title, work, done, self._on_failed), overtake=kind == "open")

    def _on_opened(self, result: tuple[files.Opened, Evaluation]) -> None:
        opened, found = result
        self.opening.emit()
        if not self.document.is_saved and not self.may_discard():
            return  # edited while the file was read, and the user would rather stay
        convention = self.document.state.convention.for_classes(opened.predictions.classes)
        known = found if found.convention == convention else None
        edit = _replacing(opened, convention)
        self.document.edit(edit, edit.what, evaluation=known, clean=True)
        self.opened.emit(opened.notes)

    def _on_labels(self, result: tuple[str, Any]) -> None:
        path, labels = result
        name = Path(path).name
        try:
            rows = np.arange(self.document.state.predictions.rows)
            if len(labels) != len(rows):
                raise Refusal(
                    path, f"{len(labels)} labels for {len(rows)} rows", "the rows have changed; open it again"
                )
            self.document.edit(SetLabels(rows, labels), f"Labels from {name}")
        except Refusal as reason:
            self.refused.emit(str(reason))

    def _on_saved(self, result: tuple[Source, int]) -> None:
        source, revision = result
        self._own.add(source.path)
        self.document.set_saved(source, revision)
        self.saved.emit(source.path)

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


def _replacing(opened: files.Opened, convention: Convention) -> Replace:
    """The edit that puts a file in the place of what is there."""
    return Replace(State(opened.predictions, convention, None, opened.source), f"Open {opened.source.name}")


def _snapshot(document: Document) -> tuple[Predictions, int]:
    """A copy of the predictions with no edit half in it, and its revision; called in the worker's thread.

    A mapped file is not copied, since it may not fit into memory: rows edited while it is saved are
    saved as they are when their turn comes, and the document stays unsaved.
    """
    while True:
        revision, found = document.revision, document.state.predictions
        if document.state.source.mapped:
            return found, revision
        copy = replace(found, probs=found.probs.copy(), labels=found.labels.copy())
        if document.revision == revision:
            return copy, revision


def readable() -> str:
    """What the open dialog offers."""
    every = " ".join(f"*{suffix}" for kind in files.FORMATS for suffix in kind.suffixes)
    each = ";;".join(_offer(kind.title, kind.suffixes) for kind in files.FORMATS)
    return f"Predictions ({every});;{each};;All files (*)"


def writable() -> str:
    """What the save dialog offers."""
    return ";;".join(_offer(kind.title, kind.suffixes) for kind in files.FORMATS if kind.write)


def writable_suffixes() -> set[str]:
    """The endings of files that can be written."""
    return {suffix for kind in files.FORMATS if kind.write for suffix in kind.suffixes}


def _offer(title: str, suffixes: tuple[str, ...]) -> str:
    return f"{title} ({' '.join(f'*{suffix}' for suffix in suffixes)})"
