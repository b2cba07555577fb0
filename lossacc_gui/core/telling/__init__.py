"""An explanation's data put into one to three sentences: one teller a kind of change."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lossacc_gui.core.explanation import Explanation, Kind, Span
from lossacc_gui.core.telling.cells import cells
from lossacc_gui.core.telling.conventions import convention
from lossacc_gui.core.telling.labels import labels
from lossacc_gui.core.telling.metrics import Spans
from lossacc_gui.core.telling.whole import (
    baseline,
    class_added,
    class_deleted,
    class_renamed,
    classes_reordered,
    epoch,
    page,
    replaced,
    rows_added,
    rows_deleted,
    steps,
    together,
)

_TELLERS: dict[Kind, Callable[[Explanation, int], Spans]] = {
    Kind.CELLS: cells,
    Kind.LABELS: labels,
    Kind.ROWS_ADDED: rows_added,
    Kind.ROWS_DELETED: rows_deleted,
    Kind.CLASS_ADDED: class_added,
    Kind.CLASS_DELETED: class_deleted,
    Kind.CLASS_RENAMED: class_renamed,
    Kind.CLASSES_REORDERED: classes_reordered,
    Kind.TOGETHER: together,
    Kind.CONVENTION: convention,
    Kind.BASELINE: baseline,
    Kind.REPLACED: replaced,
    Kind.EPOCH: epoch,
    Kind.PAGE: page,
    Kind.STEPS: steps,
}


def tell(explanation: Explanation, decimals: int) -> tuple[Span, ...]:
    """The sentences about a change, in styled pieces."""
    spans: Spans = []
    if explanation.undone and explanation.kind not in (Kind.EPOCH, Kind.PAGE):
        went = "Undone" if explanation.steps < 0 else "Redone" if explanation.steps > 0 else "Undo or redo"
        spans.append(Span(f"{went}. ", "strong"))
    spans += _TELLERS[explanation.kind](explanation, decimals)
    if explanation.aside:
        spans.append(Span(f" {explanation.aside}"))
    return tuple(_stopped(spans))


def _stopped(spans: Spans) -> Iterator[Span]:
    """The same without the full stop behind a name that was cut, and ends with dots already."""
    behind = False
    for span in spans:
        text = span.text.replace("….", "…")
        if behind and text[:1] == ".":
            text = text[1:]
        behind = text.endswith("…") if text else behind
        yield Span(text, span.style)
