"""Saves a window's predictions: asks where, works in the background, and writes over nothing by surprise."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox

from lossacc_gui import files
from lossacc_gui.core.paging import every_row
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import Source
from lossacc_gui.core.wording import counted
from lossacc_gui.session.document import Document
from lossacc_gui.session.ground import readable
from lossacc_gui.session.jobs import Job, Report, Stop
from lossacc_gui.session.recents import Recent, remember
from lossacc_gui.session.settings import LAYOUT_VERSION, Settings
from lossacc_gui.ui.access_keys import give_access_keys
from lossacc_gui.ui.file_types import kind_of, named, suggested, writable

Buttons = QMessageBox.StandardButton


class Saving(QObject):
    """The saves of one window."""

    saved = Signal(str)
    """The path of a file that holds the predictions now."""
    said = Signal(str)
    """What was saved, in a few words."""
    refused = Signal(str)
    """Why it was not. The old file is as it was."""

    def __init__(self, document: Document, settings: Settings, window: QMainWindow) -> None:
        super().__init__(window)
        self._document, self._settings, self._window = document, settings, window
        self._own: set[str] = set()
        self._target = ""

    def own(self, path: str) -> None:
        """Say that a file holds all there is, so that it may be saved to without a question."""
        self._own.add(path)

    def save(self) -> None:
        """Save to the file this window has saved to; else ask, since another may hold more than is read."""
        source = self._document.state.source
        if source.path in self._own and not source.mapped:
            self.save_to(source.path)
        else:
            self.ask_save()

    def ask_save(self) -> None:
        """Let the user choose where to save, and save there."""
        path = suggested(self._document.state.source, self._folder())
        title = "Save predictions"
        chosen, kind = QFileDialog.getSaveFileName(self._window, title, str(path), writable(), kind_of(path))
        if chosen:
            self.save_to(named(chosen, kind))

    def save_to(self, path: str, *, whatever: bool = False, losing: bool = False) -> None:
        """Save in the background what is there now; edits made meanwhile stay unsaved.

        The file that was opened is written over only as it was then, or ``whatever`` it is now; and where it
        holds more than predictions do, only when ``losing`` that is wished.
        """
        document, source = self._document, self._document.state.source
        same = _is_same(path, source.path)
        if same and source.left_out and not losing:
            self._ask_loss(source)
            return
        expected = source.stamp if same and not whatever else ()
        project, held = self._project(), replace(document.state)

        def work(report: Report, stop: Stop) -> tuple[Source, int]:
            predictions, revision = _snapshot(document)
            progress = files.Progress(lambda share, _: report(share), readable(held, stop))
            written = files.save_predictions(
                path, predictions, project=project, expected=expected, progress=progress
            )
            return written, revision

        self._target = path
        self._settings.put("folder", str(Path(path).resolve().parent))
        title = f"Saving {Path(path).name}"
        document.jobs.submit(Job("save", title, work, self._on_saved, self._on_failed))

    def way_back(self) -> str:
        """What to say when something else takes the place of unsaved work, which is then a step away."""
        document = self._document
        if not document.needs_saving:
            return ""
        return f"Ctrl+Z brings back “{document.state.source.name}” with its changes."

    def may_discard(self) -> bool:
        """Ask what to do with work that goes with the undo history; False when the user would rather stay.

        Only the end of the history is worth this question: opening something else is a step like any other.
        """
        if self._document.jobs.is_busy("save"):
            self._document.jobs.wait()
        return self._may_discard_present() and self._may_discard_earlier()

    def _may_discard_present(self) -> bool:
        document = self._document
        if not document.needs_saving:
            return True
        box = self._question(f"Save the changes to “{document.state.source.name}”?")
        box.setInformativeText("They would be lost otherwise.")
        box.setStandardButtons(Buttons.Save | Buttons.Discard | Buttons.Cancel)
        box.setDefaultButton(Buttons.Save)
        give_access_keys(box.buttons())
        answer = box.exec()
        if answer == Buttons.Save:
            self.save()
            document.jobs.wait()
            return document.is_saved
        return bool(answer == Buttons.Discard)

    def _may_discard_earlier(self) -> bool:
        """What was edited and then gave way to something opened is still a few steps away: offer it."""
        left = self._document.left_behind
        if not left:
            return True
        work, more = left[0], len(left) - 1
        box = self._question(f"Go back to the changes to “{work.name}”? They were never saved.")
        others = (
            f" {counted(more, 'other')} {'was' if more == 1 else 'were'} never saved either." if more else ""
        )
        box.setInformativeText(f"They are kept in the undo history, and end with it.{others}")
        back = box.addButton("Go back to them", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(Buttons.Discard)
        box.addButton(Buttons.Cancel)
        box.setDefaultButton(back)
        give_access_keys(box.buttons())
        box.exec()
        if box.clickedButton() is back:
            self._document.go_to(work.step)
        return box.clickedButton() is discard

    def _question(self, text: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setWindowTitle("Unsaved changes")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(text)
        return box

    def _project(self) -> files.Project:
        """What belongs to the work beside the predictions."""
        document = self._document
        layout: QByteArray = self._window.saveState(LAYOUT_VERSION).toBase64()
        shown, present = document.past.shown()
        own = shown[present].opened  # what came before it was opened is the history of something else
        history = tuple(point for point in shown[: present + 1] if point.opened == own)
        text = bytes(layout.data()).decode("ascii")
        return files.Project(document.state.convention, document.state.baseline, history, text)

    def _on_saved(self, result: tuple[Source, int]) -> None:
        source, revision = result
        self._own.add(source.path)
        self._document.set_saved(source, revision)
        remember(self._settings, Recent(source.path))
        whole = Path(source.path).suffix.lower() == ".npz"
        self.said.emit(f"Saved {source.path}" + ("" if whole else ": predictions, labels and class names"))
        self.saved.emit(source.path)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, files.ChangedSince):
            self._ask_over()
        elif isinstance(error, Refusal):
            self.refused.emit(str(error))
        else:
            raise error  # a bug: the error dialog says so

    def _ask_over(self) -> None:
        """The file is another than the one that was opened: whose shall it be?"""
        text = f"“{Path(self._target).name}” has changed since it was opened."
        why = "Another window or program has written to it. Nothing was saved yet."
        over = partial(self.save_to, self._target, whatever=True, losing=True)
        self._ask_again(text, why, over)

    def _ask_loss(self, source: Source) -> None:
        """The file holds columns or arrays that were not read: shall they go?"""
        text = f"Saving over “{source.name}” would lose what was not read of it."
        why = f"{source.left_out[0].upper()}{source.left_out[1:]}."
        self._ask_again(text, why, partial(self.save_to, source.path, losing=True))

    def _ask_again(self, text: str, why: str, overwrite: Callable[[], None]) -> None:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(text)
        box.setInformativeText(why)
        over = box.addButton("Overwrite it", QMessageBox.ButtonRole.DestructiveRole)
        other = box.addButton("Save as …", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(Buttons.Cancel)
        box.setDefaultButton(other)
        box.exec()
        if box.clickedButton() is over:
            overwrite()
        elif box.clickedButton() is other:
            self.ask_save()

    def _folder(self) -> Path:
        folder = Path(self._settings.text("folder", str(Path.home())))
        return folder if folder.is_dir() else Path.home()


def _is_same(path: str, other: str) -> bool:
    """Whether two paths lead to one file, however they are written."""
    return path == other or bool(other and os.path.realpath(path) == os.path.realpath(other))


def _snapshot(document: Document) -> tuple[Predictions, int]:
    """A copy of the predictions with no edit half in it, and its revision; called in the worker's thread.

    A mapped file, or one with pages, is not copied, since it may not fit into memory: rows edited while it is saved are
    saved as they are when their turn comes, and the document stays unsaved.
    """
    while True:
        revision, found = document.revision, every_row(document.state)
        if document.state.source.mapped or document.state.page is not None:
            return found, revision
        copy = replace(found, probs=found.probs.copy(), labels=found.labels.copy())
        if document.revision == revision:
            return copy, revision
