"""Keeps the edit rule with what is worked on: undo back to a lesson gives back the rule the lesson is about."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from lossacc_gui.core.change import Change
from lossacc_gui.core.rules import Rule
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus


class Ruling(QObject):
    """Remembers the rule that was chosen last for each work of the history."""

    def __init__(self, document: Document, focus: Focus, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._focus = document, focus
        self._rules: dict[int, Rule] = {}
        """By the step that opened the work."""
        self._history, self._last = document.saves, 0
        focus.moved.connect(self._on_moved)
        document.changed.connect(self._on_changed)
        self._on_moved()

    def restore(self, rules: Mapping[int, str]) -> None:
        """Take over the rules of works that were brought back, by the steps that opened them."""
        known = {rule.value for rule in Rule}
        self._rules |= {work: Rule(rule) for work, rule in rules.items() if rule in known}
        self._focus.set_rule(self._rules.get(self._work, self._focus.rule))

    def _on_moved(self) -> None:
        self._rules[self._work] = self._focus.rule

    def _on_changed(self, change: Change) -> None:
        if self._history is not self._document.saves:  # what is there now has a history of its own
            self._history, self._rules = self._document.saves, {}
        work = self._work
        if work == self._last:
            return
        self._last = work
        if change.undone and work in self._rules:
            self._focus.set_rule(self._rules[work])
        else:
            self._on_moved()

    @property
    def _work(self) -> int:
        return self._document.saves.began(self._document.step)
