"""The panels that are more than a curve. A new one is a file beside this and a name in this tuple."""

from lossacc_gui.ui.panels.panel import Panel, PanelView

PANELS: tuple[Panel, ...] = ()

__all__ = ["PANELS", "Panel", "PanelView"]
