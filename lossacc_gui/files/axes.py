"""Which axis of an array is what: epochs, rows, classes, or the height and width of images."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import counted
from lossacc_gui.files.choices import Ambiguous, Choices, Option, Question, chosen
from lossacc_gui.files.formats import FoundLabels, Loaded
from lossacc_gui.files.near_one import NEAR_ONE
from lossacc_gui.files.refusals import short

ORDERS = {
    2: ("rows, classes", "classes, rows"),
    3: (
        "epochs, rows, classes",
        "rows, epochs, classes",
        "epochs, classes, rows",
        "height, width, classes",
        "classes, height, width",
    ),
    4: ("images, height, width, classes", "images, classes, height, width"),
}
"""By the number of axes: what they can be, the usual order first."""

_LOOK = 16
"""Places looked at along each axis to see what sums to 1."""


def arranged(loaded: Loaded, choices: Choices) -> Loaded:
    """The predictions as (E, N, C) or (N, C), every pixel a row. Raises Refusal, Ambiguous."""
    probs = loaded.probs
    if probs.ndim not in ORDERS or (probs.ndim == 2 and probs.shape[1] == 1):
        return loaded
    order, note = _order(probs, choices)
    names = order.split(", ")
    rows = [axis for axis, name in enumerate(names) if name not in ("epochs", "classes")]
    wanted = [names.index("epochs")] if "epochs" in names else []
    wanted += [*rows, names.index("classes")]
    if loaded.mapped and wanted != sorted(wanted):
        what = f"as {order} it would have to be turned, and it is too large for that"
        raise Refusal(
            "array", what, "save it with the classes last: np.save(file, np.moveaxis(array, 1, -1))"
        )
    grid = tuple(probs.shape[axis] for axis in rows)
    turned = probs.transpose(wanted)
    shape = (*turned.shape[: -len(grid) - 1], -1, turned.shape[-1])
    notes = (*loaded.notes, note) if note else loaded.notes
    return replace(loaded, probs=turned.reshape(shape), grid=grid, notes=notes)


def _order(probs: NDArray[Any], choices: Choices) -> tuple[str, str]:
    """The order of the axes, and what is to be said about it."""
    usual, *others = ORDERS[probs.ndim]
    if (decided := chosen(choices, _question(probs))) is not None:
        return decided, f"the axes are {decided}, as chosen"
    last = sums_to_one(probs, -1)
    if probs.ndim == 4 and not last:
        if sums_to_one(probs, 1):
            return others[0], f"the axes are {others[0]}: along the second the numbers sum to 1"
        what, remedy = f"shape {short(probs.shape)}, and along no axis sums of 1", "put the classes last"
        raise Ambiguous("array", what, remedy, _question(probs))
    if probs.ndim == 3 and not last and sums_to_one(probs, 0):
        what = f"shape {short(probs.shape)}, and sums of 1 along the first axis only"
        raise Ambiguous("array", what, "put the classes last", _question(probs))
    return usual, f"pixels are rows: the axes are {usual}" if probs.ndim == 4 else ""


def _question(probs: NDArray[Any]) -> Question:
    options = tuple(Option(order, f"{order}: {_meaning(order, probs.shape)}") for order in ORDERS[probs.ndim])
    return Question("axes", f"What are the axes of {' × '.join(f'{n:,}' for n in probs.shape)}?", options)


def _meaning(order: str, shape: tuple[int, ...]) -> str:
    """How large the matrix would be."""
    sizes = dict(zip(order.split(", "), shape, strict=True))
    epochs, classes = sizes.pop("epochs", 1), sizes.pop("classes")
    rows = int(np.prod(list(sizes.values()), dtype=object))
    said = f"{counted(rows, 'row')} × {counted(classes, 'class')}"
    return f"{epochs:,} epochs of {said}" if epochs > 1 else said


def sums_to_one(probs: NDArray[Any], axis: int) -> bool:
    """Whether the numbers along an axis do, as far as a look at some of them says."""
    look = [slice(_LOOK)] * probs.ndim
    look[axis] = slice(None)
    with np.errstate(all="ignore"):
        total = probs[tuple(look)].sum(axis=axis, dtype=np.float64)
    return bool((np.abs(total - 1) < NEAR_ONE).all())


def require_fit(loaded: Loaded, probs: NDArray[Any], labels: FoundLabels) -> None:
    """Raise Ambiguous when there are not as many labels as rows, but would be with other axes."""
    count, shape = len(labels.values), probs.shape
    fitting = [
        order
        for order in ORDERS.get(len(shape), ())
        if _rows(order, shape) == (labels.values.size if labels.values.ndim == 1 else count)
    ]
    rows = loaded.probs.shape[-2] if loaded.probs.ndim > 1 else len(loaded.probs)
    if labels.values.ndim == 1 and count != rows and fitting:
        what = f"{counted(count, 'label')} for {counted(rows, 'row')}, as many as there would be with the axes {fitting[0]}"
        question = _question(probs)
        fit = tuple(option for option in question.options if option.value in fitting)
        rest = tuple(option for option in question.options if option.value not in fitting)
        question = replace(question, options=fit + rest)
        raise Ambiguous("labels", what, "put the rows first and the classes last", question)


def _rows(order: str, shape: tuple[int, ...]) -> int:
    sizes = zip(order.split(", "), shape, strict=True)
    return int(np.prod([size for name, size in sizes if name not in ("epochs", "classes")], dtype=object))


def flat(values: NDArray[Any], grid: tuple[int, ...]) -> NDArray[Any]:
    """Labels of images, (images, height, width) or one-hot with classes last, as one a pixel."""
    if len(grid) > 1 and values.shape == grid:
        return values.reshape(-1)
    if len(grid) > 1 and values.shape[:-1] == grid:
        return values.reshape(-1, values.shape[-1])
    return values
