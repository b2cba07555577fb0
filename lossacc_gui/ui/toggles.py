"""What is switched on stays so until it is switched off, in the next window too; ticks say what is on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup

from lossacc_gui.core.wording import Form
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui.filtering import Filtering
from lossacc_gui.ui.viewing import Viewing

REMEMBERED = ("top_five", "one_hot", "filter_metrics")
FORMS = {
    Form.DECIMALS: "numbers_decimals",
    Form.PERCENT: "numbers_percent",
    Form.SCIENTIFIC: "numbers_scientific",
}


class Toggles(QObject):
    """Ticks the actions that are on, and remembers those that somebody may want again."""

    def __init__(
        self,
        acts: Mapping[str, QAction],
        settings: Settings,
        viewing: Viewing,
        filtering: Filtering,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._acts, self._settings, self._viewing, self._filtering = acts, settings, viewing, filtering
        forms = QActionGroup(self)
        for name in FORMS.values():
            forms.addAction(acts[name])
        for name in REMEMBERED:
            if settings.whole(name, 0, 0, 1):
                acts[name].trigger()
            acts[name].toggled.connect(self._on_toggled)
        viewing.numbers_changed.connect(self._on_numbers)
        filtering.measured.connect(self._on_measured)
        self._on_numbers()

    def _on_toggled(self) -> None:
        for name in REMEMBERED:
            self._settings.put(name, int(self._acts[name].isChecked()))

    def _on_numbers(self) -> None:
        self._acts[FORMS[self._viewing.form]].setChecked(True)

    def _on_measured(self) -> None:
        """The filter line has a button of its own for the tiles."""
        self._acts["filter_metrics"].setChecked(self._filtering.own_metrics)
