"""The only file with a colour or a font in it."""

from __future__ import annotations

import string
from dataclasses import asdict, dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from lossacc_gui import assets
from lossacc_gui.core.curves.curve import Role

TEXT_PIXELS = 13
SMALL_PIXELS = 12
BIG_PIXELS = 26
SPACING = 8
"""Everything keeps a rhythm of 8 pixels."""


class Scheme(StrEnum):
    """Light, dark, or whatever the system has."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they mean. Text colours keep a contrast of 4.5 : 1 on card and window."""

    name: str
    window: str
    card: str
    border: str
    grid: str
    text: str
    muted: str
    hover: str
    accent: str
    loss: str
    accuracy: str
    right: str
    wrong: str
    right_fill: str
    wrong_fill: str
    right_bar: str
    wrong_bar: str
    bar: str
    reachable: str
    baseline: str
    plain: str
    faint: str
    warn: str

    def of(self, role: Role) -> QColor:
        """The colour something of this role is drawn in."""
        return QColor(self.accent if role in (Role.HERE, Role.NOW) else getattr(self, role.value))


LIGHT = Theme(
    name="light",
    window="#f6f7f9",
    card="#ffffff",
    border="#e1e5eb",
    grid="#eef1f5",
    text="#1b2430",
    muted="#5b6676",
    hover="#eef2f7",
    accent="#1d4ed8",
    loss="#bf3f0c",
    accuracy="#1d4ed8",
    right="#0d6b64",
    wrong="#be123c",
    right_fill="#eaf5f3",
    wrong_fill="#fdeef2",
    right_bar="#c8e5e0",
    wrong_bar="#f8d2db",
    bar="#e9edf2",
    reachable="#cbd8f8",
    baseline="#8a94a3",
    plain="#4b5563",
    faint="#9aa4b2",
    warn="#92570a",
)

DARK = Theme(
    name="dark",
    window="#12161c",
    card="#1a2029",
    border="#2c3541",
    grid="#252d38",
    text="#e6eaf0",
    muted="#a3afbf",
    hover="#252d39",
    accent="#7aa5ff",
    loss="#ff9a62",
    accuracy="#7aa5ff",
    right="#4fd1bf",
    wrong="#ff8aa3",
    right_fill="#17302f",
    wrong_fill="#3a1f29",
    right_bar="#1f4d49",
    wrong_bar="#5f2838",
    bar="#2a323e",
    reachable="#2b3c66",
    baseline="#7d8896",
    plain="#b8c2d0",
    faint="#6b7686",
    warn="#f0b355",
)


def theme_for(scheme: Scheme) -> Theme:
    """The theme of a scheme; the system's is asked for where the user leaves it to the system."""
    if scheme is Scheme.SYSTEM:
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if scheme is Scheme.DARK else LIGHT


def font(pixels: int = TEXT_PIXELS, *, bold: bool = False) -> QFont:
    """The program's font: the system's family, sized in pixels, with figures of equal width."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    made.setPixelSize(pixels)
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def edge(theme: Theme, *, marked: bool) -> QPen:
    """The edge of a view; ``marked`` is the one that has the keyboard."""
    return QPen(QColor(theme.accent), 2) if marked else QPen(QColor(theme.border), 1)


def more_icon(theme: Theme) -> QIcon:
    """Two arrow heads, as a sign that something goes on."""
    picture = QPixmap(32, 32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.text), 3))
    for x in (6, 16):
        painter.drawPolyline([QPoint(x, 8), QPoint(x + 8, 16), QPoint(x, 24)])
    painter.end()
    return QIcon(picture)


def dress(app: QApplication, theme: Theme) -> None:
    """Give the whole application this theme."""
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(font())
    app.setPalette(_palette(theme))
    app.setStyleSheet(_style(theme))


def wear(widget: QWidget, theme: Theme) -> None:
    """Give one widget another theme than the application's, as where it is made for a report."""
    widget.setPalette(_palette(theme))
    widget.setStyleSheet(_style(theme))


def _style(theme: Theme) -> str:
    """The style sheet in the colours of a theme."""
    template = string.Template(assets.path("style.qss").read_text("utf-8"))
    return template.substitute(asdict(theme), small=SMALL_PIXELS, size=TEXT_PIXELS)


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.card,
        QPalette.ColorRole.AlternateBase: theme.window,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Button: theme.card,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.card,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.card,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Mid: theme.border,
        QPalette.ColorRole.Dark: theme.border,
        QPalette.ColorRole.Light: theme.card,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return palette
