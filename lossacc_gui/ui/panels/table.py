"""A table in a dock: sorted by its headings, read by the keyboard and by screen readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
)

from lossacc_gui.core.curves.curve import Pick, Role
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.panel import PanelView

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


LEAST_WIDE = 200
"""A column of sentences is no narrower than this: its lines would be single words."""

LEAST_NAME = 64
"""A column of names is no narrower than this."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; ``wide`` takes what room is left and breaks its lines, ``editable`` can be typed into.

    A first column that ``elides`` gives way where there is no room for all.
    """

    title: str
    tip: str
    number: bool = True
    wide: bool = False
    editable: bool = False
    elides: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What is written, by what it is sorted, and a bar behind it from -1 to 1 of the cell's width."""

    text: str
    by: float | str = 0.0
    role: Role | None = None
    bar: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: ``marked`` for the current row or class, ``bold`` for the whole.

    ``tip`` is its tool tip, where the pick's words are not.
    """

    cells: tuple[Cell, ...]
    pick: Pick | None = None
    marked: bool = False
    bold: bool = False
    tip: str = ""


class TableModel(QAbstractTableModel):
    """Lines in the order they are sorted by; sorting never changes what a line is."""

    typed = Signal(int, str)
    """The number of a line as it was given, and what was typed into it."""

    def __init__(self, columns: Sequence[Column], theme: look.Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.columns, self.theme = columns, theme
        self._lines: tuple[Line, ...] = ()
        self._plain, self._bold = look.font(look.SMALL_PIXELS), look.font(look.SMALL_PIXELS, bold=True)
        self.order: list[int] = []
        self._sort = (-1, Qt.SortOrder.AscendingOrder)

    def put(self, lines: tuple[Line, ...]) -> None:
        """Show these lines; the sorting stays."""
        if len(lines) == len(self._lines):
            self._lines = lines
            self._arrange()
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self._lines = lines
        self._arrange()
        self.endResetModel()

    def line(self, row: int) -> Line:
        """The line that stands there."""
        return self._lines[self.order[row]]

    def _arrange(self) -> None:
        column, order = self._sort
        self.order = list(range(len(self._lines)))
        if column >= 0:
            reverse = order is Qt.SortOrder.DescendingOrder
            self.order.sort(key=partial(_key, self._lines, column, reverse), reverse=reverse)
        self.order.sort(key=self._is_bold)  # the whole stays at the foot

    def _is_bold(self, number: int) -> bool:
        return self._lines[number].bold

    # Qt's own names from here on

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = self.line(index.row()), self.columns[index.column()]
        cell = line.cells[index.column()]
        first = line.marked and index.column() == 0
        answers = {
            Qt.ItemDataRole.DisplayRole: f"▸ {cell.text}" if first else cell.text,
            Qt.ItemDataRole.EditRole: cell.text,
            Qt.ItemDataRole.TextAlignmentRole: RIGHT if column.number else LEFT,
            Qt.ItemDataRole.ForegroundRole: QColor(self.theme.text)
            if cell.role is None
            else self.theme.of(cell.role),
            Qt.ItemDataRole.FontRole: self._bold if line.bold or first else self._plain,
            Qt.ItemDataRole.ToolTipRole: line.tip
            or (line.pick.says if line.pick is not None else "")
            or cell.text,
            Qt.ItemDataRole.AccessibleTextRole: f"{column.title}: {cell.text}",
            Qt.ItemDataRole.UserRole: cell.bar,
        }
        return answers.get(Qt.ItemDataRole(role))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return f"{column.tip}. Click to sort."
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if column.number else LEFT
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        editable = self.columns[index.column()].editable and not self.line(index.row()).bold
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or str(value) == self.data(index, role):
            return False
        self.typed.emit(self.order[index.row()], str(value))
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort = (column, order)
        self.layoutAboutToBeChanged.emit()
        self._arrange()
        self.layoutChanged.emit()


def _key(lines: tuple[Line, ...], column: int, reverse: bool, number: int) -> tuple[bool, float | str]:
    """What is undefined comes last either way."""
    by = lines[number].cells[column].by
    undefined = isinstance(by, float) and by != by  # noqa: PLR0124 - NaN
    return (undefined is not reverse, 0.0 if undefined else by)


class _BarDelegate(QStyledItemDelegate):
    """Paints a bar behind the number of a cell that has one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        bar = index.data(Qt.ItemDataRole.UserRole) or 0.0
        model = index.model()
        if bar and isinstance(model, TableModel):
            rect = QRectF(option.rect).adjusted(2, 3, -2, -3)
            painter.save()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(model.theme.wrong_bar if bar > 0 else model.theme.right_bar))
            width = rect.width() * min(abs(bar), 1.0)
            painter.drawRect(QRectF(rect.right() - width, rect.top(), width, rect.height()))
            painter.restore()
        super().paint(painter, option, index)


class _Table(QTableView):
    """Tells a click and the Return key alike."""

    chosen = Signal(int)
    """The line where it was."""
    pointed = Signal(int)
    """The line under the pointer, -1 for none."""
    resized = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.chosen.emit(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.pointed.emit(self.indexAt(event.position().toPoint()).row())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:  # to the headings too, which the table itself does not leave
            self.pointed.emit(-1)
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        editing = self.state() is QAbstractItemView.State.EditingState
        if event.key() in keys and self.currentIndex().isValid() and not editing:
            self.chosen.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape and not editing:
            event.ignore()
        else:
            super().keyPressEvent(event)


class TablePanel(PanelView):
    """A panel that is a table; ``lines_of`` turns a picture into lines."""

    def __init__(
        self,
        theme: look.Theme,
        columns: Sequence[Column],
        lines_of: Callable[[Any], tuple[Line, ...]],
        *,
        sortable: bool = True,
    ) -> None:
        super().__init__(theme)
        self.picture: Any = None
        self._lines_of = lines_of
        self.model = TableModel(columns, theme, self)
        self.table = _Table(self)
        self.table.setModel(self.model)
        self.table.setItemDelegate(_BarDelegate(self.table))
        self.table.setObjectName("panel")
        self.table.setShowGrid(False)
        self.table.setMouseTracking(True)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(24)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self._wraps = any(column.wide for column in columns)
        self.table.setWordWrap(self._wraps)
        head = self.table.horizontalHeader()
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.setSortingEnabled(sortable)
        self._empty = QLabel(self)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(16)
        self._empty.setObjectName("muted")
        self._empty.hide()
        self.inside = QVBoxLayout(self)
        self.inside.setContentsMargins(2, 0, 0, 0)
        self.inside.setSpacing(2)
        self.inside.addWidget(self.table, 1)
        self.inside.addWidget(self._empty, 1)
        self.setFocusProxy(self.table)
        self._fitting = False
        self.table.chosen.connect(self._on_chosen)
        self.table.resized.connect(self._fit)
        self.table.pointed.connect(self._on_pointed)

    def set_theme(self, theme: look.Theme) -> None:
        """See PanelView."""
        super().set_theme(theme)
        self.model.theme = theme
        self.table.viewport().update()

    def draw(self, picture: Any, *, hold_axes: bool = False) -> None:
        """See PanelView."""
        self.picture = picture
        self.setAccessibleName(picture.reading)
        self.table.setAccessibleName(picture.reading)
        self._empty.setText(picture.empty)
        self._empty.setVisible(bool(picture.empty))
        self.table.setVisible(not picture.empty)
        self.model.put(() if picture.empty else self._lines_of(picture))
        if not hold_axes:
            self._fit()

    def _fit(self) -> None:
        """Every column as wide as what is in it; the wide one takes the rest, and its lines are broken."""
        if self._fitting:  # a scroll bar came or went because of it
            return
        self._fitting = True
        try:
            self._fit_columns()
        finally:
            self._fitting = False

    def _fit_columns(self) -> None:
        plain = QFontMetrics(look.font(look.SMALL_PIXELS))
        # Of many lines the longest of some is as good as that of all, and asking all takes long.
        rows = range(0, self.model.rowCount(), max(1, self.model.rowCount() // 200))
        widths = []
        for at, column in enumerate(self.model.columns):
            texts = [
                column.title,
                *(self.model.line(row).cells[at].text + "▸ " * (at == 0) for row in rows),
            ]
            widths.append(min(max(map(plain.horizontalAdvance, texts)) + 13, 220))
        wide = [at for at, column in enumerate(self.model.columns) if column.wide]
        left = self.table.viewport().width() - sum(w for at, w in enumerate(widths) if at not in wide)
        for at in wide:
            widths[at] = max(LEAST_WIDE, left // len(wide) - 2)
        if not wide and left > 0 and sum(widths) < self.table.viewport().width():
            spare = self.table.viewport().width() - sum(widths)
            widths = [width + spare // len(widths) for width in widths]
        over = sum(widths) - self.table.viewport().width()
        if over > 0 and self.model.columns[0].elides:
            widths[0] = max(widths[0] - over, min(widths[0], LEAST_NAME))
        for at, width in enumerate(widths):
            self.table.setColumnWidth(at, width)
        if self._wraps:
            self.table.resizeRowsToContents()

    def _on_chosen(self, row: int) -> None:
        pick = self.model.line(row).pick
        if pick is not None:
            self.picked.emit(pick)

    def _on_pointed(self, row: int) -> None:
        pick = self.model.line(row).pick if row >= 0 else None
        self.pointed.emit(pick.says if pick is not None else "")
