"""Sentences about labels that were set."""

from __future__ import annotations

from lossacc_gui.core.explanation import Explanation, Span
from lossacc_gui.core.telling.cells import row_loss, row_loss_moved
from lossacc_gui.core.telling.metrics import Spans, accuracy, both, entropy, outcome, then
from lossacc_gui.core.telling.words import agree, same
from lossacc_gui.core.wording import brief, counted


def labels(explanation: Explanation, decimals: int) -> Spans:
    """A label given, changed or taken away, and what the row's loss and prediction are worth now."""
    if explanation.rows != 1:
        done = [
            f"{counted(count, 'label')} {agree('were', count)} {what}"
            for count, what in ((explanation.cells, "set"), (explanation.lost, "taken away"))
            if count
        ]
        return [Span(f"{' and '.join(done)}.", "strong"), *outcome(explanation, decimals)]
    was, now = explanation.before_row, explanation.after_row
    assert was is not None
    assert now is not None
    row = f"Row {explanation.row + 1}"
    if not now.label:
        head = [Span(f"{row}: the label {was.label} was taken away.", "strong")]
        return [
            *head,
            Span(" The row no longer counts: "),
            entropy(explanation, decimals),
            *then(explanation),
        ]
    p = f"{explanation.after.convention.rows.letter}({now.label}) is {brief(now.p_label)}"
    if not was.label:
        head = [Span(f"{row} was given the label {now.label}.", "strong")]
        right = "right" if now.right else f"wrong, as its prediction is {now.prediction}"
        text = f" It counts now: {p}, its loss is {row_loss(now, decimals)} and it is {right}. "
        return [*head, Span(text), *both(explanation, decimals)]
    head = [Span(f"{row}: the label changed from {was.label} to {now.label}.", "strong")]
    loss = (
        f"stayed {row_loss(now, decimals)}"
        if same(was.loss, now.loss)
        else row_loss_moved(was, now, decimals)
    )
    spans = [*head, Span(f" {p}, so the row's loss {loss} and "), entropy(explanation, decimals)]
    if was.right == now.right:
        return [*spans, *then(explanation)]
    tail = f". The prediction, {now.prediction}, is {'right' if now.right else 'wrong'} now: "
    return [*spans, Span(tail), accuracy(explanation), Span(".")]
