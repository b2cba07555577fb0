"""One tile a metric: its value, what changed, and what it is."""

from __future__ import annotations

from math import isnan, log, log2

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from lossacc_gui.core.convention import Base, Convention, Reduction
from lossacc_gui.core.metrics import Kind, Metric, Reading, RowMetric
from lossacc_gui.core.state import State
from lossacc_gui.core.tally import Tally
from lossacc_gui.core.wording import MINUS, UNDEFINED, number, share, shares, signed
from lossacc_gui.ui import theme as look

LOSSES = ("rows", "loss", "loss_inf", "loss_minus_inf", "loss_nan", "losses", "weighted")
"""What of a tally a cross-entropy is made of."""


class FittingLabel(QWidget):
    """One line of text that shows the longest of its wordings that fits, so nothing is ever cut off."""

    def __init__(self, pixels: int, parent: QWidget | None = None, *, bold: bool = False) -> None:
        super().__init__(parent)
        self.setFont(look.font(pixels, bold=bold))
        self._wordings: tuple[str, ...] = ("",)
        self._colour = QColor()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, wordings: tuple[str, ...], colour: str) -> None:
        """Show one of these, longest first, in this colour."""
        if (wordings, QColor(colour)) == (self._wordings, self._colour):
            return
        self._wordings, self._colour = wordings, QColor(colour)
        self.setAccessibleName(wordings[0])
        self.update()

    @property
    def colour(self) -> str:
        """What it is written in."""
        return self._colour.name()

    @property
    def wordings(self) -> tuple[str, ...]:
        """What it may say, longest first."""
        return self._wordings

    @property
    def text(self) -> str:
        """The wording that is shown at the present width."""
        metrics = QFontMetrics(self.font())
        fitting = (t for t in self._wordings if metrics.horizontalAdvance(t) <= self.width())
        return next(fitting, self._wordings[-1])

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._wordings[-1]), metrics.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._colour)
        font = self.font()
        width = QFontMetrics(font).horizontalAdvance(self.text)
        if width > self.width() > 0:  # the last resort: smaller, but whole
            font.setPixelSize(max(8, int(font.pixelSize() * self.width() / width)))
            painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.text)
        painter.end()


class Tile(QFrame):
    """Shows one metric, or two that belong together."""

    def __init__(self, metrics: tuple[Metric, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tile")
        self.metrics = metrics
        self._title = FittingLabel(look.SMALL_PIXELS, self)
        self._value = FittingLabel(look.BIG_PIXELS, self, bold=True)
        self._detail = FittingLabel(look.SMALL_PIXELS, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(1)
        for label in (self._title, self._value, self._detail):
            layout.addWidget(label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)

    def draw(
        self,
        state: State,
        tally: Tally,
        before: Tally | None,
        theme: look.Theme,
        decimals: int,
        among: str = "",
        aside: str = "",
    ) -> None:
        """Show the metrics of ``tally`` and their change since a pinned baseline, or else since ``before``.

        ``before`` is None where there is nothing to compare with, as after opening a file; ``among`` says
        which rows it is of, where that is a question, and ``aside`` is added where there is room.
        """
        convention = state.convention
        readings = [metric.of(tally, convention) for metric in self.metrics]
        self._title.show_text(_titles(self.metrics, convention, among), theme.muted)
        values = [
            value_wordings(metric, reading, decimals)
            for metric, reading in zip(self.metrics, readings, strict=True)
        ]
        colours = {"cross_entropy": theme.loss, "accuracy": theme.accuracy}
        self._value.show_text(_joined(values), colours.get(self.metrics[0].key, theme.text))
        changes = [
            _change(metric, reading, state, tally, before, decimals)
            for metric, reading in zip(self.metrics, readings, strict=True)
        ]
        since = "since last edit"
        if state.baseline is not None:
            since = f"since baseline{state.baseline.aside(convention)}"
        details = self._details(readings, changes, since, state)
        if aside:
            details = (*(" · ".join(filter(None, (each, aside))) for each in details), *details)
        self._detail.show_text(details, theme.muted)
        tips = map(tip, self.metrics, readings)
        self.setToolTip("".join(tips))
        title = " · ".join(metric.title for metric in self.metrics)
        self.setAccessibleName(f"{title}: {self._value.accessibleName()}")
        self.setAccessibleDescription(self._detail.accessibleName())

    def _details(
        self, readings: list[Reading], changes: list[str], since: str, state: State
    ) -> tuple[str, ...]:
        metric, reading = self.metrics[0], readings[0]
        reason = next((each.reason for each in readings if each.reason), "")
        if len(readings) > 1:
            units = [each.unit(state.convention) for each in self.metrics]
            told = " · ".join(filter(None, changes))
            return _detail(reason, told, since, metric, next(filter(None, units), ""))
        aside = reading.note or _aside(metric, state.convention, state.predictions.classes)
        return _detail(reason, changes[0], since, metric, aside, ties=reading.is_interval)

    @property
    def shown(self) -> tuple[str, str]:
        """The value and the detail as they are on screen."""
        return self._value.text, self._detail.text


def tip(metric: Metric | RowMetric, reading: Reading) -> str:
    """What a metric is, what agrees with it, and why it is undefined if it is; for a tool tip."""
    text = [f"<b>{metric.title}</b>: {metric.formula}."]
    if reading.unlike:
        text.append(f"{reading.unlike}.")
    elif metric.agrees:
        text.append(f"Agrees with {metric.agrees}.")
    if reading.reason:
        text.append(f"Undefined here: {reading.reason}.")
    if reading.is_interval and metric.kind is Kind.SHARE:
        text.append(f"Ties decide; by the rule above it is {share(reading.value)}.")
    return "<p>" + "</p><p>".join(text) + "</p>"


def _titles(metrics: tuple[Metric, ...], convention: Convention, among: str) -> tuple[str, ...]:
    """A title in words, longest first; which rows it is of is never left out."""
    of = f" · {among}" if among else ""
    if len(metrics) > 1:
        return (" · ".join(metric.name for metric in metrics) + of,)
    title, unit = metrics[0].title, metrics[0].unit(convention)
    plain = (f"{title} · {unit}" if unit else title, title, metrics[0].name)
    return tuple(text + of for text in plain)


def _joined(values: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The wordings of several values side by side, longest first."""
    length = max(map(len, values))
    padded = [wordings + wordings[-1:] * (length - len(wordings)) for wordings in values]
    return tuple(" · ".join(wordings) for wordings in zip(*padded, strict=True))


def _change(
    metric: Metric, reading: Reading, state: State, tally: Tally, before: Tally | None, decimals: int
) -> str:
    """The change of a metric since the baseline, or else since ``before``; nothing where there is none."""
    if state.baseline is not None:
        return difference(metric, reading, state.baseline.read(metric, state.convention).value, decimals)
    if before is None:
        return ""
    change = difference(metric, reading, metric.of(before, state.convention).value, decimals)
    same = metric.key == "cross_entropy" and change and _same_losses(tally, before)
    return "±0, to the last bit," if same else change


def value_wordings(metric: Metric | RowMetric, reading: Reading, decimals: int) -> tuple[str, ...]:
    """A metric's value in words, longest first."""
    if reading.value is None:
        return ("undefined", UNDEFINED)
    if metric.kind is Kind.NUMBER:
        return tuple(number(reading.value, fewer) for fewer in range(decimals, min(decimals, 2) - 1, -1))
    if not reading.is_interval:
        return (share(reading.value, 2), share(reading.value, 1), share(reading.value, 0))
    texts = [shares(reading.low, reading.high, decimals) for decimals in (1, 0)]
    return tuple(wording for text in texts for wording in (text, text.replace("% – ", "–")))


def difference(metric: Metric | RowMetric, reading: Reading, old: float | None, decimals: int) -> str:
    """The change from an old value, in points for shares; nothing where there is none to tell."""
    if metric.kind is Kind.RANGE or reading.value is None or old is None:
        return ""
    change = reading.value - old
    if isnan(change):  # infinite before and after
        return "still " + number(reading.value)
    if metric.kind is Kind.SHARE:
        points = signed(100 * change, 1)
        return points if points.lstrip(f"+{MINUS}±") != "0.0" or change == 0 else signed(100 * change, 4)
    return signed(change, decimals)


def _aside(metric: Metric, convention: Convention, classes: int) -> str:
    """What a value without a note of its own is to be compared with."""
    if metric.key == "cross_entropy" and convention.reduction is Reduction.MEAN:
        unit = log2(classes) if convention.base is Base.BITS else log(classes)
        return f"guessing costs {number(unit)}"
    return f"of {classes:,} classes" if metric.key == "perplexity" else ""


def _detail(
    reason: str, change: str, since: str, metric: Metric, aside: str, *, ties: bool = False
) -> tuple[str, ...]:
    """The line below a value, longest first; where ``ties`` make it an interval, that outlasts the change."""
    if reason:
        return (reason, "undefined")
    unit = " points" if metric.kind is Kind.SHARE and change and not change.startswith("still") else ""
    moved = f"{change}{unit} {since}" if change else ""
    alone = f"{change}{unit}".rstrip(",")
    wordings = [" · ".join(filter(None, (moved, aside))), moved, alone]
    if ties and aside:
        return tuple(dict.fromkeys((wordings[0], f"{alone} · {aside}" if alone else aside, aside)))
    return tuple(filter(None, [*wordings, aside])) or ("",)


def _same_losses(one: Tally, other: Tally) -> bool:
    """Whether every sum that a cross-entropy may be made of is the same."""
    return all(getattr(one, of) == getattr(other, of) for of in LOSSES)
