"""The convention bar: buttons that say the present choice and open the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from lossacc_gui.core.convention import DTYPE_EPS, PRESETS, Base, Convention, Reduction, Rows
from lossacc_gui.core.rules import Rule

CLIPS = (
    (0.0, "none", "p(label) = 0 costs ∞"),
    (1e-7, "1e-7", "as Keras: a row costs at most 16.12 nats"),
    (1e-15, "1e-15", "as scikit-learn once did, and Kaggle: at most 34.54 nats"),
    (DTYPE_EPS, "dtype eps", "as scikit-learn does: at most 36.04 nats in float64, 15.94 in float32"),
)
ROW_TIPS = {
    Rows.AS_TYPED: "The loss is −ln of the cell at the label",
    Rows.NORMALISED: "Each row is divided by its sum first",
    Rows.LOGITS: "The cells are logits: each row goes through a softmax",
}
RULE_TIPS = {
    Rule.ONLY: "Nothing else moves; the row's sum changes",
    Rule.RESCALE: "The other cells keep their proportions and the row its sum",
    Rule.HOLD: "The other wrong classes give way, p(label) stays: cross-entropy stands still",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu: what it is, what it says, what it does."""

    value: Any
    text: str
    tip: str


class ChoiceMenu(QObject):
    """A menu of choices of which the present ones are ticked."""

    chosen = Signal(object)

    def __init__(
        self, title: str, choices: Sequence[Choice], parent: QWidget, *, single: bool = True
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.menu = QMenu(title, parent)  # a menu without a parent outlives the window
        self.menu.setToolTipsVisible(True)
        self._group = QActionGroup(self)
        self._group.setExclusive(single)
        self.actions = [self._action(choice) for choice in choices]
        self.menu.triggered.connect(self._on_triggered)
        self.button: QToolButton | None = None

    def _action(self, choice: Choice) -> QAction:
        action = self.menu.addAction(choice.text)
        action.setData(choice.value)
        action.setToolTip(choice.tip)
        action.setStatusTip(choice.tip)
        action.setCheckable(True)
        self._group.addAction(action)
        return action

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


class ConventionBar(QObject):
    """The menus that choose a convention and the edit rule."""

    convention_chosen = Signal(object)
    rule_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._now, self._rule = Convention(), Rule.ONLY
        presets = [Choice(p.key, p.title, f"Agrees with {p.agrees}") for p in PRESETS]
        self.presets = ChoiceMenu("As", presets, parent, single=False)
        self.rows = ChoiceMenu("Rows", [Choice(r, r.value, ROW_TIPS[r]) for r in Rows], parent)
        clips = [Choice(*clip) for clip in CLIPS]
        first = Choice(
            "first",
            "clip before dividing",
            "As older scikit-learn: every cell is clipped, then the row divided",
        )
        self.clips = ChoiceMenu("Clip", [*clips, first], parent, single=False)
        both = [(r, b) for r in Reduction for b in Base]
        units = [
            Choice(pair, f"{pair[0]}, {pair[1]}", f"Show the {pair[0]} of the row losses in {pair[1]}")
            for pair in both
        ]
        self.units = ChoiceMenu("Loss", units, parent)
        self.rules = ChoiceMenu("Edit", [Choice(r, r.value, RULE_TIPS[r]) for r in Rule], parent)
        self.menus = (self.presets, self.rows, self.clips, self.units, self.rules)
        self.presets.chosen.connect(self._on_preset)
        self.rows.chosen.connect(self._on_rows)
        self.clips.chosen.connect(self._on_clip)
        self.units.chosen.connect(self._on_unit)
        self.rules.chosen.connect(self._on_rule)

    def add_to(self, bar: QToolBar, convention_menu: QMenu, edit_menu: QMenu) -> None:
        """Put the buttons on the tool bar and the same menus into the menu bar."""
        tips = (
            "Compute the loss as this library does",
            "What the cells of a row are taken to be",
            "The smallest probability the logarithm sees",
            "Mean or sum, nats or bits",
        )
        for menu, tip in zip(self.menus[:-1], tips, strict=True):
            menu.add_to(bar, tip)
            convention_menu.addMenu(menu.menu)
        bar.addSeparator()
        self.rules.add_to(bar, "What else moves in the row when a cell moves")
        edit_menu.addMenu(self.rules.menu)

    def draw(self, convention: Convention, rule: Rule) -> None:
        """Say what is chosen now."""
        self._now, self._rule = convention, rule
        plain = replace(convention, base=Base.NATS, reduction=Reduction.MEAN)
        same = [p for p in PRESETS if p.convention == plain]
        self.presets.show_chosen([p.key for p in same], convention.title or "custom")
        self.rows.show_chosen([convention.rows], convention.rows.value)
        clip = next((text for value, text, _ in CLIPS if value == convention.clip), f"{convention.clip:g}")
        ticked = [convention.clip, *(["first"] if convention.clip_first else [])]
        self.clips.show_chosen(
            ticked, clip + (" first" if convention.clip_first and convention.clips else "")
        )
        self.clips.set_enabled(convention.rows is not Rows.LOGITS)
        unit = (convention.reduction, convention.base)
        self.units.show_chosen([unit], f"{unit[0]}, {unit[1]}")
        self.rules.show_chosen([rule], rule.value)

    def _on_preset(self, key: str) -> None:
        preset = next(p.convention for p in PRESETS if p.key == key)
        self._choose(replace(preset, base=self._now.base, reduction=self._now.reduction))

    def _on_rows(self, rows: str) -> None:
        self._choose(replace(self._now, rows=Rows(rows)))

    def _on_clip(self, clip: float | str) -> None:
        if clip == "first":
            self._choose(replace(self._now, clip_first=not self._now.clip_first))
        else:
            self._choose(replace(self._now, clip=float(clip)))

    def _on_unit(self, unit: tuple[str, str]) -> None:
        self._choose(replace(self._now, reduction=Reduction(unit[0]), base=Base(unit[1])))

    def _on_rule(self, rule: str) -> None:
        self.rule_chosen.emit(Rule(rule))

    def _choose(self, convention: Convention) -> None:
        self.convention_chosen.emit(convention)
        self.draw(self._now, self._rule)  # the entry ticked itself, and perhaps nothing has changed
