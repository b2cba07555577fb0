"""Labels as one more column of a matrix without names, as numpy.column_stack([probs, labels]) puts them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.files.formats import FoundLabels, Loaded
from lossacc_gui.files.near_one import NEAR_ONE

_LOOK = 100
"""Rows looked at first: nearly always they show that there is no such column."""


def with_label_column(loaded: Loaded) -> Loaded:
    """What was found, with the last column as labels where it can be nothing else: it alone is whole in every row,
    and the others sum to 1 without it. Cost: a few rows, or a copy where there is one."""
    probs = loaded.probs
    plain = loaded.labels is None and loaded.class_names is None and not loaded.mapped
    if not plain or probs.ndim != 2 or probs.shape[1] < 3 or probs.dtype.kind != "f":
        return loaded
    if not _ends_in_labels(probs[:_LOOK]) or not _ends_in_labels(probs):
        return loaded
    note = "the last column was taken for the labels: it is whole, and the others sum to 1 without it"
    return replace(
        loaded,
        probs=np.ascontiguousarray(probs[:, :-1]),
        labels=FoundLabels(probs[:, -1].copy()),
        labels_from="the last column",
        notes=(*loaded.notes, note),
    )


def _ends_in_labels(probs: NDArray[Any]) -> bool:
    """Whether the last column can only be labels in all of these rows."""
    cells, last = probs[:, :-1], probs[:, -1].astype(np.float64)
    if not ((last == np.trunc(last)) & (last >= -1) & (last <= cells.shape[1])).all():
        return False
    if (cells == np.trunc(cells)).all():
        return False  # all of it is whole, and so is a class
    with np.errstate(all="ignore"):
        sums = cells.sum(axis=1, dtype=np.float64)
    return bool((abs(sums - 1) < NEAR_ONE).all() and (abs(sums + last - 1) >= NEAR_ONE).any())
