"""Which labels belong to which predictions, where their names say more than a word, or nothing.

``train_probs`` goes with ``y_train``, ``val/pred_probs`` with ``val/labels``; ``arr_0`` with the ``arr_1`` that can be
nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.files.names import (
    CLASS_NAME_WORDS,
    INDEX_WORDS,
    LABEL_WORDS,
    PREDICTED_WORDS,
    PREDICTION_WORDS,
    WEIGHT_WORDS,
    first_of,
)

_NAMELESS = re.compile(r"arr_\d+")
"""What numpy.savez calls an array that is given no name."""

_OTHER_WORDS = (*CLASS_NAME_WORDS, *INDEX_WORDS, *WEIGHT_WORDS)


def beside_word(words: Iterable[str], name: str) -> tuple[str, ...] | None:
    """What a name says beside the longest of these words, in order; None where it has none of them.

    >>> beside_word(("y_pred", "pred_probs"), "val/predProbs"), beside_word(("y_pred",), "y_val_pred")
    (('val',), ('val',))
    """
    parts = _parts(name)
    for word in sorted(words, key=lambda word: -word.count("_")):
        rest, wanted = [], word.split("_")
        for part in parts:
            if wanted and part == wanted[0]:
                del wanted[0]
            else:
                rest.append(part)
        if not wanted:
            return tuple(rest)
    return None


def says_predictions(name: str) -> tuple[str, ...] | None:
    """What the name of predictions, or of an argmax, says beside that; None for any other."""
    return beside_word((*PREDICTION_WORDS, *PREDICTED_WORDS), name)


def says_labels(name: str) -> tuple[str, ...] | None:
    """What the name of labels says beside that; None for any other, as for y_val_pred and class_names."""
    if says_predictions(name) is not None or first_of(_OTHER_WORDS, [name]) is not None:
        return None
    return beside_word(LABEL_WORDS, name)


def named_for(predictions: str, others: Sequence[str]) -> str | None:
    """The labels whose name goes with that of the predictions: it says the same beside its word, or one of
    the two says nothing."""
    said = says_predictions(predictions) or ()
    same = [name for name in others if says_labels(name) == said]
    if same:
        return min(same, key=_rank)
    bare = first_of(LABEL_WORDS, [name for name in others if not (said and says_labels(name))])
    if bare is not None:
        return bare
    loose = [name for name in others if says_labels(name) is not None]
    return loose[0] if len(loose) == 1 and not said else None


def may_be_unnamed(name: str) -> bool:
    """Whether the name of an array says nothing at all, so that what it holds has to say it."""
    return _NAMELESS.fullmatch(name) is not None


def may_go_with(name: str, predictions: str) -> bool:
    """Whether what an array holds has to say whether it is the labels of predictions: its name does not."""
    return may_be_unnamed(name) or (says_labels(name) is not None and not says_predictions(predictions))


def can_be_labels(values: NDArray[np.generic], probs: tuple[int, ...]) -> bool:
    """Whether an array holds a class, by number or by name, for every row of predictions of this shape."""
    rows = probs[:-1] if len(probs) in (2, 4) else probs[-2:-1] if len(probs) == 3 else probs
    classes = probs[-1] if len(probs) > 1 and probs[-1] > 1 else 2
    if values.ndim == 2 and values.shape == (*rows, classes) and values.dtype.kind in "biuf":  # one-hot
        ones = values == 1
        return bool(((values == 0) | ones).all() and (ones.sum(axis=1) == 1).all())
    if values.shape not in (rows, (*rows, 1)) or not values.size:
        return False
    if values.dtype.kind in "USO":
        return len(set(values.reshape(-1).tolist())) <= classes
    if values.dtype.kind not in "biuf" or not (np.isfinite(values) & (np.trunc(values) == values)).all():
        return False
    least, most = int(values.min()), int(values.max())
    return least >= -1 and (most < classes or (most == classes and least >= 1))


def _parts(name: str) -> list[str]:
    """The words of a name in lower case: val, pred and probs of val/predProbs."""
    return re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())


def _rank(name: str) -> int:
    """How early the word of a label stands among the words there are for it."""
    return next(i for i, word in enumerate(LABEL_WORDS) if beside_word((word,), name) is not None)
