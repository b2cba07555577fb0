"""What one begins with: a lesson, a new matrix, a file, or what a killed window left; and where one looks first."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QProcess, Signal
from PySide6.QtWidgets import QDialog, QWidget

from lossacc_gui.core.edits import Replace
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.state import Source, State
from lossacc_gui.scenarios import Scenario, scenario
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus
from lossacc_gui.ui.dialogs import NewMatrix
from lossacc_gui.ui.saving import Saving
from lossacc_gui.ui.strip import Strip


class Beginning(QObject):
    """Puts it into the document, looks at its first cell and says what there is to know."""

    begun = Signal()
    """Another beginning was made: names and ticks are to be drawn."""
    refused = Signal(str)

    def __init__(
        self, document: Document, focus: Focus, strip: Strip, saving: Saving, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._document, self._focus, self._strip, self._saving = document, focus, strip, saving
        self._window = parent

    def choose_scenario(self, key: str) -> None:
        """Open the lesson of this key."""
        self.show_scenario(scenario(key))

    def show_scenario(self, lesson: Scenario) -> None:
        """Open a lesson and invite to its first edit."""
        way_back = self._saving.way_back()
        edit = Replace(lesson.state(), f"Scenario: {lesson.title}", opens=True)
        self._document.edit(edit, lesson.title, clean=True)
        self.begin_lesson(lesson, way_back)

    def begin_lesson(self, lesson: Scenario, aside: str = "") -> None:
        """Look where the lesson's first edit happens, and say what to try."""
        self._look(lesson.rule, lesson.row, lesson.column)
        said = (aside, lesson.lesson, lesson.invitation) if aside else (lesson.lesson, lesson.invitation)
        self._strip.show_sentence(f"Try it: {lesson.title}", *said)

    def begin_file(self, notes: tuple[str, ...], again: bool) -> None:
        """Look at the first cell of a file that was opened: the rule of a lesson would refuse most edits here.

        One that was read ``again`` is looked at where it was, by the same rule.
        """
        if again:
            self.begun.emit()
        else:
            self._look()
        self.tell_notes(notes)

    def begin_restored(self, said: str) -> None:
        """Look at what a killed window left behind, now that it is back."""
        self._look()
        self._strip.show_sentence("Restored", said)

    def tell_notes(self, notes: tuple[str, ...]) -> None:
        """Say what was chosen when a file was opened."""
        if notes:
            name = self._document.state.source.name
            self._strip.add_notes(f"Opened {name}", [f"{note[:1].upper()}{note[1:]}." for note in notes])

    def new(self) -> None:
        """Ask for the size of a new matrix, and make it."""
        dialog = NewMatrix(self._window)
        try:
            if dialog.exec() == QDialog.DialogCode.Accepted:
                made = dialog.predictions()
                convention = self._document.state.convention.for_classes(made.classes)
                state = State(made, convention, None, Source("untitled"))
                way_back = self._saving.way_back()
                edit = Replace(state, "New matrix", opens=True)
                self._document.edit(edit, edit.what, clean=True, aside=way_back)
                self._look()
        except Refusal as reason:
            self.refused.emit(f"{reason}.")
        finally:
            dialog.deleteLater()

    def new_window(self) -> None:
        """Start another process with a window of its own."""
        QProcess.startDetached(sys.executable, ["-m", "lossacc_gui"])

    def _look(self, rule: Rule = Rule.ONLY, row: int = 0, column: int = 0) -> None:
        self._focus.set_rule(rule)
        self._focus.go_to(row, column)
        self.begun.emit()
