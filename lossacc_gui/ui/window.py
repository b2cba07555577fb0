"""Lays the panels out and hands each what it draws; no arithmetic."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from lossacc_gui.core.change import Change
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.scene import Scene
from lossacc_gui.session.document import Document
from lossacc_gui.session.drag import Drag
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.jobs import Jobs
from lossacc_gui.session.lister import Lister
from lossacc_gui.session.recents import recents
from lossacc_gui.session.ruling import Ruling
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.alarm import Alarm
from lossacc_gui.ui.asking import Asking
from lossacc_gui.ui.beginning import Beginning
from lossacc_gui.ui.clipboard import Clipboard
from lossacc_gui.ui.context_menus import ContextMenus
from lossacc_gui.ui.detecting import Detecting
from lossacc_gui.ui.docking import Docking
from lossacc_gui.ui.dragging import Dragging
from lossacc_gui.ui.dressing import Dressing
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
from lossacc_gui.ui.picking import Picking
from lossacc_gui.ui.picturing import Picturing
from lossacc_gui.ui.refusals import Refusals
from lossacc_gui.ui.saving import Saving
from lossacc_gui.ui.scrubbing import Scrubbing
from lossacc_gui.ui.since import Since
from lossacc_gui.ui.status import Status
from lossacc_gui.ui.stray_keys import StrayKeys
from lossacc_gui.ui.strip import Strip
from lossacc_gui.ui.telling import Telling
from lossacc_gui.ui.toggles import Toggles
from lossacc_gui.ui.tools import Tools
from lossacc_gui.ui.undo_keys import UndoKeys
from lossacc_gui.ui.viewing import Viewing
from lossacc_gui.ui.views import make_views

HAPPENED = "What just happened"
FIRST_SIZE = QSize(1440, 900)
FRAME = QSize(16, 48)
"""What a desktop draws around a window, about."""


class _Themed(Protocol):
    def set_theme(self, theme: look.Theme) -> None: ...


class Window(QMainWindow):
    """One window on one document."""

    def __init__(self, document: Document, settings: Settings, scheme: look.Scheme) -> None:
        super().__init__()
        self.document, self.settings = document, settings
        document.setParent(self)
        self.dressing = Dressing(settings, scheme, self)
        self.focus = Focus(self)
        self.lister = Lister(document, self.focus, self)
        self.drag = Drag(document, self.focus)
        self.curve_jobs = Jobs(self)
        self.since = Since()
        self._restored = False
        self._make_parts()
        self._lay_out()
        UndoKeys(self.tools.acts["undo"], self.tools.acts["redo"], self)
        StrayKeys(self.grid, self)
        self._connect()
        self.setAcceptDrops(True)
        self.resize(FIRST_SIZE)
        self.docking.arrange()
        self._draw_tiles()
        self._draw_frame()
        self._draw_recents()
        self._draw_curves()

    # --- making ---

    def _make_parts(self) -> None:
        theme = self.dressing.theme
        self.grid = Grid(self.document, self.focus, theme)  # the first to hear of a change
        self.card = GridCard(self.grid, theme)
        self.strip = Strip(theme)
        self.refusals = Refusals(self.strip, self)
        self.telling = Telling(self.document, self.lister.following)
        self.notices = Notices()
        self.alarm = Alarm(self.document, self.notices)
        self.status = Status(self.document)
        self.views = make_views(self, theme, self.curve_jobs)
        self.docking = Docking(self, self.views, self.grid, self.settings)
        self.clipboard = Clipboard(self.document, self.grid, self)
        self.making = Making(self.document, self.focus, self.grid.selection.rows, self)
        self.editing = Editing(self.document, self.focus, self.grid.selection.rows, self)
        self.filling = Filling(self.document, self.grid, self)
        self.exploring = Exploring(self.document, self.focus, self.grid.selection.rows, self)
        views = self.views.values()
        self.picking = Picking(self.document, self.focus, views, self.editing, self.exploring, self)
        self.dragging = Dragging(self.drag, self.views.values(), self)
        self.scrubbing = Scrubbing(self.drag, self.grid, self)
        self.saving = Saving(self.document, self.settings, self)
        self.beginning = Beginning(self.document, self.focus, self.strip, self.saving, self)
        self.ruling = Ruling(self.document, self.focus, self)
        self.opening = Opening(self.document, self.settings, self.saving, self)
        Detecting(self.document, self.editing, self.notices, self.grid, self.curve_jobs).listen(self.opening)
        self.asking = Asking(self.opening, self.notices, self)
        self.filtering = Filtering(self.document, self.focus, self.lister, self.card.filter_line, self)
        self.finding = Finding(self.document, self.focus, self.filtering, self.card.ask_line, self)
        self.viewing = Viewing(self.settings, self)
        self.picturing = Picturing(self.document, self.views, self.docking, self.settings, self)
        self.tools = Tools(self, self.views.values())
        self.tools.set_theme(theme)
        ContextMenus(self.grid, self.tools.acts, self.tools.menus, self)
        Toggles(self.tools.acts, self.settings, self.viewing, self.filtering, self)
        self.tools.acts["reopen"].setChecked(bool(self.settings.whole(REOPEN, 0, 0, 1)))
        self.tools.schemes.show_chosen([self.dressing.scheme], self.dressing.scheme.value)
        self.tools.layouts.show_chosen([self.docking.layout.key], "")
        self.grid.set_numbers(self.viewing.decimals, self.viewing.form)
        self.finding.decimals = self.viewing.decimals
        self.strip.set_decimals(self.viewing.decimals)

    def _lay_out(self) -> None:
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(look.SPACING, 0, 0, 0)
        layout.setSpacing(look.SPACING)
        layout.addWidget(self.card, 1)
        layout.addWidget(self.notices)  # below the rows, which it would push away from the mouse
        layout.addWidget(self.strip)
        centre.setMinimumWidth(360)
        self.setCentralWidget(centre)
        self.setStatusBar(self.status)
        self.setContentsMargins(0, 0, look.SPACING, 0)

    def _connect(self) -> None:
        self.document.changed.connect(self._on_changed)
        self.document.counting.told.connect(self._on_counted)
        self.document.shaken.connect(self._draw_tiles)
        self.focus.moved.connect(self.status.forget)
        self.focus.moved.connect(self._on_moved)
        self.focus.listed.connect(self._draw_curves)
        self.focus.listed.connect(self.status.forget)
        self.strip.listen(self.grid.delegates)
        self.filtering.measured.connect(self._draw_tiles)
        self.lister.told.connect(self._draw_curves)
        self.viewing.numbers_changed.connect(self._on_numbers)
        self.dressing.dressed.connect(self._on_dressed)
        self.opening.opening.connect(self.grid.commit)
        self.opening.opened.connect(self.beginning.begin_file)
        self.beginning.begun.connect(self.grid.take_keyboard)  # else what is typed next would go nowhere
        for frame in (self.beginning.begun, self.saving.saved, self.status.cancelled):
            frame.connect(self._draw_frame)
        for used in (self.opening.opened, self.saving.saved):
            used.connect(self._draw_recents)
        for hand in (self.dragging, self.scrubbing):
            hand.ended.connect(self._draw_curves)
        for view in self.views.values():
            view.wanted.connect(self._draw_stale)
            view.moved.connect(self._draw_stale, Qt.ConnectionType.QueuedConnection)
            view.pointed.connect(self.status.point)
        self.alarm.copied.connect(self.viewing.copy_text)
        self.alarm.interrupted.connect(self.close)
        self._connect_grid()
        self._connect_tools()
        self._connect_sentences()

    def _connect_grid(self) -> None:
        self.grid.class_moved.connect(self.making.move_class)
        self.grid.sort_wanted.connect(self.filtering.sort_by)
        self.grid.rename_wanted.connect(self.filtering.unsort)
        self.grid.rename_wanted.connect(self.editing.rename_class)
        self.notices.answered.connect(self.grid.take_keyboard)
        self.card.ask_line.closed.connect(self.grid.take_keyboard)
        self.card.epoch_chosen.connect(self.document.show_epoch)

    def _connect_tools(self) -> None:
        tools = self.tools
        tools.recents.chosen.connect(self.opening.open_recent)
        tools.scenarios.chosen.connect(self.beginning.choose_scenario)
        tools.schemes.chosen.connect(self.dressing.choose)
        tools.layouts.chosen.connect(self.docking.choose)
        tools.conventions.convention_chosen.connect(self.editing.set_convention)
        tools.conventions.balance_chosen.connect(self.editing.balance_classes)
        tools.conventions.rule_chosen.connect(self.focus.set_rule)
        self.strip.rule_chosen.connect(self._take_rule)

    def _connect_sentences(self) -> None:
        """Everything that is said at the foot, and every reason why nothing happened."""
        refusals = self.refusals
        for part in (self.viewing, self.picturing, self.clipboard, self.scrubbing, self.saving, self.opening):
            part.said.connect(self.status.say)
            refusals.end_with(part.said, part, part)
        refusals.end_with(self.saving.saved, self.saving, self.saving)
        refusals.end_with(self.focus.listed, self.focus, self.filtering)
        refusals.end_with(self.card.ask_line.closed, self.card.ask_line, self.finding, self.filtering)
        self.document.failed.connect(refusals.refuse)
        refusals.listen(
            self.grid.model,
            self.clipboard,
            self.making,
            self.editing,
            self.tools.conventions,
            self.filling,
            self.exploring,
            self.beginning,
            self.opening,
            self.saving,
            self.viewing,
            self.picturing,
            self.filtering,
            self.finding,
            self.dragging,
            self.scrubbing,
            self.picking,
        )

    # --- drawing ---

    def scene(self) -> Scene:
        """What is to be drawn now."""
        return Scene(
            self.document.evaluation,
            self.focus.row,
            self.focus.column,
            self.focus.rule,
            *self.document.past.shown(),
            self.document.state.baseline,
            self.drag.origin,
            self.focus.listing.shown,
            self.drag.sets,
            self.focus.threshold,
            before=self.since.tally,
            among=self.filtering.words,
            held=self.drag.held,
            page=self.document.page,
        )

    def _draw_tiles(self) -> None:
        state, tally, before, among, aside = self.filtering.subject(self.since.tally)
        for tile in self.tools.tiles:
            tile.draw(state, tally, before, self.dressing.theme, self.viewing.decimals, among, aside)

    def _draw_frame(self) -> None:
        """Everything around the numbers: title, headings, ticks in menus."""
        self.setWindowTitle(f"{self.document.state.source.name}[*] – lossacc_gui")
        self.setWindowModified(not self.document.is_saved)
        self.card.draw(self.document)
        self.filtering.draw()
        self.status.draw(self.document)
        self.tools.draw(self.document)
        self.tools.conventions.draw(self.document.state, self.focus.rule)

    def _draw_recents(self) -> None:
        self.tools.recents.show(recents(self.settings))

    def _draw_curves(self) -> None:
        scene = self.scene()
        for view in self.views.values():
            view.draw(scene)

    def _draw_stale(self) -> None:
        """Views that came into sight draw what they missed; those that went out of it stop."""
        scene = self.scene()
        for view in self.views.values():
            view.catch_up(scene)

    # --- what comes in ---

    def _on_changed(self, change: Change) -> None:
        self.since.follow(change)
        self._draw_tiles()
        if change.back:
            self.strip.take_back()
        else:
            self.strip.show_told(HAPPENED, self.telling.of(change), goes_on=change.goes_on)
        self._draw_frame()
        if change.source and self.document.is_large(self.document.state.predictions.probs[0].size):
            for view in self.views.values():
                view.put_off()
            QTimer.singleShot(1, self._draw_stale)  # once all else is painted: 0 would come before it
        else:
            self._draw_curves()

    def _on_counted(self) -> None:
        self._draw_tiles()
        if self.document.counting.done:
            self._draw_frame()
            self._draw_curves()

    def _on_moved(self) -> None:
        self.tools.conventions.draw(self.document.state, self.focus.rule)
        scene = self.scene()
        for view in self.views.values():
            view.draw(scene, only_focus=True)

    def _take_rule(self, rule: Rule) -> None:
        """Take the rule that a refusal advised, and with it the value that was refused, if it still stands."""
        self.focus.set_rule(rule)
        if not self.grid.commit():
            self.strip.show_sentence(f"Edit rule: {rule}", "Change the cell again.")

    def _on_numbers(self) -> None:
        self.grid.set_numbers(self.viewing.decimals, self.viewing.form)
        self.finding.decimals = self.viewing.decimals
        self.strip.set_decimals(self.viewing.decimals)
        self._draw_tiles()

    def _on_dressed(self, theme: look.Theme) -> None:
        dressed: list[_Themed] = [self.grid, self.card, self.strip, self.tools, *self.views.values()]
        for part in dressed:
            part.set_theme(theme)
        self.tools.schemes.show_chosen([self.dressing.scheme], self.dressing.scheme.value)
        self._draw_tiles()

    # --- from one sitting to the next ---

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
        """Take the place and layout of the last time; the first time, what the screen has room for."""
        if not (geometry := self.settings.bytes("geometry")).isEmpty():
            self.restoreGeometry(geometry)
        elif (room := self.screen().availableSize()) != room.expandedTo(self.size() + FRAME):
            self.resize(self.size().boundedTo(room - FRAME))
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self._restored = self.docking.restore()

    # Qt's own names from here on

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._restored:
            self._restored = True
            self.docking.share_space()
        self.grid.take_keyboard()
        QTimer.singleShot(0, self.docking.frame_torn_off)  # before the window stands they would lie under it

    def closeEvent(self, event: QCloseEvent) -> None:
        self.grid.commit()
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
