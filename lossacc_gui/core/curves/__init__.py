"""Every curve: one picture a file, one line here."""

from lossacc_gui.core.curves.cell_sweep import CELL_SWEEP
from lossacc_gui.core.curves.curve import Curve
from lossacc_gui.core.curves.history import HISTORY
from lossacc_gui.core.curves.margin import MARGIN
from lossacc_gui.core.curves.plane import PLANE
from lossacc_gui.core.curves.precision_recall import PRECISION_RECALL
from lossacc_gui.core.curves.reliability import RELIABILITY
from lossacc_gui.core.curves.roc import ROC
from lossacc_gui.core.curves.row_losses import ROW_LOSSES
from lossacc_gui.core.curves.surprise import SURPRISE
from lossacc_gui.core.curves.temperature import TEMPERATURE
from lossacc_gui.core.curves.threshold import THRESHOLD

CURVES: tuple[Curve, ...] = (
    CELL_SWEEP,
    PLANE,
    ROW_LOSSES,
    HISTORY,
    SURPRISE,
    MARGIN,
    TEMPERATURE,
    RELIABILITY,
    THRESHOLD,
    ROC,
    PRECISION_RECALL,
)

__all__ = ["CURVES", "Curve"]
