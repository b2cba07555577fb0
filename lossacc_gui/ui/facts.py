"""The columns behind the classes: what each row means."""

from __future__ import annotations

FACTS = ("label", "prediction", "p(label)", "loss", "check", "margin")
LABEL, PREDICTION, P_LABEL, LOSS, CHECK, MARGIN = range(len(FACTS))

TEXTS = (LABEL, PREDICTION, CHECK)
"""The facts that are texts and stand left; the others are numbers."""

FACT_TIPS = (
    "The true class. Type a name or an index, or pick one; empty takes the label away.",
    "The first largest cell of the row: ✓ it is the label, ✗ it is not.",
    "The probability given to the label: all that cross-entropy sees of the row.",
    "What this row adds to the cross-entropy, under the present convention.",
    "What may need a look: ties for the largest cell, rows that do not sum to 1, cells that are no probabilities.",
    "p(label) minus the largest other cell: above 0 the row is right, below it is wrong.",
)

Z_TIP = "The logit of the label, divided by T: what cross-entropy sees of the row, beside what the softmax divides by."
"""Of logits, for ``P_LABEL``."""

P_TIP_DIVIDED = "The cell of the label; for the loss it is divided by the sum of its row."
"""Of rows that are normalised, for ``P_LABEL``."""

SORTED_FACTS = {"label": LABEL, "prediction": PREDICTION, "p_label": P_LABEL, "loss": LOSS, "margin": MARGIN}
"""The fact that shows what rows can be sorted by; the rest is shown by CHECK."""
