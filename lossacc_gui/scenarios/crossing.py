"""Rows in doubt cross the middle: accuracy rises by whole rows while the loss hardly moves."""

from lossacc_gui.core.rules import Rule
from lossacc_gui.scenarios.scenario import Scenario

CROSSING = Scenario(
    key="crossing",
    title="Accuracy rises, loss stays",
    lesson="Four of these rows are in doubt: a hair decides what is predicted. Training that nudges such rows "
    "over the middle raises validation accuracy row by row, and validation loss looks flat.",
    invitation="Raise “yes” in row 5 from 0.49 to 0.51: accuracy gains 12.5 points, the loss changes by 0.005. "
    "Rows 6 to 8 do the same.",
    classes=("no", "yes"),
    rows=(*(((0.8, 0.2),) * 2), *(((0.2, 0.8),) * 2), *(((0.51, 0.49),) * 3), (0.49, 0.51)),
    labels=(0, 0, 1, 1, 1, 1, 1, 0),
    rule=Rule.RESCALE,
    row=4,
    column=1,
)
