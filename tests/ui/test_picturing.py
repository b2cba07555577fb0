"""Pictures of single views: what is in them, where they go, and the menu that offers them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from lossacc_gui.ui.picturing import ENTRIES, HEAD, MARGIN, SHARPER
from lossacc_gui.ui.theme import Scheme
from tests.ui.conftest import bring


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
    size = (SHARPER * (view.width() + 2 * MARGIN), SHARPER * (view.height() + HEAD + MARGIN))
    assert saved.size().toTuple() == size
    assert saved.dotsPerMeterX() == saved.dotsPerMeterY() == round(SHARPER * 96 / 0.0254)
    ground, count = np.unique(pixels(saved), return_counts=True)
    assert hex(ground[count.argmax()]) == "0xffffff"
    assert len(ground) > 20  # there is something on it
    assert "Saved" in window.status.currentMessage()


@pytest.mark.parametrize("key", ["sweep", "bars", "metrics", "confusion"])
def test_any_view_goes_to_the_clipboard_and_is_left_as_it_was(window, key):
    view = bring(window, key)
    before = pixels(view.view.grab().toImage())
    window.picturing.do(key, "copy")
    assert not QGuiApplication.clipboard().pixmap().isNull()
    assert (pixels(view.view.grab().toImage()) == before).all()


def test_a_curve_is_light_in_a_dark_window(open_window):
    window = open_window(scheme=Scheme.DARK)
    view = bring(window, "plane")
    picture = pixels(window.picturing.picture(view).toImage())
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
