"""What the Explore menu asks before it answers; what the answer would be stands there while one chooses."""

from __future__ import annotations

from math import inf, isfinite, log10

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core import questions
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.distinct import distinct
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.exchange import exchange_range
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import number, rows, share
from lossacc_gui.session.document import Document

NOTCHES = 1000
"""Positions of the slider on either side of the factor 1, in its middle."""

WIDEST = 1e6
"""The largest factor the slider reaches; its range may be without end."""


class _Question(QDialog):
    """A form, a line or two about what the answer would be, and two buttons."""

    def __init__(self, title: str, intro: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.form = QFormLayout()
        self.form.setSpacing(8)
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.says.setMinimumHeight(2 * self.says.fontMetrics().lineSpacing() + 4)
        self.says.setAccessibleName("What it would do")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepting = buttons.button(QDialogButtonBox.StandardButton.Ok)
        told = QLabel(intro)
        told.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        for part in (told, self.says, buttons):
            layout.addWidget(part)
        layout.insertLayout(1, self.form)
        self.setMinimumWidth(460)

    def tell(self, text: str, *, possible: bool) -> None:
        """Say what would come of it, and whether it can be asked for."""
        self.says.setText(text)
        self.accepting.setEnabled(possible)


class BuildMatrix(_Question):
    """Asks for a cross-entropy and a number of rows right."""

    def __init__(self, evaluation: Evaluation, parent: QWidget) -> None:
        super().__init__(
            "Build a matrix",
            "Other predictions for the same labels, with exactly these two numbers. Undo brings the present "
            "ones back.",
            parent,
        )
        self._evaluation = evaluation
        tally, convention = evaluation.tally, evaluation.convention
        self.hits, self.loss, self.seed = QSpinBox(), QDoubleSpinBox(), QSpinBox()
        self.hits.setRange(0, tally.rows)
        self.hits.setValue(tally.hits)
        self.hits.setSuffix(f" of {rows(tally.rows)}")
        self.loss.setDecimals(4)
        self.loss.setRange(0, 1e9)
        self.loss.setSingleStep(0.05)
        self.loss.setSuffix(f" {_unit(convention)}")
        now = CROSS_ENTROPY.of(tally, convention).value
        self.loss.setValue(now if now is not None and isfinite(now) else 1.0)
        self.seed.setRange(0, 1_000_000)
        self.form.addRow("Rows &right", self.hits)
        self.form.addRow("&Cross-entropy", self.loss)
        self.form.addRow("&Seed", self.seed)
        self.hits.valueChanged.connect(self._on_changed)
        self.loss.valueChanged.connect(self._on_changed)
        self._on_changed()

    def asked(self) -> tuple[float, int, int]:
        """The cross-entropy in the shown unit, the rows right, the seed."""
        return self.loss.value(), self.hits.value(), self.seed.value()

    def _on_changed(self) -> None:
        counted, hits = self._evaluation.tally.rows, self.hits.value()
        if not counted:
            self.tell("No row has a label yet: give at least one row a label first.", possible=False)
            return
        low, high = questions.reachable(self._evaluation, hits)
        ends = f"from {number(low)} to {number(high)}" if high < inf else f"of {number(low)} or more"
        self.tell(
            f"At accuracy {share(hits / counted)} a cross-entropy {ends} can be reached.",
            possible=low <= self.loss.value() <= high,
        )


class ExchangeLosses(_Question):
    """Asks for two rows and by how much to move their losses against each other."""

    def __init__(self, document: Document, pair: tuple[int, int], parent: QWidget) -> None:
        super().__init__(
            "Exchange losses",
            "Multiplies p(label) of one row and divides that of another by the same factor: the two losses "
            "keep their sum, so cross-entropy stands still. Which rows are right may change.",
            parent,
        )
        self._document = document
        self.up, self.down, self.slider = QSpinBox(), QSpinBox(), QSlider(Qt.Orientation.Horizontal)
        for spin, row in zip((self.up, self.down), pair, strict=True):
            spin.setRange(1, document.state.predictions.rows)
            spin.setValue(row + 1)
            spin.valueChanged.connect(self._on_rows)
        self.slider.setRange(-NOTCHES, NOTCHES)
        self.slider.setAccessibleName("Factor")
        self.slider.valueChanged.connect(self._on_factor)
        self.form.addRow("&Multiply in row", self.up)
        self.form.addRow("&Divide in row", self.down)
        self.form.addRow("By a &factor", self.slider)
        self._ends = (0.0, 0.0)
        self._on_rows()

    def asked(self) -> tuple[int, int, float]:
        """The row multiplied, the row divided, the factor."""
        low, high = self._ends
        share_of = self.slider.value() / NOTCHES
        factor = float(10.0 ** (share_of * (high if share_of > 0 else -low)))
        return self.up.value() - 1, self.down.value() - 1, float(f"{factor:.4g}")

    def _on_rows(self) -> None:
        try:
            low, high = exchange_range(self._document.evaluation, self.up.value() - 1, self.down.value() - 1)
        except Refusal as reason:
            self._ends = (0.0, 0.0)
            self.tell(f"{reason}.", possible=False)
            return
        inside = 1 - 1e-3  # so that four digits of the factor stay inside its range
        self._ends = (
            min(0.0, log10(max(low / inside, 1 / WIDEST))),
            max(0.0, log10(min(high * inside, WIDEST))),
        )
        self.slider.setValue(0)
        self._on_factor()

    def _on_factor(self) -> None:
        up, down, factor = self.asked()
        evaluation = self._document.evaluation
        try:
            answer = questions.give_and_take(evaluation, up, down, factor)
        except Refusal as reason:
            self.tell(f"{reason}.", possible=False)
            return
        lines = questions.outcome(evaluation, answer, distinct(np.array([up, down])))
        self.tell(f"Factor {factor:g}\n" + "\n".join(lines).replace("row", "Row"), possible=factor != 1)


def _unit(convention: Convention) -> str:
    return CROSS_ENTROPY.unit(convention)
