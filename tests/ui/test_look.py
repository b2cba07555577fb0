"""Light and dark, told apart by every eye, and nothing cut off at any size."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QToolButton, QWidget

from lossacc_gui.core.curves.curve import Role
from lossacc_gui.core.edits import SetCells
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.cells import PADDING
from lossacc_gui.ui.facts import CHECK, LABEL, LOSS, PREDICTION
from lossacc_gui.ui.theme import DARK, LIGHT, Scheme, Theme
from lossacc_gui.ui.tiles import FittingLabel
from tests.ui.conftest import bring, curves, drawn, stated

TEXTS = ("text", "muted", "accent", "loss", "accuracy", "right", "wrong", "plain", "warn")
SIZES = ((1440, 900), (1024, 700), (1920, 1080), (1180, 720))


def luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    seen = QColor(colour)
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (seen.redF(), seen.greenF(), seen.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_it_should():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("role", TEXTS)
def test_text_can_be_read_on_card_and_window(theme: Theme, role):
    for ground in ("card", "window"):
        assert contrast(getattr(theme, role), getattr(theme, ground)) >= 4.5, ground


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("right", "right_fill"),
        ("right", "right_bar"),
        ("wrong", "wrong_fill"),
        ("wrong", "wrong_bar"),
        ("text", "bar"),
        ("text", "hover"),
        ("muted", "hover"),
        ("card", "accent"),
    ],
)
def test_text_can_be_read_on_fills_and_bars(theme: Theme, ink, ground):
    """The grid writes on the fill of the prediction and on the bar of the value."""
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5


def test_every_role_has_a_colour_in_both_themes():
    for theme in (LIGHT, DARK):
        for role in Role:
            assert theme.of(role).isValid()
        assert all(QColor(value).isValid() for key, value in asdict(theme).items() if key != "name")


def average(picture: QImage) -> float:
    """How light a picture is on the whole, 0 to 255."""
    one = picture.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation)
    return QColor(one.pixel(0, 0)).lightness()


def colours_of(widget: QWidget) -> set[str]:
    """Every colour a widget is painted in over at least a few pixels."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), -1) & 0xFFFFFF
    values, counts = np.unique(pixels, return_counts=True)
    return {f"#{value:06x}" for value in values[counts > 30].tolist()}


def test_changing_the_colours_re_dresses_everything(window):
    window.document.edit(SetCells(np.array([1]), np.array([1]), np.array([0.3])))
    light = average(window.grab().toImage())
    blends = {LIGHT.name: colours_of(window), DARK.name: set()}  # edges of letters may blend into any colour
    for scheme, old, new in ((Scheme.DARK, LIGHT, DARK), (Scheme.LIGHT, DARK, LIGHT)):
        next(a for a in window.tools.schemes.actions if a.data() == scheme).trigger()
        QApplication.processEvents()
        assert window.dressing.theme is new
        gone = {value for key, value in asdict(old).items() if key != "name"} - set(asdict(new).values())
        gone -= blends[new.name]
        parts: list[QWidget] = [window, window.grid, window.strip, window.card, *window.tools.tiles]
        parts += [view.dock for view in window.views.values()]
        for part in parts:
            assert not colours_of(part) & gone, type(part).__name__
        assert QApplication.palette().color(QPalette.ColorRole.Window).name() == new.window
    assert average(window.grab().toImage()) == pytest.approx(light, abs=2)


def test_a_window_opened_in_the_dark_is_painted_like_one_changed_to_it(open_window):
    changed = open_window()
    changed.dressing.choose(Scheme.DARK.value)
    opened = open_window(scheme=Scheme.DARK)
    QApplication.processEvents()
    one, other = (w.grab().toImage() for w in (changed, opened))
    assert one.size() == other.size()
    assert colours_of(opened.grid) == colours_of(changed.grid)
    assert average(one) == pytest.approx(average(other), abs=2)


def test_the_colours_are_remembered(window):
    window.dressing.choose("dark")
    assert window.settings.text("theme", "") == "dark"
    assert [a.data() for a in window.tools.schemes.actions if a.isChecked()] == [Scheme.DARK]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("key", ["lesson", "wide"])
def test_nothing_is_cut_off(open_window, size, key):
    state = None
    if key == "wide":
        cells = np.random.default_rng(4).dirichlet(np.ones(12), 400)
        names = tuple(f"a rather long class name {i}" for i in range(12))
        state = stated(cells, np.arange(400) % 12, names, "a file with quite a long name")
    window = open_window(state, size=size)
    window.document.edit(SetCells(np.array([1]), np.array([1]), np.array([0.123456])))
    QApplication.processEvents()
    check_fit(window)
    for tile in window.tools.tiles:
        for label in tile.findChildren(FittingLabel):
            assert QFontMetrics(label.font()).horizontalAdvance(label.text) <= label.width(), label.text
            assert QFontMetrics(label.font()).height() <= label.height()
        assert tile.geometry().right() <= window.width()


def check_fit(window) -> None:
    """What is shown of each text fits its widget."""
    for label in window.findChildren(FittingLabel):
        if label.isVisible() and label.width() > 0:
            wide = QFontMetrics(label.font()).horizontalAdvance(label.text)
            assert wide <= label.width() or label.text == label._wordings[-1], label.text
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap():
            assert label.sizeHint().width() <= label.width() + 1, label.text()
    for button in window.findChildren(QToolButton):
        if button.isVisible() and button.text() and not button.icon():
            assert button.sizeHint().width() <= button.width() + 1, button.text()
    for box in window.findChildren(QComboBox):
        assert not box.isVisible() or box.sizeHint().width() <= box.width() + 1


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_numbers_fit_their_columns(open_window, size):
    window = open_window(stated([[0.123, 1e-9, 12345.0], [-0.5, 0.2, 0.3]], [0, 1]), size=size)
    model, bold = window.grid.model, QFontMetrics(look.font(bold=True))
    for half, columns in ((window.grid.cells, range(3)), (window.grid.facts, range(3, model.columnCount()))):
        for column in columns:
            room = half.columnWidth(column) - 2 * PADDING
            for row in range(2):
                text = window.grid.delegates[0].text_for(model.look(row), column, room)
                assert bold.horizontalAdvance(text) <= room or column - 3 in (LABEL, PREDICTION, CHECK), text
    assert window.grid.delegates[0].text_for(model.look(0), 2, 60) == "12345.0"
    assert window.grid.delegates[0].text_for(model.look(0), 0, 60) == "0.1230"


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("classes", [3, 10])
@pytest.mark.parametrize("one_hot", [False, True])
def test_no_class_is_cut_in_two(open_window, size, classes, one_hot):
    cells = np.random.default_rng(4).dirichlet(np.ones(classes), 50)
    grid = open_window(stated(cells, np.arange(50) % classes), size=size).grid
    if one_hot:
        grid.toggle_one_hot()
    QApplication.processEvents()
    for half in (grid.cells, grid.one_hot) if one_hot else (grid.cells,):
        room, header = half.viewport().width(), half.horizontalHeader()
        assert room >= header.length() or room % header.sectionSize(0) == 0
        assert room >= header.sectionSize(0)
    assert grid.facts.viewport().width() >= grid.facts.columnWidth(classes + LABEL)
    if classes == 3 and not one_hot:
        assert grid.cells.viewport().width() >= grid.cells.horizontalHeader().length()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("classes", [3, 10])
def test_no_fact_is_cut_in_two(open_window, size, classes):
    cells = np.random.default_rng(4).dirichlet(np.ones(classes), 50)
    facts = open_window(stated(cells, np.arange(50) % classes), size=size).grid.facts
    QApplication.processEvents()
    room, header = facts.viewport().width(), facts.horizontalHeader()
    places = [
        header.sectionViewportPosition(i) for i in range(header.count()) if not header.isSectionHidden(i)
    ]
    ends = [*places[1:], places[0] + header.length()]
    cut = [
        end for start, end in zip(places, ends, strict=True) if start + PADDING < room < end
    ]  # of its air some may be seen
    assert not cut, (room, places)


def test_a_sentence_that_is_too_long_is_shortened_and_not_left_out(window):
    reading = window.views["sweep"].card.reading
    reading.say("Word " * 60 + "end.", hold=False)
    assert reading.shown.endswith("Word …")
    assert reading._height(reading.shown, reading.width()) <= reading.height()
    assert reading._height(f"Word {reading.shown}", reading.width()) > reading.sizeHint().height()


def test_a_drawn_text_lies_inside_its_view(window):
    for key, view in curves(window).items():
        whole = QRectF(view.view.rect()).adjusted(-2, -2, 2, 2)
        inside = QRectF(0, 0, *view.view.scales.size).adjusted(-2, -2, 2, 2)
        for item in view.view.marks.items:
            if item.text is not None and item.text.is_shown:
                assert inside.contains(item.text.rect), (key, item.text.text)
        frame = view.view.picture.frame
        for written in (*frame.numbers, *frame.names):
            assert whole.contains(written.rect), (key, written.text)
        assert min(view.view.scales.size) > 60


def test_axes_name_their_unit(window):
    assert "nats" in drawn(window, "sweep").left.text + str(drawn(window, "sweep").right)
    assert "cross-entropy (nats)" in [name.text for name in window.views["sweep"].view.picture.frame.names]


def test_every_part_has_an_accessible_name(window):
    for key in window.views:
        assert bring(window, key).view.accessibleName()
    for half in (window.grid.cells, window.grid.facts):
        assert half.accessibleName()
    for tile in window.tools.tiles:
        assert tile.accessibleName()
    assert window.strip._text.accessibleName()


def test_other_colours_move_nothing(open_window):
    def places(window):
        QApplication.processEvents()
        shown = (each for each in window.findChildren(QWidget) if each.isVisible())
        return [(each.mapTo(window, QPoint()), each.size()) for each in shown]

    switched = open_window(scheme=Scheme.LIGHT, size=(1280, 800))
    before = places(switched)
    switched.dressing.choose(Scheme.DARK.value)
    assert places(switched) == before
    assert places(open_window(scheme=Scheme.DARK, size=(1280, 800))) == before


@pytest.mark.parametrize("width", [1200, 1280, 1440, 1600])
def test_the_loss_is_in_sight_beside_many_classes(open_window, width):
    rows = np.full((60, 20), 0.05)
    names = tuple(map(str, range(20)))
    window = open_window(stated(rows, np.arange(60) % 20, names), size=(width, 800))
    QApplication.processEvents()
    facts, loss = window.grid.facts, 20 + LOSS
    assert facts.columnViewportPosition(loss) + facts.columnWidth(loss) <= facts.viewport().width()
