"""The convention bar: buttons that say the present choice and open the others."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QToolBar, QWidget

from lossacc_gui.core.convention import DTYPE_EPS, LOG_CLAMP, PRESETS, Base, Convention, Reduction, Rows
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.state import State
from lossacc_gui.ui.choices import Choice, ChoiceMenu
from lossacc_gui.ui.more_choices import MoreChoices

CLIPS = (
    (0.0, "none", "p(label) = 0 costs ∞"),
    (1e-7, "1e-7", "as Keras: a row costs at most 16.12 nats"),
    (1e-15, "1e-15", "as scikit-learn once did, and Kaggle: at most 34.54 nats"),
    (LOG_CLAMP, "log ≥ −100", "as PyTorch's binary_cross_entropy: a row costs at most 100 nats"),
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


class ConventionBar(QObject):
    """The menus that choose a convention and the edit rule."""

    convention_chosen = Signal(object)
    rule_chosen = Signal(object)
    balance_chosen = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._now, self._rule, self._classes = Convention(), Rule.ONLY, 0
        presets = [Choice(p.key, p.title, f"Agrees with {p.agrees}") for p in PRESETS]
        self.presets = ChoiceMenu("&As", presets, parent, single=False)
        self.rows = ChoiceMenu("&Rows", [Choice(r, r.value, ROW_TIPS[r]) for r in Rows], parent)
        clips = [Choice(*clip) for clip in CLIPS]
        first = Choice(
            "first",
            "clip before dividing",
            "As older scikit-learn: every cell is clipped, then the row divided",
        )
        self.clips = ChoiceMenu("&Clip", [*clips, first], parent, single=False)
        both = [(r, b) for r in Reduction for b in Base]
        units = [
            Choice(pair, f"{pair[0]}, {pair[1]}", f"Show the {pair[0]} of the row losses in {pair[1]}")
            for pair in both
        ]
        self.units = ChoiceMenu("&Loss", units, parent)
        self.rules = ChoiceMenu("Edit", [Choice(r, r.value, RULE_TIPS[r]) for r in Rule], parent)
        self.rules.menu.setTitle("E&dit rule")
        self.menus = (self.presets, self.rows, self.clips, self.units, self.rules)
        self.more = MoreChoices(parent)
        self.more.changed.connect(self._choose)
        self.more.balance.connect(self.balance_chosen)
        self.more.refused.connect(self.refused)
        self.presets.chosen.connect(self._on_preset)
        self.rows.chosen.connect(self._on_rows)
        self.clips.chosen.connect(self._on_clip)
        self.units.chosen.connect(self._on_unit)
        self.rules.chosen.connect(self._on_rule)

    def add_to(self, bar: QToolBar, convention_menu: QMenu, edit_menu: QMenu) -> None:
        """Put the buttons on the tool bar and the same menus into the menu bar.

        The edit rule comes first: it is needed most, and the last ones have no place in a narrow window.
        """
        self.rules.add_to(bar, "What else moves in the row when a cell moves")
        edit_menu.addMenu(self.rules.menu)
        bar.addSeparator()
        tips = (
            "Compute the loss as this library does",
            "What the cells of a row are taken to be",
            "The smallest probability the logarithm sees",
            "Mean or sum, nats or bits",
        )
        for menu, tip in zip(self.menus[:-1], tips, strict=True):
            menu.add_to(bar, tip)
            convention_menu.addMenu(menu.menu)
        self.more.add_to(bar, convention_menu)

    def draw(self, state: State, rule: Rule) -> None:
        """Say what is chosen now; nothing to be done where it was said before, as at every edit of a cell.

        A library's rule that is not for so many classes is no choice.
        """
        convention, classes = state.convention, state.predictions.classes
        if (convention, rule, classes) != (self._now, self._rule, self._classes):
            self._now, self._rule, self._classes = convention, rule, classes
            for preset in PRESETS:
                self.presets.allow(preset.key, preset.convention.misfit(classes))
            self._say(convention, rule)

    def _say(self, convention: Convention, rule: Rule) -> None:
        plain = convention.plain
        same = [p for p in PRESETS if p.convention.plain == plain]
        # Two presets can be one rule; one tick, at the name the button says.
        self.presets.show_chosen([p.key for p in same[:1]], convention.title or "custom")
        self.rows.show_chosen([convention.rows], convention.rows.value)
        clip = next((text for value, text, _ in CLIPS if value == convention.clip), f"{convention.clip:g}")
        ticked = [convention.clip, *(["first"] if convention.clip_first else [])]
        self.clips.show_chosen(
            ticked, clip + (" first" if convention.clip_first and convention.clips else "")
        )
        self.clips.set_enabled(convention.rows is not Rows.LOGITS)
        unit = (convention.reduction, convention.base)
        self.units.show_chosen([unit], f"{unit[0]}, {unit[1]}")
        self.more.draw(convention)
        self.rules.show_chosen([rule], rule.value)

    def _on_preset(self, key: str) -> None:
        preset = next(p.convention for p in PRESETS if p.key == key)
        self._choose(self._now.as_preset(preset))

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
        self._say(self._now, self._rule)  # the entry ticked itself, and perhaps nothing has changed
