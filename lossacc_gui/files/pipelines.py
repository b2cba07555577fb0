"""What a Hugging Face text-classification pipeline returns: labels with scores, the best one first."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.formats import Loaded
from lossacc_gui.files.names import listed
from lossacc_gui.files.refusals import short

_ALL = "run the pipeline with top_k=None, which gives the score of every class"


def is_pipeline(found: Any) -> bool:
    """Whether this is a list of {label, score}, or a list of such lists."""
    first = found[0] if isinstance(found, list) and found else None
    if isinstance(first, list) and first:
        first = first[0]
    return isinstance(first, dict) and set(first) == {"label", "score"}


def scored(found: list[Any], unit: str) -> Loaded:
    """The scores as (rows, classes). Raises Refusal where a class has none."""
    rows = [item if isinstance(item, list) else [item] for item in found]
    scores = [_scores(row, f"{unit} {at}") for at, row in enumerate(rows, 1)]
    names = sorted({name for row in scores for name in row}, key=_order)
    notes = [f"a pipeline's scores; classes in the order {listed(names)}"]
    if len(names) == 2 and all(len(row) == 1 for row in scores):
        notes.append("the score of the class that is not named was taken to be what is left to 1")
        for row in scores:
            ((name, score),) = row.items()
            row[names[1 - names.index(name)]] = 1 - score
    for at, row in enumerate(scores, 1):
        if len(row) != len(names):
            lost = listed([name for name in names if name not in row])
            raise Refusal(f"{unit} {at}", f"no score of {lost}", _ALL)
    if len(names) < 2:
        raise Refusal("text", f"scores of one class only, {listed(names)}", _ALL)
    probs = np.array([[row[name] for name in names] for row in scores], np.float64)
    return Loaded(probs, class_names=tuple(names), notes=tuple(notes))


def _scores(row: list[Any], where: str) -> dict[str, float]:
    """The scores of one row by class."""
    found: dict[str, float] = {}
    for item in row:
        if not isinstance(item, dict) or set(item) != {"label", "score"}:
            raise Refusal(where, "it is no list of label and score", _ALL)
        name, score = str(item["label"]), item["score"]
        if not isinstance(score, int | float) or name in found:
            what = (
                f"{short(repr(score))} is no score" if name not in found else f"two scores of {short(name)!r}"
            )
            raise Refusal(where, what, _ALL)
        found[name] = float(score)
    if not found:
        raise Refusal(where, "it is empty", _ALL)
    return found


def _order(name: str) -> tuple[str, int, str]:
    """LABEL_2 before LABEL_10; other names as scikit-learn sorts them."""
    number = re.fullmatch(r"(.*?_)(\d{1,9})", name)
    return (number[1], int(number[2]), name) if number else (name, -1, name)
