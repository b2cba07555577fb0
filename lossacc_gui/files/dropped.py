"""Several files at once: which holds the predictions, and which their labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.names import LABEL_WORDS, PREDICTION_WORDS, listed
from lossacc_gui.files.packed import bare_name
from lossacc_gui.files.pieces import together


def parted(paths: Sequence[str]) -> tuple[str, str | None]:
    """The predictions among files that were dropped together, and their labels if one says that it has such.

    Parts of one matrix stand for it, and all the epochs of a folder for the folder. Raises Refusal where
    several files may each be the predictions.
    """
    if len(paths) == 1:
        return paths[0], None
    labels = [path for path in paths if _says_labels(path)]
    others = [path for path in paths if path not in labels] or list(paths)
    found = len(others) < len(paths)
    if found and len(labels) > 1:
        what = f"{listed([Path(path).name for path in labels])} may each be the labels"
        raise Refusal("dropped files", what, "drop one file of labels")
    one = others[0] if len(others) == 1 else together(list(map(Path, others)))
    if one is None:
        what = f"{listed([Path(path).name for path in others])} may each be the predictions"
        raise Refusal("dropped files", what, "drop one of them, with its labels, or a whole folder of epochs")
    return str(one), labels[0] if found else None


def _says_labels(path: str) -> bool:
    """Whether a file's name has a word for labels in it and none for predictions."""
    name = bare_name(Path(path)).lower()
    if any(_has(word, name) for word in PREDICTION_WORDS):
        return False
    return "label" in name or any(_has(word, name) for word in LABEL_WORDS)


def _has(word: str, name: str) -> bool:
    return re.search(rf"(?<![^\W_]){word}(?![^\W_])", name) is not None
