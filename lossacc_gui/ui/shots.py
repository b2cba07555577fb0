"""Pictures of the window and of single views, for the menu and the command line alike."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import (
    QFontInfo,
    QGuiApplication,
    QImage,
    QImageWriter,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPixmap,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from lossacc_gui import __version__
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.disk import replacing
from lossacc_gui.files.refusals import about

SCREEN_DPI = 96
"""Pixels an inch of a picture that is drawn as large as on screen."""

MM = 25.4 / SCREEN_DPI
"""Millimetres of such a pixel."""

ENDINGS = (".png", ".svg", ".pdf")
"""What pictures of views are saved as: dots, or shapes and letters that are sharp at any size."""

KINDS = "PNG, dots (*.png);;SVG, shapes and letters (*.svg);;PDF, shapes and letters (*.pdf)"
"""The same for a dialog."""


class Painted(Protocol):
    """Something of a ``size`` in pixels that paints itself on any device."""

    size: QSizeF

    @property
    def title(self) -> str:
        """What it is called."""

    def paint(self, painter: QPainter) -> None:
        """Draw it from (0, 0) on."""


def png(widget: QWidget) -> QPixmap:
    """What the widget looks like now."""
    return widget.grab()


def save_png(picture: QPixmap, path: Path) -> None:
    """Write a picture of the window. Raises Refusal, leaving an old file whole."""
    if path.suffix.lower() != ".png":
        raise Refusal(
            str(path),
            f"pictures of the window are saved as .png, not as “{path.suffix}”",
            "give it a name that ends in .png",
        )
    _write(_png(with_resolution(picture)), path)


def save(painted: Painted, path: Path, dots: float) -> None:
    """Write it as what the name ends in; ``dots`` an inch where it is made of them. Raises Refusal."""
    match path.suffix.lower():
        case ".png":
            made = _png(image(painted, dots))
        case ".svg":
            made = _svg(painted)
        case ".pdf":
            made = _pdf(painted)
        case other:
            raise Refusal(
                str(path),
                f"pictures are saved as {', '.join(ENDINGS)}, not as “{other}”",
                "give it a name that ends in one of these",
            )
    _write(made, path)


def image(painted: Painted, dots: float) -> QImage:
    """It in dots, so many an inch."""
    ratio = dots / SCREEN_DPI
    made = QImage((painted.size * ratio).toSize(), QImage.Format.Format_RGB32)
    made.setDotsPerMeterX(round(dots / 0.0254))
    made.setDotsPerMeterY(round(dots / 0.0254))
    painter = QPainter(made)
    painter.scale(ratio, ratio)
    painted.paint(painter)
    painter.end()
    return made


def with_resolution(picture: QPixmap) -> QImage:
    """The picture with how many of its pixels make an inch: a document takes it in as large as it was on screen."""
    image = picture.toImage()
    dots = round(picture.devicePixelRatio() * SCREEN_DPI / 0.0254)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    return image


def _png(picture: QImage) -> QByteArray:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return buffer.data()


def _svg(painted: Painted) -> QByteArray:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(SCREEN_DPI)
    width, height = painted.size.width(), painted.size.height()
    generator.setSize(QSize(round(width), round(height)))
    generator.setViewBox(QRectF(0, 0, width, height))
    generator.setTitle(painted.title)
    generator.setDescription(f"lossacc_gui {__version__}")
    painter = QPainter(generator)
    painted.paint(painter)
    painter.end()
    return _named_fonts(buffer.data())


def _named_fonts(svg: QByteArray) -> QByteArray:
    """With the font that was used, and not with the name the system has for whichever it uses."""
    font = QGuiApplication.font()
    families = f"{QFontInfo(font).family()}, sans-serif"
    return svg.replace(f'font-family="{font.family()}"'.encode(), f'font-family="{families}"'.encode())


def _pdf(painted: Painted) -> QByteArray:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(SCREEN_DPI)
    writer.setPageSize(QPageSize(painted.size * MM, QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF())
    writer.setTitle(painted.title)
    writer.setCreator(f"lossacc_gui {__version__}")
    painter = QPainter(writer)
    painted.paint(painter)
    painter.end()
    return buffer.data()


def _write(made: QByteArray, path: Path) -> None:
    """Beside its target, and renamed over it."""
    with about(path, "writing it"), replacing(path) as file:
        file.write(made.data())
