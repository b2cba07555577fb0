"""Sentences about another convention."""

from __future__ import annotations

from dataclasses import replace

from lossacc_gui.core.convention import LOG_CLAMP, Convention, Reduction, Rows
from lossacc_gui.core.explanation import Explanation, Span
from lossacc_gui.core.telling.metrics import Spans, entropy, then, why_not_finite
from lossacc_gui.core.telling.words import agree, unit
from lossacc_gui.core.wording import number, rows


def convention(explanation: Explanation, decimals: int) -> Spans:
    """From which convention to which, why the number changed, and how."""
    old, new = explanation.before.convention, explanation.after.convention
    units = not old.same_unit(new)
    head = f"{titled(old, with_unit=units)} → {titled(new, with_unit=units)}."
    spans = [Span(head, "strong"), Span(f" {_why_convention(explanation)}")]
    same = explanation.before.losses == explanation.after.losses
    if (
        same
        and units
        and explanation.before.entropy is not None
        and explanation.before.entropy != explanation.after.entropy
    ):
        was, now = number(explanation.before.entropy, decimals), number(explanation.after.entropy, decimals)
        loss = Span(f"cross-entropy {was} {unit(old)} is {now} {unit(new)}", "loss")
    elif (
        same
        and explanation.before.entropy is not None
        and explanation.before.entropy == explanation.after.entropy
    ):
        loss = Span(
            f"cross-entropy did not move{why_not_finite(explanation.after, -1, ' (it is {}{})')}", "loss"
        )
    else:
        loss = entropy(explanation, decimals)
    return [*spans, loss, *then(explanation)]


def _why_convention(explanation: Explanation) -> str:
    """Why the number changed with the convention, or did not."""
    old, new = explanation.before.convention, explanation.after.convention
    clipped = (old.clip, old.clip_first) != (new.clip, new.clip_first)
    saved = explanation.before.tally.loss_inf
    if clipped and new.clips and saved and not explanation.after.tally.loss_inf:
        gives = f"{agree('give', saved)} {agree('their', saved)} label 0"
        return f"{rows(saved)} {gives}; the clip makes that a finite loss: "
    if old.rows is not new.rows:
        return _why_rows(explanation)
    if clipped:
        why = f"p(label) is {'clipped now' if new.clips else 'no longer clipped'}"
        before = replace(old, clip=new.clip, clip_first=new.clip_first)
        if before.same_rows(new):
            return f"{why}: "
        too = _why_read(before, new)
        return f"{why}, and {too[:1].lower()}{too[1:]}"
    if not old.same_rows(new):
        return _why_read(old, new)
    return _why_summed(old, new)


def _why_summed(old: Convention, new: Convention) -> str:
    """How the same losses become one number now."""
    if old.weights != new.weights:
        if new.weights is None:
            return "Every row counts alike now: "
        return "Each row's loss is multiplied by the weight of its label's class: "
    if old.divisor is not new.divisor:
        return f"The weighted losses are divided by the {new.divisor} now: "
    if old.base is not new.base:
        return "No row's loss changed, only its unit: "
    return f"The rows' losses are {'added up' if new.reduction is Reduction.SUM else 'averaged'} now: "


def _why_read(old: Convention, new: Convention) -> str:
    """What else is read off each row now."""
    if old.smoothing != new.smoothing:
        if not new.smoothing:
            return "The whole label counts again: "
        part = f"{new.smoothing:g} of each label is spread evenly over all classes"
        return f"{part}, so certainty costs something: "
    if old.temperature != new.temperature:
        cells = "Logits" if new.rows is Rows.LOGITS else "The logarithms of probabilities"
        how = "as they are" if new.temperature == 1 else f"divided by {new.temperature:.4g}"
        return f"{cells} are read {how}, which moves losses and no prediction: "
    if old.single != new.single:
        if new.single:
            return "Cells are rounded to float32 first, which can make ties: "
        return "Cells are read with all their digits: "
    return f"Confidence is compared with accuracy in {new.bins} bins; no row's loss changed: "


def _why_rows(explanation: Explanation) -> str:
    """What the cells are taken to be now, and what their sums have to do with it."""
    old, new, tally = explanation.before.convention, explanation.after.convention, explanation.after.tally
    if new.rows is Rows.LOGITS:
        return "The cells are read as logits now, so p(label) is a softmax of its row: "
    if old.rows is Rows.LOGITS:
        return "The cells are read as probabilities now: "
    if not tally.sum_off and explanation.before.losses == explanation.after.losses:
        return "Every row sums to 1, so dividing by the sum changes nothing: "
    if not tally.sum_off:
        return "Every row sums to 1 as nearly as its number type promises: "
    off = f"{tally.sum_off:,} of {rows(tally.rows + tally.unlabelled)} {agree('do', tally.sum_off)}"
    what = "dividing by the sum changes" if new.rows is Rows.NORMALISED else "leaving the sum in changes"
    return f"{off} not sum to exactly 1, so {what} the loss: "


def titled(convention: Convention, *, with_unit: bool) -> str:
    """A convention in a few words: its name, or its rows and clip; with its unit when that changed."""
    name = convention.title
    if not name:
        clip = f", clip {convention.clip:g}" if convention.clips and convention.clip > 0 else ""
        clip = ", log clamped at −100" if convention.clips and convention.clip == LOG_CLAMP else clip
        name = f"Rows {convention.rows}{clip}"
    name = ", ".join([name, *convention.extras])
    return f"{name}, {unit(convention)}" if with_unit else name
