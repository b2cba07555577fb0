"""Every curve: one picture a file, one line here."""

from lossacc_gui.core.curves.cell_sweep import CELL_SWEEP
from lossacc_gui.core.curves.curve import Curve
from lossacc_gui.core.curves.history import HISTORY
from lossacc_gui.core.curves.plane import PLANE
from lossacc_gui.core.curves.row_losses import ROW_LOSSES

CURVES: tuple[Curve, ...] = (CELL_SWEEP, PLANE, ROW_LOSSES, HISTORY)

__all__ = ["CURVES", "Curve"]
