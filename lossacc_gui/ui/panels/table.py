"""A table in a dock: sorted by its headings, read by the keyboard and by screen readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.painted import elided
from lossacc_gui.ui.panels.panel import PanelView
from lossacc_gui.ui.panels.table_model import Column, Entry, Index, TableModel

WIDE, LEAST_WIDE = 200, 140
"""Other columns are left out for a column of sentences to be so wide; it is itself where it would be narrower than
the second, and its lines single words."""

LEAST_NAME, SHORTEST_NAME = 92, 60
"""Other columns are left out for a column of names to be so wide; it is itself where it would be narrower than the
second."""

AIR, LEAST_AIR = 13, 8
"""Pixels around what is in a cell, together; and where there is little room."""

MOST_WIDE = 340
"""A column is no wider than this by what is in it."""

LINE = 24
"""The height of a line."""

BETWEEN = 6
"""Pixels between the sentences of two lines, beyond those within one."""

SPREAD = 48
"""A column takes no more of the room that is left: the eye would lose its line."""


class _BarDelegate(QStyledItemDelegate):
    """Paints a bar behind the number of a cell that has one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The bar, the text, and at its left what says that the keyboard is there."""
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
        plain = QStyleOptionViewItem(option)
        plain.state &= ~QStyle.StateFlag.State_HasFocus  # the style's own frame looks like a button
        super().paint(painter, plain, index)
        if option.state & QStyle.StateFlag.State_HasFocus and isinstance(model, TableModel):
            edge = QRectF(option.rect.left(), option.rect.top() + 2, 2, option.rect.height() - 4)
            painter.fillRect(edge, QColor(model.theme.accent))

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """A name that is too long is cut here: where it is like no other."""
        super().initStyleOption(option, index)
        model = index.model()
        if index.column() or not isinstance(model, TableModel):
            return
        first, metrics = model.columns[0], option.fontMetrics
        if first.elides and not first.wraps and option.rect.width() > 0:
            name = model.line(index.row()).cells[0].text
            mark = option.text.removesuffix(name)
            room = option.rect.width() - LEAST_AIR - metrics.horizontalAdvance(mark)
            option.text = mark + elided(metrics, name, room, model.names)


class _Table(QTableView):
    """Tells a click and the Return key alike."""

    chosen = Signal(int)
    """The line where it was."""
    pointed = Signal(int)
    """The line under the pointer, -1 for none."""
    resized = Signal()

    def __init__(self, model: TableModel, sortable: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_BarDelegate(self))
        self.setObjectName("panel")
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(LINE)
        self.verticalHeader().setDefaultSectionSize(LINE)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        head = self.horizontalHeader()
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSortingEnabled(sortable)

    # Qt's own names from here on

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
        lines_of: Callable[[Any], tuple[Entry, ...]],
        *,
        sortable: bool = True,
    ) -> None:
        super().__init__(theme)
        self.picture: Any = None
        self._lines_of = lines_of
        self.model = TableModel(columns, theme, self)
        self.table = _Table(self.model, sortable, self)
        self._wraps = any(column.wide or column.wraps for column in columns)
        self.table.setWordWrap(self._wraps)
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
        self._pointed_at = -1
        self._fitting = False
        self._plain, self._bold = (
            QFontMetrics(look.font(look.SMALL_PIXELS, bold=bold)) for bold in (False, True)
        )
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
        """What there is no room for is left out: half of a sentence is none."""
        columns, room = self.model.columns, self.table.viewport().width()
        widths = [LEAST_WIDE if column.wide else self._natural(at) for at, column in enumerate(columns)]
        heads = [self._plain.horizontalAdvance(column.title) + AIR for column in columns]
        closer = [
            width if column.wide else max(width - (AIR - LEAST_AIR), head)
            for column, width, head in zip(columns, widths, heads, strict=True)
        ]
        least = [*closer]
        if columns[0].elides:
            least[0] = min(closer[0], max(LEAST_NAME, heads[0]))
        shown = self._shown(least, room)
        if columns[0].elides and sum(least[at] for at in shown) > room:
            least[0] = min(least[0], max(SHORTEST_NAME, heads[0]))
        for at in range(len(columns)):
            self.table.setColumnHidden(at, at not in shown)
        left = room - sum(widths[at] for at in shown)
        if left < 0:  # first the air goes, then the end of a name
            widths = closer
            left = room - sum(widths[at] for at in shown)
        if left < 0:
            widths[0] = max(widths[0] + left, least[0])
        wide = [at for at in shown if columns[at].wide]
        if left > 0:
            more = left // len(wide) if wide else min(left // len(shown), SPREAD)
            widths = [width + more * (at in (wide or shown)) for at, width in enumerate(widths)]
        for at in shown:
            self.table.setColumnWidth(at, widths[at])
        if self._wraps:
            self._fit_lines()

    def _shown(self, least: list[int], room: int) -> list[int]:
        """The columns that have something to say and for which, at their narrowest, there is room."""
        columns = self.model.columns
        shown = [at for at in range(len(columns)) if not self._is_empty(at)]
        ample = [WIDE if column.wide else width for column, width in zip(columns, least, strict=True)]
        spared = [at for at in shown if columns[at].spare]
        for may, need in (([at for at in spared if not columns[at].wide], ample), (spared, least)):
            for at in sorted(may, key=lambda at: (-columns[at].spare, -at)):
                if at in shown and sum(need[one] for one in shown) > room:
                    shown.remove(at)
        return shown

    def _fit_lines(self) -> None:
        """Every line as tall as its sentences, and where they are broken a little more: so they stand apart."""
        for row in range(self.model.rowCount()):
            tall = self.table.sizeHintForRow(row)  # of its words: that of the hidden row number is higher
            self.table.setRowHeight(row, tall + BETWEEN if tall > LINE else LINE)

    def _natural(self, at: int) -> int:
        """How wide a column is in which nothing is cut; of many lines the longest of some is as good as that of
        all, and asking all takes long."""
        lines = [
            self.model.line(row)
            for row in range(0, self.model.rowCount(), max(1, self.model.rowCount() // 200))
        ]
        widest = self._plain.horizontalAdvance(self.model.columns[at].title)
        for line in lines:
            marked = line.marked and at == 0
            metrics = self._bold if line.bold or marked else self._plain
            widest = max(widest, metrics.horizontalAdvance("▸ " * marked + line.cells[at].text))
        return min(widest + AIR, MOST_WIDE)

    def _is_empty(self, at: int) -> bool:
        """Whether a column has nothing to say in any line."""
        return bool(self.model.columns[at].spare) and not any(
            self.model.line(row).cells[at].text for row in range(self.model.rowCount())
        )

    def _on_chosen(self, row: int) -> None:
        pick = self.model.line(row).pick
        if pick is not None:
            self.picked.emit(pick)

    def _on_pointed(self, row: int) -> None:
        self._pointed_at = row
        if row < 0:
            self.pointed.emit("")
        self.read_again()

    def read_again(self) -> None:
        """See PanelView."""
        if 0 <= self._pointed_at < self.model.rowCount():
            pick = self.model.line(self._pointed_at).pick
            self.pointed.emit(pick.says if pick is not None else "")
