"""The docks that hold curves and panels: which are drawn, when, and in which thread."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from operator import is_
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

NOT_OF_PAGES = ("history", "bars")
"""Where a page of the rows is looked at: views that speak of all of them, or of one."""


class View(QObject):
    """One curve or panel in its dock. Only one in sight computes; a heavy one computes in a job.

    What is inside the dock is made when it is first needed: a view behind a tab costs the start nothing.
    """

    picked = Signal(object)
    """A Pick: what was clicked."""
    pointed = Signal(str)
    """What is under the pointer; empty when nothing is."""
    dragged = Signal(str, str, float)
    """What a handle sets, the phase of its drag, and its value."""
    wanted = Signal()
    """Its picture was asked for by hand: ``catch_up`` is due."""
    moved = Signal()
    """The dock came into sight or went out of it: ``catch_up`` is due once that is settled.

    Meant for a queued connection: a layout takes docks in and out of sight many times until it stands.
    """
    asked = Signal(object, str)
    """An Edit that was asked for by hand, and what it is called."""
    refused = Signal(str)

    def __init__(self, what: Curve | Panel, theme: look.Theme, jobs: Jobs, window: QMainWindow) -> None:
        super().__init__(window)
        self.what, self._theme, self._jobs = what, theme, jobs
        self.dock = Dock(what.key, what.title, what.hint, theme, window)
        self.stale = True
        self._number = self._shown = 0
        self._ground: tuple[object, ...] = ()
        self._of = ""
        self.in_sight = self._waits = False
        jobs.progressed.connect(self._on_progressed)
        self.dock.visibilityChanged.connect(self._on_visible)

    @cached_property
    def card(self) -> Card:
        """The inside of the dock: the view with its sentence."""
        what, theme = self.what, self._theme
        view: Any = CurveView(theme) if isinstance(what, Curve) else what.make(theme)
        view.picked.connect(self.picked)
        view.pointed.connect(self.pointed)
        view.dragged.connect(self.dragged)
        if isinstance(view, PanelView):
            view.asked.connect(self.asked)
            view.refused.connect(self.refused)
        card = Card(view, theme, switch=getattr(what, "switch", ""))
        card.stop_wanted.connect(self._on_stop_wanted)
        card.update_wanted.connect(self._on_update_wanted)
        self.dock.setWidget(card)
        return card

    @property
    def view(self) -> Any:
        """The picture itself."""
        return self.card.view

    def draw(self, scene: Scene, *, only_focus: bool = False) -> None:
        """Show this scene if the dock is in sight; later, if it is not."""
        if only_focus and not self.what.follows_focus and not self.stale:
            return
        if not self.in_sight or self._waits:
            self.stale = True
            return
        self.stale = False
        self._number += 1
        scene = replace(scene, switched=self.card.switch.isChecked())
        of_page = scene.page and self.what.key not in NOT_OF_PAGES
        self._of = f"In {scene.page}: " if of_page else ""
        held, before, self._ground = scene.dragged is not None, self._ground[:1], _ground(scene)
        if self.what.heavy(scene):
            if held and self.view.is_dragged:
                self.stale = True  # its own handle moves alone; the picture follows when it is let go
                return
            self.card.set_updating(True)
            if not before or scene.predictions is not before[0]:
                self.card.blank()  # of another file an old picture would tell lies
            # The document goes on while the job draws: the parts that are swapped whole are held.
            scene = replace(scene, evaluation=replace(scene.evaluation), history=tuple(scene.history))
            self._jobs.submit(
                Job(
                    self.what.key,
                    self.what.title,
                    partial(_compute, self.what, scene),
                    partial(self._put_if_newer, self._number, self._ground, hold_axes=held),
                    partial(self._on_failed, self._number),
                )
            )
        else:
            self._put(self._number, self.what.draw(scene), hold_axes=held)

    def put_off(self) -> None:
        """Show nothing until ``catch_up``: the numbers of a large file are seen before its pictures are made."""
        self._waits = self.stale = True
        self._ground = ()  # nor what a job is still making
        if self.in_sight:
            self.card.set_updating(False)
            self.card.blank()

    def catch_up(self, scene: Scene) -> None:
        """In sight, draw what was missed; out of sight, let nothing be computed any more."""
        self._waits = False
        if self.in_sight:
            if self.stale and not self.card.is_stopped:
                self.draw(scene)
        elif self._jobs.is_busy(self.what.key):
            self._jobs.drop(self.what.key)
            self.stale = True

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.dock.set_theme(theme)
        if "card" in self.__dict__:  # it is made
            self.view.set_theme(theme)
            self.card.set_theme(theme)

    def _put(self, number: int, drawn: Any, *, hold_axes: bool = False) -> None:
        self._shown = number
        if number == self._number:  # else a newer picture is on its way
            self.card.set_updating(False)
        self.view.draw(drawn, hold_axes=hold_axes)
        self.view.read_again()
        self.card.say("" if getattr(drawn, "empty", "") else self._of + drawn.reading, hold=hold_axes)
        self.dock.set_hints(*filter(None, (drawn.hint, self.what.hint)))

    def _put_if_newer(self, number: int, ground: tuple[object, ...], drawn: Any, *, hold_axes: bool) -> None:
        """Show a picture although a newer one may be on its way: in a long drag there always is one.

        Not under the hand that drags in this very view: its handle would jump back.
        """
        same = len(ground) == len(self._ground) and all(map(is_, ground, self._ground))
        if number > self._shown and same and not self.view.is_dragged:
            self._put(number, drawn, hold_axes=hold_axes)

    def _on_progressed(self, title: str, share: float) -> None:
        if title == self.what.title and not self.stale and self._shown < self._number:
            self.card.set_updating(True, share)

    def _on_stop_wanted(self) -> None:
        self._jobs.drop(self.what.key)
        self.stale = True
        self.card.set_stopped()

    def _on_failed(self, number: int, error: Exception) -> None:
        if number != self._number:
            return  # the rows changed under it; a newer one is on its way
        self.card.set_updating(False)
        raise error  # a curve that cannot be drawn is a bug, and the window's error dialog says so

    def _on_update_wanted(self) -> None:
        self.stale = True
        self.card.set_updating(False)
        self.wanted.emit()

    def _on_visible(self, visible: bool) -> None:
        self.in_sight = visible
        self.moved.emit()


def _ground(scene: Scene) -> tuple[object, ...]:
    """What a picture stands on: one made on other rows or classes leads its clicks astray."""
    predictions = scene.predictions
    return predictions, predictions.probs, predictions.class_names, scene.shown


def _compute(what: Curve | Panel, scene: Scene, report: Report, stop: Stop) -> Any:
    return what.draw(replace(scene, stop=stop, report=report))


def make_views(window: QMainWindow, theme: look.Theme, jobs: Jobs) -> dict[str, View]:
    """A view for each curve and each panel of the registries."""
    whats: tuple[Curve | Panel, ...] = (*CURVES, *PANELS)
    return {what.key: View(what, theme, jobs, window) for what in whats}
