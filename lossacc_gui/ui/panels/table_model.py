"""What a table in a dock holds: its columns, and lines in the order they are sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from lossacc_gui.core.curves.curve import Pick, Role
from lossacc_gui.ui import theme as look

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; ``wide`` takes what room is left and breaks its lines, ``editable`` can be typed into.

    A first column that ``elides`` gives way where there is no room for all, and is cut or ``wraps``; then those
    that can be ``spare``d are left out, those most that say so most, of equals the last; and so is one with nothing
    in it.
    """

    title: str
    tip: str
    number: bool = True
    wide: bool = False
    editable: bool = False
    elides: bool = False
    wraps: bool = False
    spare: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What is written, by what it is sorted, and a bar behind it from -1 to 1 of the cell's width."""

    text: str
    by: float | str = 0.0
    role: Role | None = None
    bar: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
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
        self._lines: tuple[Entry, ...] = ()
        self._names: tuple[str, ...] = ()
        self._plain, self._bold = look.font(look.SMALL_PIXELS), look.font(look.SMALL_PIXELS, bold=True)
        self.order: list[int] = []
        self._sort = (-1, Qt.SortOrder.AscendingOrder)

    def put(self, lines: tuple[Entry, ...]) -> None:
        """Show these lines; the sorting stays. Only what changed is painted anew."""
        names = tuple(line.cells[0].text for line in lines)
        self._names = self._names if names == self._names else names  # the same ones are looked up at once
        if len(lines) == len(self._lines):
            before = [self._lines[number] for number in self.order]
            self._lines = lines
            self._arrange()
            for row, (number, old) in enumerate(zip(self.order, before, strict=True)):
                if lines[number] != old:
                    self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
            return
        self.beginResetModel()
        self._lines = lines
        self._arrange()
        self.endResetModel()

    def line(self, row: int) -> Entry:
        """The line that stands there."""
        return self._lines[self.order[row]]

    @property
    def names(self) -> tuple[str, ...]:
        """What stands in the first column, in the order in which the lines were given."""
        return self._names

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
        answer: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                answer = f"▸ {cell.text}" if first else cell.text
            case Qt.ItemDataRole.EditRole:
                answer = cell.text
            case Qt.ItemDataRole.TextAlignmentRole:
                answer = RIGHT if column.number else LEFT
            case Qt.ItemDataRole.ForegroundRole:
                answer = QColor(self.theme.text) if cell.role is None else self.theme.of(cell.role)
            case Qt.ItemDataRole.FontRole:
                answer = self._bold if line.bold or first else self._plain
            case Qt.ItemDataRole.ToolTipRole:
                answer = line.tip or (line.pick.says if line.pick is not None else "") or cell.text
            case Qt.ItemDataRole.AccessibleTextRole:
                answer = f"{column.title}: {cell.text}"
            case Qt.ItemDataRole.UserRole:
                answer = cell.bar
        return answer

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


def _key(lines: tuple[Entry, ...], column: int, reverse: bool, number: int) -> tuple[bool, float | str]:
    """What is undefined comes last either way."""
    by = lines[number].cells[column].by
    undefined = isinstance(by, float) and by != by  # noqa: PLR0124 - NaN
    return (undefined is not reverse, 0.0 if undefined else by)
