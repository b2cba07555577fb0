"""The confusion matrix on screen: where its cells are, and how they, or the most frequent pairs, are painted."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from lossacc_gui.core.confusion import Confusion, Pair, Share
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.painted import PaintedPanel, elided

HEAD = 30
"""The height of the line with the choice of what is shown."""

LEAST_TEXT = 8
TALLEST = 110.0
"""So many pixels a cell is tall at most, and so many times its height it is wide."""
WIDEST = 2.2
LANE = 20


class Numbers(Enum):
    """Which counts there is room for: those on the diagonal are much larger than the others."""

    ALL = "all"
    WRONG = "wrong"
    NONE = "none"


class ConfusionPicture(PaintedPanel):
    """Labels down, predictions across, while that is readable; else a line for each of the frequent pairs."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.picture: Confusion | None = None
        self.what = Share.COUNT
        self.cursor_cell = (0, 0)

    def draw(self, picture: Confusion, *, hold_axes: bool = False) -> None:
        """See PanelView. What the keys are at stays where the new picture has it."""
        super().draw(picture, hold_axes=hold_axes)
        if not picture.empty and not self._has(self.cursor_cell):
            self.cursor_cell = (0, 0) if picture.counts is not None else next(iter(self._cells()), (0, 0))

    def _cells(self) -> list[tuple[int, int]]:
        """Of many classes: the pairs of label and prediction that have a line."""
        assert self.picture is not None
        return [(pair.label, pair.prediction) for pair in self.picture.pairs]

    def _has(self, at: tuple[int, int]) -> bool:
        assert self.picture is not None
        return at in self._cells() if self.picture.counts is None else max(at) < len(self.picture.names)

    # --- where things are ---

    def _plain(self) -> QFontMetrics:
        return QFontMetrics(self.font())

    def _field(self) -> tuple[QRectF, float, float]:
        """The rectangle of the matrix, and the width and height of a cell."""
        assert self.picture is not None
        classes = len(self.picture.names)
        longest = max(map(self._plain().horizontalAdvance, self.picture.names), default=0)
        left = min(longest, int(0.28 * self.width())) + 26
        top = HEAD + 36
        width = max(1.0, (self.width() - left - 6) / classes)
        height = max(1.0, (self.height() - top - 4) / classes)
        height = min(height, TALLEST)
        width = min(width, WIDEST * height)
        return QRectF(left, top, width * classes, height * classes), width, height

    def cell_rect(self, label: int, prediction: int) -> QRectF:
        """Where a cell of the matrix is."""
        field, width, height = self._field()
        return QRectF(field.left() + prediction * width, field.top() + label * height, width, height)

    def lane_rect(self, index: int) -> QRectF:
        """Where a pair of the list is."""
        return QRectF(0, HEAD + index * LANE, self.width(), LANE)

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """The label and the prediction at a point, if a cell or a pair is there."""
        if self.picture is None or self.picture.empty:
            return None
        if self.picture.counts is None:
            index = int((point.y() - HEAD) // LANE)
            pairs = self.picture.pairs
            if point.y() < HEAD or index >= min(len(pairs), self._lanes()):
                return None
            return pairs[index].label, pairs[index].prediction
        field, width, height = self._field()
        if not field.contains(point):
            return None
        last = len(self.picture.names) - 1
        label = min(int((point.y() - field.top()) // height), last)
        return label, min(int((point.x() - field.left()) // width), last)

    def _lanes(self) -> int:
        return max(0, int((self.height() - HEAD) // LANE))

    # --- painting ---

    def paint(self, painter: QPainter) -> None:
        """See PaintedPanel."""
        assert self.picture is not None
        if self.picture.counts is None:
            self._paint_pairs(painter)
            return
        self._paint_names(painter)
        values = self.picture.values(self.what)
        wrong = self.picture.counts.copy()
        wrong[range(len(wrong)), range(len(wrong))] = 0
        scale = float(wrong.max()) if self.what is Share.COUNT else 1.0
        _, width, height = self._field()
        font, numbers = self._number_font(width, height)
        painter.setFont(font)
        for label, line in enumerate(values.tolist()):
            for prediction, value in enumerate(line):
                count = int(self.picture.counts[label, prediction])
                self._paint_cell(painter, (label, prediction), value, count, scale, numbers)
        self._paint_marks(painter)

    def _number_font(self, width: float, height: float) -> tuple[QFont, Numbers]:
        """The largest font in which the numbers fit their cells, and which do: of all, or of the confusions only."""
        assert self.picture is not None
        assert self.picture.counts is not None
        wrong = self.picture.counts.copy()
        wrong[range(len(wrong)), range(len(wrong))] = 0
        for which, counts in ((Numbers.ALL, self.picture.counts), (Numbers.WRONG, wrong)):
            longest = f"{int(counts.max()):,}" if self.what is Share.COUNT else "100%"
            for pixels in range(max(look.TEXT_PIXELS, int(height / 4)), LEAST_TEXT - 1, -1):
                font = look.font(pixels)
                metrics = QFontMetrics(font)
                if metrics.horizontalAdvance(longest) + 4 <= width and pixels + 2 <= height:
                    return font, which
        return look.font(LEAST_TEXT), Numbers.NONE

    def _paint_cell(
        self,
        painter: QPainter,
        at: tuple[int, int],
        value: float,
        count: int,
        scale: float,
        numbers: Numbers,
    ) -> None:
        rect = self.cell_rect(*at).adjusted(0.5, 0.5, -0.5, -0.5)
        right = at[0] == at[1]
        colour = QColor(self.theme.right if right else self.theme.wrong)
        strength = (
            0.0 if not count else (value if self.what is not Share.COUNT else min(1.0, value / max(scale, 1)))
        )
        if right and self.what is Share.COUNT:
            assert self.picture is not None
            strength = count / max(1, int(self.picture.label_rows[at[0]]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.grid))
        painter.drawRect(rect)
        if count:
            colour.setAlphaF(0.12 + 0.32 * strength if right else 0.14 + 0.36 * strength)
            painter.setBrush(colour)
            painter.drawRect(rect)
        if count and (numbers is Numbers.ALL or (numbers is Numbers.WRONG and not right)):
            painter.setPen(QColor(self.theme.text))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._text(value))

    def _text(self, value: float) -> str:
        if self.what is Share.COUNT:
            return f"{value:,.0f}"
        return "<1%" if 0 < value < 0.01 else "99%" if 0.985 <= value < 1 else f"{100 * value:.0f}%"

    def _paint_names(self, painter: QPainter) -> None:
        """Labels at the left, predictions above, each as often as there is room."""
        assert self.picture is not None
        field, width, height = self._field()
        metrics, names = self._plain(), tuple(self.picture.names)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(QPointF(field.left(), HEAD + 12), "prediction →")
        painter.save()
        painter.translate(13, field.top() + metrics.horizontalAdvance("label"))
        painter.rotate(-90)
        painter.drawText(QPointF(-metrics.horizontalAdvance("← ") / 2, 0), "← label")
        painter.restore()
        every = max(1, -(-metrics.height() // max(1, int(height))))
        across = max(map(metrics.horizontalAdvance, names), default=0) + 6
        apart = max(1, -(-min(across, 64) // max(1, int(width))))
        for index, name in enumerate(names):
            chosen = index == self.picture.column
            painter.setFont(look.font(look.SMALL_PIXELS, bold=chosen))
            painter.setPen(QColor(self.theme.text if chosen else self.theme.muted))
            if index % every == 0:
                room = field.left() - 24
                where = QRectF(19, field.top() + index * height, room + 1, max(height, metrics.height()))
                text = elided(QFontMetrics(painter.font()), name, room + 1, names)
                painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
            if index % apart == 0:
                middle = field.left() + (index + 0.5) * width
                where = QRectF(middle - width * apart / 2, field.top() - 20, width * apart, 18)
                text = elided(QFontMetrics(painter.font()), name, width * apart - 2, names)
                painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(self.font())

    def _paint_marks(self, painter: QPainter) -> None:
        """The current row's cell, and the keyboard's."""
        assert self.picture is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if min(self.picture.here) >= 0:
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            painter.drawRect(self.cell_rect(*self.picture.here).adjusted(1, 1, -1, -1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.theme.text), 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.cell_rect(*self.cursor_cell).adjusted(2, 2, -2, -2))

    def _paint_pairs(self, painter: QPainter) -> None:
        """The most frequent confusions, as bars."""
        assert self.picture is not None
        pairs = self.picture.pairs[: self._lanes()]
        most = max((pair.value(self.what) for pair in pairs), default=1.0)
        metrics = self._plain()
        names = self.picture.names
        texts = [f"{names[pair.label]} → {names[pair.prediction]}" for pair in pairs]
        room = min(max(map(metrics.horizontalAdvance, texts), default=0), int(0.62 * self.width())) + 6
        for index, (pair, text) in enumerate(zip(pairs, texts, strict=True)):
            lane = self.lane_rect(index)
            mine = (pair.label, pair.prediction) == self.picture.here
            focused = self.hasFocus() and (pair.label, pair.prediction) == self.cursor_cell
            if mine or focused:
                painter.setPen(QPen(QColor(self.theme.accent if mine else self.theme.border), 1))
                painter.setBrush(QColor(self.theme.hover))
                painter.drawRoundedRect(lane.adjusted(1, 1, -1, -1), 3, 3)
            painter.setPen(QColor(self.theme.text))
            where = lane.adjusted(8, 0, 0, 0)
            fits = metrics.horizontalAdvance(text) <= room
            said = text if fits else self._brief_pair(pair, room)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, said)
            self._paint_pair(painter, lane, pair, room + 14, most)

    def _brief_pair(self, pair: Pair, room: float) -> str:
        """A pair with names that are cut, each to half of the room or to what the other leaves."""
        assert self.picture is not None
        metrics, names = self._plain(), tuple(self.picture.names)
        room -= metrics.horizontalAdvance(" → ")
        label, guess = names[pair.label], names[pair.prediction]
        label = elided(metrics, label, max(room / 2, room - metrics.horizontalAdvance(guess)), names)
        return f"{label} → {elided(metrics, guess, room - metrics.horizontalAdvance(label), names)}"

    def _paint_pair(self, painter: QPainter, lane: QRectF, pair: Pair, left: float, most: float) -> None:
        said = self._text(pair.value(self.what))
        end = self._plain().horizontalAdvance("100%") + 10
        length = max(2.0, (lane.width() - left - end) * pair.value(self.what) / most)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.wrong))
        painter.drawRect(QRectF(left, lane.top() + 4, length, LANE - 8))
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(QPointF(left + length + 4, lane.center().y() + 4), said)
