"""Pictures of the window and of single views, for the menu and the command line alike."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter, QPixmap
from PySide6.QtWidgets import QWidget

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.disk import replacing
from lossacc_gui.files.refusals import about

SCREEN_DPI = 96
"""Pixels an inch of a picture that is drawn as large as on screen."""


def png(widget: QWidget) -> QPixmap:
    """What the widget looks like now."""
    return widget.grab()


def save_png(picture: QPixmap, path: Path) -> None:
    """Write a picture beside its target and rename it over. Raises Refusal, leaving an old file whole."""
    if path.suffix.lower() != ".png":
        raise Refusal(
            str(path),
            f"pictures are saved as .png, not as “{path.suffix}”",
            "give it a name that ends in .png",
        )
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(with_resolution(picture))
    with about(path, "writing it"), replacing(path) as file:
        file.write(buffer.data().data())


def with_resolution(picture: QPixmap) -> QImage:
    """The picture with how many of its pixels make an inch: a document takes it in as large as it was on screen."""
    image = picture.toImage()
    dots = round(picture.devicePixelRatio() * SCREEN_DPI / 0.0254)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    return image
