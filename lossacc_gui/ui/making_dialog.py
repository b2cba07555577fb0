"""Asks for which rows, how much and with which seed before rows are made anew."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core.temperature import best_temperature
from lossacc_gui.core.wording import counted
from lossacc_gui.session.document import Document

MOST_SEED = 1_000_000

BEST_CELLS = 250_000
"""Of more cells the best T is not looked for while one waits."""


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """The answer: rows (k,) ascending, a number, a seed."""

    rows: NDArray[np.intp]
    value: float
    seed: int


@dataclass(frozen=True, slots=True)
class Fields:
    """What is asked for beside the rows: a number, called ``name``, if it has one; a seed; the best T."""

    title: str
    name: str = ""
    value: float = 1.0
    seeded: bool = False
    best: bool = False


def offered(
    selected: NDArray[np.intp], shown: NDArray[np.intp] | None, rows: int
) -> list[tuple[str, NDArray[np.intp]]]:
    """Which of the rows may be meant, in words: those selected, those a filter shows, all of them."""
    some = [(f"selected ({counted(len(selected), 'row')})", selected)] if len(selected) else []
    every = np.arange(rows)
    if shown is None:
        return [*some, (f"all ({counted(rows, 'row')})", every)]
    if len(shown):
        some.append((f"the {counted(len(shown), 'row')} shown", shown))
    return [*some, (f"all {counted(rows, 'row')}, also those hidden", every)]


class MakeDialog(QDialog):
    """One small form."""

    def __init__(
        self,
        form: Fields,
        document: Document,
        selected: NDArray[np.intp],
        shown: NDArray[np.intp] | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(form.title)
        self._document = document
        offers = offered(np.sort(selected), shown, document.state.predictions.rows)
        self._rows = [rows for _, rows in offers]
        self.which, self.value, self.seed, self.says = QComboBox(), QDoubleSpinBox(), QSpinBox(), QLabel()
        self.which.addItems([text for text, _ in offers])
        self.which.setCurrentIndex(0 if len(selected) > 1 or len(offers) == 1 else 1)
        self.value.setDecimals(4)
        self.value.setRange(0.0001, 10_000)
        self.value.setSingleStep(0.1)
        self.value.setValue(form.value)
        self.seed.setRange(0, MOST_SEED)
        self.says.setWordWrap(True)
        self.says.setMinimumHeight(2 * self.says.fontMetrics().lineSpacing() + 4)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(self._fields(form))
        if form.best:
            layout.addWidget(self._offer())
            layout.addWidget(self.says)
        layout.addWidget(buttons)
        self.setMinimumWidth(360)

    def _fields(self, form: Fields) -> QFormLayout:
        """What is asked for, a line each."""
        fields = QFormLayout()
        fields.setSpacing(8)
        fields.addRow("&Rows", self.which)
        if form.name:
            fields.addRow(f"&{form.name}", self.value)
        if form.seeded:
            fields.addRow("&Seed", self.seed)
        return fields

    def _offer(self) -> QPushButton:
        """What fills in the best T, where finding it takes no longer than a click may."""
        offer = QPushButton("Use the &best T")
        offer.setToolTip("The T at which the cross-entropy of all rows is smallest")
        offer.setEnabled(self._document.state.predictions.probs[0].size <= BEST_CELLS)
        offer.clicked.connect(self._on_best)
        return offer

    def asked(self) -> Asked:
        """What was chosen."""
        return Asked(self._rows[self.which.currentIndex()], self.value.value(), self.seed.value())

    def _on_best(self) -> None:
        found = best_temperature(self._document.evaluation)
        self.says.setText(f"{found.reason[:1].upper()}{found.reason[1:]}.")
        if isfinite(found.best) and found.best > 0:
            self.value.setValue(found.best)
