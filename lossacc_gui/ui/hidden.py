"""Asks before every row is changed while a filter hides some of them."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from lossacc_gui.core.wording import counted
from lossacc_gui.session.focus import Focus


def means_all(focus: Focus, rows: int, parent: QWidget) -> bool:
    """Whether all rows are meant, those hidden too; True without a question where none is hidden."""
    shown = focus.listing.shown
    if shown is None or len(shown) == rows:
        return True
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Hidden rows")
    box.setText(f"This changes all {counted(rows, 'row')}, not only the {len(shown):,} shown.")
    box.setInformativeText("Change those that the filter hides too?")
    every = box.addButton("Change &all rows", QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    return chosen is every
