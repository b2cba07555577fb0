"""What a change did to cross-entropy and accuracy, in words."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, isinf, isnan
from sys import float_info

from lossacc_gui.core.convention import Divisor, Reduction, Rows
from lossacc_gui.core.exact import exact_ratio
from lossacc_gui.core.explanation import Explanation, Moment, Span
from lossacc_gui.core.metrics.weighting import is_weighted, loss_divisor
from lossacc_gui.core.telling.words import agree, capital, tiny, verb
from lossacc_gui.core.wording import number, rows

ROUNDING = 1e-12
"""A change smaller than this part of the losses that were touched comes from rounding."""

EPSILON = float_info.epsilon

Spans = list[Span]


def entropy(explanation: Explanation, decimals: int) -> Span:
    """What cross-entropy did. "Did not move" is said where the exact sums are equal, and only there."""
    before, after = explanation.before, explanation.after
    same = before.losses == after.losses and before.n == after.n and before.entropy == after.entropy
    if same and before.convention == after.convention:
        return Span(f"cross-entropy did not move{why_not_finite(after, -1, ' (it is {}{})')}", "loss")
    if after.entropy is None or isinf(after.entropy):
        still = "is still" if before.entropy == after.entropy else "became"
        row, broken = explanation.after_row, after.tally.loss_nan > 0
        own = row is not None and row.label != "" and (isnan(row.loss) if broken else isinf(row.loss))
        said = why_not_finite(after, explanation.row if own else -1, still + " {}{}")
        return Span(f"cross-entropy {said}", "loss")
    if before.entropy is None:
        return Span(f"cross-entropy is defined now: {number(after.entropy, decimals)}", "loss")
    if isinf(before.entropy):
        return Span(f"cross-entropy became finite: {number(after.entropy, decimals)}", "loss")
    return Span(f"cross-entropy {_moved(explanation, before.entropy, after.entropy, decimals)}", "loss")


def _moved(explanation: Explanation, was: float, now: float, decimals: int) -> str:
    """How a finite cross-entropy changed; the smallest changes come from the exact sums."""
    before, after = explanation.before, explanation.after
    weighted = is_weighted(after.tally, after.convention)
    if before.n == after.n and before.convention == after.convention and not weighted:
        total = exact_ratio(after.tally.loss - before.tally.loss)
        mean = after.convention.reduction is Reduction.MEAN
        delta = exact_ratio(after.tally.loss - before.tally.loss, after.n if mean else 1)
        delta /= after.convention.nats
        if abs(total) <= ROUNDING * max(1.0, explanation.touched_loss) and not _says_p_moved(explanation):
            return f"moved by rounding, {tiny(delta)}"
        if number(was, decimals) == number(now, decimals):
            return f"{verb(0.0, delta)} by {tiny(delta)}, to {number(now, decimals)}"
    if was == now:
        return f"is {number(now, decimals)} as before"
    if number(was, decimals) == number(now, decimals):
        return f"{verb(was, now)} by {tiny(now - was)}, to {number(now, decimals)}"
    return f"{verb(was, now)} from {number(was, decimals)} to {number(now, decimals)}"


def _says_p_moved(explanation: Explanation) -> bool:
    """Whether the probability of the one row's label is another than before, by more than rounding."""
    was, now = explanation.before_row, explanation.after_row
    if was is None or now is None or was.label != now.label:
        return False
    return abs(now.p_label - was.p_label) > 8 * EPSILON * max(abs(now.p_label), abs(was.p_label))


def why_not_finite(moment: Moment, row: int, form: str) -> str:
    """ "became infinite: row 3 gives its label 0", or nothing where cross-entropy is finite."""
    if moment.entropy is not None and isfinite(moment.entropy):
        return ""  # what is not finite has the weight 0
    return form.format(*_not_finite(moment, row))


def _not_finite(moment: Moment, row: int) -> tuple[str, str]:
    """What cross-entropy is where it is not finite, and why."""
    tally = moment.tally
    if not tally.rows:
        return "undefined", ": no row has a label"
    if not loss_divisor(tally, replace(moment.convention, divisor=Divisor.WEIGHTS)):
        return "undefined", ": every row has the weight 0"
    if tally.loss_nan:
        who = f"row {row + 1}" if tally.loss_nan == 1 and row >= 0 else rows(tally.loss_nan)
        return "undefined", f": {who} {agree('has', tally.loss_nan)} no defined loss"
    if tally.loss_inf and tally.loss_minus_inf:
        return "undefined", ": losses of ∞ and −∞ have no sum"
    if tally.loss_inf:
        count = tally.loss_inf
        who = f"row {row + 1}" if count == 1 and row >= 0 else rows(count)
        its = f"{'gives its' if count == 1 else 'give their'} label 0"
        if moment.convention.rows is Rows.NORMALISED:  # of an infinite sum, every cell is a share of 0
            its = f"{agree('give', count)} {agree('their', count)} label a share of 0"
        if moment.convention.smoothing:
            its = f"{agree('give', count)} a class 0"
        return "infinite", f": {who} {its}"
    return ("−∞" if tally.loss_minus_inf else "undefined"), ""


def accuracy(explanation: Explanation) -> Span:
    """What accuracy did, in rows."""
    before, after = explanation.before, explanation.after
    if not after.n:
        return Span("accuracy is undefined: no row has a label", "accuracy")
    if before.n != after.n:
        was = f"from {before.hits:,} of {before.n:,} " if before.n else ""
        return Span(f"accuracy went {was}to {after.hits:,} of {rows(after.n)}", "accuracy")
    if before.hits == after.hits:
        return Span(f"accuracy stayed at {after.hits:,} of {rows(after.n)}", "accuracy")
    moved = f"{verb(before.hits, after.hits)} from {before.hits:,} to {after.hits:,}"
    return Span(f"accuracy {moved} of {rows(after.n)}", "accuracy")


def both(explanation: Explanation, decimals: int) -> Spans:
    """ "Cross-entropy rose from 1 to 2, and accuracy fell from 3 to 2 of 6 rows." """
    loss = entropy(explanation, decimals)
    return [capital(loss), Span(", and "), accuracy(explanation), Span(".")]


def outcome(explanation: Explanation, decimals: int) -> Spans:
    """What came of rows whose cells or labels were set: which became right or wrong, and what both metrics did."""
    if explanation.before.n and not explanation.after.n:
        return [Span(" No row has a label any more, so both metrics are undefined.")]
    return [Span(f" {flips(explanation)}"), *both(explanation, decimals)]


def then(explanation: Explanation) -> Spans:
    """The end of a sentence: "..., and accuracy stayed at 3 of 6 rows." """
    return [Span(", and "), accuracy(explanation), Span(".")]


def flips(explanation: Explanation) -> str:
    """How many rows became right or wrong, as a sentence with a blank behind it."""
    right, wrong = explanation.became_right, explanation.became_wrong
    if right and wrong:
        return f"{rows(right)} became right, {wrong:,} became wrong. "
    if right or wrong:
        return f"{rows(right or wrong)} became {'right' if right else 'wrong'}. "
    return "No row became right or wrong. "
