"""The inside of a dock: a view, and under it the sentence that says what it shows."""

from __future__ import annotations

import re
from bisect import bisect_left

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from lossacc_gui.ui import theme as look

WRAP = Qt.TextFlag.TextWordWrap
MOST_LINES = 3
LOW = 230
"""A dock lower than this has no room for a sentence, whose tooltip says it, and for a switch."""


class Reading(QWidget):
    """Whole sentences, as many of them as there is room for; all of them in the tooltip."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setFont(look.font(look.SMALL_PIXELS))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing behind it is painted in vain
        self._sentences: list[str] = []
        self._lines = 1
        self._shown: str | None = ""

    def say(self, text: str, *, hold: bool) -> None:
        """Show this; ``hold`` keeps the height, so that nothing jumps while something is dragged."""
        if text != self.toolTip():
            self._sentences = re.split(r"(?<=[.!?])\s+(?=\S)", text) if text else []
            self.setToolTip(text)
            self.setAccessibleName(text)
            self._shown = None
            self.update()
        if not hold:
            self.fit()

    def fit(self) -> None:
        """Take the height of the first sentence, and of two lines at least."""
        room = max(self.width(), 1)
        first = self._height(self._sentences[0], room) if self._sentences else 0
        line = QFontMetrics(self.font()).lineSpacing()
        lines = min(max(2, -(-first // line)), MOST_LINES) if self._sentences else 0
        if lines != self._lines:
            self._lines, self._shown = lines, None
            self.updateGeometry()

    @property
    def shown(self) -> str:
        """What there is room for at the present size: measured once, for it is long work to wrap a text."""
        if self._shown is None:
            self._shown = self._fitting()
        return self._shown

    def _fitting(self) -> str:
        text = ""
        for sentence in self._sentences:
            longer = f"{text} {sentence}".strip()
            if self._height(longer, max(self.width(), 1)) > self.sizeHint().height():
                break
            text = longer
        return text or self._shortened()

    def sizeHint(self) -> QSize:
        return QSize(80, self._lines * QFontMetrics(self.font()).lineSpacing())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shown = None
        self.fit()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.card))
        painter.setPen(QColor(self.theme.muted))
        painter.setFont(self.font())
        painter.drawText(self.rect(), WRAP, self.shown)
        painter.end()

    def _shortened(self) -> str:
        """Of a first sentence that is too long what follows its head, such as which rows are listed.

        If that is too long, too, or it has no head: as many words as there is room for.
        """
        sentence = self._sentences[0] if self._sentences else ""
        most, room = self.sizeHint().height(), max(self.width(), 1)
        _, _, rest = sentence.partition(": ")
        if rest[:1].isupper() and self._height(rest, room) <= most:
            return rest
        words = sentence.split(" ") if sentence else []
        fits = bisect_left(
            range(1, len(words)), True, key=lambda n: self._height(_cut(words[:n]), room) > most
        )
        return _cut(words[:fits]) if fits else ""

    def _height(self, text: str, room: int) -> int:
        return QFontMetrics(self.font()).boundingRect(QRect(0, 0, room, 10_000), WRAP, text).height()


PATIENCE_MS = 100
"""A picture that comes sooner is not marked: the mark would flicker at every edit, and cost two paintings."""


def _cut(words: list[str]) -> str:
    return f"{' '.join(words).rstrip(',;:')} …"


class Card(QWidget):
    """A view with the sentence that says what it shows; it takes the place of a dock's inside.

    While its picture is computed anew, and that takes a moment, a button says so and stops it; after that the
    button fetches it.
    """

    stop_wanted = Signal()
    update_wanted = Signal()

    def __init__(
        self, view: QWidget, theme: look.Theme, parent: QWidget | None = None, switch: str = ""
    ) -> None:
        super().__init__(parent)
        self.view, self.theme = view, theme
        self.reading = Reading(theme)
        self.switch = QToolButton()
        below = QHBoxLayout()
        below.setContentsMargins(7, 0, 3, 0)
        below.addWidget(self.reading, 1)
        below.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5, 0, 9, 6)
        layout.setSpacing(2)
        room = view.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        view.setSizePolicy(room)
        layout.addWidget(view, 1)
        layout.addLayout(below)
        self.updating = QToolButton(self)
        self.updating.setObjectName("updating")
        self.updating.clicked.connect(self._on_clicked)
        self.updating.hide()
        self._stopped, self._text, self._marked = False, "", False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._show_updating)
        self.switch.setObjectName("segment")
        self.switch.setText(switch)
        self.switch.setToolTip(f"Show or leave out the {switch}")
        self.switch.setCheckable(True)
        self.switch.setChecked(True)
        self.switch.setVisible(bool(switch))
        self.switch.toggled.connect(self.update_wanted)

    def mark(self, marked: bool) -> None:
        """Draw the edge of one that has the keyboard, or not."""
        self._marked = marked
        self.update()

    def set_theme(self, theme: look.Theme) -> None:
        """Paint in these colours."""
        self.theme = self.reading.theme = theme
        self.update()
        self.reading.update()

    def say(self, reading: str, *, hold: bool = False) -> None:
        """Write what the view shows; ``hold`` while something is dragged in it."""
        self.view.show()
        self.reading.say(reading, hold=hold)
        self.reading.setVisible(bool(reading) and self.height() >= LOW)

    def blank(self) -> None:
        """Show nothing until the next sentence is said; the room is kept."""
        self.view.hide()
        self.reading.say("", hold=False)

    def set_updating(self, updating: bool, share: float | None = None) -> None:
        """Mark the picture as one that is being computed anew, of which so much is done."""
        self._stopped = False
        self._text = "updating …" if share is None else f"updating … {share:.0%}"
        if not updating:
            self._patience.stop()
        if not self.updating.isHidden():
            self._show_updating(updating)
        elif updating and not self._patience.isActive():
            self._patience.start()

    @property
    def is_updating(self) -> bool:
        """Whether a newer picture is on its way, marked or not yet."""
        return self._patience.isActive() or not (self._stopped or self.updating.isHidden())

    @property
    def is_stopped(self) -> bool:
        """Whether the picture is an old one by the user's wish."""
        return self._stopped

    def set_stopped(self) -> None:
        """Mark the picture as an old one that nothing is computed for."""
        self._stopped = True
        self._patience.stop()
        self._show_button(True, "out of date · update", "Compute this picture anew")

    def _show_updating(self, shown: bool = True) -> None:
        self._show_button(shown, self._text, "Stop this; the old picture stays")

    def _show_button(self, shown: bool, text: str, tip: str) -> None:
        self.updating.setText(text)
        self.updating.setToolTip(tip)
        self.updating.setAccessibleName(f"{text}: {tip}")
        self.updating.setVisible(shown)
        self._place_button()

    def _place_button(self) -> None:
        self.updating.adjustSize()
        self.updating.move(self.width() - self.updating.width() - 12, 0)

    def _on_clicked(self) -> None:
        (self.update_wanted if self._stopped else self.stop_wanted).emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()
        self.reading.setVisible(bool(self.reading.toolTip()) and self.height() >= LOW)
        self.switch.setVisible(bool(self.switch.text()) and self.height() >= LOW)

    def paintEvent(self, _: QPaintEvent) -> None:
        """The lower part of a card; the dock's title paints the upper one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = look.edge(self.theme, marked=self._marked)
        painter.setPen(pen)
        painter.setBrush(QColor(self.theme.card))
        inside = pen.widthF() / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inside, -20, -inside, -inside), 6, 6)
        painter.end()
