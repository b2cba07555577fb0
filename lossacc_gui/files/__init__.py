"""Predictions in files: one door to open, one to save, and the tuple of formats they know.

What stands behind the doors is imported when one of them is first used: a window on a lesson opens no
file, and starts a twentieth sooner without. ``make_ready`` imports it once there is time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lossacc_gui.files.answering import Answered, open_answered
    from lossacc_gui.files.choices import Choices, Question
    from lossacc_gui.files.disk import Stamp, stamp_of
    from lossacc_gui.files.dropped import parted
    from lossacc_gui.files.formats import Format, Loaded
    from lossacc_gui.files.labels import open_labels
    from lossacc_gui.files.mapped import keep_readable, let_go, written_to
    from lossacc_gui.files.opening import Opened, open_predictions
    from lossacc_gui.files.previewing import Preview, preview, preview_labels
    from lossacc_gui.files.progress import Progress, Stopped
    from lossacc_gui.files.project import Project, open_project
    from lossacc_gui.files.refusals import ChangedSince, FileRefusal
    from lossacc_gui.files.registry import FORMATS
    from lossacc_gui.files.saving import save_predictions

__all__ = [
    "FORMATS",
    "Answered",
    "ChangedSince",
    "Choices",
    "FileRefusal",
    "Format",
    "Loaded",
    "Opened",
    "Preview",
    "Progress",
    "Project",
    "Question",
    "Stamp",
    "Stopped",
    "keep_readable",
    "let_go",
    "make_ready",
    "open_answered",
    "open_labels",
    "open_predictions",
    "open_project",
    "parted",
    "preview",
    "preview_labels",
    "save_predictions",
    "stamp_of",
    "written_to",
]

_HOMES = {
    "Answered": "answering",
    "ChangedSince": "refusals",
    "Choices": "choices",
    "FORMATS": "registry",
    "FileRefusal": "refusals",
    "Format": "formats",
    "Loaded": "formats",
    "Opened": "opening",
    "Preview": "previewing",
    "Progress": "progress",
    "Project": "project",
    "Question": "choices",
    "Stamp": "disk",
    "Stopped": "progress",
    "open_answered": "answering",
    "open_labels": "labels",
    "open_predictions": "opening",
    "open_project": "project",
    "parted": "dropped",
    "preview": "previewing",
    "preview_labels": "previewing",
    "save_predictions": "saving",
    "stamp_of": "disk",
    "keep_readable": "mapped",
    "let_go": "mapped",
    "written_to": "mapped",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def make_ready() -> None:
    """Import what stands behind the doors, so that the first file does not wait for it."""
    for home in dict.fromkeys(_HOMES.values()):
        import_module(f"{__name__}.{home}")
