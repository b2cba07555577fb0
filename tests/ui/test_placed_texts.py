"""A law of every picture: its texts hide none of its points and bars, and lie on no other text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.curves.curve import (
    Axis,
    Bars,
    Dots,
    Drawn,
    Handle,
    Level,
    Line,
    Role,
    Text,
    Upright,
    key,
)
from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.scene import Sets
from lossacc_gui.ui.plots import CurveView
from lossacc_gui.ui.plots.ground import Ground
from lossacc_gui.ui.plots.label import Label
from lossacc_gui.ui.plots.shapes import Rule, pieces
from lossacc_gui.ui.plots.texts import Spot, is_sign
from lossacc_gui.ui.theme import LIGHT
from tests.ui.conftest import bring, curves, stated

SIZES = ((260, 200), (400, 300), (640, 480), (1600, 1000))


def three():
    return stated([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4], [0.05, 0.9, 0.05]], [0, 2, 0], ("cat", "dog", "fox"))


def two():
    draw = np.random.default_rng(5)
    labels = draw.integers(0, 2, 300)
    p = 1 / (1 + np.exp(-draw.normal(2.5 * labels - 1.2, 1.4)))
    return stated(np.column_stack([1 - p, p]), labels)


def long():
    draw = np.random.default_rng(7)
    names = [
        f"a {kind} of the long-haired family of animals, {age}" for kind in "cd" for age in ("young", "old")
    ]
    return stated(draw.dirichlet(np.full(4, 0.6), 90), draw.integers(0, 4, 90), tuple(names))


def places(view):
    """The texts that are shown, with the mark each belongs to and where it stands."""
    found = [
        (item.mark, item.text.rect)
        for item in view.marks.items
        if item.text is not None and item.text.is_shown
    ]
    if view.grip.handle is not None:
        found.append((None, view.grip.text.rect))
    return found


def points(view):
    """Every point that is drawn (n, 2), in pixels."""
    dotted = [m for m in view.drawn.marks if isinstance(m, Dots) or (isinstance(m, Line) and m.dots)]
    found = [view.scales.pixels(m.x, view.scales.on_left(m.y, m.side)) for m in dotted]
    return np.concatenate([np.empty((0, 2)), *(np.stack(both, axis=1) for both in found)])


def bars(view):
    """Every bar that is drawn, in pixels."""
    for mark in view.drawn.marks:
        if isinstance(mark, Bars):
            bars = view.scales.bars_on_left(mark)
            feet = np.zeros(len(bars.x)) if bars.base is None else bars.base
            left, low = view.scales.pixels(bars.x - bars.width / 2, feet)
            right, high = view.scales.pixels(bars.x + bars.width / 2, feet + bars.heights)
            for x, y, u, v in zip(left, np.minimum(low, high), right, np.maximum(low, high), strict=True):
                yield QRectF(x, y, u - x, v - y)


def rules(view):
    """What is drawn of each line that stands for one number, as boxes without width, in pixels."""
    shapes = [shape for item in view.marks.items for shape in item.shapes if isinstance(shape, Rule)]
    lines = [line for shape in shapes for line in shape.lines]
    lines += view.grip.pieces if view.grip.handle is not None else []
    return [QRectF(line.p1(), line.p2()).adjusted(-0.1, -0.1, 0.1, 0.1) for line in lines]


def curve_points(view):
    """Places (n, 2) along every line that is drawn, in pixels."""
    found = [np.empty((0, 2))]
    for mark in view.drawn.marks:
        if isinstance(mark, Line):
            x, y = view.scales.pixels(mark.x, view.scales.on_left(mark.y, mark.side))
            at = np.linspace(0, len(x) - 1, 4_000)
            found.append(np.column_stack([np.interp(at, np.arange(len(x)), c) for c in (x, y)]))
    return np.concatenate(found)


def check(view, where):
    """The law, for one picture at one size."""
    area = QRectF(0, 0, *view.scales.size).adjusted(-1, -1, 1, 1)
    shown = places(view)
    dots, solid, lines = points(view), list(bars(view)), rules(view)
    for i, (mark, rect) in enumerate(shown):
        said = (*where, getattr(mark, "text", "handle"))
        if mark is not None and is_sign(mark):
            continue
        assert area.contains(rect), said
        letters = rect.adjusted(2, 2, -2, -2)
        assert not any(letters.intersects(other) for _, other in shown[:i]), said
        assert not any(letters.intersects(line) for line in lines), said
        if mark is None:
            continue  # the hand's own number stands where the hand is
        inside = (dots > [letters.left(), letters.top()]) & (dots < [letters.right(), letters.bottom()])
        assert not inside.all(axis=1).any(), said
        assert not any(letters.intersects(bar) for bar in solid), said


def told(view):
    """The texts that are shown and mark nothing by themselves, with where their letters are."""
    for mark, rect in places(view):
        if mark is None or not is_sign(mark):
            yield getattr(mark, "text", "handle"), rect.adjusted(2, 2, -2, -2)


def lies_in(points, rect):
    """Whether one of the points (n, 2) is in a box."""
    inside = (points > [rect.left(), rect.top()]) & (points < [rect.right(), rect.bottom()])
    return bool(inside.all(axis=1).any())


def visit(window):
    """Every curve at every size."""
    for key_, view in curves(window).items():
        window.curve_jobs.wait()
        QApplication.processEvents()
        for size in SIZES:
            view.view.resize(*size)
            QApplication.processEvents()
            yield view.view, (key_, size)


@pytest.fixture
def a_state(request):
    """A state by name; the real ones from the shared data."""

    def load(which):
        made = {"3x3": three, "two": two, "long": long}
        if which in made:
            return made[which]()
        folder = request.getfixturevalue("shared_data")
        probs, labels = (np.load(folder / f"{which}_{part}.npy") for part in ("pred_probs", "labels"))
        return stated(probs, labels)

    return load


@pytest.mark.parametrize("pinned", [False, True])
@pytest.mark.parametrize("which", ["3x3", "two", "long", "mnist", "20news"])
def test_no_text_hides_a_point_or_a_bar_or_another_text(open_window, a_state, which, pinned):
    state = a_state(which)
    window = open_window(state)
    worst = int(np.nanargmax(window.document.evaluation.stats.loss))
    window.focus.go_to(worst, int(state.predictions.labels[worst]))
    if pinned:
        window.editing.pin()
        for row in range(3):
            cell = np.array([row]), np.array([int(state.predictions.labels[row])])
            window.editing.do(SetCells(*cell, np.array([0.02 + 0.3 * row])), "typed")
    for view, where in visit(window):
        check(view, where)
        crossed = [text for text, rect in told(view) if lies_in(curve_points(view), rect)]
        assert len(crossed) <= (0 if where[1][0] >= 400 else 2), (where, crossed)
        if where[0] in ("surprise", "margin", "roc"):
            assert f"row {worst + 1}" in {mark.text.strip() for mark, _ in places(view) if mark}, where


@pytest.fixture
def show(qtbot):
    """Shows marks in a view of its own, x and y from 0 to 10."""
    view = CurveView(LIGHT)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    QApplication.processEvents()

    def show(*marks):
        view.draw(Drawn(Axis("x", 0.0, 10.0), Axis("y", 0.0, 10.0), marks=marks))
        QApplication.processEvents()
        check(view, ())
        return {mark.text: rect for mark, rect in places(view)}, view

    return show


def dots(x, y, role=Role.WRONG):
    return Dots(np.array(x, float), np.array(y, float), role)


def everywhere(step):
    x, y = np.meshgrid(np.arange(0.0, 10.1, step), np.arange(0.0, 10.1, step))
    return dots(x.ravel(), y.ravel())


def test_a_name_goes_round_its_point_to_where_it_is_empty(show):
    crowd = dots(np.linspace(5.3, 9.0, 30), np.full(30, 5.0))
    alone, _ = show(dots([5.0], [5.0]), Text(5.0, 5.0, "row 3", anchor=(0.0, 0.5)))
    crowded, view = show(dots([5.0], [5.0]), Text(5.0, 5.0, "row 3", anchor=(0.0, 0.5)), crowd)
    x, y = (float(v) for v in view.scales.pixels(5.0, 5.0))
    assert alone["row 3"].left() > x
    assert abs(alone["row 3"].center().y() - y) < 2
    assert not crowded["row 3"].adjusted(2, 2, -2, -2).contains(x + 20, y)
    assert abs(crowded["row 3"].center().y() - y) < 50


def test_where_points_are_everywhere_there_is_no_text(show):
    said, _ = show(
        everywhere(0.4), Text(5.0, 5.0, "row 3"), key("• labelled cat", Role.NOW), Level(4.9, "level")
    )
    assert said == {}


def test_a_sign_marks_its_point_whatever_is_there(show):
    said, _ = show(everywhere(0.4), Text(5.0, 5.0, "▾"))
    assert list(said) == ["▾"]


def test_a_text_with_too_little_room_is_shortened(show):
    stripe = dots(np.repeat([3.0, 5.5, 7.9], 40), np.tile(np.linspace(0.0, 10.0, 40), 3))
    long = Upright(3.3, "the worst hundredth of them all carries 82 %", align="right", fixed=True)
    short = Upright(3.3, long.text, align="right", fixed=True, short="1 %: 82 %")
    assert show(stripe, long)[0] == {}
    (rect,) = show(stripe, short)[0].values()
    assert rect.width() < 100


def test_keys_find_a_corner_each_and_stack(show):
    keys = [key(f"• key {i}", Role.NOW) for i in range(3)]
    said, _ = show(dots([9.8, 0.1], [9.8, 9.9]), *keys)
    assert len(said) == 3
    assert len({rect.left() for rect in said.values()}) == 1


def test_a_text_keeps_its_place_while_what_it_fled_comes_and_goes(show):
    name = Text(5.0, 5.0, "row 3", anchor=(0.0, 0.5))
    near, far = dots([5.5], [5.0]), dots([1.0], [1.0])
    fled, view = show(near, name)
    (again,) = (item.text.rect for item in view.marks.items if item.text is not None)
    view.draw(Drawn(Axis("x", 0.0, 10.0), Axis("y", 0.0, 10.0), marks=(far, name)))
    assert next(rect for _, rect in places(view)) == again == fled["row 3"]
    fresh, _ = show(far, dots([2.0], [2.0]), name)  # another kind of picture
    assert fresh["row 3"] != again


def test_a_line_is_crossed_only_where_there_is_no_other_way(show):
    line = Line(np.array([0.0, 10.0]), np.array([9.7, 9.7]), Role.LOSS)
    said, view = show(line, Upright(5.0, "best"))
    _, y = view.scales.pixels(0.0, 9.7)
    assert not said["best"].top() < y < said["best"].bottom()
    hatched = [Line(np.array([0.0, 10.0]), np.full(2, y), Role.LOSS) for y in np.arange(0.1, 10.0, 0.2)]
    assert "best" in show(*hatched, Upright(5.0, "best"))[0]


@given(st.data())
def test_one_place_costs_what_it_costs_among_many(data):
    number = st.floats(-20.0, 120.0, allow_nan=False)
    around = Ground((100.0, 60.0))
    around.uprights, around.levels = (
        data.draw(st.lists(number, max_size=2)),
        data.draw(st.lists(number, max_size=2)),
    )
    around.taken = [
        QRectF(x, y, 9.0, 9.0) for x, y in data.draw(st.lists(st.tuples(number, number), max_size=2))
    ]
    inked = np.array(data.draw(st.lists(st.tuples(number, number), min_size=1, max_size=20))).T
    around._write(inked, 1)
    places = np.array(data.draw(st.lists(st.tuples(number, number), min_size=1, max_size=8))).T
    size = (23.0, 11.0)
    many = around.cost(places[0], places[1], size).tolist()
    assert many == [around.cost_of(QRectF(x, y, *size)) for x, y in places.T.tolist()]


def test_a_text_that_a_handle_passes_stays_where_it_is_and_finds_its_place_when_that_is_let_go(show):
    best = Upright(5.0, "best T", at_top=False)
    _, view = show(best)
    axes = Axis("x", 0.0, 10.0), Axis("y", 0.0, 10.0)

    def place(x, held):
        view.draw(Drawn(*axes, marks=(best,), handle=Handle(x, 0.0, 10.0, "T")), hold_axes=held)
        return next(rect for mark, rect in places(view) if mark is best)

    there = place(1.0, held=True)
    assert [place(x, held=True) for x in (5.2, 5.4, 6.0)] == [there] * 3
    assert place(5.4, held=False) != there


def test_a_line_to_a_point_ends_before_it(qapp):
    label = Label(QFont())
    label.colour(QColor("black"), QColor("white"))
    label.write("row 3")
    label.put(0.0, 0.0)
    label.is_shown = True
    end = label.size[0] + 40.0
    label.lead((end, 8.0))
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    painter = QPainter(image)
    label.paint(painter)
    painter.end()
    assert image.pixelColor(int(end) - 20, 8) != QColor("red")
    assert all(image.pixelColor(x, y) == QColor("red") for x in range(int(end) - 6, 200) for y in range(20))


@pytest.mark.parametrize("which", ["3x3", "two"])
def test_texts_and_axes_stand_nearly_still_while_the_temperature_is_dragged(open_window, a_state, which):
    window = open_window(a_state(which))
    window.focus.go_to(2, 0)
    seen = [bring(window, key).view for key in ("surprise", "margin", "history", "temperature")]
    window.curve_jobs.wait()
    QApplication.processEvents()
    hand, sizes = seen[-1], set()
    jumps: dict[tuple[int, str], int] = {}
    last: dict[tuple[int, str], Spot | None] = {}
    hand.dragged.emit(Sets.TEMPERATURE.value, "begin", 1.0)
    for at in np.geomspace(0.2, 5.0, 40).tolist():
        hand.dragged.emit(Sets.TEMPERATURE.value, "move", at)
        QApplication.processEvents()
        window.curve_jobs.wait()
        QApplication.processEvents()
        sizes.add(tuple(view.scales.size for view in seen[:2]))
        now = {
            (i, item.mark.text): item.spot
            for i, view in enumerate(seen)
            for item in view.marks.items
            if item.text is not None
        }
        for key_ in now.keys() & last.keys():
            jumps[key_] = jumps.get(key_, 0) + (now[key_] != last[key_])
        last = now
    hand.dragged.emit(Sets.TEMPERATURE.value, "end", 0.0)
    assert jumps
    assert max(jumps.values()) <= 6, jumps
    assert len(sizes) <= 2  # before the first move, and from then on


def test_a_point_that_has_left_the_picture_has_no_name_in_it(show):
    name = Text(5.0, 5.0, "row 3", anchor=(0.0, 0.5))
    assert "row 3" in show(name)[0]
    assert "row 3" not in show(Text(5.0, 15.0, "row 3", anchor=(0.0, 0.5)))[0]


def test_a_text_with_no_other_place_breaks_the_lines_it_crosses(show):
    uprights = [Upright(x, "") for x in np.arange(0.25, 10.0, 0.25).tolist()]
    said, view = show(*uprights, key("• labelled cat", Role.NOW))
    rect = said["• labelled cat"]
    lines = [shape.lines for item in view.marks.items for shape in item.shapes]
    assert {len(parts) for parts in lines} <= {1, 2}
    gaps = [parts for parts in lines if sum(part.length() for part in parts) < view.scales.size[1] - 1]
    assert len(gaps) > 2
    assert all(rect.left() < parts[0].x1() < rect.right() for parts in gaps)


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        ([], [(0, 100)]),
        ([(-5, 20, 5, 30)], [(0, 20), (30, 100)]),
        ([(-5, 20, 5, 30), (-5, 25, 5, 40)], [(0, 20), (40, 100)]),
        ([(-5, -3, 5, 10), (-5, 90, 5, 103)], [(10, 90)]),
        ([(1, 20, 5, 30)], [(0, 100)]),
    ],
)
def test_what_is_left_of_a_line_behind_texts(texts, left):
    rects = [QRectF(x, y, u - x, v - y) for x, y, u, v in texts]
    upright = pieces(QLineF(0, 0, 0, 100), rects)
    level = pieces(QLineF(0, 0, 100, 0), [QRectF(r.y(), r.x(), r.height(), r.width()) for r in rects])
    assert [(line.y1(), line.y2()) for line in upright] == left
    assert [(line.x1(), line.x2()) for line in level] == left


def test_a_long_text_is_broken_in_two_rather_than_cross_a_curve(show):
    wall = Line(np.array([5.0, 5.0]), np.array([0.0, 10.0]), Role.LOSS)
    said, _ = show(wall, key("some words that say more than one line", Role.NOW))
    (rect,) = said.values()
    assert rect.height() > 20
    assert show(key("some words that say more than one line", Role.NOW))[0].popitem()[1].height() < 20


def test_the_number_of_a_handle_stands_alone_where_its_name_would_cross_something(show):
    _, view = show()
    beside = [Upright(x, "") for x in (4.1, 6.2)]
    axes = Axis("x", 0.0, 10.0), Axis("y", 0.0, 10.0)

    def text(*marks, held=False):
        view.draw(Drawn(*axes, marks=marks, handle=Handle(5.0, 0.0, 10.0, "threshold")), hold_axes=held)
        return view.grip.text.text

    assert text() == "threshold 5.00"
    assert text(*beside, held=True) == "threshold 5.00"
    assert text(*beside) == "5.00"
    assert text(*beside, held=True) == "5.00"


def test_only_what_is_impossible_is_called_so(open_window, a_state):
    for which in ("3x3", "two", "long"):
        window = open_window(a_state(which))
        plane = bring(window, "plane").view
        for width in range(150, 900, 50):
            plane.resize(width, max(120, width * 2 // 3))
            QApplication.processEvents()
            for mark, rect in places(plane):
                if mark.text == "impossible":
                    right, low = plane.scales.place(rect.right(), rect.bottom())
                    _, high = plane.scales.place(rect.right(), rect.top())
                    bound = next(m for m in plane.drawn.marks if isinstance(m, Line) and m.dashed)
                    assert right < np.interp((low, high), bound.y, bound.x).min(), (which, width)


def test_a_handle_s_number_stands_at_its_foot_only_where_its_top_is_taken(show):
    _, view = show()
    axes = Axis("x", 0.0, 10.0), Axis("y", 0.0, 10.0)
    steep = Line(np.array([0.0, 10.0]), np.array([9.6, 9.6]), Role.LOSS)

    def top(*marks, held=False):
        view.draw(Drawn(*axes, marks=marks, handle=Handle(5.0, 0.0, 10.0, "T =")), hold_axes=held)
        return view.grip.text.rect.top()

    assert top() == 0
    assert top(steep) > 100
    assert top(held=True) > 100  # while it is dragged it stays at its end
    assert top() == 0
