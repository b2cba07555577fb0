"""Saves predictions: beside the target, then renamed over it, so that a failure leaves the old file."""

from __future__ import annotations

import os
from pathlib import Path

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Source
from lossacc_gui.files.disk import Stamp, replacing, stamp_within
from lossacc_gui.files.packed import ending
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.project import Project, holds_project, put_project
from lossacc_gui.files.refusals import about
from lossacc_gui.files.registry import writer_of


def save_predictions(
    path: str | os.PathLike[str],
    predictions: Predictions,
    *,
    project: Project | None = None,
    expected: Stamp = (),
    progress: Progress = Progress(),  # noqa: B008 - frozen, so one for all is safe
) -> Source:
    """Save predictions with labels and class names in the format the suffix asks for.

    A format that can hold it keeps the ``project``, too. ``expected`` is the stamp of the file that may be
    replaced, where only that one may; another raises ChangedSince. The file is there whole or, after
    FileRefusal or Stopped, as it was before.
    """
    file = Path(path)
    with about(file, "saving it"):
        write = writer_of(file)
        with replacing(file, expected) as beside:
            write(beside, predictions, progress, ending(file))
            if project is not None and holds_project(file):
                put_project(beside, project)
            stamp = stamp_within(beside)
    return Source(file.name, str(file.absolute()), stamp=stamp)
