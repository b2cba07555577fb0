"""The first rows of a file as they would be read by certain choices: what somebody who chooses looks at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.core.wording import counted
from lossacc_gui.files.choices import PREVIEW_ROWS, Choices
from lossacc_gui.files.labels import open_labels
from lossacc_gui.files.opening import open_predictions
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import FileRefusal

CLASSES = 8
"""So many of the first classes are shown."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first epoch's first cells; a name "…" without cells stands for more classes.

    ``says`` is how large the matrix would be, or why there is none. ``possible`` is False when the file
    would be refused; ``goes_on`` says that one more thing would have to be decided before there is
    anything to show.
    """

    says: str
    names: tuple[str, ...] = ()
    rows: tuple[tuple[float, ...], ...] = ()
    labels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    possible: bool = True
    goes_on: bool = False


def preview(path: str, labels_path: str | None, progress: Progress, choices: Choices) -> Preview:
    """What a file would be by these choices. Raises Stopped."""
    try:
        opened = open_predictions(path, labels_path, progress, choices=choices)
    except FileRefusal as refusal:
        return _refused(refusal, choices)
    return _shown(opened.predictions, opened.notes)


def preview_labels(path: str, predictions: Predictions, progress: Progress, choices: Choices) -> Preview:
    """What these predictions would be with the labels of a file. Raises Stopped."""
    try:
        labels = open_labels(path, predictions, progress, choices)
    except FileRefusal as refusal:
        return _refused(refusal, choices)
    return _shown(replace(predictions, labels=labels), ())


def _refused(refusal: FileRefusal, choices: Choices) -> Preview:
    if refusal.question is not None and choices.get(refusal.question.key) is None:
        return Preview(f"One more question follows: {refusal.question.text}", goes_on=True)
    return Preview(f"It cannot be read like this: {refusal.where}: {refusal.what}.", possible=False)


def _shown(found: Predictions, notes: tuple[str, ...]) -> Preview:
    more = found.classes > CLASSES
    cells = found.probs[0, :PREVIEW_ROWS, :CLASSES].tolist()
    labels = found.labels[:PREVIEW_ROWS].tolist()
    return Preview(
        size_of(found),
        found.class_names[:CLASSES] + (("…",) if more else ()),
        tuple(map(tuple, cells)),
        tuple("" if label == NO_LABEL else found.class_names[label] for label in labels),
        notes,
    )


def size_of(found: Predictions) -> str:
    """How many rows, classes, epochs and labels there are, in words."""
    epochs = f"{found.epochs:,} epochs of " if found.epochs > 1 else ""
    missing = int((found.labels == NO_LABEL).sum())
    labels = "every row with a label"
    if missing:
        labels = "no row with a label" if missing == found.rows else f"{missing:,} without a label"
    return f"{epochs}{counted(found.rows, 'row')} × {counted(found.classes, 'class')}, {labels}"
