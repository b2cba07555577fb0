"""Lays the panels out and hands each what it draws; no arithmetic."""

from __future__ import annotations

import sys
from typing import Protocol

from PySide6.QtCore import QProcess
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QVBoxLayout, QWidget

from lossacc_gui.core.change import Change
from lossacc_gui.core.curves.curve import Pick
from lossacc_gui.core.edits import Replace
from lossacc_gui.core.explain import explain
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.state import Source, State
from lossacc_gui.core.tally import Tally
from lossacc_gui.scenarios import Scenario, scenario
from lossacc_gui.session.document import Document
from lossacc_gui.session.drag import Drag
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.jobs import Jobs
from lossacc_gui.session.lister import Lister
from lossacc_gui.session.recents import recents
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.alarm import Alarm
from lossacc_gui.ui.asking import Asking
from lossacc_gui.ui.clipboard import Clipboard
from lossacc_gui.ui.context_menus import ContextMenus
from lossacc_gui.ui.detecting import Detecting
from lossacc_gui.ui.dialogs import NewMatrix
from lossacc_gui.ui.docking import Docking
from lossacc_gui.ui.dragging import Dragging
from lossacc_gui.ui.editing import Editing
from lossacc_gui.ui.exploring import Exploring
from lossacc_gui.ui.filling import Filling
from lossacc_gui.ui.filtering import Filtering
from lossacc_gui.ui.finding import Finding
from lossacc_gui.ui.grid import Grid
from lossacc_gui.ui.grid_card import GridCard
from lossacc_gui.ui.making import Making
from lossacc_gui.ui.notices import Notices
from lossacc_gui.ui.opening import REOPEN, Opening
from lossacc_gui.ui.saving import Saving
from lossacc_gui.ui.scrubbing import Scrubbing
from lossacc_gui.ui.status import Status
from lossacc_gui.ui.strip import Strip
from lossacc_gui.ui.toggles import Toggles
from lossacc_gui.ui.tools import Tools
from lossacc_gui.ui.viewing import Viewing
from lossacc_gui.ui.views import make_views

HAPPENED = "What just happened"


class _Themed(Protocol):
    def set_theme(self, theme: look.Theme) -> None: ...


class Window(QMainWindow):
    """One window on one document."""

    def __init__(self, document: Document, settings: Settings, scheme: look.Scheme) -> None:
        super().__init__()
        self.document, self.settings, self.scheme = document, settings, scheme
        document.setParent(self)
        self.theme = look.theme_for(scheme)
        self.focus = Focus(self)
        self.lister = Lister(document, self.focus, self)
        self.drag = Drag(document, self.focus)
        self.curve_jobs = Jobs(self)
        self._before: Tally | None = None
        self._restored = False
        self._make_parts()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.resize(1440, 900)
        self.docking.arrange()
        self._draw_tiles()
        self._draw_frame()
        self._draw_recents()
        self._draw_curves()

    # --- making ---

    def _make_parts(self) -> None:
        self.grid = Grid(self.document, self.focus, self.theme)
        self.card = GridCard(self.grid, self.theme)
        self.strip = Strip(self.theme)
        self.notices = Notices()
        self.alarm = Alarm(self.document, self.notices)
        self.status = Status(self.document)
        self.views = make_views(self, self.theme, self.curve_jobs)
        self.docking = Docking(self, self.views, self.grid, self.settings)
        self.clipboard = Clipboard(self.document, self.grid, self)
        self.making = Making(self.document, self.focus, self.grid.selected_rows, self)
        self.editing = Editing(self.document, self.focus, self.grid.selected_rows, self)
        self.filling = Filling(self.document, self.grid, self)
        self.exploring = Exploring(self.document, self.focus, self.grid.selected_rows, self)
        self.dragging = Dragging(self.drag, self.views.values(), self)
        self.scrubbing = Scrubbing(self.drag, self.grid, self)
        self.saving = Saving(self.document, self.settings, self)
        self.opening = Opening(self.document, self.settings, self.saving, self)
        Detecting(self.document, self.editing, self.notices, self.grid, self.curve_jobs).listen(self.opening)
        self.asking = Asking(self.opening, self.notices, self)
        self.filtering = Filtering(self.document, self.focus, self.lister, self.card.filter_line, self)
        self.finding = Finding(self.document, self.focus, self.filtering, self.card.ask_line, self)
        self.viewing = Viewing(self.settings, self)
        self.tools = Tools(self, self.views.values())
        self.tools.set_theme(self.theme)
        ContextMenus(self.grid, self.tools.acts, self.tools.menus, self)
        Toggles(self.tools.acts, self.settings, self.viewing, self.filtering, self)
        self.tools.acts["reopen"].setChecked(bool(self.settings.whole(REOPEN, 0, 0, 1)))
        self.tools.schemes.show_chosen([self.scheme], self.scheme.value)
        self.tools.layouts.show_chosen([self.docking.layout.key], "")
        self.grid.set_numbers(self.viewing.decimals, self.viewing.form)
        self.finding.decimals = self.viewing.decimals

    def _lay_out(self) -> None:
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(look.SPACING, 0, 0, 0)
        layout.setSpacing(look.SPACING)
        layout.addWidget(self.notices)
        layout.addWidget(self.card, 1)
        layout.addWidget(self.strip)
        centre.setMinimumWidth(360)
        self.setCentralWidget(centre)
        self.setStatusBar(self.status)
        self.setContentsMargins(0, 0, look.SPACING, 0)

    def _connect(self) -> None:
        self.document.changed.connect(self._on_changed)
        self.document.counting.told.connect(self._on_counted)
        self.document.shaken.connect(self._draw_tiles)
        self.focus.moved.connect(self._on_moved)
        self.focus.listed.connect(self._draw_curves)
        self.focus.listed.connect(self.status.forget)
        self.strip.listen(self.grid.delegates)
        for refused in (
            self.document.failed,
            self.grid.model.refused,
            self.clipboard.refused,
            self.making.refused,
            self.editing.refused,
            self.tools.conventions.refused,
            self.filling.refused,
            self.exploring.refused,
            self.opening.refused,
            self.saving.refused,
            self.viewing.refused,
            self.filtering.refused,
            self.finding.refused,
            self.dragging.refused,
            self.scrubbing.refused,
        ):
            refused.connect(self.refuse)
        for hand in (self.dragging, self.scrubbing):
            hand.ended.connect(self._draw_curves)
        self.grid.class_moved.connect(self.making.move_class)
        self.grid.sort_wanted.connect(self.filtering.sort_by)
        self.grid.rename_wanted.connect(self.filtering.unsort)
        self.grid.rename_wanted.connect(self.editing.rename_class)
        self.filtering.measured.connect(self._draw_tiles)
        self.lister.told.connect(self._draw_curves)
        self.card.ask_line.closed.connect(self.grid.take_keyboard)
        self.opening.opening.connect(self.grid.commit)
        self.opening.opened.connect(self._on_opened)
        self.saving.saved.connect(self._draw_frame)
        for used in (self.opening.opened, self.saving.saved):
            used.connect(self._draw_recents)
        self.viewing.numbers_changed.connect(self._on_numbers)
        self.tools.layouts.chosen.connect(self.docking.choose)
        self.viewing.said.connect(self.status.say)
        self.clipboard.said.connect(self.status.say)
        self.scrubbing.said.connect(self.status.say)
        self.saving.said.connect(self.status.say)
        self.alarm.copied.connect(self.viewing.copy_text)
        self.alarm.interrupted.connect(self.close)
        self.opening.said.connect(self.status.say)
        self.status.cancelled.connect(self._draw_frame)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme)
        self.tools.recents.chosen.connect(self.opening.open_recent)
        self.tools.conventions.convention_chosen.connect(self.editing.set_convention)
        self.tools.conventions.balance_chosen.connect(self.editing.balance_classes)
        self.tools.conventions.rule_chosen.connect(self.focus.set_rule)
        self.tools.scenarios.chosen.connect(self._on_scenario)
        self.tools.schemes.chosen.connect(self._on_scheme)
        self.card.epoch_chosen.connect(self.document.show_epoch)
        for view in self.views.values():
            view.shown.connect(self._draw_stale)
            view.view.picked.connect(self._on_picked)
            view.view.pointed.connect(self.status.point)
            view.asked.connect(self.editing.do)
            view.refused.connect(self.refuse)

    # --- drawing ---

    def scene(self) -> Scene:
        """What is to be drawn now."""
        return Scene(
            self.document.evaluation,
            self.focus.row,
            self.focus.column,
            self.focus.rule,
            *self.document.trail.of(self.document.history, self.document.step),
            self.document.state.baseline,
            self.drag.origin,
            self.focus.listing.shown,
            self.drag.sets,
            self.focus.threshold,
            before=self._before,
            among=self.filtering.words,
        )

    def _draw_tiles(self) -> None:
        state, tally, before, among = self.filtering.subject(self._before)
        for tile in self.tools.tiles:
            tile.draw(state, tally, before, self.theme, self.viewing.decimals, among)

    def _draw_frame(self) -> None:
        """Everything around the numbers: title, headings, ticks in menus."""
        self.setWindowTitle(f"{self.document.state.source.name}[*] – lossacc_gui")
        self.setWindowModified(not self.document.is_saved)
        self.card.draw(self.document)
        self.filtering.draw()
        self.status.draw(self.document)
        self.tools.draw(self.document)
        self.tools.conventions.draw(self.document.state.convention, self.focus.rule)

    def _draw_recents(self) -> None:
        self.tools.recents.show(recents(self.settings))

    def _draw_curves(self) -> None:
        scene = self.scene()
        for view in self.views.values():
            view.draw(scene)

    def _draw_stale(self) -> None:
        """Views that came into sight draw what they missed; the others are as they should be."""
        scene = self.scene()
        for view in self.views.values():
            if view.stale:
                view.draw(scene)

    def refuse(self, reason: str) -> None:
        """Say why nothing happened."""
        self.strip.refuse(reason.rstrip(". ") + ".")

    # --- what comes in ---

    def _on_changed(self, change: Change) -> None:
        predictions = self.document.state.predictions
        looked = (change.epoch or change.page) and change.rows is None  # that is no edit
        comparable = not (change.source or change.convention or looked)
        self._before = change.tally_before if comparable else None
        self.focus.clamp(predictions.rows, predictions.classes)
        self.grid.on_changed(change)
        self._draw_tiles()
        explanation = explain(change, self.document.evaluation, self.viewing.decimals)
        self.strip.show_spans(HAPPENED, explanation.told)
        self._draw_frame()
        self._draw_curves()

    def _on_counted(self) -> None:
        self._draw_tiles()
        if self.document.counting.done:
            self._draw_frame()
            self._draw_curves()

    def _on_moved(self) -> None:
        self.tools.conventions.draw(self.document.state.convention, self.focus.rule)
        scene = self.scene()
        for view in self.views.values():
            view.draw(scene, only_focus=True)

    def _on_picked(self, pick: Pick) -> None:
        if pick.row >= 0:
            self.focus.go_to(pick.row, pick.column if pick.column >= 0 else None)
        elif pick.filter is not None:
            again = pick.filter == self.focus.filter
            self.focus.set_filter(None if again else pick.filter)
        elif pick.step >= 0:
            self._go_to_point(pick.step)
        elif pick.build is not None:
            self.exploring.build_at(*pick.build)

    def _go_to_point(self, point: int) -> None:
        step = self.document.trail.step_of(point, self.document.history, self.document.step)
        if step is None:
            self.refuse("That step was made before the project was opened: it is shown, and cannot be undone")
        else:
            self.document.go_to(step)

    def _on_scenario(self, key: str) -> None:
        self.show_scenario(scenario(key))

    def show_scenario(self, lesson: Scenario) -> None:
        """Open a lesson and invite to its first edit."""
        way_back = self.saving.way_back()
        self.document.edit(Replace(lesson.state(), f"Scenario: {lesson.title}"), lesson.title, clean=True)
        self.begin_lesson(lesson, way_back)

    def begin_lesson(self, lesson: Scenario, aside: str = "") -> None:
        """Look where the lesson's first edit happens, and say what to try."""
        self.focus.set_rule(lesson.rule)
        self.focus.go_to(lesson.row, lesson.column)
        said = (aside, lesson.lesson, lesson.invitation) if aside else (lesson.lesson, lesson.invitation)
        self.strip.show_sentence(f"Try it: {lesson.title}", *said)
        self._draw_frame()

    def _on_opened(self, notes: tuple[str, ...]) -> None:
        self.focus.set_rule(Rule.ONLY)  # the rule of a lesson would refuse most edits here
        self.focus.go_to(0, 0)
        self._draw_frame()
        self.tell_notes(notes)

    def on_restored(self, said: str) -> None:
        """Look at what a killed window left behind, now that it is back."""
        self.focus.set_rule(Rule.ONLY)
        self.focus.go_to(0, 0)
        self._draw_frame()
        self.strip.show_sentence("Restored", said)

    def tell_notes(self, notes: tuple[str, ...]) -> None:
        """Say what was chosen when a file was opened."""
        if notes:
            name = self.document.state.source.name
            self.strip.add_notes(f"Opened {name}", [f"{note[:1].upper()}{note[1:]}." for note in notes])

    def _on_numbers(self) -> None:
        self.grid.set_numbers(self.viewing.decimals, self.viewing.form)
        self.finding.decimals = self.viewing.decimals
        self._draw_tiles()

    def _on_system_scheme(self) -> None:
        if self.scheme is look.Scheme.SYSTEM:
            self._on_scheme(look.Scheme.SYSTEM.value)

    def _on_scheme(self, name: str) -> None:
        self.scheme = look.Scheme(name)
        self.settings.put("theme", self.scheme.value)
        self.theme = look.theme_for(self.scheme)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        look.dress(app, self.theme)
        dressed: list[_Themed] = [self.grid, self.card, self.strip, self.tools, *self.views.values()]
        for part in dressed:
            part.set_theme(self.theme)
        self.tools.schemes.show_chosen([self.scheme], self.scheme.value)
        self._draw_tiles()

    # --- actions ---

    def on_new(self) -> None:
        """Ask for the size of a new matrix, and make it."""
        dialog = NewMatrix(self)
        try:
            if dialog.exec() == QDialog.DialogCode.Accepted:
                made = dialog.predictions()
                convention = self.document.state.convention.for_classes(made.classes)
                state = State(made, convention, None, Source("untitled"))
                way_back = self.saving.way_back()
                self.document.edit(Replace(state, "New matrix"), "New matrix", clean=True, aside=way_back)
                self.focus.set_rule(Rule.ONLY)
        except Refusal as reason:
            self.refuse(f"{reason}.")
        finally:
            dialog.deleteLater()

    def on_new_window(self) -> None:
        """Start another process with a window of its own."""
        QProcess.startDetached(sys.executable, ["-m", "lossacc_gui"])

    def remember(self) -> None:
        """Put the window's place and layout into the settings."""
        self.settings.put("geometry", self.saveGeometry())
        self.docking.remember()
        self.settings.save()

    def end(self) -> None:
        """End all background work."""
        self.document.close()
        self.curve_jobs.close()

    def restore(self) -> None:
        """Take the place and layout of the last time."""
        if not (geometry := self.settings.bytes("geometry")).isEmpty():
            self.restoreGeometry(geometry)
        self._restored = self.docking.restore()

    # Qt's own names from here on

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._restored:
            self._restored = True
            self.docking.share_space()
        self.grid.take_keyboard()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.saving.may_discard():
            event.ignore()
            return
        self.remember()
        self.document.close(done=True)
        self.end()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if paths:
            self.opening.open_dropped(paths)
