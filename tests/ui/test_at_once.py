"""One widget is painted before its turn: it looks as it will, and nothing else is touched."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from lossacc_gui.ui.at_once import paint_at_once


class Ear(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _, event):
        self.count += event.type() is QEvent.Type.Paint
        return False


def on_screen(window):
    return window.screen().grabWindow(window.winId()).toImage()


def say(window, text):
    """Let the first tile say something, which has to be painted then."""
    window.tools.tiles[0]._value.show_text((text,), "#ff0000")


def test_it_looks_at_once_as_it_does_when_the_window_paints_itself(window):
    before = on_screen(window)
    say(window, "12.345")
    paint_at_once(window.tools.numbers)
    early = on_screen(window)
    QApplication.processEvents()
    assert early != before
    assert early == on_screen(window)


def test_nothing_else_is_painted_although_it_is_due(window):
    grid, other = Ear(window.grid.cells.viewport()), Ear(window.tools.bar)
    window.grid.cells.viewport().update()
    window.tools.bar.update()
    paint_at_once(window.tools.numbers)
    assert (grid.count, other.count) == (0, 0)
    QApplication.processEvents()
    assert min(grid.count, other.count) > 0


def test_what_is_not_on_the_screen_is_left_alone(open_window):
    window = open_window(show=False)
    paint_at_once(window.tools.numbers)
    window.show()
    QApplication.processEvents()
    window.tools.numbers.hide()
    tile = Ear(window.tools.tiles[0])
    paint_at_once(window.tools.numbers)
    assert tile.count == 0
