"""The questions the window asks."""

from __future__ import annotations

import platform

import numpy as np
import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui import __version__
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.ui.actions import ACTIONS, INNER, MENUS

EQUAL, RANDOM, ZERO = "equal shares", "random, rows sum to 1", "zeros"


class NewMatrix(QDialog):
    """Asks for rows, classes and what to fill them with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New matrix")
        self.rows, self.classes = QSpinBox(), QSpinBox()
        self.rows.setRange(1, 100_000)
        self.rows.setValue(3)
        self.classes.setRange(2, 1_000)
        self.classes.setValue(3)
        self.names = QLineEdit()
        self.names.setPlaceholderText("A, B, C … or cat, dog, fox")
        self.fill = QComboBox()
        self.fill.addItems([EQUAL, RANDOM, ZERO])
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow("&Rows", self.rows)
        form.addRow("&Classes", self.classes)
        form.addRow("Class &names", self.names)
        form.addRow("&Fill with", self.fill)
        self._problem = QLabel()
        self._problem.setObjectName("muted")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addLayout(form)
        layout.addWidget(self._problem)
        layout.addWidget(buttons)
        self.names.textChanged.connect(self._on_names)
        self.rows.setFocus()
        self.rows.selectAll()  # what is typed first replaces the number

    def predictions(self) -> Predictions:
        """The matrix asked for; its labels take turns. Raises Refusal when the names do not fit."""
        rows, classes = self.rows.value(), self.classes.value()
        return new_predictions(rows, classes, self.names.text(), self.fill.currentText())

    def _on_names(self, text: str) -> None:
        names = _split(text)
        if len(names) >= 2:
            self.classes.setValue(len(names))


def new_predictions(rows: int, classes: int, names: str, fill: str) -> Predictions:
    """A matrix of this size, filled as asked; its labels take turns."""
    given = _split(names)
    if fill == RANDOM:
        cells = np.random.default_rng().dirichlet(np.ones(classes), rows)
    else:
        cells = np.full((rows, classes), 1 / classes if fill == EQUAL else 0.0)
    return Predictions.of(cells, np.arange(rows) % classes, given or letters(classes))


def letters(classes: int) -> list[str]:
    """Names for classes nobody named: A to Z, and numbers where these do not reach."""
    if classes <= 26:
        return [chr(ord("A") + i) for i in range(classes)]
    return [str(i) for i in range(classes)]


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.replace(";", ",").split(",") if name.strip()]


class Page(QDialog):
    """A page of text to read."""

    def __init__(self, title: str, html: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(560, 520)
        text = QTextBrowser(self)
        text.setHtml(html)
        text.setOpenExternalLinks(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(buttons, 0, Qt.AlignmentFlag.AlignRight)


def keys_html() -> str:
    """Every shortcut, by menu, from the table of actions."""
    parts = [
        (
            "<p><b>In the grid</b>: type to change a cell, or F2 to edit what is there; Return and Tab commit and "
            "go on, with Shift back, and Return after Tabs goes down from where they began; Esc takes nothing. "
            "0.25, 0,25, 25% and 1/4 are all understood. A label is typed as any part of its name, or as its "
            "index. Arrows move, with Ctrl to the edge, with Shift they select; Ctrl+Home and Ctrl+End go to the "
            "corners. Del empties, Ctrl+D fills down, Ctrl+R right.<br>"
            "<b>Without typing</b>: Alt with ↑ and ↓, or with the wheel, steps by 0.01, with Shift by 0.1, with "
            "Ctrl by 0.001; the middle button, or Alt and the left one, pulls a cell's bar; Esc puts back what "
            "was there.<br><b>In the views</b>: drag the line or a bar, or use ← and →, with Shift in finer steps; "
            "Esc takes back what was dragged. Where there is no line, arrows go from point to point, Page Up and "
            "Page Down by ten, and Return does what a click does; in the loss–accuracy plane arrows go anywhere, "
            "Page Up and Page Down along the trail.</p>"
        )
    ]
    for menu in (*MENUS, *INNER):
        rows = "".join(
            f"<tr><td>{' or '.join(act.keys)}&nbsp;&nbsp;&nbsp;</td><td>{act.tip}</td></tr>"
            for act in ACTIONS
            if act.menu == menu and act.keys
        )
        if rows:
            parts.append(f"<p><b>{menu.replace('&', '')}</b></p><table>{rows}</table>")
    return "".join(parts)


def about_html() -> str:
    """Version, libraries and licence."""
    return (
        f"<h3>lossacc_gui {__version__}</h3><p>See how cross-entropy loss and accuracy answer the same "
        f"predictions.</p><p>Python {platform.python_version()}, NumPy {np.__version__}, "
        f"PySide6 {PySide6.__version__}, Qt {qVersion()}</p>"
        "<p>MIT licence. Qt and PySide6 are used under the LGPL, version 3; pyqtgraph under MIT; "
        "NumPy under BSD.</p>"
    )
