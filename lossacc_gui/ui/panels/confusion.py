"""Confusion: the matrix while it is readable, and the most frequent confusions where it is not."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from lossacc_gui.core.confusion import Confusion, Share, confusion, heavy
from lossacc_gui.core.curves.curve import Pick
from lossacc_gui.core.filtering import ConfusionCell
from lossacc_gui.core.predictions import NO_LABEL
from lossacc_gui.core.wording import rows, share
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.confusion_picture import HEAD, ConfusionPicture
from lossacc_gui.ui.panels.panel import Panel, PanelView

SHORT = {Share.COUNT: "rows", Share.LABEL: "of label", Share.PREDICTION: "of prediction"}
TIPS = {
    Share.COUNT: "How many rows",
    Share.LABEL: "What part of the label's rows: the diagonal is recall",
    Share.PREDICTION: "What part of the rows so predicted: the diagonal is precision",
}


class ConfusionView(ConfusionPicture):
    """The hand in it. A click on a cell shows its rows in the grid, one more shows all."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._buttons = QButtonGroup(self)
        self._head = QWidget(self)
        line = QHBoxLayout(self._head)
        line.setContentsMargins(4, 2, 4, 2)
        line.setSpacing(4)
        for number, what in enumerate(Share):
            button = QToolButton()
            button.setText(SHORT[what])
            button.setToolTip(TIPS[what])
            button.setCheckable(True)
            button.setChecked(what is self.what)
            button.setObjectName("segment")
            self._buttons.addButton(button, number)
            line.addWidget(button)
        line.addStretch()
        self._buttons.idClicked.connect(self._on_what)

    def sizeHint(self) -> QSize:
        return QSize(300, 260)

    # --- for a report ---

    over = HEAD

    @property
    def aside(self) -> str:
        """See PanelView."""
        return "" if self.what is Share.COUNT else f"{TIPS[self.what]}."

    def twin(self, theme: look.Theme) -> PanelView:
        """See PanelView."""
        twin = super().twin(theme)
        assert isinstance(twin, ConfusionView)
        twin.what = self.what
        return twin

    def unchosen(self) -> Confusion | None:
        """See PanelView."""
        here = NO_LABEL, NO_LABEL
        return None if self.picture is None else replace(self.picture, here=here, column=-1)

    # --- the hand ---

    def says_at(self, at: QPointF) -> str:
        """See PaintedPanel."""
        cell = self.cell_at(at)
        return "" if cell is None else self._says(cell)

    def _on_what(self, number: int) -> None:
        self.what = tuple(Share)[number]
        self.update()

    def _pick(self, at: tuple[int, int]) -> None:
        self.cursor_cell = at
        self.update()
        self.picked.emit(Pick(0.0, 0.0, filter=ConfusionCell(*at), says=self._says(at)))

    def _says(self, at: tuple[int, int]) -> str:
        assert self.picture is not None
        names, (label, prediction) = self.picture.names, at
        if self.picture.counts is not None:
            count = int(self.picture.counts[at])
        else:
            count = next(p.count for p in self.picture.pairs if (p.label, p.prediction) == at)
        said = f"label {names[label]}, predicted {names[prediction]}: {rows(count)}"
        if count:
            said += f", {share(count / int(self.picture.label_rows[label]))} of the label"
            said += f", {share(count / int(self.picture.predicted[prediction]))} of the prediction"
        return said

    # Qt's own names from here on

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.cell_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and at is not None:
            self._pick(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.cell_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.PointingHandCursor)
        self.point_at(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        key = Qt.Key(event.key())
        if self.picture is None or self.picture.empty:
            event.ignore()
        elif key in steps:
            self._step(*steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._has(self.cursor_cell):  # of many classes that are all right there is no line
                self._pick(self.cursor_cell)
        else:
            event.ignore()

    def _step(self, down: int, across: int) -> None:
        assert self.picture is not None
        if self.picture.counts is None:
            cells = self._cells()
            if not cells:
                return
            at = cells.index(self.cursor_cell) + down if self.cursor_cell in cells else 0
            self.cursor_cell = cells[min(max(at, 0), len(cells) - 1)]
        else:
            last = len(self.picture.names) - 1
            label, prediction = self.cursor_cell
            self.cursor_cell = min(max(label + down, 0), last), min(max(prediction + across, 0), last)
        self.pointed.emit(self._says(self.cursor_cell))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head.setGeometry(0, 0, self.width(), HEAD)


CONFUSION = Panel(
    "confusion",
    "Confusion",
    "click a cell: filter the grid",
    confusion,
    ConfusionView,
    heavy,
    follows_focus=True,
)
