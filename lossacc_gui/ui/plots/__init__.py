"""Draws any curve; nothing outside this package knows pyqtgraph."""

from lossacc_gui.ui.plots.card import Card
from lossacc_gui.ui.plots.view import CurveView, Phase

__all__ = ["Card", "CurveView", "Phase"]
