"""Opens predictions: picks the format, reads, finds the labels, and says each choice aloud."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Source
from lossacc_gui.files.axes import arranged, require_fit
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.disk import physical_memory, stamp_of
from lossacc_gui.files.formats import Loaded
from lossacc_gui.files.label_beside_cells import with_label_column
from lossacc_gui.files.labels import labels_beside, read_labels
from lossacc_gui.files.matching import matched, unlabelled
from lossacc_gui.files.pieces import load, whole_name
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import about
from lossacc_gui.files.weighing import weighed

LEFT_OUT = "left out"
"""Every note about what a file holds and predictions do not has these words."""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """Predictions as they were found, where they came from, and what had to be said about it.

    Each of the ``notes`` begins with a word and never with a name: it may be written as a sentence, with a
    capital letter.
    """

    predictions: Predictions
    source: Source
    notes: tuple[str, ...] = ()
    image: int = 0
    """How many rows, its pixels, one image has; 0 where rows are no pixels."""


def open_predictions(
    path: str | os.PathLike[str],
    labels_path: str | os.PathLike[str] | None = None,
    progress: Progress = Progress(),  # noqa: B008 - frozen, so one for all is safe
    *,
    memory: int | None = None,
    choices: Choices = Choices(),  # noqa: B008 - frozen, so one for all is safe
) -> Opened:
    """Open the predictions in a file. Labels come from ``labels_path``, else from the file itself, else
    from a file beside it; without any the rows are shown and not counted.

    ``memory`` is the physical memory to reckon with: what needs more than a quarter of it is mapped.
    ``choices`` decide what the file itself leaves open; where they do not, the refusal has the question.
    Raises FileRefusal, naming the file it is about; Stopped when the user wants no more of it.
    """
    file = Path(path)
    room = physical_memory() if memory is None else memory
    with about(file):
        found = with_label_column(load(file, progress, room, choices))
        loaded = weighed(arranged(found, choices))
        bare = unlabelled(loaded)
    quiet = Progress(stop=progress.stop)  # labels are small: the bar stays where the predictions left it
    notes = [*loaded.notes, *bare.notes]
    if labels_path is not None:
        separate = Path(labels_path)
        labels = read_labels(separate, quiet, room)
        with about(separate):
            require_fit(loaded, found.probs, labels)
            labelled = matched(loaded, bare.probs, labels, choices)
        notes += [f"labels from {separate.name}", *labelled.notes]
        if loaded.labels is not None:
            notes.append(f"labels in the file itself ({loaded.labels_from}) were left out")
        return _opened(file, labelled, separate, loaded, notes, choices)
    if loaded.labels is not None:
        with about(file):
            require_fit(loaded, found.probs, loaded.labels)
            labelled = matched(loaded, bare.probs, loaded.labels, choices)
        notes += [f"labels from {loaded.labels_from}", *labelled.notes]
        return _opened(file, labelled, None, loaded, notes, choices)
    beside = labels_beside(whole_name(file), bare, loaded, quiet, room, choices)
    notes += beside.notes
    if beside.predictions is None:
        notes.append("no labels were found: the rows are shown and not counted")
    return _opened(file, beside.predictions or bare, beside.path, loaded, notes, choices)


def _opened(
    file: Path,
    predictions: Predictions,
    labels: Path | None,
    loaded: Loaded,
    notes: list[str],
    choices: Choices,
) -> Opened:
    predictions = replace(predictions, notes=tuple(notes))
    beside = str(labels.absolute()) if labels else ""
    path, stamp = str(file.absolute()), stamp_of(file)
    home = (path, stamp) if loaded.mapped else ("", ())
    left_out = "; ".join(note for note in notes if LEFT_OUT in note)
    source = Source(file.name, path, beside, loaded.mapped, stamp, choices.given, *home, left_out=left_out)
    image = prod(loaded.grid[-2:]) if len(loaded.grid) > 1 else 0
    return Opened(predictions, source, tuple(notes), image)
