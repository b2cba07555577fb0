"""Windows as a user gets them, closed at the end of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QApplication, QWidget

from lossacc_gui.core.curves.curve import Curve, Drawn
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Source, State
from lossacc_gui.scenarios import SCENARIOS, Scenario
from lossacc_gui.session.document import Document
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui.app import Wish, make_window
from lossacc_gui.ui.panels import Panel
from lossacc_gui.ui.theme import Scheme
from lossacc_gui.ui.views import View
from lossacc_gui.ui.window import Window

Open = Callable[..., Window]


class Paints(QObject):
    """Counts the paintings of one widget, or another kind of event that it hears."""

    def __init__(self, widget: QWidget, kind: QEvent.Type = QEvent.Type.Paint) -> None:
        super().__init__(widget)
        self.count, self._kind = 0, kind
        widget.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        self.count += event.type() is self._kind
        return False


@pytest.fixture
def open_window(qtbot: Any, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens windows: on a lesson, the first one if none is given, or on a state."""
    opened: list[Window] = []

    def open_one(
        state: State | None = None,
        lesson: Scenario = SCENARIOS[0],
        scheme: Scheme = Scheme.LIGHT,
        size: tuple[int, int] = (1440, 900),
        *,
        show: bool = True,
    ) -> Window:
        window = make_window(Wish(lesson, state=state), Settings(), scheme)
        opened.append(window)
        window.resize(*size)
        if show:
            with qtbot.waitExposed(window):
                window.show()
            QApplication.processEvents()
        return window

    yield open_one
    for window in opened:
        window.end()  # not close(): that asks what shall become of edits, and waits for the disk
        window.deleteLater()
    opened.clear()
    request.node.funcargs.clear()  # pytest would hold what the test was given beyond the leak check


@pytest.fixture
def window(open_window: Open) -> Window:
    """The window as the program opens it."""
    return open_window()


@pytest.fixture
def document(window: Window) -> Document:
    return window.document


def stated(cells: Any, labels: Any, names: tuple[str, ...] | None = None, name: str = "test") -> State:
    """A state on these numbers, as if it came from a file of that name."""
    return State(Predictions.of(np.array(cells, float), labels, names), source=Source(name, f"/{name}.npz"))


def tile(window: Window, key: str) -> tuple[str, str]:
    """What a tile shows: its value and its detail."""
    return next(tile for tile in window.tools.tiles if tile.metrics[0].key == key).shown


def bring(window: Window, key: str) -> View:
    """A view, brought to the front if it is hidden or behind a tab, with its picture drawn.

    Waited for: the picture of a view that goes behind a tab again before its job is through is never made.
    """
    view = window.views[key]
    if not view.in_sight:
        view.dock.toggle()
        QApplication.processEvents()
        window.curve_jobs.wait()
        QApplication.processEvents()
    return view


def curves(window: Window) -> dict[str, View]:
    """The views that hold a curve, each brought to the front once."""
    return {key: bring(window, key) for key, view in window.views.items() if isinstance(view.what, Curve)}


def panels(window: Window) -> dict[str, View]:
    """The views that hold a panel, each brought to the front once."""
    return {key: bring(window, key) for key, view in window.views.items() if isinstance(view.what, Panel)}


def drawn(window: Window, key: str) -> Drawn:
    """The picture a view shows."""
    picture = bring(window, key).view.drawn
    assert isinstance(picture, Drawn)
    return picture


def pixel(window: Window, key: str, x: float, y: float) -> QPoint:
    """Where a point of a picture is in its view, in pixels."""
    view = bring(window, key).view
    where: QPoint = view.scales.seen_at(x, y).toPoint()
    return where
