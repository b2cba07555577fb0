"""Saves predictions: beside the target, then renamed over it, so that a failure leaves the old file."""

from __future__ import annotations

import os
from pathlib import Path

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Source
from lossacc_gui.files.disk import replacing
from lossacc_gui.files.packed import ending
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import about
from lossacc_gui.files.registry import writer_of


def save_predictions(
    path: str | os.PathLike[str],
    predictions: Predictions,
    *,
    progress: Progress = Progress(),  # noqa: B008 - frozen, so one for all is safe
) -> Source:
    """Save predictions with labels and class names in the format the suffix asks for.

    The file is there whole or, after FileRefusal or Stopped, as it was before.
    """
    file = Path(path)
    with about(file, "saving it"):
        write = writer_of(file)
        with replacing(file) as beside:
            write(beside, predictions, progress, ending(file))
    return Source(file.name, str(file.absolute()))
