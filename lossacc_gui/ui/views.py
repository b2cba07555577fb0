"""The docks that hold curves: which are drawn, when, and in which thread."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.curves.curve import Curve, Drawn
from lossacc_gui.core.scene import Scene
from lossacc_gui.session.jobs import Job, Jobs, Report, Stop
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.dock import Dock
from lossacc_gui.ui.plots import Card, CurveView


class View(QObject):
    """One curve in its dock. Only a visible one computes; a heavy one computes in a job."""

    shown = Signal()
    """The dock came into sight and may show an old picture."""

    def __init__(self, curve: Curve, theme: look.Theme, jobs: Jobs, window: QMainWindow) -> None:
        super().__init__(window)
        self.curve, self._jobs = curve, jobs
        self.dock = Dock(curve.key, curve.title, curve.hint, theme, window)
        self.view = CurveView(theme)
        self.card = Card(self.view)
        self.dock.setWidget(self.card)
        self.stale = True
        self._number = 0
        self._visible = False
        self.dock.visibilityChanged.connect(self._on_visible)

    def draw(self, scene: Scene, *, only_focus: bool = False) -> None:
        """Show this scene if the dock is in sight; later, if it is not."""
        if only_focus and not self.curve.follows_focus and not self.stale:
            return
        if not self._visible:
            self.stale = True
            return
        self.stale = False
        self._number += 1
        if self.curve.heavy(scene):
            self.card.set_updating(True)
            # The document goes on while the job draws: the parts that are swapped whole are held.
            scene = replace(scene, evaluation=replace(scene.evaluation), history=tuple(scene.history))
            self._jobs.submit(
                Job(
                    self.curve.key,
                    self.curve.title,
                    partial(_compute, self.curve, scene),
                    partial(self._put_if_new, self._number),
                    partial(self._on_failed, self._number),
                )
            )
        else:
            self._put(self.curve.draw(scene), hold_axes=scene.dragged is not None)

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self.dock.set_theme(theme)
        self.view.set_theme(theme)
        self.card.update()

    def _put(self, drawn: Drawn, *, hold_axes: bool = False) -> None:
        self.card.set_updating(False)
        self.view.draw(drawn, hold_axes=hold_axes)
        self.dock.set_hints(*filter(None, (drawn.hint, self.curve.hint)))

    def _put_if_new(self, number: int, drawn: Drawn) -> None:
        if number == self._number:  # else a newer picture is here, or on its way
            self._put(drawn)

    def _on_failed(self, number: int, error: Exception) -> None:
        if number != self._number:
            return  # the rows changed under it; a newer one is on its way
        self.card.set_updating(False)
        raise error  # a curve that cannot be drawn is a bug, and the window's error dialog says so

    def _on_visible(self, visible: bool) -> None:
        self._visible = visible
        if visible and self.stale:
            self.shown.emit()


def _compute(curve: Curve, scene: Scene, _report: Report, _stop: Stop) -> Drawn:
    return curve.draw(scene)


def make_views(window: QMainWindow, theme: look.Theme, jobs: Jobs) -> dict[str, View]:
    """A view for each curve of the registry."""
    return {curve.key: View(curve, theme, jobs, window) for curve in CURVES}


def arrange(window: QMainWindow, views: dict[str, View]) -> None:
    """Put the docks in their places: two columns at the right, filled downwards in pairs."""
    docks = [view.dock for view in views.values()]
    right = Qt.DockWidgetArea.RightDockWidgetArea
    for dock in docks:  # taken out first: all of them in one column would make the window grow
        dock.setFloating(False)
        window.removeDockWidget(dock)
    window.addDockWidget(right, docks[0])
    for i, dock in enumerate(docks[1:], 1):
        if i == 1:
            window.splitDockWidget(docks[0], dock, Qt.Orientation.Horizontal)
        else:
            window.splitDockWidget(docks[i - 2], dock, Qt.Orientation.Vertical)
    for dock in docks:
        dock.show()
    share_space(window, views)


def share_space(window: QMainWindow, views: dict[str, View]) -> None:
    """Give the views half of the window, both columns alike, and in each column all the same height."""
    docks = [view.dock for view in views.values()]
    width = max(480, int(window.width() * 0.5))
    window.resizeDocks(docks[:2], [width // 2] * 2, Qt.Orientation.Horizontal)
    for column in (docks[0::2], docks[1::2]):
        window.resizeDocks(column, [window.height() // len(column)] * len(column), Qt.Orientation.Vertical)
