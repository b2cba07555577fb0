"""Rows that do not sum to 1: libraries then disagree about the loss."""

from lossacc_gui.core.rules import Rule
from lossacc_gui.scenarios.scenario import Scenario

UNNORMALISED = Scenario(
    key="row-sums",
    title="Rows that do not sum to 1",
    lesson="By hand and in scikit-learn the loss is −ln p(label). Keras divides each row by its sum first, "
    "so the same edit leaves one loss alone and moves the other.",
    invitation="Choose the convention Keras, then lower B in row 2 from 0.5 to 0.3: now the loss moves too.",
    classes=("A", "B", "C"),
    rows=((0.3, 0.5, 0.1), (0.2, 0.5, 0.4), (0.3, 0.5, 0.2)),
    labels=(0, 2, 1),
    rule=Rule.ONLY,
    row=1,
    column=1,
)
