"""Menus of choices, with buttons that say the present one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from lossacc_gui.ui.access_keys import give_access_keys

TIP = "tip"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu: what it is, what it says, what it does."""

    value: Any
    text: str
    tip: str


class ChoiceMenu(QObject):
    """A menu of choices of which the present ones are ticked; & in its title marks its access key."""

    chosen = Signal(object)

    def __init__(
        self, title: str, choices: Sequence[Choice], parent: QWidget, *, single: bool = True
    ) -> None:
        super().__init__(parent)
        self.title = title.replace("&", "")
        self.menu = QMenu(title, parent)  # a menu without a parent outlives the window
        self.menu.setToolTipsVisible(True)
        self._group = QActionGroup(self)
        self._group.setExclusive(single)
        self.actions = [self._action(choice) for choice in choices]
        give_access_keys(self.actions)
        self.menu.triggered.connect(self._on_triggered)
        self.button: QToolButton | None = None

    def _action(self, choice: Choice) -> QAction:
        action = self.menu.addAction(choice.text)
        action.setData(choice.value)
        action.setProperty(TIP, choice.tip)
        action.setToolTip(choice.tip)
        action.setStatusTip(choice.tip)
        action.setCheckable(True)
        self._group.addAction(action)
        return action

    def allow(self, value: Any, reason: str) -> None:
        """Let this be chosen, or not for a reason, which its tip then says."""
        for action in self.actions:
            if action.data() == value:
                action.setEnabled(not reason)
                action.setToolTip(reason or action.property(TIP))
                action.setStatusTip(reason or action.property(TIP))

    def show_chosen(self, values: Sequence[Any], says: str) -> None:
        """Tick these choices, and let the button say so."""
        for action in self.actions:
            if action.isChecked() != (action.data() in values):
                action.setChecked(not action.isChecked())
        text = f"{self.title}: {says} ▾" if says else f"{self.title} ▾"
        if self.button is not None and text != self.button.text():  # that lays the tool bar out anew
            self.button.setText(text)

    def add_to(self, bar: QToolBar, tip: str) -> None:
        """Put a button on a tool bar that says the present choice and opens the menu."""
        self.button = QToolButton(bar)
        self.button.setMenu(self.menu)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setToolTip(tip)
        bar.addWidget(self.button)

    def set_enabled(self, enabled: bool) -> None:
        """Let it be opened, or not."""
        self.menu.setEnabled(enabled)
        if self.button is not None:
            self.button.setEnabled(enabled)

    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())
