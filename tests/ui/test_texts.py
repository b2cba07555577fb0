"""Where the texts of a picture stand: not under a switch, not on the dot they explain, not at another's line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.curves.curve import Axis, Dots, Drawn, Line, Role, Text, Upright
from lossacc_gui.ui.plots import CurveView
from lossacc_gui.ui.theme import LIGHT
from tests.ui.conftest import bring, stated


@pytest.fixture
def show(qtbot):
    """Shows marks in a view of its own, x and y from 0 to 10; the view, when it is laid out."""
    view = CurveView(LIGHT)
    qtbot.addWidget(view)
    view.resize(400, 260)
    view.show()

    def show(*marks):
        view.draw(Drawn(Axis("x", 0.0, 10.0), Axis("y", 0.0, 10.0), marks=marks))
        QApplication.processEvents()
        return view

    return show


def rects(view) -> dict[str, QRectF]:
    """Where texts stand in the view, those that are shown."""
    found = {}
    for item in view.marks.items:
        if item.text is not None and item.text.is_shown:
            found[item.mark.text] = item.text.rect.translated(view.scales.area.topLeft())
    return found


def x_of(view, x) -> float:
    return float(view.scales.seen_at(x, 0.0).x())


def test_a_close_text_stands_beside_its_own_line_or_nowhere(show):
    close = [Upright(float(x), f"turn at {x}", close=True) for x in (2, 3, 7)]
    view = show(*close)
    placed = rects(view)
    assert {"turn at 2", "turn at 7"} <= set(placed)
    lines = {x: x_of(view, x) for x in (2, 3, 7)}
    for text, rect in placed.items():
        assert not any(rect.left() < line < rect.right() for line in lines.values()), text
        gaps = {x: min(abs(rect.left() - line), abs(rect.right() - line)) for x, line in lines.items()}
        assert gaps[int(text[-1])] == min(gaps.values()), text


def test_a_close_text_is_left_out_where_it_would_cover_a_line(show):
    hatched = [Line(np.array([0.0, 10.0]), np.full(2, y), Role.LOSS) for y in np.arange(0.2, 10.0, 0.4)]
    text = Upright(5.0, "a turn")
    assert "a turn" in rects(show(*hatched, text))
    assert "a turn" not in rects(show(*hatched, replace(text, close=True)))


def test_a_word_about_the_whole_picture_gives_way_to_a_dot(show):
    dot = Dots(np.array([5.0]), np.array([5.0]), Role.NOW, size=12.0)
    view = show(dot, Text(5.0, 5.0, "no bound here: for a reason that takes some words"))
    (rect,) = rects(view).values()
    at = view.scales.seen_at(5.0, 5.0)
    assert not rect.contains(at)


def test_the_switch_of_a_view_stands_below_its_picture(open_window):
    draw = np.random.default_rng(3)
    cells = draw.dirichlet(np.ones(3), 300)
    window = open_window(stated(cells, draw.integers(0, 3, 300)))
    card = bring(window, "reliability").card
    assert card.switch.isVisible()
    assert not card.switch.geometry().intersects(card.view.geometry())
    assert not card.switch.geometry().intersects(card.reading.geometry())


def test_smoothing_leaves_the_plane_a_reason_that_is_clear_of_its_dot(window):
    window.editing.set_convention(Convention(smoothing=0.1))
    view = bring(window, "plane").view
    said = next(rect for text, rect in rects(view).items() if text.startswith("no bound here"))
    (dot,) = [mark for mark in view.drawn.marks if isinstance(mark, Dots) and mark.role is Role.HERE]
    assert not said.contains(view.scales.seen_at(float(dot.x[0]), float(dot.y[0])))
