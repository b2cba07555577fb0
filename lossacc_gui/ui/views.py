"""The docks that hold curves and panels: which are drawn, when, and in which thread."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.curves.curve import Curve
from lossacc_gui.core.scene import Scene
from lossacc_gui.session.jobs import Job, Jobs, Report, Stop
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.dock import Dock
from lossacc_gui.ui.panels import PANELS, Panel, PanelView
from lossacc_gui.ui.plots import Card, CurveView


class View(QObject):
    """One curve or panel in its dock. Only one in sight computes; a heavy one computes in a job."""

    shown = Signal()
    """The dock came into sight and may show an old picture."""
    asked = Signal(object, str)
    """An Edit that was asked for by hand, and what it is called."""
    refused = Signal(str)

    def __init__(self, what: Curve | Panel, theme: look.Theme, jobs: Jobs, window: QMainWindow) -> None:
        super().__init__(window)
        self.what, self._jobs = what, jobs
        self.dock = Dock(what.key, what.title, what.hint, theme, window)
        self.view: Any = CurveView(theme) if isinstance(what, Curve) else what.make(theme)
        if isinstance(self.view, PanelView):
            self.view.asked.connect(self.asked)
            self.view.refused.connect(self.refused)
        self.card = Card(self.view, theme)
        self.dock.setWidget(self.card)
        self.stale = True
        self._number = 0
        self.in_sight = False
        self.dock.visibilityChanged.connect(self._on_visible)

    def draw(self, scene: Scene, *, only_focus: bool = False) -> None:
        """Show this scene if the dock is in sight; later, if it is not."""
        if only_focus and not self.what.follows_focus and not self.stale:
            return
        if not self.in_sight:
            self.stale = True
            return
        self.stale = False
        self._number += 1
        held = scene.dragged is not None
        if self.what.heavy(scene):
            if held and self.view.is_dragged:
                self.stale = True  # its own handle moves alone; the picture follows when it is let go
                return
            self.card.set_updating(True)
            # The document goes on while the job draws: the parts that are swapped whole are held.
            scene = replace(scene, evaluation=replace(scene.evaluation), history=tuple(scene.history))
            self._jobs.submit(
                Job(
                    self.what.key,
                    self.what.title,
                    partial(_compute, self.what, scene),
                    partial(self._put_if_new, self._number, hold_axes=held),
                    partial(self._on_failed, self._number),
                )
            )
        else:
            self._put(self.what.draw(scene), hold_axes=held)

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self.dock.set_theme(theme)
        self.view.set_theme(theme)
        self.card.set_theme(theme)

    def _put(self, drawn: Any, *, hold_axes: bool = False) -> None:
        self.card.set_updating(False)
        self.view.draw(drawn, hold_axes=hold_axes)
        self.card.say("" if getattr(drawn, "empty", "") else drawn.reading, hold=hold_axes)
        self.dock.set_hints(*filter(None, (drawn.hint, self.what.hint)))

    def _put_if_new(self, number: int, drawn: Any, *, hold_axes: bool) -> None:
        if number == self._number:  # else a newer picture is here, or on its way
            self._put(drawn, hold_axes=hold_axes)

    def _on_failed(self, number: int, error: Exception) -> None:
        if number != self._number:
            return  # the rows changed under it; a newer one is on its way
        self.card.set_updating(False)
        raise error  # a curve that cannot be drawn is a bug, and the window's error dialog says so

    def _on_visible(self, visible: bool) -> None:
        self.in_sight = visible
        if visible and self.stale:
            self.shown.emit()


def _compute(what: Curve | Panel, scene: Scene, _report: Report, stop: Stop) -> Any:
    return what.draw(replace(scene, stop=stop))


def make_views(window: QMainWindow, theme: look.Theme, jobs: Jobs) -> dict[str, View]:
    """A view for each curve and each panel of the registries."""
    whats: tuple[Curve | Panel, ...] = (*CURVES, *PANELS)
    return {what.key: View(what, theme, jobs, window) for what in whats}
