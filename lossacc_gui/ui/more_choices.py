"""The rarer choices of a convention: one menu, whose button says whatever is not as usual."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QToolBar, QWidget

from lossacc_gui.core.convention import BINS, MOST_BINS, Convention, Divisor
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.ui.choices import Choice, ChoiceMenu

OTHER = "other"
BALANCED, TYPED = "balanced", "typed"

SMOOTHING = (
    Choice(0.0, "none", "The whole label counts"),
    Choice(0.1, "0.1", "A tenth of the label is spread evenly over all classes"),
    Choice(OTHER, "other …", "Type how much of the label is spread evenly over all classes"),
)
TEMPERATURE = (
    Choice(1.0, "1", "Rows as they are"),
    Choice(0.5, "0.5", "Sharper rows; accuracy stays"),
    Choice(2.0, "2", "Softer rows; accuracy stays"),
    Choice(OTHER, "other …", "Type what logits, or logarithms of probabilities, are divided by"),
)
BIN_COUNTS = (
    *(Choice(bins, f"{bins}", f"Compare confidence with accuracy in {bins} bins") for bins in (10, BINS, 20)),
    Choice(OTHER, "other …", "Type how many bins of confidence the calibration error has"),
)
WEIGHTS = (
    Choice(None, "none", "Every row counts alike"),
    Choice(BALANCED, "balanced", "Every class counts alike: N / (C · its rows), as the rows are now"),
    Choice(TYPED, "typed …", "Type one weight for each class"),
)
DIVISORS = (
    Choice(Divisor.WEIGHTS, f"divide by {Divisor.WEIGHTS}", "As scikit-learn and PyTorch"),
    Choice(Divisor.ROWS, f"divide by {Divisor.ROWS}", "As the loss of Keras"),
)
PRECISION = (Choice(True, "compute as float32", "As Keras' Model.evaluate, whatever the file holds"),)


class MoreChoices(QObject):
    """Smoothing, temperature, float32, class weights and bins."""

    changed = Signal(object)
    """The Convention that was chosen."""
    balance = Signal()
    """Class weights are wanted that even the classes out."""
    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._now, self._classes = parent, Convention(), 0
        self.smoothing = ChoiceMenu("Label &smoothing", SMOOTHING, parent, single=False)
        self.temperature = ChoiceMenu("&Temperature", TEMPERATURE, parent, single=False)
        self.precision = ChoiceMenu("&Precision", PRECISION, parent, single=False)
        self.weights = ChoiceMenu("Class &weights", (*WEIGHTS, *DIVISORS), parent, single=False)
        self.bins = ChoiceMenu("Calibration &bins", BIN_COUNTS, parent, single=False)
        self.menus = (self.smoothing, self.temperature, self.precision, self.weights, self.bins)
        self.all = ChoiceMenu("&More", (), parent)
        for menu in self.menus:
            self.all.menu.addMenu(menu.menu)
        self.smoothing.chosen.connect(self._on_smoothing)
        self.temperature.chosen.connect(self._on_temperature)
        self.precision.chosen.connect(self._on_precision)
        self.weights.chosen.connect(self._on_weights)
        self.bins.chosen.connect(self._on_bins)

    def add_to(self, bar: QToolBar, convention_menu: QMenu) -> None:
        """Put the button on the tool bar, and the menus into the menu bar."""
        self.all.add_to(bar, "Label smoothing, temperature, float32, class weights, calibration bins")
        for menu in self.menus:
            convention_menu.addMenu(menu.menu)

    def draw(self, convention: Convention) -> None:
        """Say what is chosen now; what is not as usual is always seen on the button."""
        self._now = convention
        for menu, value in (
            (self.smoothing, convention.smoothing),
            (self.temperature, convention.temperature),
            (self.bins, convention.bins),
        ):
            known = value in [action.data() for action in menu.actions]
            menu.show_chosen([value if known else OTHER], "")
        self.precision.show_chosen([True] if convention.single else [], "")
        kind = None if convention.weights is None else TYPED
        self.weights.show_chosen([kind, convention.divisor], "")
        extras = convention.extras
        rest = f" +{len(extras) - 1}" if len(extras) > 1 else ""
        self.all.show_chosen([], f"{extras[0]}{rest}" if extras else "")
        if self.all.button is not None:
            usual = "Label smoothing, temperature, float32, class weights, calibration bins"
            self.all.button.setToolTip("; ".join(extras) or usual)

    def _on_smoothing(self, value: float | str) -> None:
        if value == OTHER:
            now = self._now.smoothing or 0.1
            found, asked = QInputDialog.getDouble(
                self._window, "Label smoothing", "Share spread over all classes:", now, 0, 0.999, 4
            )
            value = found if asked else self._now.smoothing
        self._choose(smoothing=float(value))

    def _on_temperature(self, value: float | str) -> None:
        if value == OTHER:
            found, asked = QInputDialog.getDouble(
                self._window, "Temperature", "T, above 0:", self._now.temperature, 0.001, 1000, 4
            )
            value = found if asked else self._now.temperature
        self._choose(temperature=float(value))

    def _on_precision(self, _: bool) -> None:
        self._choose(single=not self._now.single)

    def _on_bins(self, value: int | str) -> None:
        if value == OTHER:
            found, asked = QInputDialog.getInt(
                self._window, "Calibration bins", "Bins of confidence:", self._now.bins, 1, MOST_BINS
            )
            value = found if asked else self._now.bins
        self._choose(bins=int(value))

    def _on_weights(self, value: str | None) -> None:
        if value == BALANCED:
            self.draw(self._now)
            self.balance.emit()
        elif value == TYPED:
            self._type_weights()
        elif value is None:
            self._choose(weights=None)
        else:
            self._choose(divisor=Divisor(value))

    def _type_weights(self) -> None:
        now = ", ".join(f"{weight:g}" for weight in self._now.weights or ())
        text, asked = QInputDialog.getText(
            self._window, "Class weights", "One number for each class, with commas between:", text=now
        )
        if not asked:
            self.draw(self._now)
            return
        try:
            self._choose(weights=typed_weights(text))
        except Refusal as reason:
            self.draw(self._now)
            self.refused.emit(f"{reason}.")

    def _choose(self, **change: object) -> None:
        chosen = replace(self._now, **change)  # type: ignore[arg-type]  # each caller names its own field
        self.changed.emit(chosen)
        self.draw(self._now)  # the entry ticked itself, and perhaps nothing has changed


def typed_weights(text: str) -> tuple[float, ...]:
    """Numbers with commas, semicolons or blanks between. Raises Refusal."""
    parts = text.replace(";", " ").replace(",", " ").split()
    found = []
    for place, part in enumerate(parts, 1):
        try:
            found.append(float(part))
        except ValueError:
            raise Refusal(f"weight {place}", f"{part!r} is no number", "type numbers only") from None
    if not found or not all(map(isfinite, found)):
        raise Refusal("class weights", "not all are finite numbers", "type one number for each class")
    return tuple(found)
