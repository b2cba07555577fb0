"""The names by which predictions, labels and class names are recognised in files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lossacc_gui.files.refusals import short

PROJECT = "lossacc_gui"
"""What the arrays are called that this program keeps for itself beside the predictions."""

PREDICTION_WORDS = (
    *("pred_probs", "probs", "proba", "y_prob", "y_score", "y_pred", "predictions"),
    *("pyx", "softmax", "logits", "scores", "y_proba", "y_pred_proba", "probabilities", "preds"),
)
"""Names of predictions; the first that is found is taken."""

LABEL_WORDS = (
    *("labels", "label", "y_true", "y", "target", "targets", "truth", "ground_truth"),
    *("actual", "class", "label_ids"),
)
"""Names of labels; the first that is found is taken."""

CLASS_NAME_WORDS = ("class_names", "classes")
"""Names of an array of class names."""

SAMPLE_WEIGHT_WORDS = ("sample_weight", "sample_weights")
"""Names of one weight a row, and of nothing else."""

WEIGHT_WORDS = (*SAMPLE_WEIGHT_WORDS, "weight", "weights")
"""Names of what may be one weight a row."""

PREDICTED_WORDS = (
    *("prediction", "predictions", "predicted", "pred", "y_pred", "y_hat", "yhat"),
    *("predicted_label", "predicted_class", "pred_label", "pred_class"),
)
"""Names of a column that may hold the argmax, which is computed here: left out when its cells are whole."""

INDEX_WORDS = ("id", "index", "unnamed: 0", "idx", "sample_id", "row_id", "image_id")
"""Names of a column that only counts the rows."""

CLASS_PREFIXES = (
    *(r"confidence\.(.+)", r"prob_(.+)", r"proba_(.+)", r"probability_(.+)", r"p\((.+)\)"),
    r"class_(\d+)",
)
"""What a column with one class's numbers may be called; the group is the class's name."""

LOGGED = re.compile(
    r"epoch|step|lr|learning_rate|time|(val_|train_|test_)?(loss|acc|accuracy|auc|precision|recall|f1|\w*_accuracy)"
)
"""What the columns of a training log are called."""


def last_part(name: str) -> str:
    """A name in lower case, without the groups it lies in.

    >>> last_part("val/Pred_Probs")
    'pred_probs'
    """
    return name.rsplit("/", 1)[-1].strip().lower()


def first_of(words: Iterable[str], names: Iterable[str]) -> str | None:
    """The name among ``names`` that is the earliest of ``words``, whatever its case and its group."""
    known = {last_part(name): name for name in reversed(list(names))}
    return next((known[word] for word in words if word in known), None)


def listed(names: Sequence[str]) -> str:
    """The names as a message lists them, the first eight of many."""
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(repr(short(name)) for name in names[:8]) + more


def replace_word(stem: str) -> list[str]:
    """Names of labels that would belong to predictions called ``stem``.

    >>> replace_word("mnist_pred_probs")[:2]
    ['mnist_labels', 'mnist_label']
    """
    for word in sorted(PREDICTION_WORDS, key=len, reverse=True):  # pred_probs before probs
        found = re.search(rf"(?<![^\W_]){word}(?![^\W_])", stem, re.IGNORECASE)
        if found:
            return [stem[: found.start()] + label + stem[found.end() :] for label in LABEL_WORDS]
    return []
