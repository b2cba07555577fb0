"""Paints and edits one cell of the grid."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from lossacc_gui.core.row_look import RowLook
from lossacc_gui.ui import theme as look_of
from lossacc_gui.ui.facts import CHECK, LABEL, LOSS, PREDICTION, TEXTS
from lossacc_gui.ui.grid_model import GridModel
from lossacc_gui.ui.label_editor import LabelEditor

Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 30
PADDING = 6
EDITOR_WIDTH = 96
LEAVING = {
    Qt.Key.Key_Return: (1, 0),
    Qt.Key.Key_Enter: (1, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
}
"""The keys that commit an editor, and where they go then: rows down, columns to the right."""
FIGURES = str.maketrans("123456789", "000000000")


class CellDelegate(QStyledItemDelegate):
    """Fill: the prediction. Box: the label. Bar: the value. Thick frame: the current cell."""

    left = Signal(int, int)
    """An editor was committed by a key that goes so many rows down and columns to the right."""

    def __init__(self, model: GridModel, theme: look_of.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._edited = QPersistentModelIndex()
        self.plain, self.bold = look_of.font(), look_of.font(bold=True)
        self._metrics, self._numbers = QFontMetrics(self.plain), NumberWidths(self.bold)
        self._plain_numbers = NumberWidths(self.plain)
        self.set_theme(theme)

    def set_theme(self, theme: look_of.Theme) -> None:
        """Paint in these colours from now on."""
        self.theme = theme
        self.colours = {
            name: QColor(getattr(theme, name))
            for name in (
                "card", "text", "muted", "right", "wrong", "right_fill", "wrong_fill", "right_bar",
                "wrong_bar", "bar", "grid", "accent", "hover", "warn", "border",
            )
        }  # fmt: skip

    def paint_value(self, painter: QPainter, rect: QRect, look: RowLook, column: int) -> None:
        """A class's cell: fill and colour say whether the row is right, the bar says how much."""
        colours = self.colours
        bar, ink, font = colours["bar"], colours["text"], self.plain
        if column == look.prediction:
            font = self.bold
            if look.counted:
                kind = "right" if look.hit else "wrong"
                painter.fillRect(rect, colours[f"{kind}_fill"])
                bar, ink = colours[f"{kind}_bar"], colours[kind]
            else:
                painter.fillRect(rect, colours["hover"])
        elif look.is_tied(column):
            font = self.bold
        width = round((rect.width() - 1) * look.share(column))
        if width > 0:
            painter.fillRect(QRect(rect.left(), rect.top() + 4, width, rect.height() - 8), bar)
        painter.setPen(ink)
        painter.setFont(font)
        text = self.text_for(look, column, rect.width() - 2 * PADDING)
        self._write_number(painter, rect, text, self._plain_numbers if font is self.plain else self._numbers)
        if column == look.label:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours["text"], 1.4))
            painter.drawRoundedRect(QRectF(rect).adjusted(2, 2.5, -2.5, -2.5), 4, 4)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_fact(self, painter: QPainter, rect: QRect, look: RowLook, fact: int) -> None:
        """Label, prediction, numbers, flags."""
        colours = self.colours
        ink = colours["text"] if fact in (LABEL, LOSS) else colours["muted"]
        if fact == PREDICTION and look.counted:
            ink = colours["right" if look.hit else "wrong"]
        elif fact == CHECK:
            ink = colours["muted" if self.model.words.is_calm(look) else "warn"]
        room = rect.width() - 2 * PADDING
        text = self.text_for(look, self.model.classes + fact, room)
        if fact == LABEL and not text:
            wordings, ink = ("no label", "none", "–"), colours["muted"]
            text = next((t for t in wordings if self._metrics.horizontalAdvance(t) <= room), "")
        painter.setPen(ink)
        painter.setFont(self.plain)
        if fact in TEXTS:
            painter.drawText(rect.left() + PADDING, self._line(rect), text)
        else:
            self._write_number(painter, rect, text, self._plain_numbers)

    def _write_number(self, painter: QPainter, rect: QRect, text: str, widths: NumberWidths) -> None:
        """A number at the right of a cell. Where its place is known Qt need not lay it out, at half the cost."""
        painter.drawText(rect.right() + 1 - PADDING - widths.of(text), self._line(rect), text)

    def _line(self, rect: QRect) -> int:
        """The line that a cell's text stands on."""
        return rect.top() + (rect.height() - self._metrics.height()) // 2 + self._metrics.ascent()

    def text_for(self, look: RowLook, column: int, width: int) -> str:
        """What a cell shows in this width: a number may lose decimals and a name its end, never half a digit."""
        fact = column - self.model.classes
        if fact == CHECK:
            return as_many(self.model.words.fact(look, fact).split(" · "), self._metrics, width)
        if fact in TEXTS:
            return elided(self.model.words.fact(look, fact), self._metrics, width)
        words, text = self.model.words, ""
        for decimals in range(words.decimals, -1, -1):
            longer = text
            text = (
                words.fact(look, fact, decimals) if fact >= 0 else words.written(look.cells[column], decimals)
            )
            if text == longer or self._numbers.of(text) <= width:  # a power of ten has no decimals to lose
                break
        return text

    def paint_cell(self, painter: QPainter, rect: QRect, look: RowLook, column: int) -> None:
        """A cell of either kind, on its ground."""
        if column < self.model.classes:
            self.paint_value(painter, rect, look, column)
        else:
            self._paint_fact(painter, rect, look, column - self.model.classes)

    # Qt's own names from here on

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(72, ROW_HEIGHT)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Commit at once by the keys that leave; what is refused stays in its editor to be mended."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and isinstance(editor, QWidget)
        ):
            step, modifiers = LEAVING.get(Qt.Key(event.key())), event.modifiers()
            back = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            plain = modifiers & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
            if step is not None and not plain:
                self._leave(editor, -step[0] if back else step[0], step[1])
                return True
        return super().eventFilter(editor, event)

    def cell(self, index: Index) -> Index:
        """The grid's own cell that an index of the table shows."""
        return index

    def _leave(self, editor: QWidget, down: int, right: int) -> None:
        """Commit an editor, close it and go on, unless what it says is refused."""
        index = self._edited
        if index.isValid():
            text = editor.text() if isinstance(editor, QLineEdit) else ""
            if isinstance(editor, LabelEditor):
                text = editor.chosen()
            if text != index.data(Qt.ItemDataRole.EditRole) and not self.model.take(self.cell(index), text):
                return
        self.closeEditor.emit(editor)
        self.left.emit(down, right)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        self._edited = QPersistentModelIndex(index)
        if index.column() == self.model.classes + LABEL:
            picker = LabelEditor(self.model.document.state.predictions.class_names, parent)
            picker.setFont(self.plain)
            picker.setAccessibleName(index.data(Qt.ItemDataRole.AccessibleTextRole))
            picker.picked.connect(self._on_picked)
            return picker
        line = QLineEdit(parent)
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.setFont(self.plain)
        line.setAccessibleName(index.data(Qt.ItemDataRole.AccessibleTextRole))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        text = editor.text() if isinstance(editor, QLineEdit) else ""
        if text != index.data(Qt.ItemDataRole.EditRole):  # not only looked at
            self.model.setData(self.cell(index), text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRect(option.rect)
        text = str(index.data(Qt.ItemDataRole.EditRole))  # a short one leaves its neighbour in sight
        needed = EDITOR_WIDTH
        if not isinstance(editor, LabelEditor):
            needed = min(self._metrics.horizontalAdvance(text) + 4 * PADDING, EDITOR_WIDTH)
        rect.setWidth(max(rect.width(), needed))
        viewport = editor.parentWidget()
        assert viewport is not None  # a view gives its editors one
        rect.moveRight(min(rect.right(), max(viewport.width() - 1, EDITOR_WIDTH)))
        editor.setGeometry(rect)  # never across the seam between the halves

    def _on_picked(self) -> None:
        editor = self.sender()
        if isinstance(editor, LabelEditor):
            self._leave(editor, 0, 0)


class NumberWidths:
    """How wide numbers are in a font whose figures are equally wide: a screen asks the font for few of them."""

    def __init__(self, font: QFont) -> None:
        self._metrics = QFontMetrics(font)
        self._known: dict[str, int] = {}

    def of(self, text: str) -> int:
        """The width of a number, in pixels."""
        shape = text.translate(FIGURES)
        if shape not in self._known:
            self._known[shape] = self._metrics.horizontalAdvance(shape)
        return self._known[shape]


def as_many(notes: list[str], metrics: QFontMetrics, width: int) -> str:
    """Whole notes, as many as there is room for; … stands for the rest. The first one is cut if it must be."""
    for many in range(len(notes), 0, -1):
        text = " · ".join(notes[:many]) + (" …" if many < len(notes) else "")
        if metrics.horizontalAdvance(text) <= width:
            return text
    return elided(notes[0], metrics, width)


def elided(text: str, metrics: QFontMetrics, width: int) -> str:
    """The text, shortened before a trailing ✓ or ✗ so that the mark always shows."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    body, mark = (text[:-2], text[-2:]) if text.endswith(("✓", "✗")) else (text, "")
    return (
        metrics.elidedText(body, Qt.TextElideMode.ElideRight, width - metrics.horizontalAdvance(mark)) + mark
    )
