"""Predictions in files: one door to open, one to save, and the tuple of formats they know."""

from __future__ import annotations

from lossacc_gui.files.formats import Format, Loaded
from lossacc_gui.files.labels import open_labels
from lossacc_gui.files.opening import Opened, open_predictions
from lossacc_gui.files.progress import Progress, Stopped
from lossacc_gui.files.refusals import FileRefusal
from lossacc_gui.files.registry import FORMATS
from lossacc_gui.files.saving import save_predictions

__all__ = [
    "FORMATS",
    "FileRefusal",
    "Format",
    "Loaded",
    "Opened",
    "Progress",
    "Stopped",
    "open_labels",
    "open_predictions",
    "save_predictions",
]
