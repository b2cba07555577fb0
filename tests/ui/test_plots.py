"""A curve on the screen: its marks where its axes say, in their colours; and nothing is painted in vain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.curves.curve import (
    Area,
    Axis,
    Bands,
    Bars,
    Dots,
    Drawn,
    Level,
    Line,
    Role,
    Side,
    Text,
    Upright,
)
from lossacc_gui.core.scene import Sets
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.plots import CurveView
from lossacc_gui.ui.plots.frame import _fitting
from lossacc_gui.ui.plots.pointing import read_off
from lossacc_gui.ui.plots.shapes import Polyline
from lossacc_gui.ui.theme import DARK, LIGHT
from tests.ui.conftest import Paints, bring

X, Y = Axis("x (units)", 0.0, 10.0), Axis("y", 0.0, 10.0)
WHOLE = np.array([0.0, 10.0])


@pytest.fixture
def view(qtbot):
    view = CurveView(LIGHT)
    qtbot.addWidget(view)
    view.resize(400, 300)
    with qtbot.waitExposed(view):
        view.show()
    QApplication.processEvents()
    return view


def show(view, *marks, **others) -> QImage:
    view.draw(Drawn(X, Y, marks=marks, **others))
    QApplication.processEvents()
    image: QImage = view.grab().toImage()
    return image


def at(view, image, x, y):
    """The colour at a point of the picture."""
    return image.pixelColor((view.scales.seen_at(x, y) * image.devicePixelRatio()).toPoint())


def colour(role, theme=LIGHT):
    return theme.of(role)


def test_a_line_is_one_path_with_a_gap_where_a_number_is_missing(view):
    show(view, Line(np.array([0.0, 5.0, 10.0]), np.array([2.0, np.nan, 4.0]), Role.LOSS, dots=True))
    (path,) = [shape.item.getPath() for shape in view.marks.items[0].shapes if isinstance(shape, Polyline)]
    stations = [path.elementAt(i) for i in range(path.elementCount())]
    seen = [view.scales.area.topLeft() + QPointF(station.x, station.y) for station in stations]
    assert seen[0] == view.scales.seen_at(0, 2)
    assert seen[-1] == view.scales.seen_at(10, 4)
    assert path.length() == 0  # neither number beside the gap is joined to the other


def test_each_kind_of_mark_is_painted_where_its_numbers_are(view):
    line = Line(WHOLE, np.array([2.0, 2.0]), Role.LOSS, width=4.0)
    assert at(view, show(view, line), 5, 2) == colour(Role.LOSS)
    assert at(view, show(view, Dots(np.array([3.0]), np.array([7.0]), Role.WRONG, size=12)), 3, 7) == colour(
        Role.WRONG
    )
    bars = Bars(np.array([2.0, 6.0]), np.array([5.0, 8.0]), 1.0, Role.RIGHT)
    image = show(view, bars)
    assert at(view, image, 6.2, 7.5) == at(view, image, 1.8, 0.5) == colour(Role.RIGHT)
    assert at(view, image, 2, 6) == at(view, image, 4, 1) == QColor(LIGHT.card)
    lifted = Bars(np.array([2.0]), np.array([3.0]), 1.0, Role.RIGHT, base=np.array([5.0]))
    image = show(view, lifted)
    assert at(view, image, 2, 7) == colour(Role.RIGHT)
    assert at(view, image, 2, 4) == QColor(LIGHT.card)
    bands = Bands(np.array([4.0]), np.array([2.0]), np.array([6.0]), 8.0)
    image = show(view, bands)
    assert at(view, image, 4, 4) == colour(Role.REACHABLE)
    assert at(view, image, 7, 4) == QColor(LIGHT.card)
    area = Area(WHOLE, np.array([1.0, 1.0]), np.array([5.0, 9.0]))
    image = show(view, area)
    assert at(view, image, 9, 7) == colour(Role.REACHABLE)
    assert at(view, image, 1, 7) == QColor(LIGHT.card)
    image = show(view, Upright(3.0, dashed=False), Level(6.0, dashed=False, role=Role.LOSS))
    assert at(view, image, 3, 1) == colour(Role.PLAIN)
    assert at(view, image, 8, 6) == colour(Role.LOSS)


def test_what_comes_later_lies_in_front(view):
    low, high = (Bars(np.array([5.0]), np.array([8.0]), 4.0, role) for role in (Role.RIGHT, Role.WRONG))
    assert at(view, show(view, low, high), 5, 4) == colour(Role.WRONG)


def test_the_right_side_has_a_scale_of_its_own(view):
    dot = Dots(np.array([5.0]), np.array([250.0]), Role.ACCURACY, Side.RIGHT, size=12)
    image = show(view, dot, right=Axis("r", 0.0, 1000.0))
    assert at(view, image, 5, 2.5) == colour(Role.ACCURACY)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_breaks_a_line_and_is_no_dot(view, bad):
    x = np.arange(11.0)
    y = np.full(11, 5.0)
    y[4] = bad
    image = show(view, Line(x, y, Role.LOSS, width=4.0, dots=True))
    assert at(view, image, 2, 5) == at(view, image, 7, 5) == colour(Role.LOSS)
    assert at(view, image, 3.5, 5) == at(view, image, 4.5, 5) == QColor(LIGHT.card)


def test_a_line_that_leaves_the_picture_far_away_goes_the_right_way(view):
    image = show(view, Line(np.array([0.0, 5.0, 5.0]), np.array([5.0, 5.0, 1e200]), Role.LOSS, width=4.0))
    assert at(view, image, 2, 5) == at(view, image, 5, 9) == colour(Role.LOSS)
    assert at(view, image, 8, 9) == QColor(LIGHT.card)


def test_nothing_is_painted_outside_the_axes(view):
    beyond = np.array([-0.2, 10.2])
    dots = Dots(beyond, beyond, Role.WRONG, size=60, ring=False)
    line = Line(beyond, np.array([5.0, 5.0]), Role.WRONG, width=9.0, dots=True)
    image = show(view, dots, line)
    area = view.scales.area.toRect().adjusted(-1, -1, 1, 1)
    for x in range(image.width()):
        for y in range(image.height()):
            if not area.contains(x, y):
                assert image.pixelColor(x, y) != colour(Role.WRONG), (x, y)


def test_a_point_on_an_edge_is_whole(view):
    image = show(view, Dots(np.array([10.0, 5.0]), np.array([5.0, 0.0]), Role.WRONG, size=20, ring=False))
    right, foot = view.scales.seen_at(10, 5).toPoint(), view.scales.seen_at(5, 0).toPoint()
    assert image.pixelColor(right.x() + 6, right.y()) == colour(Role.WRONG)
    assert image.pixelColor(foot.x(), foot.y() + 6) == colour(Role.WRONG)


def test_an_empty_picture_says_what_to_do_and_has_no_axes(view):
    view.draw(Drawn(X, Y, marks=(Level(5.0),)))
    image = show(view, empty="Choose a cell", reading="Choose a cell")
    inside = view.scales.area.toRect()
    edge = {image.pixelColor(inside.left(), y).name() for y in range(inside.top(), inside.bottom())}
    assert edge == {LIGHT.card}
    middle = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert len(middle) > 1


def test_another_theme_paints_all_of_it_anew(view):
    show(view, Line(WHOLE, np.array([2.0, 2.0]), Role.LOSS, width=4.0))
    view.set_theme(DARK)
    image = view.grab().toImage()
    assert at(view, image, 5, 2) == colour(Role.LOSS, DARK)
    assert at(view, image, 5, 8) == QColor(DARK.card)
    assert image.pixelColor(1, 1) == QColor(DARK.card)


def test_numbers_of_the_axes_lie_clear_of_one_another(view):
    for size in ((180, 120), (260, 200), (800, 600)):
        view.resize(*size)
        show(view, right=Axis("rows right (of 10,000)", 0.9, 1.0))
        numbers = view.picture.frame.numbers
        assert len(numbers) >= 4
        for i, one in enumerate(numbers):
            digits = one.rect.adjusted(1, 3, -1, -3)  # a line of text has air above and below them
            assert not any(digits.intersects(other.rect) for other in numbers[:i]), (size, one.text)


def test_the_name_of_an_axis_gives_up_its_unit_where_there_is_no_room(view):
    long = Axis("cross-entropy of all of the rows (nats)", 0.0, 1.0)
    view.draw(Drawn(long, Y))
    assert view.picture.frame.names[0].text == long.text
    view.resize(260, 200)
    QApplication.processEvents()
    assert view.picture.frame.names[0].text == "cross-entropy of all of the rows"


def test_what_looks_the_same_is_not_painted_again(view):
    marks = (Line(WHOLE, np.array([2.0, 3.0]), Role.LOSS), Upright(3.0, "here"), Dots(WHOLE, WHOLE, Role.NOW))
    show(view, *marks)
    paints = Paints(view)
    view.draw(Drawn(X, Y, marks=tuple(replace(mark) for mark in marks), reading="another sentence"))
    QApplication.processEvents()
    assert paints.count == 0
    view.draw(Drawn(X, Y, marks=(replace(marks[0], y=np.array([2.0, 3.1])), *marks[1:])))
    QApplication.processEvents()
    assert paints.count == 1


def test_only_what_changed_is_made_again(view):
    marks = (Line(WHOLE, np.array([2.0, 3.0]), Role.LOSS), Dots(WHOLE, WHOLE, Role.NOW))
    show(view, *marks)
    before, paper = [item.shapes for item in view.marks.items], view._paper
    show(view, replace(marks[0], y=np.array([2.0, 3.1])), replace(marks[1]))
    after = [item.shapes for item in view.marks.items]
    assert after[0] is not before[0]
    assert after[1] is before[1]
    assert view._paper is paper is not None  # axes stand still: they are not painted again either


def test_a_view_covers_its_ground(window):
    """What is behind a view is not painted when only the view is."""
    view = bring(window, "plane")
    QApplication.processEvents()
    paints = Paints(view.card)
    view.view.update()
    QApplication.processEvents()
    assert paints.count == 0


def test_a_handle_stands_at_its_value_and_moves_alone(window):
    view = bring(window, "temperature").view
    view.move_handle(2.0)
    assert view.drawn.handle.sets is Sets.TEMPERATURE
    image = view.grab().toImage()
    line = {
        image.pixelColor(view.scales.seen_at(view.drawn.handle.x, 0).toPoint().x() + d, 150).name()
        for d in (-1, 0)
    }
    assert LIGHT.text in line


def test_a_picture_is_as_sharp_as_its_screen(view):
    image = QImage(QSize(800, 600), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(2)
    show(view, Text(5.0, 5.0, "words"))
    view.picture.resize(QRectF(view.rect()).size())
    view.render(image)
    assert at(view, image, 9, 9) == QColor(LIGHT.card)


@pytest.mark.usefixtures("qapp")
def test_an_axis_too_short_for_its_text_says_less_of_it_and_cuts_no_word():
    font = QFontMetricsF(look.font(look.SMALL_PIXELS))
    long = "margin: z(label) minus the largest other z, over T"
    assert _fitting(long, 1_000, font) == long
    assert _fitting(long, 100, font) == "margin"
    assert _fitting("cross-entropy (nats, sum)", 100, font) == "cross-entropy"
    assert _fitting("labelled rows, sorted by loss", 120, font) == "labelled rows"


def test_nothing_is_read_off_where_a_line_has_a_gap():
    line = Line(np.arange(4.0), np.array([1.0, 1.0, np.nan, np.nan]), Role.LOSS, reads="loss")
    drawn = Drawn(Axis("T", 0.0, 3.0), Axis("loss", 0.0, 2.0), marks=(line,))
    assert read_off(drawn, 0.5) == "T 0.5000: loss 1.0000"
    assert read_off(drawn, 2.5) == ""


def test_a_line_that_is_lifted_has_a_rim_on_bars(view):
    bar = Bars(np.array([5.0]), np.array([9.0]), 8.0, Role.WRONG)
    flat, lifted = (
        show(view, bar, Line(np.array([2.0, 8.0]), np.array([5.0, 5.0]), Role.NOW, width=2.0, lifted=rim))
        for rim in (False, True)
    )
    middle = view.scales.seen_at(5, 5).toPoint()
    seen = [
        {image.pixelColor(middle.x(), middle.y() + off).name() for off in range(-4, 5)}
        for image in (flat, lifted)
    ]
    assert colour(Role.WRONG).name() in seen[1]
    assert len(seen[1]) > len(seen[0])
    lightest = [max(QColor(name).lightness() for name in names) for names in seen]
    assert lightest[1] > lightest[0] + 40
