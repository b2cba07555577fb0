"""Pictures of single views: what is in them, where they go, and the menu that offers them."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from lossacc_gui.core.curves.curve import Role
from lossacc_gui.core.edits import SetCells
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.ui import shots
from lossacc_gui.ui.picturing import ENTRIES
from lossacc_gui.ui.sheet import COLUMN, MARGIN, MM, Sheet, of_pixels
from lossacc_gui.ui.theme import LIGHT, Scheme
from tests.ui.conftest import bring, stated


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1) & 0xFFFFFF


@pytest.fixture
def answer(monkeypatch, tmp_path):
    """Answers the next question for a file; where the picture goes."""
    path = tmp_path / "view.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    return path


def test_the_view_with_the_keyboard_is_saved_twice_as_sharp_as_it_is_on_screen(window, answer):
    view = bring(window, "plane").view
    view.setFocus()
    window.tools.acts["export_view"].trigger()
    saved = QImage(str(answer))
    assert saved.width() == pytest.approx(2 * (view.width() + 2 * MARGIN), abs=1)
    assert saved.height() > 2 * view.height()
    assert saved.dotsPerMeterX() == saved.dotsPerMeterY() == round(192 / 0.0254)
    ground, count = np.unique(pixels(saved), return_counts=True)
    assert hex(ground[count.argmax()]) == "0xffffff"
    assert len(ground) > 20  # there is something on it
    assert "Saved" in window.status.currentMessage()


def test_for_one_column_it_is_85_mm_wide_at_300_dots_an_inch(window, answer):
    bring(window, "plane").view.setFocus()
    window.tools.acts["export_column"].trigger()
    saved = QImage(str(answer))
    assert saved.width() == 1004
    assert 1000 * saved.width() / saved.dotsPerMeterX() == pytest.approx(85, abs=0.1)


@pytest.mark.parametrize("key", ["sweep", "bars", "confusion", "classes"])
def test_shapes_and_letters_are_saved_as_such(window, tmp_path, key):
    sheet = window.picturing.sheet(bring(window, key), COLUMN)
    for ending in (".svg", ".pdf"):
        shots.save(sheet, tmp_path / f"v{ending}", COLUMN.dots)
    svg, pdf = (tmp_path / "v.svg").read_text("utf-8"), (tmp_path / "v.pdf").read_bytes()
    assert QSvgRenderer(svg.encode()).isValid()
    assert f"<title>{window.views[key].what.title}</title>" in svg
    first, *_ = sheet.caption.split()
    assert f">{first}" in svg  # letters, and not their outlines
    assert "Sans Serif" not in svg
    assert "<image" not in svg
    assert float(svg.split('width="')[1].split("mm")[0]) == pytest.approx(85, abs=0.2)
    assert pdf.startswith(b"%PDF")
    assert b"/Subtype /Image" not in pdf
    box = pdf.split(b"/MediaBox [")[1].split(b"]")[0].split()
    assert float(box[2]) == pytest.approx(85 / 25.4 * 72, abs=1)


def test_a_text_on_paper_is_there_once(window, tmp_path):
    shots.save(window.picturing.sheet(bring(window, "plane")), tmp_path / "v.svg", 96)
    assert (tmp_path / "v.svg").read_text("utf-8").count(">impossible<") == 1


def test_another_ending_is_refused(window, tmp_path):
    with pytest.raises(Refusal, match=r"not as “.jpg”"):
        shots.save(window.picturing.sheet(bring(window, "plane")), tmp_path / "v.jpg", 96)
    assert not list(tmp_path.iterdir())


def test_a_name_without_an_ending_takes_that_of_the_kind_that_was_chosen(window, monkeypatch, tmp_path):
    bring(window, "plane").view.setFocus()
    for kind, ending in zip(shots.KINDS.split(";;"), shots.ENDINGS, strict=True):
        name = tmp_path / ending[1:]
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, n=name, k=kind: (str(n), k))
        window.tools.acts["export_view"].trigger()
        assert name.with_suffix(ending).exists()


def test_the_sentence_is_below_and_the_name_above_where_there_is_room(window):
    view = bring(window, "plane")
    wide, narrow = (Sheet(view, "some predictions · 3 × 3", form) for form in (of_pixels((700, 500)), COLUMN))
    assert wide.title == "Loss–accuracy plane · some predictions · 3 × 3"
    assert wide.caption == view.card.reading.toolTip()
    assert narrow.title == "Loss–accuracy plane"
    assert narrow.caption == f"some predictions · 3 × 3: {view.card.reading.toolTip()}"
    assert wide.size.toTuple() == (700, 500)
    assert Sheet(bring(window, "bars"), "three bars", of_pixels((700, 500))).size.toTuple() == (700, 500)


def chosen_colour(window, key):
    """How many dots of a picture have the colour of what is chosen."""
    image = shots.image(window.picturing.sheet(window.views[key]), 96)
    return int((pixels(image) == int(LIGHT.accent[1:], 16)).sum())


@pytest.mark.parametrize("key", ["losses", "margin", "surprise", "confusion"])
def test_what_is_only_chosen_in_the_window_is_left_out(open_window, key):
    draw = np.random.default_rng(2)
    window = open_window(stated(draw.dirichlet(np.ones(3), 40), draw.integers(0, 3, 40)))
    window.focus.go_to(7, 1)
    view = bring(window, key)
    QApplication.processEvents()
    assert (pixels(view.view.grab().toImage()) == int(LIGHT.accent[1:], 16)).any()
    assert chosen_colour(window, key) == 0


def test_where_the_predictions_are_stays_and_so_does_the_baseline(window):
    window.editing.pin()
    QApplication.processEvents()
    bring(window, "plane")
    assert chosen_colour(window, "plane") > 50
    marks = window.views["plane"].view.drawn.unchosen().marks
    assert any(mark.role is Role.BASELINE for mark in marks)


def test_the_lane_of_the_current_class_goes_with_its_name(window):
    drawn = bring(window, "surprise").view.drawn
    assert drawn.lane in [text for _, text in drawn.left.ticks]
    assert drawn.lane not in [text for _, text in drawn.unchosen().left.ticks]


@pytest.mark.parametrize("key", ["sweep", "bars", "metrics", "confusion"])
def test_any_view_goes_to_the_clipboard_and_is_left_as_it_was(window, key):
    view = bring(window, key)
    before = pixels(view.view.grab().toImage())
    window.picturing.do(key, "copy")
    assert not QGuiApplication.clipboard().pixmap().isNull()
    assert (pixels(view.view.grab().toImage()) == before).all()


@pytest.mark.parametrize("key", ["plane", "bars", "classes"])
def test_a_picture_is_light_in_a_dark_window(open_window, key):
    window = open_window(scheme=Scheme.DARK)
    view = bring(window, key)
    picture = pixels(shots.image(window.picturing.sheet(view), 192))
    assert (picture == 0xFFFFFF).mean() > 0.5
    assert view.view.theme is window.dressing.theme


def test_without_a_view_it_says_what_to_do(window):
    window.grid.take_keyboard()
    window.tools.acts["copy_view"].trigger()
    assert "click one, or press F6" in window.strip.text


@pytest.mark.qt_log_ignore("^This plugin does not support raise\\(\\)$", extend=True)
def test_the_menu_of_a_view_does_what_it_says(window, monkeypatch):
    key = "plane"
    dock = bring(window, key).dock
    chosen: list[str] = []

    class Answered(QMenu):
        """Closes with the entry that is chosen."""

        def exec(self, _where):  # type: ignore[override]  # one of its three forms
            action = self.addAction("chosen")
            action.setData(chosen[0])
            return action

    monkeypatch.setattr(window.picturing, "menu_of", lambda: Answered(window))
    for what, done in (
        ("copy", lambda: not QGuiApplication.clipboard().pixmap().isNull()),
        ("alone", lambda: window.docking.is_alone),
        ("alone", lambda: not window.docking.is_alone),
        ("float", dock.isFloating),
        ("float", lambda: not dock.isFloating()),
        ("hide", dock.isHidden),
    ):
        chosen[:] = [what]
        where = dock.rect().center()
        dock.contextMenuEvent(
            QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, dock.mapToGlobal(where))
        )
        QApplication.processEvents()
        assert done(), what


def test_every_entry_of_the_menu_of_a_view_has_a_tip(window):
    menu = window.picturing.menu_of()
    assert [action.data() for action in menu.actions() if not action.isSeparator()] == [e[0] for e in ENTRIES]
    assert all(action.toolTip() for action in menu.actions() if not action.isSeparator())
    menu.deleteLater()


def test_a_table_is_whole_in_a_report_or_says_how_much_of_it_is_there(open_window):
    window = open_window(stated(np.eye(15), range(15)))
    sheet = window.picturing.sheet(bring(window, "classes"), COLUMN)
    assert "first" not in sheet.caption
    assert sheet.size.height() > 15 * 24
    many = open_window(stated(np.eye(120), range(120)))
    cut = many.picturing.sheet(bring(many, "classes"), COLUMN)
    said = re.search(r"the first (\d+) lines, and (\d+) more are left out\.$", cut.caption)
    assert said
    assert int(said[1]) + int(said[2]) == 120
    assert 30 <= int(said[1]) <= 40
    assert cut.size.height() < 300 * MM


def test_the_last_words_of_a_caption_that_says_what_is_left_out_are_on_the_sheet(open_window):
    window = open_window(stated(np.eye(90), range(90)))
    view = bring(window, "metrics")
    for width in range(430, 620, 10):
        sheet = Sheet(view, "some predictions · 90 × 90", of_pixels((width, 400)))
        assert "more are left out" in sheet.caption
        paper = QImage(width, 500, QImage.Format.Format_RGB32)
        paper.fill(0xFFFFFF)
        painter = QPainter(paper)
        sheet.paint(painter)
        painter.end()
        assert (pixels(paper)[400 - int(MARGIN) + 2 :] == 0xFFFFFF).all(), width


def test_of_one_line_that_is_left_out_a_caption_speaks_as_of_one(open_window):
    view = bring(open_window(stated(np.eye(9), range(9))), "classes")
    captions = [Sheet(view, "nine", of_pixels((600, height))).caption for height in range(200, 400, 4)]
    assert any(caption.endswith("and 1 more is left out.") for caption in captions)
    assert not any("and 1 more are" in caption for caption in captions)


def test_a_table_without_lines_says_in_a_report_what_it_would_hold(window):
    sheet = window.picturing.sheet(bring(window, "ledger"), COLUMN)
    ink = pixels(shots.image(sheet, 96))[40:60]
    assert (ink == int(LIGHT.text[1:], 16)).any()
    assert not sheet.caption.endswith(":")


@pytest.mark.parametrize("key", ["classes", "ledger", "conventions"])
def test_a_table_in_a_report_marks_no_line(window, key):
    window.editing.pin()
    view = bring(window, key).view
    if key == "conventions":
        window.focus.go_to(next(entry.row for entry in view.picture.entries if entry.row >= 0), 0)
    QApplication.processEvents()
    marks = [f"▸ {view.model.line(row).cells[0].text}" for row in range(view.model.rowCount())]
    assert any(view.model.index(row, 0).data() == mark for row, mark in enumerate(marks))
    twin = view.twin(LIGHT)
    assert not any(twin.model.line(row).marked for row in range(twin.model.rowCount()))


@pytest.mark.parametrize("key", ["classes", "ledger", "conventions", "metrics"])
def test_a_table_is_letters_in_a_vector_picture(window, key, tmp_path):
    window.editing.pin()
    window.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.9])))
    view = bring(window, key)
    shots.save(window.picturing.sheet(view, COLUMN), tmp_path / "table.svg", 300)
    svg = (tmp_path / "table.svg").read_text()
    assert "<image" not in svg
    said = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    table, model = view.view.table, view.view.model
    for column in range(model.columnCount()):
        if not table.isColumnHidden(column) and not model.columns[column].spare:
            assert html.escape(model.columns[column].title, quote=False) in said
            for row in range(min(model.rowCount(), 3)):
                (first, *_) = (model.line(row).cells[column].text or " ").split(" ")
                assert html.escape(first, quote=False) in said


def test_the_row_that_was_chosen_for_a_report_is_marked_in_it(window):
    view = bring(window, "margin")
    window.focus.go_to(2, 1)
    QApplication.processEvents()
    plain, chosen = (
        shots.image(Sheet(view, "three", of_pixels((500, 400)), chosen=chosen), 96)
        for chosen in (False, True)
    )
    blue = int(LIGHT.accent[1:], 16)
    assert (pixels(chosen) == blue).sum() > (pixels(plain) == blue).sum() + 20
