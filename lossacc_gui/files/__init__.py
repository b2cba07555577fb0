"""Predictions in files: one door to open, one to save, and the tuple of formats they know.

What stands behind the doors is imported when one of them is first used: a window on a lesson opens no
file, and starts a twentieth sooner without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lossacc_gui.files.disk import Stamp, stamp_of
    from lossacc_gui.files.formats import Format, Loaded
    from lossacc_gui.files.labels import open_labels
    from lossacc_gui.files.opening import Opened, open_predictions
    from lossacc_gui.files.progress import Progress, Stopped
    from lossacc_gui.files.project import Project, open_project
    from lossacc_gui.files.refusals import ChangedSince, FileRefusal
    from lossacc_gui.files.registry import FORMATS
    from lossacc_gui.files.saving import save_predictions

__all__ = [
    "FORMATS",
    "ChangedSince",
    "FileRefusal",
    "Format",
    "Loaded",
    "Opened",
    "Progress",
    "Project",
    "Stamp",
    "Stopped",
    "open_labels",
    "open_predictions",
    "open_project",
    "save_predictions",
    "stamp_of",
]

_HOMES = {
    "ChangedSince": "refusals",
    "FORMATS": "registry",
    "FileRefusal": "refusals",
    "Format": "formats",
    "Loaded": "formats",
    "Opened": "opening",
    "Progress": "progress",
    "Project": "project",
    "Stamp": "disk",
    "Stopped": "progress",
    "open_labels": "labels",
    "open_predictions": "opening",
    "open_project": "project",
    "save_predictions": "saving",
    "stamp_of": "disk",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
