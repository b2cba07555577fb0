"""Draws any curve, on the screen as on paper; nothing outside this package knows pyqtgraph."""

from lossacc_gui.ui.plots.card import Card
from lossacc_gui.ui.plots.picture import Picture
from lossacc_gui.ui.plots.view import CurveView, Phase

__all__ = ["Card", "CurveView", "Phase", "Picture"]
