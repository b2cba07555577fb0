"""Paints one widget before the window comes to paint itself."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QWidget


def paint_at_once(widget: QWidget) -> None:
    """Bring what a widget shows onto the screen now, and nothing else.

    ``repaint`` would paint whatever else is due in its window along with it, and of that some may not know yet
    what has changed.
    """
    window = widget.window()
    store, handle = window.backingStore(), window.windowHandle()
    if not widget.isVisible() or not handle.isExposed():
        return
    corner = widget.mapTo(window, QPoint())
    place = QRegion(widget.rect().translated(corner))
    store.beginPaint(place)
    widget.render(store.paintDevice(), corner)
    store.endPaint()
    store.flush(place, handle)
