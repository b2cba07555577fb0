"""Sentences about another convention."""

from __future__ import annotations

from lossacc_gui.core.convention import LOG_CLAMP, Convention, Reduction, Rows
from lossacc_gui.core.explanation import Explanation, Span
from lossacc_gui.core.telling.metrics import Spans, entropy, then, why_not_finite
from lossacc_gui.core.telling.words import agree, unit
from lossacc_gui.core.wording import number, rows


def convention(data: Explanation, decimals: int) -> Spans:
    """From which convention to which, why the number changed, and how."""
    old, new = data.before.convention, data.after.convention
    units = not old.same_unit(new)
    head = f"{titled(old, with_unit=units)} → {titled(new, with_unit=units)}."
    spans = [Span(head, "strong"), Span(f" {_why_convention(data)}")]
    same = data.before.losses == data.after.losses
    if same and units and data.before.entropy is not None and data.before.entropy != data.after.entropy:
        was, now = number(data.before.entropy, decimals), number(data.after.entropy, decimals)
        loss = Span(f"cross-entropy {was} {unit(old)} is {now} {unit(new)}", "loss")
    elif same and data.before.entropy is not None and data.before.entropy == data.after.entropy:
        loss = Span(f"cross-entropy did not move{why_not_finite(data.after, -1, ' (it is {}{})')}", "loss")
    else:
        loss = entropy(data, decimals)
    return [*spans, loss, *then(data)]


def _why_convention(data: Explanation) -> str:
    """Why the number changed with the convention, or did not."""
    old, new = data.before.convention, data.after.convention
    clipped = (old.clip, old.clip_first) != (new.clip, new.clip_first)
    saved = data.before.tally.loss_inf
    if clipped and new.clips and saved and not data.after.tally.loss_inf:
        gives = f"{agree('give', saved)} {agree('their', saved)} label 0"
        return f"{rows(saved)} {gives}; the clip makes that a finite loss: "
    if old.rows is not new.rows:
        return _why_rows(data)
    if clipped:
        return "p(label) is clipped now: " if new.clips else "p(label) is no longer clipped: "
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


def _why_rows(data: Explanation) -> str:
    """What the cells are taken to be now, and what their sums have to do with it."""
    old, new, tally = data.before.convention, data.after.convention, data.after.tally
    if new.rows is Rows.LOGITS:
        return "The cells are read as logits now, so p(label) is a softmax of its row: "
    if old.rows is Rows.LOGITS:
        return "The cells are read as probabilities now: "
    if not tally.sum_off and data.before.losses == data.after.losses:
        return "Every row sums to 1, so dividing by the sum changes nothing: "
    if not tally.sum_off:
        return "Every row sums to 1 as nearly as its number type promises: "
    off = f"{tally.sum_off:,} of {rows(tally.rows + tally.unlabelled)} {agree('do', tally.sum_off)}"
    what = "dividing by the sum changes" if new.rows is Rows.NORMALISED else "leaving the sum in changes"
    return f"{off} not sum to 1, so {what} the loss: "


def titled(convention: Convention, *, with_unit: bool) -> str:
    """A convention in a few words: its name, or its rows and clip; with its unit when that changed."""
    name = convention.title
    if not name:
        clip = f", clip {convention.clip:g}" if convention.clips and convention.clip > 0 else ""
        clip = ", log clamped at −100" if convention.clips and convention.clip == LOG_CLAMP else clip
        name = f"Rows {convention.rows}{clip}"
    name = ", ".join([name, *convention.extras])
    return f"{name}, {unit(convention)}" if with_unit else name
