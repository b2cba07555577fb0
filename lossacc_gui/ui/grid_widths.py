"""How wide the columns of the grid are, and how its blocks share the room there is."""

from __future__ import annotations

from itertools import accumulate

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics

from lossacc_gui.core.convention import Rows
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.cells import PADDING, ROW_HEIGHT
from lossacc_gui.ui.facts import CHECK, FACTS, LABEL, PREDICTION
from lossacc_gui.ui.grid_half import Half
from lossacc_gui.ui.grid_model import GridModel
from lossacc_gui.ui.one_hot import OneHotView
from lossacc_gui.ui.top_five import TopView

CLASS_WIDTHS = (60, 88)
"""At least and at most: numbers get what they need, a name no more than the others can spare."""
NAME_WIDTHS = (56, 120)
CHECK_WIDTH = 92
BAR_WIDTH = 16
FIRST_FACTS = 4
"""The facts give way to the classes until these are left: label, prediction, p(label), loss. Where that gives
room to all classes, they give way until the label is left."""
LEAST_CLASSES = 3 / 7
"""The share of the width that classes always have, whatever facts that hides."""


class Widths:
    """The widths of one grid's columns and blocks. No column is cut in two where that can be helped."""

    def __init__(self, model: GridModel, cells: Half, facts: Half, top: TopView, one_hot: OneHotView) -> None:
        self._model, self._cells, self._facts = model, cells, facts
        self._top, self._one_hot = top, one_hot
        self._fact_widths = [0] * len(FACTS)

    def lay_out(self, size: QSize) -> None:
        """Hide the other half's columns in each, and size what is left by its texts; ``size`` is the grid's."""
        classes = self._model.classes
        metrics = QFontMetrics(look.font(bold=True))
        for column in range(self._model.columnCount()):
            self._cells.setColumnHidden(column, column >= classes)
            self._facts.setColumnHidden(column, column < classes)
        self._facts.setColumnHidden(classes + CHECK, not self._model.has_checks())
        names = [self._model.words.name(column) for column in range(min(classes, 200))]
        widest = max(map(metrics.horizontalAdvance, names)) + 2 * PADDING + 8
        figures = max((self._model.words.written(value) for value in (0.0, 0.88888888)), key=len)
        logits = self._model.document.state.convention.rows is Rows.LOGITS
        cell = metrics.horizontalAdvance("−" + figures if logits else figures) + 2 * PADDING + 2
        fact_width = metrics.horizontalAdvance("−" + figures) + 2 * PADDING
        least = max(CLASS_WIDTHS[0], cell)
        width = min(max(widest, least), max(CLASS_WIDTHS[1], least))
        self._model.words.head_room = width - 2 * PADDING - 8
        header = self._cells.horizontalHeader()
        header.setDefaultSectionSize(width)
        for column in range(min(classes, 64)):
            self._cells.setColumnWidth(column, width)
        name_width = min(max(widest + 8, NAME_WIDTHS[0]), NAME_WIDTHS[1])
        mark = metrics.horizontalAdvance(" ✓")

        def headed(fact: int) -> int:
            """The room a heading needs, also with the arrow of a sorted one."""
            return metrics.horizontalAdvance(f"↓ {FACTS[fact]}") + 2 * PADDING + 2

        for fact in range(len(FACTS)):
            wide = {
                LABEL: max(name_width, headed(LABEL)),
                PREDICTION: max(name_width + mark, headed(PREDICTION)),
                CHECK: max(CHECK_WIDTH, metrics.horizontalAdvance("outside 0–1 …") + 2 * PADDING),
            }
            narrow = max(fact_width, CLASS_WIDTHS[0], headed(fact))
            hidden = self._facts.isColumnHidden(classes + fact)
            self._fact_widths[fact] = 0 if hidden else wide.get(fact, narrow)
        for rank in range(self._top.top.columnCount()):
            self._top.setColumnWidth(rank, name_width + cell)
        self._one_hot.horizontalHeader().setDefaultSectionSize(min(max(widest, 30), 72))
        self.fit(size)

    def fit(self, size: QSize) -> None:
        """Share the width: both get what they need if it is there, else the facts give way first."""
        widths = self._fact_widths
        bar = BAR_WIDTH if self._model.rowCount() * ROW_HEIGHT > size.height() - 2 * ROW_HEIGHT else 2
        facts, least = sum(widths) + bar, sum(widths[:FIRST_FACTS]) + bar
        classes = self._top if self._top.top.active else self._cells
        cells = classes.horizontalHeader().length() + classes.verticalHeader().sizeHint().width() + 2
        labels = self._one_hot.horizontalHeader().length() + 2 if self._one_hot.labels.active else 0
        one = self._one_hot.horizontalHeader().defaultSectionSize()
        beside = min(labels, max(1, size.width() // (4 * one)) * one + 1)  # a line at its left
        whole = size.width() - beside
        width = min(max(whole - facts, whole - least, int(LEAST_CLASSES * whole)), cells)
        if width < cells <= whole - widths[LABEL] - bar:  # all classes have room beside the labels
            width = cells
        elif width < cells:  # cut none in two
            numbers, one = classes.verticalHeader().sizeHint().width(), classes.columnWidth(0)
            width = numbers + max(1, round((width - numbers) / one)) * one
            if whole - width < least <= whole - width + one and width > numbers + one:
                width -= one  # one class less, and the facts that are wanted first have room
        classes.setFixedWidth(max(width, 60))
        self._one_hot.setFixedWidth(beside)
        self._fit_facts(whole - width - bar)
        on, off = Qt.ScrollBarPolicy.ScrollBarAlwaysOn, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        all_alike = on if cells > width or labels > beside or facts > whole - width else off
        for block in (self._cells, self._top, self._one_hot, self._facts):
            block.setHorizontalScrollBarPolicy(all_alike)

    def _fit_facts(self, room: int) -> None:
        """Cut no fact in two, either: those that there is room for share what the next one leaves."""
        facts = [fact for fact, width in enumerate(self._fact_widths) if width]
        ends = list(accumulate(self._fact_widths[fact] for fact in facts))
        fits = sum(end <= room for end in ends)
        spare = room - ends[fits - 1] if 0 < fits < len(facts) else 0
        for place, fact in enumerate(facts):
            more = spare // fits + (place < spare % fits) if place < fits else 0
            self._facts.setColumnWidth(self._model.classes + fact, self._fact_widths[fact] + more)
