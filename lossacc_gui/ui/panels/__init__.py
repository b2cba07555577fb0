"""The panels that are more than a curve. A new one is a file beside this and a name in this tuple."""

from lossacc_gui.ui.panels.classes import CLASSES
from lossacc_gui.ui.panels.confusion import CONFUSION
from lossacc_gui.ui.panels.conventions import CONVENTIONS
from lossacc_gui.ui.panels.ledger import LEDGER
from lossacc_gui.ui.panels.metrics_table import METRICS_TABLE
from lossacc_gui.ui.panels.panel import Panel, PanelView
from lossacc_gui.ui.panels.row_bars import ROW_BARS

PANELS: tuple[Panel, ...] = (ROW_BARS, CONFUSION, CLASSES, METRICS_TABLE, LEDGER, CONVENTIONS)

__all__ = ["PANELS", "Panel", "PanelView"]
