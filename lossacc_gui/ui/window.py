"""Lays the panels out and hands each what it draws; no arithmetic."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QPoint, QProcess, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QProgressBar,
    QSpinBox,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core.change import Change
from lossacc_gui.core.curves.curve import Pick
from lossacc_gui.core.edits import Replace
from lossacc_gui.core.explain import explain
from lossacc_gui.core.metrics import METRICS
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.state import Source, State
from lossacc_gui.core.tally import Tally
from lossacc_gui.scenarios import SCENARIOS, Scenario, scenario
from lossacc_gui.session.document import Document
from lossacc_gui.session.drag import Drag
from lossacc_gui.session.focus import Focus
from lossacc_gui.session.jobs import Jobs
from lossacc_gui.session.settings import LAYOUT_VERSION, Settings
from lossacc_gui.ui import actions, shots
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.choices import Choice, ChoiceMenu, ConventionBar
from lossacc_gui.ui.dialogs import NewMatrix, Page, about_html, keys_html
from lossacc_gui.ui.editing import Editing
from lossacc_gui.ui.grid import Grid
from lossacc_gui.ui.opening import Opening
from lossacc_gui.ui.plots import Phase
from lossacc_gui.ui.strip import Strip
from lossacc_gui.ui.tiles import Tile
from lossacc_gui.ui.views import arrange, make_views, share_width

HAPPENED = "What just happened"
HINTS = "fill: prediction · box: label"


class Window(QMainWindow):
    """One window on one document."""

    def __init__(self, document: Document, settings: Settings, scheme: look.Scheme) -> None:
        super().__init__()
        self.document, self.settings, self.scheme = document, settings, scheme
        document.setParent(self)
        self.theme = look.theme_for(scheme)
        self.focus = Focus(self)
        self.drag = Drag(document, self.focus)
        self.curve_jobs = Jobs(self)
        self._before: Tally | None = None
        self._restored = False
        self._make_panels()
        self._make_actions()
        self._connect()
        self.setAcceptDrops(True)
        self.setContentsMargins(0, 0, look.SPACING, 0)
        self.resize(1440, 900)
        arrange(self, self.views)
        self._draw_all()

    # --- making ---

    def _make_panels(self) -> None:
        self.tiles = [Tile(metric) for metric in METRICS]
        self.grid = Grid(self.document, self.focus, self.theme)
        self.grid.set_decimals(self.settings.whole("decimals", 4, 0, 12))
        self.strip = Strip(self.theme)
        self._heading, self._hints = QLabel(), QLabel(HINTS)
        self._hints.setObjectName("muted")
        self._epoch = QSpinBox()
        self._epoch.setPrefix("epoch ")
        card = QFrame()
        card.setObjectName("card")
        head = QHBoxLayout()
        head.setContentsMargins(11, 7, 11, 5)
        head.setSpacing(look.SPACING)
        for widget in (self._heading, self._hints):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self._epoch)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addLayout(head)
        inside.addWidget(self.grid, 1)
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(8, 0, 0, 0)
        layout.setSpacing(look.SPACING)
        layout.addWidget(card, 1)
        layout.addWidget(self.strip)
        centre.setMinimumWidth(360)
        self.setCentralWidget(centre)
        self.setDockNestingEnabled(True)
        self.views = make_views(self, self.theme, self.curve_jobs)

    def _make_actions(self) -> None:
        self.editing = Editing(self.document, self.focus, self.grid.selected_rows, self)
        self.opening = Opening(self.document, self.settings, self)
        self.acts, menus = actions.build(self)
        self.bar = QToolBar("Tools")
        self.bar.setObjectName("tools")
        self.bar.setMovable(False)
        self.addToolBar(self.bar)
        lessons = [Choice(s.key, s.title, s.lesson) for s in SCENARIOS]
        self.scenarios = ChoiceMenu("Scenarios", lessons, self, single=False)
        self.conventions = ConventionBar(self)
        for act in actions.ACTIONS:
            if act.bar and act.id != "pin":
                self.bar.addAction(self.acts[act.id])
        self.bar.addSeparator()
        self.scenarios.button.setText("Scenarios ▾")
        self.bar.addWidget(self.scenarios.button)
        menus[actions.SCENARIOS].addActions(self.scenarios.actions)
        self.bar.addSeparator()
        self.conventions.add_to(self.bar, menus[actions.CONVENTION], menus[actions.EDIT])
        self.bar.addSeparator()
        self.bar.addAction(self.acts["pin"])
        schemes = [Choice(s, s.value, f"Use the {s.value} colours") for s in look.Scheme]
        self.schemes = ChoiceMenu("Colours", schemes, self)
        self._make_view_menu(menus[actions.VIEW])
        self.addToolBarBreak()
        tiles = QToolBar("Numbers")
        tiles.setObjectName("tiles")
        tiles.setMovable(False)
        for tile in self.tiles:
            tiles.addWidget(tile)
        self.addToolBar(tiles)
        for bar in (self.bar, tiles):
            bar.toggleViewAction().setEnabled(False)
        self._make_status()

    def _make_view_menu(self, menu: QMenu) -> None:
        menu.addSeparator()
        for view in self.views.values():
            action = view.dock.toggleViewAction()
            action.setStatusTip(f"Show or hide {view.curve.title}: {view.curve.hint}")
            menu.addAction(action)
        menu.addSeparator()
        menu.addMenu(self.schemes.menu)
        self.schemes.show_chosen([self.scheme], self.scheme.value)

    def _make_status(self) -> None:
        self._source = QLabel()
        self._progress = QProgressBar()
        self._progress.setFixedWidth(220)
        self._progress.setRange(0, 100)
        self._cancel = QToolButton()
        self._cancel.setText("Cancel")
        self._cancel.setToolTip("Stop this; nothing is changed")
        bar = self.statusBar()
        bar.addWidget(self._source)
        bar.addPermanentWidget(self._progress)
        bar.addPermanentWidget(self._cancel)
        self._on_emptied()

    def _connect(self) -> None:
        self.document.changed.connect(self._on_changed)
        self.document.failed.connect(self.refuse)
        self.focus.moved.connect(self._on_moved)
        self.grid.model.refused.connect(self.refuse)
        self.grid.menu_wanted.connect(self._on_menu)
        self.grid.rename_wanted.connect(self.editing.rename_class)
        self.editing.refused.connect(self.refuse)
        self.opening.refused.connect(self.refuse)
        self.opening.opened.connect(self._on_opened)
        self.opening.saved.connect(self._on_saved)
        self.conventions.convention_chosen.connect(self.editing.set_convention)
        self.conventions.rule_chosen.connect(self.focus.set_rule)
        self.scenarios.chosen.connect(self._on_scenario)
        self.schemes.chosen.connect(self._on_scheme)
        self._epoch.valueChanged.connect(self._on_epoch)
        self._cancel.clicked.connect(self._on_cancel)
        self.document.jobs.progressed.connect(self._on_progress)
        self.document.jobs.emptied.connect(self._on_emptied)
        for key, view in self.views.items():
            view.shown.connect(self._draw_curves)
            view.view.picked.connect(self._on_picked)
            view.view.pointed.connect(self._on_pointed)
            if key == "sweep":
                view.view.dragged.connect(self._on_dragged)

    # --- drawing ---

    def scene(self) -> Scene:
        """What is to be drawn now."""
        return Scene(
            self.document.evaluation,
            self.focus.row,
            self.focus.column,
            self.focus.rule,
            self.document.history,
            self.document.step,
            self.document.state.baseline,
            self.drag.origin,
        )

    def _draw_all(self) -> None:
        self._draw_tiles()
        self._draw_frame()
        self._draw_curves()

    def _draw_tiles(self) -> None:
        tally, decimals = self.document.evaluation.tally, self.grid.model.decimals
        for tile in self.tiles:
            tile.draw(self.document.state, tally, self._before, self.theme, decimals)

    def _draw_frame(self) -> None:
        """Everything around the numbers: title, headings, ticks in menus."""
        state, stack = self.document.state, self.document.stack
        predictions = state.predictions
        size = f"{predictions.rows:,} × {predictions.classes:,}"
        self._heading.setText(
            f"<b>Predictions</b> &nbsp;{predictions.rows:,} rows × {predictions.classes:,} classes"
        )
        self._epoch.setVisible(predictions.epochs > 1)
        self._epoch.blockSignals(True)
        self._epoch.setRange(1, predictions.epochs)
        self._epoch.setSuffix(f" of {predictions.epochs}")
        self._epoch.setValue(self.document.epoch + 1)
        self._epoch.blockSignals(False)
        self.setWindowTitle(f"{state.source.name}[*] – lossacc_gui")
        self.setWindowModified(not self.document.is_saved)
        tally = self.document.evaluation.tally
        parts = [state.source.name, size, str(predictions.probs.dtype), f"labels: {tally.rows:,}"]
        if tally.unlabelled:
            parts.append(f"without label: {tally.unlabelled:,}")
        if tally.sum_off:
            parts.append(f"rows not summing to 1: {tally.sum_off:,}")
        if state.source.mapped:
            parts.append("mapped from the file")
        self._source.setText(" · ".join(parts))
        self.conventions.draw(state.convention, self.focus.rule)
        self.acts["undo"].setEnabled(stack.canUndo())
        self.acts["redo"].setEnabled(stack.canRedo())
        self.acts["undo"].setToolTip(f"Undo: {stack.undoText()} (Ctrl+Z)")
        self.acts["redo"].setToolTip(f"Redo: {stack.redoText()} (Ctrl+Shift+Z)")
        self.acts["pin"].setChecked(state.baseline is not None)
        self.scenarios.show_chosen([], "")
        self.scenarios.button.setText("Scenarios ▾")

    def _draw_curves(self) -> None:
        scene = self.scene()
        for view in self.views.values():
            view.draw(scene)

    def refuse(self, reason: str) -> None:
        """Say why nothing happened."""
        self.strip.show_sentence("Nothing was changed", reason)

    # --- what comes in ---

    def _on_changed(self, change: Change) -> None:
        predictions = self.document.state.predictions
        comparable = not (change.shape or change.convention)
        self._before = change.tally_before if comparable else None
        self.focus.clamp(predictions.rows, predictions.classes)
        self.grid.on_changed(change)
        self._draw_tiles()
        explanation = explain(change, self.document.evaluation, self.grid.model.decimals)
        self.strip.show_spans(HAPPENED, explanation.spans())
        self._draw_frame()
        self._draw_curves()

    def _on_moved(self) -> None:
        self.conventions.draw(self.document.state.convention, self.focus.rule)
        scene = self.scene()
        for view in self.views.values():
            view.draw(scene, only_focus=True)

    def _on_dragged(self, phase: str, value: float) -> None:
        try:
            if phase == Phase.BEGIN:
                self.drag.begin()
            self.drag.to(value)
        except Refusal as reason:
            self.refuse(f"{reason}.")
        if phase == Phase.END:
            self.drag.end()
            self._draw_curves()

    def _on_picked(self, pick: Pick) -> None:
        if pick.row >= 0:
            self.focus.go_to(pick.row)
        elif pick.step >= 0:
            self.document.go_to(pick.step)

    def _on_pointed(self, says: str) -> None:
        if says:
            self.statusBar().showMessage(says)
        else:
            self.statusBar().clearMessage()

    def _on_scenario(self, key: str) -> None:
        if self.opening.may_discard():
            self.show_scenario(scenario(key))

    def show_scenario(self, lesson: Scenario) -> None:
        """Open a lesson and invite to its first edit."""
        self.document.edit(Replace(lesson.state(), f"Scenario: {lesson.title}"), lesson.title)
        self.document.stack.setClean()
        self.begin_lesson(lesson)

    def begin_lesson(self, lesson: Scenario) -> None:
        """Look where the lesson's first edit happens, and say what to try."""
        self.focus.set_rule(lesson.rule)
        self.focus.go_to(lesson.row, lesson.column)
        self.strip.show_sentence(f"Try it: {lesson.title}", lesson.lesson, lesson.invitation)
        self._draw_frame()

    def _on_opened(self, notes: tuple[str, ...]) -> None:
        self.focus.go_to(0, 0)
        self._draw_frame()
        self.tell_notes(notes)

    def tell_notes(self, notes: tuple[str, ...]) -> None:
        """Say what was chosen when a file was opened."""
        if notes:
            name = self.document.state.source.name
            self.strip.show_sentence(f"Opened {name}", *(f"{note[:1].upper()}{note[1:]}." for note in notes))

    def _on_saved(self) -> None:
        self._draw_frame()
        self.statusBar().showMessage(f"Saved {self.document.state.source.path}", 5000)

    def _on_epoch(self, epoch: int) -> None:
        self.document.show_epoch(epoch - 1)

    def _on_progress(self, title: str, share: float) -> None:
        self._progress.setFormat(f"{title} … %p%")
        self._progress.setValue(round(100 * share))
        self._progress.show()
        self._cancel.show()

    def _on_emptied(self) -> None:
        self._progress.hide()
        self._cancel.hide()

    def _on_cancel(self) -> None:
        self.document.jobs.cancel()
        self.statusBar().showMessage("Cancelled; nothing was changed", 5000)

    def _on_scheme(self, name: str) -> None:
        self.scheme = look.Scheme(name)
        self.settings.put("theme", self.scheme.value)
        self.theme = look.theme_for(self.scheme)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        look.dress(app, self.theme)
        self.grid.set_theme(self.theme)
        self.strip.set_theme(self.theme)
        for view in self.views.values():
            view.set_theme(self.theme)
        self.schemes.show_chosen([self.scheme], self.scheme.value)
        self._draw_tiles()

    def _on_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        for key in (
            "insert_row",
            "delete_rows",
            "clear_label",
            "",
            "insert_class",
            "rename_class",
            "delete_class",
        ):
            if key:
                menu.addAction(self.acts[key])
            else:
                menu.addSeparator()
        menu.exec(where)
        menu.deleteLater()

    # --- actions ---

    def on_new(self) -> None:
        """Ask for the size of a new matrix, and make it."""
        dialog = NewMatrix(self)
        try:
            if self.opening.may_discard() and dialog.exec() == QDialog.DialogCode.Accepted:
                state = State(dialog.predictions(), self.document.state.convention, None, Source("untitled"))
                self.document.edit(Replace(state, "New matrix"), "New matrix")
                self.document.stack.setClean()
                self._draw_frame()
        except Refusal as reason:
            self.refuse(f"{reason}.")
        finally:
            dialog.deleteLater()

    def on_new_window(self) -> None:
        """Start another process with a window of its own."""
        QProcess.startDetached(sys.executable, ["-m", "lossacc_gui"])

    def on_export(self) -> None:
        """Ask where to, and save a picture of this window."""
        start = str(Path(self.settings.text("folder", str(Path.home()))) / "lossacc-gui.png")
        path, _ = QFileDialog.getSaveFileName(self, "Save picture", start, "PNG (*.png)")
        if not path:
            return
        try:
            shots.save_png(shots.png(self), Path(path if Path(path).suffix else path + ".png"))
            self.statusBar().showMessage(f"Saved {path}", 5000)
        except Refusal as reason:
            self.refuse(f"{reason}.")

    def on_copy_picture(self) -> None:
        """Put a picture of this window on the clipboard."""
        QGuiApplication.clipboard().setPixmap(shots.png(self))
        self.statusBar().showMessage("A picture of the window is on the clipboard", 5000)

    def on_more_decimals(self) -> None:
        """Show one more decimal."""
        self._set_decimals(self.grid.model.decimals + 1)

    def on_fewer_decimals(self) -> None:
        """Show one decimal less."""
        self._set_decimals(self.grid.model.decimals - 1)

    def _set_decimals(self, decimals: int) -> None:
        decimals = min(max(decimals, 0), 12)
        self.settings.put("decimals", decimals)
        self.grid.set_decimals(decimals)
        self._draw_tiles()

    def on_full_screen(self) -> None:
        """Fill the screen, or go back."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def on_reset_layout(self) -> None:
        """Put every view back in its place."""
        arrange(self, self.views)

    def on_keys(self) -> None:
        """Show every shortcut."""
        self._show_page("Keys", keys_html())

    def on_about(self) -> None:
        """Show version, libraries and licence."""
        self._show_page("About lossacc_gui", about_html())

    def _show_page(self, title: str, html: str) -> None:
        page = Page(title, html, self)
        page.exec()
        page.deleteLater()

    def remember(self) -> None:
        """Put the window's place and layout into the settings."""
        self.settings.put("geometry", self.saveGeometry())
        self.settings.put("layout", self.saveState(LAYOUT_VERSION))
        self.settings.save()

    def restore(self) -> None:
        """Take the place and layout of the last time."""
        if not (geometry := self.settings.bytes("geometry")).isEmpty():
            self.restoreGeometry(geometry)
        if not (layout := self.settings.bytes("layout")).isEmpty():
            self._restored = self.restoreState(layout, LAYOUT_VERSION)

    # Qt's own names from here on

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._restored:
            self._restored = True
            share_width(self, self.views)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.opening.may_discard():
            event.ignore()
            return
        self.remember()
        self.document.close()
        self.curve_jobs.close()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if paths:
            QTimer.singleShot(0, self, lambda: self._open_dropped(paths))

    def _open_dropped(self, paths: list[str]) -> None:
        if self.opening.may_discard():
            self.opening.open(*paths[:2])
